import { Errno } from "../include/errno";
import { File, FileKind, FMode, MAX_LFS_FILESIZE } from "../include/fs";
import { IovIter } from "../include/uio";
import { MAX_RW_COUNT } from "./read_write";
import { OpenFlags } from "../include/fcntl";
import { PipeInodeInfo, pipe_pop } from "./pipe_ring";
import { SLEEPING } from "../include/sched";
import { SpliceDesc, SpliceFlags, SpliceGiven } from "../include/splice";
import { Tp, enter, leave } from "../include/trace";
import { alloc_pipe_info, put_pipe_info } from "./pipe";
import { copy_from_user, put_user_u64 } from "../mm/uaccess";
import { current } from "../kernel/sched";
import { do_splice_from } from "./splice_write";
import { do_splice_read, splice_file_to_pipe } from "./splice_read";
import { fdget, fput } from "./file";
import { file_inode } from "./inode";
import { get_pipe_info, splice_begin, splice_end } from "./splice_desc";
import { register_free_pipe } from "../kernel/fork";
import { rw_verify_area } from "./read_write";

/** Makes what sendfile() needs. */
export function sendfile_init(): void {
  register_free_pipe(free_splice_pipe.index);
}

/** A task ends that has a private pipe. */
function free_splice_pipe(at: usize): void {
  let pipe = changetype<PipeInodeInfo>(at);
  pipe.files = 1;
  put_pipe_info(pipe);
}

/** The private pipe of the task that runs, made with its first use; null if memory is exhausted. */
function splice_pipe(): PipeInodeInfo | null {
  let task = current();
  if (!task.splice_pipe) {
    let pipe = alloc_pipe_info();
    if (!pipe) return null;
    // Nobody reads it as others do: what goes in is taken out by the same call.
    pipe.readers = 1;
    task.splice_pipe = changetype<usize>(pipe);
  }
  return changetype<PipeInodeInfo>(task.splice_pipe);
}

/** True if there is more to come than what is in the private pipe, as far as is known. */
function more_to_come(sd: SpliceDesc, file: File): bool {
  if (sd.read_len >= sd.len - sd.bytes) return false;
  return file.f_op.kind != FileKind.REGULAR || sd.pos < file_inode(file).i_size;
}

/** Fills the private pipe. @returns bytes; 0 at the end; -errno; SLEEPING. */
function fill(sd: SpliceDesc, pipe: PipeInodeInfo, file: File): i64 {
  if (!sd.busy) sd.prev_pos = sd.pos;
  let result = do_splice_read(sd, file, pipe, sd.len - sd.bytes);
  if (result <= 0) return result;
  sd.draining = 1;
  sd.read_len = result;
  return result;
}

/** Empties the private pipe. @returns bytes, 0 or -errno if it is not empty then; SLEEPING. */
function drain(sd: SpliceDesc, pipe: PipeInodeInfo, file: File): i64 {
  let flags = sd.flags & ~SpliceFlags.NONBLOCK;
  if (more_to_come(sd, sd.in_file!)) flags |= SpliceFlags.MORE;
  let result = do_splice_from(sd, pipe, file, sd.read_len, flags);
  if (result == SLEEPING) return result;
  sd.draining = 0;
  if (result > 0) sd.bytes += result;
  if (result >= <i64>sd.read_len) return result;
  // What did not get out is as if it had not been read.
  sd.pos = sd.prev_pos + max<i64>(result, 0);
  while (!pipe.empty) pipe_pop(pipe);
  return min<i64>(result, 0);
}

/**
 * Moves pages from one file to another through the private pipe, in rounds of as much as that holds.
 *
 * @returns  bytes; 0 at the end; -EINVAL of a file without positions; -ENOMEM, -errno; SLEEPING.
 * @kernel splice_direct_to_actor(), fs/splice.c
 */
