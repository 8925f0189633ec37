import { FasyncStruct, PollCode, fasync_helper, kill_fasync } from "./fasync";
import { CacheType } from "../include/mm_types";
import { Errno } from "../include/errno";
import { File, FileKind, FMode, Poll, PollTable } from "../include/fs";
import { Ioctl } from "../include/ioctls";
import { OpenFlags } from "../include/fcntl";
import {
  PIPE_DEF_BUFFERS,
  PipeBuffer,
  PipeInodeInfo,
  alloc_slots,
  file_pipe,
  pipe_buf,
  pipe_free_pages,
} from "./pipe_ring";
import { Tp, enter, leave } from "../include/trace";
import { FsState, alloc_fops, fs_state } from "./internal";
import { alloc_file, fd_install, fput, get_unused_fd_flags, put_unused_fd } from "./file";
import { get_next_ino } from "./inode";
import { iput } from "./flatfs_inode";
import { anon_pipe_read, anon_pipe_write } from "./pipe_rw";
import { copy_to_user, put_user_u32 } from "../mm/uaccess";
import { current } from "../kernel/sched";
import { init_waitqueue_head, wake_up_all } from "../kernel/wait";
import { iter_file_splice_write } from "./splice_write";
import { kmem_cache_create, kmem_cache_free, kmem_cache_zalloc } from "../mm/slab";
import { open_fmode } from "./file_table";
import { poll_wait } from "./select";

/** pipe2() with this flag asks for a queue of the kernel's notifications, which this kernel has not. */
const O_NOTIFICATION_PIPE: u32 = OpenFlags.EXCL;

/** Makes what pipes need. */
export function pipe_init(): void {
  let state = fs_state();
  state.pipe_cache = kmem_cache_create(CacheType.PipeInodeInfo, offsetof<PipeInodeInfo>(), 8);
  let fops = alloc_fops(FileKind.PIPE);
  fops.read_iter = anon_pipe_read.index;
  fops.write_iter = anon_pipe_write.index;
  fops.splice_write = iter_file_splice_write.index;
  fops.poll = pipe_poll.index;
  fops.release = pipe_release.index;
  fops.ioctl = pipe_ioctl.index;
  fops.fasync = pipe_fasync.index;
  state.pipeanon_fops = fops;
}

/** A new pipe that no file refers to yet; null if memory is exhausted. @kernel alloc_pipe_info(), fs/pipe.c */
export function alloc_pipe_info(): PipeInodeInfo | null {
  let cache = fs_state().pipe_cache;
  let address = kmem_cache_zalloc(cache);
  if (!address) return null;
  let pipe = changetype<PipeInodeInfo>(address);
  let bufs = alloc_slots(PIPE_DEF_BUFFERS);
  if (!bufs) {
    kmem_cache_free(cache, address);
    return null;
  }
  init_waitqueue_head(pipe.rd_wait);
  init_waitqueue_head(pipe.wr_wait);
  init_waitqueue_head(pipe.mutex_wait);
  pipe.bufs = changetype<PipeBuffer>(bufs);
  pipe.ring_size = PIPE_DEF_BUFFERS;
  // A file's f_pipe is 0 where nothing is to be compared: the counters are never 0.
  pipe.r_counter = 1;
  pipe.w_counter = 1;
  return pipe;
}

/** Drops the reference of one file to its pipe; frees the pipe with the last. @kernel put_pipe_info(), fs/pipe.c */
export function put_pipe_info(pipe: PipeInodeInfo): void {
  if (--pipe.files) return;
  let inode = pipe.inode;
  if (inode) {
    inode.i_pipe = 0;
    iput(inode);
  }
  pipe_free_pages(pipe);
  kmem_cache_free(fs_state().pipe_cache, changetype<usize>(pipe));
}

/** What is true of an end of a pipe now. @kernel pipe_poll(), fs/pipe.c */
function pipe_poll(file: File, table: PollTable | null): u32 {
  let pipe = file_pipe(file);
  enter(Tp.pipe_poll, changetype<usize>(pipe), 0, 0);
  pipe.poll_usage = 1;
  let events: u32 = 0;
  if (file.f_mode & FMode.READ) {
    poll_wait(file, pipe.rd_wait, table);
    if (!pipe.empty) events |= Poll.IN | Poll.RDNORM;
    if (!pipe.writers && file.f_pipe != pipe.w_counter) events |= Poll.HUP;
  }
  if (file.f_mode & FMode.WRITE) {
    poll_wait(file, pipe.wr_wait, table);
    if (!pipe.full) events |= Poll.OUT | Poll.WRNORM;
    if (!pipe.readers) events |= Poll.ERR;
  }
  return leave(events);
}

