import { CpuContext, KTHREAD_EXIT, SLEEPING, Scheduling, TaskMode, TaskState, TaskStruct } from "../include/sched";
import { Errno } from "../include/errno";
import { NR_SYSCALLS } from "./syscall_table";
import { FaultFlags, VmFaultReason } from "../include/mm_struct";
import { Tp, charge, enter, leave, trace } from "../include/trace";
import { access_error, handle_mm_fault } from "../mm/memory";
import { vma_lookup } from "../mm/vma";
import { account_mode_switch } from "../include/account";
import {
  account_time,
  context_switch,
  current,
  dequeue_task,
  leave_cpu,
  pick_cpu,
  pick_next_task,
  preempt,
  sched,
  slice_is_over,
} from "../kernel/sched";
import { finish_wait } from "../kernel/wait";
import { host_timer_pending, host_timer_take } from "./host";
import { hrtimer_cancel, next_event, run_timers } from "../kernel/time";
import { Delivery, do_signal } from "../kernel/signal_deliver";
import { find_task, free_task } from "../kernel/fork";
import { do_user_addr_fault } from "../kernel/fault";
import { do_softirq } from "../kernel/softirq";
import { kernel } from "../include/kernel";
import { task_work_run } from "../kernel/task_work";
import { kthread, kthread_exit } from "../kernel/kthread";
import { KTIME_MAX } from "../include/time";
import { can_go_on, next_turn } from "../kernel/turns";

/** What run() answers when the host has asked to have the word now. */
export const HOST: i32 = -1;
/** What run() answers when the host has to choose which task goes on. */
export const CHOICE: i32 = -1000;

/**
 * Lets the machine run until a program has the word, or nothing can run without time passing.
 *
 * @returns  the number of the task that is in user mode and goes on next; 0: nothing can run; HOST: a timer of the
 *           host went off; CHOICE: several tasks could go on, and the host says which.
 */
export function run(): i32 {
  while (true) {
    let cpu = pick_cpu();
    if (cpu) {
      kernel.cpu = cpu;
      if (next_event() <= cpu.clock) run_timers();
    }
    if (host_timer_pending()) {
      host_timer_take();
      return HOST;
    }
    if (!cpu) return 0;
    if (!cpu.curr) {
      if (by_turns()) return run_turns();
      context_switch(cpu, pick_next_task());
    }
    let task = cpu.curr!;
    let pid = task.pid;
    let adopted = task.adopted;
    if (task.mode == TaskMode.KERNEL) {
      if (task.kthread && by_turns()) return run_turns();
      go_on(task);
      if (adopted && is_outside(pid)) return <i32>pid;
    } else if (task.sigpending || adopted) {
      interrupt(task);
      if (adopted && is_outside(pid)) return <i32>pid;
    } else if (cpu.need_resched || slice_is_over()) {
      if (by_turns()) return run_turns();
      preempt();
    } else {
      return <i32>task.pid;
    }
  }
}

/** True if the order is by seed or by hand. Asked only where the queue would have a say, which is not at every call. */
function by_turns(): bool {
  return sched().scheduling != Scheduling.FIFO;
}

/** As run(), in the order of the seed or of the host's choices. */
function run_turns(): i32 {
  while (true) {
    let cpu = pick_cpu();
    if (cpu) {
      kernel.cpu = cpu;
      if (next_event() <= cpu.clock) run_timers();
    }
    if (host_timer_pending()) {
      host_timer_take();
      return HOST;
    }
    if (!cpu) return 0;
    if (!next_turn()) return CHOICE;
    // The CPU may be further ahead than the one above.
    if (next_event() <= kernel.cpu.clock) run_timers();
    let task = current();
    let pid = task.pid;
    let adopted = task.adopted;
    if (task.mode == TaskMode.KERNEL) go_on(task);
    else if (task.sigpending || adopted) interrupt(task);
    else return <i32>pid;
    if (adopted && is_outside(pid)) return <i32>pid;
  }
}

/** True if the task with that number lives and is in its program. */
export function is_outside(pid: u32): bool {
  let task = find_task(pid);
  return task !== null && task.mode == TaskMode.USER;
}

/** A task in the kernel goes on: with its call, or with its signals, if it was stopped. */
function go_on(task: TaskStruct): void {
  if (task.kthread) {
    go_on_thread(task);
    return;
  }
  let again: bool;
  if (task.leaving) again = exit_to_user_mode_loop(task);
  else {
    task.restarting = 1;
    again = serve(task);
  }
  if (again) do_syscall(task);
}

