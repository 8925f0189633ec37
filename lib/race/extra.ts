import type { Runner, Work } from "./types.ts";
import { now } from "./clock.ts";

/** How often every operation is timed. */
const PASSES = 3;
/** After so long there is no third pass. Unit: ns. */
const LONG = 1e9;
/** Heaps are compared with so many elements more, as they are never still. */
const ELEMENTS = 200_000;

/** The first collection leaves some: code that is thrown away, what waits for its finalizer. */
const COLLECTIONS = 3;

/** What is measured beside the time of many operations. Units: ns of an operation, bytes per element. */
export interface Extra {
  readonly worst_ns: number | null;
  readonly bytes: number | null;
}

/** The worst single operation, and the memory, of a runner that has run before. */
export async function extra(runner: Runner, work: Work): Promise<Extra> {
  return { worst_ns: await worst(runner, work), bytes: await bytes(runner, work) };
}

/**
 * The longest time that one operation has taken. Each is timed in several passes, and its least time counts: what comes
 * again at the same operation is of the structure, and what does not is of the system or the garbage collector.
 */
async function worst(runner: Runner, work: Work): Promise<number | null> {
  if (runner.one === undefined) return null;
  const least = new Float64Array(work.operations).fill(Number.POSITIVE_INFINITY);
  const begin = now();
  for (let pass = 0; pass < PASSES && (pass < 2 || now() - begin < LONG); pass++) {
    await runner.prepare(work, 1);
    time(runner.one.bind(runner), least);
    await runner.end();
  }
  return least.reduce((a, b) => Math.max(a, b), 0);
}

function time(one: (operation: number) => unknown, least: Float64Array): void {
  for (let i = 0; i < least.length; i++) {
    const before = now();
    one(i);
    const taken = now() - before;
    if (taken < least[i]!) least[i] = taken;
  }
}

/** Memory per element: what the runner says, or what the heap has grown by. In cases that put elements in. */
async function bytes(runner: Runner, work: Work): Promise<number | null> {
  if (work.case !== "insert" && work.case !== "queue" && work.case !== "lru") return null;
  const isSaid = runner.bytes !== undefined;
  const before = isSaid ? 0 : heap();
  if (before === null) return null;
  const copies = isSaid ? 1 : Math.ceil(ELEMENTS / work.size);
  await runner.prepare(work, copies);
  if (work.case === "insert") for (let copy = 0; copy < copies; copy++) await runner.run(copy);
  const taken = isSaid ? runner.bytes!() : heap()! - before;
  await runner.end();
  return taken === null ? null : Math.max(0, taken) / (work.size * copies);
}

/** The heap and what hangs on it, after a collection; null: it cannot be known here. Unit: bytes. */
function heap(): number | null {
  if (globalThis.gc === undefined || typeof process === "undefined") return null;
  for (let i = 0; i < COLLECTIONS; i++) globalThis.gc();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
