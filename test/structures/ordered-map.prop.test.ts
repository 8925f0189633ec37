import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { AvlTree } from "../../lib/structures/avl-tree.ts";
import { BTree } from "../../lib/structures/b-tree.ts";
import { HashTable } from "../../lib/structures/hash-table.ts";
import type { KeyKind, MapOptions, NumberMap } from "../../lib/structures/number-map.ts";
import { OrderedMap } from "../../lib/structures/ordered-map.ts";
import { RedBlackTree } from "../../lib/structures/red-black-tree.ts";
import { RedBlackTreeScript } from "../../lib/structures/script.ts";
import { SkipList } from "../../lib/structures/skip-list.ts";
import { SortedArray } from "../../lib/structures/sorted-array.ts";

/** All maps, by name. */
const MAPS: Readonly<Record<string, new <V>(options?: MapOptions) => NumberMap<V>>> = {
  RedBlackTree,
  RedBlackTreeScript,
  AvlTree,
  BTree,
  HashTable,
  SkipList,
  SortedArray,
};

/** What the map should be. */
class Model {
  readonly map = new Map<number, string>();

  get sorted(): [number, string][] {
    return [...this.map].sort(([a], [b]) => a - b);
  }
}

const keyOf = (kind: KeyKind): fc.Arbitrary<number> =>
  kind === "int32"
    ? fc.oneof(fc.integer({ min: -20, max: 20 }), fc.integer())
    : fc.oneof(fc.integer({ min: -20, max: 20 }), fc.double({ noNaN: true }));

type Command = fc.Command<Model, NumberMap<string>>;

/** One call, checked against the model. */
function call(name: string, run: (model: Model, real: NumberMap<string>) => void): Command {
  return { check: () => true, run, toString: () => name };
}

function commands(kind: KeyKind): fc.Arbitrary<Command>[] {
  const key = keyOf(kind);
  const keys = fc.oneof(
    fc.array(key, { maxLength: 20 }),
    // Beyond 512 keys a batch is sorted first.
    fc.integer({ min: 500, max: 900 }).chain((length) => fc.array(key, { minLength: length, maxLength: length })),
  );
  return [
    fc.tuple(key, fc.string({ maxLength: 3 })).map(([k, v]) =>
      call(`set(${k}, ${v})`, (model, real) => {
        model.map.set(k, v);
        expect(real.set(k, v)).toBe(real);
      }),
    ),
    key.map((k) => call(`get(${k})`, (model, real) => expect(real.get(k)).toBe(model.map.get(k)))),
    key.map((k) => call(`has(${k})`, (model, real) => expect(real.has(k)).toBe(model.map.has(k)))),
    key.map((k) => call(`delete(${k})`, (model, real) => expect(real.delete(k)).toBe(model.map.delete(k)))),
    keys.map((all) =>
      call(`setMany(${all.length})`, (model, real) => {
        const values = all.map((k, i) => `${k} ${i}`);
        all.forEach((k, i) => model.map.set(k, values[i]!));
        real.setMany(all, values);
      }),
    ),
    keys.map((all) =>
      call(`getMany(${all.length})`, (model, real) => {
        expect(real.getMany(all)).toEqual(all.map((k) => model.map.get(k)));
        expect([...real.hasMany(all)]).toEqual(all.map((k) => Number(model.map.has(k))));
      }),
    ),
    keys.map((all) =>
      call(`deleteMany(${all.length})`, (model, real) => {
        expect(real.deleteMany(all)).toBe(all.filter((k) => model.map.delete(k)).length);
      }),
    ),
    key.map((k) =>
      call(`neighbours of ${k}`, (model, real) => {
        const { sorted } = model;
        if (!(real instanceof OrderedMap)) return;
        expect(real.first()).toEqual(sorted[0]);
        expect(real.last()).toEqual(sorted.at(-1));
        expect(real.lowerBound(k)).toEqual(sorted.find(([other]) => other >= k));
        expect(real.upperBound(k)).toEqual(sorted.find(([other]) => other > k));
        expect(real.floor(k)).toEqual(sorted.findLast(([other]) => other <= k));
        expect([...real.entries(k)]).toEqual(sorted.filter(([other]) => other >= k));
      }),
    ),
    fc.constant(
      call("clear()", (model, real) => {
        model.map.clear();
        real.clear();
      }),
    ),
  ];
}

/** What a map holds: in its own order, if that of the keys is promised. */
function inOrder<V>(map: NumberMap<V>): [number, V][] {
  return map instanceof OrderedMap ? [...map] : [...map].sort(([a], [b]) => a - b);
}

