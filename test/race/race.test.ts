import { expect, test } from "vitest";
import { MAP_CASES, absent, racer, surroundingsOf } from "./racers.ts";
import type { Contender, RaceOptions, RaceResult, RaceRow } from "../../lib/race/index.ts";
import { heatsOf, race } from "../../lib/race/index.ts";

const small: RaceOptions = {
  cases: ["find-hit"],
  sizes: [100],
  orders: ["random"],
  seed: 1,
  samples: 6,
  budget: 1000,
  contenders: null,
};

/** Limit of a test that runs many heats: the machine may have other things to do. Unit: ms. */
const LONG = 60_000;

function run(contenders: readonly Contender[], options: Partial<RaceOptions> = {}): Promise<RaceResult> {
  return race({ ...small, ...options }, surroundingsOf(contenders), contenders);
}

function rowOf({ rows }: RaceResult, id: string): RaceRow {
  return rows.find(({ contender }) => contender === id)!;
}

test("a plain Map comes to the checksum of every case of maps, in every order of keys", { timeout: LONG }, async () => {
  const orders = ["sequential", "random", "clustered"] as const;
  const result = await run([racer("map")], { cases: MAP_CASES, orders, sizes: [1000] });
  expect(result.rows.map(({ disqualified }) => disqualified)).toEqual(Array(18).fill(null));
  expect(result.isComplete).toBe(true);
});

test(
  "a contender that does its work thirty times is found slower, whoever the race is about",
  { timeout: LONG },
  async () => {
    const [plain, slow] = [racer("plain", { isSubject: true }), racer("slow", { times: 30 })];
    const ahead = await run([plain, slow], { sizes: [1000], samples: 15 });
    expect(ahead.verdicts).toMatchObject([
      { kind: "ahead", subject: { contender: "plain" }, other: { contender: "slow" } },
    ]);
    const subject = racer("slow", { times: 30, isSubject: true });
    const beaten = await run([racer("plain"), subject], { sizes: [1000], samples: 15 });
    expect(beaten.verdicts).toMatchObject([{ kind: "beaten", subject: { contender: "slow" } }]);
  },
);

test(
  "two copies of the same contender are not found different by the same side again and again",
  { timeout: LONG },
  async () => {
    // Intervals of 95 % that do not touch come by chance once in two hundred times: five times on one side never do.
    const kinds = new Set<string>();
    for (let seed = 1; seed <= 5; seed++) {
      const copies = [racer("one", { isSubject: true }), racer("other")];
      const { verdicts } = await run(copies, { seed, sizes: [1000], samples: 15 });
      kinds.add(verdicts[0]!.kind);
    }
    expect([...kinds]).not.toEqual(["ahead"]);
    expect([...kinds]).not.toEqual(["beaten"]);
  },
);

test("who answers wrongly is disqualified, with what was wrong, and has no time", async () => {
  const result = await run([racer("right"), racer("wrong", { wrongAt: 1 })]);
  expect(rowOf(result, "right").disqualified).toBeNull();
  expect(rowOf(result, "wrong")).toMatchObject({ median_ns: null, low_ns: null, high_ns: null });
  expect(rowOf(result, "wrong").disqualified).toMatch(/^its answers make -?\d+, and not -?\d+$/);
});

test("one wrong answer among many right ones disqualifies, and keeps the samples that there were", async () => {
  let runs = 0;
  const late = racer("late");
  const loaded = (await late.load())!;
  const runner = loaded.runner("find-hit", "call", 100)!;
  const wrongOnce = { prepare: runner.prepare.bind(runner), end: runner.end.bind(runner) };
  const isSampling = () => sampled;
  let sampled = false;
  const run_ = (copy: number) => {
    runs++;
    return isSampling() && runs > last + 1 ? 0 : (runner.run(copy) as number);
  };
  let last = 0;
  const contender = {
    ...late,
    load: () => Promise.resolve({ ...loaded, runner: () => ({ ...wrongOnce, run: run_ }) }),
  };
  const onProgress = ({ part }: { part: number }) => {
    if (part > 0.5 && !sampled) [sampled, last] = [true, runs];
  };
  const row = rowOf(await run([contender], { sizes: [100_000], onProgress }), "late");
  expect(row.disqualified).toMatch(/^its answers make 0/);
  expect(row.samples.length).toBeGreaterThan(0);
});

test("who throws is out with the reason, and the others go on", async () => {
  const result = await run([racer("thrower", { throwsAt: 2 }), racer("other")]);
  expect(rowOf(result, "thrower").disqualified).toBe("it has thrown: it cannot go on");
  expect(rowOf(result, "other").samples).toHaveLength(6);
});

test("who is not there is said to be absent, with what to do about it", async () => {
  const result = await run([absent("bintrees"), racer("other")]);
  expect(result.absent).toEqual([{ contender: "bintrees", install: "npm install bintrees" }]);
  expect(result.rows).toHaveLength(1);
});

test("a race that is stopped keeps the heats that were over, and says that it is not complete", async () => {
  const controller = new AbortController();
  const onRow = () => controller.abort();
  const result = await run([racer("one")], { sizes: [100, 200, 300], signal: controller.signal, onRow });
  expect(result.isComplete).toBe(false);
  expect(result.rows.map(({ size }) => size)).toEqual([100]);
});

test("a race that is stopped in the middle of a heat keeps the samples that were taken", async () => {
  const controller = new AbortController();
  const onProgress = ({ part }: { part: number }) => part > 0.6 && controller.abort();
  const result = await run([racer("one")], { samples: 40, signal: controller.signal, onProgress });
  expect(result.isComplete).toBe(false);
  const { samples, median_ns } = rowOf(result, "one");
  expect(samples.length).toBeGreaterThan(0);
  expect(samples.length).toBeLessThan(40);
  expect(median_ns).toBeGreaterThan(0);
});

test("progress goes from 0 up, and never back within a heat", async () => {
  const parts: number[] = [];
  await run([racer("one"), racer("two")], { onProgress: ({ part }) => parts.push(part) });
  expect(parts[0]).toBe(0);
  expect(parts).toEqual(parts.toSorted((a, b) => a - b));
  expect(parts.at(-1)).toBeLessThanOrEqual(1);
});

test("the order of keys multiplies only the cases that it makes a difference to", () => {
  const heats = heatsOf({ cases: ["insert", "queue"], sizes: [100, 1000], orders: ["sequential", "random"] });
  expect(heats.filter((heat) => heat.case === "insert")).toHaveLength(4);
  expect(heats.filter((heat) => heat.case === "queue")).toHaveLength(2);
});
