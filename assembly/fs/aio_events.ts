import { Errno } from "../include/errno";
import { KTIME_MAX, NSEC_PER_SEC } from "../include/time";
import { Kioctx } from "../include/aio";
import { SLEEPING, TaskState, TaskStruct } from "../include/sched";
import { Tp, enter, leave } from "../include/trace";
import { aio_read_events_ring } from "./aio_ring";
import { current, schedule_hrtimeout, signal_pending } from "../kernel/sched";
import { deadline_after } from "../kernel/sys";
import { fs_state } from "./internal";
import { get_user_words } from "../mm/uaccess";
import { prepare_to_wait } from "../kernel/wait";
import { lookup_ioctx } from "./aio";
import { put_ioctx } from "./aio_kiocb";
import { restore_saved_sigmask_unless, set_user_sigmask } from "../kernel/signal";

/** The deadline of a call that is not to sleep at all. */
const NEVER_SLEEP: u64 = 0;
/** A time that cannot be read. */
const NO_TIME: u64 = u64.MAX_VALUE;
/** Size of an event. Unit: bytes. */
const EVENT_SIZE: u64 = 32;

/*
 * What outlasts a sleep: the context in TaskStruct.kept, the deadline in done, the number of events that were taken so
 * far in the walk's count; TaskStruct.reserved tells wake_waiters() how many more are waited for.
 */

/**
 * When a call is over that is given a time at a user address. Nothing about the time is looked at: a negative one never
 * comes.
 *
 * @returns  ns since boot; KTIME_MAX: never; NEVER_SLEEP; NO_TIME: it cannot be read.
 */
function deadline_of(address: u64): u64 {
  if (!address) return KTIME_MAX;
  let at = fs_state().words;
  if (get_user_words(at, address, 16)) return NO_TIME;
  let seconds = load<i64>(at);
  let nanoseconds = load<i64>(at, 8);
  if (!seconds && !nanoseconds) return NEVER_SLEEP;
  if (seconds >= <i64>(KTIME_MAX / NSEC_PER_SEC) || seconds < -(<i64>(KTIME_MAX / NSEC_PER_SEC))) return KTIME_MAX;
  let duration = seconds * <i64>NSEC_PER_SEC + nanoseconds;
  if (!duration) return NEVER_SLEEP;
  return duration < 0 ? KTIME_MAX : deadline_after(duration);
}

/**
 * Takes what events there are, on top of those that the call has taken before.
 *
 * @returns  whether the call is over. @kernel aio_read_events(), fs/aio.c
 */
function aio_read_events(ctx: Kioctx, task: TaskStruct, min_nr: i64, nr: i64): bool {
  let got = <i64>task.iter.count;
  let result = aio_read_events_ring(ctx, <u64>task.r10 + <u64>got * EVENT_SIZE, nr - got);
  if (result > 0) got += result;
  if (ctx.dead) result = -Errno.EINVAL;
  if (!got) got = result;
  task.iter.count = got;
  return result < 0 || got >= min_nr;
}

/** The task that runs sleeps until there are as many events as it still wants. */
function wait_for_events(ctx: Kioctx, task: TaskStruct, min_nr: i64): i64 {
  task.kept = changetype<usize>(ctx);
  task.reserved = <i32>min<i64>(min_nr - <i64>task.iter.count, i32.MAX_VALUE);
  prepare_to_wait(ctx.wait, TaskState.INTERRUPTIBLE);
  return schedule_hrtimeout(task.done);
}

/**
 * Takes events; waits until there are enough, the time is over or a signal comes.
 *
 * @returns  number of events; -EFAULT, -EINVAL; SLEEPING. @kernel read_events(), fs/aio.c
 */
function read_events(ctx: Kioctx, task: TaskStruct, min_nr: i64, nr: i64): i64 {
  enter(Tp.read_events, changetype<usize>(ctx), <usize>min_nr, <usize>nr);
  let over = aio_read_events(ctx, task, min_nr, nr);
  over = over || task.done == NEVER_SLEEP || task.timed_out != 0 || signal_pending(task);
  if (!over && wait_for_events(ctx, task, min_nr) == SLEEPING) return leave(SLEEPING);
  return leave<i64>(task.iter.count);
}

/** io_getevents() and io_pgetevents(), with the deadline in TaskStruct.done. @kernel do_io_getevents(), fs/aio.c */
function do_io_getevents(task: TaskStruct): i64 {
  let min_nr = task.si;
  let nr = task.dx;
  let ctx = task.restarting ? changetype<Kioctx | null>(task.kept) : lookup_ioctx(task.di);
  if (!ctx) return -Errno.EINVAL;
  if (!task.restarting) task.iter.count = 0;
  let result = min_nr <= nr && min_nr >= 0 ? read_events(ctx, task, min_nr, nr) : -Errno.EINVAL;
  if (result == SLEEPING) return result;
  task.kept = 0;
  put_ioctx(ctx);
  return result;
}

/** io_getevents(2). */
export function sys_io_getevents(): i64 {
  let task = current();
  if (!task.restarting) {
    task.done = deadline_of(task.r8);
    if (task.done == NO_TIME) return -Errno.EFAULT;
  }
  let result = do_io_getevents(task);
  return !result && signal_pending(task) ? -Errno.EINTR : result;
}

/** What io_pgetevents(2) is given as its sixth argument is looked at, and the signal mask is set. @returns 0 or -errno. */
function set_packed_sigmask(pack: u64): i32 {
  let at = fs_state().words;
  if (!pack) return 0;
  return get_user_words(at, pack, 16) ? -Errno.EFAULT : set_user_sigmask(load<u64>(at), load<i64>(at, 8));
}

/** io_pgetevents(2). The sixth argument points at the address and the size of a set of signals. */
export function sys_io_pgetevents(): i64 {
  let task = current();
  if (!task.restarting) {
    task.done = deadline_of(task.r8);
    if (task.done == NO_TIME) return -Errno.EFAULT;
    let error = set_packed_sigmask(task.r9);
    if (error) return error;
  }
  let result = do_io_getevents(task);
  if (result == SLEEPING) return result;
  let interrupted = signal_pending(task);
  restore_saved_sigmask_unless(interrupted);
  return interrupted && !result ? -Errno.ERESTARTNOHAND : result;
}
