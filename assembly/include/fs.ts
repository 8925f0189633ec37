import { PAGE_SHIFT } from "./mm_types";
import { AddressSpace, FileRaState } from "./pagemap";
import { TaskStruct } from "./sched";
import { HlistHead, HlistNode } from "./list";

/**
 * What can be done with a kind of file: a table of functions, each an index into the function table; 0: cannot. The
 * functions must have exactly these types, or a call of them traps:
 *
 *   read_iter, write_iter   (file: File, iter: IovIter): i64
 *   poll                    (file: File, table: PollTable | null): u32
 *   release                 (file: File): i32
 *   llseek                  (file: File, offset: i64, whence: u32): i64
 *   ioctl                   (file: File, request: u32, argument: u64): i64
 *   fasync                  (fd: i32, file: File, on: i32): i32
 *   splice_read             (file: File, ppos: usize, pipe: PipeInodeInfo, length: usize, flags: u32): i64
 *   splice_write            (pipe: PipeInodeInfo, file: File, ppos: usize, length: usize, flags: u32): i64
 *   mmap                    (file: File, vma: VmAreaStruct): i32
 *   fsync                   (file: File, start: i64, end: i64, datasync: u32): i64
 *
 * @kernel struct file_operations, include/linux/fs.h
 */
@unmanaged
export class FileOperations {
  /** FileKind: what kind of file these operations are for. */
  kind: u32;
  /** (file, iter) => bytes read, or -errno. */
  read_iter: u32;
  /** (file, iter) => bytes written, or -errno. */
  write_iter: u32;
  /** (file, table) => Poll bits that are true now; calls poll_wait() for every queue that will tell of a change. */
  poll: u32;
  /** (file) => 0: the last reference is gone. */
  release: u32;
  /** (file, offset, whence) => new position, or -errno. */
  llseek: u32;
  /** (file, command, argument) => result, or -errno. */
  ioctl: u32;
  /** (fd, file, on) => 1, 0 or -errno: telling of readiness by a signal is switched on or off. */
  fasync: u32;
  /** (file, ppos, pipe, length, flags) => bytes moved to a pipe from the position at ppos, or -errno. */
  splice_read: u32;
  /** (pipe, file, ppos, length, flags) => bytes moved from a pipe to the position at ppos, or -errno. */
  splice_write: u32;
  /** (file, vma) => 0 or -errno: an area of a program is to show the file. */
  mmap: u32;
  /** (file, start, end, datasync) => 0 or -errno: what was written from start to end (included) gets to the disk. */
  fsync: u32;
}

/** Kinds of files. */
export enum FileKind {
  SOCKET = 1,
  PIPE = 2,
  EVENTFD = 3,
  EVENTPOLL = 4,
  REGULAR = 5,
  /** A descriptor number that something outside the machine has taken. */
  OUTSIDE = 6,
  /** A character device. */
  DEVICE = 7,
  /** A file that was opened to be named only: O_PATH. */
  PATH = 8,
  TIMERFD = 9,
  SIGNALFD = 10,
  IO_URING = 11,
}

/** Bits of File.f_mode. @kernel include/linux/fs.h */
export enum FMode {
  READ = 1,
  WRITE = 2,
  /** It has a position that can be moved. */
  LSEEK = 4,
  /** It has read_iter and pread makes sense. */
  PREAD = 8,
  /** It can only be named: O_PATH. */
  PATH = 0x4000,
  /** Somebody was named whom it is to tell of its readiness by a signal: see FsState.f_owners. */
  OWNED = 0x100,
}

/**
 * What an open regular file has that others do without, so that sockets and pipes stay small.
 *
 * @kernel f_mapping, f_pos_lock, f_ra and f_wb_err of struct file, include/linux/fs.h
 */
@unmanaged
export class FilePages {
  /** The pages that it is read and written through. */
  mapping: AddressSpace;
  /** The task that reads or writes at the position and sleeps meanwhile: others wait; null: nobody. */
  pos_lock: TaskStruct | null;
  // struct file_ra_state ra
  ra_start: u32;
  ra_size: u32;
  ra_async_size: u32;
  ra_ra_pages: u32;
  ra_mmap_miss: u32;
  ra_random: u32;
  ra_prev_pos: i64;
  /** Which of the mapping's write errors this file has told of: AddressSpace.wb_err at that time. */
  wb_err: u32;
  /** Which of the file system's write errors syncfs() has told this file of. @kernel file.f_sb_err */
  sb_err: u32;

  /** What is read ahead of its reader. */
  @embed @inline get ra(): FileRaState {
    return changetype<FileRaState>(changetype<usize>(this) + offsetof<FilePages>("ra_start"));
  }
}

/** An open file description: what open(), socket(), pipe() make, and descriptors point to. @kernel struct file, include/linux/fs.h */
@unmanaged
export class File {
  /** What can be done with it. */
  f_op: FileOperations;
  /** Number of references: descriptors, and system calls that are at work on it. */
  f_count: u32;
  /** OpenFlags bits: access mode, O_NONBLOCK, O_APPEND. */
  f_flags: u32;
  /** FMode bits. */
  f_mode: u32;
  /** What it has as a regular file; null: it is none, or can only be named. */
  f_pages: FilePages | null;
  /** Order in which files were opened: a number that no other file has had. */
  f_sequence: u32;
  /** Position. Unit: bytes. A FIFO has none: its read end keeps f_pipe here. */
  f_pos: i64;
  /** What the file stands for: a socket, a pipe, an eventpoll ... as f_op.kind says. */
  private_data: usize;
  // struct hlist_head f_ep
  f_ep_first: HlistNode | null;

