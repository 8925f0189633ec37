/**
 * Flags of open(2) and its relatives, which File.f_flags keeps; named without their `O_`.
 *
 * @kernel include/uapi/asm-generic/fcntl.h
 */
export enum OpenFlags {
  /** Open for reading: neither of the two bits below. */
  RDONLY = 0,
  /** Open for writing. */
  WRONLY = 0x1,
  /** Open for reading and writing. */
  RDWR = 0x2,
  /** The bits that hold the access mode. */
  ACCMODE = 0x3,
  /** Make the file if there is none. */
  CREAT = 0x40,
  /** With CREAT: refuse if there is one. */
  EXCL = 0x80,
  /** Do not let a terminal become the controlling one. */
  NOCTTY = 0x100,
  /** Cut the file to nothing. */
  TRUNC = 0x200,
  /** Every write goes to the end of the file. */
  APPEND = 0x400,
  /** Answer EAGAIN instead of waiting. */
  NONBLOCK = 0x800,
  /** Every write waits until the data are on the device. */
  DSYNC = 0x1000,
  /** Send a signal when the file becomes ready. */
  ASYNC = 0x2000,
  /** Bypass the page cache; for a pipe: keep every write a packet of its own. */
  DIRECT = 0x4000,
  /** Files may be larger than 2 GiB. */
  LARGEFILE = 0x8000,
  /** Refuse what is not a directory. */
  DIRECTORY = 0x10000,
  /** Refuse symbolic links. */
  NOFOLLOW = 0x20000,
  /** Do not note the time of reading. */
  NOATIME = 0x40000,
  /** execve() closes the descriptor. */
  CLOEXEC = 0x80000,
  /** Only name the file: it can be closed, copied and asked what it is. */
  PATH = 0x200000,
  /** What is written is on the disk, with all that is known of the file, before the call returns. */
  SYNC = 0x101000,
}

/** Commands of fcntl(2), named without their `F_`. @kernel include/uapi/asm-generic/fcntl.h, linux/fcntl.h */
export enum FcntlCommand {
  /** Another descriptor for the same file, with the lowest free number from the argument on. */
  DUPFD = 0,
  /** Get the descriptor's flags. */
  GETFD = 1,
  /** Set the descriptor's flags. */
  SETFD = 2,
  /** Get the file's flags. */
  GETFL = 3,
  /** Set the file's flags. */
  SETFL = 4,
  /** Set the process that signals tell of readiness; a group if negative. */
  SETOWN = 8,
  /** Get the process that signals tell of readiness. */
  GETOWN = 9,
  /** Set the signal that tells of readiness; 0: SIGIO, without particulars. */
  SETSIG = 10,
  /** Get the signal that tells of readiness. */
  GETSIG = 11,
  /** Whether two descriptors stand for the same open file. */
  DUPFD_QUERY = 1027,
  /** As DUPFD; execve() closes the new one. */
  DUPFD_CLOEXEC = 1030,
  /** Set the size of a pipe. */
  SETPIPE_SZ = 1031,
  /** Get the size of a pipe. */
  GETPIPE_SZ = 1032,
}

/** Flags of a descriptor, as fcntl(F_GETFD) tells them. @kernel include/uapi/asm-generic/fcntl.h */
export enum FdFlags {
  /** execve() closes the descriptor. */
  CLOEXEC = 1,
}

/** Where lseek(2) counts from. @kernel include/uapi/linux/fs.h */
export enum SeekWhence {
  /** The beginning. */
  SET = 0,
  /** The position. */
  CUR = 1,
  /** The end. */
  END = 2,
  /** The next byte that is not in a hole. */
  DATA = 3,
  /** The next hole. */
  HOLE = 4,
}

/** Stands for the working directory where a directory's descriptor is expected. @kernel include/uapi/linux/fcntl.h */
export const AT_FDCWD: i32 = -100;

/** Flags of sync_file_range(2). @kernel include/uapi/linux/fs.h */
export enum SyncFileRange {
  /** Waits for what is being written. */
  WAIT_BEFORE = 1,
  /** Starts to write what is dirty. */
  WRITE = 2,
  /** Waits for what is being written then. */
  WAIT_AFTER = 4,
  /** All of it. */
  WRITE_AND_WAIT = 7,
}

/** How a program says that it will use a file. @kernel include/uapi/linux/fadvise.h */
export enum Fadvise {
  /** As usual. */
  NORMAL = 0,
  /** Here and there: nothing is to be read ahead. */
  RANDOM = 1,
  /** From front to back: windows are twice as large. */
  SEQUENTIAL = 2,
  /** Soon: it is to be read now. */
  WILLNEED = 3,
  /** No more: its pages may go. */
  DONTNEED = 4,
  /** Once. */
  NOREUSE = 5,
}

/** Bits that say what fallocate(2) is to do. @kernel include/uapi/linux/falloc.h */
export enum FallocFlags {
  /** The file does not become larger. */
  KEEP_SIZE = 1,
  /** Pages lose their places on the disk, and are zeros. */
  PUNCH_HOLE = 2,
  /** Bytes become zeros. */
  ZERO_RANGE = 16,
}
