import { Errno } from "../include/errno";
import { IoKiocb, IoReqFlags, IoReqState, IoRingCtx } from "../include/io_uring";
import { KTHREAD_EXIT, SLEEPING, TaskState, TaskStruct } from "../include/sched";
import { Tp, enter, leave } from "../include/trace";
import { current, try_to_wake_up } from "../kernel/sched";
import { blk_poll } from "../block/blk_core";
import { exchange_calls } from "../include/call_state";
import { ARM_POLL_OK, io_arm_poll_handler, io_can_poll } from "./poll";
import { finish_result, io_call, io_call_here, io_issue_sqe, io_prepare_file } from "./opdef";
import { io_import_fixed } from "./rw";
import { io_uring_state } from "./cqring";
import { io_net_retry } from "./net";
import { io_req_complete_defer, io_req_complete_post, req_set_fail } from "./request";
import { io_ring_put } from "./io_uring";
import {
  kthread_run,
  kthread_unuse_files,
  kthread_unuse_mm,
  kthread_use_files,
  kthread_use_mm,
} from "../kernel/kthread";

/*
 * Requests that can only be done by sleeping are given to workers: kernel threads that borrow the address space and the
 * descriptors of the task that has submitted them.
 *
 * Differs from Linux: a worker that finds nothing to do ends at once; it has no signals of its own.
 */

/** Most workers of a ring. */
const MAX_WORKERS: u32 = 8;
/** Name of workers: "iou-wrk", the first character in the lowest byte. */
const NAME: u64 = 0x6b_7277_2d75_6f69;

/** A request takes along what a worker needs of the task that has submitted it, unless it has been at a worker before. */
function borrow(req: IoKiocb, owner: TaskStruct): void {
  if (req.mm) return;
  req.mm = owner.mm;
  owner.mm.users++;
  req.files = owner.files;
  owner.files.count++;
  req.sighand = owner.sighand;
  owner.sighand.count++;
}

/** A request is given to a worker. @kernel io_queue_iowq(), io_uring/io_uring.c */
export function io_queue_iowq(req: IoKiocb): void {
  let ctx = req.ctx;
  enter(Tp.io_queue_iowq, changetype<usize>(req), 0, 0);
  let error = ctx.dead || !req.owner ? -Errno.ECANCELED : io_prepare_file(req);
  if (!error) error = io_import_fixed(req);
  if (!error) {
    borrow(req, req.owner!);
    req.state = IoReqState.QUEUED;
    ctx.wq_list.add_tail(req.queue);
    if (ctx.nr_workers < MAX_WORKERS && kthread_run(io_wq_worker.index, changetype<usize>(ctx), NAME)) ctx.nr_workers++;
    else if (!ctx.nr_workers) {
      io_wq_drop(req);
      error = has_begun(req) ? finish_here(req) : -Errno.ENOMEM;
    }
  }
  leave(0);
  if (req.state == IoReqState.QUEUED && !req.queue.empty) return;
  if (error < 0) req_set_fail(req);
  // It is handed in with the batch that it was submitted with: who submits it still looks at it.
  io_req_complete_defer(req, error);
}

/** True if a request waits for a worker to go on with it: the disk may be at its buffers, so it cannot be dropped. */
export function has_begun(req: IoKiocb): bool {
  return req.state == IoReqState.QUEUED && (req.flags & IoReqFlags.RESUMED) != 0;
}

/**
 * No worker could be made for a request that has begun: the CPU waits for the disk. If it is something else that the
 * request waits for, it is interrupted, and lets go of what it holds.
 *
 * @returns  bytes; -errno.
 */
function finish_here(req: IoKiocb): i32 {
  let result = SLEEPING;
  while (result == SLEEPING && blk_poll()) result = io_call(req);
  if (result != SLEEPING) return <i32>finish_result(req, result);
  let task = current();
  let sigpending = task.sigpending;
  task.sigpending = 1;
  result = io_call(req);
  task.sigpending = sigpending;
  let interrupted = result == -Errno.EINTR || result == -Errno.ERESTARTSYS || result == -Errno.ERESTARTNOHAND;
  return interrupted || result == SLEEPING ? -Errno.ENOMEM : <i32>finish_result(req, result);
}

