import { AioKiocb } from "./aio";
import { CallState } from "./call_state";
import { Counters } from "./counters";
import { FilesStruct } from "./fs";
import { IoKiocb } from "./io_uring";
import { ListHead } from "./list";
import { MmStruct } from "./mm_struct";
import { PollWqueues } from "./poll";
import { RbNode } from "./rbtree_types";
import { Hrtimer } from "./time";
import { SpliceDesc } from "./splice";
import { SigFrame, SigPending, SighandStruct, SignalStruct } from "./signal";
import { WaitQueueEntry, WaitQueueHead } from "./wait";

/** States of a task, TaskStruct.state. @kernel include/linux/sched.h */
export enum TaskState {
  /** Running, or waiting for a CPU. */
  RUNNING = 0,
  /** Asleep; a signal would wake it. */
  INTERRUPTIBLE = 1,
  /** Asleep; a signal would not wake it. */
  UNINTERRUPTIBLE = 2,
  /** Stopped by a signal, until SIGCONT comes. */
  STOPPED = 4,
  /** Ended, and nobody will ask for its result: it is about to go. */
  DEAD = 16,
  /** Ended; only its number and result are left. */
  ZOMBIE = 32,
}

/** Who says which of the tasks that could go on does so. */
export enum Scheduling {
  /** The queue: who has waited longest comes first, and goes on until it sleeps or its time is up. */
  FIFO = 0,
  /** The machine's seed: after every system call, any task may be the next. */
  SEED = 1,
  /** The host: it is asked after every system call, if more than one task could go on. */
  HAND = 2,
  /** The host as well: it is asked even if one task alone could go on, because it may let time pass instead. */
  STEP = 3,
}

/** Where a task is while it runs. */
export enum TaskMode {
  /** In its own program. */
  USER = 0,
  /** In a system call. */
  KERNEL = 1,
}

/** Bits that say what a clone shares. @kernel include/uapi/linux/sched.h */
export enum CloneFlags {
  VM = 0x100,
  FS = 0x200,
  FILES = 0x400,
  SIGHAND = 0x800,
  THREAD = 0x10000,
}

/** What a system call answers, inside the kernel, when its task went to sleep and will try again once woken. */
export const SLEEPING: i64 = -4096;

/** What the function of a kernel thread answers when the thread is to end. */
export const KTHREAD_EXIT: i64 = -4097;

/**
 * Something that a task has to do before it goes on in its program.
 *
 * @kernel struct callback_head, include/linux/types.h
 */
@unmanaged
export class CallbackHead {
  // struct list_head entry
  entry_next: ListHead;
  entry_prev: ListHead;
  /** (work) => void, an index into the function table. */
  func: u32;

  /** Links it to what else the task has to do. */
  @embed @inline get entry(): ListHead {
    return changetype<ListHead>(changetype<usize>(this) + offsetof<CallbackHead>("entry_next"));
  }
  /** container_of(link, struct callback_head, entry). */
  @inline static of_entry(link: ListHead): CallbackHead {
    return changetype<CallbackHead>(changetype<usize>(link) - offsetof<CallbackHead>("entry_next"));
  }
}

/**
 * A task: a process or a thread.
 *
 * @kernel struct task_struct, include/linux/sched.h
 */
@unmanaged
export class TaskStruct extends CallState {
  /** Number of the task. */
  pid: u32;
  /** Number of the process that the task belongs to. */
  tgid: u32;
  /** TaskState. */
  state: u32;
  /** TaskMode. */
  mode: u32;
  /** 1 while it waits in the run queue. */
  on_rq: u32;
  /** Number of the CPU that it runs on or ran on last. */
  cpu: u32;
  /** What it ended with; if a signal has ended it, 128 and the signal's number. */
  exit_code: i32;
  /** 1 if the program runs outside the machine and hands in its system calls one by one. */
  adopted: u32;
  /** Name, first 8 bytes, as text. */
  comm_0: u64;
  /** Name, last 8 bytes, as text. */
  comm_8: u64;
  /** Descriptor table, shared by the threads of a process. */
  files: FilesStruct;
  /** Address space. */
  mm: MmStruct;
  /** The task whose child it is; null: none of the machine's, or it has ended. */
  parent: TaskStruct | null;
  // struct list_head tasks
  tasks_next: ListHead;
  tasks_prev: ListHead;
  // struct list_head run_list
  run_list_next: ListHead;
  run_list_prev: ListHead;

  /** Number of the system call it is in or was in last (register orig_ax); -1 before the first. */
  orig_ax: i64;
  /** Result of the system call (register ax). */
  ax: i64;

