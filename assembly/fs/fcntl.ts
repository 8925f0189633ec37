import { Errno } from "../include/errno";
import { FcntlCommand, FdFlags, OpenFlags } from "../include/fcntl";
import { File, FileKind, FMode } from "../include/fs";
import { Tp, enter, leave } from "../include/trace";
import { current } from "../kernel/sched";
import { f_getown, f_getsig, f_setown, f_setsig, set_fasync } from "./fasync";
import { f_dupfd, fdget_raw, fdput } from "./file";
import { file_pipe, pipe_set_size, pipe_size } from "./pipe_ring";
import { files_lookup_fd, get_close_on_exec, set_close_on_exec } from "./fdtable";

/** The flags of a file that can be changed. @kernel SETFL_MASK, fs/fcntl.c */
const SETFL_MASK: u32 = OpenFlags.APPEND | OpenFlags.NONBLOCK | OpenFlags.DIRECT | OpenFlags.NOATIME;

/** Whether O_DIRECT means something: past the page cache, or in packets. @kernel FMODE_CAN_ODIRECT, include/linux/fs.h */
function can_direct(file: File): bool {
  if (file.f_op.kind == FileKind.PIPE) return true;
  let mapping = file.f_mapping;
  return mapping !== null && mapping.a_ops !== null && mapping.a_ops!.direct_IO != 0;
}

/**
 * Changes the flags of a file.
 *
 * @returns  0; -EINVAL for O_DIRECT where it means nothing; -ENOMEM.
 * @kernel setfl(), fs/fcntl.c
 */
function setfl(fd: i32, file: File, flags: u32): i32 {
  if (flags & OpenFlags.DIRECT && !can_direct(file)) return -Errno.EINVAL;
  if ((flags ^ file.f_flags) & OpenFlags.ASYNC && file.f_op.fasync) {
    let error = set_fasync(fd, file, (flags & OpenFlags.ASYNC) != 0);
    if (error < 0) return error;
  }
  file.f_flags = (file.f_flags & ~SETFL_MASK) | (flags & SETFL_MASK);
  return 0;
}

/** Asks for or sets the size of a pipe. @returns it; -EBADF if the file is none. @kernel pipe_fcntl(), fs/pipe.c */
function pipe_fcntl(file: File, command: u32, argument: u64): i32 {
  if (file.f_op.kind != FileKind.PIPE) return -Errno.EBADF;
  let pipe = file_pipe(file);
  return command == FcntlCommand.SETPIPE_SZ ? pipe_set_size(pipe, <u32>argument) : <i32>pipe_size(pipe);
}

/**
 * What fcntl(2) does with a file that is open as `fd`.
 *
 * @returns  what the command is to answer; -EINVAL for commands that this kernel does not know.
 * @kernel do_fcntl(), fs/fcntl.c
 */
function do_fcntl(fd: i32, command: u32, argument: u64, file: File): i32 {
  let files = current().files;
  enter(Tp.do_fcntl, fd, command, <usize>argument);
  switch (command) {
    case FcntlCommand.DUPFD:
      return leave(f_dupfd(<u32>argument, file, 0));
    case FcntlCommand.DUPFD_CLOEXEC:
      return leave(f_dupfd(<u32>argument, file, OpenFlags.CLOEXEC));
    case FcntlCommand.DUPFD_QUERY: {
      let other = files_lookup_fd(files, <i32>argument);
      return leave(other ? i32(other === file) : -Errno.EBADF);
    }
    case FcntlCommand.GETFD:
      return leave(get_close_on_exec(files, fd) ? FdFlags.CLOEXEC : 0);
    case FcntlCommand.SETFD:
      set_close_on_exec(files, fd, (argument & FdFlags.CLOEXEC) != 0);
      return leave(0);
    case FcntlCommand.GETFL:
      return leave<i32>(file.f_flags);
    case FcntlCommand.SETFL:
      return leave(setfl(fd, file, <u32>argument));
    case FcntlCommand.SETOWN:
      return leave(f_setown(file, <i32>argument));
    case FcntlCommand.GETOWN:
      return leave(f_getown(file));
    case FcntlCommand.SETSIG:
      return leave(f_setsig(file, <u32>argument));
    case FcntlCommand.GETSIG:
      return leave(f_getsig(file));
    case FcntlCommand.SETPIPE_SZ:
    case FcntlCommand.GETPIPE_SZ:
      return leave(pipe_fcntl(file, command, argument));
    default:
      return leave(-Errno.EINVAL);
  }
}

/** Whether a command can be given to a file that can only be named. @kernel check_fcntl_cmd(), fs/fcntl.c */
function check_fcntl_cmd(command: u32): bool {
  switch (command) {
    case FcntlCommand.DUPFD:
    case FcntlCommand.DUPFD_CLOEXEC:
    case FcntlCommand.DUPFD_QUERY:
    case FcntlCommand.GETFD:
    case FcntlCommand.SETFD:
    case FcntlCommand.GETFL:
      return true;
    default:
      return false;
  }
}

/** fcntl(2). */
export function sys_fcntl(): i64 {
  let task = current();
  let fd = <i32>task.di;
  let command = <u32>task.si;
  let file = fdget_raw(fd);
  if (!file) return -Errno.EBADF;
  if (file.f_mode & FMode.PATH && !check_fcntl_cmd(command)) return fdput(file, -Errno.EBADF);
  return fdput(file, do_fcntl(fd, command, task.dx, file));
}
