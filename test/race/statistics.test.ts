import fc from "fast-check";
import * as reference from "simple-statistics";
import { expect, test } from "vitest";
import { compareIntervals, compareTimes, median, medianInterval, quantile } from "../../lib/race/index.ts";
import { Random } from "../../lib/fuzz/random.ts";

const samples = fc.array(fc.double({ min: 0, max: 1e9, noNaN: true }), { minLength: 1, maxLength: 60 });

test("the median is that of simple-statistics, whatever the samples", () => {
  fc.assert(
    fc.property(samples, (all) => {
      expect(median(all)).toBeCloseTo(reference.median(all), 6);
    }),
  );
});

test("every quantile is that of simple-statistics, whatever the samples", () => {
  const p = fc.integer({ min: 0, max: 100 }).map((percent) => percent / 100);
  fc.assert(
    fc.property(samples, p, (all, at) => {
      expect(quantile(all, at)).toBeCloseTo(reference.quantile(all, at), 6);
    }),
  );
});

test("the interval of the median is the same for the same seed, lies within the samples, and holds their median", () => {
  fc.assert(
    fc.property(samples, fc.nat(), (all, seed) => {
      const interval = medianInterval(all, seed);
      expect(medianInterval(all, seed)).toEqual(interval);
      expect(interval.low).toBeGreaterThanOrEqual(Math.min(...all));
      expect(interval.high).toBeLessThanOrEqual(Math.max(...all));
      expect(interval.low).toBeLessThanOrEqual(median(all));
      expect(interval.high).toBeGreaterThanOrEqual(median(all));
    }),
    { numRuns: 50 },
  );
});

test("the interval agrees with the bootstrap of simple-statistics' own median, within what chance allows", () => {
  const all = draw(new Random(5, 0), 25);
  const random = new Random(6, 0);
  const medians = Array.from({ length: 20_000 }, () =>
    reference.median(reference.sampleWithReplacement(all, all.length, () => random.bits() / 2 ** 32)),
  );
  const { low, high } = medianInterval(all, 1);
  const spread = reference.standardDeviation(medians);
  expect(Math.abs(low - reference.quantile(medians, 0.025))).toBeLessThan(spread / 2);
  expect(Math.abs(high - reference.quantile(medians, 0.975))).toBeLessThan(spread / 2);
});

/** Skewed samples, as times are: a least time, and what comes on top with a long tail. Their median is 100 + ln 2 * 50. */
function draw(random: Random, count: number): number[] {
  return Array.from({ length: count }, () => 100 - 50 * Math.log((random.bits() + 1) / 2 ** 32));
}

/** These compute for a while. Unit: ms. */
const LONG = { timeout: 60_000 };
/** How often an experiment is made. */
const TIMES = 600;
const TRUE_MEDIAN = 100 + 50 * Math.LN2;

test.each([5, 15, 40])(
  "of %i skewed samples the interval holds the true median in about 95 of 100 cases",
  LONG,
  (count) => {
    const random = new Random(1, count);
    let held = 0;
    for (let i = 0; i < TIMES; i++) {
      const { low, high } = medianInterval(draw(random, count), i);
      if (low <= TRUE_MEDIAN && TRUE_MEDIAN <= high) held++;
    }
    expect(held / TIMES).toBeGreaterThan(0.92);
    expect(held / TIMES).toBeLessThan(0.985);
  },
);

test("samples of the same distribution are taken for different in less than 2 of 100 cases", LONG, () => {
  const random = new Random(2, 0);
  let different = 0;
  for (let i = 0; i < TIMES; i++) {
    const [a, b] = [medianInterval(draw(random, 15), i), medianInterval(draw(random, 15), i)];
    if (compareIntervals(a, b) !== 0) different++;
  }
  expect(different / TIMES).toBeLessThan(0.02);
});

test("intervals are in an order only if they do not touch", () => {
  expect(compareIntervals({ low: 1, high: 2 }, { low: 3, high: 4 })).toBe(-1);
  expect(compareIntervals({ low: 3, high: 4 }, { low: 1, high: 2 })).toBe(1);
  expect(compareIntervals({ low: 1, high: 2 }, { low: 2, high: 3 })).toBe(0);
});

test("times whose intervals are apart are in an order only if they differ by five percent or more", () => {
  const time = (median_ns: number) => ({ median_ns, low_ns: median_ns - 0.1, high_ns: median_ns + 0.1 });
  expect(compareTimes(time(100), time(104))).toBe(0);
  expect(compareTimes(time(100), time(106))).toBe(-1);
  expect(compareTimes(time(106), time(100))).toBe(1);
  expect(compareTimes({ ...time(100), high_ns: 110 }, time(106))).toBe(0);
});

test("without samples there is no quantile", () => {
  expect(() => quantile([], 0.5)).toThrow(RangeError);
});
