/** A step longer than this is a leap. Unit: ticks. */
const LEAP = 400;

/** Whether one tick is so far from another that things appear in their places, instead of moving there. */
export function isLeap(from: number, to: number): boolean {
  return Math.abs(to - from) >= LEAP;
}
