import { Errno } from "../include/errno";
import { File, FMode } from "../include/fs";
import { OpenFlags } from "../include/fcntl";
import { SLEEPING } from "../include/sched";
import { SpliceDesc, SpliceFlags, SpliceGiven } from "../include/splice";
import { current } from "../kernel/sched";
import { copy_from_user, put_user_u64 } from "../mm/uaccess";
import { do_splice_from } from "./splice_write";
import { get_pipe_info, splice_begin_fds, splice_end } from "./splice_desc";
import { rw_verify_area } from "./read_write";
import { link_pipe, splice_pipe_to_pipe } from "./splice_pipe";
import { splice_file_to_pipe } from "./splice_read";

/** Whether a call may read from its one file and write to its other. @returns 0, -EBADF. */
export function check_modes(sd: SpliceDesc): i32 {
  return sd.in_file!.f_mode & FMode.READ && sd.out_file!.f_mode & FMode.WRITE ? 0 : -Errno.EBADF;
}

/** A position that a program has given. @param to  where it is to lie. @returns 0, -EFAULT. */
export function import_position(sd: SpliceDesc, from: u64, to: usize, given: SpliceGiven): i32 {
  if (!from) return 0;
  sd.given |= given;
  return copy_from_user(changetype<usize>(sd) + to, from, 8) ? -Errno.EFAULT : 0;
}

/** The positions that a program has given. @returns 0, -ESPIPE, -EFAULT. @kernel __do_splice(), fs/splice.c */
function import_positions(sd: SpliceDesc, off_in: u64, off_out: u64): i32 {
  if (off_in && get_pipe_info(sd.in_file!)) return -Errno.ESPIPE;
  if (off_out && get_pipe_info(sd.out_file!)) return -Errno.ESPIPE;
  let error = import_position(sd, off_out, offsetof<SpliceDesc>("opos"), SpliceGiven.OUT);
  return error ? error : import_position(sd, off_in, offsetof<SpliceDesc>("pos"), SpliceGiven.IN);
}

/** Where a call begins in a file that is no pipe. @returns 0, -EINVAL. */
function check_position(sd: SpliceDesc, file: File, given: bool, at: usize): i32 {
  let place = changetype<usize>(sd) + at;
  if (!given) store<i64>(place, file.f_pos);
  else if (!(file.f_mode & FMode.PREAD)) return -Errno.EINVAL;
  return rw_verify_area(load<i64>(place), sd.len);
}

/**
 * Whether a call can do what it is asked; notes whether it waits.
 *
 * @returns  0; -EBADF, -EINVAL.
 */
function check_splice(sd: SpliceDesc): i32 {
  let error = check_modes(sd);
  if (error) return error;
  let in_file = sd.in_file!;
  let out_file = sd.out_file!;
  let ipipe = get_pipe_info(in_file);
  let opipe = get_pipe_info(out_file);
  let nonblocking: u32 = 0;
  if (ipipe) nonblocking |= in_file.f_flags;
  if (opipe) nonblocking |= out_file.f_flags;
  if (nonblocking & OpenFlags.NONBLOCK) sd.flags |= SpliceFlags.NONBLOCK;
  if (ipipe && opipe) return ipipe === opipe ? -Errno.EINVAL : 0;
  if (opipe) return check_position(sd, in_file, (sd.given & SpliceGiven.IN) != 0, offsetof<SpliceDesc>("pos"));
  if (!ipipe) return -Errno.EINVAL;
  let given = (sd.given & SpliceGiven.OUT) != 0;
  if (given && !(out_file.f_mode & FMode.PREAD)) return -Errno.EINVAL;
  if (out_file.f_flags & OpenFlags.APPEND) return -Errno.EINVAL;
  return check_position(sd, out_file, given, offsetof<SpliceDesc>("opos"));
}

/**
 * Moves pages from or to a pipe, or between two, as a SpliceDesc says.
 *
 * @returns  bytes; 0 at the end; -errno; SLEEPING. @kernel do_splice(), fs/splice.c
 */
function do_splice(sd: SpliceDesc): i64 {
  let in_file = sd.in_file!;
  let out_file = sd.out_file!;
  let ipipe = get_pipe_info(in_file);
  let opipe = get_pipe_info(out_file);
  if (!ipipe) {
    let result = splice_file_to_pipe(sd, in_file, opipe!);
    if (result > 0 && !(sd.given & SpliceGiven.IN)) in_file.f_pos = sd.pos;
    return result;
  }
  if (opipe) return splice_pipe_to_pipe(ipipe, opipe, sd.len, (sd.flags & SpliceFlags.NONBLOCK) != 0);
  let result = do_splice_from(sd, ipipe, out_file, sd.len, sd.flags);
  if (result > 0 && !(sd.given & SpliceGiven.OUT)) out_file.f_pos = sd.opos;
  return result;
}

