import { roundup_pow_of_two } from "../include/log2";
import { CacheType } from "../include/mm_types";
import { Errno } from "../include/errno";
import { File, FileKind, FMode, FileOperations, Poll, PollTable } from "../include/fs";
import { IO_URING_PARAMS_SIZE, IoRings, IoUringParams, IoringFeat, IoringSetup } from "../include/io_uring_abi";
import { IoKiocb, IoOverflowCqe, IoRingCtx, IoUringState } from "../include/io_uring";
import { IovIter } from "../include/uio";
import { ListHead } from "../include/list";
import { OpenFlags } from "../include/fcntl";
import { TaskStruct } from "../include/sched";
import { Tp, enter, leave } from "../include/trace";
import { alloc_file, fd_install, get_unused_fd_flags, put_unused_fd } from "../fs/file";
import { alloc_fops } from "../fs/internal";
import { cq_ready, io_cqring_overflow_flush, io_uring_state } from "./cqring";
import { current } from "../kernel/sched";
import { get_user_words, put_user_words } from "../mm/uaccess";
import { init_waitqueue_head } from "../kernel/wait";
import { io_allocate_scq_urings, io_rings_free, io_uring_mmap, rings_of } from "./memmap";
import { io_cancel_requests } from "./cancel";
import { io_sq_offload_create, io_sq_thread_stop } from "./sqpoll";
import { io_unregister_all } from "./rsrc";
import { io_wq_kill_task } from "./io_wq";
import { kernel } from "../include/kernel";
import { kmem_cache_create, kmem_cache_free, kmem_cache_zalloc, kzalloc } from "../mm/slab";
import { poll_wait } from "../fs/select";

/** Most entries that a ring has room for. @kernel IORING_MAX_ENTRIES, io_uring/io_uring.h */
const IORING_MAX_ENTRIES: u32 = 32768;
/** Flags that rings can be made with. Differs from Linux: those that only save time or memory are missing. */
const IORING_SETUP_FLAGS: u32 =
  IoringSetup.SQPOLL |
  IoringSetup.CQSIZE |
  IoringSetup.CLAMP |
  IoringSetup.R_DISABLED |
  IoringSetup.SUBMIT_ALL |
  IoringSetup.COOP_TASKRUN |
  IoringSetup.TASKRUN_FLAG |
  IoringSetup.SINGLE_ISSUER;

/** Makes what io_uring needs. @kernel io_uring_init(), io_uring/io_uring.c */
export function io_uring_init(): void {
  kernel.io_uring = kzalloc(offsetof<IoUringState>());
  let state = io_uring_state();
  state.ctx_cachep = kmem_cache_create(CacheType.IoRingCtx, offsetof<IoRingCtx>(), 8);
  state.req_cachep = kmem_cache_create(CacheType.IoKiocb, offsetof<IoKiocb>() + offsetof<IovIter>(), 8);
  state.overflow_cachep = kmem_cache_create(CacheType.IoOverflowCqe, offsetof<IoOverflowCqe>(), 8);
  state.scratch = kzalloc(IO_URING_PARAMS_SIZE);
  state.rings.init();
  state.cancel_task = io_uring_cancel_task.index;
  state.kill_task = io_wq_kill_task.index;
  let fops = alloc_fops(FileKind.IO_URING);
  fops.poll = io_uring_poll.index;
  fops.release = io_uring_release.index;
  fops.mmap = io_uring_mmap.index;
  state.io_uring_fops = changetype<usize>(fops);
}

/** A new ring without memory; null if memory is exhausted. @kernel io_ring_ctx_alloc(), io_uring/io_uring.c */
function io_ring_ctx_alloc(p: IoUringParams): IoRingCtx | null {
  let at = kmem_cache_zalloc(io_uring_state().ctx_cachep);
  if (!at) return null;
  let ctx = changetype<IoRingCtx>(at);
  ctx.flags = p.flags;
  ctx.sq_entries = p.sq_entries;
  ctx.cq_entries = p.cq_entries;
  ctx.reqs.init();
  ctx.compl_reqs.init();
  ctx.defer_list.init();
  ctx.cq_overflow_list.init();
  ctx.wq_list.init();
  init_waitqueue_head(ctx.cq_wait);
  init_waitqueue_head(ctx.poll_wq);
  init_waitqueue_head(ctx.sqo_wait);
  init_waitqueue_head(ctx.sqo_sq_wait);
  io_uring_state().rings.add_tail(ctx.all);
  return ctx;
}

