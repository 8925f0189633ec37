import type { Slice } from "../../lib/see/lanes.ts";
import { type Extents, eachVisible } from "./extents.ts";
import type { Group, Row } from "./rows.ts";
import { type ScaleLabel, type Window } from "./scale.ts";
import { LEVEL } from "./rows.ts";
import { LOOKS, SIGNS, type SignKind } from "./looks.ts";
import type { Axis } from "./axis.ts";
import type { Palette } from "./palette.ts";

/** Height of the scale and of the marks below it. Unit: px. */
export const SCALE = 20;
const SIGNS_HEIGHT = 16;
/** Where labels have their middle: above the signs of breaks. Unit: px. */
const LABEL_MIDDLE = 7;
/** Height of both: where the rows begin. Unit: px. */
export const HEADER = SCALE + SIGNS_HEIGHT;
/** Slices at least as wide have a border; wider ones a letter, or their name. Unit: px. */
const BORDERED = 3;
const LETTERED = 12;
const NAMED = 26;
/** Least distance of two marks. Unit: px. */
const SIGN_ROOM = 9;

/** A mark at its place on the axis. */
export interface PlacedSign {
  readonly kind: SignKind;
  readonly place: number;
}

/** Everything that is in the picture. */
interface Drawing {
  readonly axis: Axis;
  readonly window: Window;
  /** Unit: px. */
  readonly width: number;
  readonly height: number;
  /** How far the rows are scrolled. Unit: px. */
  readonly top: number;
  readonly groups: readonly Group[];
  readonly extentsOf: (row: Row) => readonly (readonly Extents[])[];
  readonly labels: readonly ScaleLabel[];
  /** In the order of their places. */
  readonly signs: readonly PlacedSign[];
  /** Where the machine stands: a place on the axis. */
  readonly cursor: number;
  /** What is selected; null: nothing. */
  readonly range: Window | null;
  readonly nameOf: (slice: Slice) => string;
}

/** Draws a timeline. */
export function paint(context: CanvasRenderingContext2D, palette: Palette, drawing: Drawing): void {
  const { width, height, window, cursor, range } = drawing;
  const x = (place: number) => ((place - window.from) / (window.to - window.from)) * width;
  context.clearRect(0, 0, width, height);
  context.save();
  context.beginPath();
  context.rect(0, HEADER, width, height - HEADER);
  context.clip();
  paintBreaks(context, palette, drawing, x);
  for (const { rows } of drawing.groups) {
    for (const row of rows) {
      const y = HEADER + row.y - drawing.top;
      if (y < height && y + row.height > HEADER) paintRow(context, palette, drawing, row, y);
    }
  }
  context.restore();
  paintScale(context, palette, drawing, x);
  paintSigns(context, palette, drawing, x);
  if (range) {
    const [left, right] = [x(range.from), x(range.to)];
    context.fillStyle = palette.focus;
    context.globalAlpha = 0.16;
    context.fillRect(left, 0, right - left, height);
    context.globalAlpha = 1;
    context.fillRect(left, 0, 1.5, height);
    context.fillRect(right - 1.5, 0, 1.5, height);
  }
  paintCursor(context, palette, x(cursor), height);
}

function paintCursor(context: CanvasRenderingContext2D, palette: Palette, x: number, height: number): void {
  context.fillStyle = palette.accent;
  context.fillRect(x - 1, 0, 2, height);
  context.beginPath();
  context.moveTo(x - 6, 0);
  context.lineTo(x + 6, 0);
  context.lineTo(x, 8);
  context.fill();
}

/** A gap that is cut is a band with the sign of a break; what is drawn there is not to scale. */
function paintBreaks(
  context: CanvasRenderingContext2D,
  palette: Palette,
  { axis, window, height }: Drawing,
  x: (place: number) => number,
): void {
  let last = -Infinity;
  for (const { start, end } of axis.breaks) {
    if (end < window.from) continue;
    if (start > window.to) break;
    const [left, right] = [x(start), x(end)];
    if (right - last < 2) continue;
    last = right;
    context.fillStyle = palette.rule;
    context.globalAlpha = 0.35;
    context.fillRect(left, HEADER, Math.max(1, right - left), height - HEADER);
    context.globalAlpha = 1;
  }
}

function paintRow(context: CanvasRenderingContext2D, palette: Palette, drawing: Drawing, row: Row, y: number): void {
  for (const levels of drawing.extentsOf(row)) {
    levels.forEach((extents, depth) => {
      const level = Math.min(depth, row.levels - 1);
      // In a folded row, what is inside of something stands on it.
      const inset = (depth - level) * 4;
      const top = y + level * LEVEL + inset;
      const height = LEVEL - 2 - inset;
      eachVisible(extents, drawing.window, drawing.width, (slice, x, width) => {
        paintSlice(context, palette, drawing, slice, { x, y: top, width, height });
      });
    });
  }
}

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

