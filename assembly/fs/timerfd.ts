import { CacheType } from "../include/mm_types";
import { Clock, Hrtimer } from "../include/time";
import { Errno } from "../include/errno";
import { File, FileKind, FMode, Poll, PollTable } from "../include/fs";
import { alloc_fops, fs_state } from "./internal";
import { IovIter } from "../include/uio";
import { ListHead } from "../include/list";
import { OpenFlags } from "../include/fcntl";
import { RbNode } from "../include/rbtree_types";
import { TimerfdFlags } from "../include/timerfd";
import { data_ready } from "../include/phase";
import { Tp, enter, leave, trace } from "../include/trace";
import { WaitQueueHead } from "../include/wait";
import { alloc_file, fd_install, fdget, fdput, get_unused_fd_flags, put_unused_fd } from "./file";
import { copy_from_user } from "../mm/uaccess";
import { copy_to_iter } from "../mm/iov_iter";
import { current } from "../kernel/sched";
import { deadline_after, put_timespec, timespec_to_ns } from "../kernel/sys";
import { do_wait_intr_irq, init_waitqueue_head, wake_up_poll } from "../kernel/wait";
import {
  hrtimer_cancel,
  hrtimer_forward_now,
  hrtimer_init,
  hrtimer_start,
  ktime_get,
  run_timers,
} from "../kernel/time";
import { kmem_cache_create, kmem_cache_free, kmem_cache_zalloc } from "../mm/slab";
import { noop_llseek } from "./read_write";
import { poll_wait } from "./select";

/** Size of what is read. Unit: bytes. */
const TICKS_SIZE: u64 = 8;
/** Size of a struct itimerspec. Unit: bytes. */
const ITIMERSPEC_SIZE: usize = 32;
/** What timerfd_settime() takes. @kernel TFD_SETTIME_FLAGS, fs/timerfd.c */
const TFD_SETTIME_FLAGS: u32 = TimerfdFlags.TIMER_ABSTIME | TimerfdFlags.TIMER_CANCEL_ON_SET;

/** A timer that can be waited for. @kernel struct timerfd_ctx, fs/timerfd.c */
@unmanaged
export class TimerfdCtx {
  // struct hrtimer tmr
  tmr_node_parent_color: usize;
  tmr_node_right: RbNode | null;
  tmr_node_left: RbNode | null;
  tmr_func: u16;
  tmr_queued: u8;
  tmr_kind: u8;
  tmr_expires: u64;
  /** The clock that it was made for. Every clock tells the machine's virtual time. */
  clockid: i32;
  /** Time between expirations; 0: it expires once. Unit: ns. */
  tintv: u64;
  /** Expirations since it was read or set. Those of a periodic timer after the first are added when somebody asks. */
  ticks: u64;
  // struct wait_queue_head wqh
  wqh_head_next: ListHead;
  wqh_head_prev: ListHead;
  /** 1 if it has expired and is not waiting for its next time: a periodic timer is started again by whoever asks. */
  expired: u32;
  /** TimerfdFlags that it was set with. */
  settime_flags: u32;

  /** The timer. */
  @embed @inline get tmr(): Hrtimer {
    return changetype<Hrtimer>(changetype<usize>(this) + offsetof<TimerfdCtx>("tmr_node_parent_color"));
  }
  /** Who waits for it to expire. */
  @embed @inline get wqh(): WaitQueueHead {
    return changetype<WaitQueueHead>(changetype<usize>(this) + offsetof<TimerfdCtx>("wqh_head_next"));
  }
  /** container_of(timer, struct timerfd_ctx, tmr). */
  @inline static of_tmr(timer: Hrtimer): TimerfdCtx {
    return changetype<TimerfdCtx>(changetype<usize>(timer) - offsetof<TimerfdCtx>("tmr_node_parent_color"));
  }
}

/** Makes what timerfds need. */
export function timerfd_init(): void {
  let state = fs_state();
  state.timerfd_cache = kmem_cache_create(CacheType.TimerfdCtx, offsetof<TimerfdCtx>(), 8);
  let fops = alloc_fops(FileKind.TIMERFD);
  fops.read_iter = timerfd_read_iter.index;
  fops.poll = timerfd_poll.index;
  fops.release = timerfd_release.index;
  fops.llseek = noop_llseek.index;
  state.timerfd_fops = fops;
}

/** The timer that a file is. */
function file_timerfd(file: File): TimerfdCtx {
  return changetype<TimerfdCtx>(file.private_data);
}

