import { describe, expect, test } from "vitest";
import type { Lane, Slice } from "../../lib/see/lanes.ts";
import { lanesOf } from "../../lib/see/lanes.ts";
import { LaneWriter } from "../../lib/see/lanes/lane.ts";
import { translator } from "../../web/i18n/catalogue.ts";
import { SCENARIOS } from "../../web/scenarios/all.ts";
import { Axis, TickFinder } from "../../web/timeline/axis.ts";
import { eachVisible, extentsOf } from "../../web/timeline/extents.ts";
import { lanesAt, slicesAt } from "../../web/timeline/now.ts";
import { rowAt, rowsOf } from "../../web/timeline/rows.ts";
import { scaleLabels, timeLabel } from "../../web/timeline/scale.ts";
import { following, moved, zoomed } from "../../web/timeline/view-window.ts";
import { sliceText } from "../../web/timeline/words.ts";

async function lanes(id: string) {
  const { kernel } = await SCENARIOS.find((scenario) => scenario.id === id)!.start();
  return lanesOf(kernel);
}

const sendfile = await lanes("sendfile");
const herd = await lanes("thundering-herd");
/** The interrupt of the disk, while the task sleeps in sendfile(). */
const interrupt = sendfile.lanes[0]!.slices.find(({ name }) => name === "disk_interrupt")!;

/** A CPU that works for 100 ns at each of some moments, and idles in between. */
function cpu(...moments: number[]): Lane {
  const lane = new LaneWriter("cpu", 0);
  lane.begin("idle", "", 0, 0);
  moments.forEach((moment, i) => {
    lane.end(0, moment, i);
    lane.begin("task", "", moment, i, 1);
    lane.end(0, moment + 100, i + 1);
    lane.begin("idle", "", moment + 100, i + 1);
  });
  lane.end(0, moments.at(-1)! + 1000, moments.length);
  return lane;
}

describe("the axis of time", () => {
  const axis = Axis.ofTime({ lanes: [cpu(0, 50_000, 50_120)], end: 51_120 });

  test("cuts long idle gaps to one length, and leaves work and short gaps as long as they are", () => {
    expect(axis.breaks.map(({ from, to }) => [from, to])).toEqual([
      [100, 50_000],
      [50_220, 51_120],
    ]);
    const [first, second] = axis.breaks.map(({ start, end }) => end - start);
    expect(first).toBeCloseTo(second!);
    expect(axis.place(50_100) - axis.place(50_000)).toBeCloseTo(100);
    expect(axis.place(50_120) - axis.place(50_100)).toBeCloseTo(20);
  });

  test("gives idle time no more room than work, and leads back from every place", () => {
    expect(axis.length).toBeLessThanOrEqual(600);
    for (let place = 0; place <= axis.length; place += 7) expect(axis.place(axis.value(place))).toBeCloseTo(place);
    for (const value of [0, 99, 100, 101, 40_000, 50_000, 50_250, 51_119]) {
      expect(axis.value(axis.place(value))).toBeCloseTo(value, 5);
    }
  });

  test("cuts nothing where CPUs are busy most of the time", () => {
    expect(Axis.ofTime({ lanes: [cpu(0, 110, 220)], end: 320 }).breaks).toEqual([]);
  });

  test("finds, for a place, the last tick that had happened, even where clocks of two CPUs go to and fro", () => {
    const finder = new TickFinder({ times: Float64Array.from([0, 10, 30, 20, 40]) });
    const straight = Axis.ofTime({ lanes: [], end: 40 });
    expect([0, 9, 10, 19, 20, 29, 30, 50].map((time) => finder.at(straight, time))).toEqual([0, 0, 1, 1, 3, 3, 2, 4]);
    const ticks = Axis.ofTicks({ ticks: 4 });
    expect([0, 0.5, 3.9, 4.4, 9].map((place) => finder.at(ticks, place))).toEqual([0, 0, 3, 4, 4]);
  });
});

describe("the scale", () => {
  const axis = Axis.ofTime({ lanes: [cpu(0, 50_000)], end: 51_000 });

  test("has labels at round values, none in a cut gap and none on another", () => {
    const labels = scaleLabels(axis, { from: 0, to: axis.length }, 600, 60);
    const places = labels.map(({ value }) => axis.place(value));
    expect(labels.every(({ value }) => value <= 100 || value >= 50_000)).toBe(true);
    expect(places.slice(1).every((place, i) => ((place - places[i]!) / axis.length) * 600 >= 50)).toBe(true);
    expect(labels.some(({ text }) => text.endsWith("µs"))).toBe(true);
  });

  test("says as many digits as the next label differs in, with the unit that suits", () => {
    expect(timeLabel(258_200, 100)).toBe("258.2 µs");
    expect(timeLabel(850, 50)).toBe("850 ns");
    expect(timeLabel(3_050_000, 10_000)).toBe("3.05 ms");
  });
});

