import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { SCRATCH, structures } from "../support/structures.ts";

const boot = await structures(
  "rb_check",
  "rb_insert",
  "rb_erase",
  "rb_replace",
  "rb_find",
  "rb_set_key",
  "rb_key",
  "rb_item_size",
  "rb_leftmost",
  "rb_lowest",
  "rb_highest",
  "rb_after",
  "rb_before",
  "rb_parent",
  "rb_postorder",
  "rb_after_postorder",
  "rb_break",
  "rb_all_orders",
);
type Machine = ReturnType<typeof boot>;

const ROOT = SCRATCH;
const ITEMS = SCRATCH + 0x2000;

/** Makes an item with a key and inserts it. Returns its address. */
function insert(machine: Machine, place: number, key: number): number {
  const item = ITEMS + place * machine.rb_item_size();
  machine.rb_set_key(item, key);
  machine.rb_insert(ROOT, item);
  return item;
}

/** Addresses from one that a function gives to where another says that it ends. */
function sequence(first: number, next: (at: number) => number): number[] {
  const found: number[] = [];
  for (let at = first; at; at = next(at)) found.push(at);
  return found;
}

/** Compares every way through the tree with the keys that should be in it. */
function compare(machine: Machine, byKey: Map<number, number>): void {
  expect(machine.rb_check(ROOT, byKey.size)).toBe(0);
  const sorted = [...byKey.keys()].toSorted((a, b) => a - b).map((key) => byKey.get(key)!);
  expect(sequence(machine.rb_lowest(ROOT), machine.rb_after)).toEqual(sorted);
  expect(sequence(machine.rb_highest(ROOT), machine.rb_before)).toEqual(sorted.toReversed());
  expect(machine.rb_leftmost(ROOT)).toBe(sorted[0] ?? 0);
  const postorder = sequence(machine.rb_postorder(ROOT), machine.rb_after_postorder);
  expect(postorder.toSorted((a, b) => a - b)).toEqual(sorted.toSorted((a, b) => a - b));
  for (const [i, item] of postorder.entries()) {
    const parent = machine.rb_parent(item);
    if (parent) expect(postorder.indexOf(parent)).toBeGreaterThan(i);
  }
}

describe("exhaustively", () => {
  // n! orders of insertion, each with n checks, and one check for every beginning of an order of erasure.
  const CHECKS = [2, 12, 108, 1_632, 39_600, 1_412_640, 69_078_240];

  test.each(CHECKS.map((checks, i) => [i + 1, checks] as const))(
    "trees of %i keys are right after every insertion and erasure in every order (%i checks)",
    (keys, checks) => {
      expect(boot().rb_all_orders(keys)).toBe(checks);
    },
    60_000,
  );
});

test("a tree is what a sorted array would be, after every operation of any sequence", () => {
  const step = fc.tuple(fc.constantFrom("insert", "erase", "replace"), fc.nat(40));
  fc.assert(
    fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
      const machine = boot();
      const byKey = new Map<number, number>();
      let places = 0;
      for (const [operation, key] of steps) {
        const item = byKey.get(key);
        expect(machine.rb_find(ROOT, key)).toBe(item ?? 0);
        if (operation === "insert" && !item) {
          byKey.set(key, insert(machine, places++, key));
        } else if (operation === "erase" && item) {
          machine.rb_erase(ROOT, item);
          byKey.delete(key);
        } else if (operation === "replace" && item) {
          const other = ITEMS + places++ * machine.rb_item_size();
          machine.rb_set_key(other, key);
          machine.rb_replace(ROOT, item, other);
          byKey.set(key, other);
        }
        compare(machine, byKey);
      }
    }),
    { numRuns: 150 },
  );
});

test("a thousand keys go in and out in any order, with every tree right", () => {
  const keys = fc.uniqueArray(fc.nat(0xffff_ffff), { minLength: 1000, maxLength: 1000 });
  fc.assert(
    fc.property(keys, fc.array(fc.nat(), { minLength: 1000, maxLength: 1000 }), (inserted, choices) => {
      const machine = boot();
      const items = inserted.map((key, i) => {
        const item = insert(machine, i, key);
        expect(machine.rb_check(ROOT, i + 1)).toBe(0);
        return item;
      });
      for (const choice of choices) {
        const [item] = items.splice(choice % items.length, 1);
        machine.rb_erase(ROOT, item!);
        expect(machine.rb_check(ROOT, items.length)).toBe(0);
      }
    }),
    { numRuns: 5 },
  );
});

describe("the checker notices", () => {
  /** Seven keys: the root 3, black children 1 and 5, red leaves. */
  function seven(): { machine: Machine; items: number[] } {
    const machine = boot();
    const items = [3, 1, 5, 0, 2, 4, 6].map((key, i) => insert(machine, i, key));
    expect(machine.rb_check(ROOT, 7)).toBe(0);
    return { machine, items };
  }

  test("a red root", () => {
    const { machine, items } = seven();
    machine.rb_break(items[0]!, 1);
    expect(machine.rb_check(ROOT, 7)).toBe(1);
  });

  test("a wrong parent", () => {
    const { machine, items } = seven();
    machine.rb_break(items[3]!, 16);
    expect(machine.rb_check(ROOT, 7)).toBe(2);
  });

  test("keys out of order", () => {
    const { machine, items } = seven();
    machine.rb_set_key(items[4]!, 9);
    expect(machine.rb_check(ROOT, 7)).toBe(3);
  });

  test("a red child of a red node", () => {
    const { machine, items } = seven();
    machine.rb_break(items[1]!, 1);
    expect(machine.rb_check(ROOT, 7)).toBe(4);
  });

  test("a path with too many black nodes", () => {
    const { machine, items } = seven();
    machine.rb_break(items[6]!, 1);
    expect(machine.rb_check(ROOT, 7)).toBe(5);
  });

  test("another number of nodes", () => {
    const { machine } = seven();
    expect(machine.rb_check(ROOT, 6)).toBe(6);
    expect(machine.rb_check(ROOT, 8)).toBe(6);
  });

  test("a wrong leftmost node", () => {
    const { machine, items } = seven();
    new Uint32Array(machine.memory.buffer)[(ROOT + 4) / 4] = items[0]!;
    expect(machine.rb_check(ROOT, 7)).toBe(7);
  });
});
