import { CacheType, KmemCache } from "../include/mm_types";
import { ListHead } from "../include/list";
import {
  NSIG,
  SIGHAND_SIZE,
  SiCode,
  SigFrame,
  SigPending,
  Siginfo,
  Signal,
  SignalStruct,
  Sigqueue,
  sigmask,
} from "../include/signal";
import { TaskStruct } from "../include/sched";
import { Tp, enter, leave } from "../include/trace";
import { kernel } from "../include/kernel";
import { kmem_cache_alloc, kmem_cache_create, kmem_cache_free, kzalloc } from "../mm/slab";

/** What signals are made of, and room for one on its way. */
@unmanaged
export class SignalState {
  /** Cache of struct sighand_struct. */
  sighand_cachep: KmemCache;
  /** Cache of struct signal_struct. */
  signal_cachep: KmemCache;
  /** Cache of struct sigqueue. */
  sigqueue_cachep: KmemCache;
  /** Cache of struct rt_sigframe. */
  frame_cachep: KmemCache;
  // struct kernel_siginfo info
  info_signo: u32;
  info_code: i32;
  info_pid: u32;
  info_status: i32;
  info_value: u64;
  info_band: u32;
  info_fd: i32;
  // struct kernel_siginfo taken
  taken_signo: u32;
  taken_code: i32;
  taken_pid: u32;
  taken_status: i32;
  taken_value: u64;
  taken_band: u32;
  taken_fd: i32;
  /** Room for what is copied to and from programs: 128 bytes. */
  buffer: usize;

  /** A signal on its way to a task. */
  @embed @inline get info(): Siginfo {
    return changetype<Siginfo>(changetype<usize>(this) + offsetof<SignalState>("info_signo"));
  }
  /** A signal that a task has just taken. */
  @embed @inline get taken(): Siginfo {
    return changetype<Siginfo>(changetype<usize>(this) + offsetof<SignalState>("taken_signo"));
  }
}

/** Signals that a program's own mistake causes: they come first. @kernel SYNCHRONOUS_MASK, kernel/signal.c */
const SYNCHRONOUS_MASK: u64 =
  (1 << (Signal.SIGSEGV - 1)) |
  (1 << (Signal.SIGBUS - 1)) |
  (1 << (Signal.SIGILL - 1)) |
  (1 << (Signal.SIGTRAP - 1)) |
  (1 << (Signal.SIGFPE - 1)) |
  (1 << (Signal.SIGSYS - 1));

/** What signals are made of. */
export function signals(): SignalState {
  return changetype<SignalState>(kernel.signals);
}

/** Makes the caches. @kernel signals_init(), kernel/signal.c */
export function signals_init(): void {
  kernel.signals = kzalloc(offsetof<SignalState>());
  let state = signals();
  state.sighand_cachep = kmem_cache_create(CacheType.SighandStruct, SIGHAND_SIZE, 8);
  state.signal_cachep = kmem_cache_create(CacheType.SignalStruct, offsetof<SignalStruct>(), 8);
  state.sigqueue_cachep = kmem_cache_create(CacheType.Sigqueue, offsetof<Sigqueue>(), 8);
  state.frame_cachep = kmem_cache_create(CacheType.SigFrame, offsetof<SigFrame>(), 8);
  state.buffer = kzalloc(128);
}

/** True if there is a signal with that number. @kernel valid_signal(), include/linux/signal.h */
export function valid_signal(signal: u32): bool {
  return signal <= NSIG;
}

/** Copies what is known of a signal. */
export function copy_siginfo(to: Siginfo, from: Siginfo): void {
  memory.copy(changetype<usize>(to), changetype<usize>(from), offsetof<Siginfo>());
}

/** Sets up what is known of a signal that is on its way. @kernel clear_siginfo(), include/linux/signal.h */
export function prepare_info(signal: u32, code: i32, pid: u32): Siginfo {
  let info = signals().info;
  memory.fill(changetype<usize>(info), 0, offsetof<Siginfo>());
  info.signo = signal;
  info.code = code;
  info.pid = pid;
  return info;
}