/** A timer expires. It is not started again here, even if it is periodic. @kernel timerfd_tmrproc(), fs/timerfd.c */
function timerfd_tmrproc(timer: Hrtimer): void {
  let ctx = TimerfdCtx.of_tmr(timer);
  enter(Tp.timerfd_tmrproc, changetype<usize>(ctx), 0, 0);
  ctx.expired = 1;
  ctx.ticks++;
  data_ready(changetype<usize>(ctx), TICKS_SIZE);
  wake_up_poll(ctx.wqh, Poll.IN);
  leave(0);
}

/**
 * Makes up for a periodic timer that has expired: counts the times that it was not there for, and starts it for its
 * next one.
 *
 * @kernel timerfd_read_iter(), do_timerfd_gettime(), fs/timerfd.c
 */
function catch_up(ctx: TimerfdCtx): void {
  if (!ctx.expired || !ctx.tintv) return;
  ctx.expired = 0;
  let periods = hrtimer_forward_now(ctx.tmr, ctx.tintv);
  ctx.ticks += periods - 1;
  hrtimer_start(ctx.tmr, ctx.tmr.expires);
  trace(Tp.timerfd_forward, changetype<usize>(ctx), <usize>min<u64>(periods, u32.MAX_VALUE), 0);
}

/**
 * Takes the number of expirations; waits while it is 0.
 *
 * @returns  8; -EINVAL if the buffer is too small; -EAGAIN; -EFAULT, and the number is lost; SLEEPING.
 * @kernel timerfd_read_iter(), fs/timerfd.c
 */
function timerfd_read_iter(file: File, iter: IovIter): i64 {
  let ctx = file_timerfd(file);
  enter(Tp.timerfd_read_iter, changetype<usize>(ctx), 0, 0);
  if (iter.count < TICKS_SIZE) return leave<i64>(-Errno.EINVAL);
  if (!ctx.ticks) {
    if (file.f_flags & OpenFlags.NONBLOCK && !current().restarting) return leave<i64>(-Errno.EAGAIN);
    return leave(do_wait_intr_irq(ctx.wqh));
  }
  catch_up(ctx);
  let at = fs_state().words;
  store<u64>(at, ctx.ticks);
  ctx.expired = 0;
  ctx.ticks = 0;
  return leave<i64>(copy_to_iter(at, <usize>TICKS_SIZE, iter) == <usize>TICKS_SIZE ? TICKS_SIZE : -Errno.EFAULT);
}

/** What is true of a timer now. @kernel timerfd_poll(), fs/timerfd.c */
function timerfd_poll(file: File, table: PollTable | null): u32 {
  let ctx = file_timerfd(file);
  enter(Tp.timerfd_poll, changetype<usize>(ctx), 0, 0);
  poll_wait(file, ctx.wqh, table);
  return leave<u32>(ctx.ticks ? Poll.IN : 0);
}

/** The last reference to a timerfd is gone. @kernel timerfd_release(), fs/timerfd.c */
function timerfd_release(file: File): i32 {
  let ctx = file_timerfd(file);
  enter(Tp.timerfd_release, changetype<usize>(ctx), 0, 0);
  hrtimer_cancel(ctx.tmr);
  kmem_cache_free(fs_state().timerfd_cache, changetype<usize>(ctx));
  return leave(0);
}

/** Whether a timer can go by a clock. */
function is_timer_clock(clockid: i32): bool {
  return (
    clockid == Clock.REALTIME ||
    clockid == Clock.MONOTONIC ||
    clockid == Clock.BOOTTIME ||
    clockid == Clock.REALTIME_ALARM ||
    clockid == Clock.BOOTTIME_ALARM
  );
}

/** timerfd_create(2). */
export function sys_timerfd_create(): i64 {
  let clockid = <i32>current().di;
  let flags = <u32>current().si;
  enter(Tp.timerfd_create, clockid, flags, 0);
  if (flags & ~(TimerfdFlags.NONBLOCK | TimerfdFlags.CLOEXEC)) return leave<i64>(-Errno.EINVAL);
  if (!is_timer_clock(clockid)) return leave<i64>(-Errno.EINVAL);
  let cache = fs_state().timerfd_cache;
  let address = kmem_cache_zalloc(cache);
  if (!address) return leave<i64>(-Errno.ENOMEM);
  let ctx = changetype<TimerfdCtx>(address);
  init_waitqueue_head(ctx.wqh);
  hrtimer_init(ctx.tmr, timerfd_tmrproc.index);
  ctx.clockid = clockid;
  let fd = get_unused_fd_flags(flags & OpenFlags.CLOEXEC);
  if (fd < 0) {
    kmem_cache_free(cache, address);
    return leave<i64>(fd);
  }
  let file_flags = OpenFlags.RDWR | (flags & OpenFlags.NONBLOCK);
  let file = alloc_file(fs_state().timerfd_fops, file_flags, FMode.READ | FMode.WRITE, address);
  if (!file) {
    put_unused_fd(fd);
    kmem_cache_free(cache, address);
    return leave<i64>(-Errno.ENOMEM);
  }
  fd_install(fd, file);
  return leave<i64>(fd);
}

