import fc from "fast-check";
import { expect, test } from "vitest";
import { SCRATCH, structures } from "../support/structures.ts";

const boot = await structures(
  "boot",
  "array_init",
  "array_empty",
  "array_load",
  "array_store",
  "array_erase",
  "array_find",
  "array_find_after",
  "array_set_mark",
  "array_clear_mark",
  "array_get_mark",
  "array_marked",
  "array_find_marked",
  "array_check",
  "array_break",
  "array_nodes",
  "fail_objects_after",
  "slab_check",
);
type Machine = ReturnType<typeof boot>;

const ARRAY = SCRATCH;
const LAST = 0xffff_ffff;

function machineWithArray(): Machine {
  const machine = boot();
  expect(machine.boot(0)).toBe(1);
  machine.array_init(ARRAY);
  return machine;
}

/** Indices that are often neighbours, often share a node, and often lie at the ends. */
const index = fc.oneof(
  fc.nat(130),
  fc.constantFrom(63, 64, 4095, 4096, 262_143, 262_144, 2 ** 30 - 1, 2 ** 30, LAST - 1, LAST),
  fc.nat(LAST),
);

/** Compares the whole array with the model, by loads and by walking it. */
function compare(machine: Machine, model: Map<number, number>): void {
  const nodes = machine.array_check(ARRAY);
  expect(nodes === 0 || nodes > 16, `array_check() said ${nodes}`).toBe(true);
  expect(machine.array_nodes()).toBe(nodes ? nodes - 16 : 0);
  expect(machine.array_empty(ARRAY)).toBe(model.size ? 0 : 1);
  const walked: number[] = [];
  for (let at = machine.array_find(ARRAY, 0, LAST); at >= 0; at = machine.array_find_after(ARRAY, at, LAST)) {
    walked.push(at);
    if (walked.length > model.size) break;
  }
  expect(walked).toEqual([...model.keys()].toSorted((a, b) => a - b));
  for (const at of walked) expect(machine.array_load(ARRAY, at) >>> 0).toBe(model.get(at));
}

test("a sparse array is what a map would be, after every operation of any sequence, and wastes no node", () => {
  const step = fc.tuple(fc.constantFrom("store", "store", "erase", "load", "find"), index, index);
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const machine = machineWithArray();
      const model = new Map<number, number>();
      for (const [operation, at, other] of steps) {
        if (operation === "store") {
          expect(machine.array_store(ARRAY, at, other)).toBe(0);
          if (other) model.set(at, other);
          else model.delete(at);
        } else if (operation === "erase") {
          const chosen = [...model.keys()][other % (model.size || 1)] ?? at;
          expect(machine.array_erase(ARRAY, chosen) >>> 0).toBe(model.get(chosen) ?? 0);
          model.delete(chosen);
        } else if (operation === "load") {
          expect(machine.array_load(ARRAY, at) >>> 0).toBe(model.get(at) ?? 0);
        } else {
          const [low, high] = [Math.min(at, other), Math.max(at, other)];
          const found = [...model.keys()].filter((key) => key >= low && key <= high);
          expect(machine.array_find(ARRAY, low, high)).toBe(found.length ? Math.min(...found) : -1);
        }
        compare(machine, model);
      }
      expect(machine.slab_check()).toBe(0);
    }),
    { numRuns: 150 },
  );
});

test("marks are what sets of indices would be, after every operation of any sequence", () => {
  const operations = ["store", "store", "erase", "mark", "mark", "mark", "clear", "find"];
  const step = fc.tuple(fc.constantFrom(...operations), index, index, fc.nat(1));
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
      const machine = machineWithArray();
      const model = new Map<number, number>();
      const marks = [new Set<number>(), new Set<number>()];
      for (const [operation, at, other, mark] of steps) {
        const chosen = [...model.keys()][other % (model.size || 1)] ?? at;
        const marked = marks[mark]!;
        if (operation === "store") {
          machine.array_store(ARRAY, at, 8);
          model.set(at, 8);
        } else if (operation === "erase") {
          machine.array_erase(ARRAY, chosen);
          model.delete(chosen);
          for (const set of marks) set.delete(chosen);
        } else if (operation === "mark") {
          const which = other % 5 === 0 ? at : chosen;
          machine.array_set_mark(ARRAY, which, mark);
          if (model.has(which)) marked.add(which);
        } else if (operation === "clear") {
          const which = [...marked][at % (marked.size || 1)] ?? at;
          machine.array_clear_mark(ARRAY, which, mark);
          marked.delete(which);
        } else {
          const [low, high] = [Math.min(at, other), Math.max(at, other)];
          const found = [...marked].filter((key) => key >= low && key <= high);
          expect(machine.array_find_marked(ARRAY, low, high, mark)).toBe(found.length ? Math.min(...found) : -1);
        }
        compare(machine, model);
        marks.forEach((set, which) => {
          expect(machine.array_marked(ARRAY, which)).toBe(set.size ? 1 : 0);
          for (const key of model.keys()) expect(machine.array_get_mark(ARRAY, key, which)).toBe(set.has(key) ? 1 : 0);
        });
      }
    }),
    { numRuns: 150 },
  );
});

test("a store that runs out of memory at any of its allocations leaves the array as it was", () => {
  for (const before of [[], [0], [5, 4096], [LAST]]) {
    for (const at of [0, 70, 5000, 2 ** 30, LAST - 64, LAST]) {
      const machine = machineWithArray();
      const model = new Map(before.map((key) => [key, (key >>> 1) + 8]));
      for (const [key, entry] of model) machine.array_store(ARRAY, key, entry);
      let failures = 0;
      for (let result = -12; result !== 0; failures++) {
        expect(failures).toBeLessThan(12);
        machine.fail_objects_after(failures + 1);
        result = machine.array_store(ARRAY, at, 99);
        machine.fail_objects_after(0);
        if (result === 0) model.set(at, 99);
        else expect(result).toBe(-12);
        compare(machine, model);
      }
    }
  }
});

test("a wrong count of entries is noticed", () => {
  const machine = machineWithArray();
  machine.array_store(ARRAY, 7, 1);
  machine.array_break(ARRAY);
  expect(machine.array_check(ARRAY)).toBe(4);
});
