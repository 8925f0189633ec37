import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Lists, identityOf, numberOf, ownerOf } from "../../lib/cache/pages.ts";
import { figuresOf } from "../../lib/cache/figures.ts";
import { runStream } from "../../lib/cache/stream.ts";
import { runWrite } from "../../lib/cache/write-back.ts";
import { Kernel } from "../../lib/kernel.ts";
import { rowsOf } from "../../web/charts/chart.ts";
import { type Locale, translatorOf } from "../../web/i18n/catalogue.ts";
import { type TextKey, texts } from "../../web/i18n/pages/page-cache.ts";
import { cellsOf, gridOf, movesOf, placesOf } from "../../web/labs/page-cache/cells.ts";
import {
  hitRateChart,
  listsChart,
  percent,
  reclaimChart,
  sweepChart,
  wayText,
  writeChart,
} from "../../web/labs/page-cache/charts.ts";
import { logOf, sampleAt, sentenceOf } from "../../web/labs/page-cache/log.ts";
import { boot, start } from "../../web/scenarios/programs/hot-and-stream.ts";
import { WAYS, offered, readSettings, writeSettings } from "../../web/labs/page-cache/settings.ts";

const LOCALES: readonly Locale[] = ["en", "zh-CN"];
const SMALL = { memory: 4, hot: 256, stream: 8 } as const;

describe("settings", () => {
  test("whatever stands in an address, there are settings that the machine takes", () => {
    const names = ["way", "memory", "hot", "passes", "stream", "order", "disk", "seed", "at", "show", "by", "ahead"];
    const values = fc.oneof(
      fc.string(),
      fc.constantFrom("-1", "1e9", "999999999999", "8", "__proto__", "read", "0x10"),
    );
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...names, "constructor", "written", "rate"), values), (query) => {
        const settings = readSettings(query);
        expect(readSettings(writeSettings(settings))).toEqual(settings);
      }),
    );
  });

  test("an address says only what is not as usual, and says that", () => {
    expect(writeSettings(readSettings({}))).toEqual({});
    const query = { memory: "6", hot: "768", way: "O_DIRECT", at: "12", ahead: "mmap", rate: "1000", show: "read" };
    expect(writeSettings(readSettings(query))).toEqual(query);
    expect(readSettings({ way: "nothing", memory: "1000" })).toEqual(readSettings({}));
  });

  test("a list offers the value that is chosen, in its place", () => {
    expect(offered([4, 8, 16], 8)).toEqual([4, 8, 16]);
    expect(offered([4, 8, 16], 10)).toEqual([4, 8, 10, 16]);
  });
});

describe("cells", () => {
  const list = Uint32Array.from([0x101, 0x201, 0x4000_0000, 0x4000_0100, 0x4000_0200, 0x4000_0300, 0x301]);

  test("neighbours of one owner that look the same are one cell, as many as the fold says", () => {
    expect(cellsOf(list, 1).map(({ count }) => count)).toEqual([1, 1, 1, 1, 1, 1, 1]);
    expect(cellsOf(list, 2).map(({ count }) => count)).toEqual([2, 2, 2, 1]);
    expect(cellsOf(list, 8).map(({ count, page }) => [count, ownerOf(page)])).toEqual([
      [2, "hot"],
      [4, "stream"],
      [1, "hot"],
    ]);
    expect(cellsOf(new Uint32Array(), 4)).toEqual([]);
  });

  test("a grid is folded until the longest list of the run has room, and its rows are enough for all", async () => {
    const { lists } = await runStream(SMALL, { details: true });
    for (const [columns, rows] of [
      [78, 16],
      [23, 4],
      [5, 2],
    ] as const) {
      const grid = gridOf(lists, columns, rows);
      for (const one of lists) {
        for (const name of ["active", "inactive"] as const) {
          expect(cellsOf(one[name], grid.fold).length).toBeLessThanOrEqual(grid[name] * columns);
        }
      }
    }
    expect(gridOf(lists, 78, 16).fold).toBe(1);
  });

  test("a page that is on the other list now has moved there, one that is on none is gone", () => {
    const before: Lists = { active: Uint32Array.from([0x100]), inactive: Uint32Array.from([0x201, 0x300]) };
    const now: Lists = { active: Uint32Array.from([0x200, 0x100]), inactive: Uint32Array.from([]) };
    const moves = movesOf(placesOf(before, 1), placesOf(now, 1));
    expect(moves.map(({ page, to }) => [numberOf(page), to])).toEqual([
      [2, { list: "active", cell: 0 }],
      [3, null],
    ]);
  });
});

