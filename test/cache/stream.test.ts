import { describe, expect, test } from "vitest";
import { STREAM_WAYS, type StreamSettings, figuresOf, runStream } from "../../lib/index.ts";
import { hitRates, hotLosses, spanOf } from "../../lib/cache/figures.ts";
import { identityOf, isMarked, numberOf, ownerOf } from "../../lib/cache/pages.ts";
import { sweepStream } from "../../lib/cache/sweep.ts";

const SMALL: StreamSettings = { memory: 4, hot: 256, stream: 8 };

async function figures(settings: StreamSettings) {
  return figuresOf(await runStream(settings));
}

describe("what the page cache keeps", () => {
  test("hot pages that were used once go with a stream that is read, and all stay if the stream goes past the cache", async () => {
    const read = await figures({ ...SMALL, passes: 1 });
    expect(read.before).toBe(1);
    expect(read.during).toBeLessThan(0.97);
    expect(read.cachedAfter).toBeLessThan(0.75 * read.cachedBefore);
    for (const way of ["O_DIRECT", "POSIX_FADV_DONTNEED"]) {
      const kept = await figures({ ...SMALL, passes: 1, way });
      expect(kept, way).toMatchObject({ during: 1, after: 1, cachedAfter: 256, kswapd: 0, direct: 0 });
    }
  });

  test("hot pages that were used twice are active, and outlive the same stream", async () => {
    expect(await figures({ ...SMALL, passes: 2 })).toMatchObject({
      during: 1,
      after: 1,
      cachedAfter: 256,
      refaults: 0,
    });
  });

  test("active pages go as well if there are more of them than of others: some become inactive first", async () => {
    const run = await runStream({ memory: 6, hot: 768, passes: 2, stream: 16 }, { details: true });
    const { cachedAfter, during, refaults } = figuresOf(run);
    expect(cachedAfter).toBeLessThan(600);
    expect(during).toBeLessThan(0.8);
    expect(refaults).toBeGreaterThan(0);
    expect(run.samples.at(-1)!.deactivated).toBeGreaterThan(100);
    expect(hotLosses(run).get("aged")).toBeGreaterThan(100);
  });

  test("POSIX_FADV_NOREUSE changes nothing for who reads", async () => {
    const { way, time, ...read } = await figures(SMALL);
    const { way: other, time: later, ...noReuse } = await figures({ ...SMALL, way: "POSIX_FADV_NOREUSE" });
    expect([way, other]).toEqual(["read", "POSIX_FADV_NOREUSE"]);
    expect(Math.abs(later - time)).toBeLessThan(10_000);
    expect(noReuse).toEqual(read);
  });

  test("past the cache nothing is read ahead: the stream takes longer", async () => {
    const [read, direct] = [await figures(SMALL), await figures({ ...SMALL, way: "O_DIRECT" })];
    expect(direct.time).toBeGreaterThan(2 * read.time);
  });

  test("more memory keeps more of the hot files", async () => {
    const runs = [];
    for await (const row of sweepStream({ by: "memory", values: [4, 8, 16], ways: ["read"], settings: { ...SMALL } })) {
      runs.push(row);
    }
    expect(runs.map(({ value }) => value)).toEqual([4, 8, 16]);
    const rates = runs.map(({ during }) => during!);
    expect(rates).toEqual([...rates].sort((a, b) => a - b));
    expect(runs.at(-1)).toMatchObject({ during: 1, cachedAfter: 256 });
  });
});

