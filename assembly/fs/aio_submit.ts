import { AioKiocb, Kioctx } from "../include/aio";
import { Errno } from "../include/errno";
import { FileKind, FMode, IocbFlags } from "../include/fs";
import { Iocb, IocbCmd, IocbFlag } from "../include/aio_abi";
import { SLEEPING, TaskStruct } from "../include/sched";
import { Tp, enter, leave } from "../include/trace";
import { aio_get_req, drop_req, iocb_put, put_ioctx } from "./aio_kiocb";
import { aio_fsync } from "./aio_fsync";
import { aio_poll, aio_poll_cancel } from "./aio_poll";
import { aio_state } from "./aio_kiocb";
import { current } from "../kernel/sched";
import { data_copied } from "../include/phase";
import { eventfd_ctx_fileget } from "./eventfd";
import { fput } from "./file_table";
import { fget } from "./file";
import { get_user_words, put_user_words } from "../mm/uaccess";
import { import_iovec, import_ubuf, iocb_flags, rw_verify_area } from "./read_write";
import { kiocb_set_rw_flags } from "./kiocb";
import { lookup_ioctx } from "./aio";

/** What a program finds in Iocb.aio_key. @kernel KIOCB_KEY, fs/aio.c */
const KIOCB_KEY: u32 = 0;
/** Classes of urgency: none, real time, best effort, idle. */
const IOPRIO_CLASSES: u32 = 4;

/** Whether an urgency is one. Everybody may ask for real time. @returns 0, -EINVAL. @kernel ioprio_check_cap() */
function ioprio_check_cap(ioprio: i16): i32 {
  let kind = (<u32>(<u16>ioprio)) >> 13;
  return kind >= IOPRIO_CLASSES || (!kind && ioprio & 7) ? -Errno.EINVAL : 0;
}

/** Sets the flags and the position of a request that reads or writes up. @returns 0 or -errno. @kernel aio_prep_rw() */
function aio_prep_rw(req: AioKiocb, iocb: Iocb, write: bool): i32 {
  let file = req.ki_filp!;
  if (iocb.aio_flags & IocbFlag.IOPRIO) {
    let error = ioprio_check_cap(iocb.aio_reqprio);
    if (error) return error;
  }
  let flags = kiocb_set_rw_flags(file, iocb_flags(file), iocb.aio_rw_flags);
  if (flags < 0) return flags;
  if (!(file.f_mode & (write ? FMode.WRITE : FMode.READ))) return -Errno.EBADF;
  if (!(write ? file.f_op.write_iter : file.f_op.read_iter)) return -Errno.EINVAL;
  let vectored = req.opcode == IocbCmd.PREADV || req.opcode == IocbCmd.PWRITEV;
  req.nr_segs = iocb.aio_nbytes;
  let error = vectored
    ? import_iovec(iocb.aio_buf, iocb.aio_nbytes, req.rw)
    : import_ubuf(iocb.aio_buf, iocb.aio_nbytes, req.rw);
  if (error) return error;
  req.rw.ki_flags = flags & ~IocbFlags.HIPRI;
  req.rw.ki_complete = aio_complete_rw.index;
  req.rw.ki_private = changetype<usize>(req);
  // Files without a position begin anew each time; sockets refuse any but 0: aio_rw().
  req.rw.pos = file.f_mode & FMode.PREAD || file.f_op.kind == FileKind.SOCKET ? iocb.aio_offset : 0;
  return rw_verify_area(iocb.aio_offset, req.rw.count);
}

/** Reading or writing has come to its end, now or in an interrupt. @kernel aio_complete_rw(), fs/aio.c */
function aio_complete_rw(iter: usize, result: i64): void {
  let req = changetype<AioKiocb>(iter - offsetof<AioKiocb>());
  req.ki_res_res = result;
  iocb_put(req);
}

/**
 * A request reads or writes. If its file can do that only by sleeping, the task that submits it sleeps, and this is
 * called again.
 *
 * @returns  0, whatever comes of it: that is told by the event; SLEEPING. @kernel aio_read(), aio_write(), fs/aio.c
 */
function aio_rw(req: AioKiocb): i64 {
  let file = req.ki_filp!;
  let write = req.opcode == IocbCmd.PWRITE || req.opcode == IocbCmd.PWRITEV;
  enter(write ? Tp.aio_write : Tp.aio_read, changetype<usize>(req), changetype<usize>(file), <usize>req.rw.count);
  let is_socket = file.f_op.kind == FileKind.SOCKET;
  let result: i64 = -Errno.ESPIPE;
  if (!is_socket || !req.rw.pos)
    result = call_indirect<i64>(write ? file.f_op.write_iter : file.f_op.read_iter, file, req.rw);
  if (result == SLEEPING) return leave(result);
  if (result == -Errno.EIOCBQUEUED) return leave<i64>(0);
  let by_cpu = !write && !is_socket && !(req.rw.ki_flags & IocbFlags.DIRECT);
  if (by_cpu && result > 0) data_copied(file.private_data, result);
  // There is no call to make again once a signal has come: the request is over.
  if (result == -Errno.ERESTARTSYS || result == -Errno.ERESTARTNOHAND) result = -Errno.EINTR;
  aio_complete_rw(changetype<usize>(req.rw), result);
  return leave<i64>(0);
}

