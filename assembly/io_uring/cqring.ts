import { EventfdCtx, eventfd_signal_mask } from "../fs/eventfd";
import { IoOverflowCqe, IoRingCtx, IoUringState } from "../include/io_uring";
import { IoUringCqe, IoringSqFlags } from "../include/io_uring_abi";
import { Poll } from "../include/fs";
import { TaskState } from "../include/sched";
import { Tp, trace } from "../include/trace";
import { WaitQueueEntry } from "../include/wait";
import { autoremove_wake_function, wake_up_poll, waitqueue_active } from "../kernel/wait";
import { cqe_address, rings_of } from "./memmap";
import { kernel } from "../include/kernel";
import { kmem_cache_alloc, kmem_cache_free } from "../mm/slab";

/** What io_uring keeps for itself. */
export function io_uring_state(): IoUringState {
  return changetype<IoUringState>(kernel.io_uring);
}

/** Completions that lie in the ring, as far as the program's index tells. */
export function cq_ready(ctx: IoRingCtx): u32 {
  return ctx.cached_cq_tail - rings_of(ctx).cq_head;
}

/** Stores a completion into the ring, if there is room. */
function fill_cqe(ctx: IoRingCtx, user_data: u64, res: i32, flags: u32): bool {
  if (cq_ready(ctx) >= ctx.cq_entries) return false;
  let cqe = changetype<IoUringCqe>(cqe_address(ctx, ctx.cached_cq_tail));
  cqe.user_data = user_data;
  cqe.res = res;
  cqe.flags = flags;
  rings_of(ctx).cq_tail = ++ctx.cached_cq_tail;
  return true;
}

/** Keeps a completion until there is room. @kernel io_cqring_add_overflow(), io_uring/io_uring.c */
function add_overflow(ctx: IoRingCtx, user_data: u64, res: i32, flags: u32): void {
  let at = kmem_cache_alloc(io_uring_state().overflow_cachep);
  if (!at) {
    rings_of(ctx).cq_overflow = ++ctx.cq_overflow;
    return;
  }
  let entry = changetype<IoOverflowCqe>(at);
  entry.user_data = user_data;
  entry.res = res;
  entry.flags = flags;
  ctx.cq_overflow_list.add_tail(entry.list);
  rings_of(ctx).sq_flags |= IoringSqFlags.CQ_OVERFLOW;
}

/** Posts a completion; those who wait are told by io_cqring_wake(). @kernel io_fill_cqe_aux(), io_uring/io_uring.c */
export function io_post_cqe(ctx: IoRingCtx, user_data: u64, res: i32, flags: u32): void {
  let kept = !ctx.cq_overflow_list.empty || !fill_cqe(ctx, user_data, res, flags);
  if (kept) add_overflow(ctx, user_data, res, flags);
  trace(Tp.io_uring_complete, changetype<usize>(ctx), <usize>user_data, res);
}

/** Moves completions into the ring for which there was no room, in order. @kernel __io_cqring_overflow_flush() */
export function io_cqring_overflow_flush(ctx: IoRingCtx): void {
  let list = ctx.cq_overflow_list;
  if (list.empty) return;
  while (!list.empty) {
    let entry = IoOverflowCqe.of_list(list.next);
    if (!ctx.dead && !fill_cqe(ctx, entry.user_data, entry.res, entry.flags)) break;
    entry.list.del();
    kmem_cache_free(io_uring_state().overflow_cachep, changetype<usize>(entry));
  }
  if (list.empty) rings_of(ctx).sq_flags &= ~(<u32>IoringSqFlags.CQ_OVERFLOW);
}

/**
 * Wakes those who wait for as many completions as there are now, and those who watch the ring. Each who waits says in
 * TaskStruct.kept up to which completion.
 *
 * @kernel io_cqring_wake(), io_uring/io_uring.h
 */
export function io_cqring_wake(ctx: IoRingCtx): void {
  let list = ctx.cq_wait.head;
  let overflow = !ctx.cq_overflow_list.empty;
  for (let link = list.next; link !== list;) {
    let entry = WaitQueueEntry.of_entry(link);
    link = link.next;
    if (!overflow && <i32>(ctx.cached_cq_tail - <u32>entry.task!.kept) < 0) continue;
    autoremove_wake_function(entry, TaskState.INTERRUPTIBLE, 0, 0);
  }
  if (waitqueue_active(ctx.poll_wq)) wake_up_poll(ctx.poll_wq, Poll.URING_WAKE | Poll.IN);
  if (ctx.cq_ev_fd) eventfd_signal_mask(changetype<EventfdCtx>(ctx.cq_ev_fd), Poll.URING_WAKE);
}
