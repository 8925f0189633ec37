/**
 * What an argument of a system call is, which decides how it is written. Pointers to what can be shown: `bytes` that
 * the kernel reads and a `buffer` that it fills, as long as the next argument says; a socket address; one epoll event,
 * or the array that epoll_wait() fills; the two descriptors of a pair; a name; a time.
 */
export type Kind =
  | "fd"
  | "int"
  | "long"
  | "size"
  | "hex"
  | "pointer"
  | "domain"
  | "type"
  | "how"
  | "operation"
  | "open"
  | "access"
  | "eventfd"
  | "epoll"
  | "message"
  | "command"
  | "option"
  | "level"
  | "clone"
  | "prot"
  | "map"
  | "mremap"
  | "advice"
  | "fadvice"
  | "msync"
  | "whence"
  | "range"
  | "bytes"
  | "buffer"
  | "sockaddr"
  | "event"
  | "events"
  | "pair"
  | "path"
  | "dirfd"
  | "mode"
  | "resource"
  | "timespec"
  | "timeval"
  | "itimerspec"
  | "clock"
  | "signal"
  | "pollfds"
  | "fdset";

/** What the arguments of each system call are; `fd`: the descriptor that the call is about. */
export const SIGNATURES: Readonly<Record<string, readonly Kind[]>> = {
  rt_sigaction: ["signal", "pointer", "pointer", "size"],
  rt_sigprocmask: ["int", "pointer", "pointer", "size"],
  rt_sigreturn: [],
  rt_sigpending: ["pointer", "size"],
  rt_sigtimedwait: ["pointer", "pointer", "timespec", "size"],
  rt_sigqueueinfo: ["int", "signal", "pointer"],
  rt_sigsuspend: ["pointer", "size"],
  signalfd: ["fd", "pointer", "size"],
  signalfd4: ["fd", "pointer", "size", "open"],
  tkill: ["int", "signal"],
  pause: [],
  wait4: ["int", "pointer", "int", "pointer"],
  getppid: [],
  mmap: ["pointer", "size", "prot", "map", "int", "hex"],
  munmap: ["pointer", "size"],
  mremap: ["pointer", "size", "size", "mremap", "pointer"],
  mprotect: ["pointer", "size", "prot"],
  brk: ["pointer"],
  madvise: ["pointer", "size", "advice"],
  mincore: ["pointer", "size", "pointer"],
  msync: ["pointer", "size", "msync"],
  mlock: ["pointer", "size"],
  mlock2: ["pointer", "size", "hex"],
  munlock: ["pointer", "size"],
  mlockall: ["hex"],
  munlockall: [],
  read: ["fd", "buffer", "size"],
  write: ["fd", "bytes", "size"],
  close: ["fd"],
  poll: ["pollfds", "size", "int"],
  lseek: ["fd", "long", "whence"],
  fsync: ["fd"],
  fdatasync: ["fd"],
  sync: [],
  syncfs: ["fd"],
  sync_file_range: ["fd", "long", "long", "range"],
  ioctl: ["fd", "hex", "pointer"],
  pread64: ["fd", "buffer", "size", "long"],
  pwrite64: ["fd", "bytes", "size", "long"],
  readv: ["fd", "pointer", "int"],
  writev: ["fd", "pointer", "int"],
  pipe: ["pair"],
  select: ["int", "fdset", "fdset", "fdset", "timeval"],
  sched_yield: [],
  dup: ["fd"],
  dup2: ["fd", "int"],
  nanosleep: ["timespec", "pointer"],
  getpid: [],
  sendfile: ["fd", "int", "pointer", "size"],
  socket: ["domain", "type", "int"],
  connect: ["fd", "sockaddr", "int"],
  accept: ["fd", "pointer", "pointer"],
  sendto: ["fd", "bytes", "size", "message", "pointer", "int"],
  recvfrom: ["fd", "buffer", "size", "message", "pointer", "pointer"],
  sendmsg: ["fd", "pointer", "message"],
  recvmsg: ["fd", "pointer", "message"],
  shutdown: ["fd", "how"],
  bind: ["fd", "sockaddr", "int"],
  listen: ["fd", "int"],
  getsockname: ["fd", "pointer", "pointer"],
  getpeername: ["fd", "pointer", "pointer"],
  socketpair: ["domain", "type", "int", "pair"],
  setsockopt: ["fd", "level", "option", "pointer", "int"],
  getsockopt: ["fd", "level", "option", "pointer", "pointer"],
  clone: ["clone", "pointer", "pointer", "pointer", "pointer"],
  fork: [],
  vfork: [],
  exit: ["int"],
  kill: ["int", "signal"],
  fcntl: ["fd", "command", "hex"],
  ftruncate: ["fd", "long"],
  truncate: ["path", "long"],
  fallocate: ["fd", "hex", "long", "long"],
  fadvise64: ["fd", "long", "long", "fadvice"],
  readahead: ["fd", "long", "size"],
  preadv2: ["fd", "pointer", "int", "long", "long", "hex"],
  pwritev2: ["fd", "pointer", "int", "long", "long", "hex"],
  gettid: [],
  io_setup: ["int", "pointer"],
  io_destroy: ["pointer"],
  io_getevents: ["pointer", "long", "long", "pointer", "timespec"],
  io_pgetevents: ["pointer", "long", "long", "pointer", "timespec", "pointer"],
  io_submit: ["pointer", "long", "pointer"],
  io_cancel: ["pointer", "pointer", "pointer"],
  epoll_create: ["int"],
  clock_gettime: ["int", "pointer"],
  clock_nanosleep: ["int", "hex", "pointer", "pointer"],
  exit_group: ["int"],
  epoll_wait: ["fd", "events", "int", "int"],
  epoll_ctl: ["fd", "operation", "int", "event"],
  tgkill: ["int", "int", "signal"],
  pselect6: ["int", "fdset", "fdset", "fdset", "timespec", "pointer"],
  ppoll: ["pollfds", "size", "timespec", "pointer", "size"],
  splice: ["fd", "pointer", "int", "pointer", "size", "hex"],
  tee: ["fd", "int", "size", "hex"],
  vmsplice: ["fd", "pointer", "size", "hex"],
  epoll_pwait: ["fd", "events", "int", "int", "pointer", "size"],
  timerfd_create: ["clock", "open"],
  eventfd: ["int"],
  timerfd_settime: ["fd", "hex", "itimerspec", "pointer"],
  timerfd_gettime: ["fd", "itimerspec"],
  accept4: ["fd", "pointer", "pointer", "type"],
  eventfd2: ["int", "eventfd"],
  epoll_create1: ["epoll"],
  dup3: ["fd", "int", "open"],
  pipe2: ["pair", "open"],
  preadv: ["fd", "pointer", "int", "long"],
  pwritev: ["fd", "pointer", "int", "long"],
  copy_file_range: ["fd", "pointer", "int", "pointer", "size", "hex"],
  io_uring_setup: ["int", "pointer"],
  io_uring_register: ["fd", "int", "pointer", "int"],
  io_uring_enter: ["fd", "int", "int", "hex", "pointer", "size"],
  close_range: ["int", "int", "hex"],
  open: ["path", "access", "mode"],
  openat: ["dirfd", "path", "access", "mode"],
  mknod: ["path", "mode", "hex"],
  mknodat: ["dirfd", "path", "mode", "hex"],
  unlink: ["path"],
  unlinkat: ["dirfd", "path", "hex"],
  stat: ["path", "pointer"],
  lstat: ["path", "pointer"],
  fstat: ["fd", "pointer"],
  newfstatat: ["dirfd", "path", "pointer", "hex"],
  getrlimit: ["resource", "pointer"],
  setrlimit: ["resource", "pointer"],
  prlimit64: ["int", "resource", "pointer", "pointer"],
  epoll_pwait2: ["fd", "events", "int", "timespec", "pointer", "size"],
};
