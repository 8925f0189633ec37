import type { Box, Chip, Row } from "../scene/scene.ts";
import type { Line, Look, Path, Rect, Shape } from "./picture.ts";
import { fit, textWidth } from "./measure.ts";
import { type TreeShapes, treeHeight, treeShapes } from "./tree-part.ts";

/** Sizes of letters. Unit: px. */
const FONT = { word: 12.5, mono: 11, chip: 10.5 } as const;
/** Height of a row. Unit: px. */
export const ROW = 21;
const CHIP = 17;
/** Between chips, so that the halo of one does not touch the next. Unit: px. */
const CHIP_GAP = 6;
/** Between the empty slots of a ring. Unit: px. */
const SLOT_GAP = 4;
const HEADER = 24;
const PADDING = 11;
/** Width of the tabs at the left edge of a box. Unit: px. */
export const TAB_WIDTH = 50;
/** How far a tab reaches into its box. Unit: px. */
const TAB_INSIDE = 4;
const NAME_WIDTH = 76;
/** Names that take little room: those of the kernel's own fields, such as `wq`. */
const SHORT_NAME = /^[a-z]{1,3}$/;
/** Room for the number of the chips that are not drawn. Unit: px. */
const MORE = 26;
/** Side of the button that folds a box. Unit: px. */
const FOLD = 18;

/** A box with everything in it, with places. */
export interface BoxShapes {
  readonly frame: Shape;
  readonly chips: readonly Shape[];
  readonly threads: readonly Path[];
}

/** Height of a row: chips that stand below each other make it taller. */
function rowHeight(row: Row): number {
  const count = row.chips.length + (row.more > 0 ? 1 : 0);
  return row.tall ? Math.max(1, count) * ROW : ROW;
}

/** How tall a box is. Unit: px. */
export function boxHeight(box: Box, width: number): number {
  const header = box.word ? HEADER : 6;
  if (box.fold?.isFolded) return header;
  const rows = box.rows.reduce((sum, row) => sum + rowHeight(row), 0);
  const tree = box.tree ? treeHeight(box.tree, width - 2 * PADDING) : 0;
  const tabs = box.place === "eventpoll" ? 0 : box.tabs.length * (CHIP + 4) + 8;
  return Math.max(header + tree + rows + 6, tabs);
}

/** Places a box and everything in it. `width` leaves out the tabs at its left. */
export function boxShapes(box: Box, x: number, y: number, width: number): BoxShapes {
  const height = boxHeight(box, width);
  const chips: Shape[] = [...foldShapes(box, x, y, width), ...tabShapes(box, x, y)];
  const threads: Path[] = [];
  const lines = headerLines(box, width);
  let top = y + (box.word ? HEADER : 6);
  if (box.tree) {
    const tree: TreeShapes = treeShapes(box.tree, { x: x + PADDING, y: top, width: width - 2 * PADDING });
    chips.push(...tree.shapes);
    threads.push(...tree.threads);
    top += tree.height;
  }
  for (const row of box.rows) {
    const place = { x: x + PADDING, y: top, width: width - 2 * PADDING, height: rowHeight(row) };
    const placed = box.place === "table" ? cellShapes(row, { ...place, x: x, width }) : rowShapes(row, place);
    chips.push(...placed.shapes);
    lines.push(...placed.lines.map((line) => ({ ...line, x: line.x - x, y: line.y - y })));
    top += place.height;
  }
  const hints = [...(box.tree?.rails ?? []), ...box.rows].flatMap(({ hint }) => hint ?? []);
  const frame: Shape = {
    key: box.key,
    look: "box",
    hue: box.hue,
    x,
    y,
    width,
    height,
    address: box.address,
    struct: box.struct,
    label: box.label,
    lines,
    ...(hints.length > 0 ? { hint: hints.join("\n") } : {}),
    ...(box.fold?.isFolded ? { inside: box.fold.inside } : {}),
  };
  return { frame, chips, threads };
}

/** The button that folds a box, or unfolds it: at the right of its head. */
function foldShapes({ key, hue, fold }: Box, x: number, y: number, width: number): Shape[] {
  if (!fold) return [];
  const { isFolded, label } = fold;
  return [
    {
      key: `fold:${key}`,
      look: isFolded ? "closed" : "open",
      hue,
      address: 0,
      struct: "",
      label,
      x: x + width - FOLD - 3,
      y: y + 3,
      width: FOLD,
      height: FOLD,
      lines: [{ text: isFolded ? "▸" : "▾", style: "chip", anchor: "middle", x: FOLD / 2, y: FOLD / 2 + 4 }],
    },
  ];
}

function headerLines({ word, title, note: state, fold }: Box, full: number): Line[] {
  if (!word) return [];
  const lines: Line[] = [{ text: word, style: "word", anchor: "start", x: PADDING, y: 17 }];
  const width = fold ? full - FOLD + 4 : full;
  const from = PADDING + textWidth(word, FONT.word) * 1.08 + 7;
  const free = width - PADDING - from - textWidth(title, FONT.mono, true);
  const notes =
    fold?.isFolded && fold.count > 0
      ? [`${state && `${state} · `}${fold.badge}`, fold.badge, `+${fold.count}`]
      : [state];
  const note = notes.find((text) => textWidth(text, FONT.chip) + 8 <= free) ?? notes.at(-1);
  const noteWidth = note ? textWidth(note, FONT.chip) + 8 : 0;
  const room = width - PADDING - from - noteWidth;
  if (title) lines.push({ text: fit(title, room, FONT.mono, true), style: "mono", anchor: "start", x: from, y: 17 });
  if (note) lines.push({ text: note, style: "note", anchor: "end", x: width - PADDING, y: 17 });
  return lines;
}

