/** How large the stage can be drawn, smallest first; 1 fits the room. */
export const ZOOMS: readonly number[] = [0.5, 0.75, 1, 1.25, 1.5, 2, 3, 4];

/** The next size, larger (1) or smaller (-1); the same where there is none. */
export function zoomed(zoom: number, by: 1 | -1): number {
  const place = ZOOMS.indexOf(zoom) + by;
  return ZOOMS[Math.max(0, Math.min(ZOOMS.length - 1, place))]!;
}
