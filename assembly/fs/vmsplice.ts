import { Errno } from "../include/errno";
import { File, FMode } from "../include/fs";
import { IovIter } from "../include/uio";
import { PAGE_SIZE } from "../include/mm_types";
import { PipeBufFlags, PipeBufOps, PipeInodeInfo, pipe_buf } from "./pipe_ring";
import { SLEEPING } from "../include/sched";
import { SpliceDesc, SpliceFlags } from "../include/splice";
import { Tp, enter, leave } from "../include/trace";
import {
  add_to_pipe,
  no_reader,
  pipe_keep,
  pipe_lock,
  pipe_unlock,
  wait_for_space,
  wakeup_pipe_readers,
} from "./pipe_buf";
import { begin_step, eat, end_step, get_pipe_info, splice_begin, splice_end } from "./splice_desc";
import { copy_to_iter, iov_iter_advance, next_segment } from "../mm/iov_iter";
import { current } from "../kernel/sched";
import { fdget, fput } from "./file";
import { import_iovec, release_iovec } from "./read_write";
import { pin_user_page } from "../mm/gup";
import { splice_from_pipe_next } from "./splice_write";

/**
 * A slot refers to the page that the walk stands in.
 *
 * @returns  bytes; -EAGAIN if no slot is free, -EPIPE, -EFAULT; SLEEPING while the page comes from the disk.
 */
function share_page(pipe: PipeInodeInfo, iter: IovIter, flags: u32): i64 {
  next_segment(iter);
  if (!pipe.readers) return no_reader();
  if (pipe.full) return -Errno.EAGAIN;
  let frame = pin_user_page(iter.base, false);
  if (frame < 0) return frame;
  let offset = (<usize>iter.base) & (PAGE_SIZE - 1);
  let bytes = <u32>min<u64>(iter.segment_left, PAGE_SIZE - offset);
  add_to_pipe(pipe, <usize>frame, <u32>offset, bytes, PipeBufOps.USER).flags = flags;
  iov_iter_advance(iter, bytes);
  return bytes;
}

/** Pages of the walk go into a pipe, as many as there are free slots. @kernel iter_to_pipe(), fs/splice.c */
function iter_to_pipe(pipe: PipeInodeInfo, sd: SpliceDesc, iter: IovIter): i64 {
  let flags = sd.flags & SpliceFlags.GIFT ? PipeBufFlags.GIFT : 0;
  begin_step(sd, iter.count);
  let result: i64 = 0;
  while (iter.count) {
    result = share_page(pipe, iter, flags);
    if (result == SLEEPING) return result;
    if (result < 0) break;
    sd.num_spliced += result;
  }
  return end_step(pipe, sd, result);
}

/**
 * A pipe gets references to pages of the program: what the program stores there later, the reader sees.
 *
 * @returns  bytes; -EPIPE, -EAGAIN, -EFAULT, -ERESTARTSYS; SLEEPING. @kernel vmsplice_to_pipe(), fs/splice.c
 */
function vmsplice_to_pipe(pipe: PipeInodeInfo, sd: SpliceDesc, iter: IovIter): i64 {
  enter(Tp.vmsplice_to_pipe, changetype<usize>(pipe), <usize>iter.count, 0);
  let result = pipe_lock(pipe);
  if (!result && !sd.busy) result = wait_for_space(pipe, (sd.flags & SpliceFlags.NONBLOCK) != 0);
  if (result) return leave(result);
  result = iter_to_pipe(pipe, sd, iter);
  if (result == SLEEPING) pipe_keep(pipe);
  else pipe_unlock(pipe);
  if (result > 0) wakeup_pipe_readers(pipe);
  return leave(result);
}

/** Copies what is in a pipe, up to its end, to the program. @returns 0, -EFAULT. @kernel pipe_to_user(), fs/splice.c */
function pipe_to_user(pipe: PipeInodeInfo, sd: SpliceDesc, iter: IovIter): i64 {
  while (sd.total_len && !pipe.empty) {
    let slot = pipe_buf(pipe, pipe.tail);
    let bytes = <usize>min<u64>(sd.total_len, slot.len);
    if (copy_to_iter(slot.page + slot.offset, bytes, iter) < bytes) return -Errno.EFAULT;
    eat(pipe, sd, bytes);
  }
  return 0;
}

/**
 * Copies what is in a pipe to the program.
 *
 * @returns  bytes; 0 if nothing can come any more; -EAGAIN, -EFAULT, -ERESTARTSYS; SLEEPING.
 * @kernel vmsplice_to_user(), fs/splice.c
 */
function vmsplice_to_user(pipe: PipeInodeInfo, sd: SpliceDesc, iter: IovIter): i64 {
  enter(Tp.vmsplice_to_user, changetype<usize>(pipe), <usize>iter.count, 0);
  let result = pipe_lock(pipe);
  if (result) return leave(result);
  begin_step(sd, iter.count);
  while (sd.total_len) {
    result = splice_from_pipe_next(pipe, sd, (sd.flags & SpliceFlags.NONBLOCK) != 0);
    if (result == SLEEPING) return leave(result);
    if (result > 0) result = pipe_to_user(pipe, sd, iter);
    else break;
    if (result) break;
  }
  return leave(end_step(pipe, sd, result));
}

/** The buffers are there: the call begins. @returns 0; bytes are not asked for: 1; -errno. */
function begin(file: File): i64 {
  let task = current();
  if (!(file.f_mode & (FMode.READ | FMode.WRITE))) return -Errno.EBADF;
  let error = import_iovec(task.si, task.dx, task.iter);
  if (error) return error;
  if (!task.iter.count) return 1;
  if (!get_pipe_info(file)) return -Errno.EBADF;
  return splice_begin(file, null, task.iter.count, <u32>task.r10) ? 0 : -Errno.ENOMEM;
}

/** vmsplice(2). */
export function sys_vmsplice(): i64 {
  let task = current();
  let sd = task.splice;
  if (!sd) {
    if ((<u32>task.r10) & ~SpliceFlags.ALL) return -Errno.EINVAL;
    let file = fdget(<i32>task.di);
    if (!file) return -Errno.EBADF;
    task.iter.iov = 0;
    let error = begin(file);
    fput(file);
    if (error) {
      release_iovec(task.dx, task.iter);
      return min<i64>(error, 0);
    }
    sd = task.splice!;
  }
  let file = sd.in_file!;
  let pipe = get_pipe_info(file)!;
  let writes = file.f_mode & FMode.WRITE;
  let result = writes ? vmsplice_to_pipe(pipe, sd, task.iter) : vmsplice_to_user(pipe, sd, task.iter);
  if (result == SLEEPING) return result;
  release_iovec(task.dx, task.iter);
  return splice_end(sd, result);
}
