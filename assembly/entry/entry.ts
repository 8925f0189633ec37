import { CpuContext, SLEEPING, Scheduling, TaskMode, TaskState, TaskStruct } from "../include/sched";
import { Errno } from "../include/errno";
import { NR_SYSCALLS } from "./syscall_table";
import { Tp, charge, trace } from "../include/trace";
import { account_mode_switch } from "../include/account";
import {
  account_time,
  context_switch,
  current,
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
import { restore_saved_sigmask } from "../kernel/signal";
import { do_softirq } from "../kernel/softirq";
import { kernel } from "../include/kernel";
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
    if (task.mode == TaskMode.KERNEL) {
      task.restarting = 1;
      call(task);
      if (task.adopted && is_in_user_mode(task)) return <i32>task.pid;
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
    if (task.mode == TaskMode.USER) return <i32>task.pid;
    task.restarting = 1;
    call(task);
    if (task.adopted && is_in_user_mode(task)) return <i32>task.pid;
  }
}

/** True if the task is in its program. */
function is_in_user_mode(task: TaskStruct): bool {
  return task.mode == TaskMode.USER;
}

/**
 * The task that runs enters the kernel with the system call that is in its registers.
 *
 * @kernel do_syscall_64(), arch/x86/entry/syscall_64.c
 */
export function do_syscall(task: TaskStruct): void {
  account_time(task);
  task.mode = TaskMode.KERNEL;
  kernel.cpu.context = CpuContext.SYSCALL;
  kernel.counters.syscalls++;
  task.counters.syscalls++;
  account_mode_switch();
  trace(Tp.sys_enter, <usize>task.orig_ax, <usize>task.di, <usize>task.si);
  task.restarting = 0;
  task.timed_out = 0;
  task.done = 0;
  task.reserved = -1;
  task.woken = 0;
  call(task);
}

/** Makes the system call, or makes it again after a sleep, until it has a result or sleeps. */
function call(task: TaskStruct): void {
  let result = SLEEPING;
  while (true) {
    if (task.restarting) {
      finish_wait();
      hrtimer_cancel(task.timer);
    }
    result = invoke(task);
    do_softirq();
    if (result != SLEEPING || task.state != TaskState.RUNNING) break;
    // Woken between getting ready to sleep and sleeping: it does not sleep at all.
    task.restarting = 1;
    task.woken = 0;
  }
  if (result == SLEEPING) fall_asleep(task);
  else return_to_user(task, result);
}

/** Calls the function that serves the number in orig_ax. */
function invoke(task: TaskStruct): i64 {
  let nr = <u64>task.orig_ax;
  if (nr >= NR_SYSCALLS) return -Errno.ENOSYS;
  let func = load<u32>(kernel.sys_call_table + ((<usize>nr) << 2));
  if (!func) return -Errno.ENOSYS;
  let result = call_indirect<i64>(func);
  assert(kernel.cpu.depth == 0, "a kernel function did not say that it ended");
  return result;
}

/** The task that runs gives up the CPU: it sleeps, or it has ended. */
function fall_asleep(task: TaskStruct): void {
  if (task.woken) {
    task.woken = 0;
    kernel.counters.wakeups_in_vain++;
    task.counters.wakeups_in_vain++;
  }
  leave_cpu();
}

/** The task that runs goes back to its program. */
function return_to_user(task: TaskStruct, result: i64): void {
  task.pending_signal = 0;
  restore_saved_sigmask();
  if (result <= -Errno.ERESTARTSYS) result = -Errno.EINTR;
  task.ax = result;
  task.woken = 0;
  kernel.result = <f64>result;
  trace(Tp.sys_exit, <usize>task.orig_ax, <usize>result, 0);
  account_mode_switch();
  account_time(task);
  task.mode = TaskMode.USER;
  kernel.cpu.context = CpuContext.USER;
  // An adopted task runs outside: it takes no time here and holds no CPU.
  if (task.adopted) leave_cpu();
}

/** An adopted task that is outside in user mode comes in, on the CPU that runs; a task on it makes room. */
export function bring_in(task: TaskStruct): void {
  if (kernel.cpu.curr) preempt();
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
