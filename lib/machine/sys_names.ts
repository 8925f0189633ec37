import { type Integer, type PendingCall, type SystemCall } from "./call.ts";
import { type BufferLike, addressOf, bytesOf } from "./user_memory.ts";
import { SysBase } from "./sys_base.ts";
import { fieldOffset, structLayout } from "./memory.ts";
import { layout } from "../layout.gen.ts";

const NR = layout.enums.Nr.values;
const { IFIFO } = layout.enums.StatMode.values;
const STAT_SIZE = structLayout("Stat").size;
const RLIMIT_SIZE = 16;

/** A name: text, or memory that holds it. */
export type Path = string | BufferLike;

/** What fstat() and its relatives tell of a file: struct stat, without the times. */
export interface Stat {
  /** The device that the file is on. */
  st_dev: number;
  /** Its number there. */
  st_ino: number;
  st_mode: number;
  st_nlink: number;
  st_uid: number;
  st_gid: number;
  st_rdev: number;
  /** Unit: bytes. */
  st_size: number;
  /** Unit: bytes. */
  st_blksize: number;
  /** Unit: 512 bytes. */
  st_blocks: number;
}

/** Limits of a process; RLIM_INFINITY is none. */
export interface Rlimit {
  rlim_cur: Integer;
  rlim_max: Integer;
}

const WORDS = ["st_dev", "st_ino", "st_nlink", "st_rdev", "st_size", "st_blksize", "st_blocks"] as const;
const HALVES = ["st_mode", "st_uid", "st_gid"] as const;

/** A limit as a program has it: a number where that is exact. */
function limit(view: DataView, at: number): Integer {
  const value = view.getBigUint64(at, true);
  return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value;
}

/** System calls of names, of what files are, and of limits. */
export class NameCalls extends SysBase {
  /** open(2); a FIFO waits for its other side unless O_NONBLOCK or O_RDWR is given. */
  open(path: Path, flags: Integer, mode: Integer = 0): SystemCall {
    const call = this.beginScratch(NR.open);
    return call.with(this.path(path), flags, mode) as SystemCall;
  }

  /** openat(2) */
  openat(dirfd: Integer, path: Path, flags: Integer, mode: Integer = 0): SystemCall {
    const call = this.beginScratch(NR.openat);
    return call.with(dirfd, this.path(path), flags, mode) as SystemCall;
  }

  /** mkfifo(3): mknod() of a FIFO. */
  mkfifo(path: Path, mode: number = 0o666): SystemCall {
    return this.mknod(path, IFIFO | mode);
  }

  /** mknod(2) */
  mknod(path: Path, mode: Integer, dev: Integer = 0): SystemCall {
    const call = this.beginScratch(NR.mknod);
    return call.with(this.path(path), mode, dev) as SystemCall;
  }

  /** mknodat(2) */
  mknodat(dirfd: Integer, path: Path, mode: Integer, dev: Integer = 0): SystemCall {
    const call = this.beginScratch(NR.mknodat);
    return call.with(dirfd, this.path(path), mode, dev) as SystemCall;
  }

  /** unlink(2) */
  unlink(path: Path): SystemCall {
    const call = this.beginScratch(NR.unlink);
    return call.with(this.path(path)) as SystemCall;
  }

  /** unlinkat(2) */
  unlinkat(dirfd: Integer, path: Path, flags: Integer = 0): SystemCall {
    const call = this.beginScratch(NR.unlinkat);
    return call.with(dirfd, this.path(path), flags) as SystemCall;
  }

  /** fstat(2); `stat` is given what the file is. */
  fstat(fd: Integer, stat: Partial<Stat> | Integer): SystemCall {
    const call = this.beginScratch(NR.fstat);
    return call.with(fd, this.#stat(call, stat)) as SystemCall;
  }

  /** stat(2); `stat` is given what the file is. */
  stat(path: Path, stat: Partial<Stat> | Integer): SystemCall {
    const call = this.beginScratch(NR.stat);
    return call.with(this.path(path), this.#stat(call, stat)) as SystemCall;
  }

  /** newfstatat(2), fstatat(3); `stat` is given what the file is. */
  newfstatat(dirfd: Integer, path: Path, stat: Partial<Stat> | Integer, flags: Integer = 0): SystemCall {
    const call = this.beginScratch(NR.newfstatat);
    return call.with(dirfd, this.path(path), this.#stat(call, stat), flags) as SystemCall;
  }

  /** getrlimit(2); `rlim` is given the limits. */
  getrlimit(resource: Integer, rlim: Partial<Rlimit> | Integer): SystemCall {
    const call = this.beginScratch(NR.getrlimit);
    return call.with(resource, this.#oldLimit(call, rlim)) as SystemCall;
  }

  /** setrlimit(2) */
  setrlimit(resource: Integer, rlim: Rlimit | Integer): SystemCall {
    const call = this.beginScratch(NR.setrlimit);
    return call.with(resource, this.#newLimit(rlim)) as SystemCall;
  }

  /** prlimit(2); `old` is given the limits as they were; null: they are not set, or not wanted. */
  prlimit64(
    pid: Integer,
    resource: Integer,
    rlim: Rlimit | Integer | null,
    old: Partial<Rlimit> | Integer | null = null,
  ): SystemCall {
    const call = this.beginScratch(NR.prlimit64);
    const at = rlim === null ? 0 : this.#newLimit(rlim);
    return call.with(pid, resource, at, old === null ? 0 : this.#oldLimit(call, old)) as SystemCall;
  }

  /** A name in scratch memory. */
  /** Where a name lies. */
  protected path(path: Path): Integer {
    return typeof path === "string" ? this.put(bytesOf(`${path}\0`)) : addressOf(path);
  }

  /** Lets a call that tells what a file is fill an object. */
  #stat(call: PendingCall, stat: Partial<Stat> | Integer): Integer {
    if (typeof stat !== "object") return stat;
    const at = this.room(STAT_SIZE);
    call.finish = (result) => {
      if (result < 0) return result;
      const view = this.written(at, STAT_SIZE);
      for (const name of WORDS) stat[name] = Number(view.getBigInt64(fieldOffset("Stat", name), true));
      for (const name of HALVES) stat[name] = view.getUint32(fieldOffset("Stat", name), true);
      return result;
    };
    return at;
  }

  #newLimit(rlim: Rlimit | Integer): Integer {
    if (typeof rlim !== "object") return rlim;
    const view = new DataView(new ArrayBuffer(RLIMIT_SIZE));
    view.setBigUint64(0, BigInt(rlim.rlim_cur), true);
    view.setBigUint64(8, BigInt(rlim.rlim_max), true);
    return this.put(new Uint8Array(view.buffer));
  }

  #oldLimit(call: PendingCall, rlim: Partial<Rlimit> | Integer): Integer {
    if (typeof rlim !== "object") return rlim;
    const at = this.room(RLIMIT_SIZE);
    call.finish = (result) => {
      if (result < 0) return result;
      const view = this.written(at, RLIMIT_SIZE);
      rlim.rlim_cur = limit(view, 0);
      rlim.rlim_max = limit(view, 8);
      return result;
    };
    return at;
  }
}