/** A request is taken back before a worker has come to it. */
export function io_wq_drop(req: IoKiocb): void {
  req.queue.del_init();
}

/**
 * Nobody wants a request any more that a worker does, or goes on with: it sleeps no longer than it must.
 *
 * @kernel __io_wq_worker_cancel(), io_uring/io-wq.c
 */
export function io_wq_interrupt(req: IoKiocb): void {
  if (req.flags & IoReqFlags.INTERRUPTED) return;
  req.flags |= IoReqFlags.INTERRUPTED;
  let worker = req.worker;
  if (!worker) return;
  worker.sigpending = 1;
  try_to_wake_up(worker, TaskState.INTERRUPTIBLE);
}

/**
 * A task is to be killed: its workers, which are threads of its process, are as well. One that sleeps may have a pipe to
 * itself that the task waits for, and lets it go.
 *
 * @kernel zap_other_threads(), kernel/signal.c
 */
export function io_wq_kill_task(task: TaskStruct): void {
  let rings = io_uring_state().rings;
  for (let link = rings.next; link !== rings; link = link.next) {
    let reqs = IoRingCtx.of_all(link).reqs;
    for (let at = reqs.next; at !== reqs; at = at.next) {
      let req = IoKiocb.of_node(at);
      if (req.owner !== task) continue;
      if (req.state == IoReqState.WORKER || has_begun(req)) io_wq_interrupt(req);
    }
  }
}

/** The next request that waits for a worker becomes this worker's. */
function take(ctx: IoRingCtx, task: TaskStruct): IoKiocb | null {
  if (ctx.wq_list.empty) return null;
  let req = IoKiocb.of_queue(ctx.wq_list.next);
  req.queue.del_init();
  req.state = IoReqState.WORKER;
  req.worker = task;
  task.submitting_request = req;
  if (req.flags & IoReqFlags.INTERRUPTED) task.sigpending = 1;
  kthread_use_mm(req.mm!);
  return req;
}

/** A worker is done with its request. */
function give_back(req: IoKiocb, task: TaskStruct): void {
  req.worker = null;
  task.submitting_request = null;
  task.sigpending = 0;
  kthread_unuse_mm();
}

/**
 * A request that is to be a worker's from its beginning does not keep the worker if its file can be polled: it is tried
 * without waiting, and hung into the file's wait queue.
 *
 * @returns  false: the worker has to wait. @kernel io_wq_submit_work(), io_uring/io_uring.c
 */
function try_and_poll(req: IoKiocb, task: TaskStruct): bool {
  if (!(req.flags & IoReqFlags.FORCE_ASYNC) || req.flags & IoReqFlags.RESUMED || !io_can_poll(req)) return false;
  kthread_use_files(req.files!);
  let result = io_issue_sqe(req);
  let waits = result == -Errno.EAGAIN && !(req.flags & IoReqFlags.NOWAIT);
  let armed = waits && io_arm_poll_handler(req) == ARM_POLL_OK;
  kthread_unuse_files();
  if (waits && !armed) {
    req.state = IoReqState.WORKER;
    return false;
  }
  give_back(req, task);
  if (!waits) io_req_complete_post(req, <i32>result);
  return true;
}

/**
 * What a worker does: one request after the other. A request that sleeps is gone on with once the worker is woken: its
 * call is the one that the worker is at.
 *
 * @kernel io_wq_worker(), io_uring/io-wq.c
 */
function io_wq_worker(data: usize): i64 {
  let ctx = changetype<IoRingCtx>(data);
  let task = current();
  let req = task.submitting_request;
  if (req) req.flags |= IoReqFlags.RESUMED;
  else {
    req = take(ctx, task);
    if (!req) {
      ctx.nr_workers--;
      io_ring_put(ctx);
      return KTHREAD_EXIT;
    }
    if (try_and_poll(req, task)) return 0;
    exchange_calls(task, req);
  }
  kthread_use_files(req.files!);
  let result = io_call_here(req);
  kthread_unuse_files();
  if (result == SLEEPING) return SLEEPING;
  exchange_calls(task, req);
  // A worker has waited for all there is: what it was not given will not come.
  if (io_net_retry(req, result)) result = -Errno.EAGAIN;
  give_back(req, task);
  io_req_complete_post(req, <i32>finish_result(req, result));
  return 0;
}
