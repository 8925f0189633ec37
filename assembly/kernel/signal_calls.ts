import { Errno } from "../include/errno";
import { ListHead } from "../include/list";
import {
  SA_KNOWN,
  SIGSET_SIZE,
  SIG_DFL,
  SIG_IGN,
  SiCode,
  SigAction,
  SigHow,
  Siginfo,
  Signal,
  sigaction_of,
  sigmask,
} from "../include/signal";
import { TaskState, TaskStruct } from "../include/sched";
import { copy_from_user, copy_to_user, put_user_u64 } from "../mm/uaccess";
import { current, schedule, schedule_hrtimeout, sched } from "./sched";
import { deadline_after, get_timespec } from "./sys";
import { dequeue_signal, prepare_info, recalc_sigpending, signals, valid_signal } from "./signal_queue";
import { find_task } from "./fork";
import {
  flush_process,
  is_ignored_by_default,
  send_signal_locked,
  set_current_blocked,
  set_temporary_mask,
} from "./signal";
import { KTIME_MAX } from "../include/time";

/** Size of struct siginfo. Unit: bytes. */
const SIGINFO_SIZE: usize = 128;

/** Reads a set of signals of a program into the buffer. @returns 0, -EINVAL, -EFAULT. */
function get_sigset(address: u64, size: i64): i32 {
  if (size != SIGSET_SIZE) return -Errno.EINVAL;
  return copy_from_user(signals().buffer, address, <usize>SIGSET_SIZE) ? -Errno.EFAULT : 0;
}

/** Writes a siginfo to a program. @returns 0 or -EFAULT. @kernel copy_siginfo_to_user(), kernel/signal.c */
function copy_siginfo_to_user(to: u64, info: Siginfo): i32 {
  let at = signals().buffer;
  memory.fill(at, 0, SIGINFO_SIZE);
  store<u32>(at, info.signo);
  store<i32>(at, info.code, 8);
  if (info.fd || info.band) {
    store<u64>(at, info.band, 16);
    store<i32>(at, info.fd, 24);
  } else {
    store<u32>(at, info.pid, 16);
    if (info.signo == Signal.SIGCHLD && info.code > 0) store<i32>(at, info.status, 24);
    else store<u64>(at, info.value, 24);
  }
  return copy_to_user(to, at, SIGINFO_SIZE) ? -Errno.EFAULT : 0;
}

/** rt_sigaction(2): what to do with a signal, and what was done so far. */
export function sys_rt_sigaction(): i64 {
  let task = current();
  let signal = <u32>task.di;
  if (task.r10 != SIGSET_SIZE) return -Errno.EINVAL;
  let next = <u64>task.si;
  let old = <u64>task.dx;
  let buffer = changetype<SigAction>(signals().buffer);
  if (next && copy_from_user(signals().buffer, next, offsetof<SigAction>())) return -Errno.EFAULT;
  if (!signal || !valid_signal(signal)) return -Errno.EINVAL;
  if (next && (signal == Signal.SIGKILL || signal == Signal.SIGSTOP)) return -Errno.EINVAL;
  let action = sigaction_of(task.sighand, signal);
  // Both lie in the buffer: the new one in front, the old one behind it.
  let before = signals().buffer + offsetof<SigAction>();
  memory.copy(before, changetype<usize>(action), offsetof<SigAction>());
  if (next) {
    memory.copy(changetype<usize>(action), changetype<usize>(buffer), offsetof<SigAction>());
    action.flags &= SA_KNOWN;
    task.sighand.told |= sigmask(signal);
    action.mask &= ~(sigmask(Signal.SIGKILL) | sigmask(Signal.SIGSTOP));
    // What waits and is ignored from now on is forgotten, also if it is blocked.
    if (action.handler == SIG_IGN || (action.handler == SIG_DFL && is_ignored_by_default(signal))) {
      flush_process(task, sigmask(signal));
    }
  }
  return old && copy_to_user(old, before, offsetof<SigAction>()) ? -Errno.EFAULT : 0;
}

