import { Errno } from "../include/errno";
import { KTIME_MAX, NSEC_PER_SEC, NSEC_PER_USEC, USEC_PER_SEC } from "../include/time";
import { NEVER_SLEEP } from "./poll_wqueues";
import { SLEEPING } from "../include/sched";
import { current } from "../kernel/sched";
import { deadline_after, put_timespec } from "../kernel/sys";
import { fs_state } from "./internal";
import { copy_from_user, put_user_u64 } from "../mm/uaccess";
import { restore_saved_sigmask_unless } from "../kernel/signal";
import { ktime_get } from "../kernel/time";

/** How a program writes the time that a call may take. @kernel enum poll_time_type, fs/select.c */
export enum TimeoutKind {
  /** struct timeval: seconds and microseconds. */
  TIMEVAL,
  /** struct timespec: seconds and nanoseconds. */
  TIMESPEC,
}

/**
 * When a call that begins now has to end at the latest.
 *
 * @param duration  ns; 0: the call is not to sleep at all.
 * @returns         ns since boot; NEVER_SLEEP.
 * @kernel poll_select_set_timeout(), fs/select.c
 */
export function poll_select_set_timeout(duration: u64): u64 {
  return duration ? deadline_after(duration) : NEVER_SLEEP;
}

/**
 * A time in struct timeval at a user address, in ns. More than a million microseconds become seconds first.
 *
 * @returns  ns, at most KTIME_MAX; -EFAULT, -EINVAL.
 */
export function get_timeval(address: u64): i64 {
  let at = fs_state().words;
  if (copy_from_user(at, address, 16)) return -Errno.EFAULT;
  let microseconds = load<i64>(at, 8);
  let seconds = load<i64>(at) + microseconds / <i64>USEC_PER_SEC;
  microseconds %= <i64>USEC_PER_SEC;
  if (seconds < 0 || microseconds < 0) return -Errno.EINVAL;
  if (seconds >= <i64>(KTIME_MAX / NSEC_PER_SEC)) return <i64>KTIME_MAX;
  return seconds * <i64>NSEC_PER_SEC + microseconds * <i64>NSEC_PER_USEC;
}

/** Writes a time to a struct timeval at a user address. Unit: ns. @returns 0 or -EFAULT. */
function put_timeval(time: u64, to: u64): i32 {
  let microseconds = (time % NSEC_PER_SEC) / NSEC_PER_USEC;
  return put_user_u64(time / NSEC_PER_SEC, to) | put_user_u64(microseconds, to + 8);
}

/**
 * The end of select(), pselect6() and ppoll(), whose deadline is in TaskStruct.done: tells the program how much of its
 * time is left, even if the call failed. A program whose time cannot be written is not told that, but the call is not
 * made again either.
 *
 * @param to      user address of the program's time; 0: it gave none.
 * @param result  what the call returns, or SLEEPING: then nothing is done.
 * @returns       the result.
 * @kernel poll_select_finish(), fs/select.c
 */
export function poll_select_finish(to: u64, kind: TimeoutKind, result: i64): i64 {
  if (result == SLEEPING) return result;
  restore_saved_sigmask_unless(result == -Errno.ERESTARTNOHAND);
  let deadline = current().done;
  // Of a time that never ends nothing has passed.
  if (!to || deadline == NEVER_SLEEP || deadline == KTIME_MAX) return result;
  let left = deadline - min(deadline, ktime_get());
  let error = kind == TimeoutKind.TIMEVAL ? put_timeval(left, to) : put_timespec(left, to);
  return error && result == -Errno.ERESTARTNOHAND ? -Errno.EINTR : result;
}
