import { TaskMode, TaskState, TaskStruct } from "../include/sched";
import { Errno } from "../include/errno";
import { IoUringState } from "../include/io_uring";
import { ListHead } from "../include/list";
import {
  SIG_DFL,
  SIG_IGN,
  SIGRTMIN,
  SIGSET_SIZE,
  SIG_OUTSIDE,
  SaFlags,
  SigPending,
  Siginfo,
  Signal,
  SignalFlags,
  sigaction_of,
  sigmask,
  SiCode,
} from "../include/signal";
import { Tp, enter, leave, trace } from "../include/trace";
import { copy_from_user } from "../mm/uaccess";
import { cpu_of, current, enqueue_task, try_to_wake_up } from "./sched";
import { enqueue_signal, flush_sigqueue_mask, prepare_info, recalc_sigpending } from "./signal_queue";
import { kernel } from "../include/kernel";
import { wake_up, waitqueue_active } from "./wait";

/*
 * How a signal comes to a task:
 *
 *   kill(), a closed pipe, a ready file, a child's end
 *     -> send_signal_locked(): into the set of signals that wait for the task, or for its process
 *     -> complete_signal(): one thread that does not block it is told: TaskStruct.sigpending, and woken
 *     -> on its way back to the program the task takes it (signal_deliver.ts): default action, or a handler
 */

/** Signals that are ignored where there is no handler. @kernel SIG_KERNEL_IGNORE_MASK, include/linux/signal.h */
const IGNORE_MASK: u64 =
  (1 << (Signal.SIGCONT - 1)) | (1 << (Signal.SIGCHLD - 1)) | (1 << (Signal.SIGWINCH - 1)) | (1 << (Signal.SIGURG - 1));
/** Signals that stop a process where there is no handler. @kernel SIG_KERNEL_STOP_MASK */
export const STOP_MASK: u64 =
  (1 << (Signal.SIGSTOP - 1)) | (1 << (Signal.SIGTSTP - 1)) | (1 << (Signal.SIGTTIN - 1)) | (1 << (Signal.SIGTTOU - 1));
/** Signals that end a process in a way that leaves an image of it behind; the task itself takes them. */
const COREDUMP_MASK: u64 =
  (1 << (Signal.SIGQUIT - 1)) |
  (1 << (Signal.SIGILL - 1)) |
  (1 << (Signal.SIGTRAP - 1)) |
  (1 << (Signal.SIGABRT - 1)) |
  (1 << (Signal.SIGFPE - 1)) |
  (1 << (Signal.SIGSEGV - 1)) |
  (1 << (Signal.SIGBUS - 1)) |
  (1 << (Signal.SIGSYS - 1)) |
  (1 << (Signal.SIGXCPU - 1)) |
  (1 << (Signal.SIGXFSZ - 1));
/** Signals that nothing keeps from a task. */
const UNBLOCKABLE: u64 = (1 << (Signal.SIGKILL - 1)) | (1 << (Signal.SIGSTOP - 1));

/** True if the default action of a signal is to ignore it. */
export function is_ignored_by_default(signal: u32): bool {
  return (IGNORE_MASK & sigmask(signal)) != 0;
}

/** True if the task was told to end, whatever it is doing. @kernel fatal_signal_pending(), linux/sched/signal.h */
export function fatal_signal_pending(task: TaskStruct): bool {
  return task.sigpending != 0 && (task.pending.signal & sigmask(Signal.SIGKILL)) != 0;
}

/** True if a task wants to know nothing of a signal. @kernel sig_ignored(), kernel/signal.c */
function sig_ignored(task: TaskStruct, signal: u32): bool {
  // One that is blocked may have a handler by the time at which it is not.
  if ((task.blocked | task.real_blocked) & sigmask(signal)) return false;
  let handler = sigaction_of(task.sighand, signal).handler;
  return handler == SIG_IGN || (handler == SIG_DFL && is_ignored_by_default(signal));
}

