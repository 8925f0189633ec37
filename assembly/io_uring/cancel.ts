import { Errno } from "../include/errno";
import { IoKiocb, IoReqFlags, IoReqState, IoRingCtx } from "../include/io_uring";
import { IoringCancel, IoringOp, IoringPoll } from "../include/io_uring_abi";
import { Tp, enter, leave } from "../include/trace";
import { TaskStruct } from "../include/sched";
import { current } from "../kernel/sched";
import { files_lookup_fd } from "../fs/fdtable";
import { hrtimer_cancel } from "../kernel/time";
import { io_kill_timeout } from "./timeout";
import { io_poll_cancel_req, io_poll_remove_entries } from "./poll";
import { io_req_complete_post, io_req_queue_tw_complete, req_set_fail } from "./request";
import { has_begun, io_wq_drop, io_wq_interrupt } from "./io_wq";

/** What a request can say of those that it cancels. */
const CANCEL_FLAGS: u32 =
  IoringCancel.ALL | IoringCancel.FD | IoringCancel.ANY | IoringCancel.USERDATA | IoringCancel.OP;

/** Requests that cancel make sense. @returns 0, -EINVAL. */
export function io_async_cancel_prep(req: IoKiocb): i32 {
  let sqe = req.sqe;
  if (req.opcode == IoringOp.POLL_REMOVE) {
    return sqe.buf_index || sqe.file_index || sqe.len & ~IoringPoll.ADD_MULTI ? -Errno.EINVAL : 0;
  }
  if (req.opcode == IoringOp.TIMEOUT_REMOVE) return sqe.buf_index || sqe.len || sqe.file_index ? -Errno.EINVAL : 0;
  let flags = sqe.op_flags;
  if (sqe.off || sqe.file_index || flags & ~CANCEL_FLAGS) return -Errno.EINVAL;
  return flags & IoringCancel.ANY && flags & (IoringCancel.FD | IoringCancel.OP) ? -Errno.EINVAL : 0;
}

/**
 * Cancels a request, whatever it waits for.
 *
 * @returns  0; -EALREADY if it cannot be cancelled any more; -ENOENT. @kernel io_try_cancel(), io_uring/cancel.c
 */
export function io_try_cancel_req(req: IoKiocb): i32 {
  switch (req.state) {
    case IoReqState.POLL:
      io_poll_cancel_req(req);
      return 0;
    case IoReqState.TIMER:
      if (req.opcode != IoringOp.TIMEOUT) return -Errno.ENOENT;
      io_kill_timeout(req, -Errno.ECANCELED);
      return 0;
    case IoReqState.QUEUED:
      if (has_begun(req)) {
        io_wq_interrupt(req);
        return -Errno.EALREADY;
      }
      io_wq_drop(req);
      req_set_fail(req);
      io_req_queue_tw_complete(req, -Errno.ECANCELED);
      return 0;
    case IoReqState.WORKER:
      io_wq_interrupt(req);
      return -Errno.EALREADY;
    default:
      return -Errno.ENOENT;
  }
}

/** Whether a request is one that another one is to cancel. @kernel io_cancel_req_match(), io_uring/cancel.c */
function matches(req: IoKiocb, canceller: IoKiocb): bool {
  let sqe = canceller.sqe;
  if (req === canceller || req.state == IoReqState.DONE || req.state == IoReqState.NONE) return false;
  let flags = sqe.op_flags;
  if (flags & IoringCancel.ANY) return true;
  let by_other = (flags & (IoringCancel.FD | IoringCancel.OP)) != 0;
  if (flags & IoringCancel.FD && req.file !== files_lookup_fd(current().files, sqe.fd)) return false;
  if (flags & IoringCancel.OP && req.opcode != sqe.len) return false;
  if (by_other && !(flags & IoringCancel.USERDATA)) return true;
  return req.sqe.user_data == sqe.addr;
}

/** ASYNC_CANCEL. @returns 0, or how many with IORING_ASYNC_CANCEL_ALL; -ENOENT, -EALREADY. @kernel io_async_cancel() */
export function io_async_cancel(canceller: IoKiocb): i32 {
  let ctx = canceller.ctx;
  let flags = canceller.sqe.op_flags;
  if (flags & IoringCancel.FD && !files_lookup_fd(current().files, canceller.sqe.fd)) return -Errno.EBADF;
  let all = (flags & (IoringCancel.ALL | IoringCancel.ANY)) != 0;
  let count = 0;
  let result = -Errno.ENOENT;
  enter(Tp.io_async_cancel, changetype<usize>(canceller), 0, 0);
  for (let link = ctx.reqs.next; link !== ctx.reqs;) {
    let req = IoKiocb.of_node(link);
    link = link.next;
    if (!matches(req, canceller)) continue;
    let answer = io_try_cancel_req(req);
    if (answer == -Errno.ENOENT) continue;
    result = answer;
    if (!all) break;
    if (!answer) count++;
  }
  return leave(all ? (count ? count : 0) : result);
}

/** POLL_REMOVE: cancels a POLL_ADD. @returns 0, -ENOENT. @kernel io_poll_remove(), io_uring/poll.c */
export function io_poll_remove(canceller: IoKiocb): i32 {
  let ctx = canceller.ctx;
  for (let link = ctx.reqs.next; link !== ctx.reqs; link = link.next) {
    let req = IoKiocb.of_node(link);
    if (req.opcode != IoringOp.POLL_ADD || req.sqe.user_data != canceller.sqe.addr) continue;
    if (req.state != IoReqState.POLL) continue;
    io_poll_cancel_req(req);
    return 0;
  }
  return -Errno.ENOENT;
}

/** Takes a request from whatever it waits for, and completes it. */
function kill_request(req: IoKiocb): void {
  io_poll_remove_entries(req);
  hrtimer_cancel(req.timer);
  req.task_work.entry.del_init();
  let limited = req.head;
  if (limited && req.state == IoReqState.TIMER) limited.link = req.link;
  if (limited && req.state == IoReqState.TIMER) req.link = null;
  if (req.state == IoReqState.QUEUED) io_wq_drop(req);
  if (req.state == IoReqState.DEFER) req.queue.del_init();
  req.flags &= ~(<u32>IoReqFlags.HARDLINK);
  io_req_complete_post(req, -Errno.ECANCELED);
}

/** The task of a chain ends while a worker is at its first request: the others will have no task. */
function disown(req: IoKiocb): void {
  for (let link: IoKiocb | null = req; link; link = link.link) link.task = changetype<TaskStruct>(0);
}

/**
 * Cancels all requests of a ring, or those of one task; a request that a worker is at is interrupted, and comes to its end.
 *
 * @kernel io_uring_try_cancel_requests(), io_uring/io_uring.c
 */
export function io_cancel_requests(ctx: IoRingCtx, task: TaskStruct | null): void {
  let again = true;
  while (again) {
    again = false;
    for (let link = ctx.reqs.next; link !== ctx.reqs; link = link.next) {
      let req = IoKiocb.of_node(link);
      if (task && req.task !== task) continue;
      let begun = req.state == IoReqState.WORKER || has_begun(req);
      if (task && begun) disown(req);
      if (begun) io_wq_interrupt(req);
      if (begun || req.state == IoReqState.DONE || req.state == IoReqState.NONE) continue;
      kill_request(req);
      again = true;
      break;
    }
  }
}
