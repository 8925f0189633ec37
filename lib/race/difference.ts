import type { Entry, Heat, RaceResult, RaceRow } from "./types.ts";
import { compareTimes, ratioOf } from "./statistics.ts";
import { isTimed } from "./verdict.ts";

/** How a contender has done in two races. Units: ns per operation. */
export interface Difference extends Heat, Entry {
  readonly before: number;
  readonly after: number;
  /** The second race was faster than the first, slower, or nothing can be said: the intervals touch. */
  readonly kind: "faster" | "slower" | "level";
  /** Median of the slower by that of the faster: 1 or more. */
  readonly ratio: number;
}

/** What two saved races both have measured, in the order of the first. */
export function differencesOf(before: RaceResult, after: RaceResult): Difference[] {
  const others = new Map(after.rows.map((row) => [entryOf(row), row]));
  return before.rows.flatMap((row) => {
    const other = others.get(entryOf(row));
    return other === undefined ? [] : differenceOf(row, other);
  });
}

/** What is the same for the same contender in the same heat and mode. */
function entryOf({ case: name, size, order, contender, mode }: RaceRow): string {
  return [name, size, order, mode, contender].join(" ");
}

function differenceOf(before: RaceRow, after: RaceRow): Difference[] {
  if (!isTimed(before) || !isTimed(after)) return [];
  const { case: name, size, order, contender, mode } = before;
  const sooner = compareTimes(before, after);
  const kind = sooner === 0 ? "level" : sooner < 0 ? "slower" : "faster";
  const ratio = ratioOf(before, after);
  return [{ case: name, size, order, contender, mode, before: before.median_ns, after: after.median_ns, kind, ratio }];
}
