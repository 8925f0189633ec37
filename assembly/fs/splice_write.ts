import { Errno } from "../include/errno";
import { File } from "../include/fs";
import { PipeInodeInfo, pipe_buf } from "./pipe_ring";
import { SLEEPING } from "../include/sched";
import { SpliceDesc, SpliceFlags } from "../include/splice";
import { Tp, enter, leave } from "../include/trace";
import { begin_step, eat, end_step, end_transfer, pipe_transfer, tell_writers } from "./splice_desc";
import { current, signal_pending } from "../kernel/sched";
import { pipe_keep, pipe_lock, pipe_unlock, pipe_wait_readable } from "./pipe_buf";
import { vfs_write } from "./read_write";

/** Slots that a pipe can have at most: no limit. */
const ALL_SLOTS: u32 = u32.MAX_VALUE;

/**
 * Waits until there is something in a pipe that a step empties.
 *
 * @returns  1; 0 if nothing can come, or the step has done enough; -EAGAIN, -ERESTARTSYS, SLEEPING.
 * @kernel splice_from_pipe_next(), fs/splice.c
 */
export function splice_from_pipe_next(pipe: PipeInodeInfo, sd: SpliceDesc, nonblock: bool): i64 {
  if (signal_pending(current())) return -Errno.ERESTARTSYS;
  return wait_for_bytes(pipe, sd, nonblock);
}

/** The same, and a signal matters only to who would sleep. */
export function wait_for_bytes(pipe: PipeInodeInfo, sd: SpliceDesc, nonblock: bool): i64 {
  if (!pipe.empty) return 1;
  if (!pipe.writers || sd.num_spliced) return 0;
  if (nonblock) return -Errno.EAGAIN;
  tell_writers(pipe, sd);
  return pipe_wait_readable(pipe);
}

/**
 * Moves what is in a pipe to a file, to SpliceDesc.opos. While that file makes the task wait, nobody else gets at the pipe.
 *
 * @returns  bytes; 0 if nothing can come any more; -EINVAL of a file that cannot do that, -errno; SLEEPING.
 * @kernel do_splice_from(), fs/splice.c
 */
export function do_splice_from(sd: SpliceDesc, pipe: PipeInodeInfo, file: File, len: u64, flags: u32): i64 {
  let method = file.f_op.splice_write;
  if (!method) return -Errno.EINVAL;
  let result = pipe_lock(pipe);
  if (result) return result;
  let ppos = changetype<usize>(sd) + offsetof<SpliceDesc>("opos");
  result = call_indirect<i64>(method, pipe, file, ppos, <usize>len, flags);
  if (result == SLEEPING && sd.kvec) pipe_keep(pipe);
  else pipe_unlock(pipe);
  return result;
}

/**
 * Writes what is in a pipe to a file, as one vector of pages.
 *
 * @returns  bytes; 0; -errno; SLEEPING. @kernel iter_file_splice_write(), fs/splice.c
 */
export function iter_file_splice_write(pipe: PipeInodeInfo, file: File, ppos: usize, len: usize, flags: u32): i64 {
  enter(Tp.iter_file_splice_write, changetype<usize>(pipe), changetype<usize>(file), len);
  let sd = current().splice!;
  let iter = current().iter;
  begin_step(sd, len);
  let result: i64 = 0;
  while (sd.total_len) {
    if (!sd.kvec) {
      result = splice_from_pipe_next(pipe, sd, (flags & SpliceFlags.NONBLOCK) != 0);
      if (result == SLEEPING) return leave(result);
      if (result > 0) result = pipe_transfer(pipe, sd, file, ALL_SLOTS, load<i64>(ppos));
      if (result <= 0) break;
    }
    result = vfs_write(file, iter);
    if (result == SLEEPING) return leave(result);
    end_transfer(sd);
    if (result <= 0) break;
    store<i64>(ppos, iter.pos);
    eat(pipe, sd, result);
  }
  return leave(end_step(pipe, sd, result));
}

/** Takes what is in a pipe out, for a device that has no use for it. @kernel splice_write_null(), drivers/char/mem.c */
export function splice_write_null(pipe: PipeInodeInfo, file: File, ppos: usize, len: usize, flags: u32): i64 {
  enter(Tp.splice_write_null, changetype<usize>(pipe), changetype<usize>(file), len);
  let sd = current().splice!;
  begin_step(sd, len);
  let result: i64 = 0;
  while (sd.total_len) {
    result = splice_from_pipe_next(pipe, sd, (flags & SpliceFlags.NONBLOCK) != 0);
    if (result == SLEEPING) return leave(result);
    if (result <= 0) break;
    while (sd.total_len && !pipe.empty) eat(pipe, sd, min<u64>(sd.total_len, first_slot(pipe)));
  }
  return leave(end_step(pipe, sd, result));
}

/** Length of the oldest slot. Unit: bytes. */
function first_slot(pipe: PipeInodeInfo): u64 {
  return pipe_buf(pipe, pipe.tail).len;
}