/** The set of blocked signals, changed as a program says. @returns 0 or -EINVAL. @kernel sigprocmask() */
function sigprocmask(how: u32, set: u64): i32 {
  let blocked = current().blocked;
  if (how == SigHow.BLOCK) set_current_blocked(blocked | set);
  else if (how == SigHow.UNBLOCK) set_current_blocked(blocked & ~set);
  else if (how == SigHow.SETMASK) set_current_blocked(set);
  else return -Errno.EINVAL;
  return 0;
}

/** rt_sigprocmask(2): which signals are blocked. */
export function sys_rt_sigprocmask(): i64 {
  let task = current();
  if (task.r10 != SIGSET_SIZE) return -Errno.EINVAL;
  let old = task.blocked;
  if (task.si) {
    let error = get_sigset(<u64>task.si, SIGSET_SIZE);
    if (!error) error = sigprocmask(<u32>task.di, load<u64>(signals().buffer));
    if (error) return error;
  }
  return task.dx && put_user_u64(old, <u64>task.dx) ? -Errno.EFAULT : 0;
}

/** rt_sigpending(2): which blocked signals wait. */
export function sys_rt_sigpending(): i64 {
  let task = current();
  if (<u64>task.si > <u64>SIGSET_SIZE) return -Errno.EINVAL;
  let pending = (task.pending.signal | task.signal.shared_pending.signal) & task.blocked;
  store<u64>(signals().buffer, pending);
  return copy_to_user(<u64>task.di, signals().buffer, <usize>task.si) ? -Errno.EFAULT : 0;
}

/** The task that runs sleeps until a signal comes. */
function sleep_for_signal(task: TaskStruct): i64 {
  task.state = TaskState.INTERRUPTIBLE;
  let result = schedule();
  return result == -Errno.ERESTARTSYS ? -Errno.ERESTARTNOHAND : result;
}

/** pause(2): waits for a signal. */
export function sys_pause(): i64 {
  return sleep_for_signal(current());
}

/** rt_sigsuspend(2): waits for a signal, with other signals blocked meanwhile. */
export function sys_rt_sigsuspend(): i64 {
  let task = current();
  if (!task.restarting) {
    let error = get_sigset(<u64>task.di, task.si);
    if (error) return error;
    set_temporary_mask(load<u64>(signals().buffer));
  }
  return sleep_for_signal(task);
}

/** The signals that rt_sigtimedwait() waits for are in TaskStruct.reserved and done: they come back as they were. */
function stop_waiting_for_signals(task: TaskStruct): void {
  task.blocked = task.real_blocked;
  task.real_blocked = 0;
  recalc_sigpending(task);
}

/**
 * rt_sigtimedwait(2): takes a signal that waits, or waits for one.
 *
 * @kernel do_sigtimedwait(), kernel/signal.c
 */
export function sys_rt_sigtimedwait(): i64 {
  let task = current();
  let error = get_sigset(<u64>task.di, task.r10);
  if (error) return error;
  let wanted = load<u64>(signals().buffer) & ~(sigmask(Signal.SIGKILL) | sigmask(Signal.SIGSTOP));
  let again = task.restarting != 0;
  if (!again) {
    let duration = task.dx ? get_timespec(<u64>task.dx) : <i64>KTIME_MAX;
    if (duration < 0) return duration;
    task.done = duration ? deadline_after(duration) : 0;
  }
  let info = signals().taken;
  if (again) stop_waiting_for_signals(task);
  let signal = dequeue_signal(task, ~wanted, info);
  if (signal) return task.si && copy_siginfo_to_user(<u64>task.si, info) ? -Errno.EFAULT : <i64>signal;
  if (!task.done || (again && task.timed_out)) return -Errno.EAGAIN;
  // What it waits for may wake it while it sleeps, but is not delivered.
  if (again && task.woken == 0 && task.sigpending) return -Errno.EINTR;
  task.real_blocked = task.blocked;
  task.blocked &= ~wanted;
  recalc_sigpending(task);
  task.state = TaskState.INTERRUPTIBLE;
  let result = schedule_hrtimeout(task.done);
  if (result == -Errno.EINTR) stop_waiting_for_signals(task);
  return result;
}