function paintSlice(
  context: CanvasRenderingContext2D,
  palette: Palette,
  drawing: Drawing,
  slice: Slice,
  { x, y, width, height }: Box,
): void {
  const { colour, pattern, letter } = LOOKS[slice.kind];
  const ink = palette.colour(colour);
  context.fillStyle = ink;
  const left = Math.max(x, -4);
  const right = Math.min(x + width, drawing.width + 4);
  const seen = right - left;
  if (pattern === "line") {
    context.fillRect(left, y + height / 2 - 0.75, seen, 1.5);
  } else if (width < BORDERED) {
    context.fillRect(left, y, Math.max(1, seen), height);
  } else {
    if (pattern !== "outline") {
      context.globalAlpha = pattern === "solid" ? 0.38 : 0.14;
      context.fillRect(left, y, seen - 0.5, height);
      context.globalAlpha = pattern === "solid" ? 1 : 0.75;
      if (pattern !== "solid") {
        context.fillStyle = palette.pattern(colour, pattern) ?? ink;
        context.fillRect(left, y, seen - 0.5, height);
      }
      context.globalAlpha = 1;
    }
    context.strokeStyle = ink;
    context.lineWidth = 1;
    context.strokeRect(left + 0.5, y + 0.5, seen - 1.5, height - 1);
  }
  if (seen < LETTERED || height < 9 || slice.kind === "idle") return;
  const text = seen >= NAMED ? drawing.nameOf(slice) || letter : letter;
  if (!text) return;
  // On a line a name needs a gap in it: nothing may look struck out.
  context.lineWidth = pattern === "line" ? 7 : 3;
  paintText(context, palette, text, Math.max(left, 0) + 4, y + height / 2, right - Math.max(left, 0) - 7);
}

/** Writes a name, with a halo as wide as the line width is. */
function paintText(
  context: CanvasRenderingContext2D,
  palette: Palette,
  text: string,
  x: number,
  y: number,
  room: number,
): void {
  context.font = `500 11px ${palette.font}`;
  context.textBaseline = "middle";
  const shown = shortened(context, text, room);
  if (!shown) return;
  context.lineJoin = "round";
  context.strokeStyle = palette.paper;
  context.strokeText(shown, x, y + 0.5);
  context.fillStyle = palette.ink;
  context.fillText(shown, x, y + 0.5);
}

/** As much of a text as there is room for; of less than two letters, nothing. */
function shortened(context: CanvasRenderingContext2D, text: string, room: number): string {
  const full = context.measureText(text).width;
  if (full <= room) return text;
  const length = Math.floor((text.length * room) / full) - 1;
  return length < 2 ? "" : `${text.slice(0, length)}…`;
}

function paintScale(
  context: CanvasRenderingContext2D,
  palette: Palette,
  { axis, labels, window, width, height }: Drawing,
  x: (place: number) => number,
): void {
  context.font = `11px ${palette.font}`;
  context.textBaseline = "middle";
  for (const { value, text } of labels) {
    const left = x(axis.place(value));
    context.fillStyle = palette.rule;
    context.globalAlpha = 0.8;
    context.fillRect(Math.round(left), 2, 1, height);
    context.globalAlpha = 1;
    context.fillStyle = palette.quiet;
    context.fillText(text, left + 4, LABEL_MIDDLE);
  }
  let last = -Infinity;
  for (const { start, end } of axis.breaks) {
    if (end < window.from || start > window.to) continue;
    const middle = (x(start) + x(end)) / 2;
    if (middle - last < 14 || x(end) - x(start) < 4 || middle < 0 || middle > width) continue;
    last = middle;
    paintBreakSign(context, palette, middle);
  }
}

/** Two slanted strokes through the scale. */
function paintBreakSign(context: CanvasRenderingContext2D, palette: Palette, x: number): void {
  context.strokeStyle = palette.ink;
  context.lineWidth = 1.4;
  for (const shift of [-3, 2]) {
    context.beginPath();
    context.moveTo(x + shift - 2, SCALE + 1);
    context.lineTo(x + shift + 2, SCALE - 7);
    context.stroke();
  }
}

function paintSigns(
  context: CanvasRenderingContext2D,
  palette: Palette,
  { signs, window, width }: Drawing,
  x: (place: number) => number,
): void {
  context.font = `700 11px ${palette.font}`;
  context.textBaseline = "middle";
  context.textAlign = "center";
  const taken = new Set<number>();
  for (const kind of Object.keys(SIGNS) as SignKind[]) {
    const { colour, sign } = SIGNS[kind];
    context.fillStyle = palette.colour(colour);
    for (const one of signs) {
      if (one.kind !== kind || one.place < window.from || one.place > window.to) continue;
      const left = x(one.place);
      const cell = Math.round(Math.min(width, left) / SIGN_ROOM);
      if (taken.has(cell)) continue;
      taken.add(cell);
      context.fillText(sign, left, SCALE + SIGNS_HEIGHT / 2);
    }
  }
  context.textAlign = "start";
}
