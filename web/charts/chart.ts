/** A number that was found, and how sure it is. */
export interface Point {
  readonly x: number;
  readonly y: number;
  /** Ends of the interval in which it lies. */
  readonly low?: number;
  readonly high?: number;
}

/** What belongs together: one line, or one colour of bars. */
export interface Series {
  readonly name: string;
  readonly points: readonly Point[];
}

/** One side of a chart. */
export interface Axis {
  /** What is counted, with its unit. */
  readonly title: string;
  /** Equal steps, or equal ratios; a logarithmic axis shows nothing that is not above 0. */
  readonly scale: "linear" | "log";
  /** How a value is written. */
  readonly format: (value: number) => string;
  /** By what marks of a logarithmic axis differ. Default: 10. */
  readonly base?: number;
}

/** Numbers to be drawn: as lines over x, or as bars, one for each series. */
export interface Chart {
  readonly title: string;
  readonly x: Axis;
  readonly y: Axis;
  readonly series: readonly Series[];
}

/** A way from values to places, px. */
export interface Scale {
  readonly at: (value: number) => number;
  readonly marks: readonly number[];
}

/** Where the points of a series lie. Unit: px. */
export interface DrawnPoint {
  readonly point: Point;
  readonly x: number;
  readonly y: number;
}

/** How many marks an axis has about. */
const MARKS = 5;
/** How far from each other marks of a logarithmic axis stand at most. Unit: powers of its base. */
const STEPS = [1, 2, 3, 4, 5, 6, 8, 10, 16] as const;

/** A scale on which all values have a place between two ends, px. */
export function scaleOf({ scale, base = 10 }: Axis, values: readonly number[], from: number, to: number): Scale {
  const shown = values.filter((value) => Number.isFinite(value) && (scale === "linear" || value > 0));
  if (shown.length === 0) return { at: () => from, marks: [] };
  return scale === "log" ? logarithmic(base, shown, from, to) : linear(shown, from, to);
}

function linear(values: readonly number[], from: number, to: number): Scale {
  const low = Math.min(0, ...values);
  const top = Math.max(...values);
  const step = roundStep((top - low || 1) / MARKS);
  const high = Math.max(low + step, Math.ceil(top / step - 1e-9) * step);
  const first = Math.ceil(low / step);
  const count = Math.floor(high / step + 1e-9) - first + 1;
  return {
    at: (value) => from + ((value - low) / (high - low)) * (to - from),
    marks: Array.from({ length: count }, (_, i) => (first + i) * step),
  };
}

/** The round number that is not less: 1, 2 or 5 times a power of ten. */
function roundStep(wanted: number): number {
  const power = 10 ** Math.floor(Math.log10(wanted));
  return ([1, 2, 5, 10].find((times) => times * power >= wanted * (1 - 1e-9)) ?? 10) * power;
}

function logarithmic(base: number, values: readonly number[], from: number, to: number): Scale {
  const power = (value: number) => Math.log(value) / Math.log(base);
  const low = Math.floor(power(Math.min(...values)) + 1e-9);
  const high = Math.max(low + 1, Math.ceil(power(Math.max(...values)) - 1e-9));
  const step = STEPS.find((wide) => (high - low) / wide <= 2 * MARKS) ?? Math.ceil((high - low) / MARKS);
  const marks: number[] = [];
  for (let at = low; at <= high; at += step) marks.push(base ** at);
  return { at: (value) => from + ((power(value) - low) / (high - low)) * (to - from), marks };
}

/** The places of a series' points that can be shown, from left to right. */
export function pointsOf({ points }: Series, { x, y }: Chart, across: Scale, up: Scale): DrawnPoint[] {
  const isShown = (axis: Axis, value: number) => Number.isFinite(value) && (axis.scale === "linear" || value > 0);
  return points
    .filter((point) => isShown(x, point.x) && isShown(y, point.y))
    .toSorted((a, b) => a.x - b.x)
    .map((point) => ({ point, x: across.at(point.x), y: up.at(point.y) }));
}

/** All values of an axis, ends of intervals among them. */
export function valuesOf({ series }: Chart, axis: "x" | "y"): number[] {
  return series.flatMap(({ points }) =>
    points.flatMap(({ x, y, low = y, high = y }) => (axis === "x" ? [x] : [y, low, high])),
  );
}

/** The rows of the table that says what a chart shows: by x, with a value for each series; null: it has none there. */
export function rowsOf({ series }: Chart): { readonly x: number; readonly values: readonly (Point | null)[] }[] {
  const all = [...new Set(series.flatMap(({ points }) => points.map(({ x }) => x)))].sort((a, b) => a - b);
  const byX = series.map(({ points }) => new Map(points.map((point) => [point.x, point])));
  return all.map((x) => ({ x, values: byX.map((found) => found.get(x) ?? null) }));
}
