import { AT_FDCWD, FallocFlags } from "../include/fcntl";
import { Errno } from "../include/errno";
import { File, FileKind, FMode, MAX_LFS_FILESIZE } from "../include/fs";
import { PAGE_SHIFT, PAGE_SIZE } from "../include/mm_types";
import { Inode } from "../include/inode";
import { inode_lock } from "../mm/inode_lock";
import { SLEEPING, TaskStruct } from "../include/sched";
import { StatMode } from "../include/stat";
import { check_name, getname, name_length, name_letters, putname } from "./namei";
import { current } from "../kernel/sched";
import { do_truncate, iput } from "./flatfs_inode";
import { fdget, fdput } from "./file";
import { find_inode, ihold } from "./inode";
import { reserve_pages } from "./flatfs_rw";

/** Changes the size of a file, if it can be that large. @returns 0, -EFBIG, -errno, SLEEPING. */
function set_size(inode: Inode, size: i64): i64 {
  return size > MAX_LFS_FILESIZE ? -Errno.EFBIG : do_truncate(inode, size);
}

/** The regular file with a name of getname(). @returns its address; -errno. */
function find_regular(name: usize): i64 {
  let error = check_name(AT_FDCWD, name);
  if (error) return error;
  let inode = find_inode(name_letters(name), name_length(name));
  if (!inode) return -Errno.ENOENT;
  return (inode.i_mode & StatMode.IFMT) == StatMode.IFREG ? <i64>changetype<usize>(inode) : -Errno.EINVAL;
}

/** The file that a call which is tried again has kept, or that has the name now. @returns its address; -errno. */
function kept_or_named(task: TaskStruct): i64 {
  if (task.restarting) return <i64>task.kept;
  let name = getname(task.di);
  let found = find_regular(name);
  putname(name);
  if (found > 0) ihold(changetype<Inode>(<usize>found));
  return found;
}

/** truncate(2). @kernel do_sys_truncate(), fs/open.c */
export function sys_truncate(): i64 {
  let task = current();
  let size = task.si;
  if (size < 0) return -Errno.EINVAL;
  let found = kept_or_named(task);
  if (found < 0) return found;
  let inode = changetype<Inode>(<usize>found);
  let result = set_size(inode, size);
  if (result == SLEEPING) {
    task.kept = <usize>found;
    return result;
  }
  task.kept = 0;
  iput(inode);
  return result;
}

/** Changes the size of an open file. @returns 0; -EINVAL of what has none, or is not open for writing. */
function ftruncate(file: File, size: i64): i64 {
  if (!(file.f_mode & FMode.WRITE) || !file.f_mapping) return -Errno.EINVAL;
  return set_size(file.f_mapping!.host, size);
}

/** ftruncate(2). @kernel do_sys_ftruncate(), fs/open.c */
export function sys_ftruncate(): i64 {
  let task = current();
  if (task.si < 0) return -Errno.EINVAL;
  let file = fdget(<i32>task.di);
  return file ? fdput(file, ftruncate(file, task.si)) : -Errno.EBADF;
}

/** Gives bytes of a file places on the disk. @returns 0, -ENOMEM, -ENOSPC, SLEEPING. */
function reserve(inode: Inode, offset: i64, end: i64, keep_size: bool): i64 {
  let result = inode_lock(inode);
  if (!result) result = reserve_pages(inode, <u32>(offset >> PAGE_SHIFT), <u32>((end + (PAGE_SIZE - 1)) >> PAGE_SHIFT));
  return result || keep_size || end <= inode.i_size ? result : do_truncate(inode, end);
}

/**
 * Gives bytes of a file places on the disk, so that writing there needs none.
 *
 * Differs from Linux: no holes are made, and the new places are no holes to lseek() any more.
 *
 * @returns  0; -EINVAL, -EOPNOTSUPP, -EBADF, -ESPIPE, -ENODEV, -EFBIG; SLEEPING.
 * @kernel vfs_fallocate(), fs/open.c
 */
function vfs_fallocate(file: File, mode: u32, offset: i64, length: i64): i64 {
  if (offset < 0 || length <= 0) return -Errno.EINVAL;
  if (mode & ~(<u32>FallocFlags.KEEP_SIZE)) return -Errno.EOPNOTSUPP;
  if (!(file.f_mode & FMode.WRITE)) return -Errno.EBADF;
  if (file.f_op.kind == FileKind.PIPE) return -Errno.ESPIPE;
  if (!file.f_mapping) return -Errno.ENODEV;
  let end = offset + length;
  if (end < 0 || end > MAX_LFS_FILESIZE) return -Errno.EFBIG;
  return reserve(file.f_mapping!.host, offset, end, mode != 0);
}

/** fallocate(2). */
export function sys_fallocate(): i64 {
  let task = current();
  let file = fdget(<i32>task.di);
  return file ? fdput(file, vfs_fallocate(file, <u32>task.si, task.dx, task.r10)) : -Errno.EBADF;
}
