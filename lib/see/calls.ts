import { enumName, errnoName, flagNames } from "./names.ts";
import { hex } from "../machine/memory.ts";

/** What an argument of a system call is, which decides how it is written. */
type Kind =
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
  | "eventfd"
  | "epoll"
  | "message"
  | "command"
  | "option"
  | "level"
  | "clone"
  | "whence";

/** What the arguments of each system call are. */
const SIGNATURES: Readonly<Record<string, readonly Kind[]>> = {
  read: ["int", "pointer", "size"],
  write: ["int", "pointer", "size"],
  close: ["int"],
  poll: ["pointer", "size", "int"],
  lseek: ["int", "long", "whence"],
  mmap: ["pointer", "size", "hex", "hex", "int", "long"],
  munmap: ["pointer", "size"],
  ioctl: ["int", "hex", "pointer"],
  pread64: ["int", "pointer", "size", "long"],
  pwrite64: ["int", "pointer", "size", "long"],
  readv: ["int", "pointer", "int"],
  writev: ["int", "pointer", "int"],
  pipe: ["pointer"],
  select: ["int", "pointer", "pointer", "pointer", "pointer"],
  sched_yield: [],
  dup: ["int"],
  dup2: ["int", "int"],
  nanosleep: ["pointer", "pointer"],
  getpid: [],
  sendfile: ["int", "int", "pointer", "size"],
  socket: ["domain", "type", "int"],
  connect: ["int", "pointer", "int"],
  accept: ["int", "pointer", "pointer"],
  sendto: ["int", "pointer", "size", "message", "pointer", "int"],
  recvfrom: ["int", "pointer", "size", "message", "pointer", "pointer"],
  sendmsg: ["int", "pointer", "message"],
  recvmsg: ["int", "pointer", "message"],
  shutdown: ["int", "how"],
  bind: ["int", "pointer", "int"],
  listen: ["int", "int"],
  getsockname: ["int", "pointer", "pointer"],
  getpeername: ["int", "pointer", "pointer"],
  socketpair: ["domain", "type", "int", "pointer"],
  setsockopt: ["int", "level", "option", "pointer", "int"],
  getsockopt: ["int", "level", "option", "pointer", "pointer"],
  clone: ["clone", "pointer", "pointer", "pointer", "pointer"],
  fork: [],
  vfork: [],
  exit: ["int"],
  kill: ["int", "int"],
  fcntl: ["int", "command", "hex"],
  ftruncate: ["int", "long"],
  gettid: [],
  io_setup: ["int", "pointer"],
  io_destroy: ["pointer"],
  io_getevents: ["pointer", "long", "long", "pointer", "pointer"],
  io_submit: ["pointer", "long", "pointer"],
  epoll_create: ["int"],
  clock_gettime: ["int", "pointer"],
  clock_nanosleep: ["int", "hex", "pointer", "pointer"],
  exit_group: ["int"],
  epoll_wait: ["int", "pointer", "int", "int"],
  epoll_ctl: ["int", "operation", "int", "pointer"],
  tgkill: ["int", "int", "int"],
  pselect6: ["int", "pointer", "pointer", "pointer", "pointer", "pointer"],
  ppoll: ["pointer", "size", "pointer", "pointer", "size"],
  splice: ["int", "pointer", "int", "pointer", "size", "hex"],
  tee: ["int", "int", "size", "hex"],
  vmsplice: ["int", "pointer", "size", "hex"],
  epoll_pwait: ["int", "pointer", "int", "int", "pointer", "size"],
  timerfd_create: ["int", "open"],
  eventfd: ["int"],
  timerfd_settime: ["int", "hex", "pointer", "pointer"],
  timerfd_gettime: ["int", "pointer"],
  accept4: ["int", "pointer", "pointer", "type"],
  eventfd2: ["int", "eventfd"],
  epoll_create1: ["epoll"],
  dup3: ["int", "int", "open"],
  pipe2: ["pointer", "open"],
  preadv: ["int", "pointer", "int", "long"],
  pwritev: ["int", "pointer", "int", "long"],
  copy_file_range: ["int", "pointer", "int", "pointer", "size", "hex"],
  io_uring_setup: ["int", "pointer"],
  io_uring_enter: ["int", "int", "int", "hex", "pointer", "size"],
  close_range: ["int", "int", "hex"],
  epoll_pwait2: ["int", "pointer", "int", "pointer", "pointer", "size"],
};

/** Name of an x86-64 system call; `syscall_0x1f4`, as strace writes it, for a number that none has. */
export function callName(number: number): string {
  const name = enumName("Nr", number);
  return name === String(number) ? `syscall_${hex(number >>> 0)}` : name;
}

type Bits = readonly (readonly [number, string])[];

