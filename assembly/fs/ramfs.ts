import { AT_FDCWD, OpenFlags, SeekWhence } from "../include/fcntl";
import { Errno } from "../include/errno";
import { File, FileKind, FMode } from "../include/fs";
import { Inode, MAX_FILE_SIZE, file_inode, find_inode, new_inode, truncate_inode } from "./ramfs_inode";
import { Ioctl } from "../include/ioctls";
import { Tp, enter, leave } from "../include/trace";
import { alloc_file, fd_install, get_unused_fd_flags, put_unused_fd } from "./file";
import { alloc_fops, fs_state } from "./internal";
import { copy_from_user, put_user_u32 } from "../mm/uaccess";
import { current } from "../kernel/sched";
import { files_lookup_fd } from "./fdtable";
import { generic_file_read_iter, generic_file_write_iter } from "./ramfs_rw";
import { kfree, kmalloc } from "../mm/slab";
import { open_fmode } from "./file_table";

/** Longest name, with the zero at its end. Unit: bytes. @kernel PATH_MAX, include/uapi/linux/limits.h */
const PATH_MAX: usize = 4096;
/** How much of a name is copied at a time; a page is a multiple of it. Unit: bytes. */
const NAME_CHUNK: usize = 32;
/** The character that absolute names begin with. */
const SLASH: u8 = 0x2f;
/** open() with this flag gives a file that can only be named, which this kernel has not. */
const O_PATH: u32 = 0x200000;
/** Flags that open() knows; it ignores all others. @kernel VALID_OPEN_FLAGS, include/linux/fcntl.h */
const VALID_OPEN_FLAGS: u32 =
  OpenFlags.ACCMODE |
  OpenFlags.CREAT |
  OpenFlags.EXCL |
  OpenFlags.NOCTTY |
  OpenFlags.TRUNC |
  OpenFlags.APPEND |
  OpenFlags.NONBLOCK |
  OpenFlags.DSYNC |
  OpenFlags.ASYNC |
  OpenFlags.DIRECT |
  OpenFlags.LARGEFILE |
  OpenFlags.DIRECTORY |
  OpenFlags.NOFOLLOW |
  OpenFlags.NOATIME;
/** Flags that F_GETFL does not show. */
const ONLY_WHILE_OPENING: u32 = OpenFlags.CREAT | OpenFlags.EXCL | OpenFlags.NOCTTY | OpenFlags.TRUNC;

/** Makes the file system, without files. @kernel init_ramfs_fs(), fs/ramfs/inode.c */
export function ramfs_init(): void {
  let state = fs_state();
  state.inodes.init();
  let fops = alloc_fops(FileKind.REGULAR);
  fops.read_iter = generic_file_read_iter.index;
  fops.write_iter = generic_file_write_iter.index;
  fops.llseek = generic_file_llseek.index;
  fops.ioctl = file_ioctl.index;
  state.ramfs_file_operations = fops;
}

/**
 * Makes a file, for the world outside.
 *
 * @param name    address of its name in the linear memory.
 * @param size    number of bytes that it is born with, made from the seed; zeros if the seed is 0.
 * @returns       0; -EEXIST; -ENOENT without a name; -ENAMETOOLONG; -EFBIG; -ENOMEM.
 */
export function ramfs_create(name: usize, length: u32, size: u64, seed: u64): i32 {
  if (!length) return -Errno.ENOENT;
  if (length >= <u32>PATH_MAX) return -Errno.ENAMETOOLONG;
  if (size > <u64>MAX_FILE_SIZE) return -Errno.EFBIG;
  if (find_inode(name, length)) return -Errno.EEXIST;
  return new_inode(name, length, size, seed) ? 0 : -Errno.ENOMEM;
}

/** Moves the position of a regular file. @returns it, -EINVAL, -ENXIO. @kernel generic_file_llseek(), fs/read_write.c */
function generic_file_llseek(file: File, offset: i64, whence: u32): i64 {
  let size = file_inode(file).i_size;
  switch (whence) {
    case SeekWhence.CUR:
      offset += file.f_pos;
      break;
    case SeekWhence.END:
      offset += size;
      break;
    case SeekWhence.DATA:
      if (<u64>offset >= <u64>size) return -Errno.ENXIO;
      break;
    case SeekWhence.HOLE:
      if (<u64>offset >= <u64>size) return -Errno.ENXIO;
      offset = size;
  }
  if (offset < 0 || offset > MAX_FILE_SIZE) return -Errno.EINVAL;
  file.f_pos = offset;
  return offset;
}

