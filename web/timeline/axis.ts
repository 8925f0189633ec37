import type { Lanes } from "../../lib/see/lanes.ts";

/** What goes from left to right: virtual time, or ticks. */
export type AxisKind = "time" | "ticks";

/** A stretch in which no CPU does anything, drawn shorter than it is. */
export interface Break {
  /** Unit of the axis: ns, or ticks. */
  readonly from: number;
  readonly to: number;
  /** Where it begins and ends in the picture. */
  readonly start: number;
  readonly end: number;
}

/** Idle gaps may take this part of the room that work takes, in all. */
const IDLE_SHARE = 0.6;

/**
 * From values (ns, or ticks) to places in a picture as long as everything together. Both only grow. Work has one scale;
 * of idle gaps, the long ones are cut to one length, so that together they do not fill the picture.
 */
export class Axis {
  readonly kind: AxisKind;
  /** Value at the right end. */
  readonly end: number;
  /** Place of the right end. */
  readonly length: number;
  readonly breaks: readonly Break[];

  private constructor(kind: AxisKind, end: number, breaks: readonly Break[]) {
    this.kind = kind;
    this.end = end;
    this.breaks = breaks;
    const last = breaks.at(-1);
    this.length = Math.max(last ? last.end + end - last.to : end, 1);
  }

  /** An axis of ticks: each has the same room. */
  static ofTicks({ ticks }: Pick<Lanes, "ticks">): Axis {
    return new Axis("ticks", ticks + 1, []);
  }

  /** An axis of virtual time, whose long idle gaps are cut. */
  static ofTime(lanes: Pick<Lanes, "lanes" | "end">): Axis {
    const gaps = idleGaps(lanes);
    const longest = longestShown(
      gaps.map(([from, to]) => to - from),
      lanes.end,
    );
    let cut = 0;
    const breaks = gaps.flatMap(([from, to]) => {
      if (to - from <= longest) return [];
      const start = from - cut;
      cut += to - from - longest;
      return [{ from, to, start, end: start + longest }];
    });
    return new Axis("time", lanes.end, breaks);
  }

  /** The place of a value. */
  place(value: number): number {
    const found = this.#before(value, "from");
    if (!found) return value;
    if (value >= found.to) return found.end + value - found.to;
    return found.start + ((value - found.from) / (found.to - found.from)) * (found.end - found.start);
  }

  /** The value at a place. */
  value(place: number): number {
    const found = this.#before(place, "start");
    if (!found) return place;
    if (place >= found.end) return found.to + place - found.end;
    return found.from + ((place - found.start) / (found.end - found.start)) * (found.to - found.from);
  }

  /** The last break that begins at or before something. */
  #before(wanted: number, by: "from" | "start"): Break | undefined {
    let low = 0;
    for (let high = this.breaks.length; low < high;) {
      const middle = (low + high) >>> 1;
      if (this.breaks[middle]![by] > wanted) high = middle;
      else low = middle + 1;
    }
    return this.breaks[low - 1];
  }
}

/** The stretches in which no CPU does anything, in order. */
function idleGaps({ lanes, end }: Pick<Lanes, "lanes" | "end">): [from: number, to: number][] {
  const work = lanes
    .filter(({ kind }) => kind === "cpu")
    .flatMap(({ slices }) => slices.filter(({ kind, depth }) => kind !== "idle" && (depth === 0 || isInterrupt(kind))))
    .sort((a, b) => a.start - b.start);
  const gaps: [number, number][] = [];
  let busyUntil = 0;
  for (const { start, end: over } of work) {
    if (start > busyUntil) gaps.push([busyUntil, start]);
    if (over > busyUntil) busyUntil = over;
  }
  if (end > busyUntil) gaps.push([busyUntil, end]);
  return gaps;
}

function isInterrupt(kind: string): boolean {
  return kind === "hardirq" || kind === "softirq";
}

/** How long a gap may be in the picture, so that all together are no longer than a share of the work. */
function longestShown(gaps: readonly number[], end: number): number {
  const idle = gaps.reduce((sum, gap) => sum + gap, 0);
  let room = Math.max(end - idle, 1) * IDLE_SHARE;
  if (idle <= room) return Infinity;
  const sorted = gaps.toSorted((a, b) => a - b);
  for (const [i, gap] of sorted.entries()) {
    const share = room / (sorted.length - i);
    if (gap > share) return share;
    room -= gap;
  }
  return Infinity;
}

/** The tick that is shown for a value of an axis: the last one that had happened by then. */
export class TickFinder {
  readonly #times: Float64Array;
  /** Ticks in the order of their times. */
  #order: Uint32Array | null = null;

  constructor({ times }: Pick<Lanes, "times">) {
    this.#times = times;
  }

  /** The tick at a value. */
  at(axis: Axis, value: number): number {
    const last = this.#times.length - 1;
    if (axis.kind === "ticks") return Math.max(0, Math.min(last, Math.floor(value)));
    const order = (this.#order ??= this.#sorted());
    let low = 0;
    for (let high = order.length; low < high;) {
      const middle = (low + high) >>> 1;
      if (this.#times[order[middle]!]! > value) high = middle;
      else low = middle + 1;
    }
    return low === 0 ? 0 : order[low - 1]!;
  }

  /** The value of a tick: in ticks, the middle of its room. */
  value(axis: Axis, tick: number): number {
    return axis.kind === "ticks" ? tick + 0.5 : this.#times[Math.min(tick, this.#times.length - 1)]!;
  }

  #sorted(): Uint32Array {
    const times = this.#times;
    return Uint32Array.from(times.keys()).sort((a, b) => times[a]! - times[b]! || a - b);
  }
}
