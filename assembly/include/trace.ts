import { CALL_STACK, Cpu } from "./sched";
import { TRACE_BASE, TRACE_RECORDS, kernel, monitor } from "./kernel";

/**
 * Everything that leaves a trace: kernel functions, by Linux's names, and single happenings inside them. `@args` says
 * what the three numbers of a record are.
 */
export enum Tp {
  /** Nothing. */
  none = 0,

  // entry: system calls
  /**
   * A task enters the kernel with a system call.
   * @args nr: syscall, arg0: number, arg1: number
   */
  sys_enter,
  /**
   * A task goes back to its program with the result.
   * @args nr: syscall, result: number
   */
  sys_exit,

  // kernel: tasks, waiting, time
  /**
   * A CPU goes on with another task.
   * @args prev: TaskStruct, next: TaskStruct
   */
  sched_switch,
  /**
   * A sleeping task is made runnable.
   * @args task: TaskStruct
   */
  try_to_wake_up,
  /**
   * A new task is made.
   * @args task: TaskStruct, flags: number
   */
  copy_process,
  /**
   * A task ends.
   * @args task: TaskStruct, code: number
   */
  do_exit,
  /**
   * A task puts itself on a wait queue, before it goes to sleep.
   * @args head: WaitQueueHead, entry: WaitQueueEntry
   */
  prepare_to_wait,
  /**
   * A task puts itself at the end of a wait queue as an exclusive waiter, before it goes to sleep.
   * @args head: WaitQueueHead, entry: WaitQueueEntry
   */
  prepare_to_wait_exclusive,
  /**
   * A task takes itself off a wait queue.
   * @args head: WaitQueueHead, entry: WaitQueueEntry
   */
  finish_wait,
  /**
   * The task has nothing to do and gives up the CPU.
   * @args task: TaskStruct
   */
  schedule,
  /**
   * The waiters of a wait queue are called, from its head.
   * @args head: WaitQueueHead, key: poll
   */
  __wake_up_common,
  /**
   * A waiter's function wakes its task.
   * @args entry: WaitQueueEntry, task: TaskStruct
   */
  default_wake_function,
  /**
   * A waiter's function wakes its task and takes the waiter off the queue.
   * @args entry: WaitQueueEntry, task: TaskStruct
   */
  autoremove_wake_function,
  /**
   * A timer is due.
   * @args timer: Hrtimer
   */
  hrtimer_interrupt,

  /**
   * The alarm of a sleeping task goes off.
   * @args timer: Hrtimer, task: TaskStruct
   */
  hrtimer_wakeup,
  /**
   * A task wants to sleep for a time.
   * @args nanoseconds: number
   */
  hrtimer_nanosleep,
  /**
   * A task lets the others go first.
   * @args task: TaskStruct
   */
  do_sched_yield,
  /**
   * The soft interrupts that are waiting are run.
   * @args pending: number
   */
  __do_softirq,

  // mm
  /**
   * A page fault: the page is not mapped yet.
   * @args mm: MmStruct, page: number
   */
  handle_mm_fault,
  /**
   * A CPU copies bytes from the kernel to a program's memory.
   * @args to: number, from: address, bytes: bytes
   */
  copy_to_user,
  /**
   * A CPU copies bytes from a program's memory to the kernel.
   * @args to: address, from: number, bytes: bytes
   */
  copy_from_user,

  // fs

  // net and drivers
}

/** One record of the ring. */
@unmanaged export class TraceRecord {
  /** What happened: an event of Tp. */
  event: u16;
  /** Number of the CPU. */
  cpu: u8;
  /** Depth of that CPU's call stack. */
  depth: u8;
  /** The task that ran; 0: none. */
  pid: u32;
  /** When. Unit: ns since boot. */
  time: u64;
  a: u32;
  b: u32;
  c: u32;
  /** CpuContext. */
  context: u32;
}

/** Import of the host: called at the tick that it has asked for. It may throw, to stop the machine right there. */
declare function stop(): void;

/** Writes a record and counts it; stops the machine if the host wants it to stop here. */
export function trace(event: Tp, a: usize, b: usize, c: usize): void {
  if (!kernel.tracing) return;
  let tick = kernel.tick;
  let record = changetype<TraceRecord>(TRACE_BASE + ((<usize>tick & (TRACE_RECORDS - 1)) << 5));
  let cpu = kernel.cpu;
  let task = cpu.curr;
  record.event = <u16>event;
  record.cpu = <u8>cpu.id;
  record.depth = <u8>cpu.depth;
  record.pid = task ? task.pid : 0;
  record.time = cpu.clock;
  record.a = <u32>a;
  record.b = <u32>b;
  record.c = <u32>c;
  record.context = cpu.context;
  kernel.tick = ++tick;
  if (tick == monitor.stop_at) stop();
}

/** A kernel function begins: its time passes, it is put on the CPU's call stack, and leaves a record. */
export function enter(event: Tp, a: usize, b: usize, c: usize): void {
  let cpu = kernel.cpu;
  cpu.clock += kernel.costs.function;
  let depth = cpu.depth++;
  if (depth < CALL_STACK) store<u16>(changetype<usize>(cpu) + offsetof<Cpu>() + (<usize>depth << 1), <u16>event);
  trace(event, a, b, c);
}

/** A kernel function ends: `return leave(result)`. */
export function leave<T>(result: T): T {
  kernel.cpu.depth--;
  return result;
}

/** Lets virtual time pass on the CPU that runs. Unit: ns. */
export function charge(duration: u64): void {
  kernel.cpu.clock += duration;
}
