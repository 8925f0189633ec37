import { type Kind, SIGNATURES } from "../see/call-signatures.ts";
import { KERNEL_BASE, type KernelMemory } from "../machine/memory.ts";
import { layout } from "../layout.gen.ts";

/** What a descriptor stands for, as far as calls like one more than another. */
export type Resource =
  "socket" | "listener" | "connection" | "epoll" | "pipe" | "sink" | "eventfd" | "timer" | "signals" | "file" | "ring";

/**
 * What an argument is to the fuzzer: what strace would show, or something narrower, so that it is a good one more often
 * than chance would have it.
 */
export type Role =
  | Kind
  | "fd"
  | `fd:${Resource}`
  | "number"
  | "length"
  | "anything"
  | "iovec"
  | "aiocontext"
  | "aioid"
  | "iocbs"
  | "iocb"
  | "msghdr"
  | "sigset"
  | "sigsetsize"
  | "sigsetpair"
  | "sigaction"
  | "signal"
  | "pid"
  | "address"
  | "addresslength"
  | "optval"
  | "fcntl"
  | "ioctl"
  | "milliseconds"
  | "signalhow"
  | "protocol"
  | "newflags"
  | "timerflags"
  | "offset"
  | "rwflags"
  | "from"
  | "to"
  | "position"
  | "moveflags"
  | "hint"
  | "mapped"
  | "mapoffset"
  | "fallocate"
  | "signalslot"
  | "few"
  | "ringparams"
  | "address:unix"
  | "address:internet";

/** Calls for which more is known than what their arguments look like. All others are made from their signatures. */
const ROLES: Readonly<Record<string, readonly Role[]>> = {
  readv: ["fd", "iovec", "length"],
  writev: ["fd", "iovec", "length"],
  pread64: ["fd:file", "buffer", "length", "offset"],
  pwrite64: ["fd:file", "bytes", "length", "offset"],
  preadv: ["fd:file", "iovec", "length", "offset"],
  pwritev: ["fd:file", "iovec", "length", "offset"],
  splice: ["from", "position", "to", "position", "length", "moveflags"],
  tee: ["fd:pipe", "fd:sink", "length", "moveflags"],
  vmsplice: ["fd:sink", "iovec", "length", "moveflags"],
  sendfile: ["to", "fd:file", "position", "length"],
  copy_file_range: ["fd:file", "position", "fd:file", "position", "length", "moveflags"],
  mmap: ["hint", "length", "prot", "map", "fd:file", "mapoffset"],
  munmap: ["mapped", "length"],
  mremap: ["mapped", "length", "length", "few", "mapped"],
  mprotect: ["mapped", "length", "prot"],
  madvise: ["mapped", "length", "advice"],
  mincore: ["mapped", "length", "buffer"],
  msync: ["mapped", "length", "msync"],
  mlock: ["mapped", "length"],
  munlock: ["mapped", "length"],
  io_uring_setup: ["few", "ringparams"],
  io_uring_enter: ["fd:ring", "few", "few", "few", "sigset", "sigsetsize"],
  io_uring_register: ["fd:ring", "few", "iovec", "length"],
  io_setup: ["number", "aiocontext"],
  io_destroy: ["aioid"],
  io_submit: ["aioid", "few", "iocbs"],
  io_cancel: ["aioid", "iocb", "anything"],
  io_getevents: ["aioid", "few", "number", "buffer", "timespec"],
  io_pgetevents: ["aioid", "few", "number", "buffer", "timespec", "sigsetpair"],
  preadv2: ["fd", "iovec", "length", "offset", "number", "rwflags"],
  pwritev2: ["fd", "iovec", "length", "offset", "number", "rwflags"],
  ftruncate: ["fd:file", "offset"],
  truncate: ["path", "offset"],
  fallocate: ["fd:file", "fallocate", "offset", "offset"],
  fadvise64: ["fd:file", "offset", "offset", "fadvice"],
  readahead: ["fd:file", "offset", "length"],
  fcntl: ["fd", "command", "fcntl"],
  ioctl: ["fd", "ioctl", "anything"],
  fsync: ["fd:file"],
  fdatasync: ["fd:file"],
  syncfs: ["fd"],
  sync_file_range: ["fd:file", "offset", "offset", "range"],
  dup2: ["fd", "fd"],
  dup3: ["fd", "fd", "newflags"],
  eventfd2: ["number", "newflags"],
  epoll_create: ["number"],
  pipe2: ["pair", "newflags"],
  poll: ["pollfds", "length", "milliseconds"],
  ppoll: ["pollfds", "length", "timespec", "sigset", "sigsetsize"],
  select: ["number", "fdset", "fdset", "fdset", "timeval"],
  pselect6: ["number", "fdset", "fdset", "fdset", "timespec", "sigsetpair"],
  epoll_ctl: ["fd:epoll", "operation", "fd", "event"],
  epoll_wait: ["fd:epoll", "events", "number", "milliseconds"],
  epoll_pwait: ["fd:epoll", "events", "number", "milliseconds", "sigset", "sigsetsize"],
  epoll_pwait2: ["fd:epoll", "events", "number", "timespec", "sigset", "sigsetsize"],
  timerfd_create: ["clock", "newflags"],
  timerfd_settime: ["fd:timer", "timerflags", "itimerspec", "itimerspec"],
  timerfd_gettime: ["fd:timer", "itimerspec"],
  signalfd: ["signalslot", "sigset", "sigsetsize"],
  signalfd4: ["signalslot", "sigset", "sigsetsize", "newflags"],
  rt_sigaction: ["signal", "sigaction", "sigaction", "sigsetsize"],
  rt_sigprocmask: ["signalhow", "sigset", "sigset", "sigsetsize"],
  rt_sigpending: ["sigset", "sigsetsize"],
  rt_sigsuspend: ["sigset", "sigsetsize"],
  rt_sigtimedwait: ["sigset", "anything", "timespec", "sigsetsize"],
  kill: ["pid", "signal"],
  tkill: ["pid", "signal"],
  rt_sigqueueinfo: ["pid", "signal", "anything"],
  wait4: ["pid", "anything", "number", "anything"],
  tgkill: ["pid", "pid", "signal"],
  clock_gettime: ["clock", "timespec"],
  clock_nanosleep: ["clock", "number", "timespec", "timespec"],
  socket: ["domain", "type", "protocol"],
  socketpair: ["domain", "type", "protocol", "pair"],
  bind: ["fd:socket", "sockaddr", "length"],
  connect: ["fd:socket", "sockaddr", "length"],
  listen: ["fd:socket", "number"],
  accept: ["fd:listener", "address", "addresslength"],
  accept4: ["fd:listener", "address", "addresslength", "newflags"],
  getsockname: ["fd:socket", "address", "addresslength"],
  getpeername: ["fd:connection", "address", "addresslength"],
  shutdown: ["fd:connection", "how"],
  sendto: ["fd:connection", "bytes", "length", "message", "sockaddr", "length"],
  recvfrom: ["fd:connection", "buffer", "length", "message", "address", "addresslength"],
  sendmsg: ["fd:connection", "msghdr", "message"],
  recvmsg: ["fd:connection", "msghdr", "message"],
  setsockopt: ["fd:socket", "level", "option", "optval", "length"],
  getsockopt: ["fd:socket", "level", "option", "anything", "addresslength"],
};

