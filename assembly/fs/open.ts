import { filemap_sample_wb_err, sample_sb_err } from "../mm/filemap_sync";
import { AT_FDCWD, OpenFlags } from "../include/fcntl";
import { Errno } from "../include/errno";
import { File, FileKind, FilePages, FMode } from "../include/fs";
import { Inode } from "../include/inode";
import { find_inode, ihold, named_inode } from "./inode";
import { SLEEPING } from "../include/sched";
import { StatMode } from "../include/stat";
import { Tp, enter, leave } from "../include/trace";
import { alloc_file, fd_install, fput, get_unused_fd_flags, put_unused_fd } from "./file";
import { alloc_fops, fs_state } from "./internal";
import { check_name, getname, mode_strip_umask, name_length, name_letters, putname } from "./namei";
import { current } from "../kernel/sched";
import { device_fops } from "./mem";
import { fifo_open } from "./fifo";
import { file_free, open_fmode } from "./file_table";
import { do_truncate, new_inode } from "./flatfs_inode";
import { file_ra_state_init } from "../mm/filemap";
import { kmem_cache_zalloc } from "../mm/slab";
import { release_inode } from "./flatfs";

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
  OpenFlags.SYNC |
  OpenFlags.ASYNC |
  OpenFlags.DIRECT |
  OpenFlags.LARGEFILE |
  OpenFlags.DIRECTORY |
  OpenFlags.NOFOLLOW |
  OpenFlags.NOATIME;
/** Flags that mean something with O_PATH. @kernel O_PATH_FLAGS, fs/open.c */
const O_PATH_FLAGS: u32 = OpenFlags.DIRECTORY | OpenFlags.NOFOLLOW | OpenFlags.PATH;
/** Flags that F_GETFL does not show. */
const ONLY_WHILE_OPENING: u32 = OpenFlags.CREAT | OpenFlags.EXCL | OpenFlags.NOCTTY | OpenFlags.TRUNC;

/** Makes what files have that can only be named. */
export function open_init(): void {
  let fops = alloc_fops(FileKind.PATH);
  fops.release = release_inode.index;
  fs_state().path_fops = fops;
}

/** Whether a file, or a missing one, may be opened so. @returns 0, -ENOENT, -EEXIST, -ENOTDIR. */
function may_open(inode: Inode | null, flags: u32): i32 {
  if (!inode) return flags & OpenFlags.CREAT ? 0 : -Errno.ENOENT;
  if (flags & OpenFlags.CREAT && flags & OpenFlags.EXCL) return -Errno.EEXIST;
  return flags & OpenFlags.DIRECTORY ? -Errno.ENOTDIR : 0;
}

/** Opens a FIFO as `fd`; waits for the other side. @returns as do_filp_open(). */
function open_fifo(fd: i32, file: File, inode: Inode): i64 {
  let result = fifo_open(file, inode);
  if (result == SLEEPING) return hold(fd, file);
  if (result < 0) {
    file_free(file);
    return result;
  }
  if (file.f_flags & OpenFlags.DIRECT) {
    fput(file);
    return -Errno.EINVAL;
  }
  return install(fd, file);
}

/** Gives an open file what it has as a regular one. @returns false if memory is exhausted. */
function alloc_pages_of(file: File, inode: Inode): bool {
  let address = kmem_cache_zalloc(fs_state().file_pages_cachep);
  if (!address) return false;
  let pages = changetype<FilePages>(address);
  pages.mapping = inode.i_mapping;
  pages.wb_err = filemap_sample_wb_err(inode.i_mapping);
  pages.sb_err = sample_sb_err();
  file_ra_state_init(pages.ra);
  file.f_pages = pages;
  return true;
}

/** Opens what is neither FIFO nor socket as `fd`. @returns as do_filp_open(). */
function open_plain(fd: i32, inode: Inode, flags: u32, shown: u32): i64 {
  let state = fs_state();
  let regular = (inode.i_mode & StatMode.IFMT) == StatMode.IFREG;
  let fops = regular ? state.flatfs_file_operations : device_fops(inode.i_rdev);
  if (flags & OpenFlags.PATH) fops = state.path_fops;
  if (!fops) return -Errno.ENXIO;
  if (flags & OpenFlags.DIRECT && !(regular && state.flatfs_aops.direct_IO)) return -Errno.EINVAL;
  let mode = flags & OpenFlags.PATH ? <u32>FMode.PATH : open_fmode(flags) | FMode.PREAD;
  let file = alloc_file(fops, shown, mode, changetype<usize>(inode));
  if (!file) return -Errno.ENOMEM;
  if (!regular || flags & OpenFlags.PATH) {
    ihold(inode);
    return install(fd, file);
  }
  if (!alloc_pages_of(file, inode)) {
    file_free(file);
    return -Errno.ENOMEM;
  }
  ihold(inode);
  return flags & OpenFlags.TRUNC ? open_empty(fd, file, inode) : install(fd, file);
}

