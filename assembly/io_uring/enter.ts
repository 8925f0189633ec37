import { Errno } from "../include/errno";
import { File, FileKind } from "../include/fs";
import { IoRingCtx } from "../include/io_uring";
import { IoringEnter, IoringSetup } from "../include/io_uring_abi";
import { KTIME_MAX } from "../include/time";
import { SLEEPING, TaskState, TaskStruct } from "../include/sched";
import { Tp, enter, leave } from "../include/trace";
import { current, schedule_hrtimeout, signal_pending } from "../kernel/sched";
import { deadline_after, get_timespec } from "../kernel/sys";
import { fdget, fdput } from "../fs/file";
import { get_user_words } from "../mm/uaccess";
import { cq_ready, io_cqring_overflow_flush, io_uring_state } from "./cqring";
import { io_sq_thread_wake } from "./sqpoll";
import { io_sqring_entries, io_submit_sqes } from "./submit";
import { prepare_to_wait } from "../kernel/wait";
import { restore_saved_sigmask_unless, set_user_sigmask } from "../kernel/signal";
import { rings_of } from "./memmap";
import { task_work_run } from "../kernel/task_work";

/*
 * io_uring_enter(2). What outlasts a sleep: the ring's file in TaskStruct.held, how many entries were taken in reserved, the
 * deadline in done, the completion up to which it waits in kept.
 */

/** Flags of the call. */
const FLAGS: u32 =
  IoringEnter.GETEVENTS |
  IoringEnter.SQ_WAKEUP |
  IoringEnter.SQ_WAIT |
  IoringEnter.EXT_ARG |
  IoringEnter.ABS_TIMER |
  IoringEnter.EXT_ARG_REG |
  IoringEnter.NO_IOWAIT;
/** Size of struct io_uring_getevents_arg. Unit: bytes. */
const EXT_ARG_SIZE: i64 = 24;

/** What the last two arguments say: a mask of signals, and a time. @returns 0 or -errno. @kernel io_get_ext_arg() */
function take_arguments(task: TaskStruct, flags: u32): i32 {
  task.done = KTIME_MAX;
  if (!(flags & IoringEnter.EXT_ARG)) return 0;
  if (flags & IoringEnter.EXT_ARG_REG) return -Errno.EFAULT;
  if (task.r9 != EXT_ARG_SIZE) return -Errno.EINVAL;
  let at = io_uring_state().scratch;
  if (get_user_words(at, task.r8, <usize>EXT_ARG_SIZE)) return -Errno.EFAULT;
  // From here on as if the call had been made without EXT_ARG.
  task.r8 = load<i64>(at);
  task.r9 = load<u32>(at, 8);
  let time = load<u64>(at, 16);
  if (!time) return 0;
  let nanoseconds = get_timespec(time);
  if (nanoseconds == -Errno.EFAULT || nanoseconds == -Errno.ENOMEM) return <i32>nanoseconds;
  // A time that makes no sense is over.
  nanoseconds = max<i64>(nanoseconds, 0);
  task.done = flags & IoringEnter.ABS_TIMER ? nanoseconds : deadline_after(nanoseconds);
  return 0;
}

/** How many completions the task that runs wants to see. */
function wanted(ctx: IoRingCtx, task: TaskStruct): u32 {
  return min(<u32>task.dx, ctx.cq_entries);
}

/**
 * Whether there are as many completions as the task that runs waits for. Who has not waited yet is shown what the program's
 * own index tells, which may lie behind the last completion: then there are very many.
 */
function enough(ctx: IoRingCtx, task: TaskStruct): bool {
  io_cqring_overflow_flush(ctx);
  if (!task.restarting && cq_ready(ctx) >= wanted(ctx, task)) return true;
  return <i32>(ctx.cached_cq_tail - <u32>task.kept) >= 0;
}

/**
 * Waits for completions.
 *
 * @returns  0; -ETIME, -EINTR; SLEEPING. @kernel io_cqring_wait(), io_uring/io_uring.c
 */
