import { CacheType } from "../include/mm_types";
import { Errno } from "../include/errno";
import { File, FileKind, FilePages, FilesStruct, FMode } from "../include/fs";
import { FsState, alloc_fops, fs_state } from "./internal";
import { NR_OPEN } from "../include/resource";
import { OpenFlags } from "../include/fcntl";
import { SLEEPING } from "../include/sched";
import { Tp, enter, leave } from "../include/trace";
import {
  alloc_files,
  clear_open_fd,
  dup_fd,
  expand_files,
  fd_is_open,
  files_lookup_fd,
  find_next_fd,
  put_files_struct,
  set_fd_file,
  set_open_fd,
} from "./fdtable";
import { alloc_file, fput, get_file } from "./file_table";
import { current } from "../kernel/sched";
import { find_task, register_files_operations } from "../kernel/fork";
import { kernel } from "../include/kernel";
import { register_fput } from "../mm/vma";
import { kmem_cache_create, kzalloc } from "../mm/slab";

export { alloc_file, fput, get_file } from "./file_table";

/** Makes the file system's state. @kernel files_init(), fs/file_table.c */
export function files_init(): void {
  kernel.fs = kzalloc(offsetof<FsState>());
  let state = fs_state();
  state.filp_cachep = kmem_cache_create(CacheType.File, offsetof<File>(), 8);
  state.file_pages_cachep = kmem_cache_create(CacheType.FilePages, offsetof<FilePages>(), 8);
  state.files_cachep = kmem_cache_create(CacheType.FilesStruct, offsetof<FilesStruct>(), 8);
  state.outside_fops = alloc_fops(FileKind.OUTSIDE);
  register_files_operations(alloc_files.index, dup_fd.index, put_files_struct.index);
  register_fput(fput.index);
}

/**
 * Takes the lowest free descriptor from `start` on, without a file as yet.
 *
 * @param flags  OpenFlags.CLOEXEC or 0.
 * @returns      the descriptor; -EMFILE; -ENOMEM.
 * @kernel alloc_fd(), fs/file.c
 */
export function alloc_fd(start: u32, flags: u32): i32 {
  let files = current().files;
  enter(Tp.alloc_fd, start, 0, 0);
  let fd = find_next_fd(files, max(start, files.next_fd));
  if (fd >= files.rlimit_nofile) return leave(-Errno.EMFILE);
  let error = expand_files(files, fd);
  if (error) return leave(error);
  if (start <= files.next_fd) files.next_fd = fd + 1;
  set_open_fd(files, fd, (flags & OpenFlags.CLOEXEC) != 0);
  return leave(<i32>fd);
}

/** Takes the lowest free descriptor. @returns it, -EMFILE or -ENOMEM. @kernel get_unused_fd_flags(), fs/file.c */
export function get_unused_fd_flags(flags: u32): i32 {
  return alloc_fd(0, flags);
}

/** Gives a descriptor back that never got a file. @kernel put_unused_fd(), fs/file.c */
export function put_unused_fd(fd: i32): void {
  clear_open_fd(current().files, fd);
}

/** Lets a descriptor that was taken stand for a file, whose reference it takes over. @kernel fd_install(), fs/file.c */
export function fd_install(fd: i32, file: File): void {
  enter(Tp.fd_install, fd, changetype<usize>(file), 0);
  set_fd_file(current().files, fd, file);
  leave(0);
}

/**
 * The file of a descriptor of the task that runs, with a reference that fdput() drops; the file that a system call
 * which is tried again has kept, whatever the descriptor stands for by now.
 *
 * @returns  null if the descriptor is not open, or its file can only be named (O_PATH).
 * @kernel fdget(), fs/file.c
 */
export function fdget(fd: i32): File | null {
  let task = current();
  let held = task.held;
  if (held) {
    task.held = null;
    return held;
  }
  let file = files_lookup_fd(task.files, fd);
  if (!file || file.f_mode & FMode.PATH) return null;
  file.f_count++;
  return file;
}

/** The file of a descriptor, with a reference for the caller to keep; null: see fdget(). @kernel fget(), fs/file.c */
export function fget(fd: i32): File | null {
  let file = files_lookup_fd(current().files, fd);
  return !file || file.f_mode & FMode.PATH ? null : get_file(file);
}

/** As fdget(), of files that can only be named too; for calls that do not sleep. @kernel fdget_raw(), fs/file.c */
export function fdget_raw(fd: i32): File | null {
  let file = files_lookup_fd(current().files, fd);
  if (file) file.f_count++;
  return file;
}

