import { Errno } from "../include/errno";
import { File, Poll } from "../include/fs";
import { IovIter } from "../include/uio";
import { OpenFlags } from "../include/fcntl";
import { PAGE_SHIFT, PAGE_SIZE } from "../include/mm_types";
import {
  PipeBufFlags,
  PipeInodeInfo,
  anon_pipe_get_page,
  anon_pipe_put_page,
  file_pipe,
  pipe_buf,
  pipe_pop,
  pipe_push,
} from "./pipe_ring";
import { data_ready } from "../include/phase";
import { FasyncStruct, PollCode, kill_fasync } from "./fasync";
import { pipe_buf_confirm, pipe_lock } from "./pipe_buf";
import { Signal } from "../include/signal";
import { send_sig } from "../kernel/signal";
import { SLEEPING, TaskState } from "../include/sched";
import { Tp, enter, leave, trace } from "../include/trace";
import { WaitQueueHead } from "../include/wait";
import { copy_from_iter, copy_to_iter } from "../mm/iov_iter";
import { current, schedule } from "../kernel/sched";
import { fault_in_from_disk } from "../mm/gup";
import { prepare_to_wait_exclusive, wake_up_interruptible_sync_poll } from "../kernel/wait";

/*
 * Whoever has to wait for a pipe is an exclusive waiter, the oldest first, and one is woken at a time. So one who was
 * woken and leaves something behind wakes the next one.
 */

/** Tells the readers and those who watch the read end. */
function wake_readers(pipe: PipeInodeInfo): void {
  wake_up_interruptible_sync_poll(pipe.rd_wait, Poll.IN | Poll.RDNORM);
}

/** Tells the writers and those who watch the write end. */
function wake_writers(pipe: PipeInodeInfo): void {
  wake_up_interruptible_sync_poll(pipe.wr_wait, Poll.OUT | Poll.WRNORM);
}

/** Tells readers by a signal, if they want that. */
function signal_readers(pipe: PipeInodeInfo): void {
  // Asked here, because nearly nobody does, and it is asked at every call.
  let list = changetype<FasyncStruct | null>(pipe.fasync_readers);
  if (list) kill_fasync(list, PollCode.POLL_IN);
}

/** Tells writers by a signal, if they want that. */
function signal_writers(pipe: PipeInodeInfo): void {
  let list = changetype<FasyncStruct | null>(pipe.fasync_writers);
  if (list) kill_fasync(list, PollCode.POLL_OUT);
}

/** The task that runs waits for its turn in a queue of a pipe; what it has moved already counts if it is interrupted. */
function wait_in(head: WaitQueueHead): i64 {
  prepare_to_wait_exclusive(head, TaskState.INTERRUPTIBLE);
  let result = schedule();
  let done = <i64>current().done;
  return result != SLEEPING && done ? done : result;
}

/**
 * Takes bytes out of the oldest slot.
 *
 * @returns  bytes; -EFAULT, -EIO, and the slot is as before.
 */
function read_slot(pipe: PipeInodeInfo, iter: IovIter): i64 {
  let slot = pipe_buf(pipe, pipe.tail);
  let chars = <u32>min<u64>(slot.len, iter.count);
  let error = pipe_buf_confirm(slot);
  if (error) return error;
  if (copy_to_iter(slot.page + slot.offset, chars, iter) < chars) return -Errno.EFAULT;
  slot.offset += chars;
  slot.len -= chars;
  if (slot.flags & PipeBufFlags.PACKET) slot.len = 0;
  trace(Tp.pipe_buf_read, changetype<usize>(pipe), changetype<usize>(slot), chars);
  return chars;
}

/**
 * Reads what is in a pipe; waits if there is nothing and somebody could write.
 *
 * @returns  bytes; 0 once nobody can write; -EFAULT, -EAGAIN; SLEEPING.
 * @kernel anon_pipe_read(), fs/pipe.c
 */
export function anon_pipe_read(file: File, iter: IovIter): i64 {
  let pipe = file_pipe(file);
  enter(Tp.anon_pipe_read, changetype<usize>(pipe), <usize>iter.count, 0);
  if (!iter.count) return leave<i64>(0);
  let error: i64 = pipe_lock(pipe);
  if (error) return leave(error);
  let done: i64 = 0;
  let packet = false;
  let was_full = false;
  while (!pipe.empty && iter.count && !packet) {
    let slot = pipe_buf(pipe, pipe.tail);
    packet = (slot.flags & PipeBufFlags.PACKET) != 0;
    let chars = read_slot(pipe, iter);
    if (chars < 0) {
      error = chars;
      break;
    }
    done += chars;
    if (slot.len) break;
    if (pipe.full) was_full = true;
    pipe_pop(pipe);
  }
  if (!done && !error && pipe.writers) {
    if (!(file.f_flags & OpenFlags.NONBLOCK)) {
      signal_writers(pipe);
      return leave(wait_in(pipe.rd_wait));
    }
    error = -Errno.EAGAIN;
  }
  let wake_next_reader = current().restarting && !pipe.empty;
  if (was_full) wake_writers(pipe);
  if (wake_next_reader) wake_readers(pipe);
  signal_writers(pipe);
  return leave(done ? done : error);
}

