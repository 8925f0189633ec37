/** The numbers of the x86-64 Linux system call interface that the comparison with the real kernel uses. */

import { errnoName } from "../machine/errno.ts";

/** System call numbers. @kernel arch/x86/entry/syscalls/syscall_64.tbl */
export const NR = {
  read: 0,
  write: 1,
  open: 2,
  close: 3,
  stat: 4,
  fstat: 5,
  poll: 7,
  lseek: 8,
  truncate: 76,
  readahead: 187,
  fadvise64: 221,
  fallocate: 285,
  preadv: 295,
  pwritev: 296,
  preadv2: 327,
  pwritev2: 328,
  fsync: 74,
  fdatasync: 75,
  sync_file_range: 277,
  mmap: 9,
  mprotect: 10,
  munmap: 11,
  mremap: 25,
  msync: 26,
  mincore: 27,
  madvise: 28,
  mlock: 149,
  munlock: 150,
  brk: 12,
  rt_sigaction: 13,
  rt_sigprocmask: 14,
  select: 23,
  sched_yield: 24,
  dup: 32,
  ioctl: 16,
  pread64: 17,
  pwrite64: 18,
  readv: 19,
  writev: 20,
  dup2: 33,
  pause: 34,
  nanosleep: 35,
  getpid: 39,
  socket: 41,
  connect: 42,
  sendto: 44,
  recvfrom: 45,
  sendmsg: 46,
  recvmsg: 47,
  shutdown: 48,
  bind: 49,
  listen: 50,
  getsockname: 51,
  getpeername: 52,
  socketpair: 53,
  exit: 60,
  setsockopt: 54,
  getsockopt: 55,
  wait4: 61,
  kill: 62,
  fcntl: 72,
  ftruncate: 77,
  unlink: 87,
  umask: 95,
  getrlimit: 97,
  rt_sigpending: 127,
  rt_sigsuspend: 130,
  mknod: 133,
  setrlimit: 160,
  gettid: 186,
  tkill: 200,
  futex: 202,
  io_setup: 206,
  io_destroy: 207,
  io_getevents: 208,
  io_submit: 209,
  io_cancel: 210,
  process_vm_readv: 310,
  io_pgetevents: 333,
  io_uring_setup: 425,
  io_uring_enter: 426,
  io_uring_register: 427,
  epoll_create: 213,
  exit_group: 231,
  epoll_wait: 232,
  epoll_ctl: 233,
  tgkill: 234,
  newfstatat: 262,
  unlinkat: 263,
  pselect6: 270,
  ppoll: 271,
  epoll_pwait: 281,
  timerfd_create: 283,
  timerfd_settime: 286,
  timerfd_gettime: 287,
  accept4: 288,
  signalfd4: 289,
  eventfd2: 290,
  epoll_create1: 291,
  dup3: 292,
  pipe2: 293,
  prlimit64: 302,
  unshare: 272,
  memfd_create: 319,
  close_range: 436,
  epoll_pwait2: 441,
  sendfile: 40,
  splice: 275,
  tee: 276,
  vmsplice: 278,
  copy_file_range: 326,
} as const;

export const AF_UNIX = 1;
export const AF_INET = 2;
export const AF_INET6 = 10;
export const SOCK_STREAM = 1;
export const SOCK_DGRAM = 2;
export const SOCK_SEQPACKET = 5;
export const SOCK_NONBLOCK = 0x800;
export const SOCK_CLOEXEC = 0x80000;
export const IOCB_CMD_PREAD = 0;
export const IOCB_CMD_PWRITE = 1;
export const IOCB_CMD_FSYNC = 2;
export const IOCB_CMD_FDSYNC = 3;
export const IOCB_CMD_POLL = 5;
export const IOCB_CMD_NOOP = 6;
export const IOCB_CMD_PREADV = 7;
export const IOCB_CMD_PWRITEV = 8;
export const IOCB_FLAG_RESFD = 1;
export const IOCB_FLAG_IOPRIO = 2;
export const O_RDONLY = 0;
export const O_WRONLY = 1;
export const O_RDWR = 2;
export const O_CREAT = 0x40;
export const O_EXCL = 0x80;
export const O_TRUNC = 0x200;
export const O_APPEND = 0x400;
export const O_NONBLOCK = 0x800;
export const O_ASYNC = 0x2000;
export const O_DIRECT = 0x4000;
export const O_DIRECTORY = 0x10000;
export const O_PATH = 0x200000;
export const AT_FDCWD = -100;
export const AT_EMPTY_PATH = 0x1000;
export const RLIMIT_NOFILE = 7;
export const O_CLOEXEC = 0x80000;
export const F_DUPFD = 0;
export const F_SETOWN = 8;
export const F_GETOWN = 9;
export const F_GETFD = 1;
export const F_SETFD = 2;
export const F_GETFL = 3;
export const F_SETFL = 4;
export const F_SETSIG = 10;
export const F_GETSIG = 11;
export const F_DUPFD_QUERY = 1027;
export const F_DUPFD_CLOEXEC = 1030;
export const F_SETPIPE_SZ = 1031;
export const F_GETPIPE_SZ = 1032;
export const SIOCATMARK = 0x8905;
export const FIONREAD = 0x541b;
export const SOL_SOCKET = 1;
export const SO_REUSEADDR = 2;
export const SO_TYPE = 3;
export const SO_ERROR = 4;
export const SO_SNDBUF = 7;
export const SO_LINGER = 13;
export const SO_RCVLOWAT = 18;
export const SO_ACCEPTCONN = 30;
export const SO_PROTOCOL = 38;
export const SO_DOMAIN = 39;
export const SO_ZEROCOPY = 60;
export const SHUT_RD = 0;
export const SHUT_WR = 1;
export const SHUT_RDWR = 2;
export const SO_OOBINLINE = 10;
export const SO_REUSEPORT = 15;
export const SO_PASSCRED = 16;
export const SO_RCVTIMEO = 20;
export const SO_SNDTIMEO = 21;
export const SCM_RIGHTS = 1;
export const MSG_OOB = 0x1;
export const MSG_TRUNC = 0x20;
export const MSG_WAITALL = 0x100;
export const MSG_CMSG_CLOEXEC = 0x40000000;
export const MSG_PEEK = 0x2;
export const MSG_ERRQUEUE = 0x2000;
export const MSG_MORE = 0x8000;
export const MSG_ZEROCOPY = 0x4000000;
export const MSG_DONTWAIT = 0x40;
export const MSG_NOSIGNAL = 0x4000;
export const EFD_SEMAPHORE = 1;
export const EFD_NONBLOCK = 0x800;
export const SPLICE_F_MOVE = 1;
export const SPLICE_F_NONBLOCK = 2;
export const SPLICE_F_MORE = 4;
export const SPLICE_F_GIFT = 8;
export const CLONE_VM = 0x100;
export const CLONE_FILES = 0x400;
/** What makes a thread of the same process. */
export const CLONE_ALL = 0x10f00;
export const CLONE_SIGHAND = 0x800;
export const CLONE_THREAD = 0x10000;
export const CLOCK_REALTIME = 0;
export const CLOCK_MONOTONIC = 1;
export const TFD_TIMER_ABSTIME = 1;
export const TFD_NONBLOCK = 0x800;
export const EPOLL_CTL_ADD = 1;
export const EPOLL_CTL_DEL = 2;
export const EPOLL_CTL_MOD = 3;

