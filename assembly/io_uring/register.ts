import { Errno } from "../include/errno";
import { IoRingCtx } from "../include/io_uring";
import { IoringRegister, IoringSetup } from "../include/io_uring_abi";
import { io_sqe_files_register, io_sqe_files_unregister, io_sqe_files_update } from "./filetable";
import { io_uring_state } from "./cqring";
import { get_user_words } from "../mm/uaccess";
import { Tp, enter, leave } from "../include/trace";
import { current } from "../kernel/sched";
import { fdget, fdput } from "../fs/file";
import { io_sq_thread_wake } from "./sqpoll";
import { ring_of_file } from "./enter";
import { io_eventfd_register, io_eventfd_unregister, io_sqe_buffers_register, io_sqe_buffers_unregister } from "./rsrc";

/** Entries are taken from now on. @returns 0, -EBADFD. @kernel io_register_enable_rings(), io_uring/register.c */
function io_register_enable_rings(ctx: IoRingCtx): i32 {
  if (!(ctx.flags & IoringSetup.R_DISABLED)) return -Errno.EBADFD;
  ctx.flags &= ~(<u32>IoringSetup.R_DISABLED);
  io_sq_thread_wake(ctx);
  return 0;
}

/** Slots of registered files are changed, as a struct io_uring_files_update says. @kernel io_register_files_update() */
function io_register_files_update(ctx: IoRingCtx, address: u64, count: u32): i32 {
  if (!count) return -Errno.EINVAL;
  let at = io_uring_state().scratch;
  if (get_user_words(at, address, 16)) return -Errno.EFAULT;
  if (load<u32>(at, 4)) return -Errno.EINVAL;
  return io_sqe_files_update(ctx, load<u32>(at), load<u64>(at, 8), count);
}

/** Does what io_uring_register(2) asks for. @kernel __io_uring_register(), io_uring/register.c */
function register(ctx: IoRingCtx, opcode: u32, address: u64, count: u32): i32 {
  switch (opcode) {
    case IoringRegister.BUFFERS:
      return address ? io_sqe_buffers_register(ctx, address, count) : -Errno.EFAULT;
    case IoringRegister.UNREGISTER_BUFFERS:
      return address || count ? -Errno.EINVAL : io_sqe_buffers_unregister(ctx);
    case IoringRegister.FILES:
      return address ? io_sqe_files_register(ctx, address, count) : -Errno.EFAULT;
    case IoringRegister.UNREGISTER_FILES:
      return address || count ? -Errno.EINVAL : io_sqe_files_unregister(ctx);
    case IoringRegister.FILES_UPDATE:
      return io_register_files_update(ctx, address, count);
    case IoringRegister.EVENTFD:
    case IoringRegister.EVENTFD_ASYNC:
      return count != 1 ? -Errno.EINVAL : io_eventfd_register(ctx, address);
    case IoringRegister.UNREGISTER_EVENTFD:
      return address || count ? -Errno.EINVAL : io_eventfd_unregister(ctx);
    case IoringRegister.ENABLE_RINGS:
      return address || count ? -Errno.EINVAL : io_register_enable_rings(ctx);
    default:
      return -Errno.EINVAL;
  }
}

/** io_uring_register(2). */
export function sys_io_uring_register(): i64 {
  let task = current();
  let file = fdget(<i32>task.di);
  if (!file) return -Errno.EBADF;
  let ctx = ring_of_file(file);
  if (!ctx) return fdput(file, -Errno.EOPNOTSUPP);
  if (ctx.flags & IoringSetup.SINGLE_ISSUER && ctx.submitter !== task) return fdput(file, -Errno.EEXIST);
  enter(Tp.io_uring_register, changetype<usize>(ctx), <usize>task.si, <usize>task.r10);
  return leave(fdput(file, register(ctx, <u32>task.si, task.dx, <u32>task.r10)));
}
