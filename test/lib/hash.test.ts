import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { SCRATCH, structures } from "../support/structures.ts";

const boot = await structures(
  "hash_32",
  "hash_table_size",
  "hash_init",
  "hash_empty",
  "hlist_node_init",
  "hlist_first",
  "hlist_next",
  "table_add",
  "table_del",
  "table_bucket",
  "jhash",
  "jhash_3words",
  "random_below",
  "random_u32",
  "seed",
);
type Machine = ReturnType<typeof boot>;

const TABLE = SCRATCH;
const NODES = Array.from({ length: 40 }, (_, i) => SCRATCH + 0x1000 + i * 8);

/** The nodes in the bucket of a key. */
function bucket(machine: Machine, bits: number, key: number): number[] {
  const found: number[] = [];
  const head = machine.table_bucket(TABLE, bits, key);
  for (let at = machine.hlist_first(head); at; at = machine.hlist_next(at)) {
    if (at === 1) throw new Error("a node does not point back");
    found.push(at);
  }
  return found;
}

test("a hash table finds what a map would, after every operation of any sequence", () => {
  const keys = fc.array(fc.nat(0xffff_ffff), { minLength: NODES.length, maxLength: NODES.length });
  const steps = fc.array(fc.nat(NODES.length - 1), { maxLength: 100 });
  fc.assert(
    fc.property(fc.nat(6), keys, steps, (bits, keyOf, toggled) => {
      const machine = boot();
      machine.hash_init(TABLE, bits);
      for (const node of NODES) machine.hlist_node_init(node);
      const inside = new Set<number>();
      for (const i of toggled) {
        if (inside.has(i)) {
          machine.table_del(NODES[i]!);
          inside.delete(i);
        } else {
          machine.table_add(TABLE, bits, NODES[i]!, keyOf[i]!);
          inside.add(i);
        }
        expect(machine.hash_empty(TABLE, bits)).toBe(inside.size ? 0 : 1);
        NODES.forEach((node, j) => expect(bucket(machine, bits, keyOf[j]!).includes(node)).toBe(inside.has(j)));
      }
    }),
    { numRuns: 60 },
  );
});

describe("hashes spread", () => {
  /** How far counts of `samples` things in bins are from even, as the chi-squared statistic per bin. */
  function unevenness(bins: Uint32Array, samples: number): number {
    const even = samples / bins.length;
    return bins.reduce((sum, count) => sum + (count - even) ** 2 / even, 0) / bins.length;
  }

  test.each([1, 2, 4, 7, 64, 4096, 65_536, 1_048_576])("multiples of %i evenly over 256 buckets", (stride) => {
    const machine = boot();
    const [multiplied, mixed] = [new Uint32Array(256), new Uint32Array(256)];
    for (let i = 0; i < 4096; i++) {
      multiplied[machine.hash_32(i * stride, 8) >>> 0]!++;
      mixed[machine.jhash_3words(i * stride, 80, 6, 1) & 255]!++;
    }
    expect(unevenness(multiplied, 4096)).toBeLessThan(2);
    expect(unevenness(mixed, 4096)).toBeLessThan(1.5);
  });

  test("every bit of a key and of the seed changes about half of the bits of its hash", () => {
    const machine = boot();
    const bytes = new Uint8Array(machine.memory.buffer, SCRATCH, 11);
    const hash = () => machine.jhash(SCRATCH, 11, 7) >>> 0;
    const ones = (n: number) => n.toString(2).replaceAll("0", "").length;
    let changed = 0;
    for (let bit = 0; bit < 88; bit++) {
      const before = hash();
      bytes[bit >> 3]! ^= 1 << (bit & 7);
      changed += ones((before ^ hash()) >>> 0);
    }
    expect(changed / 88).toBeGreaterThan(14);
    expect(changed / 88).toBeLessThan(18);
    expect(machine.jhash(SCRATCH, 11, 8)).not.toBe(machine.jhash(SCRATCH, 11, 7));
    expect(machine.jhash(SCRATCH, 10, 7)).not.toBe(machine.jhash(SCRATCH, 11, 7));
  });

  test("no bits at all mean one bucket", () => {
    expect(boot().hash_32(12_345, 0)).toBe(0);
    expect(boot().hash_table_size(0)).toBe(4);
  });
});

describe("random numbers", () => {
  test("are the same for the same seed, and others for another", () => {
    const draw = (seed: number) => {
      const machine = boot();
      machine.seed(seed);
      return Array.from({ length: 20 }, () => machine.random_u32() >>> 0);
    };
    expect(draw(1)).toEqual(draw(1));
    expect(draw(1)).not.toEqual(draw(2));
    expect(new Set([...draw(0), ...draw(1), ...draw(2)]).size).toBe(60);
  });

  test("are those of splitmix64, computed here with big integers", () => {
    const wrap = (n: bigint) => BigInt.asUintN(64, n);
    let state = 42n;
    const machine = boot();
    machine.seed(42);
    for (let i = 0; i < 100; i++) {
      state = wrap(state + 0x9e3779b97f4a7c15n);
      let z = wrap((state ^ (state >> 30n)) * 0xbf58476d1ce4e5b9n);
      z = wrap((z ^ (z >> 27n)) * 0x94d049bb133111ebn);
      expect(machine.random_u32() >>> 0).toBe(Number((z ^ (z >> 31n)) >> 32n));
    }
  });

  test("below a ceiling stay below it and reach every value", () => {
    const machine = boot();
    for (const ceiling of [1, 2, 3, 10]) {
      const seen = new Set(Array.from({ length: 200 }, () => machine.random_below(ceiling)));
      expect([...seen].toSorted((a, b) => a - b)).toEqual(Array.from({ length: ceiling }, (_, i) => i));
    }
    expect(machine.random_below(0)).toBe(0);
  });
});
