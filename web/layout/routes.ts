import type { Point, Rect } from "./picture.ts";

const RADIUS = 7;

/** A line through points, with round corners. Points on one line are passed straight. */
export function roundedPath(points: readonly Point[]): string {
  const [first, ...rest] = points;
  if (!first) return "";
  let d = `M${round(first.x)},${round(first.y)}`;
  rest.forEach((point, i) => {
    const next = rest[i + 1];
    if (!next) {
      d += ` L${round(point.x)},${round(point.y)}`;
      return;
    }
    const before = points[i]!;
    const into = towards(point, before);
    const out = towards(point, next);
    d += ` L${round(into.x)},${round(into.y)} Q${round(point.x)},${round(point.y)} ${round(out.x)},${round(out.y)}`;
  });
  return d;
}

/** The point on the way from one to another at which a round corner begins. */
function towards(from: Point, to: Point): Point {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const length = Math.hypot(dx, dy);
  if (length === 0) return from;
  const part = Math.min(RADIUS, length / 2) / length;
  return { x: from.x + dx * part, y: from.y + dy * part };
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

/** The middle of the right edge. */
export function rightOf({ x, y, width, height }: Rect): Point {
  return { x: x + width, y: y + height / 2 };
}

/** The middle of the left edge. */
export function leftOf({ x, y, height }: Rect): Point {
  return { x, y: y + height / 2 };
}

/** The middle. */
export function centreOf({ x, y, width, height }: Rect): Point {
  return { x: x + width / 2, y: y + height / 2 };
}

/** From a point to another at its right: a curve that leaves and arrives level. */
export function levelCurve(from: Point, to: Point): string {
  const bend = Math.max(12, (to.x - from.x) / 2);
  return (
    `M${round(from.x)},${round(from.y)} C${round(from.x + bend)},${round(from.y)} ` +
    `${round(to.x - bend)},${round(to.y)} ${round(to.x)},${round(to.y)}`
  );
}

/** From a point to another above or below it: a curve that leaves and arrives upright. */
export function uprightCurve(from: Point, to: Point): string {
  const bend = (to.y - from.y) / 2;
  return (
    `M${round(from.x)},${round(from.y)} C${round(from.x)},${round(from.y + bend)} ` +
    `${round(to.x)},${round(to.y - bend)} ${round(to.x)},${round(to.y)}`
  );
}