/** Drops the reference of fdget(), unless the result says that the task sleeps and will need it. Returns the result. */
export function fdput(file: File, result: i64): i64 {
  if (result == SLEEPING) current().held = file;
  else fput(file);
  return result;
}

/** Takes a descriptor out of the table. @returns its file, or null if it is not open. @kernel file_close_fd(), fs/file.c */
function file_close_fd(fd: i32): File | null {
  let files = current().files;
  let file = files_lookup_fd(files, fd);
  if (!file) return null;
  enter(Tp.file_close_fd, fd, changetype<usize>(file), 0);
  set_fd_file(files, fd, null);
  clear_open_fd(files, fd);
  return leave(file);
}

/** Closes a descriptor of the task that runs. @returns 0 or -EBADF. @kernel close_fd(), fs/file.c */
export function close_fd(fd: i32): i32 {
  let file = file_close_fd(fd);
  if (!file) return -Errno.EBADF;
  fput(file);
  return 0;
}

/** close(2). */
export function sys_close(): i64 {
  return close_fd(<i32>current().di);
}

/** dup(2). */
export function sys_dup(): i64 {
  let file = files_lookup_fd(current().files, <i32>current().di);
  return file ? f_dupfd(0, file, 0) : -Errno.EBADF;
}

/** Another descriptor for a file. @returns it, -EINVAL, -EMFILE, -ENOMEM. @kernel f_dupfd(), fs/file.c */
export function f_dupfd(from: u32, file: File, flags: u32): i32 {
  if (from >= current().files.rlimit_nofile) return -Errno.EINVAL;
  let fd = alloc_fd(from, flags);
  if (fd >= 0) fd_install(fd, get_file(file));
  return fd;
}

/** Lets a descriptor stand for a file, and closes what it stood for. @returns it, -EBUSY. @kernel do_dup2(), fs/file.c */
function do_dup2(files: FilesStruct, file: File, fd: u32, flags: u32): i32 {
  let tofree = files_lookup_fd(files, fd);
  if (!tofree && fd_is_open(files, fd)) return -Errno.EBUSY;
  enter(Tp.do_dup2, changetype<usize>(file), fd, 0);
  set_fd_file(files, fd, get_file(file));
  set_open_fd(files, fd, (flags & OpenFlags.CLOEXEC) != 0);
  if (tofree) fput(tofree);
  return leave(<i32>fd);
}

/** What dup2() and dup3() have in common. @kernel ksys_dup3(), fs/file.c */
function ksys_dup3(oldfd: i32, newfd: i32, flags: u32): i64 {
  if (flags & ~OpenFlags.CLOEXEC || oldfd == newfd) return -Errno.EINVAL;
  let files = current().files;
  if (<u32>newfd >= files.rlimit_nofile) return -Errno.EBADF;
  let file = files_lookup_fd(files, oldfd);
  if (!file) return -Errno.EBADF;
  let error = expand_files(files, newfd);
  if (error) return error == -Errno.EMFILE ? -Errno.EBADF : error;
  return do_dup2(files, file, newfd, flags);
}

/** dup2(2). */
export function sys_dup2(): i64 {
  let task = current();
  let oldfd = <i32>task.di;
  if (oldfd != <i32>task.si) return ksys_dup3(oldfd, <i32>task.si, 0);
  return files_lookup_fd(task.files, oldfd) ? oldfd : -Errno.EBADF;
}

/** dup3(2). */
export function sys_dup3(): i64 {
  let task = current();
  return ksys_dup3(<i32>task.di, <i32>task.si, <u32>task.dx);
}

/**
 * Marks a descriptor as taken by something outside the machine. It can be closed, copied and passed on; nothing can be
 * read from it or written to it, and it is always ready.
 *
 * @returns  0; -ESRCH; -EBADF if the number can be no descriptor; -EBUSY if it is taken already; -ENOMEM.
 */
export function reserve_fd(pid: i32, fd: i32): i32 {
  let task = find_task(pid);
  if (!task || !changetype<usize>(task.files)) return -Errno.ESRCH;
  let files = task.files;
  if (<u32>fd >= min(files.rlimit_nofile, NR_OPEN)) return -Errno.EBADF;
  let error = expand_files(files, fd);
  if (error) return error;
  if (fd_is_open(files, fd)) return -Errno.EBUSY;
  let file = alloc_file(fs_state().outside_fops, OpenFlags.RDWR, FMode.READ | FMode.WRITE, 0);
  if (!file) return -Errno.ENOMEM;
  set_open_fd(files, fd, false);
  set_fd_file(files, fd, file);
  return 0;
}
