import { Errno } from "../include/errno";
import { File } from "../include/fs";
import { Ioctl } from "../include/ioctls";
import { OpenFlags } from "../include/fcntl";
import { Tp, enter, leave } from "../include/trace";
import { copy_from_user } from "../mm/uaccess";
import { current } from "../kernel/sched";
import { fdget, fdput } from "./file";
import { fs_state } from "./internal";
import { set_fasync } from "./fasync";
import { set_close_on_exec } from "./fdtable";

/** Turns O_NONBLOCK on or off, as an int of the program says. @returns 0, -EFAULT. @kernel ioctl_fionbio(), fs/ioctl.c */
function ioctl_fionbio(file: File, argument: u64): i32 {
  let on = changetype<usize>(fs_state().event);
  if (copy_from_user(on, argument, 4)) return -Errno.EFAULT;
  if (load<i32>(on)) file.f_flags |= OpenFlags.NONBLOCK;
  else file.f_flags &= ~OpenFlags.NONBLOCK;
  return 0;
}

/**
 * Turns O_ASYNC on or off, as an int of the program says.
 *
 * @returns  0, -EFAULT, -ENOTTY, -ENOMEM. @kernel ioctl_fioasync(), fs/ioctl.c
 */
function ioctl_fioasync(fd: i32, file: File, argument: u64): i32 {
  let on = fs_state().words;
  if (copy_from_user(on, argument, 4)) return -Errno.EFAULT;
  let wanted = load<i32>(on) != 0;
  if (wanted == ((file.f_flags & OpenFlags.ASYNC) != 0)) return 0;
  return min(set_fasync(fd, file, wanted), 0);
}

/**
 * Requests that every file knows, and those that its own method knows.
 *
 * @returns  what the request is to answer; -ENOTTY if nobody knows it.
 * @kernel do_vfs_ioctl(), fs/ioctl.c
 */
function do_vfs_ioctl(file: File, fd: i32, request: u32, argument: u64): i64 {
  enter(Tp.do_vfs_ioctl, fd, request, 0);
  switch (request) {
    case Ioctl.FIOCLEX:
    case Ioctl.FIONCLEX:
      set_close_on_exec(current().files, fd, request == Ioctl.FIOCLEX);
      return leave<i64>(0);
    case Ioctl.FIONBIO:
      return leave<i64>(ioctl_fionbio(file, argument));
    case Ioctl.FIOASYNC:
      return leave<i64>(ioctl_fioasync(fd, file, argument));
    default: {
      let method = file.f_op.ioctl;
      return leave(method ? call_indirect<i64>(method, file, request, argument) : -Errno.ENOTTY);
    }
  }
}

/** ioctl(2). */
export function sys_ioctl(): i64 {
  let task = current();
  let fd = <i32>task.di;
  let file = fdget(fd);
  if (!file) return -Errno.EBADF;
  return fdput(file, do_vfs_ioctl(file, fd, <u32>task.si, task.dx));
}