describe.each(STREAM_WAYS.map(({ name }) => name))("%s", (way) => {
  test("details change no figure, and lists and counters agree", async () => {
    const plain = await runStream({ ...SMALL, way });
    const run = await runStream({ ...SMALL, way }, { details: true });
    expect(figuresOf(run)).toEqual(figuresOf(plain));
    expect(run.samples.map((sample) => ({ ...sample, tick: 0 }))).toEqual(plain.samples);
    expect(run.lists.length).toBe(run.samples.length);
    run.samples.forEach((sample, i) => {
      const { active, inactive } = run.lists[i]!;
      expect([active.length, inactive.length]).toEqual([
        sample.hotActive + sample.otherActive,
        sample.hotInactive + sample.otherInactive,
      ]);
    });
  });

  test("every eviction is counted by the machine, and told with who did it and a reason that the page bears out", async () => {
    const { evictions, refaults, samples } = await runStream({ ...SMALL, way }, { details: true });
    const count = (by: string) => evictions.filter((eviction) => eviction.by === by).length;
    const [first, last] = [samples[0]!, samples.at(-1)!];
    expect(count("kswapd")).toBe(last.kswapd - first.kswapd);
    expect(count("direct")).toBe(last.direct - first.direct);
    expect(count("advice")).toBe(way === "POSIX_FADV_DONTNEED" ? 2048 : 0);
    expect(refaults.length).toBe(last.refaults - first.refaults);
    for (const { page, why, list, tick } of evictions) {
      if (why === "once") expect(isMarked(page, "referenced")).toBe(true);
      if (why === "unused" || why === "aged") expect(isMarked(page, "referenced")).toBe(false);
      if (why !== "advice") expect(list).toBe("inactive");
      expect(["hot", "stream"]).toContain(ownerOf(page));
      expect(tick).toBeLessThanOrEqual(last.tick);
    }
  });
});

test("the pages of a list are those that were read: every hot page once, by the number of its file", async () => {
  const { lists } = await runStream({ ...SMALL, passes: 2, stream: 0 }, { details: true });
  const hot = [...lists.at(-1)!.active].filter((page) => ownerOf(page) === "hot");
  expect(hot.map(numberOf).sort((a, b) => a - b)).toEqual(Array.from({ length: 256 }, (_, i) => i));
  expect(new Set(hot.map(identityOf)).size).toBe(256);
});

test("hit rates go over the last requests, and begin with the first that has enough behind it", async () => {
  const run = await runStream(SMALL);
  const rates = hitRates(run, 60);
  expect(rates.length).toBeGreaterThan(50);
  expect(rates[0]).toMatchObject({ rate: 1 });
  expect(rates[0]!.time).toBeLessThan(0);
  expect(Math.min(...rates.map(({ rate }) => rate))).toBeLessThan(1);
  const [first, last] = spanOf(run);
  expect(run.samples[first]!.time).toBe(run.begin);
  expect(run.samples[last]!.time).toBeGreaterThanOrEqual(run.end);
});

test("a long run has few samples all the same, and the figures of all of them", async () => {
  const run = await runStream({ memory: 4, hot: 16, stream: 128, way: "sendfile" }, { details: true });
  expect(run.samples.length).toBeLessThanOrEqual(401);
  expect(run.interval).toBeGreaterThan(500_000);
  expect(run.lists.length).toBe(run.samples.length);
  const [first, last] = spanOf(run);
  expect(run.samples[first]!.time).toBe(run.begin);
  expect(run.samples[last]!.time - run.end).toBeLessThan(2 * run.interval);
  const times = run.samples.map(({ time }) => time);
  expect(times).toEqual(times.toSorted((a, b) => a - b));
});

test("the same settings give the same run, another seed another one", async () => {
  const [one, same, other] = await Promise.all([1, 1, 2].map((seed) => runStream({ ...SMALL, seed })));
  expect(same).toEqual(one);
  expect(other!.samples).not.toEqual(one!.samples);
});

test("a rotating disk is waited for longer, and gives what it has all the same", async () => {
  const run = await runStream({ ...SMALL, hot: 32, stream: 4, disk: "rotating" });
  expect(run.end - run.begin).toBeGreaterThan(15_000_000);
  expect(figuresOf(run).cachedBefore).toBe(32);
});

test.each([
  [{ memory: 3 }, "memory is a whole number from 4 to 64, not 3"],
  [{ hot: 1.5 }, "hot is a whole number"],
  [{ way: "mmap" }, "ways are read, O_DIRECT"],
  [{ order: "random" }, "order is one of zipf, round robin"],
  [{ size: 4 }, "no setting is called size"],
])("settings %j are refused", async (settings, message) => {
  await expect(runStream(settings as StreamSettings)).rejects.toThrow(message);
});
