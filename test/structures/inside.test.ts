import { describe, expect, test } from "vitest";
import { avlTree } from "../../lib/structures/avl-tree.ts";
import { bTree } from "../../lib/structures/b-tree.ts";
import { hashTable } from "../../lib/structures/hash-table.ts";
import { InsideMap } from "../../lib/structures/inside.ts";
import type { MapExports } from "../../lib/structures/number-map.ts";
import { redBlackTree } from "../../lib/structures/red-black-tree.ts";
import { redBlackTreeScript } from "../../lib/structures/script.ts";
import { skipList } from "../../lib/structures/skip-list.ts";
import { sortedArray } from "../../lib/structures/sorted-array.ts";

/** The modules of all maps, by name. */
const MODULES: Readonly<Record<string, MapExports>> = {
  redBlackTree,
  redBlackTreeScript,
  avlTree,
  bTree,
  hashTable,
  skipList,
  sortedArray,
};

const COUNT = 3000;
/** All different, in no order. */
const KEYS = Int32Array.from({ length: COUNT }, (_, i) => Math.imul(i + 1, 0x9e3779b1));

describe.each(Object.keys(MODULES))("work wholly inside of %s", (name) => {
  const exports = MODULES[name]!;

  test("finds, deletes and goes through what it has put in, as a Map does", () => {
    const model = new Map(Array.from(KEYS, (key, i) => [key, i]));
    const probes = KEYS.map((key, i) => (i % 3 === 0 ? key + 1 : key));
    using map = new InsideMap(exports, KEYS, probes);
    expect(map.insert()).toBe(COUNT);
    expect(map.find()).toBe(sum(probes, (key) => model.get(key) ?? -1));
    let chain = 0;
    for (const [key, value] of [...model].sort(([a], [b]) => a - b)) chain = (Math.imul(chain, 31) + key + value) | 0;
    // Without order there is nothing to chain.
    if (exports !== hashTable) expect(map.iterate()).toBe(chain);
    const deleted = sum(probes, (key) => Number(model.delete(key)));
    expect(map.delete()).toBe(deleted + model.size);
  });

  test("takes keys out and puts others in, round by round", () => {
    const model = new Map(Array.from(KEYS, (key, i) => [key, i]));
    const probes = Int32Array.from({ length: 800 }, (_, i) => (i % 8 < 6 ? KEYS[(i * 7) % COUNT]! : i * 2));
    using map = new InsideMap(exports, KEYS, probes);
    map.insert();
    let expected = 0;
    probes.forEach((key, i) => {
      if (i % 8 < 4) expected += model.get(key) ?? -1;
      else if (i % 8 < 6) expected += Number(model.delete(key));
      else model.set(key, i);
    });
    expect(map.churn(4, 2)).toBe(expected + model.size);
  });

  test("reads backwards, too, from below a key", () => {
    if (exports === hashTable) return; // has no order
    const map = exports.create();
    const sorted = KEYS.toSorted();
    for (const key of KEYS) exports.set_i32(map, key);
    for (const key of sorted.subarray(-10)) exports.delete_i32(map, key);
    const left = sorted.subarray(0, -10);
    const at = exports.room_take(8 * COUNT);
    const read = (from: 3 | 4 | 5, key: number) => {
      const count = exports.scan_i32(map, from, key, at, at + 4 * COUNT, COUNT);
      return new Int32Array(exports.memory.buffer, at, count).toReversed();
    };
    expect(read(3, 0)).toEqual(left);
    expect(read(4, left[500]!)).toEqual(left.subarray(0, 501));
    expect(read(5, left[500]!)).toEqual(left.subarray(0, 500));
    exports.room_give(at, 8 * COUNT);
    exports.destroy(map);
  });

  test("gives all its memory back", () => {
    const work = () => {
      using map = new InsideMap(exports, KEYS, KEYS);
      map.insert();
    };
    work();
    const before = exports.taken();
    work();
    expect(exports.taken()).toBe(before);
  });
});

function sum(keys: Int32Array, answer: (key: number) => number): number {
  return keys.reduce((total, key) => total + answer(key), 0);
}