describe.each(Object.keys(MAPS))("%s", (name) => {
  const MapClass = MAPS[name]!;

  test.each(["int32", "float64"] as const)("with keys of %s does what a sorted Map does", (kind) => {
    fc.assert(
      fc.property(fc.commands(commands(kind), { maxCommands: 60 }), (run) => {
        using real = new MapClass<string>({ keys: kind });
        const model = new Model();
        fc.modelRun(() => ({ model, real }), run);
        expect(inOrder(real)).toEqual(model.sorted);
        const visited: [number, string][] = [];
        const maps = new Set<unknown>();
        real.forEach((value, key, map) => {
          maps.add(map);
          visited.push([key, value]);
        });
        expect([...maps].every((map) => map === real)).toBe(true);
        expect(visited).toEqual([...real]);
        expect([...real.keys()]).toEqual(visited.map(([key]) => key));
        expect([...real.values()]).toEqual(visited.map(([, value]) => value));
        expect(real.size).toBe(model.map.size);
      }),
      { numRuns: 60 },
    );
  });

  test("gives all its memory back", () => {
    const keys = Float64Array.from({ length: 5000 }, (_, i) => (i * 7919) % 5000);
    const before = new MapClass();
    before[Symbol.dispose]();
    const { bytes } = filled();
    const again = filled();
    expect(again.bytes).toBe(bytes);
    again.clear();
    expect(again.bytes).toBe(0);

    function filled(): NumberMap<undefined> {
      return new MapClass<undefined>().setMany(keys);
    }
  });

  test("is right with many keys, while it grows, shrinks and grows again, one by one and in batches", () => {
    using map = new MapClass<number>({ keys: "int32" });
    const keys = Int32Array.from({ length: 20_000 }, (_, i) => Math.imul(i, 0x9e3779b1));
    const model = new Map<number, number>();
    const check = () => {
      const sorted = [...model].sort(([a], [b]) => a - b);
      expect(inOrder(map)).toEqual(sorted);
      if (map instanceof OrderedMap) expect([map.first(), map.last()]).toEqual([sorted[0], sorted.at(-1)]);
    };
    const put = (key: number, value: number) => void model.set(key, value);
    for (const [i, key] of keys.entries()) map.set(key, i);
    keys.forEach(put);
    check();
    for (const key of keys.subarray(0, 19_000)) expect(map.delete(key)).toBe(model.delete(key));
    check();
    map.setMany(keys, Array.from(keys.keys()));
    keys.forEach(put);
    check();
    const some = keys.filter((_, i) => i % 16 !== 5);
    expect(map.deleteMany(some)).toBe(some.length);
    some.forEach((key) => model.delete(key));
    check();
    // In order, and against it.
    for (let i = -9000; i < 9000; i++) map.set(i, i);
    for (let i = 20_000; i >= 9000; i--) map.set(i, i);
    for (let i = -9000; i <= 20_000; i++) model.set(i, i);
    check();
    const greatest = [...model.keys()].sort((a, b) => b - a).slice(0, 100);
    for (const key of greatest) expect(map.delete(key)).toBe(model.delete(key));
    check();
    for (let i = -9000; i < 20_000; i++) expect(map.delete(i)).toBe(model.delete(i));
    check();
  });

  test.each([Number.NaN, "1", 1n, null, undefined, {}])("refuses %o as a key, and is as it was", (wrong) => {
    using map = new MapClass<number>();
    map.set(1, 1);
    expect(() => map.set(wrong as number, 2)).toThrow(TypeError);
    expect(() => map.get(wrong as number)).toThrow(/a key is a number/);
    expect(() => map.setMany([1, wrong as number], [5, 6])).toThrow(TypeError);
    expect([...map]).toEqual([[1, 1]]);
  });

  test.each([0.5, 2 ** 31, -(2 ** 31) - 1, Infinity])("with whole keys refuses %d", (wrong) => {
    using map = new MapClass({ keys: "int32" });
    expect(() => map.add(wrong)).toThrow(/whole number/);
    expect(() => map.setMany([wrong])).toThrow(/whole number/);
    expect(map.size).toBe(0);
  });

  test("is of no use any more once it was disposed of", () => {
    const map = new MapClass<number>().set(1, 2);
    map[Symbol.dispose]();
    map[Symbol.dispose]();
    expect(() => map.get(1)).toThrow("disposed");
    expect(() => map.setMany([1], [1])).toThrow("disposed");
  });

  test.each([new Set([1]), [1][Symbol.iterator](), 5, null, "1"])("refuses %o as a batch of keys", (wrong) => {
    using map = new MapClass<number>();
    for (const act of ["setMany", "getMany", "hasMany", "deleteMany"] as const) {
      expect(() => map[act](wrong as never)).toThrow(/keys of a batch are in an array or a typed array/);
    }
    expect(map.size).toBe(0);
  });

  test("refuses other kinds of keys, and values of another number than keys", () => {
    expect(() => new MapClass({ keys: "text" as KeyKind })).toThrow(/"float64" or "int32", not "text"/);
    using map = new MapClass<number>();
    expect(() => map.setMany([1, 2], [1])).toThrow("2 keys, but 1 values");
  });
});
