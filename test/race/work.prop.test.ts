import fc from "fast-check";
import { expect, test } from "vitest";
import { CASES, ORDERS } from "../../lib/race/index.ts";
import { CHANGES, FINDS, variantsOf, workOf } from "../../lib/race/work.ts";
import { checksumOf } from "../../lib/race/checksum.ts";

const heats = fc.record({
  case: fc.constantFrom(...CASES),
  size: fc.integer({ min: 4, max: 500 }).map((quarter) => quarter * 4),
  order: fc.constantFrom(...ORDERS),
});

test("the same seed makes the same work with the same checksum, and another variant another work", () => {
  fc.assert(
    fc.property(heats, fc.nat(), (heat, seed) => {
      const work = workOf(heat, seed);
      expect(workOf(heat, seed)).toEqual(work);
      expect(checksumOf(workOf(heat, seed))).toBe(checksumOf(work));
      const isSeeded = heat.order !== "sequential" && !heat.case.startsWith("ring-");
      if (isSeeded) expect(workOf(heat, seed, 1).keys).not.toEqual(work.keys);
    }),
  );
});

test("keys are all different and even, and there are as many as elements; misses lie right beside them", () => {
  fc.assert(
    fc.property(heats, fc.nat(), (heat, seed) => {
      const { keys } = workOf({ ...heat, case: "insert" }, seed);
      expect(new Set(keys).size).toBe(heat.size);
      expect(keys.every((key) => key % 2 === 0)).toBe(true);
      const { keys: there, probes } = workOf({ ...heat, case: "find-miss" }, seed);
      expect(probes.toSorted()).toEqual(there.map((key) => key + 1).sort());
    }),
  );
});

test("all that is there is looked up, and deleted, once", () => {
  fc.assert(
    fc.property(heats, fc.nat(), fc.constantFrom("find-hit", "delete"), (heat, seed, name) => {
      const { keys, probes } = workOf({ ...heat, case: name }, seed);
      expect(probes.toSorted()).toEqual(keys.toSorted());
    }),
  );
});

test("a round of churn finds what is there but for what it inserts, and the map keeps its size", () => {
  fc.assert(
    fc.property(heats, fc.nat(), (heat, seed) => {
      const { keys, probes } = workOf({ ...heat, case: "churn" }, seed);
      const there = new Set(keys);
      const round = FINDS + 2 * CHANGES;
      expect(probes.length % round).toBe(0);
      for (let at = 0; at < probes.length; at += round) {
        const found = probes.subarray(at, at + FINDS).map((key) => (there.has(key) ? 1 : 0));
        expect([...found]).toEqual([...Array(FINDS - CHANGES).fill(1), ...Array(CHANGES).fill(0)]);
        for (const key of probes.subarray(at + FINDS, at + FINDS + CHANGES)) expect(there.delete(key)).toBe(true);
        for (const key of probes.subarray(at + FINDS + CHANGES, at + round)) there.add(key);
        expect(there.size).toBe(heat.size);
      }
    }),
    { numRuns: 30 },
  );
});

test("clustered keys come in runs of neighbours, random ones do not, sequential ones are a single run", () => {
  const neighbours = (order: (typeof ORDERS)[number]) =>
    workOf({ case: "insert", size: 5000, order }, 1).keys.filter((key, i, keys) => i > 0 && key === keys[i - 1]! + 2)
      .length;
  expect(neighbours("sequential")).toBe(4999);
  expect(neighbours("random")).toBeLessThan(5);
  expect(neighbours("clustered")).toBeGreaterThan(4000);
});

test("few elements make many variants, so that no processor learns a work by heart; many make one", () => {
  expect(variantsOf({ case: "insert", size: 100, order: "random" })).toBe(64);
  expect(variantsOf({ case: "insert", size: 10_000, order: "random" })).toBe(2);
  expect(variantsOf({ case: "insert", size: 100_000, order: "random" })).toBe(1);
});
