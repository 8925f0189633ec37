import { CallbackHead } from "../include/sched";
import { Errno } from "../include/errno";
import { File, Poll, PollTable } from "../include/fs";
import { IoKiocb, IoReqFlags, IoReqState } from "../include/io_uring";
import { IoringCqeFlags, IoringOp, IoringPoll } from "../include/io_uring_abi";
import { Tp, enter, leave } from "../include/trace";
import { WaitQueueEntry, WaitQueueHead } from "../include/wait";
import { add_wait_queue, init_waitqueue_func_entry } from "../kernel/wait";
import { file_can_poll, vfs_poll } from "../fs/select";
import { fs_state } from "../fs/internal";
import {
  io_req_complete_defer,
  io_req_post_cqe,
  io_req_task_work_add,
  io_submit_flush_completions,
  req_set_fail,
} from "./request";
import { start } from "./submit";

/** The request waits in its file's wait queue. */
export const ARM_POLL_OK: i32 = 0;
/** The file cannot tell when it is ready. */
export const ARM_POLL_ABORTED: i32 = 1;
/** The file is ready by now. */
export const ARM_POLL_READY: i32 = 2;

/** A file that says so often that it is ready, and is not, is not asked again. @kernel io_uring/poll.c */
const APOLL_MAX_RETRY: u32 = 128;

/** Hangs a request into a wait queue of its file; there is room for two. @kernel __io_queue_proc(), io_uring/poll.c */
function io_poll_queue_proc(file: File, head: WaitQueueHead, table: PollTable): void {
  let req = changetype<IoKiocb>(table.context);
  if (!req.poll_head) {
    req.poll_head = head;
    init_waitqueue_func_entry(req.poll_wait, io_poll_wake.index);
    add_wait_queue(head, req.poll_wait);
  } else if (req.poll_head !== head && !req.poll_double_head) {
    req.poll_double_head = head;
    init_waitqueue_func_entry(req.poll_double, io_poll_double_wake.index);
    add_wait_queue(head, req.poll_double);
  } else if (req.poll_head !== head) req.poll_error = -Errno.EINVAL;
}

/** Takes a request out of the wait queues of its file. @kernel io_poll_remove_entries(), io_uring/poll.c */
export function io_poll_remove_entries(req: IoKiocb): void {
  req.poll_wait.entry.del_init();
  req.poll_double.entry.del_init();
  req.poll_head = null;
  req.poll_double_head = null;
}

/** Asks the file, and hangs the request into its wait queues. @returns bits that are true now. */
function arm(req: IoKiocb): u32 {
  let table = fs_state().epq;
  table.qproc = io_poll_queue_proc.index;
  table.key = req.poll_events;
  table.context = changetype<usize>(req);
  let mask = vfs_poll(req.file!, table) & req.poll_events;
  req.state = IoReqState.POLL;
  return mask;
}

/** A wait queue is woken: the request's task goes on with it. @kernel io_poll_wake(), io_uring/poll.c */
function io_poll_wake(wait: WaitQueueEntry, mode: u32, flags: u32, key: u32): i32 {
  return wake(changetype<IoKiocb>(changetype<usize>(wait) - offsetof<IoKiocb>("poll_wait_flags")), key);
}

/** The same of the second one. */
function io_poll_double_wake(wait: WaitQueueEntry, mode: u32, flags: u32, key: u32): i32 {
  return wake(changetype<IoKiocb>(changetype<usize>(wait) - offsetof<IoKiocb>("poll_double_flags")), key);
}

/** What both do. */
function wake(req: IoKiocb, key: u32): i32 {
  if (key & Poll.FREE) {
    io_poll_remove_entries(req);
    if (req.state == IoReqState.POLL) io_req_task_work_add(req, io_poll_task_func.index);
    return 1;
  }
  if (key && !(key & req.poll_events)) return 0;
  enter(Tp.io_poll_wake, changetype<usize>(req), key, 0);
  if (req.state == IoReqState.POLL) {
    req.res = key & req.poll_events;
    // Its own completion would wake it again, and so on: it tells once more.
    if (key & Poll.URING_WAKE) req.flags &= ~(<u32>IoReqFlags.MULTISHOT);
    if (!(req.flags & IoReqFlags.MULTISHOT)) io_poll_remove_entries(req);
    io_req_task_work_add(req, io_poll_task_func.index);
  } else req.res = 0;
  return leave(1);
}

/** A request that is not told once only tells, and waits on. @returns whether it goes on. */
function tell_again(req: IoKiocb, mask: u32): void {
  req.state = IoReqState.POLL;
  io_req_post_cqe(req, mask, IoringCqeFlags.MORE);
}

