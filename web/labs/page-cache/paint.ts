import { isMarked, ownerOf } from "../../../lib/cache/pages.ts";
import type { Lists } from "../../../lib/cache/pages.ts";
import type { Cell, Grid, Move, Places } from "./cells.ts";

/** Side of a cell with the gap behind it. Unit: px. */
export const PITCH = 15;
/** Side of a cell. Unit: px. */
const SIDE = 13;
/** Between the lists, with room for the words of the second. Unit: px. */
const GAP = 34;

const LETTERS = { hot: "H", stream: "S", written: "W", other: "O" } as const;
/** Custom property of the colour of each owner's pages. */
export const OWNER_COLOURS = {
  hot: "--iop-copy",
  stream: "--iop-page",
  written: "--iop-file",
  other: "--iop-wait",
} as const;
const COLOURS = [...Object.values(OWNER_COLOURS), "--iop-paper", "--iop-ink", "--iop-changed", "--iop-focus"] as const;

/** Colours as a canvas wants them. */
export type Colours = ReadonlyMap<string, string>;

/** The colours of an element's theme. */
export function coloursOf(element: Element): Colours {
  const probe = document.createElement("span");
  element.shadowRoot!.append(probe);
  const found = new Map<string, string>();
  for (const name of COLOURS) {
    // A property holds the text that it was given, light-dark() and all; a colour made of it is one.
    probe.style.color = `var(${name})`;
    found.set(name, getComputedStyle(probe).color);
  }
  probe.remove();
  return found;
}

/** Where a list begins, from the top. Unit: px. */
export function topOf(list: keyof Lists, { active }: Grid): number {
  return list === "active" ? 0 : active * PITCH + GAP;
}

/** Height of both lists. Unit: px. */
export function heightOf(grid: Grid): number {
  return topOf("inactive", grid) + grid.inactive * PITCH;
}

/** Where a cell is. Unit: px. */
function cellAt(list: keyof Lists, cell: number, grid: Grid): { readonly x: number; readonly y: number } {
  return {
    x: (cell % grid.columns) * PITCH,
    y: topOf(list, grid) + Math.floor(cell / grid.columns) * PITCH,
  };
}

/** The cell at a place; null: there is none. */
export function cellUnder(
  x: number,
  y: number,
  places: Places,
  grid: Grid,
): { readonly list: keyof Lists; readonly cell: number } | null {
  const column = Math.floor(x / PITCH);
  if (column < 0 || column >= grid.columns) return null;
  for (const list of ["active", "inactive"] as const) {
    const row = Math.floor((y - topOf(list, grid)) / PITCH);
    const cell = row * grid.columns + column;
    if (row >= 0 && cell < places[list].length) return { list, cell };
  }
  return null;
}

/** What is to be drawn. */
export interface Drawing {
  readonly grid: Grid;
  readonly places: Places;
  /** What is on its way from one list to the other, or out; `part` is how far: 0 to 1. */
  readonly moves: readonly Move[];
  readonly part: number;
  /** Which cell is outlined; null: none. */
  readonly outlined: { readonly list: keyof Lists; readonly cell: number } | null;
}

/** Draws the lists. */
export function paintLists(context: CanvasRenderingContext2D, drawing: Drawing, colours: Colours): void {
  const { grid, places, moves, part, outlined } = drawing;
  const moving = new Set(moves.flatMap(({ to }) => (to ? [`${to.list}${to.cell}`] : [])));
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.font = "600 8px ui-monospace, Menlo, Consolas, monospace";
  for (const list of ["active", "inactive"] as const) {
    places[list].forEach((cell, i) => {
      const { x, y } = cellAt(list, i, grid);
      const isMoved = moving.has(`${list}${i}`);
      if (!isMoved || part >= 1) paintCell(context, cell, x, y, colours);
      if (isMoved && part >= 1) ring(context, x, y, colours.get("--iop-changed")!);
    });
  }
  if (part < 1) paintMoves(context, drawing, colours);
  if (!outlined) return;
  const { x, y } = cellAt(outlined.list, outlined.cell, grid);
  ring(context, x, y, colours.get("--iop-focus")!);
}

function paintMoves(context: CanvasRenderingContext2D, { grid, moves, part }: Drawing, colours: Colours): void {
  for (const { page, from, to } of moves) {
    const begin = cellAt(from.list, from.cell, grid);
    const end = to ? cellAt(to.list, to.cell, grid) : { x: begin.x, y: begin.y + 2 * PITCH };
    context.globalAlpha = to ? 1 : 1 - part;
    const [x, y] = [begin.x + (end.x - begin.x) * part, begin.y + (end.y - begin.y) * part];
    paintCell(context, { page, count: 1 }, x, y, colours);
    if (to) ring(context, x, y, colours.get("--iop-changed")!);
  }
  context.globalAlpha = 1;
}

/** A cell: filled if its pages were used since they came to the list, else an outline; its letter; a corner if dirty. */
function paintCell(
  context: CanvasRenderingContext2D,
  { page, count }: Cell,
  x: number,
  y: number,
  colours: Colours,
): void {
  const owner = ownerOf(page);
  const colour = colours.get(OWNER_COLOURS[owner])!;
  const paper = colours.get("--iop-paper")!;
  const isUsed = isMarked(page, "referenced");
  context.fillStyle = isUsed ? colour : paper;
  context.fillRect(x, y, SIDE, SIDE);
  context.strokeStyle = colour;
  context.setLineDash(isMarked(page, "reading") ? [2, 2] : []);
  context.strokeRect(x + 0.5, y + 0.5, SIDE - 1, SIDE - 1);
  context.setLineDash([]);
  context.fillStyle = isUsed ? paper : colour;
  // What stands for several has a bar at its foot.
  context.fillText(LETTERS[owner], x + SIDE / 2, y + SIDE / 2 + (count > 1 ? -0.5 : 0.5));
  if (count > 1) context.fillRect(x + 2, y + SIDE - 3, SIDE - 4, 1);
  if (isMarked(page, "dirty") || isMarked(page, "writeback")) corner(context, page, x, y, colours);
}

function corner(context: CanvasRenderingContext2D, page: number, x: number, y: number, colours: Colours): void {
  context.beginPath();
  context.moveTo(x + SIDE, y);
  context.lineTo(x + SIDE - 5, y);
  context.lineTo(x + SIDE, y + 5);
  context.closePath();
  context.fillStyle = context.strokeStyle = colours.get("--iop-ink")!;
  if (isMarked(page, "dirty")) context.fill();
  else context.stroke();
}

function ring(context: CanvasRenderingContext2D, x: number, y: number, colour: string): void {
  context.strokeStyle = colour;
  context.lineWidth = 2;
  context.strokeRect(x - 0.5, y - 0.5, SIDE + 1, SIDE + 1);
  context.lineWidth = 1;
}
