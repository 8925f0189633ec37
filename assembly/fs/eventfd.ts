import { CacheType } from "../include/mm_types";
import { Errno } from "../include/errno";
import { EventfdFlags } from "../include/eventfd";
import { File, FileKind, FMode, Poll, PollTable } from "../include/fs";
import { IovIter } from "../include/uio";
import { ListHead } from "../include/list";
import { OpenFlags } from "../include/fcntl";
import { data_ready } from "../include/phase";
import { Tp, enter, leave, trace } from "../include/trace";
import { WaitQueueHead } from "../include/wait";
import { FsState, alloc_fops, fs_state } from "./internal";
import { alloc_file, fd_install, get_unused_fd_flags, put_unused_fd } from "./file";
import { do_wait_intr_irq, init_waitqueue_head, wake_up_poll } from "../kernel/wait";
import { copy_from_iter, copy_to_iter } from "../mm/iov_iter";
import { current } from "../kernel/sched";
import { kmem_cache_alloc, kmem_cache_create, kmem_cache_free } from "../mm/slab";
import { noop_llseek } from "./read_write";
import { poll_wait } from "./select";

/** Size of what is read and written. Unit: bytes. */
const COUNTER_SIZE: u64 = 8;
/** What the counter cannot reach by writing. */
const ULLONG_MAX: u64 = u64.MAX_VALUE;

/** A counter that can be waited for. @kernel struct eventfd_ctx, fs/eventfd.c */
@unmanaged
export class EventfdCtx {
  // struct wait_queue_head wqh
  wqh_head_next: ListHead;
  wqh_head_prev: ListHead;
  /** The counter. Writing adds to it, reading takes it; reading waits while it is 0. */
  count: u64;
  /** EventfdFlags. */
  flags: u32;
  /** Number of references: its file, and requests of asynchronous input and output that add to it when they are done. */
  kref: u32;

  /** Who waits for the counter to change, readers and writers alike. */
  @embed @inline get wqh(): WaitQueueHead {
    return changetype<WaitQueueHead>(changetype<usize>(this) + offsetof<EventfdCtx>("wqh_head_next"));
  }
}

/** Makes what eventfds need. */
export function eventfd_init(): void {
  let state = fs_state();
  state.eventfd_cache = kmem_cache_create(CacheType.EventfdCtx, offsetof<EventfdCtx>(), 8);
  let fops = alloc_fops(FileKind.EVENTFD);
  fops.read_iter = eventfd_read.index;
  fops.write_iter = eventfd_write.index;
  fops.poll = eventfd_poll.index;
  fops.release = eventfd_release.index;
  fops.llseek = noop_llseek.index;
  state.eventfd_fops = fops;
}

/** The counter that a file is. */
function file_eventfd(file: File): EventfdCtx {
  return changetype<EventfdCtx>(file.private_data);
}

/** Where the number lies that is on its way between a program and a counter. */
function ucnt(): usize {
  return changetype<usize>(fs_state()) + offsetof<FsState>("ucnt");
}

/** Sets the counter and tells those who wait. */
function set_count(ctx: EventfdCtx, count: u64, key: u32): void {
  ctx.count = count;
  trace(Tp.eventfd_count, changetype<usize>(ctx), <usize>min<u64>(count, u32.MAX_VALUE), 0);
  if (key & Poll.IN && count) data_ready(changetype<usize>(ctx), COUNTER_SIZE);
  wake_up_poll(ctx.wqh, key);
}

/**
 * Takes the counter, or 1 of a semaphore; waits while it is 0.
 *
 * @returns  8; -EINVAL if the buffer is too small; -EAGAIN; -EFAULT, and what was taken is lost; SLEEPING.
 * @kernel eventfd_read(), fs/eventfd.c
 */
function eventfd_read(file: File, iter: IovIter): i64 {
  let ctx = file_eventfd(file);
  enter(Tp.eventfd_read, changetype<usize>(ctx), 0, 0);
  if (iter.count < COUNTER_SIZE) return leave<i64>(-Errno.EINVAL);
  let count = ctx.count;
  if (!count) {
    // What counts is how the file was when the call began.
    if (file.f_flags & OpenFlags.NONBLOCK && !current().restarting) return leave<i64>(-Errno.EAGAIN);
    return leave(do_wait_intr_irq(ctx.wqh));
  }
  let taken = ctx.flags & EventfdFlags.SEMAPHORE ? 1 : count;
  set_count(ctx, count - taken, Poll.OUT);
  store<u64>(ucnt(), taken);
  let copied = copy_to_iter(ucnt(), <usize>COUNTER_SIZE, iter);
  return leave<i64>(copied == <usize>COUNTER_SIZE ? COUNTER_SIZE : -Errno.EFAULT);
}

/** Length of the buffer that is next in the walk. Only at the beginning it may be 0: later empty ones are passed over. */
function next_length(iter: IovIter): u64 {
  let length = iter.segment_left;
  let end = iter.iov + ((<usize>iter.nr_segs) << 4);
  for (let at = iter.iov; !length && at < end; at += 16) {
    length = load<u64>(at, 8);
    if (!iter.pos) break;
  }
  return length;
}

/** Takes the number to add from the next buffer, to TaskStruct.done. @returns 0, -EINVAL, -EFAULT. */
function take_number(iter: IovIter): i32 {
  if (next_length(iter) != COUNTER_SIZE) return -Errno.EINVAL;
  if (copy_from_iter(ucnt(), <usize>COUNTER_SIZE, iter) != <usize>COUNTER_SIZE) return -Errno.EFAULT;
  let number = load<u64>(ucnt());
  current().done = number;
  return number == ULLONG_MAX ? -Errno.EINVAL : 0;
}

