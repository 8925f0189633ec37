import { expect, test } from "vitest";
import type { Mode, RaceRow } from "../../lib/race/index.ts";
import { CASES, CASE_WORDS, verdictWords, verdictsOf } from "../../lib/race/index.ts";
import { racer } from "./racers.ts";

const CONTENDERS = [racer("ours", { isSubject: true }), racer("fast"), racer("slow"), racer("level")];

function rowOf(contender: string, mode: Mode, median: number, more: Partial<RaceRow> = {}): RaceRow {
  const [low_ns, high_ns] = [median * 0.9, median * 1.1];
  const samples = Array<number>(9).fill(median);
  const rest = { operations: 1, worst_ns: null, bytes: null, disqualified: null };
  const heat = { case: "insert", size: 10_000, order: "random" } as const;
  return { ...heat, contender, mode, median_ns: median, low_ns, high_ns, samples, ...rest, ...more };
}

function kinds(rows: readonly RaceRow[]): string[] {
  return verdictsOf(rows, CONTENDERS).map(
    ({ kind, subject, other }) => `${kind}: ${subject.mode} against ${other.contender} ${other.mode}`,
  );
}

test("what beats the subject comes first, then what is level, then what it beats", () => {
  const rows = [rowOf("ours", "call", 100), rowOf("slow", "call", 300), rowOf("level", "call", 105)];
  expect(kinds([...rows, rowOf("fast", "call", 50)])).toEqual([
    "beaten: call against fast call",
    "level: call against level call",
    "ahead: call against slow call",
  ]);
});

test("of those that beat the subject the fastest comes first; of those that it beats the closest", () => {
  const rows = [rowOf("ours", "call", 100), rowOf("fast", "call", 50), rowOf("level", "call", 20)];
  expect(verdictsOf(rows, CONTENDERS).map(({ other }) => other.contender)).toEqual(["level", "fast"]);
  const behind = [rowOf("ours", "call", 10), rowOf("slow", "call", 80), rowOf("level", "call", 20)];
  expect(verdictsOf(behind, CONTENDERS).map(({ other }) => other.contender)).toEqual(["level", "slow"]);
});

test("a mode of the subject is compared with the same mode of the other, or else with its fastest", () => {
  const rows = [rowOf("ours", "call", 100), rowOf("ours", "batch", 40), rowOf("fast", "call", 90)];
  expect(kinds([...rows, rowOf("fast", "inside", 5)])).toEqual([
    "beaten: batch against fast inside",
    "level: call against fast call",
  ]);
});

test("nothing is said of other heats, of the disqualified, and of fewer than six samples", () => {
  const ours = rowOf("ours", "call", 100);
  expect(kinds([ours, rowOf("fast", "call", 1, { size: 1000 })])).toEqual([]);
  expect(kinds([ours, rowOf("fast", "call", 1, { median_ns: null, disqualified: "wrong" })])).toEqual([]);
  expect(kinds([ours, rowOf("fast", "call", 1, { samples: [1, 1, 1, 1, 1] })])).toEqual([]);
});

test("a verdict is told in both languages, with the ratio of the run", () => {
  const titleOf = (id: string) => `the ${id}`;
  const [beaten] = verdictsOf([rowOf("ours", "call", 100), rowOf("fast", "call", 40)], CONTENDERS);
  expect(verdictWords(beaten!, "en", titleOf)).toBe(
    "insert, 10,000 elements, random keys: the fast (per call) is 2.50 times as fast as the ours (per call).",
  );
  expect(verdictWords(beaten!, "zh-CN", titleOf)).toBe(
    "插入，10,000 个元素，随机键：the fast（逐次调用）的速度是the ours（逐次调用）的 2.50 倍。",
  );
  const [ahead] = verdictsOf([rowOf("ours", "call", 100), rowOf("slow", "call", 250)], CONTENDERS);
  expect(verdictWords(ahead!, "en", titleOf)).toContain("the ours (per call) is 2.50 times as fast as the slow");
  const [level] = verdictsOf([rowOf("ours", "call", 100), rowOf("level", "call", 101)], CONTENDERS);
  expect(verdictWords(level!, "en", titleOf)).toContain("cannot be told apart");
  expect(verdictWords(level!, "zh-CN", titleOf)).toContain("分不出快慢");
});

test("every case has words in both languages", () => {
  for (const name of CASES) expect(CASE_WORDS[name]["zh-CN"]).toMatch(/\p{Script=Han}/u);
});
