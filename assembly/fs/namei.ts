import { AT_FDCWD } from "../include/fcntl";
import { AtFlags, StatMode } from "../include/stat";
import { Errno } from "../include/errno";
import { Tp, enter, leave } from "../include/trace";
import { copy_from_user } from "../mm/uaccess";
import { current } from "../kernel/sched";
import { files_lookup_fd } from "./fdtable";
import { find_inode } from "./inode";
import { kfree, kmalloc } from "../mm/slab";
import { new_inode, unlink_inode } from "./flatfs_inode";

/*
 * Names. Differs from Linux: a name is compared as a whole; there are no directories and no links.
 */

/** Longest name, with the zero at its end. Unit: bytes. @kernel PATH_MAX, include/uapi/linux/limits.h */
export const PATH_MAX: usize = 4096;
/** How much of a name is copied at a time; a page is a multiple of it. Unit: bytes. */
const NAME_CHUNK: usize = 32;
/** The character that absolute names begin with. */
const SLASH: u8 = 0x2f;
/** What nobody else may do with a new file. Differs from Linux: no program can change it. */
const UMASK: u32 = 0o022;

/** The mode of a new file. @kernel mode_strip_umask(), include/linux/fs.h */
export function mode_strip_umask(mode: u32): u32 {
  return mode & ~UMASK;
}

/**
 * Copies a name from a program to PATH_MAX bytes of the kernel.
 *
 * @returns  its length, 0 for the empty name; -EFAULT, -ENAMETOOLONG.
 */
function copy_name(to: usize, from: u64): i32 {
  let length: usize = 0;
  while (length < PATH_MAX) {
    // Up to the next multiple of a chunk, so never into a page that the name does not reach.
    let part = NAME_CHUNK - <usize>((from + length) & (NAME_CHUNK - 1));
    part = min(part, PATH_MAX - length);
    if (copy_from_user(to + length, from + length, part)) return -Errno.EFAULT;
    for (let end = length + part; length < end; length++) {
      if (!load<u8>(to + length)) return <i32>length;
    }
  }
  return -Errno.ENAMETOOLONG;
}

/**
 * A program's name, in memory that putname() frees: its length (u32), and its letters behind it.
 *
 * @returns  its address; 0 if memory is exhausted. The length is -EFAULT, -ENAMETOOLONG if there is none.
 * @kernel getname(), fs/namei.c
 */
export function getname(filename: u64): usize {
  let name = kmalloc(PATH_MAX + 4);
  if (name) store<i32>(name, copy_name(name + 4, filename));
  return name;
}

/** Length of a name of getname(), 0 for the empty one; or -errno. */
export function name_length(name: usize): i32 {
  return name ? load<i32>(name) : -Errno.ENOMEM;
}

/** The letters of a name of getname(). */
export function name_letters(name: usize): usize {
  return name + 4;
}

/** Frees a name of getname(). @kernel putname(), fs/namei.c */
export function putname(name: usize): void {
  kfree(name);
}

/**
 * Whether a name may be looked up from a descriptor: there are no directories that could be open.
 *
 * @returns  0; -ENOENT for the empty name; -EBADF, -ENOTDIR.
 */
export function check_name(dirfd: i32, name: usize): i32 {
  let length = name_length(name);
  if (length <= 0) return length ? length : -Errno.ENOENT;
  if (load<u8>(name_letters(name)) == SLASH || dirfd == AT_FDCWD) return 0;
  return files_lookup_fd(current().files, dirfd) ? -Errno.ENOTDIR : -Errno.EBADF;
}

/** Whether mknod() makes such files. @returns 0, -EPERM, -EINVAL. @kernel may_mknod(), fs/namei.c */
function may_mknod(mode: u32): i32 {
  switch (mode & StatMode.IFMT) {
    case 0:
    case StatMode.IFREG:
    case StatMode.IFCHR:
    case StatMode.IFBLK:
    case StatMode.IFIFO:
    case StatMode.IFSOCK:
      return 0;
    case StatMode.IFDIR:
      return -Errno.EPERM;
    default:
      return -Errno.EINVAL;
  }
}

/** Makes a file with a name of getname(). @returns 0, -ENOENT, -EBADF, -ENOTDIR, -EFAULT, -EEXIST, -ENOMEM. */
function make_node(dirfd: i32, name: usize, mode: u32, rdev: u32): i32 {
  let error = check_name(dirfd, name);
  if (error) return error;
  let length = name_length(name);
  if (find_inode(name_letters(name), length)) return -Errno.EEXIST;
  if (!(mode & StatMode.IFMT)) mode |= StatMode.IFREG;
  let inode = new_inode(name_letters(name), length, mode_strip_umask(mode & 0xffff));
  if (!inode) return -Errno.ENOMEM;
  let kind = mode & StatMode.IFMT;
  if (kind == StatMode.IFCHR || kind == StatMode.IFBLK) inode.i_rdev = rdev;
  return 0;
}

/**
 * Makes a file of any kind but a directory.
 *
 * @returns  0; -EINVAL, -EPERM for kinds that it does not make; -EFAULT, -ENAMETOOLONG, -ENOENT, -EEXIST, -ENOMEM.
 * @kernel do_mknodat(), fs/namei.c
 */
function do_mknodat(dirfd: i32, filename: u64, mode: u32, rdev: u32): i64 {
  enter(Tp.do_mknodat, <usize>filename, mode, 0);
  let name = getname(filename);
  let error = may_mknod(mode);
  if (!error) error = make_node(dirfd, name, mode, rdev);
  putname(name);
  return leave<i64>(error);
}

/** mknod(2). */
export function sys_mknod(): i64 {
  let task = current();
  return do_mknodat(AT_FDCWD, task.di, (<u32>task.si) & 0xffff, <u32>task.dx);
}

/** mknodat(2). */
export function sys_mknodat(): i64 {
  let task = current();
  return do_mknodat(<i32>task.di, task.si, (<u32>task.dx) & 0xffff, <u32>task.r10);
}

/**
 * Removes a name.
 *
 * @returns  0; -EFAULT, -ENAMETOOLONG, -ENOENT, -ENOTDIR if a directory was meant.
 * @kernel do_unlinkat(), fs/namei.c
 */
function do_unlinkat(dirfd: i32, filename: u64, directory: bool): i64 {
  enter(Tp.do_unlinkat, <usize>filename, 0, 0);
  let name = getname(filename);
  let error = check_name(dirfd, name);
  if (!error) {
    let inode = find_inode(name_letters(name), name_length(name));
    if (!inode) error = -Errno.ENOENT;
    else if (directory) error = -Errno.ENOTDIR;
    else unlink_inode(inode);
  }
  putname(name);
  return leave<i64>(error);
}

/** unlink(2). */
export function sys_unlink(): i64 {
  return do_unlinkat(AT_FDCWD, current().di, false);
}

/** unlinkat(2). */
export function sys_unlinkat(): i64 {
  let task = current();
  let flags = <u32>task.dx;
  if (flags & ~AtFlags.REMOVEDIR) return -Errno.EINVAL;
  return do_unlinkat(<i32>task.di, task.si, flags != 0);
}
