import type { RaceResult, RaceRow } from "../../lib/race/types.ts";
import { heatsIn } from "./pictures.ts";

/** What came out for somebody in both of two results. */
export interface Pair {
  readonly first: RaceRow;
  readonly second: RaceRow;
  /** Whether the second is faster, slower, or nothing can be told because the intervals touch. */
  readonly change: "faster" | "slower" | "level";
  /** Median of the slower by that of the faster: 1 or more. */
  readonly ratio: number;
}

/** What both of two results have: the same contender in the same heat and mode, in the order of the heats. */
export function pairsOf(first: RaceResult, second: RaceResult): Pair[] {
  const others = new Map(second.rows.map((row) => [keyOf(row), row]));
  const heats = heatsIn(first).map((heat) => `${heat.case} ${heat.size} ${heat.order}`);
  return first.rows
    .flatMap((row) => {
      const other = others.get(keyOf(row));
      const pair = other && pairOf(row, other);
      return pair ? [pair] : [];
    })
    .toSorted((a, b) => heats.indexOf(heatOf(a.first)) - heats.indexOf(heatOf(b.first)));
}

function pairOf(first: RaceRow, second: RaceRow): Pair | null {
  if (first.median_ns === null || second.median_ns === null || first.median_ns <= 0 || second.median_ns <= 0)
    return null;
  const ratio = Math.max(first.median_ns, second.median_ns) / Math.min(first.median_ns, second.median_ns);
  const isFaster = second.high_ns !== null && first.low_ns !== null && second.high_ns < first.low_ns;
  const isSlower = second.low_ns !== null && first.high_ns !== null && second.low_ns > first.high_ns;
  return { first, second, ratio, change: isFaster ? "faster" : isSlower ? "slower" : "level" };
}

function heatOf({ case: name, size, order }: RaceRow): string {
  return `${name} ${size} ${order}`;
}

function keyOf(row: RaceRow): string {
  return `${heatOf(row)} ${row.contender} ${row.mode}`;
}