export const SIG_DFL = 0;
export const SIG_IGN = 1;
export const SIGHUP = 1;
export const SIGINT = 2;
export const SIGKILL = 9;
export const SIGUSR1 = 10;
export const SIGUSR2 = 12;
export const SIGPIPE = 13;
export const SIGTERM = 15;
export const SIGCHLD = 17;
export const SIGBUS = 7;
export const SIGSEGV = 11;
export const SIGCONT = 18;
export const SIGSTOP = 19;
export const SIGTSTP = 20;
export const SIGURG = 23;
export const SIGIO = 29;
export const SIGRTMIN = 34;
export const SA_NOCLDWAIT = 2;
export const SA_RESTART = 0x10000000;
export const SA_NODEFER = 0x40000000;
export const SA_RESETHAND = 0x80000000;
export const SIG_BLOCK = 0;
export const SIG_UNBLOCK = 1;
export const SIG_SETMASK = 2;
export const WNOHANG = 1;
export const WUNTRACED = 2;
export const WCONTINUED = 8;
/** Children of every kind. */
export const WALL = 0x40000000;

/** Bits of an epoll event mask, by name, in the order in which they are printed. */
export const EPOLL = {
  IN: 0x1,
  PRI: 0x2,
  OUT: 0x4,
  ERR: 0x8,
  HUP: 0x10,
  RDNORM: 0x40,
  RDBAND: 0x80,
  WRNORM: 0x100,
  WRBAND: 0x200,
  RDHUP: 0x2000,
  EXCLUSIVE: 0x10000000,
  ONESHOT: 0x40000000,
  ET: 0x80000000,
} as const;

export const { IN, PRI, OUT, ERR, HUP, RDHUP, RDNORM, WRNORM, WRBAND, ONESHOT, ET } = EPOLL;

/** A return value as text: the number, or the name of the errno behind a minus. */
export function resultName(value: number): string {
  return value < 0 ? `-${errnoName(value) ?? -value}` : String(value);
}

/** An event mask as text: `IN|HUP`, `0`, unknown bits in hex. */
export function maskName(mask: number): string {
  const names: string[] = [];
  let rest = mask >>> 0;
  for (const [name, bit] of Object.entries(EPOLL)) {
    if (!(rest & bit)) continue;
    names.push(name);
    rest = (rest & ~bit) >>> 0;
  }
  if (rest) names.push(`0x${rest.toString(16)}`);
  return names.join("|") || "0";
}

/** Requests of io_uring. @kernel include/uapi/linux/io_uring.h */
export const IORING = {
  NOP: 0,
  READV: 1,
  WRITEV: 2,
  FSYNC: 3,
  READ_FIXED: 4,
  WRITE_FIXED: 5,
  POLL_ADD: 6,
  POLL_REMOVE: 7,
  SENDMSG: 9,
  RECVMSG: 10,
  TIMEOUT: 11,
  TIMEOUT_REMOVE: 12,
  ACCEPT: 13,
  ASYNC_CANCEL: 14,
  LINK_TIMEOUT: 15,
  CONNECT: 16,
  FALLOCATE: 17,
  OPENAT: 18,
  CLOSE: 19,
  FILES_UPDATE: 20,
  READ: 22,
  WRITE: 23,
  SEND: 26,
  RECV: 27,
  EPOLL_CTL: 29,
  SPLICE: 30,
  TEE: 33,
  SHUTDOWN: 34,
  SOCKET: 45,
  EPOLL_WAIT: 59,
} as const;
