import { Errno } from "../include/errno";
import { ListHead } from "../include/list";
import { SIG_DFL, SIG_IGN, SaFlags, SigFrame, Siginfo, Signal, SignalFlags } from "../include/signal";
import { SiCode, sigaction_of, sigmask } from "../include/signal";
import { SLEEPING, TaskState, TaskStruct } from "../include/sched";
import { Tp, enter, leave } from "../include/trace";
import { STOP_MASK, is_ignored_by_default, restore_saved_sigmask, set_current_blocked } from "./signal";
import { copy_siginfo, dequeue_signal, signals } from "./signal_queue";
import { current } from "./sched";
import { do_group_exit, do_notify_parent_stop } from "./exit";
import { kmem_cache_alloc, kmem_cache_free } from "../mm/slab";
import { signal_wake_up } from "./signal";

/*
 * What a task does about its signals on the way back to its program. A handler is set up by laying a SigFrame on the
 * task's stack of frames: whoever runs the program then runs the handler first, and makes rt_sigreturn(2) at its end.
 */

/** What do_signal() has come to. */
export enum Delivery {
  /** There was nothing to do. */
  NONE = 0,
  /** A handler was set up. */
  HANDLER = 1,
  /** The task has ended or is stopped: it leaves the CPU. */
  GONE = 2,
}

/** The task that runs stops, and so do the other threads of its process. @kernel do_signal_stop(), kernel/signal.c */
function begin_group_stop(task: TaskStruct, signal: u32): void {
  let process = task.signal;
  process.group_stop_count = 0;
  for (let link: ListHead = process.threads.next; link !== process.threads; link = link.next) {
    let thread = TaskStruct.of_thread_node(link);
    if (!changetype<usize>(thread.mm) || thread.state == TaskState.STOPPED) continue;
    process.group_stop_count++;
    thread.jobctl_stop = signal;
    if (thread !== task) signal_wake_up(thread, signal);
  }
}

/** The task that runs takes part in the stop of its process. */
function stop(task: TaskStruct): void {
  enter(Tp.do_signal_stop, changetype<usize>(task), task.jobctl_stop, 0);
  task.state = TaskState.STOPPED;
  leave_group_stop(task);
  leave(0);
}

/**
 * One thread less has to stop, because it has, or because it ends; with the last one the process is stopped.
 *
 * @kernel task_participate_group_stop(), kernel/signal.c
 */
export function leave_group_stop(task: TaskStruct): void {
  let process = task.signal;
  let signal = task.jobctl_stop;
  task.jobctl_stop = 0;
  if (!signal || !process.group_stop_count || --process.group_stop_count) return;
  process.flags = SignalFlags.STOP_STOPPED;
  process.stop_signal = signal;
  do_notify_parent_stop(process.leader, SiCode.CLD_STOPPED, signal);
}

/**
 * Takes signals until one has a handler; acts on the others.
 *
 * @param info  is given what is known of it.
 * @returns     its number; 0: none; -1: the task has ended or is stopped.
 * @kernel get_signal(), kernel/signal.c
 */
function get_signal(task: TaskStruct, info: Siginfo): i32 {
  let process = task.signal;
  if (process.flags & SignalFlags.CLD_CONTINUED) {
    process.flags &= ~SignalFlags.CLD_CONTINUED;
    do_notify_parent_stop(process.leader, SiCode.CLD_CONTINUED, Signal.SIGCONT);
  }
  while (true) {
    if (process.flags & SignalFlags.GROUP_EXIT) {
      do_group_exit(process.group_exit_code, process.group_exit_signal);
      return -1;
    }
    if (task.jobctl_stop) {
      stop(task);
      return -1;
    }
    let signal = dequeue_signal(task, task.blocked, info);
    if (!signal) return 0;
    let handler = sigaction_of(task.sighand, signal).handler;
    if (handler == SIG_IGN) continue;
    if (handler != SIG_DFL) return signal;
    if (is_ignored_by_default(signal)) continue;
    if (STOP_MASK & sigmask(signal)) {
      begin_group_stop(task, signal);
      continue;
    }
    do_group_exit(128 + <i32>signal, signal);
    return -1;
  }
}

/** How a signal has found a task in its call: an Errno of the ERESTART family, or 0. */
function restart_error(task: TaskStruct): i32 {
  return task.ax <= -Errno.ERESTARTSYS && task.ax >= -Errno.ERESTART_RESTARTBLOCK ? <i32>-task.ax : 0;
}

