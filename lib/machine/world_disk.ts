import { checkNames, describe } from "./call.ts";
import { EXCHANGE_BASE } from "./memory_map.ts";
import { hex } from "./digest.ts";
import { InputKind } from "./journal.ts";
import type { Machine } from "./machine.ts";
import { bytesOf } from "./user_memory.ts";
import { errnoName } from "./errno.ts";
import { layout } from "../layout.gen.ts";

const { READ, WRITE } = layout.enums.ReqOp.values;
const { PAGE_SIZE } = layout.constants;
const OPERATIONS = { read: READ, write: WRITE } as const;
const NAMES = ["operation", "path", "sector", "count"] as const;
/** Behind the longest name in the exchange window: bytes of the disk, whole blocks. */
const [WINDOW_AT, WINDOW] = [EXCHANGE_BASE + 8192, 32_768];
/** Every sector there is. */
const LAST_SECTOR = -1;

/** What the disk is not to manage. */
export interface DiskFailure {
  readonly operation: "read" | "write";
  /** The file that it concerns. Default: any. */
  readonly path?: string;
  /** The sector of 512 bytes, of the file, or of the disk if no file is named. Default: any. */
  readonly sector?: number;
  /** How many pieces of requests (bios) that touch such sectors fail. Default: 1. */
  readonly count?: number;
}

/** The machine's disk, from outside. */
export class WorldDisk {
  readonly #machine: Machine;

  constructor(machine: Machine) {
    this.#machine = machine;
  }

  /**
   * The next reads or writes fail (-EIO): those that touch a sector, or any sector of a file, or any at all.
   *
   * @throws TypeError, RangeError for what cannot be, such as a path that no file has.
   */
  failNext(failure: DiskFailure): void {
    checkNames("part of a disk failure", failure, NAMES);
    const { operation, path, sector, count = 1 } = failure;
    if (!Object.hasOwn(OPERATIONS, operation)) {
      throw new TypeError(`operation is "read" or "write", not ${describe(operation)}`);
    }
    const name = path === undefined ? new Uint8Array() : nameOf(path);
    const first = sector === undefined ? 0 : whole("sector", sector, 0, Number.MAX_SAFE_INTEGER);
    const last = sector === undefined ? LAST_SECTOR : first;
    const args = [OPERATIONS[operation], first, last, whole("count", count, 1, 0xffff_ffff), name.length];
    const answer = this.#machine.input(InputKind.DISK_FAULT, 0, 0, args, name, false);
    if (answer < 0) throw new RangeError(`the machine says ${errnoName(answer) ?? answer} to ${path ?? "this"}`);
  }

  /**
   * The bytes of a file as they lie on the disk now, from `start` up to `end`: what was written to it and is only in the
   * page cache is not among them.
   *
   * @throws RangeError if there is no regular file of that name.
   */
  read(path: string, start = 0, end = Infinity): Uint8Array<ArrayBuffer> {
    const { engine, memory } = this.#machine;
    const name = nameOf(path);
    memory.bytes.set(name, EXCHANGE_BASE);
    const size = engine.exports.file_size(name.length);
    if (size < 0) throw new RangeError(`there is no regular file ${path}`);
    const [from, to] = [whole("start", start, 0, Number.MAX_SAFE_INTEGER), Math.min(end, size)];
    const out = new Uint8Array(Math.max(0, to - from));
    for (let at = from - (from % PAGE_SIZE); at < to; at += WINDOW) {
      engine.guard(() => engine.exports.disk_read(name.length, at, WINDOW_AT, WINDOW));
      const [first, last] = [Math.max(at, from), Math.min(at + WINDOW, to)];
      out.set(memory.bytes.subarray(WINDOW_AT + first - at, WINDOW_AT + last - at), first - from);
    }
    return out;
  }

  /**
   * Digest of the bytes of a file as they lie on the disk now: what `digestOf(read(path))` says, and far sooner.
   *
   * @throws RangeError if there is no regular file of that name.
   */
  digest(path: string): string {
    const { engine, memory } = this.#machine;
    const name = nameOf(path);
    memory.bytes.set(name, EXCHANGE_BASE);
    if (engine.exports.file_size(name.length) < 0) throw new RangeError(`there is no regular file ${path}`);
    return hex(engine.guard(() => engine.exports.disk_digest(name.length)));
  }
}

function nameOf(path: string): Uint8Array<ArrayBuffer> {
  if (typeof path !== "string") throw new TypeError(`a path is a string, not ${describe(path)}`);
  const name = new Uint8Array(bytesOf(path));
  if (name.length === 0 || name.length >= 4096) throw new RangeError(`a path has 1 to 4095 bytes, not ${name.length}`);
  return name;
}

function whole(name: string, value: number, least: number, most: number): number {
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new RangeError(`${name} is a whole number from ${least} to ${most}, not ${describe(value)}`);
}
