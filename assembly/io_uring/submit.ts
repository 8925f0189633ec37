import { CallbackHead } from "../include/sched";
import { Errno } from "../include/errno";
import { IoKiocb, IoReqFlags, IoReqState, IoRingCtx } from "../include/io_uring";
import { IoUringSqe, IoringOp, IosqeFlags, IoringSetup } from "../include/io_uring_abi";
import { Tp, enter, leave } from "../include/trace";
import { current } from "../kernel/sched";
import {
  has_failed,
  io_alloc_req,
  io_free_req,
  io_req_complete_defer,
  io_submit_flush_completions,
  req_set_fail,
} from "./request";
import { io_arm_poll_handler, ARM_POLL_OK, ARM_POLL_READY } from "./poll";
import { io_drain_req } from "./drain";
import { io_issue_sqe, io_prep } from "./opdef";
import { io_queue_iowq } from "./io_wq";
import { io_queue_linked_timeout } from "./timeout";
import { rings_of, sq_array_address, sqe_address } from "./memmap";

/** What an entry can ask for besides what it is. */
const SQE_VALID_FLAGS: u32 =
  IosqeFlags.FIXED_FILE |
  IosqeFlags.IO_DRAIN |
  IosqeFlags.IO_LINK |
  IosqeFlags.IO_HARDLINK |
  IosqeFlags.ASYNC |
  IosqeFlags.CQE_SKIP_SUCCESS;
/** What makes a request a part of a chain. */
const CHAIN: u32 = IosqeFlags.IO_LINK | IosqeFlags.IO_HARDLINK;

/** A request would have had to wait: it is armed, tried again, or given to a worker. @kernel io_queue_async() */
function io_queue_async(req: IoKiocb): void {
  let armed = io_arm_poll_handler(req);
  if (armed == ARM_POLL_READY) io_queue_sqe(req);
  else if (armed != ARM_POLL_OK) io_queue_iowq(req);
  else io_queue_linked_timeout(req);
}

/** Tries a request without waiting. @kernel io_queue_sqe(), io_uring/io_uring.c */
export function io_queue_sqe(req: IoKiocb): void {
  enter(Tp.io_queue_sqe, changetype<usize>(req), req.opcode, 0);
  let result = io_issue_sqe(req);
  if (result == -Errno.EAGAIN && !(req.flags & IoReqFlags.NOWAIT)) io_queue_async(req);
  else if (result == -Errno.EIOCBQUEUED) io_queue_linked_timeout(req);
  else {
    if (has_failed(req, result)) req_set_fail(req);
    io_req_complete_defer(req, <i32>result);
  }
  leave(0);
}

/** A request begins, unless it has failed or a worker is to do it. @kernel io_req_task_submit(), io_uring/io_uring.c */
export function start(req: IoKiocb): void {
  req.state = IoReqState.NONE;
  if (req.flags & IoReqFlags.FAIL) {
    if (req.flags & IoReqFlags.HARDLINK) req.flags ^= IoReqFlags.HARDLINK | IoReqFlags.LINK;
    io_req_complete_defer(req, req.res);
  } else if (req.flags & IoReqFlags.FORCE_ASYNC && req.call) {
    // What is no system call never sleeps, and needs no worker.
    io_queue_iowq(req);
    if (req.state != IoReqState.DONE) io_queue_linked_timeout(req);
  } else io_queue_sqe(req);
}

/** What a task does for a request whose turn has come. */
export function io_req_task_submit(work: CallbackHead): void {
  let req = IoKiocb.of_task_work(work);
  let ctx = req.ctx;
  start(req);
  io_submit_flush_completions(ctx);
}

/** A request in a chain waits for all earlier ones: so does the whole chain, and what comes after it. @kernel io_init_drain() */
function io_init_drain(ctx: IoRingCtx, req: IoKiocb): void {
  req.flags |= IoReqFlags.DRAIN;
  if (!ctx.link_head) return;
  ctx.link_head!.flags |= IoReqFlags.DRAIN;
  ctx.drain_next = 1;
}

/** Looks at what an entry says. @returns 0, -EINVAL, -EOPNOTSUPP. @kernel io_init_req(), io_uring/io_uring.c */
function io_init_req(ctx: IoRingCtx, req: IoKiocb): i32 {
  let sqe = req.sqe;
  let flags = <u32>sqe.flags;
  req.opcode = sqe.opcode;
  if (flags & ~SQE_VALID_FLAGS) return flags & IosqeFlags.BUFFER_SELECT ? -Errno.EOPNOTSUPP : -Errno.EINVAL;
  if (flags & IosqeFlags.CQE_SKIP_SUCCESS) {
    req.flags |= IoReqFlags.CQE_SKIP;
    ctx.drain_disabled = 1;
  }
  if (flags & IosqeFlags.IO_DRAIN && ctx.drain_disabled) return -Errno.EOPNOTSUPP;
  if (flags & IosqeFlags.IO_DRAIN) io_init_drain(ctx, req);
  else if (ctx.drain_next && !ctx.link_head) {
    ctx.drain_next = 0;
    req.flags |= IoReqFlags.DRAIN;
  }
  if (flags & IosqeFlags.IO_LINK) req.flags |= IoReqFlags.LINK;
  if (flags & IosqeFlags.IO_HARDLINK) req.flags |= IoReqFlags.HARDLINK;
  if (flags & IosqeFlags.ASYNC) req.flags |= IoReqFlags.FORCE_ASYNC;
  if (sqe.personality) return -Errno.EINVAL;
  return io_prep(req);
}

