import { mkdirSync } from "node:fs";
import { NR } from "../abi.ts";
import type { Call, Rlimit, Stat } from "../program.ts";
import { diskFolderOf, folderOf } from "./host.ts";
import type { RealBuffer, UserMemory } from "./memory.ts";

/** Where struct stat has what. Unit: bytes. */
const STAT_WORDS = { st_dev: 0, st_ino: 8, st_nlink: 16, st_rdev: 40, st_size: 48, st_blksize: 56, st_blocks: 64 };
const STAT_MODE = 24;
const STAT_SIZE = 144;
/** Where in the piece of memory of these calls names, and limits, lie. */
const NAME_AT = 256;
const LIMITS_AT = 192;
const S_IFIFO = 0x1000;
/** In place of a descriptor of a folder: the one that the program works in. */
const AT_FDCWD = -100;

/** Between the descriptors that a program sees and the real ones. */
export interface Numbering {
  real(fd: number): number;
  seen(result: number): number;
}

/** One request to the machine that runs the program. */
export function* call(nr: number, ...args: number[]): Call {
  return (yield { nr, args }) as number;
}

/** Calls of names, of what files are, and of limits. Names are those of a folder that the program has for itself. */
export class LinuxNames {
  protected readonly fds: Numbering;
  readonly #room: RealBuffer;
  readonly #view: DataView;
  readonly #folder: string;
  readonly #disk: string;
  #made = false;

  constructor(fds: Numbering, memory: UserMemory, host: string) {
    this.fds = fds;
    this.#room = memory.buffer(8192);
    const { buffer, byteOffset, byteLength } = this.#room.bytes();
    this.#view = new DataView(buffer, byteOffset, byteLength);
    this.#folder = folderOf(host);
    this.#disk = diskFolderOf(host);
  }

  *open(path: string | number, flags: number, mode = 0): Call {
    return this.fds.seen(yield* call(NR.open, this.path(path), flags, mode));
  }
  mkfifo(path: string, mode = 0o666): Call {
    return this.mknod(path, S_IFIFO | mode);
  }
  mknod(path: string | number, mode: number, dev = 0): Call {
    return call(NR.mknod, this.path(path), mode, dev);
  }
  unlink(path: string | number): Call {
    return call(NR.unlink, this.path(path));
  }
  unlinkat(dirfd: number, path: string | number, flags = 0): Call {
    return call(NR.unlinkat, this.fds.real(dirfd), this.path(path, dirfd), flags);
  }
  fstat(fd: number, stat: Partial<Stat> | number): Call {
    return this.#filled(stat, (at) => call(NR.fstat, this.fds.real(fd), at));
  }
  stat(path: string | number, stat: Partial<Stat> | number): Call {
    return this.#filled(stat, (at) => call(NR.stat, this.path(path), at));
  }
  newfstatat(dirfd: number, path: string | number, stat: Partial<Stat> | number, flags = 0): Call {
    return this.#filled(stat, (at) => call(NR.newfstatat, this.fds.real(dirfd), this.path(path, dirfd), at, flags));
  }
  close_range(first: number, last: number, flags = 0): Call {
    return call(NR.close_range, this.fds.real(first), this.fds.real(last), flags);
  }
  *getrlimit(resource: number, rlim: Partial<Rlimit> | number): Call {
    if (typeof rlim === "number") return yield* call(NR.getrlimit, resource, rlim);
    const result = yield* call(NR.getrlimit, resource, this.#room.address + LIMITS_AT);
    if (result < 0) return result;
    rlim.rlim_cur = this.fds.seen(Number(this.#view.getBigUint64(LIMITS_AT, true)));
    rlim.rlim_max = Number(this.#view.getBigUint64(LIMITS_AT + 8, true));
    return result;
  }
  *setrlimit(resource: number, rlim: Rlimit | number): Call {
    if (typeof rlim === "number") return yield* call(NR.setrlimit, resource, rlim);
    const at = this.#room.address + LIMITS_AT;
    // What the limit can be raised to stays as it is, unless the program wants something that is refused.
    if (rlim.rlim_max === undefined) yield* call(NR.getrlimit, resource, at);
    else this.#view.setBigUint64(LIMITS_AT + 8, BigInt(rlim.rlim_max), true);
    this.#view.setBigUint64(LIMITS_AT, BigInt(this.fds.real(rlim.rlim_cur)), true);
    return yield* call(NR.setrlimit, resource, at);
  }

  protected path(path: string | number, dirfd = AT_FDCWD): number {
    if (typeof path === "number") return path;
    if (!this.#made) mkdirSync(this.#folder, { recursive: true });
    this.#made = true;
    const isOfDescriptor = dirfd !== AT_FDCWD && !path.startsWith("/");
    const whole = isOfDescriptor ? path : this.#place(path);
    const bytes = new TextEncoder().encode(`${whole}\0`);
    this.#room.bytes().set(bytes, NAME_AT);
    return this.#room.address + NAME_AT;
  }

  /** Where a name is: a program works in a folder on the disk. */
  #place(path: string): string {
    if (path === "" || path.startsWith("/dev/")) return path;
    const onDisk = path.startsWith("/") ? path : `/disk/${path}`;
    if (!onDisk.startsWith("/disk/")) return this.#folder + path;
    mkdirSync(`${this.#disk}/disk`, { recursive: true });
    return this.#disk + onDisk;
  }

  *#filled(stat: Partial<Stat> | number, make: (address: number) => Call): Call {
    if (typeof stat === "number") return yield* make(stat);
    this.#room.bytes().fill(0, 0, STAT_SIZE);
    const result = yield* make(this.#room.address);
    if (result < 0) return result;
    for (const [name, at] of Object.entries(STAT_WORDS)) {
      stat[name as keyof Stat] = Number(this.#view.getBigUint64(at, true));
    }
    stat.st_mode = this.#view.getUint32(STAT_MODE, true);
    return result;
  }
}
