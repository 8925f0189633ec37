import { Errno } from "../include/errno";
import { File, FileKind, FMode } from "../include/fs";
import { IoKiocb, IoReqFlags } from "../include/io_uring";
import { IoringCqeFlags, IoringIoprio, IoringOp, IosqeFlags } from "../include/io_uring_abi";
import { Msg } from "../include/socket";
import { OpenFlags } from "../include/fcntl";
import { SLEEPING } from "../include/sched";
import { SpliceFlags } from "../include/splice";
import { Tp, enter, leave } from "../include/trace";
import { current } from "../kernel/sched";
import { exchange_calls } from "../include/call_state";
import { files_lookup_fd } from "../fs/fdtable";
import { finish_wait } from "../kernel/wait";
import { fput, get_file, sys_close } from "../fs/file";
import { hrtimer_cancel } from "../kernel/time";
import { io_async_cancel, io_async_cancel_prep, io_poll_remove } from "./cancel";
import { io_connect_result, io_net_result, io_net_retry } from "./net";
import { io_file_get_fixed, io_files_update, io_files_update_prep } from "./filetable";
import { io_poll_add, io_poll_add_prep } from "./poll";
import { io_req_post_cqe } from "./request";
import { io_import_fixed, io_may_try, io_prep_rw, is_write, sys_io_rw } from "./rw";
import { io_timeout, io_timeout_prep, io_timeout_remove } from "./timeout";
import {
  sys_accept4,
  sys_connect,
  sys_recvfrom,
  sys_recvmsg,
  sys_sendmsg,
  sys_sendto,
  sys_shutdown,
  sys_socket,
} from "../net/socket";
import { sys_epoll_ctl, sys_epoll_wait } from "../fs/eventpoll";
import { sys_io_splice, sys_tee } from "../fs/splice";
import { sys_fallocate } from "../fs/truncate";
import { sys_fdatasync, sys_fsync } from "../fs/sync";
import { sys_openat } from "../fs/open";

/*
 * Most requests are system calls that are made with registers of their own, on behalf of the task that runs: io_call()
 * puts the request's call in the place of the task's, makes it, and takes it back with all that it has come to.
 *
 * Differs from Linux: there, every operation has a function of its own.
 */

/** Whether a request works on a file, which its entry names. */
function needs_file(opcode: u32): bool {
  switch (opcode) {
    case IoringOp.NOP:
    case IoringOp.POLL_REMOVE:
    case IoringOp.TIMEOUT:
    case IoringOp.TIMEOUT_REMOVE:
    case IoringOp.ASYNC_CANCEL:
    case IoringOp.LINK_TIMEOUT:
    case IoringOp.OPENAT:
    case IoringOp.CLOSE:
    case IoringOp.EPOLL_CTL:
    case IoringOp.SOCKET:
    case IoringOp.SPLICE:
    case IoringOp.TEE:
    case IoringOp.FILES_UPDATE:
      return false;
    default:
      return true;
  }
}

/** Sets the registers of a request. */
function registers(req: IoKiocb, call: u32, si: i64, dx: i64, r10: i64, r8: i64): i32 {
  req.call = call;
  req.di = req.sqe.fd;
  req.si = si;
  req.dx = dx;
  req.r10 = r10;
  req.r8 = r8;
  return 0;
}

