import { CALL_STACK, Cpu, CpuContext, SLEEPING, Scheduling, TaskMode, TaskState, TaskStruct } from "../include/sched";
import { CPUS_BASE, CPU_STRIDE, kernel } from "../include/kernel";
import { Errno } from "../include/errno";
import { KTIME_MAX } from "../include/time";
import { ListHead } from "../include/list";
import { Tp, charge, enter, leave, trace } from "../include/trace";
import { XArray } from "../include/xarray_types";
import { kzalloc } from "../mm/slab";
import { KmemCache } from "../include/mm_types";
import { finish_wait } from "./wait";
import { hrtimer_cancel, hrtimer_start } from "./time";

/** All tasks, and those that wait for a CPU. */
@unmanaged
export class SchedState {
  // struct list_head tasks
  tasks_next: ListHead;
  tasks_prev: ListHead;
  // struct list_head queue
  queue_next: ListHead;
  queue_prev: ListHead;
  /** Number of tasks in the run queue. */
  nr_running: u32;
  /** Number that the last task was given. */
  last_pid: u32;
  /** Tasks by number. */
  pids: XArray;
  /** Cache of struct task_struct. */
  task_cachep: KmemCache;
  /** Scheduling: who says which task goes on. */
  scheduling: u32;
  /** Number of the CPU that had the last turn; of use while the order is by seed or by hand. */
  turn_cpu: u32;
  /** When the last turn began. Unit: ns since boot. */
  turn_began: u64;
  /** The task that the host has chosen to go on; null: it has not chosen. */
  chosen: TaskStruct | null;
  /** Number of kernel threads. */
  nr_kthreads: u32;

  /** All tasks: TaskStruct.tasks of each, in order of birth. */
  @embed @inline get tasks(): ListHead {
    return changetype<ListHead>(changetype<usize>(this) + offsetof<SchedState>("tasks_next"));
  }
  /** Tasks that wait for a CPU: TaskStruct.run_list of each; the first one runs next. */
  @embed @inline get queue(): ListHead {
    return changetype<ListHead>(changetype<usize>(this) + offsetof<SchedState>("queue_next"));
  }
}

/** The scheduler's state. */
export function sched(): SchedState {
  return changetype<SchedState>(kernel.sched);
}

/** Sets the CPUs up, all idle. @kernel sched_init(), kernel/sched/core.c */
export function sched_init(nr_cpus: u32, scheduling: Scheduling): void {
  kernel.sched = kzalloc(offsetof<SchedState>());
  sched().tasks.init();
  sched().queue.init();
  sched().scheduling = scheduling;
  kernel.nr_cpus = nr_cpus;
  for (let id: u32 = 0; id < nr_cpus; id++) cpu_of(id).id = id;
  kernel.cpu = cpu_of(0);
}

/** A CPU by its number. */
export function cpu_of(id: u32): Cpu {
  return changetype<Cpu>(CPUS_BASE + <usize>id * CPU_STRIDE);
}

/** The task that runs. There must be one. @kernel current, arch/x86/include/asm/current.h */
export function current(): TaskStruct {
  return kernel.cpu.curr!;
}

/** Puts a task at the end of the run queue. @kernel enqueue_task(), kernel/sched/core.c */
export function enqueue_task(task: TaskStruct): void {
  task.on_rq = 1;
  task.ready_at = max(task.ready_at, kernel.cpu.clock);
  sched().queue.add_tail(task.run_list);
  sched().nr_running++;
}

/** Takes a task out of the run queue. @kernel dequeue_task(), kernel/sched/core.c */
export function dequeue_task(task: TaskStruct): void {
  task.on_rq = 0;
  task.run_list.del_init();
  sched().nr_running--;
}

/**
 * Makes a sleeping task runnable.
 *
 * @param mode  TaskState bits: the kinds of sleep from which to wake it.
 * @returns     1 if it slept so, 0 if not.
 * @kernel try_to_wake_up(), kernel/sched/core.c
 */
export function try_to_wake_up(task: TaskStruct, mode: u32): i32 {
  if (!(task.state & mode)) return 0;
  enter(Tp.try_to_wake_up, changetype<usize>(task), 0, 0);
  charge(kernel.costs.wakeup);
  task.state = TaskState.RUNNING;
  task.woken = 1;
  kernel.counters.wakeups++;
  task.counters.wakeups++;
  if (cpu_of(task.cpu).curr !== task) enqueue_task(task);
  return leave(1);
}

/** Wakes a task, however it sleeps. @returns 1 if it slept. @kernel wake_up_process(), kernel/sched/core.c */
export function wake_up_process(task: TaskStruct): i32 {
  return try_to_wake_up(task, TaskState.INTERRUPTIBLE | TaskState.UNINTERRUPTIBLE);
}

/** True if a signal waits for a task. @kernel signal_pending(), include/linux/sched/signal.h */
export function signal_pending(task: TaskStruct): bool {
  return task.sigpending != 0;
}

/** True if a signal waits for a task that would sleep so that it can be woken by one. @kernel linux/sched/signal.h */
function signal_pending_state(task: TaskStruct): bool {
  return task.sigpending != 0 && task.state == TaskState.INTERRUPTIBLE;
}