function io_cqring_wait(ctx: IoRingCtx, task: TaskStruct): i64 {
  enter(Tp.io_cqring_wait, changetype<usize>(ctx), task.kept, 0);
  task_work_run();
  if (enough(ctx, task)) return leave<i64>(0);
  let result: i64 = 0;
  if (task.timed_out) result = -Errno.ETIME;
  else if (signal_pending(task)) result = -Errno.EINTR;
  else {
    prepare_to_wait(ctx.cq_wait, TaskState.INTERRUPTIBLE);
    result = schedule_hrtimeout(task.done);
    if (result == SLEEPING) return leave(result);
  }
  return leave<i64>(rings_of(ctx).cq_head == ctx.cached_cq_tail ? result : 0);
}

/** What the call answers: how many entries it has submitted, or left to the ring's thread; if none, something else. */
function submitted(task: TaskStruct, otherwise: i64): i64 {
  let entries = load<u32>(changetype<usize>(task), offsetof<TaskStruct>("reserved"));
  return entries ? <i64>(<u64>entries) : otherwise;
}

/** The call with its ring at hand. */
function enter_ring(ctx: IoRingCtx, task: TaskStruct): i64 {
  let flags = <u32>task.r10;
  let to_submit = <u32>task.si;
  if (!task.restarting) {
    if (ctx.flags & IoringSetup.R_DISABLED) return -Errno.EBADFD;
    task.reserved = 0;
    if (ctx.flags & IoringSetup.SQPOLL) {
      io_cqring_overflow_flush(ctx);
      if (!ctx.sq_thread) return -Errno.EOWNERDEAD;
      if (flags & IoringEnter.SQ_WAKEUP) io_sq_thread_wake(ctx);
      task.reserved = to_submit;
    } else if (to_submit) {
      if (ctx.flags & IoringSetup.SINGLE_ISSUER && ctx.submitter !== task) return -Errno.EEXIST;
      let taken: i64 = io_submit_sqes(ctx, to_submit);
      if (taken != to_submit) return taken;
      task.reserved = to_submit;
    }
    if (flags & IoringEnter.GETEVENTS) {
      let error = take_arguments(task, flags);
      if (error) return submitted(task, error);
      task_work_run();
      io_cqring_overflow_flush(ctx);
      task.kept = rings_of(ctx).cq_head + wanted(ctx, task);
      if (!enough(ctx, task)) error = set_user_sigmask(task.r8, task.r9);
      if (error) return submitted(task, error);
    }
  }
  let full = ctx.flags & IoringSetup.SQPOLL && flags & IoringEnter.SQ_WAIT;
  if (full && ctx.sq_thread && io_sqring_entries(ctx) >= ctx.sq_entries) {
    prepare_to_wait(ctx.sqo_sq_wait, TaskState.INTERRUPTIBLE);
    let result = schedule_hrtimeout(KTIME_MAX);
    return result == SLEEPING ? result : submitted(task, result);
  }
  if (!(flags & IoringEnter.GETEVENTS)) return submitted(task, 0);
  let result = io_cqring_wait(ctx, task);
  if (result == SLEEPING) return result;
  restore_saved_sigmask_unless(result == -Errno.EINTR);
  return submitted(task, result);
}

/** The ring that a file is; null: it is none. */
export function ring_of_file(file: File): IoRingCtx | null {
  return file.f_op.kind == FileKind.IO_URING ? changetype<IoRingCtx>(file.private_data) : null;
}

/** io_uring_enter(2). */
export function sys_io_uring_enter(): i64 {
  let task = current();
  if ((<u32>task.r10) & ~FLAGS) return -Errno.EINVAL;
  let file = fdget(<i32>task.di);
  if (!file) return -Errno.EBADF;
  let ctx = ring_of_file(file);
  if (!ctx) return fdput(file, -Errno.EOPNOTSUPP);
  enter(Tp.io_uring_enter, changetype<usize>(ctx), <usize>task.si, <usize>task.dx);
  let result = fdput(file, enter_ring(ctx, task));
  if (result != SLEEPING) task.kept = 0;
  return leave(result);
}