/** FIONREAD: how much lies behind the position. @kernel file_ioctl(), fs/ioctl.c */
function file_ioctl(file: File, request: u32, argument: u64): i64 {
  if (request != Ioctl.FIONREAD) return -Errno.ENOTTY;
  return put_user_u32(<u32>(file_inode(file).i_size - file.f_pos), argument);
}

/**
 * Copies a name from a program to PATH_MAX bytes of the kernel.
 *
 * @returns  its length; -EFAULT, -ENAMETOOLONG; -ENOENT for the empty name.
 * @kernel getname(), fs/namei.c
 */
function copy_name(to: usize, from: u64): i32 {
  let length: usize = 0;
  while (length < PATH_MAX) {
    // Up to the next multiple of a chunk, so never into a page that the name does not reach.
    let part = NAME_CHUNK - <usize>((from + length) & (NAME_CHUNK - 1));
    part = min(part, PATH_MAX - length);
    if (copy_from_user(to + length, from + length, part)) return -Errno.EFAULT;
    for (let end = length + part; length < end; length++) {
      if (!load<u8>(to + length)) return length ? <i32>length : -Errno.ENOENT;
    }
  }
  return -Errno.ENAMETOOLONG;
}

/** Whether a file, or a missing one, may be opened so. @returns 0, -ENOENT, -EEXIST, -ENOTDIR, -EINVAL. */
function may_open(inode: Inode | null, flags: u32): i32 {
  if (!inode) return flags & OpenFlags.CREAT ? 0 : -Errno.ENOENT;
  if (flags & OpenFlags.CREAT && flags & OpenFlags.EXCL) return -Errno.EEXIST;
  if (flags & OpenFlags.DIRECTORY) return -Errno.ENOTDIR;
  return flags & OpenFlags.DIRECT ? -Errno.EINVAL : 0;
}

/** Opens a file by its name, which is in kernel memory, as `fd`. @returns 0 or -errno. @kernel do_filp_open() */
function open_as(fd: i32, name: usize, length: u32, flags: u32): i32 {
  let inode = find_inode(name, length);
  let error = may_open(inode, flags);
  if (error) return error;
  if (!inode) inode = new_inode(name, length, 0, 0);
  if (!inode) return -Errno.ENOMEM;
  let shown = (flags & ~ONLY_WHILE_OPENING) | OpenFlags.LARGEFILE;
  let mode = open_fmode(flags) | FMode.PREAD;
  let file = alloc_file(fs_state().ramfs_file_operations, shown, mode, changetype<usize>(inode));
  if (!file) return -Errno.ENOMEM;
  if (flags & OpenFlags.TRUNC) truncate_inode(inode);
  fd_install(fd, file);
  return 0;
}

/** Whether a name may be looked up from a descriptor: there are no directories that could be open. */
function check_dirfd(dirfd: i32, name: usize): i32 {
  if (load<u8>(name) == SLASH || dirfd == AT_FDCWD) return 0;
  return files_lookup_fd(current().files, dirfd) ? -Errno.ENOTDIR : -Errno.EBADF;
}

/**
 * Opens a file by a name that is in the program's memory.
 *
 * Differs from Linux: a name is compared as a whole; there are no directories and no links.
 *
 * @returns  a descriptor; -EINVAL, -ENOMEM, -EFAULT, -ENAMETOOLONG, -ENOENT, -EMFILE, -EBADF, -ENOTDIR, -EEXIST.
 * @kernel do_sys_openat2(), fs/open.c
 */
function do_sys_openat2(dirfd: i32, filename: u64, flags: u32): i64 {
  enter(Tp.do_sys_openat2, <usize>filename, flags, 0);
  if (flags & O_PATH) return leave(-Errno.EINVAL);
  if (flags & OpenFlags.CREAT && flags & OpenFlags.DIRECTORY) return leave(-Errno.EINVAL);
  let name = kmalloc(PATH_MAX);
  if (!name) return leave(-Errno.ENOMEM);
  let length = copy_name(name, filename);
  let fd = length < 0 ? length : get_unused_fd_flags(flags);
  if (fd >= 0) {
    let error = check_dirfd(dirfd, name) || open_as(fd, name, length, flags & VALID_OPEN_FLAGS);
    if (error) {
      put_unused_fd(fd);
      fd = error;
    }
  }
  kfree(name);
  return leave(fd);
}

/** open(2). */
export function sys_open(): i64 {
  let task = current();
  return do_sys_openat2(AT_FDCWD, task.di, <u32>task.si);
}

/** openat(2). */
export function sys_openat(): i64 {
  let task = current();
  return do_sys_openat2(<i32>task.di, task.si, <u32>task.dx);
}
