import { readdirSync } from "node:fs";
import { NR } from "../abi.ts";
import { mapMemory, syscall } from "./libc.ts";

/** Numbers from here on are bad on purpose, and are not moved. */
const NEVER_OPEN = 65_536;
const RLIMIT_NOFILE = 7;

/**
 * Makes the descriptors of this process look to a program as if it had just begun: every number below `base` is taken,
 * every one from there on is free, so that "the lowest free number" means the same as in a fresh process.
 */
export class Descriptors {
  readonly #first: number;
  readonly #limit: number;
  readonly #held: number[] = [];
  readonly #limits = mapMemory(4096);
  #base = 0;

  /** `first`: the number that a program gets for its first descriptor; `limit`: its RLIMIT_NOFILE. */
  constructor(first: number, limit: number) {
    this.#first = first;
    this.#limit = limit;
    syscall(NR.prlimit64, 0, RLIMIT_NOFILE, 0, this.#limits.address);
  }

  /** Before a program: takes every number below `base` that has become free. */
  reserve(): void {
    if (this.#probe() === this.#base) return;
    const open = readdirSync("/proc/self/fd").map(Number);
    this.#base = Math.max(...open) + 1;
    for (let fd = this.#probe(); fd < this.#base; fd = this.#probe()) this.#held.push(syscall(NR.eventfd2, 0, 0));
    this.#setLimit(BigInt(this.#base - this.#first + this.#limit));
  }

  /** After a program: closes all that it left open. */
  release(): void {
    syscall(NR.close_range, this.#base, 0xffff_ffff, 0);
    // The program may have changed it.
    this.#setLimit(BigInt(this.#base - this.#first + this.#limit));
  }

  /** Gives everything back to the process. */
  [Symbol.dispose](): void {
    if (this.#base === 0) return;
    this.release();
    for (const fd of this.#held.splice(0)) syscall(NR.close, fd);
    this.#setLimit(new DataView(this.#limits.bytes.buffer).getBigUint64(0, true));
    this.#base = 0;
  }

  /** The real number behind the one that a program uses. */
  real(fd: number): number {
    return fd < 0 || fd >= NEVER_OPEN ? fd : fd - this.#first + this.#base;
  }

  /** What a program sees of a real number, or of an error. */
  seen(result: number): number {
    return result < 0 ? result : result - this.#base + this.#first;
  }

  /** The lowest free number. */
  #probe(): number {
    const fd = syscall(NR.eventfd2, 0, 0);
    if (fd < 0) throw new Error(`this process cannot open a file: errno ${-fd}`);
    syscall(NR.close, fd);
    return fd;
  }

  #setLimit(soft: bigint): void {
    const view = new DataView(this.#limits.bytes.buffer);
    view.setBigUint64(16, soft, true);
    view.setBigUint64(24, view.getBigUint64(8, true), true);
    syscall(NR.prlimit64, 0, RLIMIT_NOFILE, this.#limits.address + 16, 0);
  }
}