/** Frees a ring that has neither a file nor requests. @kernel io_ring_ctx_free(), io_uring/io_uring.c */
export function io_ring_ctx_free(ctx: IoRingCtx): void {
  if (ctx.nr_workers || ctx.sq_thread) return;
  enter(Tp.io_ring_ctx_free, changetype<usize>(ctx), 0, 0);
  io_cqring_overflow_flush(ctx);
  io_unregister_all(ctx);
  io_rings_free(ctx);
  ctx.all.del();
  kmem_cache_free(io_uring_state().ctx_cachep, changetype<usize>(ctx));
  leave(0);
}

/** Once a thread of a ring has ended: the ring goes, if nothing else needs it. */
export function io_ring_put(ctx: IoRingCtx): void {
  if (ctx.dead && !ctx.nr_reqs) io_ring_ctx_free(ctx);
}

/** The last reference to a ring's file is gone. @kernel io_uring_release(), io_uring/io_uring.c */
function io_uring_release(file: File): i32 {
  let ctx = changetype<IoRingCtx>(file.private_data);
  enter(Tp.io_uring_release, changetype<usize>(ctx), ctx.nr_reqs, 0);
  ctx.dead = 1;
  ctx.nr_reqs++;
  io_cqring_overflow_flush(ctx);
  io_cancel_requests(ctx, null);
  io_sq_thread_stop(ctx);
  ctx.nr_reqs--;
  leave(0);
  if (!ctx.nr_reqs) io_ring_ctx_free(ctx);
  return 0;
}

/** The ring at a link of the list of all rings, which stays while it is held; null: the list ends there. */
function hold_ring(link: ListHead): IoRingCtx | null {
  if (link === io_uring_state().rings) return null;
  let ctx = IoRingCtx.of_all(link);
  ctx.nr_reqs++;
  return ctx;
}

/**
 * A task that has used rings ends: its requests are cancelled. With the last request or the last registered file of a ring
 * another ring may go, also the next one: it is held before this one is let go.
 *
 * @kernel io_uring_cancel_generic(), io_uring/io_uring.c
 */
function io_uring_cancel_task(task: TaskStruct): void {
  let ctx = hold_ring(io_uring_state().rings.next);
  while (ctx) {
    if (ctx.submitter === task) {
      ctx.submitter = null;
      io_sq_thread_stop(ctx);
    }
    io_cancel_requests(ctx, task);
    let next = hold_ring(ctx.all.next);
    if (--ctx.nr_reqs == 0 && ctx.dead) io_ring_ctx_free(ctx);
    ctx = next;
  }
}

/** What is true of a ring now. @kernel io_uring_poll(), io_uring/io_uring.c */
function io_uring_poll(file: File, table: PollTable | null): u32 {
  let ctx = changetype<IoRingCtx>(file.private_data);
  enter(Tp.io_uring_poll, changetype<usize>(ctx), 0, 0);
  poll_wait(file, ctx.poll_wq, table);
  let mask: u32 = 0;
  if (rings_of(ctx).sq_tail - ctx.cached_sq_head != ctx.sq_entries) mask |= Poll.OUT | Poll.WRNORM;
  if (cq_ready(ctx) || !ctx.cq_overflow_list.empty) mask |= Poll.IN | Poll.RDNORM;
  return leave(mask);
}

