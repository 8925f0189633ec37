import { expect, test } from "vitest";
import { InputError } from "../../lib/errors.ts";
import type { RaceResult, RaceRow } from "../../lib/race/index.ts";
import { differencesOf, readResult } from "../../lib/race/index.ts";

function rowOf(contender: string, median: number, more: Partial<RaceRow> = {}): RaceRow {
  return {
    case: "insert",
    size: 100,
    order: "random",
    contender,
    mode: "call",
    median_ns: median,
    low_ns: median - 1,
    high_ns: median + 1,
    samples: [median, median, median, median, median, median],
    operations: 1000,
    worst_ns: null,
    bytes: 21.5,
    disqualified: null,
    ...more,
  };
}

function saved(rows: readonly RaceRow[]): RaceResult {
  return {
    format: "iopath-race",
    version: 1,
    date: "2026-01-02T03:04:05.000Z",
    machine: {
      processor: "a processor",
      cores: 2,
      memory: null,
      system: "Linux",
      runtime: "Node",
      clockResolution_ns: 40,
      versions: { denque: "2.1.0" },
      flags: { "std-map": "-O2" },
    },
    seed: 1,
    isComplete: true,
    rows,
    verdicts: [],
    absent: [{ contender: "bintrees", install: "npm install bintrees" }],
  };
}

test("a race that was saved is read as it was, with its verdicts made anew", () => {
  const result = saved([rowOf("red-black-tree", 100), rowOf("js-map", 20)]);
  const read = readResult(JSON.stringify(result), "a.json");
  expect({ ...read, verdicts: [] }).toEqual(result);
  expect(read.verdicts).toMatchObject([{ kind: "beaten", ratio: 5, other: { contender: "js-map" } }]);
});

test.each([
  ["no JSON", "hello", "a race that was saved, in JSON"],
  ["a list", "[]", "an object at the top"],
  ["another file", '{"format":"journal"}', '"iopath-race"'],
  ["another version", '{"format":"iopath-race","version":2}', "1: the file is of another version"],
  ["no rows", '{"format":"iopath-race","version":1}', "a list of at most"],
])("%s is refused, and it is said what was expected", (_, text, expected) => {
  expect(() => readResult(text, "a.json")).toThrow(InputError);
  expect(() => readResult(text, "a.json")).toThrow(expected);
});

test.each([
  ["case", "sleep", "one of insert, find-hit"],
  ["mode", "fast", "one of call, batch, inside at rows[1].mode"],
  ["median_ns", "1", "a number from 0 up at rows[1].median_ns"],
  ["median_ns", -1, "a number from 0 up at rows[1].median_ns"],
  ["samples", [1, null], "a number from 0 up at rows[1].samples[1]"],
  ["contender", 7, "a text at rows[1].contender"],
])("a row whose %s is %j is refused, with its place", (name, value, expected) => {
  const text = JSON.stringify(saved([rowOf("a", 1), { ...rowOf("b", 1), [name]: value }]));
  expect(() => readResult(text, "a.json")).toThrow(expected);
});

test("of two races what both have is compared: faster, slower, or level where the intervals touch", () => {
  const before = saved([rowOf("a", 100), rowOf("b", 100), rowOf("c", 100), rowOf("gone", 1)]);
  const after = saved([rowOf("a", 50), rowOf("b", 200), rowOf("c", 101), rowOf("new", 1)]);
  expect(differencesOf(before, after)).toMatchObject([
    { contender: "a", kind: "faster", ratio: 2, before: 100, after: 50 },
    { contender: "b", kind: "slower", ratio: 2 },
    { contender: "c", kind: "level" },
  ]);
});

test("who was disqualified in one of two races is not compared", () => {
  const out = rowOf("a", 0, { median_ns: null, low_ns: null, high_ns: null, disqualified: "wrong" });
  expect(differencesOf(saved([rowOf("a", 1)]), saved([out]))).toEqual([]);
});