  // struct hrtimer timer
  timer_node_parent_color: usize;
  timer_node_right: RbNode | null;
  timer_node_left: RbNode | null;
  timer_func: u16;
  timer_queued: u8;
  timer_kind: u8;
  timer_expires: u64;
  // struct wait_queue_entry wait
  wait_flags: u16;
  wait_func: u16;
  wait_task: TaskStruct | null;
  wait_entry_next: ListHead;
  wait_entry_prev: ListHead;
  /** The wait queue that it sleeps on; null if it does not sleep on one. */
  wait_head: WaitQueueHead | null;
  /** What its call of poll() or select() keeps while it lasts; null in every other call. */
  poll_wqueues: PollWqueues | null;
  /** The request at which its io_submit() sleeps, because its file can only be read or written so; null: none. */
  submitting: AioKiocb | null;
  /** What its call of splice() or sendfile() keeps while it lasts; null in every other call. */
  splice: SpliceDesc | null;
  /** The pipe that sendfile() moves pages through; null before its first. */
  @to("PipeInodeInfo") splice_pipe: usize;
  /** 1 if it was woken and has not yet found out whether in vain. */
  woken: u32;
  /** 1 if it has to look for signals before it goes on in its program. */
  sigpending: u32;

  /** 1 while it serves a page fault of its program: a load; 2: a store; 0: no. */
  trap: u32;
  /** The address of that load or store (register cr2). */
  cr2: u64;
  /** The page whose fault it waits for, or waited for last; 0: none. */
  fault_address: u64;

  /** Virtual time at which it was given the CPU. Unit: ns. */
  exec_start: u64;
  /** Virtual time up to which utime and stime are counted. Unit: ns. */
  accounted: u64;
  /** Virtual time at which it last became runnable: it cannot run before. Unit: ns. */
  ready_at: u64;
  /** Time spent in user mode. Unit: ns. */
  utime: u64;
  /** Time spent in the kernel. Unit: ns. */
  stime: u64;
  /** What it did, counted. */
  counters: Counters;

  /** Signals that are kept from it for now: bit n - 1 stands for signal n. */
  blocked: u64;
  /** What `blocked` was before the system call that allows other signals while it sleeps. */
  saved_sigmask: u64;
  /** 1 if saved_sigmask is to become `blocked` again on the way back to the program. */
  restore_sigmask: u32;
  /** 1 while an interrupted system call goes on up to its first deadline. */
  restart_block: u32;
  /** That deadline. Unit: ns since boot; KTIME_MAX: never. */
  restart_expires: u64;

  /** What it does with signals; null once it has ended. */
  sighand: SighandStruct;
  /** What it has in common with the other threads of its process; null once it has ended. */
  signal: SignalStruct;
  // struct sigpending pending
  pending_list_next: ListHead;
  pending_list_prev: ListHead;
  pending_signal: u64;
  /** What `blocked` was before rt_sigtimedwait(2) waits for some of them. */
  real_blocked: u64;
  /** What its running handlers are to put back, the innermost first; null: no handler runs. */
  frames: SigFrame | null;
  /** Number of handlers that run. */
  frame_depth: u32;
  /** How a call is made again before its program goes on: 0: not; 1: anew; 2: up to its first deadline. */
  redo: u32;
  /** 1 while it is on its way back to its program, with signals to look at. */
  leaving: u32;
  /** 1 if it is to stop because another thread of its process was told to. */
  jobctl_stop: u32;
  /** The signal that tells its parent of its end; 0: none; -1: it is not the first thread of its process. */
  exit_signal: i32;
  /** The signal that has ended it; 0: none. */
  term_signal: u32;
  /** 1 if the host has made it: its result is kept for the host. */
  host_made: u32;
  /** What a kernel thread does whenever it has the CPU, an index into the function table; 0: it is a program's task. */
  kthread: u32;
  /** What that function is given. */
  kthread_data: usize;
  /** 1 if the kernel thread has been asked to end. */
  kthread_stop: u32;
  /** 1 if the kernel thread has had its turn and would go on; of use while the order is by hand. */
  yielded: u32;
  /** Folios that it made dirty since it was last looked at how much is dirty. */
  nr_dirtied: u32;
  /** 1 if there was too much when it was looked at last. */
  dirty_exceeded: u32;
  // struct list_head children
  children_next: ListHead;
  children_prev: ListHead;
  // struct list_head sibling
  sibling_next: ListHead;
  sibling_prev: ListHead;
  // struct list_head thread_node
  thread_node_next: ListHead;
  thread_node_prev: ListHead;
  // struct list_head task_works
  task_works_next: ListHead;
  task_works_prev: ListHead;
  /** The request of a ring that the worker is at; null: none, or it is no worker. */
  submitting_request: IoKiocb | null;
  /** The request of a ring whose call it makes just now: the two have changed places; null: none. */
  issuing_request: IoKiocb | null;
  /** 1 once it has submitted requests of io_uring. */
  io_uring: u32;
  /** Which of the things that share wait_head it waits for: a struct Folio; 0: the queue is for one thing alone. */
  wait_key: usize;