/** Looks at what a program wants. @returns 0, -EINVAL. @kernel io_uring_fill_params(), io_uring/io_uring.c */
function io_uring_fill_params(entries: u32, p: IoUringParams): i32 {
  if (p.resv_0 || p.resv_1 || p.resv_2 || p.flags & ~IORING_SETUP_FLAGS) return -Errno.EINVAL;
  let sqpoll = (p.flags & IoringSetup.SQPOLL) != 0;
  if (sqpoll && p.flags & (IoringSetup.COOP_TASKRUN | IoringSetup.TASKRUN_FLAG)) return -Errno.EINVAL;
  if (p.flags & IoringSetup.TASKRUN_FLAG && !(p.flags & IoringSetup.COOP_TASKRUN)) return -Errno.EINVAL;
  let clamp = (p.flags & IoringSetup.CLAMP) != 0;
  if (!entries || (entries > IORING_MAX_ENTRIES && !clamp)) return -Errno.EINVAL;
  p.sq_entries = roundup_pow_of_two(min(entries, IORING_MAX_ENTRIES));
  if (!(p.flags & IoringSetup.CQSIZE)) {
    p.cq_entries = 2 * p.sq_entries;
    return 0;
  }
  if (!p.cq_entries || (p.cq_entries > 2 * IORING_MAX_ENTRIES && !clamp)) return -Errno.EINVAL;
  p.cq_entries = roundup_pow_of_two(min(p.cq_entries, 2 * IORING_MAX_ENTRIES));
  return p.cq_entries < p.sq_entries ? -Errno.EINVAL : 0;
}

/** Tells where everything lies in the ring. */
function tell_offsets(ctx: IoRingCtx, p: IoUringParams): void {
  p.features = IoringFeat.ALL;
  p.sq_off_head = offsetof<IoRings>("sq_head");
  p.sq_off_tail = offsetof<IoRings>("sq_tail");
  p.sq_off_ring_mask = offsetof<IoRings>("sq_ring_mask");
  p.sq_off_ring_entries = offsetof<IoRings>("sq_ring_entries");
  p.sq_off_flags = offsetof<IoRings>("sq_flags");
  p.sq_off_dropped = offsetof<IoRings>("sq_dropped");
  p.sq_off_array = ctx.sq_array;
  p.cq_off_head = offsetof<IoRings>("cq_head");
  p.cq_off_tail = offsetof<IoRings>("cq_tail");
  p.cq_off_ring_mask = offsetof<IoRings>("cq_ring_mask");
  p.cq_off_ring_entries = offsetof<IoRings>("cq_ring_entries");
  p.cq_off_overflow = offsetof<IoRings>("cq_overflow");
  p.cq_off_cqes = 64;
  p.cq_off_flags = offsetof<IoRings>("cq_flags");
}

/** Makes a file and a descriptor for a ring. @returns the descriptor, -EMFILE, -ENOMEM. */
function install(ctx: IoRingCtx): i64 {
  let fd = get_unused_fd_flags(OpenFlags.CLOEXEC);
  if (fd < 0) return fd;
  let fops = changetype<FileOperations>(io_uring_state().io_uring_fops);
  let file = alloc_file(fops, OpenFlags.RDWR, FMode.READ | FMode.WRITE, changetype<usize>(ctx));
  if (!file) {
    put_unused_fd(fd);
    return -Errno.ENOMEM;
  }
  fd_install(fd, file);
  return fd;
}

/** Makes a ring. @returns its descriptor, -EFAULT, -ENOMEM, -EMFILE. @kernel io_uring_create(), io_uring/io_uring.c */
function io_uring_create(p: IoUringParams, to: u64): i64 {
  enter(Tp.io_uring_create, p.sq_entries, p.cq_entries, p.flags);
  let ctx = io_ring_ctx_alloc(p);
  if (!ctx) return leave<i64>(-Errno.ENOMEM);
  let task = current();
  ctx.submitter = task;
  task.io_uring = 1;
  let error: i64 = io_allocate_scq_urings(ctx);
  if (!error) {
    tell_offsets(ctx, p);
    if (put_user_words(to, changetype<usize>(p), IO_URING_PARAMS_SIZE)) error = -Errno.EFAULT;
  }
  if (!error) error = io_sq_offload_create(ctx, p);
  let fd = error ? error : install(ctx);
  if (fd < 0) {
    ctx.dead = 1;
    io_sq_thread_stop(ctx);
    io_ring_ctx_free(ctx);
  }
  return leave(fd);
}

/** io_uring_setup(2). */
export function sys_io_uring_setup(): i64 {
  let task = current();
  let p = changetype<IoUringParams>(io_uring_state().scratch);
  if (get_user_words(changetype<usize>(p), task.si, IO_URING_PARAMS_SIZE)) return -Errno.EFAULT;
  let error = io_uring_fill_params(<u32>task.di, p);
  return error ? error : io_uring_create(p, task.si);
}