describe("rows", () => {
  test("belong to CPUs, tasks and devices; those of a CPU are as high as its slices are deep", () => {
    const groups = rowsOf(sendfile.lanes, new Set());
    expect(groups.map(({ id }) => id)).toEqual(["cpu 0", "task 1", "block", "disk", "dma", "nic"]);
    expect(groups[0]!.rows.map(({ levels }) => levels)).toEqual([2]);
    expect(groups[1]!.rows.map(({ kind }) => kind)).toEqual(["task", "calls", "phases"]);
    const { y } = groups[1]!.rows[1]!;
    expect(rowAt(groups, y + 1)!.kind).toBe("calls");
  });

  test("are folded where there are many tasks, and unfold by hand", () => {
    const many = herd.lanes;
    const first = rowsOf(many, new Set()).filter(({ kind }) => kind === "task");
    expect(first.length).toBeGreaterThan(3);
    expect(first.every(({ folded, rows }) => folded && rows.length === 1)).toBe(true);
    const turned = rowsOf(many, new Set([first[1]!.id])).find(({ id }) => id === first[1]!.id)!;
    expect(turned.rows.length).toBeGreaterThan(1);
  });
});

describe("what is drawn", () => {
  const lane = new LaneWriter("cpu", 0);
  for (let i = 0; i < 50_000; i++) {
    lane.begin("task", "", i * 10, i, 1);
    lane.end(0, i * 10 + 5, i + 1);
  }
  const [extents] = extentsOf(lane, Axis.ofTicks({ ticks: 50_000 }));

  test("of 50,000 slices is no more than one for each pixel", () => {
    let drawn = 0;
    eachVisible(extents!, { from: 0, to: 50_000 }, 1000, () => drawn++);
    expect(drawn).toBeGreaterThan(900);
    expect(drawn).toBeLessThanOrEqual(1001);
  });

  test("of a small window is all that is in it, at its place", () => {
    const drawn: [Slice, number, number][] = [];
    eachVisible(extents!, { from: 100, to: 110 }, 1000, (slice, x, width) => drawn.push([slice, x, width]));
    expect(drawn.map(([, x]) => x)).toEqual([0, 100, 200, 300, 400, 500, 600, 700, 800, 900, 1000]);
    expect(drawn[0]![0].from).toBe(100);
  });
});

test("a window stays within the axis, around the place that it is enlarged at", () => {
  const bounds = { length: 1000, width: 500 };
  const near = zoomed({ from: 0, to: 1000 }, 4, 200, bounds);
  expect(near).toEqual({ from: 150, to: 400 });
  expect(zoomed(near, 0.01, 200, bounds)).toEqual({ from: 0, to: 1000 });
  expect(moved(near, -1000, 1000)).toEqual({ from: 0, to: 250 });
  expect(following(near, 900, 1000)).toEqual({ from: 750, to: 1000 });
  expect(following(near, 300, 1000)).toBe(near);
});

describe("what every lane does at a tick", () => {
  test("is the slices that the tick is in, the outermost first", () => {
    const [cpu0] = sendfile.lanes;
    expect(slicesAt(cpu0!, interrupt.from).map(({ kind, name }) => [kind, name])).toEqual([
      ["idle", ""],
      ["hardirq", "disk_interrupt"],
    ]);
    expect(lanesAt(sendfile, interrupt.from).map(({ lane: { id } }) => id)).toEqual([
      "cpu 0",
      "task 1",
      "calls 1",
      "phases 1",
      "block 0",
      "disk 0",
    ]);
  });

  test("is told in both languages", () => {
    const asleep = sendfile.lanes
      .find(({ id }) => id === "task 1")!
      .slices.find(({ wchan }) => wchan === "folio_wait_bit")!;
    expect(sliceText(asleep, translator("en"))).toMatch(
      /^sleeping sendfile in folio_wait_bit · [\d.]+ µs, from [\d.]+ µs to [\d.]+ µs \(ticks \d+ to \d+\)$/,
    );
    expect(sliceText(asleep, translator("zh-CN"))).toContain("睡眠 sendfile 在 folio_wait_bit 中");
  });
});