/** Forgets signals that wait for a process or one of its threads. */
export function flush_process(task: TaskStruct, mask: u64): void {
  flush_sigqueue_mask(task.signal.shared_pending, mask);
  let threads = task.signal.threads;
  for (let link: ListHead = threads.next; link !== threads; link = link.next) {
    flush_sigqueue_mask(TaskStruct.of_thread_node(link).pending, mask);
  }
}

/** SIGCONT comes: whoever is stopped goes on, even if the signal itself is ignored or blocked. */
function let_go_on(task: TaskStruct): void {
  let signal = task.signal;
  flush_process(task, STOP_MASK);
  for (let link: ListHead = signal.threads.next; link !== signal.threads; link = link.next) {
    let thread = TaskStruct.of_thread_node(link);
    thread.jobctl_stop = 0;
    try_to_wake_up(thread, TaskState.STOPPED);
  }
  if (signal.flags & SignalFlags.STOP_STOPPED) {
    signal.flags = SignalFlags.CLD_CONTINUED | SignalFlags.STOP_CONTINUED;
    signal.stop_signal = 0;
  }
  signal.group_stop_count = 0;
}

/** What a signal does on its way, whatever becomes of it. @returns whether to send it. @kernel prepare_signal() */
function prepare_signal(task: TaskStruct, signal: u32): bool {
  if (task.signal.flags & SignalFlags.GROUP_EXIT) return false;
  if (STOP_MASK & sigmask(signal)) flush_process(task, sigmask(Signal.SIGCONT));
  else if (signal == Signal.SIGCONT) let_go_on(task);
  if (!sig_ignored(task, signal)) return true;
  trace(Tp.signal_ignored, changetype<usize>(task), signal, 0);
  return false;
}

/** True if a thread could take a signal now. @kernel wants_signal(), kernel/signal.c */
function wants_signal(task: TaskStruct, signal: u32): bool {
  if (task.blocked & sigmask(signal) || task.state == TaskState.ZOMBIE || task.state == TaskState.DEAD) return false;
  if (signal == Signal.SIGKILL) return true;
  if (task.state == TaskState.STOPPED) return false;
  return cpu_of(task.cpu).curr === task || !task.sigpending;
}

/** The thread that is to take a signal; null: none can. */
function choose_thread(task: TaskStruct, signal: u32, group: bool): TaskStruct | null {
  if (wants_signal(task, signal)) return task;
  if (!group) return null;
  let process = task.signal;
  let thread = process.curr_target;
  while (!wants_signal(thread, signal)) {
    thread = next_thread(thread);
    if (thread === process.curr_target) return null;
  }
  process.curr_target = thread;
  return thread;
}

/** The thread that began after another one of its process; behind the last comes the first. @kernel next_thread() */
export function next_thread(task: TaskStruct): TaskStruct {
  let link: ListHead = task.thread_node.next;
  let threads = task.signal.threads;
  return TaskStruct.of_thread_node(link === threads ? threads.next : link);
}

/** True if a signal ends the process at once. @kernel sig_fatal(), include/linux/signal.h */
function is_fatal(task: TaskStruct, signal: u32): bool {
  if (sigmask(signal) & (IGNORE_MASK | STOP_MASK | COREDUMP_MASK)) return false;
  if (sigaction_of(task.sighand, signal).handler != SIG_DFL) return false;
  return !(task.real_blocked & sigmask(signal));
}

/**
 * Lets a signal do no more than interrupt a process whose handlers run outside the machine, where nobody has told the
 * kernel of them: whether it has one is for the host to know. Signals that no handler can catch act as ever.
 */
export function leave_to_host(task: TaskStruct, signal: u32): void {
  let action = sigaction_of(task.sighand, signal);
  let bit = sigmask(signal);
  if (task.sighand.told & bit || action.handler != SIG_DFL || bit & (UNBLOCKABLE | IGNORE_MASK | STOP_MASK)) return;
  action.handler = SIG_OUTSIDE;
  action.flags = SaFlags.RESETHAND;
}

