import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checksumOf } from "../../lib/race/checksum.ts";
import { CONTENDERS } from "../../lib/race/contenders/all.ts";
import { isRing, MESSAGES, PIECE, workOf } from "../../lib/race/work.ts";
import type { Answer, CaseName, Runner, Work } from "../../lib/race/types.ts";

const CASES: readonly CaseName[] = ["queue", "lru", "ring-bytes", "ring-records", "ring-threads"];

/** All who race with queues, lists and rings, in each case and mode. */
const ENTRIES = CONTENDERS.flatMap((contender) => {
  const loaded = contender.load();
  return CASES.filter((name) => contender.cases.includes(name)).flatMap((name) =>
    contender.modes.map((mode) => ({ title: `${contender.id}, ${name}, ${mode}`, name, mode, loaded })),
  );
});

const checksum = (answer: Answer) => (typeof answer === "number" ? answer : answer.checksum);

/** The checksums of two runs, each with a copy of its own. */
async function answersOf(runner: Runner, work: Work): Promise<number[]> {
  await runner.prepare(work, 2);
  try {
    return [checksum(await runner.run(0)), checksum(await runner.run(1))];
  } finally {
    await runner.end();
  }
}

/** Any work of a case, however odd: what workOf() makes is of one kind. */
function anyWork(name: CaseName): fc.Arbitrary<Work> {
  const given = { case: name, order: "random", seed: 0 } as const;
  if (isRing(name)) {
    return fc
      .tuple(fc.integer({ min: 1, max: 40 }), fc.nat({ max: 70 }), fc.infiniteStream(fc.nat({ max: 255 })))
      .map(([words, operations, stream]) => {
        const size = 4 * words;
        const message = Uint8Array.from(stream.take(size * MESSAGES));
        return { ...given, size, operations, message, keys: new Int32Array(), probes: new Int32Array() };
      });
  }
  const keys = fc.uniqueArray(fc.integer(), { minLength: 1, maxLength: 200 });
  return fc.tuple(keys, fc.array(fc.nat({ max: 2 ** 31 - 1 }), { maxLength: 4 * PIECE })).map(([all, picks]) => {
    const whole = name === "queue" ? picks.slice(0, picks.length - (picks.length % PIECE)) : picks;
    const probes = Int32Array.from(whole, (pick) => (name === "lru" ? pick % all.length : pick));
    const message = new Uint8Array();
    return { ...given, size: all.length, operations: probes.length, keys: Int32Array.from(all), probes, message };
  });
}

describe.each(ENTRIES)("$title", ({ name, mode, loaded }) => {
  const runs = name === "ring-threads" ? 3 : 30;

  test("comes to the checksum of the work, twice, at every size and whatever the values", async () => {
    const runner = (await loaded)?.runner(name, mode, 64);
    if (!runner) return;
    for (const size of name === "ring-threads" ? [64, 65536] : isRing(name) ? [4, 64, 4096] : [1, 3, 100, 1000]) {
      const work = workOf({ case: name, size, order: "random" }, 5);
      expect(await answersOf(runner, work), `size ${size}`).toEqual([checksumOf(work), checksumOf(work)]);
    }
    await fc.assert(
      fc.asyncProperty(anyWork(name), async (work) => {
        const right = checksumOf(work);
        expect(await answersOf(runner, work)).toEqual([right, right]);
      }),
      { numRuns: runs },
    );
  });

  test("does all operations one by one", async () => {
    const runner = (await loaded)?.runner(name, mode, 64);
    if (!runner?.one) return;
    const work = workOf({ case: name, size: 100, order: "random" }, 3);
    await runner.prepare(work, 1);
    for (let i = 0; i < work.operations; i++) runner.one(i);
    await runner.end();
  });
});