/** The function that the CPU is in: an event of Tp; 0 if it is in none. @kernel get_wchan(), kernel/sched/core.c */
function wchan(): u32 {
  let cpu = kernel.cpu;
  let depth = min(cpu.depth, CALL_STACK);
  if (!depth) return 0;
  return load<u16>(changetype<usize>(cpu) + offsetof<Cpu>() + ((<usize>(depth - 1)) << 1));
}

/**
 * The task that runs has nothing to do. Its system call returns this value up to the entry code, which gives the CPU
 * to another task, and makes the same call again once the task has been woken.
 *
 * @returns  SLEEPING; -ERESTARTSYS if a signal keeps the task from sleeping.
 * @kernel schedule(), kernel/sched/core.c
 */
export function schedule(): i64 {
  let task = current();
  enter(Tp.schedule, changetype<usize>(task), wchan(), changetype<usize>(task.wait_head));
  if (!signal_pending_state(task)) return leave(SLEEPING);
  // The call is over: whoever owns the queue may go, as soon as the call has given up its references.
  finish_wait();
  hrtimer_cancel(task.timer);
  return leave<i64>(-Errno.ERESTARTSYS);
}

/**
 * As schedule(), with an alarm.
 *
 * @param expires  ns since boot; KTIME_MAX: never.
 * @returns        SLEEPING; -EINTR if a signal keeps the task from sleeping.
 * @kernel schedule_hrtimeout(), kernel/time/sleep_timeout.c
 */
export function schedule_hrtimeout(expires: u64): i64 {
  if (expires < KTIME_MAX && !signal_pending_state(current())) hrtimer_start(current().timer, expires);
  return schedule() == SLEEPING ? SLEEPING : -Errno.EINTR;
}

/** The alarm of a sleeper goes off. @kernel hrtimer_wakeup(), kernel/time/hrtimer.c */
export function hrtimer_wakeup(timer: usize): void {
  let task = changetype<TaskStruct>(timer - offsetof<TaskStruct>("timer_node_parent_color"));
  enter(Tp.hrtimer_wakeup, timer, changetype<usize>(task), 0);
  task.timed_out = 1;
  wake_up_process(task);
  leave(0);
}

/** Counts the time that passed since the task was last looked at. */
export function account_time(task: TaskStruct): void {
  let now = kernel.cpu.clock;
  let passed = now - task.accounted;
  if (task.mode == TaskMode.USER) task.utime += passed;
  else task.stime += passed;
  task.accounted = now;
}

/** The CPU that runs goes on with a task. @kernel context_switch(), kernel/sched/core.c */
export function context_switch(cpu: Cpu, next: TaskStruct): void {
  let start = max(cpu.clock, next.ready_at);
  cpu.idle_time += start - cpu.clock;
  cpu.clock = start;
  cpu.curr = next;
  cpu.need_resched = 0;
  next.cpu = cpu.id;
  if (cpu.last !== next) {
    kernel.counters.context_switches++;
    next.counters.context_switches++;
    charge(kernel.costs.context_switch);
  }
  next.exec_start = cpu.clock;
  next.accounted = cpu.clock;
  trace(Tp.sched_switch, changetype<usize>(cpu.last), changetype<usize>(next), 0);
  cpu.last = next;
  cpu.context = next.mode == TaskMode.USER ? CpuContext.USER : next.kthread ? CpuContext.KTHREAD : CpuContext.SYSCALL;
}

/** The CPU that runs has no task any more. */
export function leave_cpu(): void {
  let cpu = kernel.cpu;
  account_time(cpu.curr!);
  cpu.curr = null;
  cpu.context = CpuContext.IDLE;
}

/** True if the task that runs has run for long enough while others wait. */
export function slice_is_over(): bool {
  return sched().nr_running > 0 && kernel.cpu.clock - current().exec_start >= kernel.costs.time_slice;
}

/** The task that runs lets the others go first. */
export function preempt(): void {
  let task = current();
  leave_cpu();
  enqueue_task(task);
}

/** When a CPU could go on with something; KTIME_MAX: not before something happens. Unit: ns since boot. */
function can_run_at(cpu: Cpu): u64 {
  if (cpu.curr) return cpu.clock;
  if (!sched().nr_running) return KTIME_MAX;
  return max(cpu.clock, TaskStruct.of_run_list(sched().queue.next).ready_at);
}

/** The CPU that is furthest behind and has something to do; null if none has. */
export function pick_cpu(): Cpu | null {
  let best: Cpu | null = null;
  let earliest = KTIME_MAX;
  for (let id: u32 = 0; id < kernel.nr_cpus; id++) {
    let cpu = cpu_of(id);
    let at = can_run_at(cpu);
    if (at < earliest) {
      earliest = at;
      best = cpu;
    }
  }
  return best;
}

/** The task that is to run next on an idle CPU, taken from the run queue. @kernel pick_next_task() */
export function pick_next_task(): TaskStruct {
  let task = TaskStruct.of_run_list(sched().queue.next);
  dequeue_task(task);
  return task;
}
