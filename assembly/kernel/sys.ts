import { CloneFlags, TaskState, TaskStruct } from "../include/sched";
import { Errno } from "../include/errno";
import { KTIME_MAX, NSEC_PER_SEC } from "../include/time";
import { Signal } from "../include/signal";
import { Tp, enter, leave } from "../include/trace";
import { copy_from_user, put_user_u64 } from "../mm/uaccess";
import { copy_process } from "./fork";
import { is_restart_block, restart_until } from "./signal";
import { current, schedule_hrtimeout, sched } from "./sched";
import { kernel } from "../include/kernel";
import { ktime_get } from "./time";
import { kfree, kmalloc } from "../mm/slab";

/*
 * System calls of tasks and time. As all system calls they take their arguments from the registers of the task that
 * runs, and return a value >= 0, -errno, or SLEEPING.
 */

/** Bits of clone() that this kernel knows how to follow; the others have no effect on I/O and are let pass. */
const CLONE_SHARE: u32 = CloneFlags.VM | CloneFlags.FS | CloneFlags.FILES | CloneFlags.SIGHAND | CloneFlags.THREAD;

/** The signal that tells the parent of the end. */
const CSIGNAL: u32 = 0xff;

/** clone(2): makes a task that shares what the flags say. */
export function sys_clone(): i64 {
  let flags = (<u32>current().di) & (CLONE_SHARE | CSIGNAL);
  if (flags & CloneFlags.THREAD && !(flags & CloneFlags.SIGHAND)) return -Errno.EINVAL;
  if (flags & CloneFlags.SIGHAND && !(flags & CloneFlags.VM)) return -Errno.EINVAL;
  return copy_process(current(), flags, current().adopted != 0);
}

/** fork(2): makes a task with copies of everything. */
export function sys_fork(): i64 {
  return copy_process(current(), Signal.SIGCHLD, current().adopted != 0);
}

/** getpid(2). */
export function sys_getpid(): i64 {
  return current().tgid;
}

/** gettid(2). */
export function sys_gettid(): i64 {
  return current().pid;
}

/** sched_yield(2): the others go first. */
export function sys_sched_yield(): i64 {
  enter(Tp.do_sched_yield, changetype<usize>(current()), 0, 0);
  if (sched().nr_running) kernel.cpu.need_resched = 1;
  return leave(0);
}

/**
 * A time in struct timespec at a user address, in ns.
 *
 * @returns  ns, at most KTIME_MAX; -EFAULT, -EINVAL.
 */
export function get_timespec(address: u64): i64 {
  let at = kmalloc(16);
  if (!at) return -Errno.ENOMEM;
  let missing = copy_from_user(at, address, 16);
  let seconds = load<i64>(at);
  let nanoseconds = load<i64>(at, 8);
  kfree(at);
  return missing ? -Errno.EFAULT : timespec_to_ns(seconds, nanoseconds);
}

/** A time of two parts in ns. @returns at most KTIME_MAX; -EINVAL. @kernel timespec64_valid(), linux/time64.h */
export function timespec_to_ns(seconds: i64, nanoseconds: i64): i64 {
  if (seconds < 0 || nanoseconds < 0 || nanoseconds >= <i64>NSEC_PER_SEC) return -Errno.EINVAL;
  if (seconds >= <i64>(KTIME_MAX / NSEC_PER_SEC)) return <i64>KTIME_MAX;
  return seconds * <i64>NSEC_PER_SEC + nanoseconds;
}

/** When a time span that begins now ends; KTIME_MAX if that is never. Unit: ns since boot. */
export function deadline_after(duration: u64): u64 {
  let now = ktime_get();
  return duration >= KTIME_MAX - now ? KTIME_MAX : now + duration;
}

/** nanosleep(2): sleeps for a time. */
export function sys_nanosleep(): i64 {
  let task = current();
  if (task.restarting) return task.timed_out ? 0 : sleep_on_alarm(task);
  let duration = get_timespec(<u64>task.di);
  if (duration < 0) return duration;
  enter(Tp.hrtimer_nanosleep, <usize>duration, 0, 0);
  task.done = is_restart_block() ? task.restart_expires : deadline_after(duration);
  return leave(sleep_on_alarm(task));
}

/** The task that runs sleeps on nothing but its alarm; if a signal interrupts it, it is told the time that is left. */
function sleep_on_alarm(task: TaskStruct): i64 {
  task.state = TaskState.INTERRUPTIBLE;
  let result = schedule_hrtimeout(task.done);
  if (result != -Errno.EINTR) return result;
  let rest = <u64>task.si;
  let left = task.done - min(task.done, ktime_get());
  if (rest && put_timespec(left, rest)) return -Errno.EFAULT;
  return restart_until(task.done);
}

/** Writes a time to a struct timespec at a user address. Unit: ns. @returns 0 or -EFAULT. */
export function put_timespec(time: u64, to: u64): i32 {
  return put_user_u64(time / NSEC_PER_SEC, to) | put_user_u64(time % NSEC_PER_SEC, to + 8);
}

/** The clocks that every machine has: CLOCK_REALTIME to CLOCK_BOOTTIME, and CLOCK_TAI. @kernel include/uapi/linux/time.h */
function is_clock(clock: i32): bool {
  return (clock >= 0 && clock <= 7) || clock == 11;
}

/** clock_gettime(2): every clock tells the virtual time. */
export function sys_clock_gettime(): i64 {
  let task = current();
  if (!is_clock(<i32>task.di)) return -Errno.EINVAL;
  return put_timespec(ktime_get(), <u64>task.si) ? -Errno.EFAULT : 0;
}
