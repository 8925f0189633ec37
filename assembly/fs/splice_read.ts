import { Errno } from "../include/errno";
import { File } from "../include/fs";
import { MAX_RW_COUNT, vfs_read } from "./read_write";
import { OpenFlags } from "../include/fcntl";
import { PAGE_SHIFT, PAGE_SIZE, page_address } from "../include/mm_types";
import { PipeBufOps, PipeInodeInfo } from "./pipe_ring";
import { SLEEPING } from "../include/sched";
import { SpliceDesc, SpliceFlags } from "../include/splice";
import { Tp, enter, leave } from "../include/trace";
import { add_piece, begin_step, begin_transfer, end_transfer, start_transfer } from "./splice_desc";
import { add_to_pipe, pipe_keep, pipe_lock, pipe_unlock, wait_for_space, wakeup_pipe_readers } from "./pipe_buf";
import { alloc_pages, free_page } from "../mm/page_alloc";
import { current } from "../kernel/sched";

/** How the bytes of a file get into a pipe; 0: there is no way. */
function method_of(file: File): u32 {
  let method = file.f_op.splice_read;
  // What goes past the page cache has no page there that a pipe could refer to.
  return method && file.f_flags & OpenFlags.DIRECT ? copy_splice_read.index : method;
}

/**
 * Fills the free slots of a pipe from a file, from SpliceDesc.pos on.
 *
 * @returns  bytes; 0 at the end; -EINVAL of a file that cannot do that, -errno; SLEEPING.
 * @kernel do_splice_read(), fs/splice.c
 */
export function do_splice_read(sd: SpliceDesc, file: File, pipe: PipeInodeInfo, len: u64): i64 {
  if (!len) return 0;
  enter(Tp.do_splice_read, changetype<usize>(file), changetype<usize>(pipe), <usize>len);
  let method = method_of(file);
  if (!method) return leave<i64>(-Errno.EINVAL);
  let space = pipe.ring_size - (pipe.head - pipe.tail);
  begin_step(sd, min<u64>(min(len, MAX_RW_COUNT), (<u64>space) << PAGE_SHIFT));
  let ppos = changetype<usize>(sd) + offsetof<SpliceDesc>("pos");
  let result = call_indirect<i64>(method, file, ppos, pipe, <usize>sd.total_len, sd.flags);
  if (result != SLEEPING) sd.busy = 0;
  return leave(result);
}

/**
 * Fills a pipe from a file; waits for a free slot. While a page is read, nobody else gets at the pipe.
 *
 * @returns  bytes; 0 at the end; -errno; SLEEPING. @kernel splice_file_to_pipe(), fs/splice.c
 */
export function splice_file_to_pipe(sd: SpliceDesc, file: File, pipe: PipeInodeInfo): i64 {
  let result = pipe_lock(pipe);
  if (!result && !sd.busy) result = wait_for_space(pipe, (sd.flags & SpliceFlags.NONBLOCK) != 0);
  if (result) return result;
  result = do_splice_read(sd, file, pipe, sd.len);
  if (result == SLEEPING) {
    pipe_keep(pipe);
    return result;
  }
  pipe_unlock(pipe);
  if (result > 0) wakeup_pipe_readers(pipe);
  return result;
}

/** Takes frames for a read. @returns 0; -ENOMEM if there is not even one. */
function alloc_pieces(sd: SpliceDesc, file: File, len: usize): i32 {
  let error = begin_transfer(sd, <u32>((len + PAGE_SIZE - 1) >> PAGE_SHIFT));
  if (error) return error;
  let bytes: usize = 0;
  while (bytes < len) {
    let page = alloc_pages(0);
    if (!page) break;
    let part = min(len - bytes, PAGE_SIZE);
    add_piece(sd, page_address(page), <u32>part);
    bytes += part;
  }
  if (!bytes) {
    end_transfer(sd);
    return -Errno.ENOMEM;
  }
  start_transfer(sd, file, bytes, sd.pos);
  return 0;
}

/** A pipe gets the frames that were read into; those that were not needed are freed. */
function push_pieces(sd: SpliceDesc, pipe: PipeInodeInfo, bytes: i64): void {
  for (let i: u32 = 0; i < sd.nr_kvec; i++) {
    let page = load<usize>(sd.kvec + (i << 4));
    let part = <u32>min<i64>(max<i64>(bytes, 0), PAGE_SIZE);
    if (part) add_to_pipe(pipe, page, 0, part, PipeBufOps.DEFAULT);
    else free_page(page);
    bytes -= part;
  }
}

/**
 * Reads a file into fresh pages, which a pipe gets.
 *
 * @returns  bytes; 0 at the end; -ENOMEM, -errno; SLEEPING. @kernel copy_splice_read(), fs/splice.c
 */
export function copy_splice_read(file: File, ppos: usize, pipe: PipeInodeInfo, len: usize, flags: u32): i64 {
  enter(Tp.copy_splice_read, changetype<usize>(file), changetype<usize>(pipe), len);
  let sd = current().splice!;
  let error = sd.kvec ? 0 : alloc_pieces(sd, file, len);
  if (error) return leave<i64>(error);
  let iter = current().iter;
  let result = vfs_read(file, iter);
  if (result == SLEEPING) return leave(result);
  if (result > 0) store<i64>(ppos, iter.pos);
  push_pieces(sd, pipe, result);
  end_transfer(sd);
  return leave(result);
}