/** Decides what becomes of an interrupted call now that a handler runs: made again, or -EINTR. */
function interrupt_call(task: TaskStruct, flags: u64): void {
  let error = restart_error(task);
  if (!error) return;
  let again = error == Errno.ERESTARTNOINTR || (error == Errno.ERESTARTSYS && (flags & SaFlags.RESTART) != 0);
  task.redo = again ? 1 : 0;
  task.ax = -Errno.EINTR;
}

/** Lays down what the handler's end is to put back. @returns false when memory is exhausted. */
function push_frame(task: TaskStruct, info: Siginfo): SigFrame | null {
  let at = kmem_cache_alloc(signals().frame_cachep);
  if (!at) return null;
  let frame = changetype<SigFrame>(at);
  let action = sigaction_of(task.sighand, info.signo);
  frame.error = restart_error(task);
  interrupt_call(task, action.flags);
  copy_siginfo(frame.info, info);
  frame.handler = action.handler;
  frame.flags = action.flags;
  frame.blocked = task.restore_sigmask ? task.saved_sigmask : task.blocked;
  frame.redo = task.redo;
  frame.orig_ax = task.orig_ax;
  frame.di = task.di;
  frame.si = task.si;
  frame.dx = task.dx;
  frame.r10 = task.r10;
  frame.r8 = task.r8;
  frame.r9 = task.r9;
  frame.ax = task.ax;
  frame.next = task.frames;
  task.frames = frame;
  task.frame_depth++;
  task.restore_sigmask = 0;
  task.redo = 0;
  return frame;
}

/** Sets a handler up. @kernel handle_signal(), arch/x86/kernel/signal.c */
function handle_signal(task: TaskStruct, info: Siginfo): Delivery {
  let signal = info.signo;
  let action = sigaction_of(task.sighand, signal);
  enter(Tp.setup_rt_frame, changetype<usize>(task), signal, task.frame_depth + 1);
  if (!push_frame(task, info)) {
    do_group_exit(128 + Signal.SIGSEGV, Signal.SIGSEGV);
    return leave(Delivery.GONE);
  }
  let blocked = task.blocked | action.mask;
  if (!(action.flags & SaFlags.NODEFER)) blocked |= sigmask(signal);
  if (action.flags & SaFlags.RESETHAND) action.handler = SIG_DFL;
  set_current_blocked(blocked);
  return leave(Delivery.HANDLER);
}

/**
 * The task that runs looks at its signals, on its way back to the program.
 *
 * @kernel arch_do_signal_or_restart(), arch/x86/kernel/signal.c
 */
export function do_signal(task: TaskStruct): Delivery {
  let info = signals().taken;
  let signal = get_signal(task, info);
  if (signal < 0) return Delivery.GONE;
  if (signal) return handle_signal(task, info);
  let error = restart_error(task);
  if (error) {
    task.redo = error == Errno.ERESTART_RESTARTBLOCK ? 2 : 1;
    task.ax = -Errno.EINTR;
  }
  restore_saved_sigmask();
  return Delivery.NONE;
}

/** rt_sigreturn(2): a handler has ended. @returns what the interrupted call has returned. */
export function sys_rt_sigreturn(): i64 {
  let task = current();
  let frame = task.frames;
  if (!frame) {
    do_group_exit(128 + Signal.SIGSEGV, Signal.SIGSEGV);
    return SLEEPING;
  }
  enter(Tp.restore_sigcontext, changetype<usize>(task), task.frame_depth, 0);
  task.orig_ax = frame.orig_ax;
  task.di = frame.di;
  task.si = frame.si;
  task.dx = frame.dx;
  task.r10 = frame.r10;
  task.r8 = frame.r8;
  task.r9 = frame.r9;
  task.redo = frame.redo;
  let ax = frame.ax;
  let blocked = frame.blocked;
  drop_frame(task, frame);
  set_current_blocked(blocked);
  // A call to be made again is made before the program goes on.
  if (task.redo) task.sigpending = 1;
  return leave(ax);
}

/** Takes the innermost frame away. */
function drop_frame(task: TaskStruct, frame: SigFrame): void {
  task.frames = frame.next;
  task.frame_depth--;
  kmem_cache_free(signals().frame_cachep, changetype<usize>(frame));
}

/** Takes all frames away: the task ends. */
export function drop_frames(task: TaskStruct): void {
  for (let frame = task.frames; frame; frame = task.frames) drop_frame(task, frame);
}
