import type { SearchNode } from "../../../../lib/structures/heard-search-tree.ts";
import { treeLayout } from "../../../layout/tree.ts";
import { MOST_KEYS } from "../operations.ts";
import type { Keys } from "./search.ts";

/** Half of a node's height. Unit: px. */
export const RADIUS = 16;
const COLUMN = 38;
const LEVEL = 64;
const MARGIN = 44;
/** How wide a letter of a key is. Unit: px. */
const LETTER = 8;
const NARROWEST = 260;

/** A node with its place. Units: px. */
export interface PlacedNode<N extends SearchNode> {
  readonly node: N;
  readonly x: number;
  readonly y: number;
  /** Half of its width: more for longer keys. */
  readonly half: number;
}

/** A line from a node to its child. */
export interface Edge {
  readonly name: string;
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
}

/** A tree with places. */
export interface TreePicture<N extends SearchNode> {
  readonly nodes: readonly PlacedNode<N>[];
  readonly edges: readonly Edge[];
  readonly width: number;
  readonly height: number;
}

/** Places a tree: each node in a column of its own, in the order of the keys. */
export function treePicture<N extends SearchNode>({ nodes, root }: Keys<N>): TreePicture<N> {
  const named = (key: number | null) => (key === null ? "" : String(key));
  const items = nodes.map(({ key, left, right }) => ({ key: named(key), left: named(left), right: named(right) }));
  const layout = treeLayout(items, named(root), MOST_KEYS, new Set());
  const byName = new Map(nodes.map((node) => [named(node.key), node]));
  const width = Math.max(NARROWEST, 2 * MARGIN + layout.columns * COLUMN);
  const left = (width - layout.columns * COLUMN) / 2;
  const placed = new Map(
    layout.nodes.map(({ key, column, level }): [string, PlacedNode<N>] => {
      const half = Math.max(RADIUS, (key.length * LETTER) / 2 + 6);
      const x = left + (column + 0.5) * COLUMN;
      return [key, { node: byName.get(key)!, x, y: MARGIN + RADIUS + level * LEVEL, half }];
    }),
  );
  const edges = layout.nodes.flatMap(({ key, parent }): Edge[] => {
    const [from, to] = [placed.get(parent), placed.get(key)!];
    return from ? [{ name: key, x1: from.x, y1: from.y, x2: to.x, y2: to.y }] : [];
  });
  const height = 2 * MARGIN + Math.max(1, layout.levels) * LEVEL - (LEVEL - 2 * RADIUS);
  return { nodes: [...placed.values()].toSorted((a, b) => a.node.key - b.node.key), edges, width, height };
}

/** An arc over a node, with its head: the way in which it is rotated. */
export function rotationPath(
  { x, y, half }: Pick<PlacedNode<SearchNode>, "x" | "y" | "half">,
  side: "left" | "right",
): string {
  const radius = half + 9;
  const sign = side === "right" ? 1 : -1;
  const [from, to, rise] = [x - sign * radius * 0.86, x + sign * radius * 0.86, y - radius * 0.5];
  const head = `M ${to - sign * 9} ${rise - 5} L ${to} ${rise} L ${to + sign * 2} ${rise - 10}`;
  return `M ${from} ${rise} A ${radius} ${radius} 0 0 ${side === "right" ? 1 : 0} ${to} ${rise} ${head}`;
}