export function do_splice_direct(sd: SpliceDesc): i64 {
  let in_file = sd.in_file!;
  let out_file = sd.out_file!;
  if (!(in_file.f_mode & FMode.LSEEK)) return -Errno.EINVAL;
  let pipe = splice_pipe();
  if (!pipe) return -Errno.ENOMEM;
  enter(Tp.splice_direct_to_actor, changetype<usize>(pipe), changetype<usize>(in_file), changetype<usize>(out_file));
  let result: i64 = 0;
  while (sd.draining || sd.bytes < sd.len) {
    result = sd.draining ? drain(sd, pipe, out_file) : fill(sd, pipe, in_file);
    if (result == SLEEPING) return leave(result);
    if (result <= 0) break;
  }
  return leave(sd.bytes ? <i64>sd.bytes : result);
}

/** The files and the positions of sendfile(). @returns 0, -errno. */
function begin(fd_out: i32, fd_in: i32, offset: u64, count: u64): i64 {
  let in_file = fdget(fd_in);
  if (!in_file) return -Errno.EBADF;
  let error = check_in(in_file, offset, count);
  let out_file: File | null = null;
  if (!error) out_file = fdget(fd_out);
  if (!error && (!out_file || !(out_file.f_mode & FMode.WRITE))) error = -Errno.EBADF;
  if (!error) error = limit(in_file, out_file!, offset, min(count, MAX_RW_COUNT));
  if (out_file) fput(out_file);
  fput(in_file);
  return error;
}

/** Where sendfile() begins to read; what the program has given is at iter.pos. */
function first_pos(in_file: File, offset: u64): i64 {
  return offset ? current().iter.pos : in_file.f_pos;
}

/** Whether sendfile() can read there. @returns 0, -EBADF, -ESPIPE, -EINVAL. */
function check_in(file: File, offset: u64, count: u64): i64 {
  if (!(file.f_mode & FMode.READ)) return -Errno.EBADF;
  if (offset && !(file.f_mode & FMode.PREAD)) return -Errno.ESPIPE;
  return rw_verify_area(first_pos(file, offset), count);
}

/** The call begins, and ends at the greatest position that there can be. @returns 0, -EOVERFLOW, -EINVAL, -ENOMEM. */
function limit(in_file: File, out_file: File, offset: u64, count: u64): i64 {
  let pos = first_pos(in_file, offset);
  if (in_file.f_op.kind == FileKind.REGULAR || out_file.f_op.kind == FileKind.REGULAR) {
    if (pos >= MAX_LFS_FILESIZE && pos + <i64>count > MAX_LFS_FILESIZE) return -Errno.EOVERFLOW;
    count = min<u64>(count, MAX_LFS_FILESIZE - pos);
  }
  let flags: u32 = 0;
  if (get_pipe_info(out_file)) {
    if (out_file.f_flags & OpenFlags.NONBLOCK) flags = SpliceFlags.NONBLOCK;
  } else if (rw_verify_area(out_file.f_pos, count) || out_file.f_flags & OpenFlags.APPEND) return -Errno.EINVAL;
  let sd = splice_begin(in_file, out_file, count, flags);
  if (!sd) return -Errno.ENOMEM;
  sd.pos = pos;
  sd.opos = out_file.f_pos;
  if (offset) sd.given = SpliceGiven.IN;
  return 0;
}

/** Moves the bytes. @returns as sendfile(2); SLEEPING. @kernel do_sendfile(), fs/read_write.c */
function do_sendfile(sd: SpliceDesc): i64 {
  let in_file = sd.in_file!;
  let out_file = sd.out_file!;
  let opipe = get_pipe_info(out_file);
  let result = opipe ? splice_file_to_pipe(sd, in_file, opipe) : do_splice_direct(sd);
  if (result <= 0) return result;
  out_file.f_pos = sd.opos;
  if (!sd.given) in_file.f_pos = sd.pos;
  return result;
}

/** sendfile(2). */
export function sys_sendfile(): i64 {
  let task = current();
  let offset = <u64>task.dx;
  let sd = task.splice;
  if (!sd) {
    let pos = changetype<usize>(task.iter) + offsetof<IovIter>("pos");
    if (offset && copy_from_user(pos, offset, 8)) return -Errno.EFAULT;
    let error = begin(<i32>task.di, <i32>task.si, offset, task.r10);
    if (error) return error;
    sd = task.splice!;
  }
  let result = do_sendfile(sd);
  if (result == SLEEPING) return result;
  if (offset && put_user_u64(sd.pos, offset)) result = -Errno.EFAULT;
  return splice_end(sd, result);
}
