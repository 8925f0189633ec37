/**
 * What an argument of a system call is, which decides how it is written. Pointers to what can be shown: `bytes` that
 * the kernel reads and a `buffer` that it fills, as long as the next argument says; a socket address; one epoll event,
 * or the array that epoll_wait() fills; the two descriptors of a pair; a name; a time.
 */
export type Kind =
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

/** What the arguments of each system call are. */
export const SIGNATURES: Readonly<Record<string, readonly Kind[]>> = {
  rt_sigaction: ["signal", "pointer", "pointer", "size"],
  rt_sigprocmask: ["int", "pointer", "pointer", "size"],
  rt_sigreturn: [],
  rt_sigpending: ["pointer", "size"],
  rt_sigtimedwait: ["pointer", "pointer", "timespec", "size"],
  rt_sigqueueinfo: ["int", "signal", "pointer"],
  rt_sigsuspend: ["pointer", "size"],
  signalfd: ["int", "pointer", "size"],
  signalfd4: ["int", "pointer", "size", "open"],
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
  read: ["int", "buffer", "size"],
  write: ["int", "bytes", "size"],
  close: ["int"],
  poll: ["pollfds", "size", "int"],
  lseek: ["int", "long", "whence"],
  fsync: ["int"],
  fdatasync: ["int"],
  sync: [],
  syncfs: ["int"],
  sync_file_range: ["int", "long", "long", "range"],
  ioctl: ["int", "hex", "pointer"],
  pread64: ["int", "buffer", "size", "long"],
  pwrite64: ["int", "bytes", "size", "long"],
  readv: ["int", "pointer", "int"],
  writev: ["int", "pointer", "int"],
  pipe: ["pair"],
  select: ["int", "fdset", "fdset", "fdset", "timeval"],
  sched_yield: [],
  dup: ["int"],
  dup2: ["int", "int"],
  nanosleep: ["timespec", "pointer"],
  getpid: [],
  sendfile: ["int", "int", "pointer", "size"],
  socket: ["domain", "type", "int"],
  connect: ["int", "sockaddr", "int"],
  accept: ["int", "pointer", "pointer"],
  sendto: ["int", "bytes", "size", "message", "pointer", "int"],
  recvfrom: ["int", "buffer", "size", "message", "pointer", "pointer"],
  sendmsg: ["int", "pointer", "message"],
  recvmsg: ["int", "pointer", "message"],
  shutdown: ["int", "how"],
  bind: ["int", "sockaddr", "int"],
  listen: ["int", "int"],
  getsockname: ["int", "pointer", "pointer"],
  getpeername: ["int", "pointer", "pointer"],
  socketpair: ["domain", "type", "int", "pair"],
  setsockopt: ["int", "level", "option", "pointer", "int"],
  getsockopt: ["int", "level", "option", "pointer", "pointer"],
  clone: ["clone", "pointer", "pointer", "pointer", "pointer"],
  fork: [],
  vfork: [],
  exit: ["int"],
  kill: ["int", "signal"],
  fcntl: ["int", "command", "hex"],
  ftruncate: ["int", "long"],
  truncate: ["path", "long"],
  fallocate: ["int", "hex", "long", "long"],
  fadvise64: ["int", "long", "long", "fadvice"],
  readahead: ["int", "long", "size"],
  preadv2: ["int", "pointer", "int", "long", "long", "hex"],
  pwritev2: ["int", "pointer", "int", "long", "long", "hex"],
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
  epoll_wait: ["int", "events", "int", "int"],
  epoll_ctl: ["int", "operation", "int", "event"],
  tgkill: ["int", "int", "signal"],
  pselect6: ["int", "fdset", "fdset", "fdset", "timespec", "pointer"],
  ppoll: ["pollfds", "size", "timespec", "pointer", "size"],
  splice: ["int", "pointer", "int", "pointer", "size", "hex"],
  tee: ["int", "int", "size", "hex"],
  vmsplice: ["int", "pointer", "size", "hex"],
  epoll_pwait: ["int", "events", "int", "int", "pointer", "size"],
  timerfd_create: ["clock", "open"],
  eventfd: ["int"],
  timerfd_settime: ["int", "hex", "itimerspec", "pointer"],
  timerfd_gettime: ["int", "itimerspec"],
  accept4: ["int", "pointer", "pointer", "type"],
  eventfd2: ["int", "eventfd"],
  epoll_create1: ["epoll"],
  dup3: ["int", "int", "open"],
  pipe2: ["pair", "open"],
  preadv: ["int", "pointer", "int", "long"],
  pwritev: ["int", "pointer", "int", "long"],
  copy_file_range: ["int", "pointer", "int", "pointer", "size", "hex"],
  io_uring_setup: ["int", "pointer"],
  io_uring_register: ["int", "int", "pointer", "int"],
  io_uring_enter: ["int", "int", "int", "hex", "pointer", "size"],
  close_range: ["int", "int", "hex"],
  open: ["path", "access", "mode"],
  openat: ["dirfd", "path", "access", "mode"],
  mknod: ["path", "mode", "hex"],
  mknodat: ["dirfd", "path", "mode", "hex"],
  unlink: ["path"],
  unlinkat: ["dirfd", "path", "hex"],
  stat: ["path", "pointer"],
  lstat: ["path", "pointer"],
  fstat: ["int", "pointer"],
  newfstatat: ["dirfd", "path", "pointer", "hex"],
  getrlimit: ["resource", "pointer"],
  setrlimit: ["resource", "pointer"],
  prlimit64: ["int", "resource", "pointer", "pointer"],
  epoll_pwait2: ["int", "events", "int", "timespec", "pointer", "size"],
};
