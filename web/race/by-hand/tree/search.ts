import type { SearchNode } from "../../../../lib/structures/heard-search-tree.ts";
import type { ByHandKey } from "../../../i18n/pages/by-hand.ts";
import type { Sentence } from "../plaything.ts";

/** What part a node has in a rule. */
export type Part = "node" | "parent" | "uncle" | "grandparent" | "sibling" | "inner" | "outer" | "successor" | "child";

/** A side of a node. */
type Side = "left" | "right";

/** The other side. */
export const other = (side: Side): Side => (side === "left" ? "right" : "left");

/** A tree as a picture shows it. */
export interface Keys<N extends SearchNode> {
  readonly nodes: readonly N[];
  readonly root: number | null;
}

/** What is drawn of a tree. */
export interface Shown<N extends SearchNode> {
  readonly frame: Keys<N>;
  /** Which nodes the sentences are about. */
  readonly parts: ReadonlyMap<number, Part>;
  /** The node that is rotated next, and where to; null: none. */
  readonly rotation: { readonly key: number; readonly side: Side } | null;
}

/** A search tree that can be asked. */
export class SearchLook<N extends SearchNode> {
  readonly frame: Keys<N>;
  readonly #nodes: ReadonlyMap<number, N>;

  constructor(frame: Keys<N>) {
    this.frame = frame;
    this.#nodes = new Map(frame.nodes.map((node) => [node.key, node]));
  }

  has(key: number): boolean {
    return this.#nodes.has(key);
  }

  /** @throws RangeError if it is not there. */
  node(key: number): N {
    const found = this.#nodes.get(key);
    if (!found) throw new RangeError(`there is no node ${key}`);
    return found;
  }

  /** The side of its parent that a node is on. */
  side(key: number): Side {
    const { parent } = this.node(key);
    return parent !== null && this.node(parent).left === key ? "left" : "right";
  }

  /** The number of levels from a node down; null has none. */
  levels(key: number | null): number {
    if (key === null) return 0;
    const { left, right } = this.node(key);
    return 1 + Math.max(this.levels(left), this.levels(right));
  }

  /** The next greater key below a node with a right child. */
  successor({ right }: N): number {
    let successor = right!;
    for (let next = this.node(successor).left; next !== null; next = this.node(next).left) successor = next;
    return successor;
  }
}

/** What is said of a picture, and what is drawn of that. */
export type Told = Pick<Shown<SearchNode>, "parts" | "rotation"> & { readonly sentences: readonly Sentence[] };

/** One sentence, with what is drawn of it. */
export function told(
  key: ByHandKey,
  values: Sentence["values"],
  parts: readonly (readonly [number, Part])[] = [],
  rotation: Told["rotation"] = null,
): Told {
  return { sentences: [{ key, values }], parts: new Map(parts), rotation };
}

/** One sentence more. */
export const also = ({ sentences, ...rest }: Told, key: ByHandKey, values: Sentence["values"] = {}): Told => ({
  ...rest,
  sentences: [...sentences, { key, values }],
});
