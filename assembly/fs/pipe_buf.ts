import { Errno } from "../include/errno";
import { FasyncStruct, PollCode, kill_fasync } from "./fasync";
import { PageFlags, virt_to_page } from "../include/mm_types";
import { PipeBufFlags, PipeBufOps, PipeBuffer, PipeInodeInfo, pipe_buf } from "./pipe_ring";
import { Signal } from "../include/signal";
import { TaskState } from "../include/sched";
import { Tp, trace } from "../include/trace";
import { WaitQueueHead } from "../include/wait";
import { __wake_up_common, prepare_to_wait, prepare_to_wait_exclusive, wake_up_all } from "../kernel/wait";
import { current, schedule } from "../kernel/sched";
import { account_page } from "../include/account";
import { get_page } from "../mm/page_alloc";
import { send_sig } from "../kernel/signal";

/*
 * Slots that refer to pages of others, and what calls that move pages have in common. One page can be in many places:
 *
 *   page cache ──┐
 *   program    ──┼──> frame (refcount 4)
 *   slot       ──┤
 *   sk_buff    ──┘
 */

/** Another reference to the page of a slot, for another slot. @kernel pipe_buf_get(), include/linux/pipe_fs_i.h */
export function pipe_buf_get(slot: PipeBuffer): void {
  get_page(virt_to_page(slot.page));
}

/**
 * Makes sure that the bytes of a slot are there. A page of a file that was put into a pipe was there then.
 *
 * @returns  0; -EIO if the page could not be read. @kernel pipe_buf_confirm(), include/linux/pipe_fs_i.h
 */
export function pipe_buf_confirm(slot: PipeBuffer): i32 {
  if (slot.ops != PipeBufOps.PAGE_CACHE) return 0;
  return virt_to_page(slot.page).flags & PageFlags.UPTODATE ? 0 : -Errno.EIO;
}

/**
 * Fills the next slot with a piece of a page, whose reference it takes over. There must be a free slot.
 *
 * @param ops  PipeBufOps: whose page it is. @kernel add_to_pipe(), fs/splice.c
 */
export function add_to_pipe(pipe: PipeInodeInfo, page: usize, offset: u32, len: u32, ops: u32): PipeBuffer {
  let slot = pipe_buf(pipe, pipe.head);
  slot.page = page;
  slot.offset = offset;
  slot.len = len;
  slot.flags = 0;
  slot.ops = ops;
  pipe.head++;
  account_page();
  trace(Tp.pipe_buf_share, changetype<usize>(pipe), changetype<usize>(slot), len);
  return slot;
}

/**
 * Fills the next slot of a pipe as one of another pipe is, whose reference it takes over. There must be a free slot.
 *
 * @param len  how many of its bytes.
 */
export function copy_slot(to: PipeInodeInfo, from: PipeBuffer, len: u32): PipeBuffer {
  let slot = add_to_pipe(to, from.page, from.offset, len, from.ops);
  // Two slots must not both be written to, or given away.
  slot.flags = from.flags & ~(PipeBufFlags.GIFT | PipeBufFlags.CAN_MERGE);
  return slot;
}

/**
 * Waits until nobody has a pipe to himself. That is so while a call sleeps for a page or for a socket in the middle of
 * moving bytes; who waits for the pipe itself lets others have it.
 *
 * @returns  0 or SLEEPING. @kernel pipe_lock(), fs/pipe.c
 */
export function pipe_lock(pipe: PipeInodeInfo): i64 {
  let task = current();
  let owner = pipe.mutex_owner;
  if (owner && owner !== task) {
    if (!task.restarting) task.reserved = NOT_BEGUN;
    prepare_to_wait_exclusive(pipe.mutex_wait, TaskState.UNINTERRUPTIBLE);
    return schedule();
  }
  // Who had to wait before anything else begins only now.
  if (task.reserved == NOT_BEGUN) {
    task.reserved = -1;
    task.restarting = 0;
  }
  return 0;
}

/** TaskStruct.reserved of a task that waits for a pipe that another one has to himself, before it has done anything. */
const NOT_BEGUN: i32 = -2;

/** The task that runs has a pipe to itself while it sleeps. */
export function pipe_keep(pipe: PipeInodeInfo): void {
  pipe.mutex_owner = current();
}

/** A pipe is open to all. @kernel pipe_unlock(), fs/pipe.c */
export function pipe_unlock(pipe: PipeInodeInfo): void {
  if (!pipe.mutex_owner) return;
  pipe.mutex_owner = null;
  // All of them: who is woken may be done with the pipe without having had to keep it, and wakes nobody.
  wake_up_all(pipe.mutex_wait);
}

/** Tells those who wait for bytes, or watch the read end. @kernel wakeup_pipe_readers(), fs/splice.c */
export function wakeup_pipe_readers(pipe: PipeInodeInfo): void {
  __wake_up_common(pipe.rd_wait, TaskState.INTERRUPTIBLE, 1, 0);
  kill_fasync(changetype<FasyncStruct | null>(pipe.fasync_readers), PollCode.POLL_IN);
}

/** Tells those who wait for a free slot, or watch the write end. @kernel wakeup_pipe_writers(), fs/splice.c */
export function wakeup_pipe_writers(pipe: PipeInodeInfo): void {
  __wake_up_common(pipe.wr_wait, TaskState.INTERRUPTIBLE, 1, 0);
  kill_fasync(changetype<FasyncStruct | null>(pipe.fasync_writers), PollCode.POLL_OUT);
}

/** The task that runs sleeps, as a plain waiter. @returns SLEEPING, -ERESTARTSYS. */
function wait_in(head: WaitQueueHead): i64 {
  prepare_to_wait(head, TaskState.INTERRUPTIBLE);
  return schedule();
}

/** Waits for bytes. @returns SLEEPING, -ERESTARTSYS. @kernel pipe_wait_readable(), fs/pipe.c */
export function pipe_wait_readable(pipe: PipeInodeInfo): i64 {
  return wait_in(pipe.rd_wait);
}

/** Waits for a free slot. @returns SLEEPING, -ERESTARTSYS. @kernel pipe_wait_writable(), fs/pipe.c */
export function pipe_wait_writable(pipe: PipeInodeInfo): i64 {
  return wait_in(pipe.wr_wait);
}

/** Nobody can read what would be written. @returns -EPIPE, with SIGPIPE. */
export function no_reader(): i64 {
  send_sig(Signal.SIGPIPE, current());
  return -Errno.EPIPE;
}

/**
 * Waits until a pipe has a free slot.
 *
 * @returns  0; -EPIPE, -EAGAIN, -ERESTARTSYS, SLEEPING. @kernel wait_for_space(), fs/splice.c
 */
export function wait_for_space(pipe: PipeInodeInfo, nonblock: bool): i64 {
  if (!pipe.readers) return no_reader();
  if (!pipe.full) return 0;
  return nonblock ? -Errno.EAGAIN : pipe_wait_writable(pipe);
}
