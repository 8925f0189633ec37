import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Axis, type Chart, pointsOf, rowsOf, scaleOf, valuesOf } from "../../web/charts/chart.ts";
import { markOf } from "../../web/charts/marks.ts";

const LINEAR: Axis = { title: "", scale: "linear", format: String };
const LOG: Axis = { title: "", scale: "log", format: String };

describe("a scale", () => {
  const numbers = fc.array(fc.double({ min: 1e-6, max: 1e12, noNaN: true }), { minLength: 1, maxLength: 30 });

  test.each([LINEAR, LOG, { ...LOG, base: 2 }])(
    "has a place between its ends for every value: $scale, $base",
    (axis) => {
      fc.assert(
        fc.property(numbers, (values) => {
          const { at } = scaleOf(axis, values, 40, 400);
          for (const value of values) {
            expect(at(value)).toBeGreaterThanOrEqual(40 - 1e-6);
            expect(at(value)).toBeLessThanOrEqual(400 + 1e-6);
          }
        }),
      );
    },
  );

  test.each([LINEAR, LOG])("has few marks, in order, between its ends: $scale", (axis) => {
    fc.assert(
      fc.property(numbers, (values) => {
        const { marks, at } = scaleOf(axis, values, 0, 100);
        expect(marks.length).toBeGreaterThan(0);
        expect(marks.length).toBeLessThanOrEqual(12);
        expect(marks.toSorted((a, b) => a - b)).toEqual(marks);
        for (const mark of marks) expect(at(mark)).toBeLessThanOrEqual(100 + 1e-6);
      }),
    );
  });

  test("of lengths has marks at powers of two", () => {
    expect(scaleOf({ ...LOG, base: 4 }, [4096, 1 << 20], 0, 1).marks).toEqual([4096, 16384, 65536, 262144, 1048576]);
  });

  test("of nothing has no marks, and a logarithmic one leaves out what is not above 0", () => {
    expect(scaleOf(LINEAR, [], 0, 100).marks).toEqual([]);
    expect(scaleOf(LOG, [0, -5, Number.NaN], 0, 100).marks).toEqual([]);
    expect(scaleOf(LOG, [0, 10, 1000], 0, 100).marks).toEqual([10, 100, 1000]);
  });

  test("of one number is not empty", () => {
    expect(scaleOf(LINEAR, [0], 0, 100).at(0)).toBe(0);
    expect(scaleOf(LOG, [10], 0, 100).at(10)).toBe(0);
  });
});

describe("a chart", () => {
  const chart: Chart = {
    title: "",
    x: LOG,
    y: LOG,
    series: [
      {
        name: "a",
        points: [
          { x: 100, y: 2 },
          { x: 10, y: 1, low: 0.5, high: 4 },
          { x: 1, y: 0 },
        ],
      },
      { name: "b", points: [{ x: 10, y: 3 }] },
    ],
  };

  test("draws the points that its axes can show, from left to right", () => {
    const across = scaleOf(chart.x, valuesOf(chart, "x"), 0, 200);
    const up = scaleOf(chart.y, valuesOf(chart, "y"), 100, 0);
    expect(pointsOf(chart.series[0]!, chart, across, up).map(({ x }) => x)).toEqual([100, 200]);
  });

  test("says in its table what it draws, and what it cannot draw", () => {
    expect(rowsOf(chart).map(({ x, values }) => [x, ...values.map((point) => point?.y ?? null)])).toEqual([
      [1, 0, null],
      [10, 1, 3],
      [100, 2, null],
    ]);
  });

  test("has room for the ends of its intervals", () => {
    expect(valuesOf(chart, "y")).toEqual(expect.arrayContaining([0.5, 4]));
  });
});

test("no two of twelve series look the same, not even without colours", () => {
  const looks = Array.from({ length: 12 }, (_, i) => markOf(i)).map(({ shape, dashes }) => `${shape} ${dashes}`);
  expect(new Set(looks).size).toBe(12);
});
