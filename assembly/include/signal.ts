import { ListHead } from "./list";
import { TaskStruct } from "./sched";
import { WaitQueueHead } from "./wait";

/** Signals, with their numbers on x86-64. Those from 32 to 64 are real-time signals. */
export enum Signal {
  SIGHUP = 1,
  SIGINT = 2,
  SIGQUIT = 3,
  SIGILL = 4,
  SIGTRAP = 5,
  SIGABRT = 6,
  SIGBUS = 7,
  SIGFPE = 8,
  SIGKILL = 9,
  SIGUSR1 = 10,
  SIGSEGV = 11,
  SIGUSR2 = 12,
  SIGPIPE = 13,
  SIGALRM = 14,
  SIGTERM = 15,
  SIGSTKFLT = 16,
  SIGCHLD = 17,
  SIGCONT = 18,
  SIGSTOP = 19,
  SIGTSTP = 20,
  SIGTTIN = 21,
  SIGTTOU = 22,
  SIGURG = 23,
  SIGXCPU = 24,
  SIGXFSZ = 25,
  SIGVTALRM = 26,
  SIGPROF = 27,
  SIGWINCH = 28,
  SIGIO = 29,
  SIGPWR = 30,
  SIGSYS = 31,
}

/** The first real-time signal: of those from here on, each one that is sent comes. @kernel SIGRTMIN */
export const SIGRTMIN: u32 = 32;
/** Number of signals. @kernel _NSIG, arch/x86/include/uapi/asm/signal.h */
export const NSIG: u32 = 64;
/** Size of a set of signals. Unit: bytes. */
export const SIGSET_SIZE: i64 = 8;

/** The set that has one signal. @kernel sigmask(), include/linux/signal.h */
export function sigmask(signal: u32): u64 {
  return (<u64>1) << (signal - 1);
}

/** Bits of a SigAction's flags. @kernel include/uapi/asm-generic/signal-defs.h */
export enum SaFlags {
  /** No SIGCHLD when a child stops or goes on. */
  NOCLDSTOP = 0x1,
  /** Children that end leave nothing behind to wait for. */
  NOCLDWAIT = 0x2,
  /** The handler wants to know more than the number. */
  SIGINFO = 0x4,
  /** A C library's own entry; of no meaning here. */
  RESTORER = 0x0400_0000,
  /** The handler has a stack of its own; of no meaning here. */
  ONSTACK = 0x0800_0000,
  /** Interrupted calls that may be made again are made again. */
  RESTART = 0x1000_0000,
  /** The signal may come again while its handler runs. */
  NODEFER = 0x4000_0000,
  /** The handler is good for one signal. */
  RESETHAND = 0x8000_0000,
}

/** The SaFlags that a kernel for this machine knows; it forgets the others. @kernel UAPI_SA_FLAGS */
export const SA_KNOWN: u64 = 0xdc00_0807;

/** What stands in place of a handler. */
export const SIG_DFL: u64 = 0;
/** What stands in place of a handler of a signal that is ignored. */
export const SIG_IGN: u64 = 1;

/**
 * The handler of an adopted task whose host has not said what the task does with a signal, and now says that it comes:
 * the host knows. Good for one signal; no handler of a program lies there.
 */
export const SIG_OUTSIDE: u64 = 2;

/** How rt_sigprocmask(2) changes the set. */
export enum SigHow {
  BLOCK = 0,
  UNBLOCK = 1,
  SETMASK = 2,
}

/** Where a signal comes from: Siginfo.code. Those below 0 come from programs. @kernel asm-generic/siginfo.h */
export enum SiCode {
  /** kill(2). */
  SI_USER = 0,
  /** The kernel itself. */
  SI_KERNEL = 0x80,
  /** sigqueue(3). */
  SI_QUEUE = -1,
  /** Signal-driven input and output, when the queue of signals has no place. */
  SI_SIGIO = -5,
  /** tkill(2), tgkill(2). */
  SI_TKILL = -6,
  /** With SIGSEGV: nothing is mapped there. */
  SEGV_MAPERR = 1,
  /** With SIGSEGV: what is mapped there may not be used so. */
  SEGV_ACCERR = 2,
  /** With SIGBUS: there is no such page of the file. */
  BUS_ADRERR = 2,
  /** With SIGCHLD: the child has ended by itself. */
  CLD_EXITED = 1,
  /** With SIGCHLD: a signal has ended the child. */
  CLD_KILLED = 2,
  /** With SIGCHLD: the child was stopped. */
  CLD_STOPPED = 5,
  /** With SIGCHLD: the child goes on. */
  CLD_CONTINUED = 6,
}

