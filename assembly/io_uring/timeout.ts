import { CallbackHead } from "../include/sched";
import { Errno } from "../include/errno";
import { Hrtimer } from "../include/time";
import { IoKiocb, IoReqFlags, IoReqState, IoRingCtx } from "../include/io_uring";
import { IoringOp, IoringTimeout } from "../include/io_uring_abi";
import { Tp, enter, leave } from "../include/trace";
import { deadline_after, get_timespec } from "../kernel/sys";
import { hrtimer_cancel, hrtimer_init, hrtimer_start } from "../kernel/time";
import {
  io_req_complete_defer,
  io_req_queue_tw_complete,
  io_req_task_work_add,
  io_submit_flush_completions,
  req_set_fail,
} from "./request";
import { io_try_cancel_req } from "./cancel";

/** Flags that name a clock: all of them tell the same time here. */
const CLOCKS: u32 = 0xc;

/** TIMEOUT and LINK_TIMEOUT make sense; their time is read. @returns 0, -EINVAL, -EFAULT. @kernel __io_timeout_prep() */
export function io_timeout_prep(req: IoKiocb): i32 {
  let sqe = req.sqe;
  if (sqe.buf_index || sqe.len != 1 || sqe.file_index) return -Errno.EINVAL;
  let off = <u32>sqe.off;
  if (off && req.opcode == IoringOp.LINK_TIMEOUT) return -Errno.EINVAL;
  let flags = sqe.op_flags;
  if (flags & ~(IoringTimeout.ABS | CLOCKS | IoringTimeout.ETIME_SUCCESS) || flags == CLOCKS) return -Errno.EINVAL;
  let time = get_timespec(sqe.addr);
  if (time < 0) return <i32>time;
  req.done = time;
  return 0;
}

/** When the time of a request is over. Unit: ns since boot. */
function expires_of(req: IoKiocb): u64 {
  return req.sqe.op_flags & IoringTimeout.ABS ? req.done : deadline_after(req.done);
}

/** Starts the time of a request. */
function start_timer(req: IoKiocb, func: u32): void {
  req.state = IoReqState.TIMER;
  hrtimer_init(req.timer, func);
  hrtimer_start(req.timer, expires_of(req));
}

/** The time of a TIMEOUT is over. @kernel io_timeout_fn(), io_uring/timeout.c */
function io_timeout_fn(timer: Hrtimer): void {
  let req = IoKiocb.of_timer(timer);
  enter(Tp.io_timeout_fn, changetype<usize>(req), 0, 0);
  if (!(req.sqe.op_flags & IoringTimeout.ETIME_SUCCESS)) req_set_fail(req);
  io_req_queue_tw_complete(req, -Errno.ETIME);
  leave(0);
}

/** TIMEOUT: waits for a time, or for so many completions. @returns -EIOCBQUEUED. @kernel io_timeout(), io_uring/timeout.c */
export function io_timeout(req: IoKiocb): i64 {
  let ctx = req.ctx;
  let off = <u32>req.sqe.off;
  req.sequence = ctx.cached_cq_tail + off;
  start_timer(req, io_timeout_fn.index);
  return -Errno.EIOCBQUEUED;
}

/** Timeouts that have seen as many completions as they wait for are over. @kernel io_flush_timeouts(), io_uring/timeout.c */
export function io_flush_timeouts(ctx: IoRingCtx): void {
  let tail = ctx.cached_cq_tail;
  for (let link = ctx.reqs.next; link !== ctx.reqs;) {
    let req = IoKiocb.of_node(link);
    link = link.next;
    if (req.opcode != IoringOp.TIMEOUT || req.state != IoReqState.TIMER || !(<u32>req.sqe.off)) continue;
    if (<i32>(tail - req.sequence) < 0) continue;
    hrtimer_cancel(req.timer);
    io_req_queue_tw_complete(req, 0);
  }
}

/** A TIMEOUT is over before its time. @kernel io_kill_timeout(), io_uring/timeout.c */
export function io_kill_timeout(req: IoKiocb, res: i32): void {
  hrtimer_cancel(req.timer);
  if (res < 0) req_set_fail(req);
  io_req_queue_tw_complete(req, res);
}

/** The time of the request before this one in its chain begins. @kernel io_queue_linked_timeout(), io_uring/timeout.c */
export function io_queue_linked_timeout(req: IoKiocb): void {
  let limit = req.link;
  if (!limit || limit.opcode != IoringOp.LINK_TIMEOUT || limit.state != IoReqState.NONE) return;
  if (limit.flags & IoReqFlags.FAIL) return;
  limit.head = req;
  start_timer(limit, io_link_timeout_fn.index);
}

/** The time of a LINK_TIMEOUT is over. @kernel io_link_timeout_fn(), io_uring/timeout.c */
function io_link_timeout_fn(timer: Hrtimer): void {
  let limit = IoKiocb.of_timer(timer);
  enter(Tp.io_link_timeout_fn, changetype<usize>(limit), 0, 0);
  let head = limit.head!;
  head.link = limit.link;
  limit.link = null;
  // Until its task comes to this, the request may be over, and another one lie where it was.
  limit.head_generation = head.generation;
  io_req_task_work_add(limit, io_req_task_link_timeout.index);
  leave(0);
}

/** What a task does once a time limit is over. @kernel io_req_task_link_timeout(), io_uring/timeout.c */
function io_req_task_link_timeout(work: CallbackHead): void {
  let limit = IoKiocb.of_task_work(work);
  let ctx = limit.ctx;
  let head = limit.head;
  limit.head = null;
  let result = head && is_live(ctx, head, limit.head_generation) ? io_try_cancel_req(head) : -Errno.ENOENT;
  io_req_complete_defer(limit, result ? result : -Errno.ETIME);
  req_set_fail(limit);
  io_submit_flush_completions(ctx);
}

/** Whether a request of a ring, by its place in memory and its number, is not over. */
function is_live(ctx: IoRingCtx, req: IoKiocb, generation: u32): bool {
  for (let link = ctx.reqs.next; link !== ctx.reqs; link = link.next) {
    if (link === req.node) return req.generation == generation;
  }
  return false;
}

/** TIMEOUT_REMOVE: cancels a TIMEOUT, or gives it another time. @kernel io_timeout_remove(), io_uring/timeout.c */
export function io_timeout_remove(req: IoKiocb): i32 {
  let sqe = req.sqe;
  let ctx = req.ctx;
  for (let link = ctx.reqs.next; link !== ctx.reqs; link = link.next) {
    let timeout = IoKiocb.of_node(link);
    if (timeout.opcode != IoringOp.TIMEOUT || timeout.sqe.user_data != sqe.addr) continue;
    if (timeout.state != IoReqState.TIMER) continue;
    if (sqe.op_flags & IoringTimeout.UPDATE) {
      let time = get_timespec(sqe.off);
      if (time < 0) return <i32>time;
      hrtimer_start(timeout.timer, sqe.op_flags & IoringTimeout.ABS ? time : deadline_after(time));
    } else io_kill_timeout(timeout, -Errno.ECANCELED);
    return 0;
  }
  return -Errno.ENOENT;
}
