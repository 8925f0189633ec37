import { IoKiocb, IoReqFlags, IoReqState, IoRingCtx } from "../include/io_uring";
import { IoringOp } from "../include/io_uring_abi";
import { IovIter } from "../include/uio";
import { CallbackHead } from "../include/sched";
import { Errno } from "../include/errno";
import { Tp, enter, leave, trace } from "../include/trace";
import { current } from "../kernel/sched";
import { fput } from "../fs/file";
import { hrtimer_cancel } from "../kernel/time";
import { io_cqring_overflow_flush, io_cqring_wake, io_post_cqe, io_uring_state } from "./cqring";
import { io_buffer_unmap } from "./rsrc";
import { io_flush_timeouts } from "./timeout";
import { io_queue_deferred } from "./drain";
import { io_release_buffers } from "./rw";
import { io_req_task_submit } from "./submit";
import { io_ring_ctx_free } from "./io_uring";
import { kmem_cache_free, kmem_cache_zalloc } from "../mm/slab";
import { put_files_struct } from "../fs/fdtable";
import { put_sighand } from "../kernel/fork";
import { mmput } from "../mm/mmap";
import { task_work_add } from "../kernel/task_work";

/*
 * The life of a request: made from an entry, tried, hung into a wait queue or given to a worker, complete. Requests that
 * are complete are handed in together: first all their completions are posted, in order, then the next ones of their
 * chains become work of their tasks.
 */

/** A new request of a ring, for the task that runs; null if memory is exhausted. @kernel io_alloc_req() */
export function io_alloc_req(ctx: IoRingCtx): IoKiocb | null {
  let at = kmem_cache_zalloc(io_uring_state().req_cachep);
  if (!at) return null;
  let req = changetype<IoKiocb>(at);
  req.ctx = ctx;
  req.task = current();
  req.iter = changetype<IovIter>(at + offsetof<IoKiocb>());
  req.queue.init();
  req.task_work.entry.init();
  req.poll_wait.entry.init();
  req.poll_double.entry.init();
  req.reserved = -1;
  req.wanted = -1;
  req.generation = ++ctx.generations;
  ctx.reqs.add_tail(req.node);
  ctx.nr_reqs++;
  return req;
}

/** Frees a request. @kernel io_free_req(), io_uring/io_uring.c */
export function io_free_req(req: IoKiocb): void {
  let ctx = req.ctx;
  req.node.del();
  req.queue.del_init();
  req.task_work.entry.del_init();
  let file = req.file;
  let mm = req.mm;
  let files = req.files;
  let sighand = req.sighand;
  let held = req.held;
  let imu = req.imu;
  io_release_buffers(req);
  kmem_cache_free(io_uring_state().req_cachep, changetype<usize>(req));
  if (imu) io_buffer_unmap(imu);
  if (held) fput(held);
  if (file) fput(file);
  if (files) put_files_struct(files);
  if (sighand) put_sighand(sighand);
  if (mm) mmput(mm);
  if (--ctx.nr_reqs == 0 && ctx.dead) io_ring_ctx_free(ctx);
}

/** Whether what a request has come to ends its chain: an error, or less than was asked for. */
export function has_failed(req: IoKiocb, res: i64): bool {
  return res < 0 || (req.wanted >= 0 && res != req.wanted);
}

/** Its chain is told that a request has failed. @kernel req_set_fail(), io_uring/io_uring.h */
export function req_set_fail(req: IoKiocb): void {
  req.flags |= IoReqFlags.FAIL;
  if (req.flags & IoReqFlags.CQE_SKIP) {
    req.flags &= ~(<u32>IoReqFlags.CQE_SKIP);
    req.flags |= IoReqFlags.SKIP_LINK_CQES;
  }
}

/**
 * A request is complete; its completion is handed in with those of others.
 *
 * @param res  -errno is not told of what has sent or received something before. @kernel io_req_complete_defer()
 */
export function io_req_complete_defer(req: IoKiocb, res: i32): void {
  req.res = res < 0 && req.done_io ? <i32>req.done_io : res;
  req.state = IoReqState.DONE;
  req.ctx.compl_reqs.add_tail(req.queue);
}

/** The task of a request is to do something with it. @kernel io_req_task_work_add(), io_uring/io_uring.c */
export function io_req_task_work_add(req: IoKiocb, func: u32): void {
  req.state = IoReqState.TASK_WORK;
  req.task_work.func = func;
  task_work_add(req.task, req.task_work);
}

/** Whether nobody is left who would go on with a request. */
function is_orphan(req: IoKiocb): bool {
  return req.ctx.dead != 0 || !changetype<usize>(req.task);
}