/** How long until a timer expires; 0 if it has expired or is not set. Unit: ns. */
function timerfd_get_remaining(ctx: TimerfdCtx): u64 {
  let now = ktime_get();
  return ctx.tmr.expires > now ? ctx.tmr.expires - now : 0;
}

/** Sets a timer. @param value time or span, as the flags say; 0: it does not expire. Unit: ns. @kernel timerfd_setup() */
function timerfd_setup(ctx: TimerfdCtx, flags: u32, value: u64, interval: u64): void {
  ctx.expired = 0;
  ctx.ticks = 0;
  ctx.tintv = interval;
  ctx.settime_flags = flags;
  ctx.tmr.expires = 0;
  if (!value) return;
  // It tells how long it has yet to go also if that is for ever.
  ctx.tmr.expires = flags & TimerfdFlags.TIMER_ABSTIME ? value : deadline_after(value);
  hrtimer_start(ctx.tmr, ctx.tmr.expires);
  // One that is due already interrupts before the call is over.
  run_timers();
}

/** Writes when a timer expires and how often to a struct itimerspec. Unit: ns. @returns 0 or -EFAULT. */
function put_itimerspec(interval: u64, value: u64, to: u64): i32 {
  return put_timespec(interval, to) | put_timespec(value, to + 16) ? -Errno.EFAULT : 0;
}

/** The timer of a descriptor is set. @returns 0, -EBADF, -EINVAL, -EFAULT. @kernel do_timerfd_settime(), fs/timerfd.c */
function do_timerfd_settime(file: File, flags: u32, interval: u64, value: u64, old: u64): i32 {
  if (file.f_op.kind != FileKind.TIMERFD) return -Errno.EINVAL;
  let ctx = file_timerfd(file);
  enter(Tp.do_timerfd_settime, changetype<usize>(ctx), <usize>min<u64>(value, u32.MAX_VALUE), flags);
  hrtimer_cancel(ctx.tmr);
  // The next time of one that has expired is only told: it is not started again.
  if (ctx.expired && ctx.tintv) hrtimer_forward_now(ctx.tmr, ctx.tintv);
  let old_value = timerfd_get_remaining(ctx);
  let old_interval = ctx.tintv;
  timerfd_setup(ctx, flags, value, interval);
  return leave(old ? put_itimerspec(old_interval, old_value, old) : 0);
}

/** timerfd_settime(2). */
export function sys_timerfd_settime(): i64 {
  let task = current();
  let at = fs_state().words;
  if (copy_from_user(at, task.dx, ITIMERSPEC_SIZE)) return -Errno.EFAULT;
  let interval = timespec_to_ns(load<i64>(at), load<i64>(at, 8));
  let value = timespec_to_ns(load<i64>(at, 16), load<i64>(at, 24));
  let flags = <u32>task.si;
  if (flags & ~TFD_SETTIME_FLAGS || interval < 0 || value < 0) return -Errno.EINVAL;
  let file = fdget(<i32>task.di);
  if (!file) return -Errno.EBADF;
  return fdput(file, do_timerfd_settime(file, flags, interval, value, task.r10));
}

/** When the timer of a descriptor expires is told. @returns 0, -EINVAL, -EFAULT. @kernel do_timerfd_gettime() */
function do_timerfd_gettime(file: File, to: u64): i32 {
  if (file.f_op.kind != FileKind.TIMERFD) return -Errno.EINVAL;
  let ctx = file_timerfd(file);
  enter(Tp.do_timerfd_gettime, changetype<usize>(ctx), 0, 0);
  catch_up(ctx);
  return leave(put_itimerspec(ctx.tintv, timerfd_get_remaining(ctx), to));
}

/** timerfd_gettime(2). */
export function sys_timerfd_gettime(): i64 {
  let task = current();
  let file = fdget(<i32>task.di);
  return file ? fdput(file, do_timerfd_gettime(file, task.si)) : -Errno.EBADF;
}
