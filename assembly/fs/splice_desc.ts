import { CacheType } from "../include/mm_types";
import { Errno } from "../include/errno";
import { File, FileKind } from "../include/fs";
import { PipeInodeInfo, file_pipe, pipe_buf, pipe_pop } from "./pipe_ring";
import { SpliceDesc } from "../include/splice";
import { current } from "../kernel/sched";
import { fdget, fput } from "./file";
import { fs_state } from "./internal";
import { get_file } from "./file_table";
import { iocb_flags } from "./read_write";
import { iov_iter_kvec } from "../mm/iov_iter";
import { kfree, kmalloc, kmem_cache_create, kmem_cache_free, kmem_cache_zalloc } from "../mm/slab";
import { pipe_buf_confirm, wakeup_pipe_writers } from "./pipe_buf";

/*
 * A call that moves pages may sleep at many places: for bytes in a pipe, for a free slot, for a page that is being read,
 * for memory of a socket. What it has done by then stands in its SpliceDesc, which hangs on the task.
 *
 *   call          splice, sendfile ...      SpliceDesc: files, positions
 *     step        fill a pipe, empty one    busy, total_len, num_spliced
 *       transfer  one read, write or send   kvec; TaskStruct.iter, done, restarting
 */

/** Makes what moving pages needs. */
export function splice_init(): void {
  fs_state().splice_cache = kmem_cache_create(CacheType.SpliceDesc, offsetof<SpliceDesc>(), 8);
}

/** The pipe that a file is an end of; null if it is something else. @kernel get_pipe_info(), fs/pipe.c */
export function get_pipe_info(file: File): PipeInodeInfo | null {
  return file.f_op.kind == FileKind.PIPE ? file_pipe(file) : null;
}

/**
 * The task that runs begins to move pages.
 *
 * @param in_file, out_file  the call holds on to them.
 * @returns                  null if memory is exhausted.
 */
export function splice_begin(in_file: File | null, out_file: File | null, len: u64, flags: u32): SpliceDesc | null {
  let address = kmem_cache_zalloc(fs_state().splice_cache);
  if (!address) return null;
  let sd = changetype<SpliceDesc>(address);
  sd.in_file = in_file ? get_file(in_file) : null;
  sd.out_file = out_file ? get_file(out_file) : null;
  sd.len = len;
  sd.flags = flags;
  current().splice = sd;
  return sd;
}

/** The same by descriptors. @returns 0, -EBADF, -ENOMEM. */
export function splice_begin_fds(fd_in: i32, fd_out: i32, len: u64, flags: u32): i64 {
  let in_file = fdget(fd_in);
  if (!in_file) return -Errno.EBADF;
  let out_file = fdget(fd_out);
  let result: i64 = 0;
  if (!out_file) result = -Errno.EBADF;
  else {
    if (!splice_begin(in_file, out_file, len, flags)) result = -Errno.ENOMEM;
    fput(out_file);
  }
  fput(in_file);
  return result;
}

/** The call is over. Returns its result. */
export function splice_end(sd: SpliceDesc, result: i64): i64 {
  end_transfer(sd);
  current().splice = null;
  let in_file = sd.in_file;
  let out_file = sd.out_file;
  kmem_cache_free(fs_state().splice_cache, changetype<usize>(sd));
  if (in_file) fput(in_file);
  if (out_file) fput(out_file);
  return result;
}

/** A step begins, unless it goes on. @kernel splice_from_pipe_begin(), fs/splice.c */
export function begin_step(sd: SpliceDesc, total_len: u64): void {
  if (sd.busy) return;
  sd.busy = 1;
  sd.need_wakeup = 0;
  sd.total_len = total_len;
  sd.num_spliced = 0;
}

/** A step is over: writers are told of free slots. Returns bytes, or the result. @kernel splice_from_pipe_end() */
export function end_step(pipe: PipeInodeInfo, sd: SpliceDesc, result: i64): i64 {
  sd.busy = 0;
  tell_writers(pipe, sd);
  return sd.num_spliced ? <i64>sd.num_spliced : result;
}

/** Tells writers of slots that were freed. */
export function tell_writers(pipe: PipeInodeInfo, sd: SpliceDesc): void {
  if (!sd.need_wakeup) return;
  sd.need_wakeup = 0;
  wakeup_pipe_writers(pipe);
}

/** Room for the pieces of a transfer. @returns 0, -ENOMEM. */
export function begin_transfer(sd: SpliceDesc, pieces: u32): i32 {
  sd.kvec = kmalloc((<usize>pieces) << 4);
  sd.nr_kvec = 0;
  return sd.kvec ? 0 : -Errno.ENOMEM;
}

/** Adds a piece to a transfer. */
export function add_piece(sd: SpliceDesc, address: usize, length: u32): void {
  let at = sd.kvec + (sd.nr_kvec << 4);
  sd.nr_kvec++;
  store<u64>(at, address);
  store<u64>(at, length, 8);
}

/** The pieces are there: the walk of the task that runs is set up over them, as if a call just began. */
export function start_transfer(sd: SpliceDesc, file: File, bytes: u64, pos: i64): void {
  let task = current();
  iov_iter_kvec(task.iter, sd.kvec, sd.nr_kvec, bytes);
  task.iter.pos = pos;
  task.iter.ki_flags = iocb_flags(file);
  task.done = 0;
  task.restarting = 0;
  task.timed_out = 0;
}

/** A transfer is over. */
export function end_transfer(sd: SpliceDesc): void {
  kfree(sd.kvec);
  sd.kvec = 0;
}

/**
 * Begins to move what is in a pipe, up to what the step still has to do.
 *
 * @param most  so many slots at most.
 * @returns     bytes; -EIO, -ENOMEM.
 */
export function pipe_transfer(pipe: PipeInodeInfo, sd: SpliceDesc, file: File, most: u32, pos: i64): i64 {
  let pieces = min(pipe.head - pipe.tail, most);
  let error = begin_transfer(sd, pieces);
  let left = sd.total_len;
  for (let i: u32 = 0; !error && i < pieces && left; i++) {
    let slot = pipe_buf(pipe, pipe.tail + i);
    let bytes = <u32>min<u64>(left, slot.len);
    error = pipe_buf_confirm(slot);
    add_piece(sd, slot.page + slot.offset, bytes);
    left -= bytes;
  }
  if (error) {
    end_transfer(sd);
    return error;
  }
  start_transfer(sd, file, sd.total_len - left, pos);
  return sd.total_len - left;
}

/** So many bytes have left a pipe. */
export function eat(pipe: PipeInodeInfo, sd: SpliceDesc, bytes: u64): void {
  sd.num_spliced += bytes;
  sd.total_len -= bytes;
  while (bytes) {
    let slot = pipe_buf(pipe, pipe.tail);
    let part = <u32>min<u64>(bytes, slot.len);
    slot.offset += part;
    slot.len -= part;
    bytes -= part;
    if (slot.len) break;
    pipe_pop(pipe);
    // Nobody writes into the private pipe of a task.
    if (pipe.files) sd.need_wakeup = 1;
  }
}