/** A request is complete: its task posts that. @kernel io_req_queue_tw_complete(), io_uring/io_uring.c */
export function io_req_queue_tw_complete(req: IoKiocb, res: i32): void {
  req.res = res;
  if (is_orphan(req)) {
    io_req_complete_defer(req, res);
    return;
  }
  io_req_task_work_add(req, io_req_task_complete.index);
}

/** What a task does for a request that is complete. */
function io_req_task_complete(work: CallbackHead): void {
  let req = IoKiocb.of_task_work(work);
  io_req_complete_defer(req, req.res);
  io_submit_flush_completions(req.ctx);
}

/** The rest of a failed chain is cancelled. @kernel io_fail_links(), io_uring/timeout.c */
function io_fail_links(req: IoKiocb): void {
  let silent = (req.flags & IoReqFlags.SKIP_LINK_CQES) != 0;
  let link = req.link;
  req.link = null;
  while (link) {
    let next = link.link;
    link.link = null;
    trace(Tp.io_uring_fail_link, changetype<usize>(req), changetype<usize>(link), 0);
    if (silent) link.flags |= IoReqFlags.CQE_SKIP;
    else link.flags &= ~(<u32>IoReqFlags.CQE_SKIP);
    io_req_queue_tw_complete(link, link.flags & IoReqFlags.FAIL ? link.res : -Errno.ECANCELED);
    link = next;
  }
}

/** A request is over that had a time limit: the limit is cancelled. @kernel io_disarm_next(), io_uring/timeout.c */
function disarm_timeout(req: IoKiocb): void {
  let limit = req.link;
  if (!limit || limit.opcode != IoringOp.LINK_TIMEOUT) return;
  if (limit.state != IoReqState.NONE && limit.state != IoReqState.TIMER) return;
  req.link = limit.link;
  limit.link = null;
  limit.head = null;
  hrtimer_cancel(limit.timer);
  io_req_queue_tw_complete(limit, -Errno.ECANCELED);
}

/** The next request of a chain has its turn, or the chain is over. @kernel io_queue_next(), io_uring/io_uring.c */
function io_queue_next(req: IoKiocb): void {
  disarm_timeout(req);
  if (req.flags & IoReqFlags.FAIL && !(req.flags & IoReqFlags.HARDLINK)) io_fail_links(req);
  let next = req.link;
  req.link = null;
  if (!next) return;
  if (is_orphan(next)) io_req_queue_tw_complete(next, -Errno.ECANCELED);
  else io_req_task_work_add(next, io_req_task_submit.index);
}

/** Posts the completions of all that is complete, and lets their chains go on. @kernel __io_submit_flush_completions() */
export function io_submit_flush_completions(ctx: IoRingCtx): void {
  let list = ctx.compl_reqs;
  if (list.empty || ctx.flushing) return;
  enter(Tp.io_submit_flush_completions, changetype<usize>(ctx), 0, 0);
  ctx.flushing = 1;
  // The ring outlives the last of its requests until here.
  ctx.nr_reqs++;
  while (!list.empty) {
    for (let link = list.next; link !== list; link = link.next) {
      let req = IoKiocb.of_queue(link);
      if (!(req.flags & IoReqFlags.CQE_SKIP) && !ctx.dead) io_post_cqe(ctx, req.sqe.user_data, req.res, req.cflags);
    }
    let last = list.prev;
    while (true) {
      let link = list.next;
      let req = IoKiocb.of_queue(link);
      link.del_init();
      io_queue_next(req);
      io_free_req(req);
      if (link === last) break;
    }
  }
  ctx.flushing = 0;
  io_flush_timeouts(ctx);
  io_queue_deferred(ctx);
  io_cqring_wake(ctx);
  leave(0);
  if (--ctx.nr_reqs == 0 && ctx.dead) io_ring_ctx_free(ctx);
}

/** Posts a completion of a request that goes on. @kernel io_req_post_cqe(), io_uring/io_uring.c */
export function io_req_post_cqe(req: IoKiocb, res: i32, cflags: u32): void {
  io_cqring_overflow_flush(req.ctx);
  io_post_cqe(req.ctx, req.sqe.user_data, res, cflags);
  io_cqring_wake(req.ctx);
}

/** A request is complete, outside of any batch. @kernel io_req_complete_post(), io_uring/io_uring.c */
export function io_req_complete_post(req: IoKiocb, res: i32): void {
  let ctx = req.ctx;
  if (has_failed(req, res)) req_set_fail(req);
  io_req_complete_defer(req, res);
  io_submit_flush_completions(ctx);
}
