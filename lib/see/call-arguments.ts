import type { Kind } from "./call-signatures.ts";
import { enumName, flagNames } from "./names.ts";
import { hex } from "../machine/memory.ts";
import { layout } from "../layout.gen.ts";
import { pointee, pointer } from "./call-pointers.ts";
import { signalName } from "./signal-sets.ts";

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
const COMMANDS: Readonly<Record<number, string>> = Object.fromEntries(
  Object.entries(layout.enums.FcntlCommand.values).map(([name, value]) => [value, `F_${name}`]),
);
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
  [0x40, "O_CREAT"],
  [0x80, "O_EXCL"],
  [0x200, "O_TRUNC"],
  [0x400, "O_APPEND"],
  [0x800, "O_NONBLOCK"],
  [0x4000, "O_DIRECT"],
  [0x8_0000, "O_CLOEXEC"],
  [0x20_0000, "O_PATH"],
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

const FILE_TYPES: Readonly<Record<number, string>> = {
  0x1000: "S_IFIFO",
  0x2000: "S_IFCHR",
  0x6000: "S_IFBLK",
  0x8000: "S_IFREG",
  0xc000: "S_IFSOCK",
};

/** What kind of file, and who may do what with it, in octal. */
function mode(value: number): string {
  const rights = `0${(value & 0xfff).toString(8)}`;
  const type = FILE_TYPES[value & 0xf000];
  return type ? `${type}|${rights}` : rights;
}

/** Flags of mmap(): the type, which is a number, and the others, which are bits. */
function mapFlags(value: number): string {
  const type = MAP_TYPES[value & 0xf] ?? hex(value & 0xf);
  return value & ~0xf ? `${type}|${flagNames("MapFlags", value & ~0xf, "MAP_")}` : type;
}

const MAP_TYPES: Readonly<Record<number, string>> = { 1: "MAP_SHARED", 2: "MAP_PRIVATE", 3: "MAP_SHARED_VALIDATE" };

/** A socket's type, which flags may be or-ed into; accept4() has the flags alone. */
function socketType(value: number): string {
  const flags = value & ~0xf ? bits(value & ~0xf, SOCKET) : "";
  const type = value & 0xf ? (TYPES[value & 0xf] ?? String(value & 0xf)) : "";
  return [type, flags].filter(Boolean).join("|") || "0";
}

/** Memory of a program, for what an argument points at. */
export interface UserMemory {
  /** So many bytes; null if not all of them are there. */
  load(address: bigint, length: number): Uint8Array | null;
}

/** What is known of the call beside the argument itself. */
export interface CallContext {
  /** The argument behind it, which tells how long what it points at is; 0: none. */
  readonly next: number;
  /** The first argument, as an int. */
  readonly first: number;
  /** What the call returned; undefined: not yet. */
  readonly result: number | undefined;
  /** The program's memory; undefined: not at hand. */
  readonly user: UserMemory | undefined;
}

/** One argument of a system call, as strace writes it. */
export function renderArgument(kind: Kind, raw: number | bigint, context: CallContext): string {
  const whole = typeof raw === "bigint" ? raw : BigInt(Number.isFinite(raw) ? Math.trunc(raw) : 0);
  const value = Number(BigInt.asIntN(32, whole));
  switch (kind) {
    case "fd":
    case "int":
      return String(value);
    case "long":
      return String(BigInt.asIntN(64, whole));
    case "size":
      return String(BigInt.asUintN(64, whole));
    case "hex":
      return hex(value >>> 0);
    case "pointer":
      return pointer(BigInt.asUintN(64, whole));
    case "mode":
      return mode(value);
    case "dirfd":
      return value === -100 ? "AT_FDCWD" : String(value);
    case "resource":
      return value === 7 ? "RLIMIT_NOFILE" : String(value);
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
    case "range":
      return flagNames("SyncFileRange", value, "SYNC_FILE_RANGE_");
    case "command":
      return COMMANDS[value] ?? String(value);
    case "level":
      return LEVELS[value] ?? String(value);
    case "option":
      return OPTIONS[value] ?? String(value);
    case "open":
      return bits(value, OPEN);
    case "access":
      return bits(value, OPEN).replace(/^0$/, "O_RDONLY");
    case "signal":
      return value === 0 ? "0" : signalName(value);
    case "clock":
      return `CLOCK_${enumName("Clock", Number(value))}`;
    case "eventfd":
      return bits(value, EVENTFD);
    case "epoll":
      return bits(value, EPOLL);
    case "message":
      return bits(value, MESSAGE);
    case "prot":
      return value === 0 ? "PROT_NONE" : flagNames("Prot", value, "PROT_");
    case "map":
      return mapFlags(value);
    case "mremap":
      return value === 0 ? "0" : flagNames("MremapFlags", value, "MREMAP_");
    case "advice":
      return `MADV_${enumName("Madvise", value)}`;
    case "fadvice":
      return `POSIX_FADV_${enumName("Fadvise", value)}`;
    case "msync":
      return value === 0 ? "0" : flagNames("Msync", value, "MS_");
    case "clone":
      return flagNames("CloneFlags", value, "CLONE_");
    default:
      return pointee(kind, BigInt.asUintN(64, whole), context);
  }
}
