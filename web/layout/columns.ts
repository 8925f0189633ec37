import type { Box } from "../scene/scene.ts";
import { type BoxShapes, TAB_WIDTH, boxHeight, boxShapes } from "./boxes.ts";

const GAP = 12;

/** Boxes with their places, and the room that they take. */
export interface Block {
  readonly boxes: readonly BoxShapes[];
  /** Unit: px. */
  readonly width: number;
  readonly height: number;
}

/** Places boxes below each other. `x` is where the boxes begin, their tabs stick out to the left. */
export function column(boxes: readonly Box[], x: number, y: number, width: number): Block {
  const placed: BoxShapes[] = [];
  let top = y;
  for (const box of boxes) {
    const shapes = boxShapes(box, x, top, width);
    placed.push(shapes);
    top += shapes.frame.height + GAP;
  }
  return { boxes: placed, width, height: Math.max(0, top - GAP - y) };
}

/** Divides boxes into columns of about the same height, in order. */
export function divide(boxes: readonly Box[], count: number, width: number): Box[][] {
  const heights = boxes.map((box) => boxHeight(box, width) + GAP);
  const total = heights.reduce((sum, height) => sum + height, 0);
  const columns: Box[][] = Array.from({ length: count }, () => []);
  let before = 0;
  boxes.forEach((box, i) => {
    const at = Math.min(count - 1, Math.floor(((before + heights[i]! / 2) / total) * count));
    columns[at]!.push(box);
    before += heights[i]!;
  });
  return columns.filter((boxesOfColumn) => boxesOfColumn.length > 0);
}

/** Places boxes beside each other, in as many lines as they need. */
export function flow(
  boxes: readonly Box[],
  x: number,
  y: number,
  room: number,
  widthOf: (box: Box) => number,
  gap = GAP,
): Block {
  const placed: BoxShapes[] = [];
  let [left, top, tallest, widest] = [x, y, 0, 0];
  for (const box of boxes) {
    const width = Math.min(widthOf(box), room);
    const tabs = box.tabs.length > 0 ? TAB_WIDTH : 0;
    if (left > x && left + tabs + width > x + room) {
      left = x;
      top += tallest + gap;
      tallest = 0;
    }
    const shapes = boxShapes(box, left + tabs, top, width);
    placed.push(shapes);
    left += tabs + width + gap;
    widest = Math.max(widest, left - gap - x);
    tallest = Math.max(tallest, shapes.frame.height);
  }
  return { boxes: placed, width: widest, height: boxes.length > 0 ? top + tallest - y : 0 };
}