/** What is known of a signal. @kernel struct kernel_siginfo, include/linux/signal_types.h */
@unmanaged
export class Siginfo {
  /** Number of the signal: Signal. */
  signo: u32;
  /** SiCode: where it comes from. */
  code: i32;
  /** Number of the process that has sent it, or of the child. */
  pid: u32;
  /** With SIGCHLD: what the child has ended with, or the signal that did it. */
  status: i32;
  /** What sigqueue(3) has sent along; with SIGSEGV and SIGBUS of a page fault: the address. */
  value: u64;
  /** With signal-driven input and output: Poll bits that are true now. */
  band: u32;
  /** With signal-driven input and output: the descriptor. */
  fd: i32;
}

/** A signal that waits. @kernel struct sigqueue, include/linux/signal_types.h */
@unmanaged
export class Sigqueue {
  // struct list_head list
  list_next: ListHead;
  list_prev: ListHead;
  // struct kernel_siginfo info
  info_signo: u32;
  info_code: i32;
  info_pid: u32;
  info_status: i32;
  info_value: u64;
  info_band: u32;
  info_fd: i32;

  /** Links it into the signals that wait for a task or for a process. */
  @embed @inline get list(): ListHead {
    return changetype<ListHead>(changetype<usize>(this) + offsetof<Sigqueue>("list_next"));
  }
  /** What is known of it. */
  @embed @inline get info(): Siginfo {
    return changetype<Siginfo>(changetype<usize>(this) + offsetof<Sigqueue>("info_signo"));
  }
  /** container_of(link, struct sigqueue, list). */
  @inline static of_list(link: ListHead): Sigqueue {
    return changetype<Sigqueue>(changetype<usize>(link) - offsetof<Sigqueue>("list_next"));
  }
}

/** Signals that wait. @kernel struct sigpending, include/linux/signal_types.h */
@unmanaged
export class SigPending {
  // struct list_head list
  list_next: ListHead;
  list_prev: ListHead;
  /** Which signals wait: bit n - 1 stands for signal n. */
  signal: u64;

  /** The signals, the oldest first: Sigqueue.list of each. */
  @embed @inline get list(): ListHead {
    return changetype<ListHead>(changetype<usize>(this) + offsetof<SigPending>("list_next"));
  }
}

/** What a process does with a signal. @kernel struct sigaction, include/linux/signal_types.h */
@unmanaged
export class SigAction {
  /** Address of the handler in the program; 0: SIG_DFL; 1: SIG_IGN. */
  handler: u64;
  /** SaFlags bits. */
  flags: u64;
  /** Entry of the C library; of no meaning here. */
  restorer: u64;
  /** Further signals that are blocked while the handler runs: bit n - 1 stands for signal n. */
  mask: u64;
}

/** What the threads of a process do with signals. Behind it lie NSIG SigActions. @kernel struct sighand_struct */
@unmanaged
export class SighandStruct {
  /** Number of tasks that share it. */
  count: u32;
  // struct wait_queue_head signalfd_wqh
  signalfd_wqh_head_next: ListHead;
  signalfd_wqh_head_prev: ListHead;
  /** Signals for which rt_sigaction(2) has said what to do: bit n - 1 stands for signal n. */
  told: u64;

  /** Those who wait on a signalfd for a signal of these tasks. */
  @embed @inline get signalfd_wqh(): WaitQueueHead {
    return changetype<WaitQueueHead>(changetype<usize>(this) + offsetof<SighandStruct>("signalfd_wqh_head_next"));
  }
}

/** Where the SigActions lie behind a SighandStruct. Unit: bytes. */
const ACTIONS: usize = 24;

/** What the tasks of a SighandStruct do with a signal. */
export function sigaction_of(sighand: SighandStruct, signal: u32): SigAction {
  return changetype<SigAction>(changetype<usize>(sighand) + ACTIONS + <usize>(signal - 1) * offsetof<SigAction>());
}