/** One thread is told of a signal, or all of them if it ends the process. @kernel complete_signal(), kernel/signal.c */
function complete_signal(task: TaskStruct, signal: u32, group: bool): void {
  let thread = choose_thread(task, signal, group);
  if (!thread) return;
  if (is_fatal(task, signal)) start_group_exit(task, signal, 128 + <i32>signal);
  else signal_wake_up(thread, signal);
}

/** All threads of a process are to end, as soon as they come by. @kernel zap_other_threads(), kernel/signal.c */
export function start_group_exit(task: TaskStruct, signal: u32, code: i32): void {
  let process = task.signal;
  process.flags = SignalFlags.GROUP_EXIT;
  process.group_exit_signal = signal;
  process.group_exit_code = code;
  for (let link: ListHead = process.threads.next; link !== process.threads; link = link.next) {
    let thread = TaskStruct.of_thread_node(link);
    if (!changetype<usize>(thread.mm)) continue;
    thread.jobctl_stop = 0;
    thread.pending.signal |= sigmask(Signal.SIGKILL);
    signal_wake_up(thread, Signal.SIGKILL);
    if (thread.io_uring) call_indirect<void>(changetype<IoUringState>(kernel.io_uring).kill_task, thread);
  }
}

/**
 * A task has a signal to look at: one that sleeps is woken, one that is outside comes in.
 *
 * @kernel signal_wake_up(), kernel/signal.c
 */
export function signal_wake_up(task: TaskStruct, signal: u32): void {
  enter(Tp.signal_wake_up, changetype<usize>(task), signal, 0);
  task.sigpending = 1;
  let fatal = signal == Signal.SIGKILL;
  let woken = try_to_wake_up(task, fatal ? TaskState.INTERRUPTIBLE | TaskState.STOPPED : TaskState.INTERRUPTIBLE);
  if (!woken && task.adopted && task.mode == TaskMode.USER && !task.on_rq && cpu_of(task.cpu).curr !== task) {
    enqueue_task(task);
  }
  leave(0);
}

/**
 * Sends a signal.
 *
 * @param info   what is known of it.
 * @param group  true: to the process, whose thread `task` is asked first; false: to that thread alone.
 * @returns      0; -EAGAIN if a real-time signal cannot be kept for want of memory; -ESRCH if the task has ended.
 * @kernel send_signal_locked(), kernel/signal.c
 */
export function send_signal_locked(info: Siginfo, task: TaskStruct, group: bool): i32 {
  if (!changetype<usize>(task.sighand)) return -Errno.ESRCH;
  let signal = info.signo;
  enter(Tp.send_signal_locked, changetype<usize>(task), signal, 0);
  if (!prepare_signal(task, signal)) return leave(0);
  let pending: SigPending = group ? task.signal.shared_pending : task.pending;
  if (signal < SIGRTMIN && pending.signal & sigmask(signal)) return leave(0);
  if (signal != Signal.SIGKILL && !enqueue_signal(pending, info)) {
    if (signal >= SIGRTMIN && info.code != SiCode.SI_USER) return leave(-Errno.EAGAIN);
  }
  pending.signal |= sigmask(signal);
  let watchers = task.sighand.signalfd_wqh;
  if (waitqueue_active(watchers)) wake_up(watchers);
  complete_signal(task, signal, group);
  return leave(0);
}

/** The kernel sends the thread that runs a signal of its own doing, such as SIGPIPE. @kernel send_sig() */
export function send_sig(signal: u32, task: TaskStruct): void {
  send_signal_locked(prepare_info(signal, SiCode.SI_USER, current().tgid), task, false);
}

/**
 * A fault of the task that runs becomes a signal that it cannot block or ignore.
 *
 * @param address  where it has happened.
 * @returns        0. @kernel force_sig_fault(), kernel/signal.c
 */
