import type { Lane, Lanes, Slice } from "../../lib/see/lanes.ts";

/** What a lane does at a tick. */
interface LaneNow {
  readonly lane: Lane;
  /** The slices that the tick is in, the outermost first; none: the lane does nothing, or is not yet. */
  readonly slices: readonly Slice[];
}

/** What every lane does at a tick: those that do nothing are left out, but for CPUs and tasks. */
export function lanesAt({ lanes }: Pick<Lanes, "lanes">, tick: number): LaneNow[] {
  return lanes
    .map((lane) => ({ lane, slices: slicesAt(lane, tick) }))
    .filter(({ lane, slices }) => slices.length > 0 || lane.kind === "cpu");
}

/** The slices of a lane that a tick is in. */
export function slicesAt({ slices }: Lane, tick: number): Slice[] {
  const found: Slice[] = [];
  for (let i = lastFrom(slices, tick); i >= 0; i--) {
    const slice = slices[i]!;
    if (slice.to > tick) found.unshift(slice);
    if (slice.depth === 0) break;
  }
  return found;
}

/** Index of the last slice that begins at or before a tick; -1: none does. */
function lastFrom(slices: readonly Slice[], tick: number): number {
  let low = 0;
  for (let high = slices.length; low < high;) {
    const middle = (low + high) >>> 1;
    if (slices[middle]!.from > tick) high = middle;
    else low = middle + 1;
  }
  return low - 1;
}