/** One end of a pipe is closed. @kernel pipe_release(), fs/pipe.c */
function pipe_release(file: File): i32 {
  let pipe = file_pipe(file);
  enter(Tp.pipe_release, changetype<usize>(pipe), 0, 0);
  if (file.f_mode & FMode.READ) pipe.readers--;
  if (file.f_mode & FMode.WRITE) pipe.writers--;
  // The last one of its side, while the other side goes on.
  if (!pipe.readers != !pipe.writers) {
    wake_up_all(pipe.rd_wait);
    wake_up_all(pipe.wr_wait);
    kill_fasync(changetype<FasyncStruct | null>(pipe.fasync_readers), PollCode.POLL_IN);
    kill_fasync(changetype<FasyncStruct | null>(pipe.fasync_writers), PollCode.POLL_OUT);
  }
  put_pipe_info(pipe);
  return leave(0);
}

/** Telling by a signal is switched on or off. @kernel pipe_fasync(), fs/pipe.c */
function pipe_fasync(fd: i32, file: File, on: i32): i32 {
  let pipe = file_pipe(file);
  let at = changetype<usize>(pipe);
  let result = 0;
  if (file.f_mode & FMode.READ) {
    result = fasync_helper(fd, file, on != 0, at + offsetof<PipeInodeInfo>("fasync_readers"));
  }
  if (file.f_mode & FMode.WRITE && result >= 0) {
    result = fasync_helper(fd, file, on != 0, at + offsetof<PipeInodeInfo>("fasync_writers"));
    // Both or neither.
    if (result < 0) fasync_helper(-1, file, false, at + offsetof<PipeInodeInfo>("fasync_readers"));
  }
  return result;
}

/** FIONREAD: how many bytes are in the pipe. @kernel pipe_ioctl(), fs/pipe.c */
function pipe_ioctl(file: File, request: u32, argument: u64): i64 {
  if (request != Ioctl.FIONREAD) return -Errno.ENOTTY;
  let pipe = file_pipe(file);
  let bytes: u32 = 0;
  for (let number = pipe.tail; number != pipe.head; number++) bytes += pipe_buf(pipe, number).len;
  return put_user_u32(bytes, argument);
}

/** An end of a pipe; null if memory is exhausted. */
function alloc_end(pipe: PipeInodeInfo, flags: u32): File | null {
  return alloc_file(fs_state().pipeanon_fops, flags, open_fmode(flags), changetype<usize>(pipe));
}

/**
 * Makes a pipe and tells the program its two descriptors.
 *
 * @returns  0; -EINVAL, -ENOPKG, -ENOMEM, -EMFILE, -EFAULT, and nothing is open.
 * @kernel do_pipe2(), fs/pipe.c
 */
function do_pipe2(fildes: u64, flags: u32): i64 {
  enter(Tp.do_pipe2, flags, 0, 0);
  let known = OpenFlags.CLOEXEC | OpenFlags.NONBLOCK | OpenFlags.DIRECT | O_NOTIFICATION_PIPE;
  if (flags & ~known) return leave<i64>(-Errno.EINVAL);
  if (flags & O_NOTIFICATION_PIPE) return leave<i64>(-Errno.ENOPKG);
  let pipe = alloc_pipe_info();
  if (!pipe) return leave<i64>(-Errno.ENOMEM);
  pipe.readers = 1;
  pipe.writers = 1;
  pipe.files = 2;
  pipe.i_ino = get_next_ino();
  let reader = alloc_end(pipe, OpenFlags.RDONLY | (flags & OpenFlags.NONBLOCK));
  if (!reader) {
    pipe.files = 1;
    put_pipe_info(pipe);
    return leave<i64>(-Errno.ENOMEM);
  }
  let writer = alloc_end(pipe, OpenFlags.WRONLY | (flags & (OpenFlags.NONBLOCK | OpenFlags.DIRECT)));
  if (!writer) {
    fput(reader);
    put_pipe_info(pipe);
    return leave<i64>(-Errno.ENOMEM);
  }
  let error = install_ends(reader, writer, fildes, flags);
  if (error) {
    fput(reader);
    fput(writer);
  }
  return leave<i64>(error);
}

/** Gives both ends of a pipe descriptors and tells the program. @returns 0, -EMFILE, -ENOMEM, -EFAULT. */
function install_ends(reader: File, writer: File, fildes: u64, flags: u32): i32 {
  let fd0 = get_unused_fd_flags(flags);
  if (fd0 < 0) return fd0;
  let fd1 = get_unused_fd_flags(flags);
  let error = fd1 < 0 ? fd1 : tell(fd0, fd1, fildes);
  if (error) {
    if (fd1 >= 0) put_unused_fd(fd1);
    put_unused_fd(fd0);
    return error;
  }
  fd_install(fd0, reader);
  fd_install(fd1, writer);
  return 0;
}

/** Copies two descriptors to a program. @returns 0, -EFAULT. */
function tell(fd0: i32, fd1: i32, to: u64): i32 {
  let pair = changetype<usize>(fs_state()) + offsetof<FsState>("ucnt");
  store<i32>(pair, fd0);
  store<i32>(pair, fd1, 4);
  return copy_to_user(to, pair, 8) ? -Errno.EFAULT : 0;
}

/** pipe(2). */
export function sys_pipe(): i64 {
  return do_pipe2(current().di, 0);
}

/** pipe2(2). */
export function sys_pipe2(): i64 {
  let task = current();
  return do_pipe2(task.di, <u32>task.si);
}
