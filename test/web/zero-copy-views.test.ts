import { expect, test } from "vitest";
import type { RoadFigures } from "../../lib/index.ts";
import { ROADS } from "../../lib/roads/all.ts";
import { walkRoad } from "../../lib/roads/measure.ts";
import { translatorOf } from "../../web/i18n/catalogue.ts";
import { zeroCopyTexts } from "../../web/i18n/pages/zero-copy.ts";
import { aboutOf } from "../../web/labs/zero-copy/about.ts";
import { CLASSIC, inShort } from "../../web/labs/zero-copy/counting.ts";
import { momentsOf } from "../../web/labs/zero-copy/moments.ts";
import { FIGURES } from "../../web/labs/zero-copy/settings.ts";
import { SLOWEST, sizeBars, sizeChart } from "../../web/labs/zero-copy/size-charts.ts";
import { type Racer, arrivedAt, endOf, placesOf, timeOf } from "../../web/labs/zero-copy/standings.ts";

const figures = (road: string, wallTime: number, size = 100) => ({ road, wallTime, size }) as RoadFigures;
const racer = (road: string, ...progress: readonly (readonly [time: number, bytes: number])[]): Racer => ({
  figures: figures(road, progress.at(-1)![0]),
  progress: progress.map(([time, bytes]) => ({ time, bytes })),
});

test("between two moments that were seen, a racer has what it had at the first of them", () => {
  const one = racer("a", [0, 0], [10, 40], [30, 100]);
  expect([0, 9.99, 10, 29.9, 30, 1000].map((time) => arrivedAt(one, time))).toEqual([0, 0, 40, 40, 100, 100]);
  expect([0.25, 0.4, 0.41, 1].map((part) => timeOf(one, part))).toEqual([10, 10, 30, 30]);
});

test("who is there first has the first place, and who is as quick has the same", () => {
  const all = [racer("a", [0, 0], [30, 100]), racer("b", [0, 0], [20, 100]), racer("c", [0, 0], [30, 100])];
  expect(placesOf(all)).toEqual([2, 1, 2]);
  expect(endOf(all)).toBe(30);
  expect(endOf([])).toBe(0);
});

test("a chart has a line for each road, from the smallest file to the largest, whatever came first", async () => {
  const rows: RoadFigures[] = [];
  for (const size of [65_536, 4096]) rows.push((await walkRoad(ROADS[1]!, { size, cache: "cold" })).figures);
  const t = translatorOf(zeroCopyTexts, "en");
  for (const figure of FIGURES) {
    const { series } = sizeChart(rows, figure, t);
    expect(series.map(({ name }) => name)).toEqual(ROADS.map(({ name }) => name));
    expect(series[1]!.points.map(({ x }) => x)).toEqual([4096, 65_536]);
    expect(series[0]!.points).toEqual([]);
  }
  expect(sizeChart(rows, "cpuCopies", t).series[1]!.points.map(({ y }) => y)).toEqual([2, 2]);
});

test("bars of time leave out the road that would leave no room for the others; counts leave out none", () => {
  const rows = ROADS.map(({ name }) => ({ ...figures(name, 1, 4096), cpuTime: 1, modeSwitches: 4 }));
  expect(sizeBars(rows, "wallTime", 4096).map(({ name }) => name)).not.toContain(SLOWEST.name);
  expect(sizeBars(rows, "modeSwitches", 4096).map(({ name }) => name)).toContain(SLOWEST.name);
  expect(sizeBars(rows, "modeSwitches", 8192)).toEqual([]);
});

test.each(ROADS.map((road) => [road.name, road] as const))(
  "%s: is told in both languages, moments too",
  async (_, road) => {
    const walked = await walkRoad(road, { size: 4096, cache: "cold", boot: { trace: true } });
    const { switches, copies } = momentsOf(walked);
    expect(switches.map(({ text }) => text)).toEqual(switches.map((__, i) => (i % 2 ? "moment_exit" : "moment_enter")));
    for (const locale of ["en", "zh-CN"] as const) {
      const t = translatorOf(zeroCopyTexts, locale);
      for (const { text, values } of [...switches, ...copies]) expect(t(text, values)).not.toMatch(/[{}]|undefined/);
      expect(t(aboutOf(road)).length).toBeGreaterThan(15);
    }
  },
);

test("4/4, 4/3, 2/3 and 2/2 are counted, on the roads that books have them from", async () => {
  const counted: string[] = [];
  for (const road of ROADS) {
    if (!CLASSIC.has(road.name)) continue;
    counted.push(inShort((await walkRoad(road, { size: 4096, cache: "cold" })).figures));
  }
  expect(counted).toEqual(["4/4", "4/3", "2/3", "2/2"]);
});
