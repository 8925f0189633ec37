import { Errno } from "../include/errno";
import { FilesStruct } from "../include/fs";
import { Tp, enter, leave } from "../include/trace";
import { close_fd } from "./file";
import { current } from "../kernel/sched";
import { dup_fd, fd_is_open, files_lookup_fd, put_files_struct, set_close_on_exec } from "./fdtable";

/** Flags of close_range(2), named without their `CLOSE_RANGE_`. @kernel include/uapi/linux/close_range.h */
export enum CloseRange {
  /** Take a copy of the descriptor table first, if it is shared. */
  UNSHARE = 2,
  /** Do not close: execve() is to. */
  CLOEXEC = 4,
}

/** Gives the task that runs a descriptor table of its own. @returns 0, -ENOMEM. */
function unshare_files(): i32 {
  let task = current();
  let shared = task.files;
  if (shared.count == 1) return 0;
  let own = dup_fd(shared);
  if (!own) return -Errno.ENOMEM;
  task.files = own;
  put_files_struct(shared);
  return 0;
}

/** execve() is to close descriptors. @kernel __range_cloexec(), fs/file.c */
function range_cloexec(files: FilesStruct, from: u32, to: u32): void {
  for (let fd = from; fd <= to; fd++) if (fd_is_open(files, fd)) set_close_on_exec(files, fd, true);
}

/**
 * Closes descriptors. Linux releases the files on the way back to the program, the last one that nobody refers to any
 * more first: so those that have other references are given up before.
 *
 * @kernel __range_close(), fs/file.c
 */
function range_close(files: FilesStruct, from: u32, to: u32): void {
  for (let fd = from; fd <= to; fd++) {
    let file = files_lookup_fd(files, fd);
    if (file && file.f_count > 1) close_fd(fd);
  }
  for (let fd = to + 1; fd > from; fd--) close_fd(fd - 1);
}

/**
 * Closes all descriptors from `from` to `to`, or lets execve() do so.
 *
 * @returns  0; -EINVAL, -ENOMEM.
 * @kernel sys_close_range(), fs/file.c
 */
function close_range(from: u32, to: u32, flags: u32): i64 {
  if (flags & ~(CloseRange.UNSHARE | CloseRange.CLOEXEC) || from > to) return -Errno.EINVAL;
  enter(Tp.close_range, from, to, flags);
  if (flags & CloseRange.UNSHARE) {
    let error = unshare_files();
    if (error) return leave<i64>(error);
  }
  let files = current().files;
  if (from < files.max_fds) {
    to = min(to, files.max_fds - 1);
    if (flags & CloseRange.CLOEXEC) range_cloexec(files, from, to);
    else range_close(files, from, to);
  }
  return leave<i64>(0);
}

/** close_range(2). */
export function sys_close_range(): i64 {
  let task = current();
  return close_range(<u32>task.di, <u32>task.si, <u32>task.dx);
}
