import { AioKiocb, AioState, Kioctx } from "../include/aio";
import { EventfdCtx, eventfd_ctx_put, eventfd_signal } from "./eventfd";
import { IocbCmd } from "../include/aio_abi";
import { IovIter } from "../include/uio";
import { Softirq } from "../include/sched";
import { Tp, enter, leave } from "../include/trace";
import { add_event, aio_free_ring, get_reqs_available, put_reqs_available, wake_waiters } from "./aio_ring";
import { aio_poll_cancel } from "./aio_poll";
import { fput } from "./file_table";
import { kernel } from "../include/kernel";
import { kfree, kmem_cache_free, kmem_cache_zalloc } from "../mm/slab";
import { raise_softirq } from "../kernel/softirq";
import { release_iovec } from "./read_write";
import { wake_up_all } from "../kernel/wait";

/** What asynchronous input and output keeps. */
export function aio_state(): AioState {
  return changetype<AioState>(kernel.aio);
}

/** One more reference to a context. */
export function get_ioctx(ctx: Kioctx): void {
  ctx.users++;
}

/** Gives up a reference to a context. With the last one what can be cancelled is. @kernel free_ioctx_users(), fs/aio.c */
export function put_ioctx(ctx: Kioctx): void {
  if (--ctx.users) return;
  // A request that is cancelled may be the last: the context stays until all of them are.
  ctx.reqs++;
  while (!ctx.active_reqs.empty) aio_poll_cancel(AioKiocb.of_list(ctx.active_reqs.next));
  put_req_of(ctx);
}

/** A request of a context is over. With the last one the context goes. @kernel free_ioctx_reqs(), fs/aio.c */
function put_req_of(ctx: Kioctx): void {
  ctx.reqs--;
  if (in_use(ctx)) return;
  if (ctx.awaited) wake_up_all(ctx.rq_wait);
  else free_ioctx(ctx);
}

/** Whether somebody uses a context, or a request of it is on its way. */
export function in_use(ctx: Kioctx): bool {
  return ctx.users + ctx.reqs != 0;
}

/** Frees a context that nobody refers to. @kernel free_ioctx(), fs/aio.c */
export function free_ioctx(ctx: Kioctx): void {
  enter(Tp.free_ioctx, changetype<usize>(ctx), 0, 0);
  if (ctx.ring_pages) aio_free_ring(ctx);
  kfree(ctx.cpu);
  ctx.all.del();
  kmem_cache_free(aio_state().kioctx_cachep, changetype<usize>(ctx));
  leave(0);
}

/**
 * A new request of a context, with a slot of the ring for its event.
 *
 * @returns  null if there is no slot, or no memory. @kernel aio_get_req(), fs/aio.c
 */
export function aio_get_req(ctx: Kioctx): AioKiocb | null {
  let at = kmem_cache_zalloc(aio_state().kiocb_cachep);
  if (!at) return null;
  if (!get_reqs_available(ctx)) {
    kmem_cache_free(aio_state().kiocb_cachep, at);
    return null;
  }
  let req = changetype<AioKiocb>(at);
  req.rw = changetype<IovIter>(at + offsetof<AioKiocb>());
  req.ki_list.init();
  req.poll_wait.entry.init();
  req.ki_ctx = ctx;
  // One for whoever submits it, one for whoever completes it.
  req.ki_refcnt = 2;
  ctx.reqs++;
  return req;
}

/** Frees a request. @kernel iocb_destroy(), fs/aio.c */
function iocb_destroy(req: AioKiocb): void {
  let ctx = req.ki_ctx;
  if (req.opcode == IocbCmd.PREADV || req.opcode == IocbCmd.PWRITEV) release_iovec(req.nr_segs, req.rw);
  if (req.ki_eventfd) eventfd_ctx_put(changetype<EventfdCtx>(req.ki_eventfd));
  let file = req.ki_filp;
  if (file && file.f_count == 1) {
    // Whoever wakes the file's wait queue is still walking along it. The context may be gone sooner.
    req.ki_ctx = changetype<Kioctx>(0);
    req.ki_eventfd = 0;
    aio_state().delayed.add_tail(req.ki_list);
    raise_softirq(Softirq.RCU);
  } else {
    if (file) file.f_count--;
    kmem_cache_free(aio_state().kiocb_cachep, changetype<usize>(req));
  }
  put_req_of(ctx);
}

/** Releases the files whose last users were requests. @kernel delayed_fput(), fs/file_table.c */
export function delayed_fput(): void {
  let list = aio_state().delayed;
  while (!list.empty) {
    let req = AioKiocb.of_list(list.next);
    req.ki_list.del();
    fput(req.ki_filp!);
    kmem_cache_free(aio_state().kiocb_cachep, changetype<usize>(req));
  }
}

/** A request is over before it has begun: there will be no event. */
export function drop_req(req: AioKiocb): void {
  put_reqs_available(req.ki_ctx, 1);
  iocb_destroy(req);
}

/** A request has come to its end: its event goes into the ring, and whoever waits for it is told. */
function aio_complete(req: AioKiocb): void {
  let ctx = req.ki_ctx;
  enter(Tp.aio_complete, changetype<usize>(req), changetype<usize>(ctx), <usize>req.ki_res_res);
  add_event(ctx, req.ki_res_data, req.ki_res_obj, req.ki_res_res, req.ki_res_res2);
  if (req.ki_eventfd) eventfd_signal(changetype<EventfdCtx>(req.ki_eventfd));
  wake_waiters(ctx);
  leave(0);
}

/** Gives up a reference to a request; with the last one it is complete. @kernel iocb_put(), fs/aio.c */
export function iocb_put(req: AioKiocb): void {
  if (--req.ki_refcnt) return;
  aio_complete(req);
  iocb_destroy(req);
}
