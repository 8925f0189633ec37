import { Errno } from "../include/errno";
import { File, FileKind, FMode, IocbFlags } from "../include/fs";
import { IovIter } from "../include/uio";
import { SLEEPING } from "../include/sched";
import { OpenFlags, SeekWhence } from "../include/fcntl";
import { data_copied } from "../include/phase";
import { Tp, enter, leave } from "../include/trace";
import { access_ok, copy_from_user } from "../mm/uaccess";
import { current } from "../kernel/sched";
import { fdget, fdput } from "./file";
import { iov_iter_init, iov_iter_ubuf } from "../mm/iov_iter";
import { kfree, kmalloc } from "../mm/slab";
import { wait_for_owner, wake_up_waiters } from "../mm/filemap_wait";

/*
 * The first call of a system call looks at its arguments and sets the task's walk over the user's buffers up; when it
 * is tried again after a sleep, the walk stands where it stood.
 */

/** Most bytes that one call moves. @kernel MAX_RW_COUNT, include/linux/fs.h */
export const MAX_RW_COUNT: u64 = 0x7fff_f000;
/** Most buffers that one call takes. @kernel UIO_MAXIOV, include/uapi/linux/uio.h */
const UIO_MAXIOV: u64 = 1024;

/** Whether a file was opened for a direction and knows what to do. @returns 0, -EBADF, -EINVAL. */
export function check_mode(file: File, mode: FMode, method: u32): i32 {
  if (!(file.f_mode & mode)) return -Errno.EBADF;
  return method ? 0 : -Errno.EINVAL;
}

/**
 * Sets a walk over one user buffer up.
 *
 * @returns  0, -EFAULT.
 * @kernel import_ubuf(), lib/iov_iter.c
 */
export function import_ubuf(base: u64, count: u64, iter: IovIter): i32 {
  if (!access_ok(base, count)) return -Errno.EFAULT;
  iov_iter_ubuf(iter, base, min(count, MAX_RW_COUNT));
  return 0;
}

/**
 * Sets a walk over several user buffers up. Their list is copied to kernel memory, which release_iovec() frees.
 *
 * @returns  0, -EINVAL, -EFAULT, -ENOMEM.
 * @kernel import_iovec(), lib/iov_iter.c
 */
export function import_iovec(vector: u64, nr_segs: u64, iter: IovIter): i32 {
  iov_iter_ubuf(iter, 0, 0);
  if (nr_segs > UIO_MAXIOV) return -Errno.EINVAL;
  if (!nr_segs) return 0;
  let size = (<usize>nr_segs) << 4;
  let iov = kmalloc(size);
  if (!iov) return -Errno.ENOMEM;
  let error = copy_from_user(iov, vector, size) ? -Errno.EFAULT : 0;
  let total: u64 = 0;
  for (let at = iov; !error && at < iov + size; at += 16) {
    let length = load<u64>(at, 8);
    if (<i64>length < 0) error = -Errno.EINVAL;
    else if (!access_ok(load<u64>(at), length)) error = -Errno.EFAULT;
    else {
      length = min(length, MAX_RW_COUNT - total);
      store<u64>(at, length, 8);
      total += length;
    }
  }
  if (error) kfree(iov);
  else iov_iter_init(iter, iov, <u32>nr_segs, total);
  return error;
}

/** Frees the list of a walk that import_iovec() made. The walk moves along the list: its end does not move. */
export function release_iovec(nr_segs: u64, iter: IovIter): void {
  if (!iter.iov) return;
  kfree(iter.iov + ((<usize>iter.nr_segs) << 4) - ((<usize>nr_segs) << 4));
  iter.iov = 0;
}

/**
 * Reads from a file that can be read to where the walk stands.
 *
 * @returns  bytes; 0 at the end; -errno; SLEEPING.
 * @kernel vfs_read(), fs/read_write.c
 */
export function vfs_read(file: File, iter: IovIter): i64 {
  enter(Tp.vfs_read, changetype<usize>(file), <usize>iter.count, 0);
  let result = call_indirect<i64>(file.f_op.read_iter, file, iter);
  // Of a socket it is told where all ways of receiving come together.
  // What a disk has put into the program's memory itself, no CPU has copied.
  if (result > 0 && file.f_op.kind != FileKind.SOCKET && !(iter.ki_flags & IocbFlags.DIRECT)) {
    data_copied(file.private_data, result);
  }
  return leave(result);
}

/**
 * Writes to a file that can be written from where the walk stands.
 *
 * @returns  bytes; -errno; SLEEPING.
 * @kernel vfs_write(), fs/read_write.c
 */
export function vfs_write(file: File, iter: IovIter): i64 {
  enter(Tp.vfs_write, changetype<usize>(file), <usize>iter.count, 0);
  return leave(call_indirect<i64>(file.f_op.write_iter, file, iter));
}

/** OpenFlags that say how a file is read and written. */
const HOW: u32 = OpenFlags.APPEND | OpenFlags.DIRECT | OpenFlags.DSYNC | OpenFlags.SYNC;

/** Whether so many bytes can be moved at a position. @returns 0, -EINVAL. @kernel rw_verify_area(), fs/read_write.c */
export function rw_verify_area(pos: i64, count: u64): i32 {
  return <i64>count < 0 || pos < 0 || <i64>(pos + count) < 0 ? -Errno.EINVAL : 0;
}

/** What a file was opened with, as IocbFlags. @kernel iocb_flags(), include/linux/fs.h */
export function iocb_flags(file: File): u32 {
  let flags = file.f_flags;
  if (!(flags & HOW)) return 0;
  let result: u32 = 0;
  if (flags & OpenFlags.APPEND) result |= IocbFlags.APPEND;
  if (flags & OpenFlags.DIRECT) result |= IocbFlags.DIRECT;
  if (flags & OpenFlags.DSYNC) result |= IocbFlags.DSYNC;
  if ((flags & OpenFlags.SYNC) == OpenFlags.SYNC) result |= IocbFlags.SYNC;
  return result;
}

