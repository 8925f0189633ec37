import type { Axis } from "./axis.ts";

/** A label of the scale. */
export interface ScaleLabel {
  /** Unit of the axis. */
  readonly value: number;
  readonly text: string;
}

/** What is seen of an axis: places in its picture. */
export interface Window {
  readonly from: number;
  readonly to: number;
}

/** Steps between labels: these, times a power of ten. */
const STEPS = [1, 2, 5, 10];

const UNITS: readonly (readonly [size: number, name: string])[] = [
  [1_000_000_000, "s"],
  [1_000_000, "ms"],
  [1000, "µs"],
  [1, "ns"],
];

/** The labels of a window: at round values, no nearer to each other than `least` px, none inside of a break. */
export function scaleLabels(axis: Axis, { from, to }: Window, width: number, least: number): ScaleLabel[] {
  const perPixel = (to - from) / width;
  const step = niceStep(perPixel * least, axis.kind === "ticks");
  const labels: ScaleLabel[] = [];
  let lastX = -Infinity;
  for (const [start, end] of stretches(axis, from, to)) {
    for (let n = Math.ceil(start / step); n * step <= end; n++) {
      const value = n * step;
      const x = (axis.place(value) - from) / perPixel;
      if (x - lastX < least * 0.9) continue;
      labels.push({ value, text: axis.kind === "ticks" ? String(value) : timeLabel(value, step) });
      lastX = x;
    }
  }
  return labels;
}

/** The stretches of values in a window that are not in a break. */
function stretches(axis: Axis, from: number, to: number): [start: number, end: number][] {
  const found: [number, number][] = [];
  let start = axis.value(from);
  for (const cut of axis.breaks) {
    if (cut.end < from) continue;
    if (cut.start > to) break;
    if (cut.from > start) found.push([start, cut.from]);
    start = Math.max(start, cut.to);
  }
  const end = axis.value(to);
  if (end >= start) found.push([start, end]);
  return found;
}

function niceStep(least: number, whole: boolean): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(least, whole ? 1 : 1e-3)));
  const step = power * STEPS.find((factor) => factor * power >= least)!;
  return whole ? Math.max(1, step) : step;
}

/** A time with as many digits as tell it from the label a step away: `258.2 µs`. Unit: ns. */
export function timeLabel(ns: number, step: number): string {
  const [size, name] = UNITS.find(([unit]) => Math.abs(ns) >= unit) ?? UNITS.at(-1)!;
  const digits = Math.max(0, Math.ceil(Math.log10(size / step) - 1e-9));
  return `${(ns / size).toFixed(Math.min(digits, 9))} ${name}`;
}