  /** The pages that it is read and written through; null: it has none. */
  @inline get f_mapping(): AddressSpace | null {
    let pages = this.f_pages;
    return pages ? pages.mapping : null;
  }
  /** What is read ahead of its reader: of a regular file only. */
  @inline get f_ra(): FileRaState {
    return this.f_pages!.ra;
  }
  /** Who keeps its position; null: nobody. */
  @inline get f_pos_lock(): TaskStruct | null {
    let pages = this.f_pages;
    return pages ? pages.pos_lock : null;
  }
  /** Of the read end of a FIFO: how many writers it had seen when it was opened, if none was there; else 0. */
  @inline get f_pipe(): u32 {
    return <u32>this.f_pos;
  }
  /** The epitems that watch this file, one for each eventpoll and descriptor: Epitem.fllink of each. */
  @embed @inline get f_ep(): HlistHead {
    return changetype<HlistHead>(changetype<usize>(this) + offsetof<File>("f_ep_first"));
  }
}

/** A table of descriptors. @kernel struct files_struct with struct fdtable, include/linux/fdtable.h */
@unmanaged
export class FilesStruct {
  /** Number of tasks that share it. */
  count: u32;
  /** Number of slots. */
  max_fds: u32;
  /** No descriptor below this one is free. */
  next_fd: u32;
  /** No descriptor may reach this number: RLIMIT_NOFILE. */
  rlimit_nofile: u32;
  /** What RLIMIT_NOFILE can be raised to. */
  rlimit_nofile_max: u32;
  /** The slots: addresses of struct File, 0 where none is open. */
  fd: usize;
  /** One bit for each slot that is taken. */
  open_fds: usize;
  /** One bit for each slot that execve() would close. */
  close_on_exec: usize;
}

/** The file of a descriptor; null if none is open, whatever the number. @kernel files_lookup_fd_raw() */
export function files_lookup_fd(files: FilesStruct, fd: i32): File | null {
  if (<u32>fd >= files.max_fds) return null;
  return changetype<File | null>(load<usize>(files.fd + ((<usize>fd) << 2)));
}

/** Bits of Iocb.aio_rw_flags, and of preadv2(2). @kernel include/uapi/linux/fs.h */
export enum RwFlags {
  HIPRI = 0x1,
  DSYNC = 0x2,
  SYNC = 0x4,
  NOWAIT = 0x8,
  APPEND = 0x10,
  NOAPPEND = 0x20,
  ATOMIC = 0x40,
  DONTCACHE = 0x80,
  NOSIGNAL = 0x100,
}

/** Bits of IovIter.ki_flags. @kernel IOCB_*, include/linux/fs.h */
export enum IocbFlags {
  /** Answer -EAGAIN instead of waiting: RWF_NOWAIT. */
  NOWAIT = 0x8,
  /** The call is high priority: RWF_HIPRI. */
  HIPRI = 0x1,
  /** The data must be on the disk before the call returns: O_DSYNC, RWF_DSYNC. */
  DSYNC = 0x2,
  /** The same of everything known of the file: O_SYNC, RWF_SYNC. */
  SYNC = 0x4,
  /** Write at the end of the file: O_APPEND, RWF_APPEND. */
  APPEND = 0x10,
  /** Write where the position is, even if the file was opened to append: RWF_NOAPPEND. */
  NOAPPEND = 0x20,
  /** Keep no pages in the page cache: RWF_DONTCACHE. */
  DONTCACHE = 0x80,
  /** It writes. */
  WRITE = 0x4_0000,
  /** Past the page cache: O_DIRECT. */
  DIRECT = 0x2_0000,
  /** Answer -EAGAIN instead of starting to read from the disk: RWF_NOWAIT of a read. */
  NOIO = 0x10_0000,
  /** What was written is on its way to the disk: the call waits for that. */
  WRITTEN = 0x20_0000,
}

/** Greatest size of a file: page numbers have 32 bits. Unit: bytes. @kernel super_block.s_maxbytes, include/linux/fs.h */
export const MAX_LFS_FILESIZE: i64 = (<i64>u32.MAX_VALUE) << PAGE_SHIFT;

/** Bits that poll methods return and epoll masks ask for. @kernel include/uapi/linux/eventpoll.h */
export enum Poll {
  IN = 0x1,
  PRI = 0x2,
  OUT = 0x4,
  ERR = 0x8,
  HUP = 0x10,
  NVAL = 0x20,
  RDNORM = 0x40,
  RDBAND = 0x80,
  WRNORM = 0x100,
  WRBAND = 0x200,
  MSG = 0x400,
  RDHUP = 0x2000,
  /** The wait queue is going away: part of a wake-up key, never reported. */
  FREE = 0x4000,
  /**
   * A completion of a ring is what wakes, directly or through an eventfd or eventpolls: part of a wake-up key.
   *
   * @kernel EPOLL_URING_WAKE, include/uapi/linux/eventpoll.h
   */
  URING_WAKE = 0x800_0000,
}

/**
 * How a poll method's wait queues are to be remembered. qproc is called for each.
 *
 * @kernel struct poll_table_struct, include/linux/poll.h
 */
@unmanaged
export class PollTable {
  /** (file, head, table) => void, an index into the function table; 0: only ask, do not queue. */
  qproc: u32;
  /** Poll bits that the caller is interested in. */
  key: u32;
  /** What qproc works for, for example an epitem. */
  context: usize;
}
