import { AioState, AioKiocb, Kioctx, KioctxTable } from "../include/aio";
import { CacheType } from "../include/mm_types";
import { Errno } from "../include/errno";
import { Iocb } from "../include/aio_abi";
import { IovIter } from "../include/uio";
import { MmStruct } from "../include/mm_struct";
import { Softirq, TaskState, TaskStruct } from "../include/sched";
import { Tp, enter, leave } from "../include/trace";
import { aio_setup_ring, ring_of } from "./aio_ring";
import { aio_state, delayed_fput, free_ioctx, get_ioctx, in_use, put_ioctx } from "./aio_kiocb";
import { current, schedule } from "../kernel/sched";
import { dio_init } from "./direct_io_pages";
import { get_user_words, put_user_words } from "../mm/uaccess";
import { init_waitqueue_head, prepare_to_wait, wake_up_all } from "../kernel/wait";
import { kernel } from "../include/kernel";
import { kfree, kmem_cache_create, kmem_cache_zalloc, kzalloc } from "../mm/slab";
import { poll_disk } from "../include/blkdev";
import { open_softirq } from "../kernel/softirq";
import { map_ring, unmap_ring } from "./aio_map";

/** Requests of all contexts together. @kernel aio_max_nr, fs/aio.c */
const AIO_MAX_NR: u32 = 0x1_0000;
/** More events than that no ring has. */
const MOST_EVENTS: u32 = 0x1000_0000 >> 5;
/** Slots of a process's first table of contexts; the next ones have four times as many each. */
const FIRST_TABLE: u32 = 4;

/** Makes what asynchronous input and output needs. @kernel aio_setup(), fs/aio.c */
export function aio_init(): void {
  kernel.aio = kzalloc(offsetof<AioState>());
  let state = aio_state();
  state.kioctx_cachep = kmem_cache_create(CacheType.Kioctx, offsetof<Kioctx>(), 8);
  state.kiocb_cachep = kmem_cache_create(CacheType.AioKiocb, offsetof<AioKiocb>() + offsetof<IovIter>(), 8);
  dio_init();
  state.aio_max_nr = AIO_MAX_NR;
  state.contexts.init();
  state.delayed.init();
  state.work.init();
  state.iocb = changetype<Iocb>(kzalloc(offsetof<Iocb>()));
  state.exit_aio = exit_aio.index;
  open_softirq(Softirq.RCU, delayed_fput.index);
}

/** The table of a process's contexts; null: it has none yet. */
function table_of(mm: MmStruct): KioctxTable | null {
  return changetype<KioctxTable | null>(mm.ioctx_table);
}

/** Gives a context its number in the process. @returns 0, -ENOMEM. @kernel ioctx_add_table(), fs/aio.c */
function ioctx_add_table(ctx: Kioctx, mm: MmStruct): i32 {
  let table = table_of(mm);
  let nr = table ? table.nr : 0;
  let id: u32 = 0;
  while (id < nr && load<usize>(table!.slot(id))) id++;
  if (id == nr) {
    let wider = nr ? nr * 4 : FIRST_TABLE;
    let at = kzalloc(offsetof<KioctxTable>() + ((<usize>wider) << 2));
    if (!at) return -Errno.ENOMEM;
    let larger = changetype<KioctxTable>(at);
    larger.nr = wider;
    if (table) memory.copy(larger.slot(0), table.slot(0), (<usize>nr) << 2);
    kfree(mm.ioctx_table);
    mm.ioctx_table = at;
    table = larger;
  }
  store<usize>(table!.slot(id), changetype<usize>(ctx));
  ctx.id = id;
  ring_of(ctx).id = id;
  return 0;
}

/** Slots for requests, as many as the ring has room for, and how many of them a CPU takes at once. */
function share_slots(ctx: Kioctx): void {
  ctx.reqs_available = ctx.nr_events - 1;
  ctx.req_batch = max<u32>((ctx.nr_events - 1) / (kernel.nr_cpus * 4), 1);
}

/** Makes a context that is nowhere yet. @returns null if memory is exhausted. */
function new_ioctx(max_reqs: u32, nr_events: u32): Kioctx | null {
  let state = aio_state();
  let at = kmem_cache_zalloc(state.kioctx_cachep);
  if (!at) return null;
  let ctx = changetype<Kioctx>(at);
  ctx.users = 1;
  ctx.max_reqs = max_reqs;
  ctx.active_reqs.init();
  init_waitqueue_head(ctx.wait);
  init_waitqueue_head(ctx.rq_wait);
  state.contexts.add_tail(ctx.all);
  ctx.cpu = kzalloc((<usize>kernel.nr_cpus) << 2);
  if (ctx.cpu && !aio_setup_ring(ctx, nr_events)) return ctx;
  free_ioctx(ctx);
  return null;
}

/** Maps the ring of a new context and gives it its number. @returns 0, -EAGAIN, -ENOMEM. */
function place_ioctx(ctx: Kioctx, mm: MmStruct): i32 {
  let state = aio_state();
  let mapped = map_ring(ctx, mm);
  if (mapped < 0) return <i32>mapped;
  ctx.user_id = mapped;
  share_slots(ctx);
  let error = state.aio_nr + ctx.max_reqs > state.aio_max_nr ? -Errno.EAGAIN : ioctx_add_table(ctx, mm);
  if (error) {
    unmap_ring(ctx, mm);
    return error;
  }
  ctx.mm = mm;
  state.aio_nr += ctx.max_reqs;
  return 0;
}