/** Notes in a set that a signal waits, and keeps what is known of it. @returns false when memory is exhausted. */
export function enqueue_signal(pending: SigPending, info: Siginfo): bool {
  let at = kmem_cache_alloc(signals().sigqueue_cachep);
  if (!at) return false;
  let queued = changetype<Sigqueue>(at);
  copy_siginfo(queued.info, info);
  pending.list.add_tail(queued.list);
  return true;
}

/** Forgets some of the signals that wait. @kernel flush_sigqueue_mask(), kernel/signal.c */
export function flush_sigqueue_mask(pending: SigPending, mask: u64): void {
  pending.signal &= ~mask;
  let link = pending.list.next;
  while (link !== pending.list) {
    let next = link.next;
    let queued = Sigqueue.of_list(link);
    if (mask & sigmask(queued.info.signo)) free_queued(queued);
    link = next;
  }
}

/** Frees a signal that no longer waits. */
function free_queued(queued: Sigqueue): void {
  queued.list.del();
  kmem_cache_free(signals().sigqueue_cachep, changetype<usize>(queued));
}

/** The next of the signals that wait and are not blocked: the lowest number; 0: none. @kernel next_signal() */
function next_signal(pending: SigPending, blocked: u64): u32 {
  let ready = pending.signal & ~blocked;
  if (!ready) return 0;
  if (ready & SYNCHRONOUS_MASK) ready &= SYNCHRONOUS_MASK;
  return <u32>ctz(ready) + 1;
}

/** Takes the oldest signal of a number out of a set. @kernel collect_signal(), kernel/signal.c */
function collect_signal(signal: u32, pending: SigPending, info: Siginfo): void {
  let first: Sigqueue | null = null;
  let more = false;
  for (let link: ListHead = pending.list.next; link !== pending.list && !more; link = link.next) {
    let queued = Sigqueue.of_list(link);
    if (queued.info.signo != signal) continue;
    if (first) more = true;
    else first = queued;
  }
  if (!more) pending.signal &= ~sigmask(signal);
  if (first) {
    copy_siginfo(info, first.info);
    free_queued(first);
    return;
  }
  // There was no memory to keep more than its number.
  memory.fill(changetype<usize>(info), 0, offsetof<Siginfo>());
  info.signo = signal;
  info.code = SiCode.SI_USER;
}

/**
 * Takes the next signal that is not blocked out of those that wait for a task, or else for its process.
 *
 * @param info  is given what is known of it.
 * @returns     its number; 0: none waits.
 * @kernel dequeue_signal(), kernel/signal.c
 */
export function dequeue_signal(task: TaskStruct, blocked: u64, info: Siginfo): u32 {
  let signal = take_signal(task, task.pending, blocked, info);
  if (!signal) signal = dequeue_shared_signal(task, blocked, info);
  recalc_sigpending(task);
  return signal;
}

/** The same of those that wait for a task's process. */
export function dequeue_shared_signal(task: TaskStruct, blocked: u64, info: Siginfo): u32 {
  return take_signal(task, task.signal.shared_pending, blocked, info);
}

/** Takes the next signal that is not blocked out of a set. @returns its number; 0: none waits. */
function take_signal(task: TaskStruct, pending: SigPending, blocked: u64, info: Siginfo): u32 {
  let signal = next_signal(pending, blocked);
  if (!signal) return 0;
  enter(Tp.dequeue_signal, changetype<usize>(task), signal, 0);
  collect_signal(signal, pending, info);
  return leave<u32>(signal);
}

/** Signals that wait for a task and that it may take. */
export function pending_signals(task: TaskStruct): u64 {
  return (task.pending.signal | task.signal.shared_pending.signal) & ~task.blocked;
}

/** Finds out anew whether the task that runs has signals to look at. @kernel recalc_sigpending(), kernel/signal.c */
export function recalc_sigpending(task: TaskStruct): void {
  task.sigpending = pending_signals(task) != 0 || task.jobctl_stop ? 1 : 0;
}