const DOMAINS: Readonly<Record<number, string>> = { 0: "AF_UNSPEC", 1: "AF_UNIX", 2: "AF_INET", 10: "AF_INET6" };
const TYPES: Readonly<Record<number, string>> = {
  1: "SOCK_STREAM",
  2: "SOCK_DGRAM",
  3: "SOCK_RAW",
  5: "SOCK_SEQPACKET",
};
const HOWS: Readonly<Record<number, string>> = { 0: "SHUT_RD", 1: "SHUT_WR", 2: "SHUT_RDWR" };
const OPERATIONS: Readonly<Record<number, string>> = { 1: "EPOLL_CTL_ADD", 2: "EPOLL_CTL_DEL", 3: "EPOLL_CTL_MOD" };
const WHENCES: Readonly<Record<number, string>> = { 0: "SEEK_SET", 1: "SEEK_CUR", 2: "SEEK_END" };
const COMMANDS: Readonly<Record<number, string>> = {
  0: "F_DUPFD",
  1: "F_GETFD",
  2: "F_SETFD",
  3: "F_GETFL",
  4: "F_SETFL",
  1030: "F_DUPFD_CLOEXEC",
  1031: "F_SETPIPE_SZ",
  1032: "F_GETPIPE_SZ",
};
const LEVELS: Readonly<Record<number, string>> = { 1: "SOL_SOCKET", 6: "SOL_TCP" };
const OPTIONS: Readonly<Record<number, string>> = {
  2: "SO_REUSEADDR",
  3: "SO_TYPE",
  4: "SO_ERROR",
  7: "SO_SNDBUF",
  8: "SO_RCVBUF",
  9: "SO_KEEPALIVE",
  13: "SO_LINGER",
  15: "SO_REUSEPORT",
  18: "SO_RCVLOWAT",
  30: "SO_ACCEPTCONN",
  38: "SO_PROTOCOL",
  39: "SO_DOMAIN",
};
const OPEN: Bits = [
  [1, "O_WRONLY"],
  [2, "O_RDWR"],
  [0x400, "O_APPEND"],
  [0x800, "O_NONBLOCK"],
  [0x4000, "O_DIRECT"],
  [0x8_0000, "O_CLOEXEC"],
];
const EVENTFD: Bits = [
  [1, "EFD_SEMAPHORE"],
  [0x800, "EFD_NONBLOCK"],
  [0x8_0000, "EFD_CLOEXEC"],
];
const EPOLL: Bits = [[0x8_0000, "EPOLL_CLOEXEC"]];
const SOCKET: Bits = [
  [0x800, "SOCK_NONBLOCK"],
  [0x8_0000, "SOCK_CLOEXEC"],
];
const MESSAGE: Bits = [
  [1, "MSG_OOB"],
  [2, "MSG_PEEK"],
  [0x20, "MSG_TRUNC"],
  [0x40, "MSG_DONTWAIT"],
  [0x100, "MSG_WAITALL"],
  [0x4000, "MSG_NOSIGNAL"],
  [0x8000, "MSG_MORE"],
];

function bits(value: number, names: Bits): string {
  const found = names.filter(([bit]) => value & bit);
  const rest = found.reduce((left, [bit]) => left & ~bit, value) >>> 0;
  const all = found.map(([, name]) => name);
  if (rest) all.push(hex(rest));
  return all.join("|") || "0";
}

/** A socket's type, which flags may be or-ed into; accept4() has the flags alone. */
function socketType(value: number): string {
  const flags = value & ~0xf ? bits(value & ~0xf, SOCKET) : "";
  const type = value & 0xf ? (TYPES[value & 0xf] ?? String(value & 0xf)) : "";
  return [type, flags].filter(Boolean).join("|") || "0";
}

function argument(kind: Kind, raw: number | bigint): string {
  const whole = typeof raw === "bigint" ? raw : BigInt(Number.isFinite(raw) ? Math.trunc(raw) : 0);
  const value = Number(BigInt.asIntN(32, whole));
  switch (kind) {
    case "int":
      return String(value);
    case "long":
      return String(BigInt.asIntN(64, whole));
    case "size":
      return String(BigInt.asUintN(64, whole));
    case "hex":
      return hex(value >>> 0);
    case "pointer":
      return whole === 0n ? "NULL" : `0x${BigInt.asUintN(64, whole).toString(16)}`;
    case "domain":
      return DOMAINS[value] ?? String(value);
    case "type":
      return socketType(value);
    case "how":
      return HOWS[value] ?? String(value);
    case "operation":
      return OPERATIONS[value] ?? String(value);
    case "whence":
      return WHENCES[value] ?? String(value);
    case "command":
      return COMMANDS[value] ?? String(value);
    case "level":
      return LEVELS[value] ?? String(value);
    case "option":
      return OPTIONS[value] ?? String(value);
    case "open":
      return bits(value, OPEN);
    case "eventfd":
      return bits(value, EVENTFD);
    case "epoll":
      return bits(value, EPOLL);
    case "message":
      return bits(value, MESSAGE);
    case "clone":
      return flagNames("CloneFlags", value, "CLONE_");
  }
}

/** The result of a system call as strace writes it: `3`, or `-1 EAGAIN`. */
export function renderResult(result: number | bigint): string {
  const number = Number(result);
  const name = errnoName(number);
  return name ? `-1 ${name}` : String(result);
}

/**
 * A system call as strace writes it: `epoll_ctl(4, EPOLL_CTL_ADD, 5, 0x7fffeffff000) = 0`.
 *
 * @param call    Name, or x86-64 number.
 * @param args    Its arguments, or more: those that the call does not have are left out.
 * @param result  What it returned; without it, the call has not returned yet: `read(5, 0x1000, 64 <unfinished ...>`.
 */
export function renderCall(
  call: number | string,
  args: readonly (number | bigint)[],
  result?: number | bigint,
): string {
  const name = typeof call === "number" ? callName(call) : call;
  const kinds: readonly Kind[] = SIGNATURES[name] ?? ["hex", "hex", "hex", "hex", "hex", "hex"];
  const written = kinds
    .slice(0, args.length)
    .map((kind, i) => argument(kind, args[i]!))
    .join(", ");
  return result === undefined ? `${name}(${written} <unfinished ...>` : `${name}(${written}) = ${renderResult(result)}`;
}