/**
 * Adds the odd part of a write to the newest slot, if it fits in there as a whole.
 *
 * @returns  bytes; -EFAULT.
 */
function merge(pipe: PipeInodeInfo, iter: IovIter): i64 {
  let chars = (<u32>iter.count) & (<u32>PAGE_SIZE - 1);
  if (!chars || pipe.empty) return 0;
  let slot = pipe_buf(pipe, pipe.head - 1);
  let end = slot.offset + slot.len;
  if (!(slot.flags & PipeBufFlags.CAN_MERGE) || end + chars > <u32>PAGE_SIZE) return 0;
  if (copy_from_iter(slot.page + end, chars, iter) < chars) return -Errno.EFAULT;
  slot.len += chars;
  trace(Tp.pipe_buf_merge, changetype<usize>(pipe), changetype<usize>(slot), chars);
  return chars;
}

/**
 * Fills one slot.
 *
 * @param flags  PipeBufFlags of the slot.
 * @returns      bytes; -EPIPE, -EAGAIN if no slot is free, -ENOMEM, -EFAULT.
 */
function write_slot(pipe: PipeInodeInfo, iter: IovIter, flags: u32): i64 {
  if (!pipe.readers) {
    send_sig(Signal.SIGPIPE, current());
    return -Errno.EPIPE;
  }
  if (pipe.full) return -Errno.EAGAIN;
  let page = anon_pipe_get_page(pipe);
  if (!page) return -Errno.ENOMEM;
  let chars = <u32>min<u64>(iter.count, PAGE_SIZE);
  if (copy_from_iter(page, chars, iter) < chars) {
    anon_pipe_put_page(pipe, page);
    return -Errno.EFAULT;
  }
  pipe_push(pipe, page, chars, flags);
  return chars;
}

/**
 * Writes into a pipe; waits while it is full. How much has been written before a wait is in TaskStruct.done.
 *
 * @returns  bytes; -EPIPE, -EAGAIN, -ENOMEM, -EFAULT if nothing could be written; SLEEPING.
 * @kernel anon_pipe_write(), fs/pipe.c
 */
export function anon_pipe_write(file: File, iter: IovIter): i64 {
  let pipe = file_pipe(file);
  let task = current();
  enter(Tp.anon_pipe_write, changetype<usize>(pipe), <usize>iter.count, 0);
  if (!iter.count) return leave<i64>(0);
  // Who has slept for his own pages has not waited for room.
  let resumed = task.restarting != 0 && !task.fault_address;
  let asleep = fault_in_from_disk(iter, (<u64>pipe.ring_size) << PAGE_SHIFT, 0);
  if (!asleep) asleep = pipe_lock(pipe);
  if (asleep) return leave(asleep);
  // Woken, but another one was faster: only the place at the end of the queue changes.
  if (resumed && pipe.full && pipe.readers) return leave(wait_in(pipe.wr_wait));
  let was_empty = pipe.empty;
  let flags = file.f_flags & OpenFlags.DIRECT ? PipeBufFlags.PACKET : PipeBufFlags.CAN_MERGE;
  let chars: i64 = resumed || !pipe.readers ? 0 : merge(pipe, iter);
  while (chars >= 0) {
    task.done += chars;
    if (!iter.count) break;
    chars = write_slot(pipe, iter, flags);
  }
  if (was_empty && task.done) data_ready(changetype<usize>(pipe), task.done);
  if (chars == -Errno.EAGAIN && !(file.f_flags & OpenFlags.NONBLOCK)) {
    if (was_empty) wake_readers(pipe);
    signal_readers(pipe);
    return leave(wait_in(pipe.wr_wait));
  }
  let wake_next_writer = resumed && !pipe.full;
  // Watchers are told of every write, also if there was something to read before: programs have come to rely on it.
  if (was_empty || pipe.poll_usage) wake_readers(pipe);
  if (wake_next_writer) wake_writers(pipe);
  signal_readers(pipe);
  return leave<i64>(task.done ? task.done : chars);
}
