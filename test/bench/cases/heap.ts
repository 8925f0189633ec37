import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { compile } from "../../support/asc.ts";
import { type Figure, best } from "../measure.ts";
import { native, nativeFolder } from "../native.ts";
import { RawMachine } from "../raw.ts";

/** What test/assembly/loops/heap.ts exports besides the kernel's own functions. */
interface Heap {
  room(order: number): number;
  stream(calls: number, count: number, slots: number): number;
  begin_shared(): number;
  copy_and_drop(pointer: number, count: number): number;
}

const SAMPLES = 50;
/** Calls of a stream. */
const CALLS = 60_000;
/** Frames of the kernel's for a stream and for its slots, each 2^ORDER of 4096 bytes. */
const ORDER = 6;
const SLOTS = 1000;
const SEED = 1;
const COPIES = 100_000;

/** Random numbers from a seed: splitmix32. */
function randomFrom(seed: number): (below: number) => number {
  let state = seed | 0;
  return (below) => {
    state = (state + 0x9e3779b9) | 0;
    let z = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return Math.floor((((z ^ (z >>> 15)) >>> 0) / 0x1_0000_0000) * below);
  };
}

const allocate = (slot: number, bytes: number) => (slot << 20) | bytes;
const release = (slot: number) => slot << 20;

/** Allocates 40 bytes and frees them, again and again: the tcache has them. */
function pairs(): Uint32Array {
  return Uint32Array.from({ length: CALLS }, (_, i) => (i % 2 === 0 ? allocate(0, 40) : release(0)));
}

/** Up to 1000 chunks of 16 to 20,000 bytes, mostly small ones, that live for a while. In the end nothing is left. */
function mixed(): Uint32Array {
  const random = randomFrom(SEED);
  const held = new Set<number>();
  const calls: number[] = [];
  const sizes = [() => 16 + random(112), () => 16 + random(112), () => 16 + random(1000), () => 1000 + random(19_000)];
  while (calls.length + held.size < CALLS) {
    const slot = random(SLOTS);
    calls.push(held.delete(slot) ? release(slot) : (held.add(slot), allocate(slot, sizes[random(4)]!())));
  }
  calls.push(...[...held].map(release));
  return Uint32Array.from(calls);
}

/** One stream of calls, here and in glibc. An allocation and a freeing are two calls. */
function beside(heap: Heap, memory: WebAssembly.Memory, name: string, calls: Uint32Array): Figure {
  const [at, slots] = [heap.room(ORDER), heap.room(ORDER)];
  new Uint32Array(memory.buffer, at, calls.length).set(calls);
  const ours = 2 * best(SAMPLES, calls.length, () => heap.stream(at, calls.length, slots));
  if (heap.stream(at, calls.length, slots) !== calls.length) throw new Error(`${name}: the library was stopped`);
  mkdirSync(nativeFolder, { recursive: true });
  const file = join(nativeFolder, "heap.calls");
  writeFileSync(file, calls);
  const glibc = native("heap", file)?.[0];
  const detail = `${calls.length} calls, best of ${SAMPLES}: ${ours.toFixed(1)} ns for an allocation and a freeing`;
  return glibc === undefined
    ? { name: `${name}, allocate + free`, value: ours, unit: "ns (no C++ compiler to compare with)", detail }
    : {
        name: `${name}, allocate + free, beside glibc`,
        value: ours / (2 * glibc),
        unit: "ratio",
        goal: 1.5,
        detail: `${detail}, glibc ${(2 * glibc).toFixed(1)} ns`,
      };
}

/** A shared_ptr that is copied and dropped, beside libstdc++'s. */
function sharedPointer(heap: Heap): Figure {
  const pointer = heap.begin_shared();
  const ours = best(SAMPLES, COPIES, () => heap.copy_and_drop(pointer, COPIES));
  if (heap.copy_and_drop(pointer, 1) !== 1) throw new Error("the library was stopped");
  const theirs = native("shared", COPIES)?.[0];
  return {
    name: "a shared_ptr is copied and dropped",
    value: ours,
    unit: "ns",
    goal: 5,
    detail: `best of ${SAMPLES} loops of ${COPIES}${theirs === undefined ? "" : `; libstdc++ at -O2: ${theirs.toFixed(1)} ns`}`,
  };
}

/** The C library's heap and C++'s shared_ptr, in the program's memory, from loops inside Wasm. */
export async function heap(): Promise<Figure[]> {
  const { engine } = await RawMachine.boot({}, await compile("test/assembly/loops/heap.ts"));
  const functions = engine.exports as unknown as Heap;
  const { memory } = engine.exports;
  return [
    beside(functions, memory, "chunks of one size", pairs()),
    beside(functions, memory, "a mixed stream", mixed()),
    sharedPointer(functions),
  ];
}
