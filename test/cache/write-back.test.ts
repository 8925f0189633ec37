import type { WriteSettings } from "../../lib/cache/write-settings.ts";
import { runWrite } from "../../lib/cache/write-back.ts";
import { expect, test } from "vitest";
import { isMarked } from "../../lib/cache/pages.ts";

test("DW-4: little that is dirty is left for 30 s, and then written because of its age", async () => {
  const { samples, events } = await runWrite({ size: 400, rate: 200 });
  expect(Math.max(...samples.map(({ dirty }) => dirty))).toBe(100);
  expect(events).toMatchObject([{ why: "age", dirty: 100, pages: 100 }]);
  expect(events[0]!.time).toBeGreaterThanOrEqual(30e9);
  expect(samples.at(-1)).toMatchObject({ dirty: 0, writeback: 0, written: 100 });
});

test("DW-4: above the background threshold the flusher writes at once", async () => {
  const { samples, events, pauses } = await runWrite({ size: 4096, rate: 1000 });
  expect(events[0]).toMatchObject({ why: "background" });
  expect(events[0]!.dirty).toBeGreaterThan(samples[1]!.background);
  expect(events[0]!.time).toBeLessThan(2e9);
  expect(pauses).toBe(0);
});

test("samples go on for 40 s, in order, also when nothing happens any more", async () => {
  const times = (await runWrite({ size: 100, rate: 10_000, fsync: "end" })).samples.map(({ time }) => time);
  expect(times).toEqual([...times].sort((a, b) => a - b));
  expect(times.at(-1)).toBeGreaterThanOrEqual(40e9);
});

test("the lists have a mark for each page that is dirty or being written, and no other", async () => {
  const { samples, lists } = await runWrite({ size: 4096, rate: 1_000_000, disk: "rotating" });
  const count = (i: number, mark: "dirty" | "writeback") =>
    [...lists[i]!.active, ...lists[i]!.inactive].filter((page) => isMarked(page, mark)).length;
  samples.forEach(({ dirty, writeback }, i) => {
    expect([count(i, "dirty"), count(i, "writeback")]).toEqual([dirty, writeback]);
  });
  expect(samples.some(({ writeback }) => writeback > 0)).toBe(true);
});

test("who writes faster than the disk is paused, and never has more dirty than the threshold allows", async () => {
  const { samples, events, pauses, time } = await runWrite({ size: 16_384, rate: 1_000_000, disk: "rotating" });
  expect(pauses).toBeGreaterThan(5);
  expect(events.filter(({ why }) => why === "pause").length).toBeGreaterThan(5);
  for (const { dirty, writeback, thresh } of samples) expect(dirty + writeback).toBeLessThanOrEqual(thresh + 32);
  expect(time).toBeGreaterThan(100e6);
});

test("DW-3: after fsync() nothing is dirty", async () => {
  const { samples, events } = await runWrite({ size: 400, rate: 200, fsync: "end" });
  expect(events).toMatchObject([{ why: "fsync", pages: 100 }]);
  expect(samples.find(({ time }) => time > events[0]!.time + 200e6)).toMatchObject({ dirty: 0, written: 100 });
  expect(
    (await runWrite({ size: 2048, rate: 10_000, fsync: "each MiB" })).events.some(({ why }) => why === "fsync"),
  ).toBe(true);
});

test.each([
  [{ rate: 0 }, "rate is a whole number from 1"],
  [{ fsync: "often" }, "fsync is one of never"],
  [{ pages: 1 }, "no setting is called pages"],
])("settings %j are refused", async (settings, message) => {
  await expect(runWrite(settings as WriteSettings)).rejects.toThrow(message);
});