/** Looks at what a request asks for. @returns 0, -EINVAL. @kernel io_uring/opdef.c */
export function io_prep(req: IoKiocb): i32 {
  let sqe = req.sqe;
  let address = <i64>sqe.addr;
  let length = <i64>sqe.len;
  let flags = <i64>sqe.op_flags;
  switch (req.opcode) {
    case IoringOp.NOP:
      return sqe.op_flags ? -Errno.EINVAL : 0;
    case IoringOp.READ:
    case IoringOp.WRITE:
    case IoringOp.READV:
    case IoringOp.WRITEV:
    case IoringOp.READ_FIXED:
    case IoringOp.WRITE_FIXED:
      registers(req, sys_io_rw.index, 0, 0, <i64>sqe.off, flags);
      req.r9 = req.opcode;
      return io_prep_rw(req);
    case IoringOp.POLL_ADD:
      return io_poll_add_prep(req);
    case IoringOp.TIMEOUT:
    case IoringOp.LINK_TIMEOUT:
      return io_timeout_prep(req);
    case IoringOp.POLL_REMOVE:
    case IoringOp.TIMEOUT_REMOVE:
    case IoringOp.ASYNC_CANCEL:
      return io_async_cancel_prep(req);
    case IoringOp.FILES_UPDATE:
      return io_files_update_prep(req);
    case IoringOp.RECV:
    case IoringOp.SEND:
      if (sqe.ioprio & ~IoringIoprio.POLL_FIRST) return -Errno.EINVAL;
      if (flags & Msg.DONTWAIT) req.flags |= IoReqFlags.NOWAIT;
      if (flags & Msg.WAITALL) req.wanted = length;
      return registers(
        req,
        req.opcode == IoringOp.SEND ? sys_sendto.index : sys_recvfrom.index,
        address,
        length,
        flags,
        0,
      );
    case IoringOp.RECVMSG:
    case IoringOp.SENDMSG:
      if (sqe.ioprio) return -Errno.EINVAL;
      if (flags & Msg.DONTWAIT) req.flags |= IoReqFlags.NOWAIT;
      return registers(
        req,
        req.opcode == IoringOp.SENDMSG ? sys_sendmsg.index : sys_recvmsg.index,
        address,
        flags,
        0,
        0,
      );
    case IoringOp.ACCEPT:
      if (sqe.len || sqe.buf_index || sqe.file_index || sqe.ioprio & ~IoringIoprio.ACCEPT_MULTISHOT)
        return -Errno.EINVAL;
      if (sqe.ioprio && req.flags & IoReqFlags.CQE_SKIP) return -Errno.EINVAL;
      if (sqe.ioprio & IoringIoprio.ACCEPT_MULTISHOT) req.flags |= IoReqFlags.MULTISHOT;
      return registers(req, sys_accept4.index, address, <i64>sqe.off, flags, 0);
    case IoringOp.CONNECT:
      if (sqe.len || sqe.buf_index || sqe.op_flags || sqe.file_index) return -Errno.EINVAL;
      return registers(req, sys_connect.index, address, <i64>sqe.off, 0, 0);
    case IoringOp.SHUTDOWN:
      if (sqe.off || sqe.addr || sqe.op_flags || sqe.buf_index || sqe.file_index) return -Errno.EINVAL;
      req.flags |= IoReqFlags.FORCE_ASYNC;
      return registers(req, sys_shutdown.index, length, 0, 0, 0);
    case IoringOp.SPLICE:
      if (flags & ~SpliceFlags.ALL) return -Errno.EINVAL;
      req.flags |= IoReqFlags.FORCE_ASYNC;
      req.wanted = length;
      registers(req, sys_io_splice.index, address, sqe.fd, <i64>sqe.off, length);
      req.di = <i32>sqe.file_index;
      req.r9 = flags;
      return 0;
    case IoringOp.FSYNC:
      if (sqe.addr || sqe.buf_index || sqe.file_index || sqe.op_flags & ~1) return -Errno.EINVAL;
      if (sqe.off || sqe.len) return -Errno.EINVAL;
      req.flags |= IoReqFlags.FORCE_ASYNC;
      return registers(req, sqe.op_flags ? sys_fdatasync.index : sys_fsync.index, 0, 0, 0, 0);
    case IoringOp.FALLOCATE:
      if (sqe.buf_index || sqe.op_flags || sqe.file_index) return -Errno.EINVAL;
      req.flags |= IoReqFlags.FORCE_ASYNC;
      return registers(req, sys_fallocate.index, length, <i64>sqe.off, address, 0);
    case IoringOp.TEE:
      if (sqe.off || sqe.addr || flags & ~SpliceFlags.ALL) return -Errno.EINVAL;
      req.flags |= IoReqFlags.FORCE_ASYNC;
      req.wanted = length;
      registers(req, sys_tee.index, sqe.fd, length, flags, 0);
      req.di = <i32>sqe.file_index;
      return 0;
    case IoringOp.OPENAT:
      if (sqe.buf_index || sqe.flags & IosqeFlags.FIXED_FILE) return -Errno.EINVAL;
      if (sqe.op_flags & (OpenFlags.TRUNC | OpenFlags.CREAT)) req.flags |= IoReqFlags.FORCE_ASYNC;
      return registers(req, sys_openat.index, address, flags, length, 0);
    case IoringOp.CLOSE:
      if (sqe.off || sqe.addr || sqe.len || sqe.op_flags || sqe.buf_index) return -Errno.EINVAL;
      if (sqe.flags & IosqeFlags.FIXED_FILE) return -Errno.EBADF;
      return registers(req, sys_close.index, 0, 0, 0, 0);
    case IoringOp.SOCKET:
      if (sqe.addr || sqe.op_flags || sqe.buf_index) return -Errno.EINVAL;
      return registers(req, sys_socket.index, <i64>sqe.off, length, 0, 0);
    case IoringOp.EPOLL_CTL:
      if (sqe.buf_index) return -Errno.EINVAL;
      return registers(req, sys_epoll_ctl.index, length, <i64>sqe.off, address, 0);
    case IoringOp.EPOLL_WAIT:
      if (sqe.off || sqe.op_flags || sqe.buf_index) return -Errno.EINVAL;
      return registers(req, sys_epoll_wait.index, address, length, 0, 0);
    default:
      return -Errno.EINVAL;
  }
}