/**
 * Makes a context of the task that runs.
 *
 * @param nr_events  requests that it is for; it can do with more.
 * @returns          its address in the kernel; -EINVAL, -EAGAIN, -ENOMEM.
 * @kernel ioctx_alloc(), fs/aio.c
 */
function ioctx_alloc(nr_events: u32): i64 {
  let max_reqs = nr_events;
  enter(Tp.ioctx_alloc, nr_events, 0, 0);
  // Slots are handed out by CPU: each of them needs a few.
  nr_events = max<u32>(nr_events, kernel.nr_cpus * 4) * 2;
  if (nr_events > MOST_EVENTS) return leave<i64>(-Errno.EINVAL);
  if (!nr_events || max_reqs > aio_state().aio_max_nr) return leave<i64>(-Errno.EAGAIN);
  let ctx = new_ioctx(max_reqs, nr_events);
  if (!ctx) return leave<i64>(-Errno.ENOMEM);
  let error = place_ioctx(ctx, current().mm);
  if (error) free_ioctx(ctx);
  return leave<i64>(error ? <i64>error : <i64>changetype<usize>(ctx));
}

/**
 * Takes a context from its process: no call finds it any more, and who waits is told.
 *
 * @returns  0; -EINVAL if somebody else is doing that. @kernel kill_ioctx(), fs/aio.c
 */
function kill_ioctx(mm: MmStruct, ctx: Kioctx): i32 {
  if (ctx.dead) return -Errno.EINVAL;
  enter(Tp.kill_ioctx, changetype<usize>(ctx), ctx.reqs, 0);
  ctx.dead = 1;
  store<usize>(table_of(mm)!.slot(ctx.id), 0);
  wake_up_all(ctx.wait);
  aio_state().aio_nr -= ctx.max_reqs;
  unmap_ring(ctx, mm);
  ctx.mm = null;
  return leave(0);
}

/** The address space of a process goes away: so do its contexts, with requests that the disk is at. @kernel exit_aio(), fs/aio.c */
function exit_aio(mm: MmStruct): void {
  let table = table_of(mm);
  if (!table) return;
  enter(Tp.exit_aio, changetype<usize>(mm), 0, 0);
  for (let id: u32 = 0; id < table.nr; id++) {
    let ctx = changetype<Kioctx>(load<usize>(table.slot(id)));
    if (!changetype<usize>(ctx)) continue;
    kill_ioctx(mm, ctx);
    ctx.awaited = 1;
    put_ioctx(ctx);
    // Whoever ends cannot sleep any more: the CPU waits for the disk.
    while (in_use(ctx) && poll_disk()) {}
    ctx.awaited = 0;
    if (!in_use(ctx)) free_ioctx(ctx);
  }
  kfree(mm.ioctx_table);
  mm.ioctx_table = 0;
  leave(0);
}

/** The context that has a user address, with a reference; null: there is none. @kernel lookup_ioctx(), fs/aio.c */
export function lookup_ioctx(ctx_id: u64): Kioctx | null {
  let task = current();
  let at = changetype<usize>(task) + offsetof<TaskStruct>("reserved");
  if (get_user_words(at, ctx_id, 4)) return null;
  let id = <u32>task.reserved;
  let table = table_of(task.mm);
  if (!table || id >= table.nr) return null;
  let ctx = changetype<Kioctx>(load<usize>(table.slot(id)));
  if (!changetype<usize>(ctx) || ctx.user_id != ctx_id) return null;
  get_ioctx(ctx);
  return ctx;
}

/** io_setup(2). */
export function sys_io_setup(): i64 {
  let task = current();
  let ctxp = <u64>task.si;
  let word = changetype<usize>(task) + offsetof<TaskStruct>("done");
  if (get_user_words(word, ctxp, 8)) return -Errno.EFAULT;
  if (task.done || !(<u32>task.di)) return -Errno.EINVAL;
  let result = ioctx_alloc(<u32>task.di);
  if (result < 0) return result;
  let ctx = changetype<Kioctx>(<usize>result);
  task.done = ctx.user_id;
  if (!put_user_words(ctxp, word, 8)) return 0;
  kill_ioctx(task.mm, ctx);
  put_ioctx(ctx);
  return -Errno.EFAULT;
}

/** io_destroy(2): waits for the requests that cannot be cancelled. */
export function sys_io_destroy(): i64 {
  let task = current();
  let ctx = task.restarting ? changetype<Kioctx | null>(task.kept) : lookup_ioctx(task.di);
  if (!ctx) return -Errno.EINVAL;
  if (!task.restarting) {
    let error = kill_ioctx(task.mm, ctx);
    // The process's own reference goes with the call's, unless another task is destroying the context.
    if (!error) {
      ctx.awaited = 1;
      put_ioctx(ctx);
    }
    put_ioctx(ctx);
    if (error) return error;
  }
  if (in_use(ctx)) {
    task.kept = changetype<usize>(ctx);
    prepare_to_wait(ctx.rq_wait, TaskState.UNINTERRUPTIBLE);
    return schedule();
  }
  task.kept = 0;
  free_ioctx(ctx);
  return 0;
}
