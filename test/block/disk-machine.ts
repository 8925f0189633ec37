import { expect } from "vitest";
import { type BootOptions, Kernel, type PendingCall, type Sys, type Task } from "../../lib/index.ts";
import { KERNEL_BASE } from "../../lib/machine/memory.ts";
import { boot } from "../support/boot.ts";
import { kernelWith } from "../support/kernel-with.ts";

/** Calls that only this kernel has: see test/assembly/disk.ts. */
const [SUBMIT, WAIT_ALL, POLL, EXTENT, FREE, PLUG, FAULT, TRUNCATE, FREE_EXTENT, BLOCKS, FILL] = [
  500, 501, 502, 503, 504, 505, 506, 507, 508, 509, 510,
] as const;

export const [READ, WRITE, FLUSH] = [0, 1, 2] as const;
/** Size of a block. Unit: sectors. */
export const BLOCK = 8;
export const EIO = -5;

/** A bio that was handed in. */
export interface Ticket {
  readonly done: boolean;
  readonly status: number;
  readonly begun: number;
  readonly ended: number;
  /** How many had ended before. */
  readonly rank: number;
  readonly bytes: Uint8Array;
}

/** What programs of these tests call. */
export class DiskCalls {
  readonly #sys: Sys;

  constructor(sys: Sys) {
    this.#sys = sys;
  }

  /** Hands a bio in and returns its number. */
  *submit(op: number, extent: number, sector: number, sectors: number, pattern = 0): Call {
    const ticket = yield* this.#sys.syscall(SUBMIT, op, extent, sector, sectors, pattern);
    expect(ticket).toBeGreaterThan(0);
    return ticket;
  }

  *waitAll(): Call {
    return yield* this.#sys.syscall(WAIT_ALL);
  }

  *poll(): Call {
    return yield* this.#sys.syscall(POLL);
  }

  *extent(seed = 0, born = 0): Call {
    return yield* this.#sys.syscall(EXTENT, seed, born);
  }

  *free(ticket: number): Call {
    return yield* this.#sys.syscall(FREE, ticket);
  }

  *plug(on: boolean): Call {
    return yield* this.#sys.syscall(PLUG, on ? 1 : 0);
  }

  *fail(op: number, extent: number, first: number, last: number, count = 1): Call {
    return yield* this.#sys.syscall(FAULT, op, extent, first, last, count);
  }

  *truncate(extent: number, offset: number): Call {
    return yield* this.#sys.syscall(TRUNCATE, extent, offset);
  }

  *freeExtent(extent: number): Call {
    return yield* this.#sys.syscall(FREE_EXTENT, extent);
  }

  *blocks(extent: number): Call {
    return yield* this.#sys.syscall(BLOCKS, extent);
  }

  *fill(extent: number, offset: number, bytes: number, pattern: number): Call {
    return yield* this.#sys.syscall(FILL, extent, offset, bytes, pattern);
  }
}

type Call = Generator<PendingCall, number, number>;

let wasm: Promise<Uint8Array<ArrayBuffer>> | undefined;

type Program<R> = (disk: DiskCalls, sys: Sys) => Generator<PendingCall, R, number>;

/** A machine with a disk and a program that uses it, which has not begun. */
export async function start<R>(
  program: Program<R>,
  options: BootOptions = {},
): Promise<{ kernel: Kernel; task: Task }> {
  wasm ??= kernelWith("test/assembly/disk.ts");
  const kernel = await boot({ wasm: await wasm, ...options });
  const task = kernel.spawn("main", function* (sys) {
    const result = yield* program(new DiskCalls(sys), sys);
    yield* new DiskCalls(sys).waitAll();
    return result;
  });
  return { kernel, task };
}

/** A machine whose program has used its disk, and at the end of which nothing is on its way any more. */
export async function run<R>(program: Program<R>, options: BootOptions = {}): Promise<{ kernel: Kernel; result: R }> {
  const { kernel, task } = await start(program, options);
  kernel.run();
  expect(task.state).toBe("zombie");
  expect(kernel.check()).toEqual([]);
  const { queue } = disk(kernel);
  expect(queue).toMatchObject({ in_flight: 0, plugged: 0, nr_completed: queue.nr_issued });
  return { kernel, result: task.result as R };
}

/** What has become of a bio. */
export function ticket(kernel: Kernel, at: number): Ticket {
  const { view, bytes } = kernel.memory;
  const buffer = view.getUint32(at + 8, true);
  return {
    done: view.getUint32(at, true) === 1,
    status: view.getInt32(at + 4, true),
    bytes: bytes.slice(buffer, buffer + view.getUint32(at + 12, true)),
    begun: Number(view.getBigUint64(at + 16, true)),
    ended: Number(view.getBigUint64(at + 24, true)),
    rank: view.getUint32(at + 32, true),
  };
}

/** The disk's structs. */
export function disk(kernel: Kernel) {
  const { memory } = kernel;
  const root = memory.read("Kernel", KERNEL_BASE);
  return {
    state: memory.read("DiskState", root.disk),
    queue: memory.read("RequestQueue", memory.read("GenDisk", root.block).queue),
  };
}

/** What a disk holds where nobody has written: words of 8 bytes, each mixed of the seed and its number. */
export function seeded(seed: number, offset: number, length: number): Uint8Array {
  const out = new DataView(new ArrayBuffer(length));
  for (let at = 0; at < length; at += 8) {
    let value = BigInt.asUintN(64, BigInt(seed) + BigInt((offset + at) / 8));
    value = BigInt.asUintN(64, (value ^ (value >> 32n)) * 0x9e37_79b9_7f4a_7c15n);
    value = BigInt.asUintN(64, (value ^ (value >> 29n)) * 0xbf58_476d_1ce4_e5b9n);
    out.setBigUint64(at, value ^ (value >> 32n), true);
  }
  return new Uint8Array(out.buffer);
}
