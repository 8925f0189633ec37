import type { Window } from "./scale.ts";

/** No more than so many px for one unit of the axis: a nanosecond, or a tick. */
const CLOSEST = 40;

/** A window, enlarged around a place by a factor, within the length of the axis. @param width  of the picture, in px. */
export function zoomed(
  window: Window,
  factor: number,
  place: number,
  bounds: { length: number; width: number },
): Window {
  const { length, width } = bounds;
  const size = Math.min(length, Math.max((window.to - window.from) / factor, width / CLOSEST));
  const share = (place - window.from) / (window.to - window.from);
  return within(place - share * size, size, length);
}

/** A window, moved by so much. */
export function moved({ from, to }: Window, by: number, length: number): Window {
  return within(from + by, to - from, length);
}

/** A window that a place is in: if it is not, the place comes to a third of it. */
export function following(window: Window, place: number, length: number): Window {
  if (place >= window.from && place <= window.to) return window;
  const size = window.to - window.from;
  return within(place - size / 3, size, length);
}

function within(from: number, size: number, length: number): Window {
  const start = Math.max(0, Math.min(length - size, from));
  return { from: start, to: start + size };
}
