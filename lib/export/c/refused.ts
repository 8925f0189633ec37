import type { Kind } from "../../see/call-signatures.ts";

/** What a pointer leads to that its kind alone does not tell. */
export type PointerKind =
  | Kind
  /** Room for an address, and for its length. */
  | "address room"
  | "length room"
  /** An int, or room for one. */
  | "int value"
  | "value"
  /** A position that the call moves on. */
  | "position"
  /** Pieces of memory: to be read, or to be filled. */
  | "pieces"
  | "room pieces"
  | "message"
  | "limit"
  /** Room for a struct that nobody looks at. */
  | "room"
  | "time";

/** What the pointers of a call lead to, by place. */
export const POINTERS: Readonly<Record<string, Readonly<Record<number, PointerKind>>>> = {
  accept: { 1: "address room", 2: "length room" },
  accept4: { 1: "address room", 2: "length room" },
  getsockname: { 1: "address room", 2: "length room" },
  getpeername: { 1: "address room", 2: "length room" },
  sendto: { 4: "sockaddr" },
  recvfrom: { 4: "address room", 5: "length room" },
  setsockopt: { 3: "value" },
  getsockopt: { 3: "room", 4: "length room" },
  ioctl: { 2: "int value" },
  sendfile: { 2: "position" },
  splice: { 1: "position", 3: "position" },
  copy_file_range: { 1: "position", 3: "position" },
  writev: { 1: "pieces" },
  pwritev: { 1: "pieces" },
  pwritev2: { 1: "pieces" },
  vmsplice: { 1: "pieces" },
  fstat: { 1: "room" },
  stat: { 1: "room" },
  lstat: { 1: "room" },
  newfstatat: { 2: "room" },
  getrlimit: { 1: "room" },
  setrlimit: { 1: "limit" },
  prlimit64: { 2: "limit", 3: "room" },
  clock_gettime: { 1: "room" },
  nanosleep: { 1: "room" },
  clock_nanosleep: { 2: "time", 3: "room" },
  timerfd_settime: { 3: "room" },
};

const MEMORY = "it is about the addresses of mapped memory, which are others on every machine";
const SIGNALS = "tasks are threads of one process here, which have their signals in common";
const RING = "rings of io_uring are memory that the program and the kernel share";
const AIO = "its requests are memory that the kernel looks at later";
const MESSAGES = "its argument leads to memory in many places";

/** System calls that cannot be written, and why. */
export const REFUSED_CALLS: Readonly<Record<string, string>> = {
  mmap: MEMORY,
  munmap: MEMORY,
  mremap: MEMORY,
  mprotect: MEMORY,
  brk: MEMORY,
  madvise: MEMORY,
  mincore: MEMORY,
  msync: MEMORY,
  mlock: MEMORY,
  mlock2: MEMORY,
  munlock: MEMORY,
  mlockall: MEMORY,
  munlockall: MEMORY,
  rt_sigaction: SIGNALS,
  rt_sigprocmask: SIGNALS,
  rt_sigreturn: SIGNALS,
  rt_sigpending: SIGNALS,
  rt_sigtimedwait: SIGNALS,
  rt_sigqueueinfo: SIGNALS,
  rt_sigsuspend: SIGNALS,
  signalfd: SIGNALS,
  signalfd4: SIGNALS,
  kill: SIGNALS,
  tkill: SIGNALS,
  tgkill: SIGNALS,
  pause: SIGNALS,
  wait4: "tasks are threads here, which cannot be waited for as processes can",
  exit_group: "it would end all other tasks, which are threads of the same process",
  getppid: "tasks are threads here, and have no parents",
  io_uring_setup: RING,
  io_uring_enter: RING,
  io_uring_register: RING,
  io_setup: AIO,
  io_destroy: AIO,
  io_submit: AIO,
  io_cancel: AIO,
  io_getevents: AIO,
  io_pgetevents: AIO,
  sendmsg: MESSAGES,
  recvmsg: MESSAGES,
  readv: MESSAGES,
  preadv: MESSAGES,
  preadv2: MESSAGES,
};
