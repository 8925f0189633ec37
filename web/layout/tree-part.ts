import type { TreeItem, TreePart } from "../scene/scene.ts";
import { LIMITS, OPENED } from "../scene/context.ts";
import { textWidth } from "./measure.ts";
import type { Path, Shape } from "./picture.ts";
import { type FoldedPart, type TreeLayout, type TreePlace, treeLayout } from "./tree.ts";

/** Side of a node. Unit: px. */
const NODE = 26;
const LEVEL = 38;
const RAIL = 30;
const HEAD_WIDTH = 54;
/** Room above the tree for the lines that come from wait queues. Unit: px. */
const LANES = 26;
/** Height of a tree without nodes. Unit: px. */
const EMPTY = 26;
/** How far above a list the hook of an item ends that is not on it. Unit: px. */
const OFF = 11;
/**
 * Least distance of two columns: neighbours in the order of the keys are never on one level, so nodes may be wider.
 * Unit: px.
 */
const CLOSEST = NODE / 2 + 3;
const HOOK = 4;
/** Radius of the hook of an item that is on a list, where there is room for it. Unit: px. */
const LINKED = 9;

/** Size of the letters of numbers. Unit: px. */
const NOTE = 11;

/** A tree and its lists, with places. */
export interface TreeShapes {
  readonly shapes: readonly Shape[];
  readonly threads: readonly Path[];
  readonly height: number;
}

/** How many nodes have room beside each other. */
function limitOf(width: number): number {
  return Math.min(LIMITS.tree, Math.max(3, Math.floor((width - HEAD_WIDTH) / CLOSEST)));
}

function layoutOf(tree: TreePart, width: number): TreeLayout {
  return treeLayout(tree.items, tree.root, limitOf(width), tree.shown, tree.left);
}

/** How tall a tree is with its lists. Unit: px. */
export function treeHeight(tree: TreePart, width: number): number {
  const { levels } = layoutOf(tree, width);
  return heightOf(tree, levels);
}

function heightOf(tree: TreePart, levels: number): number {
  return (levels === 0 ? EMPTY : LANES + levels * LEVEL) + tree.rails.length * RAIL + 4;
}

/** A rail with its place, and who is on it. */
interface PlacedRail {
  readonly key: string;
  readonly name: string;
  readonly y: number;
  readonly items: readonly string[];
  readonly places: readonly number[];
  readonly count: number;
}

/**
 * Places a tree with its lists below it. A node and its hook on a list stand in the same column, with a stem between
 * them: one item that is in the tree and on the list at the same time.
 */
export function treeShapes(tree: TreePart, at: { x: number; y: number; width: number }): TreeShapes {
  const layout = layoutOf(tree, at.width);
  const left = at.x + HEAD_WIDTH;
  const beside = Math.max(0, ...layout.folded.map(({ count }) => foldedWidth(count) - NODE));
  const step = Math.min(56, (at.width - HEAD_WIDTH - 4 - beside) / Math.max(1, layout.columns));
  const places = new Map<string, { x: number; y: number }>();
  const radius = Math.min(LINKED, step / 2 - 0.5);
  const columnX = ({ column }: TreePlace) => left + (column + 0.5) * step;
  const foldedX = (folded: FoldedPart) => {
    const x = columnX(folded);
    const above = places.get(folded.parent)?.x;
    if (above === undefined) return x;
    return above + Math.sign(x - above) * Math.max(foldedWidth(folded.count) / 2 + 1, Math.abs(x - above));
  };
  const levelY = ({ level }: TreePlace) => at.y + LANES + level * LEVEL + NODE / 2;
  const items = new Map(tree.items.map((item) => [item.key, item]));
  const bottom = at.y + (layout.levels === 0 ? EMPTY : LANES + layout.levels * LEVEL);
  const rails = tree.rails.map((rail, i): PlacedRail => ({ ...rail, y: bottom + i * RAIL + RAIL / 2 - 3 }));

  const shapes: Shape[] = rails.map((rail) => headShape(rail, at.x));
  if (layout.levels === 0) shapes.push(captionShape(tree, at));
  const threads: Path[] = [];
  for (const node of layout.nodes) places.set(node.key, { x: columnX(node), y: levelY(node) });
  const branch = (node: TreePlace, x: number) => {
    const above = places.get(node.parent);
    const d = above ? `M${above.x},${above.y} L${x},${levelY(node)}` : "";
    if (above) threads.push({ key: `branch:${node.key}`, kind: "branch", arrow: false, ends: [], d });
  };
  for (const node of layout.nodes) branch(node, columnX(node));
  for (const part of layout.folded) branch(part, foldedX(part));
  for (const node of layout.nodes) {
    const item = items.get(node.key)!;
    const { x, y } = places.get(node.key)!;
    const found = rails.find((rail) => rail.items.includes(node.key));
    const place = found ? found.places[found.items.indexOf(node.key)]! : 0;
    const hookY = found ? found.y : rails[0]!.y - OFF;
    threads.push({
      key: `stem:${node.key}`,
      kind: "stem",
      arrow: false,
      ends: found ? [item.address] : [],
      d: `M${x},${y} L${x},${hookY}`,
    });
    shapes.push(nodeShape(item, x, y), hookShape(item, x, hookY, place, radius));
  }
  for (const folded of layout.folded)
    shapes.push(
      foldedShape(
        folded,
        tree.folded.replace("{count}", folded.count.toLocaleString("en")),
        columnX(folded),
        levelY(folded),
      ),
    );
  for (const rail of rails) {
    threads.push(...railThreads(rail, at.x, places, items, radius));
    const hidden = rail.count - rail.items.filter((key) => places.has(key)).length;
    if (hidden > 0) shapes.push(railEnd(rail, hidden, at.x + at.width));
  }
  return { shapes, threads, height: heightOf(tree, layout.levels) };
}

