import type { Program, Sys } from "../../lib/index.ts";
import type { PendingCall } from "../../lib/machine/call.ts";

/** One step of a stream: what is called, the slot that holds the memory, and its arguments. */
export type Step =
  | readonly ["m" | "c" | "r", slot: number, bytes: number]
  | readonly ["a", slot: number, alignment: number, bytes: number]
  | readonly ["f", slot: number];

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

/** Sizes of a kind: a stream has its favourites, so that chunks are used again. Unit: bytes. */
const SIZES: readonly ((random: (below: number) => number) => number)[] = [
  (random) => random(120),
  (random) => 8 + 16 * random(20),
  (random) => random(1100),
  (random) => 900 + random(4000),
  (random) => 1000 + 512 * random(200),
  (random) => random(140_000),
  (random) => 100_000 + random(700_000),
  (random) => [24, 40, 1000, 1032, 1033, 2000, 5000, 70_000][random(8)]!,
];

/** A random stream of allocations. @param length  number of steps. */
export function streamOf(seed: number, length: number): Step[] {
  const random = randomFrom(seed);
  const slots = 4 + random(60);
  const held = new Set<number>();
  const kinds = [random(SIZES.length), random(SIZES.length), random(4)];
  const frees = 2 + random(5);
  const size = () => SIZES[kinds[random(kinds.length)]!]!(random);
  return Array.from({ length }, (): Step => {
    const slot = random(slots);
    if (held.has(slot)) {
      // An empty realloc() would free, and the memory is 0 then.
      if (random(8) === 0) return ["r", slot, 1 + size()];
      held.delete(slot);
      return ["f", slot];
    }
    if (random(10) < frees && held.size > 0) {
      const other = [...held][random(held.size)]!;
      held.delete(other);
      return ["f", other];
    }
    held.add(slot);
    const way = random(20);
    if (way === 0) return ["a", slot, 16 << random(8), size()];
    if (way <= 2) return ["c", slot, size()];
    return ["m", slot, size()];
  });
}

/** A stream as the C program reads it. */
export function textOf(stream: readonly Step[]): string {
  return `${stream.map((step) => step.join(" ")).join("\n")}\n\n`;
}

function* perform(sys: Sys, step: Step, memory: number): Generator<PendingCall, number, number> {
  switch (step[0]) {
    case "m":
      return yield* sys.malloc(step[2]);
    case "c":
      return yield* sys.calloc(1, step[2]);
    case "r":
      return yield* sys.realloc(memory, step[2]);
    case "a":
      return yield* sys.aligned_alloc(step[2], step[3]);
    default:
      yield* sys.free(memory);
      return 0;
  }
}

/** A program that runs a stream and returns what the C program prints, line by line. @param look  is called after every step. */
export function programOf(stream: readonly Step[], look: () => void = () => {}): Program {
  return function* (sys) {
    const slots = new Map<number, number>();
    const base = yield* sys.brk(0);
    const lines: string[] = [];
    for (const step of stream) {
      const memory = yield* perform(sys, step, slots.get(step[1]) ?? 0);
      look();
      slots.set(step[1], memory);
      const usable = yield* sys.malloc_usable_size(memory);
      const end = yield* sys.brk(0);
      const where = memory === 0 ? "0" : memory > 0x7000_0000_0000 ? "M" : (memory - base).toString(16);
      lines.push(`${where} ${usable.toString(16)} ${(end - base).toString(16)}`);
    }
    return lines;
  };
}