/** The file that an entry names, with a reference; null: it is not open. @kernel io_file_get_normal() */
function io_file_get(req: IoKiocb): File | null {
  let ctx = req.ctx;
  let fd = req.sqe.fd;
  let file: File | null = null;
  if (req.sqe.flags & IosqeFlags.FIXED_FILE) {
    file = io_file_get_fixed(ctx, <u32>fd);
  } else file = files_lookup_fd(current().files, fd);
  if (!file || file.f_mode & FMode.PATH) return null;
  return get_file(file);
}

/** The file of a request is looked up, if it works on one. @returns 0, -EBADF. @kernel io_assign_file() */
export function io_prepare_file(req: IoKiocb): i32 {
  if (req.file || !needs_file(req.opcode)) return 0;
  req.file = io_file_get(req);
  return req.file ? 0 : -Errno.EBADF;
}

/**
 * Makes the system call that a request is, in the place of the one that the task that runs is at.
 *
 * @returns  its result; SLEEPING: the task is not put to sleep, but the request must go on from there on.
 */
export function io_call(req: IoKiocb): i64 {
  let task = current();
  exchange_calls(task, req);
  task.issuing_request = req;
  let result = io_call_here(req);
  if (result == SLEEPING) {
    finish_wait();
    hrtimer_cancel(task.timer);
  }
  task.issuing_request = null;
  exchange_calls(task, req);
  return result;
}

/** Makes the call of a request, which stands in the task that runs already: from its beginning, or from where it was. */
export function io_call_here(req: IoKiocb): i64 {
  let task = current();
  let resumed = (req.flags & IoReqFlags.RESUMED) != 0;
  task.restarting = resumed ? 1 : 0;
  task.timed_out = 0;
  if (!resumed) {
    task.done = 0;
    task.kept = 0;
    task.reserved = -1;
    task.held = req.file ? get_file(req.file!) : null;
  }
  let result = call_indirect<i64>(req.call);
  // A call that has failed before it came to its file has not taken it.
  let held = task.held;
  if (held && result != SLEEPING) {
    task.held = null;
    fput(held);
  }
  return result;
}

/** Makes the call of a request without waiting. @returns its result; -EAGAIN: it would have had to wait. */
function io_try_call(req: IoKiocb): i64 {
  let file = req.file;
  // Whoever changes a file has it to himself while he sleeps: that is not to be the task that submits.
  if (file && file.f_op.kind == FileKind.REGULAR && is_write(req.opcode)) return -Errno.EAGAIN;
  let flags = file ? file.f_flags : 0;
  // The call sees a file that does not wait; nobody else looks at it meanwhile.
  if (file && file.f_op.poll) file.f_flags = flags | OpenFlags.NONBLOCK;
  let result = io_call(req);
  if (file) file.f_flags = flags;
  if (result == SLEEPING) {
    req.flags |= IoReqFlags.RESUMED;
    return -Errno.EAGAIN;
  }
  if (req.opcode == IoringOp.EPOLL_WAIT && !result) return -Errno.EAGAIN;
  if (req.opcode == IoringOp.CONNECT) return io_connect_result(req, result);
  if (io_net_retry(req, result)) return io_try_call(req);
  return finish_result(req, result);
}

