import { IoKiocb, IoReqFlags, IoReqState, IoRingCtx } from "../include/io_uring";
import { io_req_task_submit } from "./submit";
import { io_req_task_work_add } from "./request";

/*
 * IOSQE_IO_DRAIN: a request that waits until all that were submitted before it are complete, and those behind it wait until
 * its turn has come.
 */

/** Whether a request is to wait for earlier ones. */
function is_drain(req: IoKiocb): bool {
  return (req.flags & IoReqFlags.DRAIN) != 0;
}

/** A request waits, if it must. @returns whether. @kernel io_drain_req(), io_uring/io_uring.c */
export function io_drain_req(req: IoKiocb): bool {
  let ctx = req.ctx;
  if (ctx.defer_list.empty && (!is_drain(req) || ctx.reqs.next === req.node)) return false;
  req.state = IoReqState.DEFER;
  ctx.defer_list.add_tail(req.queue);
  return true;
}

/** Those that waited for requests that are complete now have their turn. @kernel io_queue_deferred(), io_uring/io_uring.c */
export function io_queue_deferred(ctx: IoRingCtx): void {
  let list = ctx.defer_list;
  if (list.empty || ctx.dead) return;
  while (!list.empty) {
    let req = IoKiocb.of_queue(list.next);
    let oldest = IoKiocb.of_node(ctx.reqs.next);
    if (oldest !== req && (is_drain(req) || is_drain(oldest))) break;
    req.queue.del_init();
    io_req_task_work_add(req, io_req_task_submit.index);
  }
}