/** What a task does once the wait queue of a request's file was woken. @kernel io_poll_task_func(), io_uring/poll.c */
function io_poll_task_func(work: CallbackHead): void {
  let req = IoKiocb.of_task_work(work);
  let ctx = req.ctx;
  if (req.flags & IoReqFlags.CANCELLED) {
    io_poll_remove_entries(req);
    req_set_fail(req);
    io_req_complete_defer(req, -Errno.ECANCELED);
    io_submit_flush_completions(ctx);
    return;
  }
  enter(Tp.io_poll_task_func, changetype<usize>(req), req.res, 0);
  let multi = (req.flags & IoReqFlags.MULTISHOT) != 0;
  let mask = <u32>req.res;
  if (!mask) mask = vfs_poll(req.file!, null) & req.poll_events;
  if (!mask && !multi) {
    mask = arm(req);
    if (mask) io_poll_remove_entries(req);
  }
  if (!mask) req.state = IoReqState.POLL;
  else if (req.opcode != IoringOp.POLL_ADD) {
    io_poll_remove_entries(req);
    start(req);
  } else if (multi) tell_again(req, mask);
  else io_req_complete_defer(req, mask);
  leave(0);
  io_submit_flush_completions(ctx);
}

/** What a request that reads or writes waits for. */
function events_of(req: IoKiocb): u32 {
  switch (req.opcode) {
    case IoringOp.READ:
    case IoringOp.READV:
    case IoringOp.READ_FIXED:
    case IoringOp.RECV:
    case IoringOp.RECVMSG:
    case IoringOp.ACCEPT:
    case IoringOp.EPOLL_WAIT:
      return Poll.IN | Poll.RDNORM;
    case IoringOp.WRITE:
    case IoringOp.WRITEV:
    case IoringOp.WRITE_FIXED:
    case IoringOp.SEND:
    case IoringOp.SENDMSG:
    case IoringOp.CONNECT:
      return Poll.OUT | Poll.WRNORM;
    default:
      return 0;
  }
}

/** Whether the file of a request can tell when the request need not wait. @kernel io_file_can_poll(), io_uring/io_uring.h */
export function io_can_poll(req: IoKiocb): bool {
  return events_of(req) != 0 && req.file !== null && file_can_poll(req.file!);
}

/**
 * A request that would have had to wait is hung into the wait queue of its file.
 *
 * @returns  ARM_POLL_OK, ARM_POLL_ABORTED, ARM_POLL_READY. @kernel io_arm_poll_handler(), io_uring/poll.c
 */
export function io_arm_poll_handler(req: IoKiocb): i32 {
  let events = events_of(req);
  if (!io_can_poll(req) || req.flags & IoReqFlags.RESUMED) return ARM_POLL_ABORTED;
  if (++req.poll_retries >= APOLL_MAX_RETRY) return ARM_POLL_ABORTED;
  enter(Tp.io_arm_poll_handler, changetype<usize>(req), events, 0);
  req.flags |= IoReqFlags.POLLED;
  req.poll_events = events | Poll.ERR | Poll.HUP | (events & Poll.IN ? Poll.PRI | Poll.RDHUP : 0);
  req.res = 0;
  let mask = arm(req);
  if (!mask) return leave(ARM_POLL_OK);
  io_poll_remove_entries(req);
  req.state = IoReqState.NONE;
  return leave(ARM_POLL_READY);
}

/** POLL_ADD: waits until something is true of a file. @returns the bits; -EIOCBQUEUED. @kernel io_poll_add() */
export function io_poll_add(req: IoKiocb): i64 {
  req.poll_events = (req.sqe.op_flags & 0xffff) | Poll.ERR | Poll.HUP;
  if (req.sqe.len & IoringPoll.ADD_MULTI) req.flags |= IoReqFlags.MULTISHOT;
  req.res = 0;
  let mask = arm(req);
  let multi = (req.flags & IoReqFlags.MULTISHOT) != 0;
  if (req.poll_error || !req.poll_head || (mask && !multi)) {
    io_poll_remove_entries(req);
    req.state = IoReqState.NONE;
    return mask ? mask : -Errno.EINVAL;
  }
  if (mask) {
    req.res = mask;
    io_req_task_work_add(req, io_poll_task_func.index);
  }
  return -Errno.EIOCBQUEUED;
}

/** POLL_ADD makes sense. @kernel io_poll_add_prep(), io_uring/poll.c */
export function io_poll_add_prep(req: IoKiocb): i32 {
  let sqe = req.sqe;
  if (sqe.buf_index || sqe.off || sqe.addr || sqe.len & ~IoringPoll.ADD_MULTI) return -Errno.EINVAL;
  if (sqe.len & IoringPoll.ADD_MULTI && req.flags & IoReqFlags.CQE_SKIP) return -Errno.EINVAL;
  return 0;
}

/** A request that waits gives up: its task posts that. @kernel io_poll_cancel_req(), io_uring/poll.c */
export function io_poll_cancel_req(req: IoKiocb): void {
  enter(Tp.io_poll_cancel_req, changetype<usize>(req), 0, 0);
  req.flags |= IoReqFlags.CANCELLED;
  io_poll_remove_entries(req);
  if (req.state == IoReqState.POLL) io_req_task_work_add(req, io_poll_task_func.index);
  leave(0);
}