/** True if a task is one that can be sent signals. */
function is_there(task: TaskStruct | null): bool {
  return task !== null && changetype<usize>(task.sighand) != 0;
}

/** Sends a signal to a process, or looks whether that could be done if the signal is 0. */
function kill_process(pid: i32, info: Siginfo): i32 {
  let task = find_task(pid);
  if (!task || !is_there(task)) return -Errno.ESRCH;
  return info.signo ? send_signal_locked(info, task, true) : 0;
}

/** Sends a signal to all processes of a group, or to all but the sender's own. @kernel kill_something_info() */
function kill_many(group: u32, info: Siginfo): i32 {
  let result = -Errno.ESRCH;
  let all = sched().tasks;
  for (let link: ListHead = all.next; link !== all; link = link.next) {
    let task = TaskStruct.of_tasks(link);
    if (!is_there(task) || task.signal.leader !== task) continue;
    if (group ? task.signal.pgrp != group : task.signal === current().signal) continue;
    result = info.signo ? send_signal_locked(info, task, true) : 0;
  }
  return result;
}

/** kill(2): sends a signal to a process or to a group of them. */
export function sys_kill(): i64 {
  let task = current();
  let pid = <i32>task.di;
  let signal = <u32>task.si;
  if (pid == i32.MIN_VALUE) return -Errno.ESRCH;
  let info = prepare_info(signal, SiCode.SI_USER, task.tgid);
  if (pid > 0) {
    if (!valid_signal(signal)) return is_there(find_task(pid)) ? -Errno.EINVAL : -Errno.ESRCH;
    return kill_process(pid, info);
  }
  if (!valid_signal(signal)) return -Errno.EINVAL;
  return kill_many(pid == 0 ? task.signal.pgrp : pid == -1 ? 0 : <u32>-pid, info);
}

/** Sends a signal to one thread. @param tgid its process; 0: any. @kernel do_send_specific(), kernel/signal.c */
function do_send_specific(tgid: i32, pid: i32, info: Siginfo): i64 {
  let task = find_task(pid);
  if (!task || !is_there(task) || (tgid > 0 && <i32>task.tgid != tgid)) return -Errno.ESRCH;
  if (!valid_signal(info.signo)) return -Errno.EINVAL;
  return info.signo ? send_signal_locked(info, task, false) : 0;
}

/** tgkill(2): sends a signal to a thread of a process. */
export function sys_tgkill(): i64 {
  let task = current();
  if (<i32>task.di <= 0 || <i32>task.si <= 0) return -Errno.EINVAL;
  return do_send_specific(<i32>task.di, <i32>task.si, prepare_info(<u32>task.dx, SiCode.SI_TKILL, task.tgid));
}

/** tkill(2): sends a signal to a thread. */
export function sys_tkill(): i64 {
  let task = current();
  if (<i32>task.di <= 0) return -Errno.EINVAL;
  return do_send_specific(0, <i32>task.di, prepare_info(<u32>task.si, SiCode.SI_TKILL, task.tgid));
}

/** rt_sigqueueinfo(2): sends a signal to a process, with a value. */
export function sys_rt_sigqueueinfo(): i64 {
  let task = current();
  let pid = <i32>task.di;
  let at = signals().buffer;
  if (copy_from_user(at, <u64>task.dx, SIGINFO_SIZE)) return -Errno.EFAULT;
  let code = load<i32>(at, 8);
  if ((code >= 0 || code == SiCode.SI_TKILL) && <u32>pid != task.tgid) return -Errno.EPERM;
  if (!valid_signal(<u32>task.si)) return is_there(find_task(pid)) ? -Errno.EINVAL : -Errno.ESRCH;
  let info = prepare_info(<u32>task.si, code, load<u32>(at, 16));
  info.value = load<u64>(at, 24);
  return kill_process(pid, info);
}