/** What calls give out that return a descriptor; two of them where a pointer leads to a pair. */
const GIVES: Readonly<Record<string, Resource | "same">> = {
  open: "file",
  openat: "file",
  socket: "socket",
  socketpair: "connection",
  accept: "connection",
  accept4: "connection",
  epoll_create: "epoll",
  epoll_create1: "epoll",
  pipe: "pipe",
  pipe2: "pipe",
  eventfd: "eventfd",
  eventfd2: "eventfd",
  timerfd_create: "timer",
  signalfd: "signals",
  signalfd4: "signals",
  io_uring_setup: "ring",
  dup: "same",
  dup2: "same",
  dup3: "same",
};

/** What the descriptor is that was the first argument of a call that succeeded. */
export const BECOMES: Readonly<Record<string, Resource>> = { listen: "listener", connect: "connection" };

/** Calls that return how much was done, and which argument says how much that may be. */
const MOST: Readonly<Record<string, number>> = {
  read: 2,
  write: 2,
  pread64: 2,
  pwrite64: 2,
  sendto: 2,
  epoll_wait: 2,
  epoll_pwait: 2,
  epoll_pwait2: 2,
  poll: 1,
  ppoll: 1,
  splice: 4,
  tee: 2,
  sendfile: 3,
  copy_file_range: 4,
};

/** How much rarer or more frequent a call is than others: those that end tasks, or make them, or make the rest possible. */
const WEIGHTS: Readonly<Record<string, number>> = {
  exit: 0.05,
  exit_group: 0.03,
  fork: 0.05,
  vfork: 0.05,
  clone: 0.15,
  getpid: 0.1,
  gettid: 0.1,
  sched_yield: 0.3,
  close: 2.5,
  epoll_ctl: 4,
  epoll_wait: 2,
  read: 2,
  write: 2,
  socket: 2,
  bind: 1.5,
  listen: 1.5,
  connect: 2.5,
  open: 2,
  unlink: 0.3,
  splice: 1.5,
  sendfile: 1.5,
  accept4: 2,
  socketpair: 1.5,
};

/** A system call that the kernel has. */
export interface CallDescription {
  readonly nr: number;
  readonly name: string;
  readonly roles: readonly Role[];
  readonly gives: Resource | "same" | null;
  /** Which argument leads to the two descriptors that it gives; -1: none. */
  readonly pair: number;
  /** Which argument says what it returns at most; -1: none. */
  readonly most: number;
  readonly weight: number;
  /** Whether somebody has said what its arguments are. */
  readonly known: boolean;
}

/** What an argument of a signature is, of which nothing narrower is known. */
function roleOf(kind: Kind, index: number): Role {
  if (kind === "int") return index === 0 ? "fd" : "number";
  if (kind === "pointer") return "anything";
  return kind === "size" ? "length" : kind;
}

function describe(nr: number, name: string): CallDescription {
  const signature = SIGNATURES[name];
  const roles = ROLES[name] ?? signature?.map(roleOf) ?? (["fd", "anything", "number", "anything"] as const);
  return {
    nr,
    name,
    roles,
    gives: GIVES[name] ?? null,
    pair: roles.indexOf("pair"),
    most: MOST[name] ?? -1,
    weight: WEIGHTS[name] ?? 1,
    known: name in ROLES || signature !== undefined,
  };
}

/** All system calls of a machine, out of its own table: a call that is new there is fuzzed from then on. */
export function systemCalls(memory: KernelMemory): CallDescription[] {
  const table = memory.get("Kernel", KERNEL_BASE, "sys_call_table");
  return Object.entries(layout.enums.Nr.values)
    .filter(([, nr]) => memory.view.getUint32(table + 4 * nr, true) !== 0)
    .map(([name, nr]) => describe(nr, name));
}