/**
 * Adds to the counter; waits while it would overflow. Several buffers are several numbers. What earlier buffers have
 * brought in is noted in the walk's position.
 *
 * @returns  bytes; -EINVAL, -EFAULT, -EAGAIN if nothing could be added; SLEEPING.
 * @kernel eventfd_write(), fs/eventfd.c
 */
function eventfd_write(file: File, iter: IovIter): i64 {
  let ctx = file_eventfd(file);
  let task = current();
  enter(Tp.eventfd_write, changetype<usize>(ctx), 0, 0);
  let taken = task.restarting != 0;
  do {
    let error = taken ? 0 : take_number(iter);
    taken = false;
    if (!error && ULLONG_MAX - ctx.count <= task.done) {
      if (!(file.f_flags & OpenFlags.NONBLOCK) || current().restarting) return leave(do_wait_intr_irq(ctx.wqh));
      error = -Errno.EAGAIN;
    }
    if (error) return leave<i64>(iter.pos ? iter.pos : error);
    set_count(ctx, ctx.count + task.done, Poll.IN);
    iter.pos += COUNTER_SIZE;
  } while (iter.count);
  return leave(iter.pos);
}

/** What is true of a counter now. @kernel eventfd_poll(), fs/eventfd.c */
function eventfd_poll(file: File, table: PollTable | null): u32 {
  let ctx = file_eventfd(file);
  enter(Tp.eventfd_poll, changetype<usize>(ctx), 0, 0);
  poll_wait(file, ctx.wqh, table);
  let events: u32 = 0;
  if (ctx.count > 0) events |= Poll.IN;
  if (ctx.count == ULLONG_MAX) events |= Poll.ERR;
  if (ctx.count < ULLONG_MAX - 1) events |= Poll.OUT;
  return leave(events);
}

/** The last reference to an eventfd is gone. @kernel eventfd_release(), fs/eventfd.c */
function eventfd_release(file: File): i32 {
  let ctx = file_eventfd(file);
  enter(Tp.eventfd_release, changetype<usize>(ctx), 0, 0);
  wake_up_poll(ctx.wqh, Poll.HUP);
  eventfd_ctx_put(ctx);
  return leave(0);
}

/** The counter behind a file, with a reference; null if the file is none. @kernel eventfd_ctx_fileget(), fs/eventfd.c */
export function eventfd_ctx_fileget(file: File): EventfdCtx | null {
  if (file.f_op.kind != FileKind.EVENTFD) return null;
  let ctx = file_eventfd(file);
  ctx.kref++;
  return ctx;
}

/** Gives up a reference to a counter. @kernel eventfd_ctx_put(), fs/eventfd.c */
export function eventfd_ctx_put(ctx: EventfdCtx): void {
  if (!--ctx.kref) kmem_cache_free(fs_state().eventfd_cache, changetype<usize>(ctx));
}

/** The kernel itself adds 1 to a counter, unless it is full. @kernel eventfd_signal(), include/linux/eventfd.h */
export function eventfd_signal(ctx: EventfdCtx): void {
  eventfd_signal_mask(ctx, 0);
}

/** The same, with further bits of the key for those who wait. @kernel eventfd_signal_mask(), fs/eventfd.c */
export function eventfd_signal_mask(ctx: EventfdCtx, mask: u32): void {
  enter(Tp.eventfd_signal, changetype<usize>(ctx), 0, 0);
  set_count(ctx, ctx.count < ULLONG_MAX ? ctx.count + 1 : ctx.count, Poll.IN | mask);
  leave(0);
}

/** Makes an eventfd. @returns its descriptor; -EINVAL, -ENOMEM, -EMFILE. @kernel do_eventfd(), fs/eventfd.c */
function do_eventfd(count: u32, flags: u32): i64 {
  enter(Tp.do_eventfd, count, flags, 0);
  if (flags & ~(EventfdFlags.SEMAPHORE | EventfdFlags.NONBLOCK | EventfdFlags.CLOEXEC)) return leave(-Errno.EINVAL);
  let cache = fs_state().eventfd_cache;
  let address = kmem_cache_alloc(cache);
  if (!address) return leave(-Errno.ENOMEM);
  let ctx = changetype<EventfdCtx>(address);
  init_waitqueue_head(ctx.wqh);
  ctx.count = count;
  ctx.flags = flags;
  ctx.kref = 1;
  let fd = get_unused_fd_flags(flags & OpenFlags.CLOEXEC);
  if (fd < 0) {
    kmem_cache_free(cache, address);
    return leave(fd);
  }
  let file_flags = OpenFlags.RDWR | (flags & OpenFlags.NONBLOCK);
  let file = alloc_file(fs_state().eventfd_fops, file_flags, FMode.READ | FMode.WRITE, address);
  if (!file) {
    put_unused_fd(fd);
    kmem_cache_free(cache, address);
    return leave(-Errno.ENOMEM);
  }
  fd_install(fd, file);
  return leave(fd);
}

/** eventfd(2), the system call without flags. */
export function sys_eventfd(): i64 {
  return do_eventfd(<u32>current().di, 0);
}

/** eventfd(2), as the library function makes it. */
export function sys_eventfd2(): i64 {
  let task = current();
  return do_eventfd(<u32>task.di, <u32>task.si);
}
