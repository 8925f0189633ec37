import { Errno } from "../include/errno";
import { File, MAX_LFS_FILESIZE } from "../include/fs";
import { Inode } from "../include/inode";
import { file_inode, named_inode } from "./inode";
import { MAX_RW_COUNT } from "./read_write";
import { OpenFlags } from "../include/fcntl";
import { SLEEPING } from "../include/sched";
import { SpliceDesc, SpliceGiven } from "../include/splice";
import { StatMode } from "../include/stat";
import { Tp, enter, leave } from "../include/trace";
import { check_modes, import_position } from "./splice";
import { rw_verify_area } from "./read_write";
import { current } from "../kernel/sched";
import { do_splice_direct } from "./sendfile";
import { put_user_u64 } from "../mm/uaccess";
import { splice_begin_fds, splice_end } from "./splice_desc";

/** True if a file is a regular one. */
function is_regular(inode: Inode | null): bool {
  return inode !== null && (inode.i_mode & StatMode.IFMT) == StatMode.IFREG;
}

/**
 * Whether one file can be copied to the other; the copy ends where the one file ends.
 *
 * @returns  0; -EINVAL, -EBADF, -EOVERFLOW, -EFBIG. @kernel generic_copy_file_checks(), fs/read_write.c
 */
function generic_copy_file_checks(sd: SpliceDesc, in_file: File, out_file: File): i32 {
  if (!is_regular(named_inode(in_file)) || !is_regular(named_inode(out_file))) return -Errno.EINVAL;
  let error = check_modes(sd);
  if (error || out_file.f_flags & OpenFlags.APPEND) return -Errno.EBADF;
  if (<u64>sd.pos + sd.len < <u64>sd.pos || <u64>sd.opos + sd.len < <u64>sd.opos) return -Errno.EOVERFLOW;
  let inode = file_inode(in_file);
  sd.len = sd.pos >= inode.i_size ? 0 : min<u64>(sd.len, inode.i_size - sd.pos);
  if (sd.len && sd.opos >= MAX_LFS_FILESIZE) return -Errno.EFBIG;
  if (sd.len) sd.len = min<u64>(sd.len, MAX_LFS_FILESIZE - sd.opos);
  let end = <i64>sd.len;
  let overlaps = sd.opos + end > sd.pos && sd.opos < sd.pos + end;
  return overlaps && inode === file_inode(out_file) ? -Errno.EINVAL : 0;
}

/** Whether the call can do what it is asked. @returns 0, -errno. */
function begin_copy(sd: SpliceDesc, off_in: u64, off_out: u64, flags: u32): i32 {
  let in_file = sd.in_file!;
  let out_file = sd.out_file!;
  sd.pos = in_file.f_pos;
  sd.opos = out_file.f_pos;
  let error = import_position(sd, off_in, offsetof<SpliceDesc>("pos"), SpliceGiven.IN);
  if (!error) error = import_position(sd, off_out, offsetof<SpliceDesc>("opos"), SpliceGiven.OUT);
  if (!error && flags) error = -Errno.EINVAL;
  if (!error) error = generic_copy_file_checks(sd, in_file, out_file);
  if (!error) error = rw_verify_area(sd.pos, sd.len) || rw_verify_area(sd.opos, sd.len);
  sd.len = min(sd.len, MAX_RW_COUNT);
  return error;
}

/** Copies a part of one file to another. @returns bytes, -errno, SLEEPING. @kernel vfs_copy_file_range() */
function vfs_copy_file_range(sd: SpliceDesc): i64 {
  let in_file = changetype<usize>(sd.in_file);
  enter(Tp.vfs_copy_file_range, in_file, changetype<usize>(sd.out_file), <usize>sd.len);
  return leave(sd.len ? do_splice_direct(sd) : 0);
}

/** The positions move on. Returns the result, or -EFAULT. */
function move_positions(sd: SpliceDesc, off_in: u64, off_out: u64, result: i64): i64 {
  if (off_in) {
    if (put_user_u64(sd.pos, off_in)) return -Errno.EFAULT;
  } else sd.in_file!.f_pos = sd.pos;
  if (off_out) {
    if (put_user_u64(sd.opos, off_out)) return -Errno.EFAULT;
  } else sd.out_file!.f_pos = sd.opos;
  return result;
}

/** copy_file_range(2). */
export function sys_copy_file_range(): i64 {
  let task = current();
  let off_in = <u64>task.si;
  let off_out = <u64>task.r10;
  let sd = task.splice;
  if (!sd) {
    let error = splice_begin_fds(<i32>task.di, <i32>task.dx, task.r8, 0);
    if (error) return error;
    sd = task.splice!;
    error = begin_copy(sd, off_in, off_out, <u32>task.r9);
    if (error) return splice_end(sd, error);
  }
  let result = vfs_copy_file_range(sd);
  if (result == SLEEPING) return result;
  if (result > 0) result = move_positions(sd, off_in, off_out, result);
  return splice_end(sd, result);
}