export function force_sig_fault(signal: u32, code: i32, address: u64): i64 {
  let task = current();
  let action = sigaction_of(task.sighand, signal);
  let bit = sigmask(signal);
  if (task.blocked & bit || action.handler == SIG_IGN) {
    action.handler = SIG_DFL;
    task.blocked &= ~bit;
    recalc_sigpending(task);
  }
  let info = prepare_info(signal, code, 0);
  info.value = address;
  send_signal_locked(info, task, false);
  return 0;
}

/** Other threads are told of the process's signals that this one will not take. @kernel retarget_shared_pending() */
export function retarget_shared_pending(task: TaskStruct, which: u64): void {
  let process = task.signal;
  let left = process.shared_pending.signal & which;
  if (!left) return;
  for (let link: ListHead = process.threads.next; link !== process.threads; link = link.next) {
    let thread = TaskStruct.of_thread_node(link);
    if (thread === task || !changetype<usize>(thread.mm) || thread.sigpending) continue;
    if (left & ~thread.blocked) signal_wake_up(thread, <u32>ctz(left & ~thread.blocked) + 1);
  }
}

/** Sets which signals are kept from the task that runs; nothing keeps SIGKILL and SIGSTOP. @kernel kernel/signal.c */
export function set_current_blocked(blocked: u64): void {
  let task = current();
  blocked &= ~UNBLOCKABLE;
  let added = blocked & ~task.blocked;
  if (added && task.sigpending) retarget_shared_pending(task, added);
  task.blocked = blocked;
  recalc_sigpending(task);
}

/**
 * A system call begins that has its own set of blocked signals while it sleeps. To be called once, not again when the
 * call is tried again; restore_saved_sigmask_unless() ends it.
 *
 * @param mask  user address of the set; 0: none, nothing changes.
 * @param size  Size of the set. Unit: bytes.
 * @returns     0, -EINVAL, -EFAULT.
 * @kernel set_user_sigmask(), kernel/signal.c
 */
export function set_user_sigmask(mask: u64, size: i64): i32 {
  if (!mask) return 0;
  if (size != SIGSET_SIZE) return -Errno.EINVAL;
  let task = current();
  let to = changetype<usize>(task) + offsetof<TaskStruct>("saved_sigmask");
  if (copy_from_user(to, mask, <usize>SIGSET_SIZE)) return -Errno.EFAULT;
  set_temporary_mask(task.saved_sigmask);
  return 0;
}

/** The task that runs blocks other signals up to the end of its call. */
export function set_temporary_mask(blocked: u64): void {
  let task = current();
  task.saved_sigmask = task.blocked;
  task.restore_sigmask = 1;
  set_current_blocked(blocked);
}

/**
 * A system call that may have called set_user_sigmask() has a result (not SLEEPING).
 *
 * @param interrupted  true if a signal has ended it: then the old set comes back once the handler has been set up.
 * @kernel restore_saved_sigmask_unless(), include/linux/sched/signal.h
 */
export function restore_saved_sigmask_unless(interrupted: bool): void {
  if (!interrupted) restore_saved_sigmask();
}

/** The set of blocked signals from before set_user_sigmask() holds again. @kernel include/linux/sched/signal.h */
export function restore_saved_sigmask(): void {
  let task = current();
  if (!task.restore_sigmask) return;
  task.restore_sigmask = 0;
  set_current_blocked(task.saved_sigmask);
}

/**
 * A system call with a time limit was interrupted; without a handler it goes on up to the same deadline.
 *
 * @param deadline  ns since boot; KTIME_MAX: never.
 * @returns         -ERESTART_RESTARTBLOCK, for the call to return.
 * @kernel set_restart_fn(), include/linux/thread_info.h
 */
export function restart_until(deadline: u64): i64 {
  current().restart_expires = deadline;
  return -Errno.ERESTART_RESTARTBLOCK;
}

/** True if the call goes on after an interruption: its deadline is TaskStruct.restart_expires. */
export function is_restart_block(): bool {
  return current().restart_block != 0;
}
