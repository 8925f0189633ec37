import type { Lane, Slice } from "../../lib/see/lanes.ts";
import type { Axis } from "./axis.ts";

/** Where the slices of one depth of a lane lie on an axis: in order, none over another. */
export interface Extents {
  readonly slices: readonly Slice[];
  /** Places at which they begin. */
  readonly starts: Float64Array;
  /** Places at which they end. */
  readonly ends: Float64Array;
}

/** Measures the slices of a lane, by depth. */
export function extentsOf(lane: Lane, axis: Axis): Extents[] {
  const levels: Slice[][] = Array.from({ length: lane.depth }, () => []);
  for (const slice of lane.slices) levels[slice.depth]!.push(slice);
  const inTime = axis.kind === "time";
  return levels.map((slices) => ({
    slices,
    starts: Float64Array.from(slices, ({ start, from }) => axis.place(inTime ? start : from)),
    ends: Float64Array.from(slices, ({ end, to }) => axis.place(inTime ? end : to)),
  }));
}

/** Index of the first slice that ends behind a place. */
export function firstBehind({ ends }: Extents, place: number): number {
  let low = 0;
  for (let high = ends.length; low < high;) {
    const middle = (low + high) >>> 1;
    if (ends[middle]! > place) high = middle;
    else low = middle + 1;
  }
  return low;
}

/**
 * Calls back for each slice in a window that is to be drawn: of those that share a pixel, one. However many slices there
 * are, there are no more calls than pixels and slices wider than one.
 *
 * @param width  of the window. Unit: px.
 * @param draw   is given the slice, its left edge, and its width, in px; a merged one is 1 px wide.
 */
export function eachVisible(
  extents: Extents,
  window: { readonly from: number; readonly to: number },
  width: number,
  draw: (slice: Slice, x: number, width: number) => void,
): void {
  const { slices, starts, ends } = extents;
  const scale = width / (window.to - window.from);
  let i = firstBehind(extents, window.from);
  // What is as short as nothing has no end behind its beginning.
  while (i > 0 && starts[i - 1]! >= window.from) i--;
  while (i < slices.length && starts[i]! <= window.to) {
    const x = (starts[i]! - window.from) * scale;
    const right = (ends[i]! - window.from) * scale;
    if (right - x >= 1) {
      draw(slices[i]!, x, right - x);
      i++;
      continue;
    }
    const pixel = Math.floor(x);
    draw(slices[i]!, pixel, 1);
    const next = window.from + (pixel + 1) / scale;
    const behind = firstBehind(extents, next);
    // One that begins in this pixel and reaches out of it is drawn whole.
    i = behind > i ? behind : i + 1;
  }
}
