import { Errno } from "../include/errno";
import { EventfdCtx, eventfd_ctx_fileget, eventfd_ctx_put } from "../fs/eventfd";
import { IoMappedUbuf, IoRingCtx } from "../include/io_uring";
import { PAGE_SHIFT, PAGE_SIZE, virt_to_page } from "../include/mm_types";
import { SLEEPING } from "../include/sched";
import { current } from "../kernel/sched";
import { files_lookup_fd } from "../fs/fdtable";
import { get_user_words } from "../mm/uaccess";
import { io_sqe_files_unregister } from "./filetable";
import { io_uring_state } from "./cqring";
import { kfree, kmalloc, kzalloc } from "../mm/slab";
import { pin_user_page } from "../mm/gup";
import { put_page } from "../mm/page_alloc";

/*
 * What a program registers so that it need not be looked up and held for every request: buffers, whose frames are held;
 * an eventfd that is told of completions.
 */

/** Most buffers that can be registered. */
const MOST_BUFFERS: u32 = 1 << 14;

/** Gives a reference to a buffer up; with the last one its frames go back. @kernel io_buffer_unmap(), io_uring/rsrc.c */
export function io_buffer_unmap(imu: IoMappedUbuf): void {
  if (--imu.refs) return;
  for (let i: u32 = 0; i < imu.nr_bvecs; i++) {
    let frame = (<usize>load<u64>(imu.bvec + ((<usize>i) << 4))) & ~(PAGE_SIZE - 1);
    put_page(virt_to_page(frame));
  }
  kfree(changetype<usize>(imu));
}

/** Holds the frames of a buffer. @returns the IoMappedUbuf, -EFAULT, -ENOMEM. @kernel io_sqe_buffer_register() */
function io_sqe_buffer_register(base: u64, length: u64): i64 {
  if (!base || !length || length > 0x4000_0000) return -Errno.EFAULT;
  let pages = <u32>(((base + length + PAGE_SIZE - 1) >> PAGE_SHIFT) - (base >> PAGE_SHIFT));
  let at = kmalloc(offsetof<IoMappedUbuf>() + ((<usize>pages) << 4));
  if (!at) return -Errno.ENOMEM;
  let imu = changetype<IoMappedUbuf>(at);
  imu.ubuf = base;
  imu.len = length;
  imu.nr_bvecs = 0;
  imu.refs = 1;
  let address = base;
  while (imu.nr_bvecs < pages) {
    let frame = pin_user_page(address, true);
    if (frame < 0) {
      io_buffer_unmap(imu);
      return frame == SLEEPING ? -Errno.EAGAIN : frame;
    }
    let offset = address & (PAGE_SIZE - 1);
    let part = min<u64>(PAGE_SIZE - offset, base + length - address);
    let slot = imu.bvec + ((<usize>imu.nr_bvecs) << 4);
    store<u64>(slot, <u64>frame + offset);
    store<u64>(slot, part, 8);
    imu.nr_bvecs++;
    address += part;
  }
  return <i64>at;
}

/** Gives all registered buffers back. @returns 0, -ENXIO. @kernel io_sqe_buffers_unregister(), io_uring/rsrc.c */
export function io_sqe_buffers_unregister(ctx: IoRingCtx): i32 {
  if (!ctx.user_bufs) return -Errno.ENXIO;
  for (let i: u32 = 0; i < ctx.nr_user_bufs; i++) {
    let imu = load<usize>(ctx.user_bufs + ((<usize>i) << 2));
    if (imu) io_buffer_unmap(changetype<IoMappedUbuf>(imu));
  }
  kfree(ctx.user_bufs);
  ctx.user_bufs = 0;
  ctx.nr_user_bufs = 0;
  return 0;
}

/** Registers an array of struct iovec. @returns 0 or -errno. @kernel io_sqe_buffers_register(), io_uring/rsrc.c */
export function io_sqe_buffers_register(ctx: IoRingCtx, iovecs: u64, count: u32): i32 {
  if (ctx.user_bufs) return -Errno.EBUSY;
  if (!count || count > MOST_BUFFERS) return -Errno.EINVAL;
  ctx.user_bufs = kzalloc((<usize>count) << 2);
  if (!ctx.user_bufs) return -Errno.ENOMEM;
  ctx.nr_user_bufs = count;
  let at = io_uring_state().scratch;
  for (let i: u32 = 0; i < count; i++) {
    let result: i64 = -Errno.EFAULT;
    if (!get_user_words(at, iovecs + ((<u64>i) << 4), 16)) {
      let base = load<u64>(at);
      let length = load<u64>(at, 8);
      result = base || length ? io_sqe_buffer_register(base, length) : 0;
    }
    if (result < 0) {
      io_sqe_buffers_unregister(ctx);
      return <i32>result;
    }
    store<usize>(ctx.user_bufs + ((<usize>i) << 2), <usize>result);
  }
  return 0;
}

/** Says which eventfd is told of completions. @returns 0 or -errno. @kernel io_eventfd_register(), io_uring/eventfd.c */
export function io_eventfd_register(ctx: IoRingCtx, address: u64): i32 {
  if (ctx.cq_ev_fd) return -Errno.EBUSY;
  let at = io_uring_state().scratch;
  if (get_user_words(at, address, 4)) return -Errno.EFAULT;
  let file = files_lookup_fd(current().files, load<i32>(at));
  if (!file) return -Errno.EBADF;
  let eventfd = eventfd_ctx_fileget(file);
  if (!eventfd) return -Errno.EINVAL;
  ctx.cq_ev_fd = changetype<usize>(eventfd);
  return 0;
}

/** No eventfd is told any more. @returns 0, -ENXIO. @kernel io_eventfd_unregister(), io_uring/eventfd.c */
export function io_eventfd_unregister(ctx: IoRingCtx): i32 {
  if (!ctx.cq_ev_fd) return -Errno.ENXIO;
  eventfd_ctx_put(changetype<EventfdCtx>(ctx.cq_ev_fd));
  ctx.cq_ev_fd = 0;
  return 0;
}

/** A ring goes away: so does what was registered with it. */
export function io_unregister_all(ctx: IoRingCtx): void {
  io_sqe_buffers_unregister(ctx);
  io_sqe_files_unregister(ctx);
  io_eventfd_unregister(ctx);
}
