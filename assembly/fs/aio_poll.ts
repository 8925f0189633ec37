import { AioKiocb } from "../include/aio";
import { Errno } from "../include/errno";
import { File, Poll, PollTable } from "../include/fs";
import { Iocb } from "../include/aio_abi";
import { Tp, enter, leave } from "../include/trace";
import { WaitQueueEntry, WaitQueueHead } from "../include/wait";
import { add_wait_queue, init_waitqueue_func_entry } from "../kernel/wait";
import { fs_state } from "./internal";
import { iocb_put } from "./aio_kiocb";
import { vfs_poll } from "./select";

/**
 * Hangs the request that is being submitted into a wait queue of its file.
 *
 * @param table  its context is the request, and becomes 0 when there is a second queue: a request has one place only.
 * @kernel aio_poll_queue_proc(), fs/aio.c
 */
function aio_poll_queue_proc(file: File, head: WaitQueueHead, table: PollTable): void {
  if (!table.context) return;
  let req = changetype<AioKiocb>(table.context);
  if (req.poll_head) {
    table.context = 0;
    return;
  }
  req.poll_head = head;
  add_wait_queue(head, req.poll_wait);
}

/** Takes a request out of the wait queue of its file, and from those that can be cancelled. */
function unhook(req: AioKiocb): void {
  req.poll_wait.entry.del_init();
  req.ki_list.del_init();
}

/** A request has waited long enough: it comes to what is true of its file. */
function complete_poll(req: AioKiocb, mask: u32): void {
  unhook(req);
  req.ki_res_res = mask;
  iocb_put(req);
}

/**
 * The wait queue of a file is woken: a request that waited for this is complete.
 *
 * Differs from Linux: whoever is woken without being told what for asks the file at once, not in a work queue.
 *
 * @kernel aio_poll_wake(), fs/aio.c
 */
function aio_poll_wake(wait: WaitQueueEntry, mode: u32, flags: u32, key: u32): i32 {
  let req = AioKiocb.of_wait(wait);
  enter(Tp.aio_poll_wake, changetype<usize>(req), key, 0);
  if (key && !(key & req.poll_events)) return leave(0);
  // A queue that goes away is the last that the request will hear of, whatever is true of the file.
  let mask = key ? key & ~Poll.FREE : vfs_poll(req.ki_filp!, null) & req.poll_events;
  if (!mask) return leave(0);
  complete_poll(req, mask);
  return leave(1);
}

/** Gives up waiting: the request is complete, with 0. @kernel aio_poll_cancel(), fs/aio.c */
export function aio_poll_cancel(req: AioKiocb): void {
  enter(Tp.aio_poll_cancel, changetype<usize>(req), 0, 0);
  req.poll_cancelled = 1;
  complete_poll(req, 0);
  leave(0);
}

/**
 * Waits, without sleeping, until something is true of a file.
 *
 * @returns  0; -EINVAL. @kernel aio_poll(), fs/aio.c
 */
export function aio_poll(req: AioKiocb, iocb: Iocb): i32 {
  if (iocb.aio_buf >> 16) return -Errno.EINVAL;
  if (iocb.aio_offset || iocb.aio_nbytes || iocb.aio_rw_flags) return -Errno.EINVAL;
  enter(Tp.aio_poll, changetype<usize>(req), <usize>iocb.aio_buf, 0);
  req.poll_events = (<u32>iocb.aio_buf) | Poll.ERR | Poll.HUP;
  init_waitqueue_func_entry(req.poll_wait, aio_poll_wake.index);
  let table = fs_state().epq;
  table.qproc = aio_poll_queue_proc.index;
  table.key = req.poll_events;
  table.context = changetype<usize>(req);
  let mask = vfs_poll(req.ki_filp!, table) & req.poll_events;
  let failed = !req.poll_head || !table.context;
  if (mask) complete_poll(req, mask);
  else if (failed) unhook(req);
  else req.ki_ctx.active_reqs.add_tail(req.ki_list);
  return leave(!mask && failed ? -Errno.EINVAL : 0);
}
