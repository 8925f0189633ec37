import type { Box } from "../scene/scene.ts";
import { TAB_WIDTH, boxHeight } from "./boxes.ts";
import { type Block, column, divide } from "./columns.ts";

const TABLE = 136;
const OBJECT = 218;
const GUTTER = 24;
const TAB = TAB_WIDTH - 4;
/** The narrowest eventpoll that still shows the name of its waiter's function. Unit: px. */
const EVENTPOLL = 234;
const EVENTPOLL_MOST = 460;
/** Room at the right for the lines that go up to tasks. Unit: px. */
const RIGHT = 16;
const GAP = 14;

/** Where a column of boxes ends at its right: the room for lines behind it. */
export interface Gutter {
  /** Unit: px. */
  readonly from: number;
  readonly to: number;
}

/** The columns of the kernel band with their places. */
export interface KernelBand {
  readonly blocks: readonly Block[];
  /** Gutters by the key of each box: the one at its right. */
  readonly gutters: ReadonlyMap<string, Gutter>;
  /** Keys of the boxes in the column that touches the eventpolls. */
  readonly adjacent: ReadonlySet<string>;
  readonly height: number;
}

/** Places descriptor tables, objects and eventpolls beside each other. */
export function kernelColumns(boxes: readonly Box[], x: number, y: number, room: number): KernelBand {
  const of = (...places: Box["place"][]) => boxes.filter(({ place }) => places.includes(place));
  const [tables, objects, eventpolls] = [of("table", "packet"), of("object"), of("eventpoll")];
  const left = tables.length > 0 ? TABLE + GUTTER : 0;
  const rest = room - left;
  const unit = TAB + OBJECT + GUTTER;
  const forObjects = eventpolls.length > 0 ? rest - EVENTPOLL - TAB - RIGHT : rest - RIGHT + GUTTER;
  const wanted = objects.length === 0 ? 0 : Math.max(1, Math.ceil(tallness(objects) / 420));
  const count = Math.max(objects.length > 0 ? 1 : 0, Math.min(wanted, Math.floor(forObjects / unit)));
  const columns = count > 0 ? divide(objects, count, OBJECT) : [];
  const spare = Math.max(0, forObjects - columns.length * unit);
  const extra = columns.length > 0 ? Math.min(eventpolls.length > 0 ? 28 : 60, spare / columns.length / 3) : 0;

  const blocks: Block[] = [];
  const gutters = new Map<string, Gutter>();
  const adjacent = new Set<string>();
  const place = (some: readonly Box[], at: number, width: number, gutter: number) => {
    const block = column(some, at, y, width);
    blocks.push(block);
    for (const box of some) gutters.set(box.key, { from: at + width, to: at + width + gutter });
    return at + width + gutter;
  };
  let at = x;
  if (tables.length > 0) at = place(tables, at, TABLE, GUTTER);
  columns.forEach((some, i) => {
    at = place(some, at + TAB, OBJECT + extra, GUTTER);
    if (i === columns.length - 1) for (const box of some) adjacent.add(box.key);
  });
  if (eventpolls.length > 0) {
    const width = Math.min(EVENTPOLL_MOST, x + room - at - TAB - RIGHT);
    place(eventpolls, at + TAB, width, RIGHT);
  }
  return { blocks, gutters, adjacent, height: Math.max(0, ...blocks.map(({ height }) => height)) };
}

/** How tall the objects are below each other. Unit: px. */
function tallness(objects: readonly Box[]): number {
  return objects.reduce((sum, box) => sum + boxHeight(box, OBJECT) + GAP, 0);
}

/** Places everything below each other: for phones. */
export function kernelStack(boxes: readonly Box[], x: number, y: number, room: number): KernelBand {
  const blocks: Block[] = [];
  let top = y;
  for (const place of ["table", "object", "eventpoll", "packet"] as const) {
    const some = boxes.filter((box) => box.place === place);
    if (some.length === 0) continue;
    const tab = some.some(({ tabs }) => tabs.length > 0) ? TAB : 0;
    const block = column(some, x + tab, top, room - tab);
    blocks.push(block);
    top += block.height + GAP;
  }
  return { blocks, gutters: new Map(), adjacent: new Set(), height: Math.max(0, top - GAP - y) };
}