/** Files and a struct socket, which stick out of the left edge. */
function tabShapes(box: Box, x: number, y: number): Shape[] {
  return box.tabs.map((chip, i) =>
    chipShape(chip, {
      x: x - TAB_WIDTH + TAB_INSIDE,
      y: y + 5 + i * (CHIP + 4),
      width: TAB_WIDTH,
      height: CHIP,
    }),
  );
}

/** A chip at a place, its text in the middle. */
function chipShape(chip: Chip, rect: Rect, look: Look = chip.look): Shape {
  const text = fit(chip.text, rect.width - 5, FONT.chip, true);
  const isWaiter = look === "waiter" || look === "exclusive";
  const line: Line = isWaiter
    ? {
        text: fit(chip.text, rect.width - 17, FONT.chip, true),
        style: "chip",
        anchor: "start",
        x: 15,
        y: rect.height / 2 + 4,
      }
    : { text, style: "chip", anchor: "middle", x: rect.width / 2, y: rect.height / 2 + 4 };
  const { key, hue, address, struct, label } = chip;
  return { key, look, hue, address, struct, label, lines: text ? [line] : [], ...rect };
}

function chipWidth(chip: Chip): number {
  const padding = chip.look === "waiter" || chip.look === "exclusive" ? 20 : 12;
  return Math.max(
    chip.look === "slot" || chip.look === "free" ? 22 : 26,
    textWidth(chip.text, FONT.chip, true) + padding,
  );
}

/** Number of the chips that say something: an empty slot of a ring is not missed where there is no room for it. */
function textsOf(chips: readonly Chip[]): number {
  return chips.filter(({ text }) => text !== "").length;
}

/** A row: its name at the left, then its chips. */
function rowShapes(row: Row, { x, y, width }: Rect): { shapes: Shape[]; lines: Line[] } {
  const lines: Line[] = [];
  const shapes: Shape[] = [];
  const from = row.name ? x + (SHORT_NAME.test(row.name) ? 24 : NAME_WIDTH) : x;
  const room = x + width - from;
  if (row.name) lines.push({ text: row.name, style: "name", anchor: "start", x, y: y + 14.5 });
  if (row.text) {
    const mono = !row.name;
    lines.push({
      text: fit(row.text, room, FONT.mono, mono),
      style: row.name ? "note" : "mono",
      anchor: "start",
      x: from,
      y: y + 14.5,
    });
  }
  let at = from;
  let top = y + 2;
  for (const chip of row.chips) {
    const wide = Math.min(chipWidth(chip), room);
    const behind = row.more + textsOf(row.chips.slice(shapes.length + 1));
    if (!row.tall && at > from && at + wide > x + width - (behind > 0 ? MORE : 0)) break;
    shapes.push(chipShape(chip, { x: row.tall ? from : at, y: top, width: wide, height: CHIP }));
    at += wide + (chip.text === "" ? SLOT_GAP : CHIP_GAP);
    if (row.tall) top += ROW;
  }
  const hidden = row.more + textsOf(row.chips.slice(shapes.length));
  if (hidden > 0) shapes.push(moreShape(row, hidden, x + width, row.tall ? top : y + 2));
  return { shapes, lines };
}

/** What stands at the end of a row for the chips that are not drawn, and shows more of them. */
function moreShape({ key, opens }: Row, hidden: number, right: number, y: number): Shape {
  const text = `+${hidden}`;
  const width = Math.max(MORE - 2, textWidth(text, FONT.chip, true) + 6);
  return {
    key: opens?.key ?? `${key}:more`,
    look: opens ? "more" : "caption",
    hue: "wait",
    address: 0,
    struct: "",
    label: opens?.label.replace("{count}", String(hidden)) ?? "",
    x: right - width,
    y,
    width,
    height: CHIP,
    lines: [{ text, style: "chip", anchor: "middle", x: width / 2, y: 12.5 }],
  };
}

/** The rows of a descriptor table: number and file in cells that fill the box. */
function cellShapes(row: Row, { x, y, width }: Rect): { shapes: Shape[]; lines: Line[] } {
  if (row.chips.length === 0) {
    return { shapes: [], lines: [{ text: row.text, style: "note", anchor: "start", x: x + PADDING, y: y + 14.5 }] };
  }
  const numbers = row.chips.map(({ look, text }) => (look === "more" ? "" : (text.split("\t")[0] ?? "")));
  const end = Math.max(26, ...numbers.map((number) => 6 + textWidth(number, FONT.word)));
  const shapes = row.chips.map((chip, i): Shape => {
    // Inside of the frame: its line is drawn all round.
    const rect = { x: x + 1, y: y + i * ROW, width: width - 2, height: ROW };
    if (chip.look === "more") return chipShape(chip, { ...rect, x: x + 4, width: width - 8, height: CHIP });
    const [fd = "", title = ""] = chip.text.split("\t");
    const lines: Line[] = [
      { text: fd, style: "letter", anchor: "end", x: end, y: 14.5 },
      { text: fit(title, width - end - 13, FONT.chip, true), style: "chip", anchor: "start", x: end + 7, y: 14.5 },
    ];
    const { key, hue, address, struct, label } = chip;
    return { key, look: "row", hue, address, struct, label, lines, ...rect };
  });
  return { shapes, lines: [] };
}
