import type { TreeItem } from "../scene/scene.ts";

/** What of a node decides where it is. */
type Linked = Pick<TreeItem, "key" | "left" | "right">;

/** How far a folded part stands from its parent's column. Unit: columns. */
const BESIDE = 0.35;

/** Where a node of a tree is drawn: its column and its level, both counted from 0. */
export interface TreePlace {
  readonly key: string;
  readonly column: number;
  readonly level: number;
  /** Key of the node above; empty for the root. */
  readonly parent: string;
}

/** A part of a tree that is not drawn; its column is a fraction, beside its parent's. */
export interface FoldedPart extends TreePlace {
  /** Number of nodes in it. */
  readonly count: number;
}

/** A tree with a column for every node, in the order of the keys. */
export interface TreeLayout {
  readonly nodes: readonly TreePlace[];
  readonly folded: readonly FoldedPart[];
  readonly columns: number;
  readonly levels: number;
}

/**
 * Places the nodes of a binary tree: each in a column of its own, in the order of the keys, so that a line straight up
 * or down from a node meets no other node.
 *
 * @param root    key of the root; empty: no tree.
 * @param limit   how many nodes are drawn; the others are folded into the branches that lead to them.
 * @param wanted  keys of nodes that are drawn even if they are far from the root.
 * @param left    numbers of nodes below those that are no items, by their keys.
 */
export function treeLayout(
  items: readonly Linked[],
  root: string,
  limit: number,
  wanted: ReadonlySet<string>,
  left: ReadonlyMap<string, number> = new Map(),
): TreeLayout {
  const byKey = new Map(items.map((item) => [item.key, item]));
  const shown = choose(byKey, root, limit, wanted);
  const nodes: TreePlace[] = [];
  const folded: FoldedPart[] = [];
  let column = 0;
  let levels = 0;
  // In order, without recursion: a broken tree may be deep.
  type Visit = { readonly key: string; readonly level: number; readonly parent: string; readonly isOpen: boolean };
  const stack: Visit[] = root && byKey.has(root) ? [{ key: root, level: 0, parent: "", isOpen: false }] : [];
  const met = new Set<string>();
  for (let visit = stack.pop(); visit; visit = stack.pop()) {
    const { key, level, parent, isOpen } = visit;
    if (isOpen) {
      nodes.push({ key, column: column++, level, parent });
      levels = Math.max(levels, level + 1);
      continue;
    }
    const item = byKey.get(key);
    if ((!item && !left.has(key)) || met.has(key)) continue;
    met.add(key);
    if (!item || !shown.has(key)) {
      const isLeft = byKey.get(parent)?.left === key;
      const beside = isLeft ? column - BESIDE : column - 1 + BESIDE;
      folded.push({ key: `${key}:folded`, column: beside, level, parent, count: sizeOf(byKey, key, left) });
      levels = Math.max(levels, level + 1);
      continue;
    }
    if (item.right) stack.push({ key: item.right, level: level + 1, parent: key, isOpen: false });
    stack.push({ ...visit, isOpen: true });
    if (item.left) stack.push({ key: item.left, level: level + 1, parent: key, isOpen: false });
  }
  return { nodes, folded, columns: column, levels };
}

/** The nodes that are drawn: the wanted ones with all above them, then those nearest to the root. */
function choose(
  byKey: ReadonlyMap<string, Linked>,
  root: string,
  limit: number,
  wanted: ReadonlySet<string>,
): Set<string> {
  if (byKey.size <= limit) return new Set(byKey.keys());
  const parents = new Map<string, string>();
  for (const { key, left, right } of byKey.values()) {
    if (left) parents.set(left, key);
    if (right) parents.set(right, key);
  }
  const shown = new Set<string>();
  for (const key of wanted) {
    for (let at: string | undefined = key; at && byKey.has(at) && !shown.has(at); at = parents.get(at)) shown.add(at);
  }
  const queue = [root];
  for (let i = 0; i < queue.length && shown.size < limit; i++) {
    const item = byKey.get(queue[i]!);
    if (!item) continue;
    shown.add(item.key);
    if (item.left) queue.push(item.left);
    if (item.right) queue.push(item.right);
  }
  return shown;
}

/** Number of nodes from one downwards. */
function sizeOf(byKey: ReadonlyMap<string, Linked>, key: string, left: ReadonlyMap<string, number>): number {
  let others = 0;
  const met = new Set<string>();
  const stack = [key];
  for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
    const item = byKey.get(at);
    if (!item) others += left.get(at) ?? 0;
    if (!item || met.has(at)) continue;
    met.add(at);
    stack.push(item.left, item.right);
  }
  return met.size + others;
}
