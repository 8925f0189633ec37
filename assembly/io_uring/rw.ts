import { Errno } from "../include/errno";
import { FMode } from "../include/fs";
import { IoKiocb, IoMappedUbuf } from "../include/io_uring";
import { IoringOp } from "../include/io_uring_abi";
import { SLEEPING } from "../include/sched";
import { current } from "../kernel/sched";
import { fdget, fdput } from "../fs/file";
import { import_iovec, iocb_flags, import_ubuf, release_iovec, vfs_read, vfs_write } from "../fs/read_write";
import { kiocb_set_rw_flags } from "../fs/kiocb";
import { iov_iter_advance, iov_iter_kvec } from "../mm/iov_iter";

/** Whether a request writes. */
export function is_write(opcode: u32): bool {
  return opcode == IoringOp.WRITE || opcode == IoringOp.WRITEV || opcode == IoringOp.WRITE_FIXED;
}

/** READ, WRITE and their like make sense. @kernel io_prep_rw(), io_uring/rw.c */
export function io_prep_rw(req: IoKiocb): i32 {
  return req.sqe.ioprio >> 13 > 3 ? -Errno.EINVAL : 0;
}

/**
 * The buffer of a request is one of those registered, if it asks for one of those; the request holds on to it.
 *
 * @returns  0, -EFAULT. @kernel io_import_reg_buf(), io_uring/rsrc.c
 */
export function io_import_fixed(req: IoKiocb): i32 {
  if (req.opcode != IoringOp.READ_FIXED && req.opcode != IoringOp.WRITE_FIXED) return 0;
  if (req.imu) return 0;
  let ctx = req.ctx;
  let index = <u32>req.sqe.buf_index;
  if (index >= ctx.nr_user_bufs) return -Errno.EFAULT;
  let imu = changetype<IoMappedUbuf>(load<usize>(ctx.user_bufs + ((<usize>index) << 2)));
  if (!changetype<usize>(imu)) return -Errno.EFAULT;
  let address = req.sqe.addr;
  let length = <u64>req.sqe.len;
  if (address < imu.ubuf || address > imu.ubuf + imu.len || length > imu.ubuf + imu.len - address) return -Errno.EFAULT;
  imu.refs++;
  req.imu = imu;
  iov_iter_kvec(req.iter, imu.bvec, imu.nr_bvecs, imu.len);
  iov_iter_advance(req.iter, address - imu.ubuf);
  req.iter.count = length;
  return 0;
}

/** Sets the walk over the buffers of a request up. @returns 0 or -errno. */
function import_buffers(opcode: u32): i32 {
  let task = current();
  switch (opcode) {
    case IoringOp.READV:
    case IoringOp.WRITEV:
      return import_iovec(task.si, task.dx, task.iter);
    case IoringOp.READ:
    case IoringOp.WRITE:
      return import_ubuf(task.si, task.dx, task.iter);
    default:
      return 0;
  }
}

/**
 * Reads or writes for a request, as a system call would: r9 says what, si and dx which buffers, r10 where (-1: at the
 * file's own position), r8 how.
 *
 * @returns  bytes; -errno; SLEEPING. @kernel io_read(), io_write(), io_uring/rw.c
 */
export function sys_io_rw(): i64 {
  let task = current();
  let iter = task.iter;
  let opcode = <u32>task.r9;
  let write = is_write(opcode);
  let file = fdget(-1);
  if (!file) return -Errno.EBADF;
  let seekable = (file.f_mode & FMode.PREAD) != 0;
  let own = seekable && task.r10 == -1;
  if (!task.restarting) {
    if (!(file.f_mode & (write ? FMode.WRITE : FMode.READ))) return fdput(file, -Errno.EBADF);
    if (!(write ? file.f_op.write_iter : file.f_op.read_iter)) return fdput(file, -Errno.EINVAL);
    let error = import_buffers(opcode);
    if (error) return fdput(file, error);
    let flags = kiocb_set_rw_flags(file, iocb_flags(file), <u32>task.r8);
    iter.ki_flags = flags;
    iter.pos = own ? file.f_pos : seekable ? task.r10 : 0;
    if (flags < 0 || (seekable && iter.pos < 0)) {
      release(opcode);
      return fdput(file, flags < 0 ? flags : -Errno.EINVAL);
    }
  }
  let result = write ? vfs_write(file, iter) : vfs_read(file, iter);
  if (result != SLEEPING) {
    if (own) file.f_pos = iter.pos;
    release(opcode);
  }
  return fdput(file, result);
}

/** Frees the list of buffers of the request that is at work. */
function release(opcode: u32): void {
  if (opcode == IoringOp.READV || opcode == IoringOp.WRITEV) release_iovec(current().dx, current().iter);
}