/** Looks at what a request asks for, and does it. @returns 0, -errno, SLEEPING. @kernel __io_submit_one(), fs/aio.c */
function __io_submit_one(req: AioKiocb, iocb: Iocb, user_iocb: u64): i64 {
  req.ki_filp = fget(<i32>iocb.aio_fildes);
  if (!req.ki_filp) return -Errno.EBADF;
  if (iocb.aio_flags & IocbFlag.RESFD) {
    let file = fget(<i32>iocb.aio_resfd);
    if (!file) return -Errno.EBADF;
    req.ki_eventfd = changetype<usize>(eventfd_ctx_fileget(file));
    fput(file);
    if (!req.ki_eventfd) return -Errno.EINVAL;
  }
  iocb.aio_key = KIOCB_KEY;
  if (put_user_words(user_iocb + offsetof<Iocb>("aio_key"), changetype<usize>(iocb) + offsetof<Iocb>("aio_key"), 4)) {
    return -Errno.EFAULT;
  }
  req.ki_res_obj = user_iocb;
  req.ki_res_data = iocb.aio_data;
  let opcode = <u32>iocb.aio_lio_opcode;
  switch (opcode) {
    case IocbCmd.PREAD:
    case IocbCmd.PREADV:
    case IocbCmd.PWRITE:
    case IocbCmd.PWRITEV: {
      req.opcode = opcode;
      let error = aio_prep_rw(req, iocb, opcode == IocbCmd.PWRITE || opcode == IocbCmd.PWRITEV);
      return error ? error : aio_rw(req);
    }
    case IocbCmd.FSYNC:
    case IocbCmd.FDSYNC:
      return aio_fsync(req, iocb, opcode == IocbCmd.FDSYNC);
    case IocbCmd.POLL:
      req.opcode = opcode;
      return aio_poll(req, iocb);
    default:
      return -Errno.EINVAL;
  }
}

/** A request has been submitted, or not. @returns the result. */
function submitted(req: AioKiocb, result: i64): i64 {
  if (result == SLEEPING) current().submitting = req;
  else if (result) drop_req(req);
  else iocb_put(req);
  return result;
}

/** Nothing is left of the request before: the next one begins as a call does. */
function begin_anew(task: TaskStruct): void {
  task.restarting = 0;
  task.timed_out = 0;
  task.done = 0;
  task.kept = 0;
  task.reserved = -1;
}

/**
 * Submits one request.
 *
 * @returns  0; -EFAULT, -EINVAL, -EAGAIN, -EBADF ...; SLEEPING. @kernel io_submit_one(), fs/aio.c
 */
function io_submit_one(ctx: Kioctx, user_iocb: u64, index: u32): i64 {
  begin_anew(current());
  let iocb = aio_state().iocb;
  if (get_user_words(changetype<usize>(iocb), user_iocb, offsetof<Iocb>())) return -Errno.EFAULT;
  if (iocb.aio_reserved2 || <i64>iocb.aio_nbytes < 0) return -Errno.EINVAL;
  enter(Tp.io_submit_one, changetype<usize>(ctx), iocb.aio_lio_opcode, iocb.aio_fildes);
  let req = aio_get_req(ctx);
  if (!req) return leave<i64>(-Errno.EAGAIN);
  req.index = index;
  return leave(submitted(req, __io_submit_one(req, iocb, user_iocb)));
}

/** Submits the iocb that a pointer of the program's list points to. */
function submit_from_list(ctx: Kioctx, iocbpp: u64, index: u32): i64 {
  let task = current();
  let word = changetype<usize>(task) + offsetof<TaskStruct>("done");
  if (get_user_words(word, iocbpp + ((<u64>index) << 3), 8)) return -Errno.EFAULT;
  return io_submit_one(ctx, task.done, index);
}

/**
 * io_submit(2). Where a file can be read or written only by sleeping, the task sleeps here, as on Linux: only O_DIRECT
 * is asynchronous.
 */
export function sys_io_submit(): i64 {
  let task = current();
  let req = task.submitting;
  let ctx: Kioctx | null;
  let index: u32 = 0;
  let result: i64 = 0;
  if (req) {
    task.submitting = null;
    ctx = req.ki_ctx;
    index = req.index;
    result = submitted(req, aio_rw(req));
    index++;
  } else {
    if (task.si < 0) return -Errno.EINVAL;
    ctx = lookup_ioctx(task.di);
    if (!ctx) return -Errno.EINVAL;
  }
  let nr = min<u64>(task.si, ctx.nr_events);
  while (!result && index < <u32>nr) {
    result = submit_from_list(ctx, task.dx, index);
    if (!result) index++;
  }
  if (result == SLEEPING) return result;
  put_ioctx(ctx);
  return index ? index : result;
}

/** io_cancel(2): only requests that poll can be cancelled. */
export function sys_io_cancel(): i64 {
  let task = current();
  let word = changetype<usize>(task) + offsetof<TaskStruct>("done");
  if (get_user_words(word, task.si + offsetof<Iocb>("aio_key"), 4)) return -Errno.EFAULT;
  if (<u32>task.done != KIOCB_KEY) return -Errno.EINVAL;
  let ctx = lookup_ioctx(task.di);
  if (!ctx) return -Errno.EINVAL;
  let result = -Errno.EINVAL;
  for (let link = ctx.active_reqs.next; link !== ctx.active_reqs; link = link.next) {
    let req = AioKiocb.of_list(link);
    if (req.ki_res_obj != <u64>task.si) continue;
    aio_poll_cancel(req);
    result = -Errno.EINPROGRESS;
    break;
  }
  put_ioctx(ctx);
  return result;
}