/** A kernel thread has the CPU: its function is called once. Between two calls it may have to make room for others. */
function go_on_thread(task: TaskStruct): void {
  task.yielded = 0;
  let result = kthread(task);
  do_softirq();
  if (result == KTHREAD_EXIT) {
    kthread_exit(task);
    fall_asleep(task);
  } else if (result == SLEEPING && task.state != TaskState.RUNNING) {
    fall_asleep(task);
  } else if (by_turns()) {
    task.yielded = 1;
    if (sched().nr_running) preempt();
  } else if (kernel.cpu.need_resched || slice_is_over()) {
    preempt();
  }
}

/** The task that runs comes from its program into the kernel. @kernel enter_from_user_mode(), kernel/entry/common.c */
function enter_from_user_mode(task: TaskStruct): void {
  account_time(task);
  task.mode = TaskMode.KERNEL;
  kernel.cpu.context = CpuContext.SYSCALL;
  account_mode_switch(task);
}

/** A task in its program looks at its signals before it goes on. */
export function interrupt(task: TaskStruct): void {
  enter_from_user_mode(task);
  if (exit_to_user_mode_loop(task)) do_syscall(task);
}

/** An adopted task makes a call; a signal that it has not seen yet comes before it. */
export function submit_call(task: TaskStruct): void {
  if (!task.sigpending) {
    do_syscall(task);
    return;
  }
  task.redo = 1;
  interrupt(task);
}

/**
 * The task that runs enters the kernel with the system call that is in its registers, and does so again if a signal has
 * cut the call short and wants that.
 *
 * @kernel do_syscall_64(), arch/x86/entry/syscall_64.c
 */
export function do_syscall(task: TaskStruct): void {
  do {
    enter_from_user_mode(task);
    begin_call(task);
  } while (serve(task));
}

/** The task that runs has come with a system call: nothing is left of the one that it made before. */
function begin_call(task: TaskStruct): void {
  kernel.counters.syscalls++;
  task.counters.syscalls++;
  trace(task.redo ? Tp.syscall_restart : Tp.sys_enter, <usize>task.orig_ax, <usize>task.di, <usize>task.si);
  task.restart_block = task.redo >> 1;
  task.redo = 0;
  task.restarting = 0;
  task.timed_out = 0;
  task.done = 0;
  task.kept = 0;
  task.reserved = -1;
  task.woken = 0;
}

/**
 * The program of the task that runs has loaded from, or stored to, a page that is not there: a page fault. Once it has
 * been served, the program does it again.
 *
 * @kernel asm_exc_page_fault(), arch/x86/entry/entry_64.S
 */
export function page_fault(task: TaskStruct, address: u64, write: bool): void {
  enter_from_user_mode(task);
  task.orig_ax = -1;
  task.restarting = 0;
  task.trap = write ? 2 : 1;
  task.cr2 = address;
  serve(task);
}

/**
 * The library of the task that runs makes a system call in the middle of a function of its own: one that does not sleep.
 * Signals wait until that function has ended.
 *
 * @returns  the kernel's answer.
 */
export function library_syscall(task: TaskStruct): i64 {
  enter_from_user_mode(task);
  begin_call(task);
  let depth = kernel.cpu.depth; // the library's functions lie below
  let result = invoke(task);
  assert(kernel.cpu.depth == depth, "a kernel function did not say that it ended");
  assert(result != SLEEPING, "a library's system call sleeps");
  task.ax = result;
  trace(Tp.sys_exit, <usize>task.orig_ax, <usize>result, 0);
  exit_to_user_mode(task);
  return result;
}

/**
 * The library of the task that runs finds a page that is not there. The CPU waits for it, whatever it comes from.
 *
 * @returns  whether it is there now; otherwise the program is to meet it again, with page_fault().
 */
export function library_fault(task: TaskStruct, address: u64, write: bool): bool {
  let vma = vma_lookup(task.mm, address);
  let flags: u32 = FaultFlags.USER | (write ? FaultFlags.WRITE : 0);
  if (!vma || access_error(vma, flags)) return false;
  enter_from_user_mode(task);
  enter(Tp.exc_page_fault, changetype<usize>(task), <usize>(address >> 12), write ? 1 : 0);
  let reason = handle_mm_fault(vma, address, flags);
  leave(0);
  exit_to_user_mode(task);
  return !(reason & VmFaultReason.ERROR);
}

