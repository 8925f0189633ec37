import { Errno } from "../include/errno";
import { PipeInodeInfo, pipe_buf } from "./pipe_ring";
import { Tp, enter, leave } from "../include/trace";
import {
  copy_slot,
  no_reader,
  pipe_buf_get,
  pipe_lock,
  pipe_wait_readable,
  wait_for_space,
  wakeup_pipe_readers,
  wakeup_pipe_writers,
} from "./pipe_buf";

/* From pipe to pipe: slots are moved, or copied with another reference to their page; bytes never are. */

/**
 * Waits until there is something in a pipe.
 *
 * @returns  0, also if nothing can come any more; -EAGAIN, -ERESTARTSYS, SLEEPING. @kernel ipipe_prep(), fs/splice.c
 */
function ipipe_prep(pipe: PipeInodeInfo, nonblock: bool): i64 {
  if (!pipe.empty || !pipe.writers) return 0;
  return nonblock ? -Errno.EAGAIN : pipe_wait_readable(pipe);
}

/** Waits until there is room in a pipe. @returns 0, -EPIPE, -EAGAIN, -ERESTARTSYS, SLEEPING. @kernel opipe_prep() */
function opipe_prep(pipe: PipeInodeInfo, nonblock: bool): i64 {
  return pipe.full ? wait_for_space(pipe, nonblock) : 0;
}

/** Waits until slots can be moved. @returns 0; -errno; SLEEPING. */
export function prepare_pipes(ipipe: PipeInodeInfo, opipe: PipeInodeInfo, nonblock: bool): i64 {
  let result = pipe_lock(ipipe);
  if (!result) result = pipe_lock(opipe);
  if (!result) result = ipipe_prep(ipipe, nonblock);
  if (!result) result = opipe_prep(opipe, nonblock);
  return result;
}

/** The oldest slot of one pipe becomes the newest of another, or a part of it. @returns bytes. */
function move_slot(ipipe: PipeInodeInfo, opipe: PipeInodeInfo, len: u64): u32 {
  let from = pipe_buf(ipipe, ipipe.tail);
  if (len < from.len) {
    let part = <u32>len;
    pipe_buf_get(from);
    copy_slot(opipe, from, part);
    from.offset += part;
    from.len -= part;
    return part;
  }
  // The reference goes along, so the slot is given up first.
  ipipe.tail++;
  copy_slot(opipe, from, from.len).flags = from.flags;
  from.page = 0;
  return from.len;
}

/**
 * Moves slots from one pipe to another.
 *
 * @returns  bytes; 0 if nothing can come any more; -EPIPE, -EAGAIN, -ERESTARTSYS; SLEEPING.
 * @kernel splice_pipe_to_pipe(), fs/splice.c
 */
export function splice_pipe_to_pipe(ipipe: PipeInodeInfo, opipe: PipeInodeInfo, len: u64, nonblock: bool): i64 {
  enter(Tp.splice_pipe_to_pipe, changetype<usize>(ipipe), changetype<usize>(opipe), <usize>len);
  let result = prepare_pipes(ipipe, opipe, nonblock);
  if (result) return leave(result);
  if (!opipe.readers) return leave(no_reader());
  let done: i64 = 0;
  let freed = ipipe.tail;
  while (len && !ipipe.empty && !opipe.full) {
    let bytes = move_slot(ipipe, opipe, len);
    done += bytes;
    len -= bytes;
  }
  if (done) wakeup_pipe_readers(opipe);
  if (ipipe.tail != freed) wakeup_pipe_writers(ipipe);
  return leave(done);
}

/**
 * Puts what is in one pipe into another as well.
 *
 * @returns  bytes; 0 if nothing can come any more; -EPIPE, -EAGAIN, -ERESTARTSYS; SLEEPING.
 * @kernel link_pipe(), fs/splice.c
 */
export function link_pipe(ipipe: PipeInodeInfo, opipe: PipeInodeInfo, len: u64, nonblock: bool): i64 {
  enter(Tp.link_pipe, changetype<usize>(ipipe), changetype<usize>(opipe), <usize>len);
  let result = prepare_pipes(ipipe, opipe, nonblock);
  if (result) return leave(result);
  if (!opipe.readers) return leave(no_reader());
  let done: i64 = 0;
  for (let number = ipipe.tail; len && number != ipipe.head && !opipe.full; number++) {
    let from = pipe_buf(ipipe, number);
    let bytes = <u32>min<u64>(len, from.len);
    pipe_buf_get(from);
    copy_slot(opipe, from, bytes);
    done += bytes;
    len -= bytes;
  }
  if (done) wakeup_pipe_readers(opipe);
  return leave(done);
}