/** A file is open as `fd`. @returns `fd`. */
function install(fd: i32, file: File): i64 {
  fd_install(fd, file);
  return fd;
}

/** Opens a regular file as `fd` and cuts it to nothing; waits for those who read or write it. @returns as do_filp_open(). */
function open_empty(fd: i32, file: File, inode: Inode): i64 {
  let result = do_truncate(inode, 0);
  if (result == SLEEPING) return hold(fd, file);
  return install(fd, file);
}

/** A call that sleeps keeps its file and its descriptor. @returns SLEEPING. */
function hold(fd: i32, file: File): i64 {
  let task = current();
  task.held = file;
  task.reserved = fd;
  return SLEEPING;
}

/**
 * Opens a file by a name of getname() as `fd`.
 *
 * @returns  `fd`, -errno, SLEEPING.
 * @kernel do_filp_open(), fs/namei.c
 */
function do_filp_open(fd: i32, name: usize, flags: u32, mode: u32): i64 {
  let letters = name_letters(name);
  let length = name_length(name);
  let inode = find_inode(letters, length);
  let error = may_open(inode, flags);
  if (error) return error;
  if (!inode) inode = new_inode(letters, length, StatMode.IFREG | mode_strip_umask(mode & StatMode.IALLUGO));
  if (!inode) return -Errno.ENOMEM;
  let shown = flags & ~ONLY_WHILE_OPENING;
  if (flags & OpenFlags.PATH) return open_plain(fd, inode, flags, shown);
  shown |= OpenFlags.LARGEFILE;
  switch (inode.i_mode & StatMode.IFMT) {
    case StatMode.IFIFO: {
      let file = alloc_file(fs_state().pipeanon_fops, shown, open_fmode(flags), 0);
      return file ? open_fifo(fd, file, inode) : -Errno.ENOMEM;
    }
    case StatMode.IFREG:
    case StatMode.IFCHR:
      return open_plain(fd, inode, flags, shown);
    default:
      return -Errno.ENXIO;
  }
}

/** The task that slept in open() goes on: it has a file already, and a descriptor reserved. */
function open_again(): i64 {
  let task = current();
  let file = task.held!;
  let fd = task.reserved;
  task.held = null;
  task.reserved = -1;
  let inode = named_inode(file)!;
  return finish(fd, file.f_mapping ? open_empty(fd, file, inode) : open_fifo(fd, file, inode));
}

/**
 * Opens a file by a name that is in the program's memory.
 *
 * @returns  a descriptor; -EINVAL, -ENOMEM, -EFAULT, -ENAMETOOLONG, -ENOENT, -EMFILE, -EBADF, -ENOTDIR, -EEXIST, -ENXIO,
 *           -EINTR; SLEEPING.
 * @kernel do_sys_openat2(), fs/open.c
 */
function do_sys_openat2(dirfd: i32, filename: u64, flags: u32, mode: u32): i64 {
  enter(Tp.do_sys_openat2, <usize>filename, flags, 0);
  if (current().restarting) return leave(open_again());
  if (flags & OpenFlags.PATH) flags &= O_PATH_FLAGS | OpenFlags.CLOEXEC;
  if (flags & OpenFlags.CREAT && flags & OpenFlags.DIRECTORY) return leave<i64>(-Errno.EINVAL);
  let name = getname(filename);
  let length = name_length(name);
  let result: i64 = length > 0 ? get_unused_fd_flags(flags) : length ? length : -Errno.ENOENT;
  if (result >= 0) result = open_as(<i32>result, dirfd, name, flags & (VALID_OPEN_FLAGS | OpenFlags.PATH), mode);
  putname(name);
  return leave(result);
}

/** Opens a file as a descriptor that is free again if that fails. @returns `fd`, -errno, SLEEPING. */
function open_as(fd: i32, dirfd: i32, name: usize, flags: u32, mode: u32): i64 {
  let error = check_name(dirfd, name);
  return finish(fd, error ? error : do_filp_open(fd, name, flags, mode));
}

/** Gives a descriptor back for which there will be no file. @returns the result. */
function finish(fd: i32, result: i64): i64 {
  if (result < 0 && result != SLEEPING) put_unused_fd(fd);
  return result;
}

/** open(2). */
export function sys_open(): i64 {
  let task = current();
  return do_sys_openat2(AT_FDCWD, task.di, <u32>task.si, <u32>task.dx);
}

/** openat(2). */
export function sys_openat(): i64 {
  let task = current();
  return do_sys_openat2(<i32>task.di, task.si, <u32>task.dx, <u32>task.r10);
}