function captionShape({ key, caption }: TreePart, { x, y, width }: { x: number; y: number; width: number }): Shape {
  return {
    key: `${key}:caption`,
    look: "caption",
    hue: "wait",
    address: 0,
    struct: "",
    label: "",
    x,
    y,
    width,
    height: EMPTY,
    lines: [{ text: caption, style: "note", anchor: "start", x: 0, y: 15 }],
  };
}

function headShape({ key, name, y }: PlacedRail, x: number): Shape {
  return {
    key,
    look: "head",
    hue: "eventpoll",
    address: 0,
    struct: "",
    label: "",
    x,
    y: y - 8.5,
    width: HEAD_WIDTH - 2,
    height: 17,
    lines: [{ text: name, style: "chip", anchor: "middle", x: (HEAD_WIDTH - 2) / 2, y: 12.5 }],
  };
}

function nodeShape(item: TreeItem, x: number, y: number): Shape {
  return {
    key: item.key,
    look: item.colour,
    hue: "eventpoll",
    address: item.address,
    struct: "Epitem",
    label: item.label,
    x: x - NODE / 2,
    y: y - NODE / 2,
    width: NODE,
    height: NODE,
    lines: [
      // A number of four digits is as wide as the node: its letters are smaller.
      { text: item.text, style: item.text.length > 3 ? "note" : "letter", anchor: "middle", x: NODE / 2, y: 13 },
      { text: item.colour === "red" ? "R" : "B", style: "note", anchor: "middle", x: NODE / 2, y: 22 },
    ],
  };
}

/** Where an item hangs on a list: an open dot if on none, else its place in the order. */
function hookShape(item: TreeItem, x: number, y: number, place: number, linked: number): Shape {
  const radius = place > 0 ? linked : HOOK;
  const line = { text: String(place), style: "letter", anchor: "middle", x: radius, y: radius + 4 } as const;
  return {
    key: `${item.key}:rdllink`,
    look: place > 0 ? "linked" : "hook",
    hue: "eventpoll",
    address: item.address,
    struct: "Epitem",
    label: "",
    x: x - radius,
    y: y - radius,
    width: radius * 2,
    height: radius * 2,
    lines: place > 0 ? [line] : [],
  };
}

/** How wide the sign of a sub-tree that is not drawn is, for its number of nodes. Unit: px. */
function foldedWidth(count: number): number {
  return Math.max(NODE, textWidth(`+${count.toLocaleString("en")}`, NOTE) + 20);
}

/** A sub-tree that is not drawn: a triangle with its number of nodes, which opens it. */
function foldedShape({ key, count }: { key: string; count: number }, label: string, x: number, y: number): Shape {
  const text = `+${count.toLocaleString("en")}`;
  const width = foldedWidth(count);
  return {
    key: `more:${OPENED}${Number.parseInt(key, 16)}`,
    look: "folded",
    hue: "wait",
    address: 0,
    struct: "",
    label,
    x: x - width / 2,
    y: y - 11,
    width,
    height: 26,
    lines: [{ text, style: "note", anchor: "middle", x: width / 2, y: 23 }],
  };
}

/** How many members of a list have no place in the drawing: at its end. */
function railEnd({ key, y }: PlacedRail, hidden: number, right: number): Shape {
  const text = `… +${hidden.toLocaleString("en")}`;
  const width = textWidth(text, NOTE) + 10;
  return {
    key: `${key}:end`,
    look: "caption",
    hue: "wait",
    address: 0,
    struct: "",
    label: "",
    x: right - width,
    y: y - 9,
    width,
    height: 18,
    lines: [{ text, style: "note", anchor: "end", x: width - 2, y: 13 }],
  };
}

/** The links of a list, from its head through the hooks of its members. */
function railThreads(
  rail: PlacedRail,
  x: number,
  places: ReadonlyMap<string, { x: number }>,
  items: ReadonlyMap<string, TreeItem>,
  linked: number,
): Path[] {
  const threads: Path[] = [];
  let from = x + HEAD_WIDTH - 2;
  let radius = 0;
  const hooks = rail.items.flatMap((key) => places.get(key)?.x ?? []);
  for (const key of rail.items) {
    const to = places.get(key)?.x;
    if (to === undefined) continue;
    const isStraight = to > from && !hooks.some((hook) => hook > from && hook < to);
    threads.push({
      key: `ready:${rail.key}:${key}`,
      kind: "ready",
      arrow: true,
      ends: [items.get(key)?.address ?? 0],
      d: isStraight
        ? `M${from + radius},${rail.y} L${to - linked - 3},${rail.y}`
        : arc(from, radius, to, rail.y, linked),
    });
    from = to;
    radius = linked;
  }
  return threads;
}

/** A link that passes below the hooks between its ends. */
function arc(from: number, radius: number, to: number, y: number, linked: number): string {
  const side = to > from ? 1 : -1;
  const [start, end] = [from + side * radius * 0.5, to - side * linked * 0.6];
  return `M${start},${y + radius * 0.8} Q${(from + to) / 2},${y + linked + 13} ${end},${y + linked + 1}`;
}