describe("the log", () => {
  test("tells every eviction and every refault, in the order of their ticks", async () => {
    const run = await runStream(SMALL, { details: true });
    const lines = logOf(run);
    const gone = lines.reduce((sum, { what }) => sum + (what.kind === "gone" ? what.count : 0), 0);
    expect(gone).toBe(run.evictions.length);
    expect(lines.filter(({ what }) => what.kind === "back").length).toBe(run.refaults.length);
    expect(lines.map(({ tick }) => tick)).toEqual(lines.map(({ tick }) => tick).sort((a, b) => a - b));
  });

  test("a line of a hot page leads to a sample with which the page has gone, behind one with which it was there", async () => {
    const run = await runStream(SMALL, { details: true });
    const hot = logOf(run).filter(({ isHot, what }) => isHot && what.kind === "gone");
    expect(hot.length).toBeGreaterThan(50);
    const on = ({ active, inactive }: Lists) => new Set([...active, ...inactive].map(identityOf));
    for (const { tick, identity } of hot.slice(0, 20)) {
      const at = sampleAt(run, tick);
      expect(on(run.lists[at - 1]!).has(identity)).toBe(true);
      const last = run.samples[at]!.tick;
      const isBack = run.refaults.some(
        (refault) => identityOf(refault.page) === identity && refault.tick > tick && refault.tick <= last,
      );
      expect(on(run.lists[at]!).has(identity)).toBe(isBack);
    }
  });

  test.each(LOCALES)("no sentence has a place that was not filled: %s", async (locale) => {
    const t = translatorOf(texts, locale);
    for (const settings of [SMALL, { ...SMALL, way: "POSIX_FADV_DONTNEED" }, { ...SMALL, way: "MADV_SEQUENTIAL" }]) {
      for (const line of logOf(await runStream(settings, { details: true }))) {
        expect(sentenceOf(line, t)).not.toMatch(/[{}]|undefined|^$/);
      }
    }
  });
});

describe("the verdict", () => {
  test("half of the cache is said of little memory alone: from 1 GiB on more of it may be active", () => {
    for (const locale of LOCALES) {
      const note = texts[locale].verdict_note;
      for (const said of ["1 GiB", "10 GiB", "MGLRU"]) expect(note).toContain(said);
    }
  });
});

describe("charts", () => {
  const t = translatorOf(texts, "en");

  test("hit rates of several runs stand at the same moments, and are those of the runs", async () => {
    const runs = await Promise.all(
      ["read", "O_DIRECT"].map(async (way) => ({ name: way, run: await runStream({ ...SMALL, way }) })),
    );
    const chart = hitRateChart(runs, t);
    const rows = rowsOf(chart);
    expect(rows.length).toBeLessThan(90);
    expect(rows.filter(({ values }) => values.every(Boolean)).length).toBeGreaterThan(20);
    expect(Math.min(...chart.series[0]!.points.map(({ y }) => y))).toBeLessThan(1);
    expect(chart.series[1]!.points.every(({ y }) => y === 1)).toBe(true);
  });

  test("counts over time are those of the samples; what only grows begins at nothing", async () => {
    const run = await runStream(SMALL);
    const [lists, reclaim] = [listsChart(run, t), reclaimChart(run, t)];
    const times = new Map(run.samples.map(({ time, hotActive }) => [time - run.begin, hotActive]));
    for (const { x, y } of lists.series[0]!.points) expect(y).toBe(times.get(x));
    expect(lists.series[0]!.points.length).toBeGreaterThan(20);
    expect(reclaim.series.map(({ points }) => points[0]!.y)).toEqual([0, 0, 0, 0]);
    expect(reclaim.series[0]!.points.length).toBeLessThanOrEqual(40);
    expect(reclaim.series[0]!.points.at(-1)!.y).toBe(run.samples.at(-1)!.kswapd - run.samples[0]!.kswapd);
  });

  test("a sweep has a line for each way, a write-back run one for each count", async () => {
    const row = { ...figuresOf(await runStream(SMALL)), value: 4 };
    const chart = sweepChart(
      [row, { ...row, way: "O_DIRECT", during: 1 }, { ...row, during: null, value: 8 }],
      "memory",
      t,
    );
    expect(chart.series.map(({ name, points }) => [name, points.length])).toEqual([
      ["read()", 1],
      ["read(), O_DIRECT", 1],
    ]);
    const slow = writeChart(await runWrite({ size: 100, rate: 100 }), t);
    expect(slow.series.length).toBe(4);
    expect([slow.x.scale, writeChart(await runWrite({ size: 100, rate: 10_000 }), t).x.scale]).toEqual([
      "linear",
      "log",
    ]);
  });

  test("shares are written so that only a whole one is 100", () => {
    expect([1, 0.9999, 0.5, 0, null].map((share) => percent(share, t))).toEqual([
      "100 %",
      "99.9 %",
      "50.0 %",
      "0.0 %",
      "–",
    ]);
  });
});

test.each(LOCALES)(
  "every way has a name of its own, and every text the same places in both languages: %s",
  (locale) => {
    const t = translatorOf(texts, locale);
    expect(new Set(WAYS.map((way) => wayText(way, t))).size).toBe(WAYS.length);
    const places = (text: string) => [...new Set(text.match(/\{\w+\}/g))].sort();
    for (const key of Object.keys(texts.en) as TextKey[]) {
      expect(places(texts[locale][key]), key).toEqual(places(texts.en[key]));
    }
  },
);

test("the program to step through: pages that were used twice outlive the stream, those that were used once do not", async () => {
  const kernel = await Kernel.boot(boot);
  start(kernel);
  expect(kernel.run().reason).toBe("idle");
  const lookups = Array.from(kernel.trace.filter({ event: ["filemap_hit", "filemap_miss"] }), ({ event }) => event);
  expect(lookups.slice(-6)).toEqual([
    ...Array<string>(3).fill("filemap_hit"),
    ...Array<string>(3).fill("filemap_miss"),
  ]);
  expect(kernel.vmstat).toMatchObject({ nr_active_file: 3, workingset_refault_file: 3 });
  expect(kernel.check()).toEqual([]);
});
