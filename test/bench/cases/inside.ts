import { compile } from "../../support/asc.ts";
import { type Figure, best } from "../measure.ts";
import { native } from "../native.ts";

/** What test/assembly/bench.ts exports. */
interface Inside {
  readonly memory: WebAssembly.Memory;
  prepare(count: number): number;
  insert_all(count: number): void;
  find_all(count: number): bigint;
  erase_all(count: number): number;
  tracepoints(count: number): bigint;
}

const KEYS = 100_000;
const SEED = 1;
const SAMPLES = 15;

/** Random keys, the same that native/map.cpp makes (splitmix64). */
function fill(keys: Uint32Array, seed: number): void {
  const mask = (1n << 64n) - 1n;
  let state = BigInt(seed);
  for (let i = 0; i < keys.length; i++) {
    state = (state + 0x9e3779b97f4a7c15n) & mask;
    let z = state;
    z = ((z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n) & mask;
    z = ((z ^ (z >> 27n)) * 0x94d049bb133111ebn) & mask;
    keys[i] = Number((z ^ (z >> 31n)) >> 32n);
  }
}

/** Work that happens wholly inside Wasm: tracepoints, and the red-black tree beside C++'s std::map. */
export async function inside(): Promise<Figure[]> {
  const module = await compile("test/assembly/bench.ts");
  const imports = { env: { abort: () => {} }, trace: { stop: () => {} } };
  const wasm = (await WebAssembly.instantiate(module, imports)).exports as unknown as Inside;
  const passes = 10_000_000;
  const tracepoint = best(SAMPLES, passes, () => wasm.tracepoints(passes));
  return [
    {
      name: "a tracepoint at which nobody stops",
      value: tracepoint,
      unit: "ns",
      goal: 3,
      detail: `best of ${SAMPLES} loops of ${passes} tracepoints inside Wasm`,
    },
    ...trees(wasm),
  ];
}

/** The red-black tree beside std::map, at 10^5 random keys. */
function trees(wasm: Inside): Figure[] {
  const at = wasm.prepare(KEYS);
  fill(new Uint32Array(wasm.memory.buffer, at, KEYS), SEED);
  const ours: [number, number, number] = [Infinity, Infinity, Infinity];
  for (let i = 0; i < SAMPLES; i++) {
    wasm.prepare(KEYS);
    ours[0] = Math.min(
      ours[0],
      best(1, KEYS, () => wasm.insert_all(KEYS)),
    );
    ours[1] = Math.min(
      ours[1],
      best(1, KEYS, () => wasm.find_all(KEYS)),
    );
    ours[2] = Math.min(
      ours[2],
      best(1, KEYS, () => wasm.erase_all(KEYS)),
    );
  }
  const theirs = native("map", KEYS, SEED);
  return ["insert", "find", "erase"].map((operation, i) => {
    const mine = ours[i] ?? Number.NaN;
    const other = theirs?.[i];
    return {
      name: `red-black tree, ${operation}, beside std::map`,
      value: other === undefined ? mine : mine / other,
      unit: other === undefined ? "ns (no C++ compiler to compare with)" : "ratio",
      ...(other === undefined ? {} : { goal: 1 }),
      detail:
        `${KEYS} random keys (seed ${SEED}) in one batch: ${mine.toFixed(1)} ns` +
        (other === undefined ? "" : `, std::map at -O2 ${other.toFixed(1)} ns`),
    };
  });
}