/** Reads or writes where the walk stands. */
export function do_rw(file: File, iter: IovIter, mode: FMode): i64 {
  return mode == FMode.READ ? vfs_read(file, iter) : vfs_write(file, iter);
}

/** Reads or writes where the file says itself. What it was opened with matters only to those that have a position. */
function do_rw_here(file: File, iter: IovIter, mode: FMode): i64 {
  return file.f_mode & FMode.PREAD ? do_rw_pos(file, iter, mode, iocb_flags(file)) : do_rw(file, iter, mode);
}

/**
 * Reads or writes at the file's own position, and moves it. Whoever sleeps meanwhile keeps the position; others wait.
 *
 * @param ki_flags  IocbFlags of the call.
 * @kernel fdget_pos(), fs/file.c
 */
export function do_rw_pos(file: File, iter: IovIter, mode: FMode, ki_flags: u32): i64 {
  let owner = file.f_pos_lock;
  if (owner) {
    let result = wait_for_owner(changetype<usize>(file), owner);
    if (result) return result;
  } else {
    iter.pos = file.f_pos;
    iter.ki_flags = ki_flags;
  }
  let result = do_rw(file, iter, mode);
  if (result == SLEEPING) {
    file.f_pages!.pos_lock = current();
    return result;
  }
  // A write that fails may have looked for the end of the file already.
  if (result >= 0) file.f_pos = iter.pos;
  if (!owner) return result;
  file.f_pages!.pos_lock = null;
  wake_up_waiters(changetype<usize>(file));
  return result;
}

/** What read() and write() have in common. */
function rw(mode: FMode): i64 {
  let task = current();
  let file = fdget(<i32>task.di);
  if (!file) return -Errno.EBADF;
  if (!task.restarting) {
    let error = check_mode(file, mode, method_of(file, mode)) || import_ubuf(task.si, task.dx, task.iter);
    if (error) return fdput(file, error);
  }
  return fdput(file, do_rw_here(file, task.iter, mode));
}

/** The method of a file for a direction. */
export function method_of(file: File, mode: FMode): u32 {
  return mode == FMode.READ ? file.f_op.read_iter : file.f_op.write_iter;
}

/** read(2). */
export function sys_read(): i64 {
  return rw(FMode.READ);
}

/** write(2). */
export function sys_write(): i64 {
  return rw(FMode.WRITE);
}

/** What readv() and writev() have in common. */
function rw_vector(mode: FMode): i64 {
  let task = current();
  let file = fdget(<i32>task.di);
  if (!file) return -Errno.EBADF;
  if (!task.restarting) {
    let error = check_mode(file, mode, method_of(file, mode)) || import_iovec(task.si, task.dx, task.iter);
    if (error) return fdput(file, error);
  }
  let result: i64 = task.iter.count || task.restarting ? do_rw_here(file, task.iter, mode) : 0;
  if (result != SLEEPING) release_iovec(task.dx, task.iter);
  return fdput(file, result);
}

/** readv(2). */
export function sys_readv(): i64 {
  return rw_vector(FMode.READ);
}

/** writev(2). */
export function sys_writev(): i64 {
  return rw_vector(FMode.WRITE);
}

/** What pread64() and pwrite64() have in common. */
function rw_at(mode: FMode): i64 {
  let task = current();
  let iter = task.iter;
  if (task.r10 < 0) return -Errno.EINVAL;
  let file = fdget(<i32>task.di);
  if (!file) return -Errno.EBADF;
  if (!task.restarting) {
    if (!(file.f_mode & FMode.PREAD)) return fdput(file, -Errno.ESPIPE);
    let error = check_mode(file, mode, method_of(file, mode)) || import_ubuf(task.si, task.dx, iter);
    if (error) return fdput(file, error);
    iter.pos = task.r10;
    iter.ki_flags = iocb_flags(file);
  }
  return fdput(file, mode == FMode.READ ? vfs_read(file, iter) : vfs_write(file, iter));
}

/** pread64(2). */
export function sys_pread64(): i64 {
  return rw_at(FMode.READ);
}

/** pwrite64(2). */
export function sys_pwrite64(): i64 {
  return rw_at(FMode.WRITE);
}

/** Moves the position of a file. @returns it, -ESPIPE, -EINVAL, -ENXIO. @kernel vfs_llseek(), fs/read_write.c */
export function vfs_llseek(file: File, offset: i64, whence: u32): i64 {
  if (!(file.f_mode & FMode.LSEEK)) return -Errno.ESPIPE;
  enter(Tp.vfs_llseek, changetype<usize>(file), <usize>offset, whence);
  return leave(call_indirect<i64>(file.f_op.llseek, file, offset, whence));
}

/** lseek(2). */
export function sys_lseek(): i64 {
  let task = current();
  let file = fdget(<i32>task.di);
  if (!file) return -Errno.EBADF;
  let whence = <u32>task.dx;
  if (whence > <u32>SeekWhence.HOLE) return fdput(file, -Errno.EINVAL);
  let result = wait_for_owner(changetype<usize>(file), file.f_pos_lock);
  if (result) return fdput(file, result);
  return fdput(file, vfs_llseek(file, task.si, whence));
}

/** The llseek method of files that have no position: does nothing. @kernel noop_llseek(), fs/read_write.c */
export function noop_llseek(file: File, offset: i64, whence: u32): i64 {
  return file.f_pos;
}
