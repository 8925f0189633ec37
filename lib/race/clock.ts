/** How many steps of the clock are looked at. */
const STEPS = 50;

/** The time. Unit: ns. In Node it is as fine as process.hrtime; browsers make it coarser than it could be. */
export function now(): number {
  return performance.now() * 1e6;
}

/** The smallest step of the clock that can be seen: it is looked at until it has gone on often enough. Unit: ns. */
export function clockResolution(): number {
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < STEPS; i++) {
    const before = now();
    let after = now();
    while (after === before) after = now();
    least = Math.min(least, after - before);
  }
  return Math.max(1, Math.round(least));
}
