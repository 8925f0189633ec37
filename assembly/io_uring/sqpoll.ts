import { Errno } from "../include/errno";
import { IoRingCtx } from "../include/io_uring";
import { IoUringParams, IoringSetup, IoringSqFlags } from "../include/io_uring_abi";
import { KTHREAD_EXIT, SLEEPING, TaskState } from "../include/sched";
import { NSEC_PER_MSEC } from "../include/time";
import { Tp, charge, enter, leave, trace } from "../include/trace";
import { cpu_of, current, sched, schedule } from "../kernel/sched";
import { io_cancel_requests } from "./cancel";
import { io_ring_put } from "./io_uring";
import { io_sqring_entries, io_submit_sqes } from "./submit";
import { kernel } from "../include/kernel";
import {
  kthread_run,
  kthread_should_stop,
  kthread_stop,
  kthread_unuse_files,
  kthread_unuse_mm,
  kthread_use_files,
  kthread_use_mm,
} from "../kernel/kthread";
import { ktime_get, next_event } from "../kernel/time";
import { prepare_to_wait, wake_up } from "../kernel/wait";
import { rings_of } from "./memmap";
import { task_work_run } from "../kernel/task_work";

/*
 * IORING_SETUP_SQPOLL: a kernel thread looks for entries, so that submitting them is a store to memory and no system call.
 * It borrows the address space and the descriptors of the task that has made the ring, for as long as it looks once.
 */

/** Name of the thread: "iou-sqp", the first character in the lowest byte. */
const NAME: u64 = 0x70_7173_2d75_6f69;
/** How long it looks if the program does not say. Unit: ns. */
const DEFAULT_IDLE: u64 = 1_000_000_000;
/** Entries that it takes at once. @kernel IORING_SQPOLL_CAP_ENTRIES_VALUE, io_uring/sqpoll.c */
const CAP_ENTRIES: u32 = 8;
/** How long looking once takes while others have something to do. Unit: ns. */
const LOOK: u64 = 200;

/** Makes the thread of a ring, if it is to have one. @returns 0, -ENOMEM. @kernel io_sq_offload_create() */
export function io_sq_offload_create(ctx: IoRingCtx, p: IoUringParams): i64 {
  if (!(ctx.flags & IoringSetup.SQPOLL)) return 0;
  ctx.sq_thread_idle = p.sq_thread_idle ? <u64>p.sq_thread_idle * NSEC_PER_MSEC : DEFAULT_IDLE;
  ctx.sq_idle_until = ktime_get() + ctx.sq_thread_idle;
  ctx.sq_thread = kthread_run(io_sq_thread.index, changetype<usize>(ctx), NAME);
  return ctx.sq_thread ? 0 : -Errno.ENOMEM;
}

/** The thread of a ring is to end. @kernel io_sq_thread_stop(), io_uring/sqpoll.c */
export function io_sq_thread_stop(ctx: IoRingCtx): void {
  let thread = ctx.sq_thread;
  if (thread) kthread_stop(thread);
}

/** The program wants the thread to look again. */
export function io_sq_thread_wake(ctx: IoRingCtx): void {
  wake_up(ctx.sqo_wait);
}

/** The thread ends. */
function end(ctx: IoRingCtx): i64 {
  ctx.nr_reqs++;
  io_cancel_requests(ctx, current());
  ctx.sq_thread = null;
  ctx.nr_reqs--;
  wake_up(ctx.sqo_sq_wait);
  io_ring_put(ctx);
  return KTHREAD_EXIT;
}

/** Does what there is to do, in the place of the submitter. @returns whether there was something. */
function look(ctx: IoRingCtx): bool {
  let task = current();
  let submitter = ctx.submitter!;
  let busy = !task.task_works.empty;
  let entries = ctx.flags & IoringSetup.R_DISABLED ? 0 : io_sqring_entries(ctx);
  if (!busy && !entries) return false;
  kthread_use_mm(submitter.mm);
  kthread_use_files(submitter.files);
  task_work_run();
  if (entries) io_submit_sqes(ctx, min(entries, CAP_ENTRIES));
  task_work_run();
  kthread_unuse_files();
  kthread_unuse_mm();
  wake_up(ctx.sqo_sq_wait);
  return true;
}

/** Whether another task could run now. */
function others_could_run(): bool {
  if (sched().nr_running) return true;
  for (let id: u32 = 0; id < kernel.nr_cpus; id++) {
    let curr = cpu_of(id).curr;
    if (curr && curr !== current()) return true;
  }
  return false;
}

/** Looks in vain: until something else happens, if nothing else is going on. */
function spin(ctx: IoRingCtx): void {
  let now = ktime_get();
  let until = min(ctx.sq_idle_until, next_event());
  charge(others_could_run() ? LOOK : max(LOOK, until > now ? until - now : 0));
  if (sched().nr_running) kernel.cpu.need_resched = 1;
}

/** What the thread does: looks for entries, until it has found none for long enough. @kernel io_sq_thread() */
function io_sq_thread(data: usize): i64 {
  let ctx = changetype<IoRingCtx>(data);
  if (kthread_should_stop() || ctx.dead || !ctx.submitter) return end(ctx);
  let rings = rings_of(ctx);
  let slept = (rings.sq_flags & IoringSqFlags.NEED_WAKEUP) != 0;
  if (slept) {
    rings.sq_flags &= ~(<u32>IoringSqFlags.NEED_WAKEUP);
    ctx.sq_idle_until = ktime_get() + ctx.sq_thread_idle;
  }
  enter(Tp.io_sq_thread, changetype<usize>(ctx), io_sqring_entries(ctx), 0);
  if (look(ctx)) {
    ctx.sq_idle_until = ktime_get() + ctx.sq_thread_idle;
    return leave<i64>(0);
  }
  if (ktime_get() < ctx.sq_idle_until) {
    spin(ctx);
    return leave<i64>(0);
  }
  rings.sq_flags |= IoringSqFlags.NEED_WAKEUP;
  trace(Tp.io_sq_thread_idle, changetype<usize>(ctx), 0, 0);
  prepare_to_wait(ctx.sqo_wait, TaskState.INTERRUPTIBLE);
  return leave(schedule() == SLEEPING ? SLEEPING : 0);
}
