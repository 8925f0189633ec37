import { Random } from "../fuzz/random.ts";

/** How often samples are drawn again for an interval. */
const RESAMPLES = 1000;
/** With fewer samples nobody is compared: of five, even from the least to the greatest the median lies in 15 of 16 cases only. */
export const LEAST_SAMPLES = 6;
/** How sure an interval is. */
export const CONFIDENCE = 0.95;

/**
 * Times that differ by less are called equal even if their intervals are apart: two processes that run the same code
 * differ by up to 3 %, for it lies elsewhere in their memory, and no number of samples in a process tells that.
 */
export const MARGIN = 1.05;

/** Where a quantity lies. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/**
 * A quantile: 0.5 is the median.
 *
 * @param p  from 0 to 1.
 */
export function quantile(samples: readonly number[], p: number): number {
  if (samples.length === 0) throw new RangeError("there are no samples");
  return quantileOfSorted(Float64Array.from(samples).sort(), p);
}

/** The median. */
export function median(samples: readonly number[]): number {
  return quantile(samples, 0.5);
}

/** By a straight line between the two samples that it lies between (the seventh definition of Hyndman and Fan, 1996). */
function quantileOfSorted(sorted: Float64Array, p: number): number {
  const place = (sorted.length - 1) * p;
  const [below, above] = [sorted[Math.floor(place)]!, sorted[Math.ceil(place)]!];
  return below + (above - below) * (place - Math.floor(place));
}

/**
 * Where the median lies with a confidence of 95 %, by the bootstrap (Efron 1979): samples are drawn from the samples,
 * with repetition, again and again; the interval holds the middle 95 % of the medians that come of it. It asks nothing of
 * how the samples are distributed, which for times is well, as they are skewed.
 */
export function medianInterval(samples: readonly number[], seed: number): Interval {
  const random = new Random(seed, samples.length);
  const sorted = Float64Array.from(samples).sort();
  const count = sorted.length;
  const medians = new Float64Array(RESAMPLES);
  // Places in the sorted samples are drawn and not the samples: their median is that of small whole numbers.
  const drawn = new Uint32Array(count);
  for (let i = 0; i < RESAMPLES; i++) {
    for (let j = 0; j < count; j++) drawn[j] = random.below(count);
    drawn.sort();
    const upper = drawn[count >> 1]!;
    const lower = count % 2 === 1 ? upper : drawn[(count >> 1) - 1]!;
    medians[i] = (sorted[lower]! + sorted[upper]!) / 2;
  }
  medians.sort();
  const outside = (1 - CONFIDENCE) / 2;
  return { low: quantileOfSorted(medians, outside), high: quantileOfSorted(medians, 1 - outside) };
}

/** Which of two is less: -1 the first, 1 the second, 0 if their intervals touch, so that nothing can be said. */
export function compareIntervals(a: Interval, b: Interval): -1 | 0 | 1 {
  if (a.high < b.low) return -1;
  return b.high < a.low ? 1 : 0;
}

/** A median with its interval. Unit: ns. */
export interface Time {
  readonly median_ns: number;
  readonly low_ns: number;
  readonly high_ns: number;
}

/** Which of two times is less: -1 the first, 1 the second, 0 if intervals touch, or they differ by less than MARGIN. */
export function compareTimes(a: Time, b: Time): -1 | 0 | 1 {
  if (ratioOf(a, b) < MARGIN) return 0;
  return compareIntervals({ low: a.low_ns, high: a.high_ns }, { low: b.low_ns, high: b.high_ns });
}

/** The slower by the faster: 1 or more. */
export function ratioOf(a: Time, b: Time): number {
  return Math.max(a.median_ns / b.median_ns, b.median_ns / a.median_ns);
}
