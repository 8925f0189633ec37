import { Errno } from "../include/errno";
import { FMode, RwFlags, Poll } from "../include/fs";
import { IoKiocb, IoMappedUbuf, IoReqFlags } from "../include/io_uring";
import { IoringOp } from "../include/io_uring_abi";
import { SLEEPING } from "../include/sched";
import { current } from "../kernel/sched";
import { fdget, fdput } from "../fs/file";
import { import_iovec, iocb_flags, import_ubuf, release_iovec, vfs_read, vfs_write } from "../fs/read_write";
import { kiocb_set_rw_flags } from "../fs/kiocb";
import { vfs_poll } from "../fs/select";
import { iov_iter_advance, iov_iter_kvec } from "../mm/iov_iter";

/** Whether a request writes. */
export function is_write(opcode: u32): bool {
  return opcode == IoringOp.WRITE || opcode == IoringOp.WRITEV || opcode == IoringOp.WRITE_FIXED;
}

/** READ, WRITE and their like make sense; the list of their buffers is copied. @kernel io_prep_rw(), io_uring/rw.c */
export function io_prep_rw(req: IoKiocb): i32 {
  let sqe = req.sqe;
  if (sqe.ioprio >> 13 > 3) return -Errno.EINVAL;
  if (sqe.op_flags & RwFlags.NOWAIT) req.flags |= IoReqFlags.NOWAIT;
  req.wanted = sqe.len;
  let error = 0;
  if (is_vector(sqe.opcode)) error = import_iovec(sqe.addr, sqe.len, req.iter);
  else if (!is_fixed(sqe.opcode)) error = import_ubuf(sqe.addr, sqe.len, req.iter);
  else return 0;
  req.wanted = req.iter.count;
  return error;
}

/** A request ends: so does its list of buffers. */
export function io_release_buffers(req: IoKiocb): void {
  if (is_vector(req.opcode)) release_iovec(req.sqe.len, req.iter);
}

/**
 * Whether a request may be tried: a file that cannot be read or written at all is asked first, as all are that cannot say
 * whether they would have to wait.
 *
 * @kernel io_file_supports_nowait(), io_uring/rw.c
 */
export function io_may_try(req: IoKiocb): bool {
  let file = req.file!;
  let write = is_write(req.opcode);
  if (write ? file.f_op.write_iter : file.f_op.read_iter) return true;
  if (!file.f_op.poll || !(file.f_mode & (write ? FMode.WRITE : FMode.READ))) return true;
  return (vfs_poll(file, null) & (write ? Poll.OUT : Poll.IN)) != 0;
}

/** Whether a request has a list of buffers. */
function is_vector(opcode: u32): bool {
  return opcode == IoringOp.READV || opcode == IoringOp.WRITEV;
}

/** Whether the buffer of a request is one of those registered. */
function is_fixed(opcode: u32): bool {
  return opcode == IoringOp.READ_FIXED || opcode == IoringOp.WRITE_FIXED;
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

/**
 * Reads or writes for a request, as a system call would: r9 says what, r10 where (-1: at the file's own position), r8 how.
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
    let flags = kiocb_set_rw_flags(file, iocb_flags(file), <u32>task.r8);
    iter.ki_flags = flags;
    iter.pos = own ? file.f_pos : seekable ? task.r10 : 0;
    iter.done = 0;
    if (flags < 0 || (seekable && iter.pos < 0)) return fdput(file, flags < 0 ? flags : -Errno.EINVAL);
  }
  let result = write ? vfs_write(file, iter) : vfs_read(file, iter);
  if (result != SLEEPING && own) file.f_pos = iter.pos;
  return fdput(file, result);
}