/** Tells the program of positions that it has given. Returns the result, or -EFAULT. */
function export_positions(sd: SpliceDesc, off_in: u64, off_out: u64, result: i64): i64 {
  if (sd.given & SpliceGiven.OUT && put_user_u64(sd.opos, off_out)) return -Errno.EFAULT;
  if (sd.given & SpliceGiven.IN && put_user_u64(sd.pos, off_in)) return -Errno.EFAULT;
  return result;
}

/** The positions that a request of a ring has given as numbers; -1: none. @returns 0, -ESPIPE. */
function set_positions(sd: SpliceDesc, pos: i64, opos: i64): i64 {
  if (pos != -1 && get_pipe_info(sd.in_file!)) return -Errno.ESPIPE;
  if (opos != -1 && get_pipe_info(sd.out_file!)) return -Errno.ESPIPE;
  sd.pos = pos;
  sd.opos = opos;
  if (pos != -1) sd.given |= SpliceGiven.IN;
  if (opos != -1) sd.given |= SpliceGiven.OUT;
  return 0;
}

/** A call that moves pages begins. @param numbers  whether its positions are numbers, or addresses of them. */
function begin_splice(numbers: bool): i64 {
  let task = current();
  let flags = <u32>task.r9;
  if (flags & ~SpliceFlags.ALL) return -Errno.EINVAL;
  let error = splice_begin_fds(<i32>task.di, <i32>task.dx, task.r8, flags);
  if (error) return error;
  let sd = task.splice!;
  error = numbers ? set_positions(sd, task.si, task.r10) : import_positions(sd, task.si, task.r10);
  if (!error) error = check_splice(sd);
  return error ? splice_end(sd, error) : 0;
}

/** SPLICE of io_uring: as splice(2), but positions are numbers; -1: the file's own. @kernel io_splice(), io_uring/splice.c */
export function sys_io_splice(): i64 {
  let task = current();
  if (!task.r8) return 0;
  if (!task.splice) {
    let error = begin_splice(true);
    if (error) return error;
  }
  let sd = task.splice!;
  let result = do_splice(sd);
  return result == SLEEPING ? result : splice_end(sd, result);
}

/** splice(2). */
export function sys_splice(): i64 {
  let task = current();
  if (!task.r8) return 0;
  if (!task.splice) {
    let error = begin_splice(false);
    if (error) return error;
  }
  let sd = task.splice!;
  let result = do_splice(sd);
  if (result == SLEEPING) return result;
  if (result >= 0) result = export_positions(sd, task.si, task.r10, result);
  return splice_end(sd, result);
}

/** tee(2). */
export function sys_tee(): i64 {
  let task = current();
  let sd = task.splice;
  if (!sd) {
    let len = task.dx;
    let flags = <u32>task.r10;
    if (flags & ~SpliceFlags.ALL) return -Errno.EINVAL;
    if (!len) return 0;
    let error = splice_begin_fds(<i32>task.di, <i32>task.si, len, flags);
    if (error) return error;
    sd = task.splice!;
    error = check_tee(sd);
    if (error) return splice_end(sd, error);
  }
  let ipipe = get_pipe_info(sd.in_file!)!;
  let opipe = get_pipe_info(sd.out_file!)!;
  let result = link_pipe(ipipe, opipe, sd.len, (sd.flags & SpliceFlags.NONBLOCK) != 0);
  return result == SLEEPING ? result : splice_end(sd, result);
}

/** Whether tee() can do what it is asked. @returns 0; -EBADF; -EINVAL. @kernel do_tee(), fs/splice.c */
function check_tee(sd: SpliceDesc): i32 {
  let error = check_modes(sd);
  if (error) return error;
  let ipipe = get_pipe_info(sd.in_file!);
  let opipe = get_pipe_info(sd.out_file!);
  if (!ipipe || !opipe || ipipe === opipe) return -Errno.EINVAL;
  if ((sd.in_file!.f_flags | sd.out_file!.f_flags) & OpenFlags.NONBLOCK) sd.flags |= SpliceFlags.NONBLOCK;
  return 0;
}