/** Size of a SighandStruct with its SigActions. Unit: bytes. */
export const SIGHAND_SIZE: usize = ACTIONS + <usize>NSIG * 32;

/** Bits of SignalStruct.flags. @kernel include/linux/sched/signal.h */
export enum SignalFlags {
  /** The process is stopped. */
  STOP_STOPPED = 1,
  /** The process goes on after it was stopped; its parent has not waited for that yet. */
  STOP_CONTINUED = 2,
  /** The parent is to be told that the process goes on. */
  CLD_CONTINUED = 0x20,
  /** All threads are to end. */
  GROUP_EXIT = 4,
}

/** What the threads of a process have in common as to signals and waiting. @kernel struct signal_struct */
@unmanaged
export class SignalStruct {
  /** Number of threads that have not been done away with. */
  count: u32;
  /** Number of threads that have not ended. */
  live: u32;
  /** SignalFlags bits. */
  flags: u32;
  /** The signal that has stopped the process; 0: none, or its parent has waited for that. */
  stop_signal: u32;
  /** Number of threads that have yet to stop before the process is stopped. */
  group_stop_count: u32;
  /** What all threads end with. */
  group_exit_code: i32;
  /** The signal that all threads end with; 0: none. */
  group_exit_signal: u32;
  /** Number of the process group. */
  pgrp: u32;
  /** The first thread, whose number is that of the process. */
  leader: TaskStruct;
  /** The thread that was given a signal last that another one had blocked; the search for the next begins there. */
  curr_target: TaskStruct;
  // struct sigpending shared_pending
  shared_pending_list_next: ListHead;
  shared_pending_list_prev: ListHead;
  shared_pending_signal: u64;
  // struct wait_queue_head wait_chldexit
  wait_chldexit_head_next: ListHead;
  wait_chldexit_head_prev: ListHead;
  // struct list_head threads
  threads_next: ListHead;
  threads_prev: ListHead;

  /** Signals that wait for whichever thread takes them. */
  @embed @inline get shared_pending(): SigPending {
    return changetype<SigPending>(changetype<usize>(this) + offsetof<SignalStruct>("shared_pending_list_next"));
  }
  /** Threads that wait for a child to end. */
  @embed @inline get wait_chldexit(): WaitQueueHead {
    return changetype<WaitQueueHead>(changetype<usize>(this) + offsetof<SignalStruct>("wait_chldexit_head_next"));
  }
  /** The threads: TaskStruct.thread_node of each, the oldest first. */
  @embed @inline get threads(): ListHead {
    return changetype<ListHead>(changetype<usize>(this) + offsetof<SignalStruct>("threads_next"));
  }
}

/**
 * What is to be put back when a handler ends. Linux lays it on the program's stack; programs here have none.
 *
 * @kernel struct rt_sigframe, arch/x86/include/asm/sigframe.h
 */
@unmanaged
export class SigFrame {
  // struct kernel_siginfo info
  info_signo: u32;
  info_code: i32;
  info_pid: u32;
  info_status: i32;
  info_value: u64;
  info_band: u32;
  info_fd: i32;
  /** The frame of the handler that this one has interrupted; null: none. */
  next: SigFrame | null;
  /** 1 if the system call of the registers is made when the handler ends. */
  redo: u32;
  /** How the signal has found the task: an Errno of the ERESTART family, EINTR, or 0 if it was in no call that waits. */
  error: i32;
  /** Address of the handler in the program. */
  handler: u64;
  /** SaFlags bits. */
  flags: u64;
  /** Signals that were blocked before: bit n - 1 stands for signal n. */
  blocked: u64;
  /** Number of the interrupted system call. */
  orig_ax: i64;
  /** Its first argument (register di). */
  di: i64;
  /** Second argument (register si). */
  si: i64;
  /** Third argument (register dx). */
  dx: i64;
  /** Fourth argument (register r10). */
  r10: i64;
  /** Fifth argument (register r8). */
  r8: i64;
  /** Sixth argument (register r9). */
  r9: i64;
  /** Its result (register ax). */
  ax: i64;

  /** What is known of the signal. */
  @embed @inline get info(): Siginfo {
    return changetype<Siginfo>(changetype<usize>(this) + offsetof<SigFrame>("info_signo"));
  }
}