/**
 * Does what the task that runs has come for, and does it again after a sleep, until there is a result or it sleeps.
 *
 * @returns  true if the task is to enter the kernel with its call once more.
 */
function serve(task: TaskStruct): bool {
  let result = SLEEPING;
  while (true) {
    if (task.restarting) {
      finish_wait();
      hrtimer_cancel(task.timer);
    }
    if (!task.task_works.empty) task_work_run();
    result = invoke(task);
    assert(kernel.cpu.depth == 0, "a kernel function did not say that it ended");
    do_softirq();
    if (result != SLEEPING || task.state != TaskState.RUNNING) break;
    // Woken between getting ready to sleep and sleeping: it does not sleep at all.
    task.restarting = 1;
    task.woken = 0;
  }
  if (result != SLEEPING) return return_to_user(task, result);
  fall_asleep(task);
  return false;
}

/** Calls the function that serves the number in orig_ax, or the page fault. */
function invoke(task: TaskStruct): i64 {
  let nr = <u64>task.orig_ax;
  if (nr >= NR_SYSCALLS) return task.trap ? do_user_addr_fault(task) : -Errno.ENOSYS;
  let func = load<u32>(kernel.sys_call_table + ((<usize>nr) << 2));
  if (!func) return -Errno.ENOSYS;
  return call_indirect<i64>(func);
}

/** The task that runs gives up the CPU: it sleeps, is stopped, or has ended. */
function fall_asleep(task: TaskStruct): void {
  if (task.woken) {
    task.woken = 0;
    kernel.counters.wakeups_in_vain++;
    task.counters.wakeups_in_vain++;
  }
  leave_cpu();
  if (task.state == TaskState.DEAD) free_task(task);
}

/**
 * What the task that runs has come for is done: it goes back to its program, past its signals.
 *
 * @returns  true if the task is to make its call again.
 */
function return_to_user(task: TaskStruct, result: i64): bool {
  task.woken = 0;
  if (task.trap) task.trap = 0;
  else {
    task.ax = result;
    trace(Tp.sys_exit, <usize>task.orig_ax, <usize>result, 0);
  }
  if (!task.task_works.empty) {
    task_work_run();
    do_softirq();
  }
  if (task.sigpending) return exit_to_user_mode_loop(task);
  exit_to_user_mode(task);
  return false;
}

/**
 * The task that runs acts on its signals; then it goes on in its program, or in a handler.
 *
 * @returns  true if it is to make its call again instead.
 * @kernel exit_to_user_mode_loop(), kernel/entry/common.c
 */
function exit_to_user_mode_loop(task: TaskStruct): bool {
  task.leaving = 1;
  do {
    if (do_signal(task) == Delivery.GONE) {
      // The files of a task that ends may have raised some.
      do_softirq();
      fall_asleep(task);
      return false;
    }
  } while (task.sigpending);
  task.leaving = 0;
  if (task.redo) account_mode_switch(task);
  else exit_to_user_mode(task);
  return task.redo != 0;
}

/** The task that runs is in its program again. @kernel exit_to_user_mode(), kernel/entry/common.c */
function exit_to_user_mode(task: TaskStruct): void {
  kernel.result = <f64>task.ax;
  account_mode_switch(task);
  account_time(task);
  task.mode = TaskMode.USER;
  kernel.cpu.context = CpuContext.USER;
  // An adopted task runs outside: it takes no time here and holds no CPU.
  if (task.adopted) leave_cpu();
}

/** An adopted task that is outside in user mode comes in, on the CPU that runs; a task on it makes room. */
export function bring_in(task: TaskStruct): void {
  if (kernel.cpu.curr) preempt();
  if (task.on_rq) dequeue_task(task);
  context_switch(kernel.cpu, task);
}

/** The host says who goes on. @returns whether the task can. */
export function choose(task: TaskStruct | null): bool {
  if (!task || !can_go_on(task)) return false;
  sched().chosen = task;
  return true;
}

/** The program that has the word computes. Unit: ns. */
export function compute(duration: u64): void {
  charge(duration);
}

/**
 * Time passes up to the next due event, and the event happens.
 *
 * @returns  1, or 0 if nothing is due ever.
 */
export function elapse(): i32 {
  let at = next_event();
  if (at == KTIME_MAX) return 0;
  let cpu = kernel.cpu;
  if (at > cpu.clock) {
    if (!cpu.curr) cpu.idle_time += at - cpu.clock;
    cpu.clock = at;
  }
  run_timers();
  return 1;
}