  /** Signals that wait for this thread alone. */
  @embed @inline get pending(): SigPending {
    return changetype<SigPending>(changetype<usize>(this) + offsetof<TaskStruct>("pending_list_next"));
  }
  /** Its children: TaskStruct.sibling of each. */
  @embed @inline get children(): ListHead {
    return changetype<ListHead>(changetype<usize>(this) + offsetof<TaskStruct>("children_next"));
  }
  /** Links it into its parent's children. */
  @embed @inline get sibling(): ListHead {
    return changetype<ListHead>(changetype<usize>(this) + offsetof<TaskStruct>("sibling_next"));
  }
  /** Links it into the threads of its process. */
  @embed @inline get thread_node(): ListHead {
    return changetype<ListHead>(changetype<usize>(this) + offsetof<TaskStruct>("thread_node_next"));
  }
  /** What it has to do before it goes on in its program: CallbackHead.entry of each. */
  @embed @inline get task_works(): ListHead {
    return changetype<ListHead>(changetype<usize>(this) + offsetof<TaskStruct>("task_works_next"));
  }
  /** Links the task into the list of all tasks. */
  @embed @inline get tasks(): ListHead {
    return changetype<ListHead>(changetype<usize>(this) + offsetof<TaskStruct>("tasks_next"));
  }
  /** Links the task into the run queue while it is runnable and not running. */
  @embed @inline get run_list(): ListHead {
    return changetype<ListHead>(changetype<usize>(this) + offsetof<TaskStruct>("run_list_next"));
  }
  /** Its place in a wait queue while it sleeps. */
  @embed @inline get wait(): WaitQueueEntry {
    return changetype<WaitQueueEntry>(changetype<usize>(this) + offsetof<TaskStruct>("wait_flags"));
  }
  /** Its alarm while it sleeps with a time limit. */
  @embed @inline get timer(): Hrtimer {
    return changetype<Hrtimer>(changetype<usize>(this) + offsetof<TaskStruct>("timer_node_parent_color"));
  }
  /** container_of(link, struct task_struct, tasks). */
  @inline static of_tasks(link: ListHead): TaskStruct {
    return changetype<TaskStruct>(changetype<usize>(link) - offsetof<TaskStruct>("tasks_next"));
  }
  /** container_of(link, struct task_struct, sibling). */
  @inline static of_sibling(link: ListHead): TaskStruct {
    return changetype<TaskStruct>(changetype<usize>(link) - offsetof<TaskStruct>("sibling_next"));
  }
  /** container_of(link, struct task_struct, thread_node). */
  @inline static of_thread_node(link: ListHead): TaskStruct {
    return changetype<TaskStruct>(changetype<usize>(link) - offsetof<TaskStruct>("thread_node_next"));
  }
  /** container_of(link, struct task_struct, run_list). */
  @inline static of_run_list(link: ListHead): TaskStruct {
    return changetype<TaskStruct>(changetype<usize>(link) - offsetof<TaskStruct>("run_list_next"));
  }
  /** container_of(timer, struct task_struct, timer). */
  @inline static of_timer(timer: Hrtimer): TaskStruct {
    return changetype<TaskStruct>(changetype<usize>(timer) - offsetof<TaskStruct>("timer_node_parent_color"));
  }
}

/** What a CPU is doing. */
export enum CpuContext {
  /** Nothing: it waits for an interrupt. */
  IDLE = 0,
  /** A program. */
  USER = 1,
  /** A system call. */
  SYSCALL = 2,
  /** A hard interrupt. */
  HARDIRQ = 3,
  /** A soft interrupt. */
  SOFTIRQ = 4,
  /** A kernel thread. */
  KTHREAD = 5,
}

/** Deepest call stack that is shown; deeper calls are counted, not shown. */
export const CALL_STACK: u32 = 64;

/** One CPU. Behind it in memory lies its call stack: CALL_STACK numbers of two bytes, each an event of Tp. */
@unmanaged
export class Cpu {
  /** Its clock. Unit: ns since boot. */
  clock: u64;
  /** The task that runs on it; null while it is idle. */
  curr: TaskStruct | null;
  /** Number of the CPU. */
  id: u32;
  /** CpuContext. */
  context: u32;
  /** Depth of the call stack. */
  depth: u32;
  /** 1 if another task should run as soon as the kernel is left. */
  need_resched: u32;
  /** Soft interrupts that are waiting to be run: Softirq bits. */
  softirq_pending: u32;
  /** 1 while a soft interrupt runs, so that it does not run inside itself. */
  in_softirq: u32;
  /** The task that ran on it last; null before the first. */
  last: TaskStruct | null;
  /** Time spent idle. Unit: ns. */
  idle_time: u64;
}

/** Soft interrupts, as bits of Cpu.softirq_pending. @kernel include/linux/interrupt.h */
export enum Softirq {
  /** Packets have arrived. */
  NET_RX = 8,
  /** Work that was put off: UNIX sockets that only wait in each other are looked for. */
  TASKLET = 64,
  /** What was put off until nobody is at it any more can go: files whose last user was an interrupt. */
  RCU = 512,
}
