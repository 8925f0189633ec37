import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checksumOf } from "../../lib/race/checksum.ts";
import { CONTENDERS } from "../../lib/race/contenders/all.ts";
import { MAP_CASES } from "../../lib/race/contenders/maps.ts";
import type { Answer, CaseName, Loaded, Mode, Runner, Work } from "../../lib/race/types.ts";
import { CHANGES, FINDS, ORDERS, workOf } from "../../lib/race/work.ts";

/** What is raced with maps, each in each of its modes. */
const ENTRIES = CONTENDERS.filter(({ cases }) => cases.includes("insert")).flatMap((contender) =>
  contender.modes.map((mode) => ({ name: `${contender.id}, ${mode}`, contender, mode })),
);

const checksum = (answer: Answer) => (typeof answer === "number" ? answer : answer.checksum);

/** The runner of a case; null: it is not there, or it cannot. */
async function runnerOf(loaded: Promise<Loaded | null>, name: CaseName, mode: Mode): Promise<Runner | null> {
  return (await loaded)?.runner(name, mode, 1000) ?? null;
}

async function answerOf(runner: Runner, work: Work): Promise<number> {
  await runner.prepare(work, 1);
  const answer = checksum(await runner.run(0));
  await runner.end();
  return answer;
}

const anyKey = fc.oneof(fc.integer({ min: -20, max: 20 }), fc.integer());
const anyKeys = fc.uniqueArray(anyKey, { maxLength: 80 });
const few = { minLength: CHANGES, maxLength: CHANGES };
/** What is looked up, taken out and put in, in rounds. */
const anyRounds = fc.array(
  fc.record({
    finds: fc.array(anyKey, { minLength: FINDS, maxLength: FINDS }),
    deletes: fc.array(anyKey, few),
    inserts: fc.uniqueArray(anyKey, { minLength: 2 * CHANGES, maxLength: 2 * CHANGES }),
  }),
  { maxLength: 6 },
);

/** The probes of rounds: what is put in must not be there yet. */
function churnOf(
  keys: readonly number[],
  rounds: typeof anyRounds extends fc.Arbitrary<infer R> ? R : never,
): number[] {
  const there = new Set(keys);
  return rounds.flatMap(({ finds, deletes, inserts }) => {
    for (const key of deletes) there.delete(key);
    const fresh = inserts.filter((key) => !there.has(key));
    while (fresh.length < CHANGES) fresh.push(unusedBy(there, fresh));
    const put = fresh.slice(0, CHANGES);
    for (const key of put) there.add(key);
    return [...finds, ...deletes, ...put];
  });
}

function unusedBy(there: ReadonlySet<number>, others: readonly number[]): number {
  let key = 1000;
  while (there.has(key) || others.includes(key)) key += 1;
  return key;
}

/** Any work of a case, however odd: what workOf() makes is of one kind. */
function anyWork(name: CaseName): fc.Arbitrary<Work> {
  const parts = fc.record({
    keys: anyKeys,
    others: anyKeys,
    picks: fc.array(fc.nat(), { maxLength: 80 }),
    rounds: anyRounds,
  });
  return parts.map(({ keys, others, picks, rounds }) => {
    const hits = keys.length ? picks.map((pick) => keys[pick % keys.length]!) : [];
    const probes = name === "churn" ? churnOf(keys, rounds) : name === "find-hit" ? hits : [...others, ...hits];
    return {
      case: name,
      size: keys.length,
      order: "random",
      seed: 0,
      operations: Math.max(keys.length, probes.length),
      keys: Int32Array.from(keys),
      probes: Int32Array.from(probes),
      message: new Uint8Array(),
    };
  });
}

/** What a work has to come to where probes are any: as checksumOf(), but for deletions in vain. */
function expected(work: Work): number {
  if (work.case !== "delete") return checksumOf(work);
  const keys = new Set(work.keys);
  const deleted = work.probes.filter((probe) => keys.delete(probe)).length;
  return deleted + keys.size;
}

describe.each(ENTRIES)("$name", ({ contender, mode }) => {
  const loaded = contender.load();

  test.each(MAP_CASES)("answers as a Map does: %s, at every order and size", async (name) => {
    const runner = await runnerOf(loaded, name, mode);
    if (!runner) return;
    for (const order of ORDERS) {
      for (const size of [1, 2, 7, 100, 1000]) {
        const work = workOf({ case: name, size, order }, 7);
        expect(await answerOf(runner, work), `${size} ${order}`).toBe(checksumOf(work));
      }
    }
  });

  test.each(MAP_CASES)("answers as a Map does: %s, whatever the keys", async (name) => {
    const runner = await runnerOf(loaded, name, mode);
    if (!runner) return;
    await fc.assert(
      fc.asyncProperty(anyWork(name), async (work) => {
        expect(await answerOf(runner, work)).toBe(expected(work));
      }),
      { numRuns: 30 },
    );
  });

  test.each(MAP_CASES)("does the operations of %s one by one", async (name) => {
    const runner = await runnerOf(loaded, name, mode);
    if (!runner?.one) return;
    const work = workOf({ case: name, size: 200, order: "random" }, 3);
    await runner.prepare(work, 1);
    for (let i = 0; i < work.operations; i++) runner.one(i);
    const again = checksum(await runner.run(0));
    await runner.end();
    if (name.startsWith("find")) expect(again).toBe(checksumOf(work));
    if (name === "delete") expect(again).toBe(0);
  });
});

const crossings = CONTENDERS.filter(({ cases }) => cases.includes("crossing"));

test.each(crossings)("$id answers with what it is given, in every mode", async (contender) => {
  const loaded = contender.load();
  for (const mode of contender.modes) {
    const runner = await runnerOf(loaded, "crossing", mode);
    if (!runner) continue;
    for (const size of [1, 2, 1000]) {
      const work = workOf({ case: "crossing", size, order: "random" }, 5);
      expect(await answerOf(runner, work), `${mode}, ${size}`).toBe(checksumOf(work));
    }
  }
});