/** A time limit belongs to the request before it in the chain. @returns 0, -EINVAL. */
function check_limit(ctx: IoRingCtx, req: IoKiocb): i32 {
  if (req.opcode != IoringOp.LINK_TIMEOUT) return 0;
  let last = ctx.link_last;
  if (!ctx.link_head || !last || last.opcode == IoringOp.LINK_TIMEOUT) return -Errno.EINVAL;
  req.head = last;
  return 0;
}

/** A request that is no one's successor begins, or waits for earlier ones. */
function queue_first(req: IoKiocb): void {
  if (!io_drain_req(req)) start(req);
}

/**
 * Submits one request: it begins, or becomes a part of the chain that is being put together.
 *
 * @returns  0; -errno if the entry makes no sense and nothing follows it in its chain: that has been noted in the request.
 * @kernel io_submit_sqe(), io_uring/io_uring.c
 */
function io_submit_sqe(ctx: IoRingCtx, req: IoKiocb): i32 {
  enter(Tp.io_submit_sqe, changetype<usize>(req), changetype<usize>(ctx), req.sqe.opcode);
  let error = io_init_req(ctx, req);
  if (!error) error = check_limit(ctx, req);
  let head = ctx.link_head;
  if (error) {
    req_set_fail(req);
    req.res = error;
    if (head && !(head.flags & IoReqFlags.FAIL)) {
      req_set_fail(head);
      head.res = -Errno.ECANCELED;
    }
  }
  let chained = (req.sqe.flags & CHAIN) != 0;
  if (head) {
    ctx.link_last!.link = req;
    ctx.link_last = req;
    if (chained) return leave(0);
    ctx.link_head = null;
    ctx.link_last = null;
    queue_first(head);
  } else if (chained) {
    ctx.link_head = req;
    ctx.link_last = req;
    error = 0;
  } else queue_first(req);
  return leave(error);
}

/** Submission ends: a chain that the last entry has left open is closed. @kernel io_submit_state_end() */
function io_submit_state_end(ctx: IoRingCtx): void {
  let head = ctx.link_head;
  ctx.link_head = null;
  ctx.link_last = null;
  if (head) queue_first(head);
  io_submit_flush_completions(ctx);
}

/** Entries that the program has put into the queue and that have not been taken. @kernel io_sqring_entries() */
export function io_sqring_entries(ctx: IoRingCtx): u32 {
  return min(rings_of(ctx).sq_tail - ctx.cached_sq_head, ctx.sq_entries);
}

/**
 * Takes entries from the queue and submits them.
 *
 * @param nr  at most so many.
 * @returns   how many were taken; -EAGAIN if not even one request could be made.
 * @kernel io_submit_sqes(), io_uring/io_uring.c
 */
export function io_submit_sqes(ctx: IoRingCtx, nr: u32): i32 {
  nr = min(nr, io_sqring_entries(ctx));
  if (!nr) return 0;
  enter(Tp.io_submit_sqes, changetype<usize>(ctx), nr, 0);
  current().io_uring = 1;
  let left = nr;
  let none = -Errno.EAGAIN;
  while (left) {
    let req = io_alloc_req(ctx);
    if (!req) break;
    let index = load<u32>(sq_array_address(ctx, ctx.cached_sq_head++));
    if (index >= ctx.sq_entries) {
      drop_bad_index(ctx, req);
      none = 0;
      break;
    }
    left--;
    memory.copy(changetype<usize>(req.sqe), sqe_address(ctx, index), offsetof<IoUringSqe>());
    if (io_submit_sqe(ctx, req) && !(ctx.flags & IoringSetup.SUBMIT_ALL)) break;
  }
  let taken = nr - left;
  io_submit_state_end(ctx);
  rings_of(ctx).sq_head = ctx.cached_sq_head;
  return leave<i32>(taken ? <i32>taken : none);
}

/** The program's index points nowhere: nothing is submitted. */
function drop_bad_index(ctx: IoRingCtx, req: IoKiocb): void {
  rings_of(ctx).sq_dropped = ++ctx.sq_dropped;
  io_free_req(req);
}
