import { AT_FDCWD } from "../include/fcntl";
import { AtFlags, Stat, StatMode } from "../include/stat";
import { Errno } from "../include/errno";
import { File, FileKind } from "../include/fs";
import { Inode } from "../include/inode";
import { find_inode, named_inode } from "./inode";
import { PAGE_SIZE } from "../include/mm_types";
import { Tp, enter, leave } from "../include/trace";
import { check_name, getname, name_length, name_letters, putname } from "./namei";
import { copy_to_user } from "../mm/uaccess";
import { current } from "../kernel/sched";
import { fdget_raw, fdput } from "./file";
import { file_pipe } from "./pipe_ring";
import { kfree, kzalloc } from "../mm/slab";

/*
 * What a program is told of a file. Differs from Linux: all times are zero.
 */

/** The devices that files without a disk are on. */
const SOCKFS_DEVICE: u64 = 0x9;
const PIPEFS_DEVICE: u64 = 0xf;
const ANON_INODEFS_DEVICE: u64 = 0x10;
const DEVTMPFS_DEVICE: u64 = 0x6;
const FLATFS_DEVICE: u64 = 0x1b;
/** The one number that eventpolls, eventfds and the like have in common. */
const ANON_INODE: u64 = 1;
/** The device that descriptors of something outside the machine stand for: a terminal. */
const TERMINAL_DEVICE: u64 = 0x8800;
/** Bytes that a terminal likes to be given at a time. */
const TERMINAL_BLOCK: i64 = 1024;

/** Tells of what has or had a name. @kernel generic_fillattr(), fs/stat.c */
function generic_fillattr(inode: Inode, stat: Stat): void {
  let device = (inode.i_mode & StatMode.IFMT) == StatMode.IFCHR;
  stat.st_dev = device ? DEVTMPFS_DEVICE : FLATFS_DEVICE;
  stat.st_ino = inode.i_ino;
  stat.st_nlink = inode.i_nlink;
  stat.st_mode = inode.i_mode;
  stat.st_rdev = inode.i_rdev;
  stat.st_size = inode.i_size;
  stat.st_blocks = inode.i_blocks;
}

/** Tells of a file that never had a name. */
function fill_nameless(file: File, stat: Stat): void {
  stat.st_nlink = 1;
  switch (file.f_op.kind) {
    case FileKind.SOCKET:
      stat.st_dev = SOCKFS_DEVICE;
      stat.st_ino = file.f_sequence;
      stat.st_mode = StatMode.IFSOCK | 0o777;
      return;
    case FileKind.PIPE:
      stat.st_dev = PIPEFS_DEVICE;
      stat.st_ino = file_pipe(file).i_ino;
      stat.st_mode = StatMode.IFIFO | 0o600;
      return;
    case FileKind.OUTSIDE:
      stat.st_dev = DEVTMPFS_DEVICE;
      stat.st_ino = file.f_sequence;
      stat.st_mode = StatMode.IFCHR | 0o620;
      stat.st_rdev = TERMINAL_DEVICE;
      stat.st_blksize = TERMINAL_BLOCK;
      return;
    default:
      stat.st_dev = ANON_INODEFS_DEVICE;
      stat.st_ino = ANON_INODE;
      stat.st_mode = 0o600;
  }
}

/** Tells a program of a file, or of what has a name; one of them is null. @returns 0, -ENOMEM, -EFAULT. */
function tell(file: File | null, inode: Inode | null, statbuf: u64): i64 {
  enter(Tp.vfs_getattr, changetype<usize>(file), changetype<usize>(inode), 0);
  let address = kzalloc(offsetof<Stat>());
  if (!address) return leave<i64>(-Errno.ENOMEM);
  let stat = changetype<Stat>(address);
  stat.st_blksize = PAGE_SIZE;
  if (!inode && file) inode = named_inode(file);
  if (inode) generic_fillattr(inode, stat);
  else fill_nameless(file!, stat);
  let error = copy_to_user(statbuf, address, offsetof<Stat>()) ? -Errno.EFAULT : 0;
  kfree(address);
  return leave<i64>(error);
}

/** fstat(2). */
export function sys_fstat(): i64 {
  return fstat(<i32>current().di, current().si);
}

/** What a descriptor stands for. @returns 0, -EBADF, -ENOMEM, -EFAULT. @kernel vfs_fstat(), fs/stat.c */
function fstat(fd: i32, statbuf: u64): i64 {
  let file = fdget_raw(fd);
  return file ? fdput(file, tell(file, null, statbuf)) : -Errno.EBADF;
}

/** What has a name. @returns 0, -ENOENT, -EBADF, -ENOTDIR, -ENOMEM, -EFAULT. */
function stat_by_name(dirfd: i32, name: usize, statbuf: u64): i64 {
  let error = check_name(dirfd, name);
  if (error) return error;
  let inode = find_inode(name_letters(name), name_length(name));
  return inode ? tell(null, inode, statbuf) : -Errno.ENOENT;
}

/** What has a name, or a descriptor stands for. @kernel vfs_fstatat(), fs/stat.c */
function vfs_fstatat(dirfd: i32, filename: u64, statbuf: u64, flags: u32): i64 {
  let known = AtFlags.SYMLINK_NOFOLLOW | AtFlags.NO_AUTOMOUNT | AtFlags.EMPTY_PATH | AtFlags.STATX_SYNC_TYPE;
  let may_be_empty = (flags & AtFlags.EMPTY_PATH) != 0;
  if (may_be_empty && !filename) return flags & ~known ? -Errno.EINVAL : fstat(dirfd, statbuf);
  let name = getname(filename);
  let result: i64 = 0;
  if (!name_length(name) && may_be_empty) result = fstat(dirfd, statbuf);
  else if (flags & ~known) result = -Errno.EINVAL;
  else result = stat_by_name(dirfd, name, statbuf);
  putname(name);
  return result;
}

/** stat(2), lstat(2): there are no links. */
export function sys_stat(): i64 {
  let task = current();
  return vfs_fstatat(AT_FDCWD, task.di, task.si, 0);
}

/** newfstatat(2). */
export function sys_newfstatat(): i64 {
  let task = current();
  return vfs_fstatat(<i32>task.di, task.si, task.dx, <u32>task.r10);
}