/**
 * What a request whose call has ended comes to. There is no call to make again once a signal has come: the request is
 * over. Those that work on no file that they name tell of it as it is.
 *
 * @returns  the result; -EINTR instead of what says that the call is to be made again.
 */
export function finish_result(req: IoKiocb, result: i64): i64 {
  if (result != -Errno.ERESTARTSYS && result != -Errno.ERESTARTNOHAND) return io_net_result(req, result);
  return req.file ? -Errno.EINTR : result;
}

/** Accepts connections until there is none. @returns -EAGAIN; -errno that ends it. */
function io_accept_multishot(req: IoKiocb): i64 {
  while (true) {
    let result = io_try_call(req);
    if (result < 0) return result;
    io_req_post_cqe(req, <i32>result, IoringCqeFlags.MORE);
  }
}

/**
 * Does what a request asks for, without waiting.
 *
 * @returns  its result; -EAGAIN: it would have had to wait; -EIOCBQUEUED: it completes later.
 * @kernel io_issue_sqe(), io_uring/io_uring.c
 */
export function io_issue_sqe(req: IoKiocb): i64 {
  let opcode = req.opcode;
  enter(Tp.io_issue_sqe, changetype<usize>(req), opcode, 0);
  if (io_prepare_file(req)) return leave<i64>(-Errno.EBADF);
  switch (opcode) {
    case IoringOp.NOP:
      return leave<i64>(0);
    case IoringOp.POLL_ADD:
      return leave(io_poll_add(req));
    case IoringOp.TIMEOUT:
      return leave(io_timeout(req));
    case IoringOp.LINK_TIMEOUT:
      return leave<i64>(-Errno.EINVAL);
    case IoringOp.TIMEOUT_REMOVE:
      return leave<i64>(io_timeout_remove(req));
    case IoringOp.POLL_REMOVE:
      return leave<i64>(io_poll_remove(req));
    case IoringOp.ASYNC_CANCEL:
      return leave<i64>(io_async_cancel(req));
    case IoringOp.READ_FIXED:
    case IoringOp.WRITE_FIXED: {
      let error = io_import_fixed(req);
      if (error) return leave(error);
    }
    case IoringOp.READ:
    case IoringOp.READV:
    case IoringOp.WRITE:
    case IoringOp.WRITEV:
      return leave(io_may_try(req) ? io_try_call(req) : -Errno.EAGAIN);
    case IoringOp.ACCEPT:
      return leave(req.flags & IoReqFlags.MULTISHOT ? io_accept_multishot(req) : io_try_call(req));
    case IoringOp.CLOSE:
      return leave(close_here(req));
    case IoringOp.OPENAT:
      return leave(open_here(req));
    case IoringOp.FILES_UPDATE:
      return leave<i64>(io_files_update(req));
    default:
      return leave(io_try_call(req));
  }
}

/** Opens a file without waiting for anybody: a FIFO, for another one to open it. @kernel io_openat2(), io_uring/openclose.c */
function open_here(req: IoKiocb): i64 {
  let flags = req.dx;
  req.dx = flags | OpenFlags.NONBLOCK;
  let result = io_try_call(req);
  req.dx = flags;
  if (result >= 0 && !(flags & OpenFlags.NONBLOCK)) {
    files_lookup_fd(current().files, <i32>result)!.f_flags &= ~(<u32>OpenFlags.NONBLOCK);
  }
  return result;
}

/** Closes a descriptor, unless it is a ring's. @kernel io_close(), io_uring/openclose.c */
function close_here(req: IoKiocb): i64 {
  let file = files_lookup_fd(current().files, req.sqe.fd);
  if (file && file.f_op.kind == FileKind.IO_URING) return -Errno.EBADF;
  return io_try_call(req);
}
