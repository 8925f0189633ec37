import type { SearchNode } from "../../lib/structures/heard-search-tree.ts";

/** A tree as a picture shows it. */
interface Keys<N extends SearchNode> {
  readonly nodes: readonly N[];
  readonly root: number | null;
}

/** A tree that can be changed by hand. */
export class SearchModel<N extends SearchNode> {
  readonly nodes: Map<number, { -readonly [K in keyof N]: N[K] }>;
  root: number | null;

  constructor({ nodes, root }: Keys<N>) {
    this.nodes = new Map(nodes.map((node) => [node.key, { ...node }]));
    this.root = root;
  }

  node(key: number) {
    return this.nodes.get(key)!;
  }

  /** Puts a node, or nothing, in the place of another below a parent. */
  put(parent: number | null, old: number, key: number | null): void {
    if (parent === null) this.root = key;
    else if (this.node(parent).left === old) this.node(parent).left = key;
    else this.node(parent).right = key;
    if (key !== null) this.node(key).parent = parent;
  }

  rotate(key: number, side: "left" | "right"): void {
    const other = side === "left" ? "right" : "left";
    const [node, child] = [this.node(key), this.node(this.node(key)[other]!)];
    const inner = child[side];
    this.put(node.parent, key, child.key);
    node[other] = inner;
    if (inner !== null) this.node(inner).parent = key;
    child[side] = key;
    node.parent = child.key;
  }

  /** Puts the next greater key in the place of one. @param inherited  What it gets with the place. */
  replace(key: number, successor: number, inherited: Partial<N>): void {
    const next = this.node(successor);
    this.put(next.parent, successor, next.right);
    const { parent, left, right } = this.node(key);
    Object.assign(next, inherited, { left, right });
    this.put(parent, key, successor);
    for (const child of [left, right]) if (child !== null) this.node(child).parent = successor;
    this.nodes.delete(key);
  }

  get frame(): Keys<N> {
    return { nodes: [...this.nodes.values()].toSorted((a, b) => a.key - b.key), root: this.root };
  }
}

/** As expect(), where there are very many of them. */
export function must(holds: boolean, what: string): void {
  if (!holds) throw new Error(what);
}

/** What every picture must have: one tree with its keys in order, whose parents and children agree. */
export function checkTree({ nodes, root }: Keys<SearchNode>): void {
  const byKey = new Map(nodes.map((node) => [node.key, node]));
  must(byKey.size === nodes.length, "a key is there twice");
  nodes.forEach(({ key, parent, left, right }, i) => {
    must(i === 0 || nodes[i - 1]!.key < key, `${key} is out of order`);
    const above = parent === null ? null : byKey.get(parent)!;
    must(above === null ? root === key : above.left === key || above.right === key, `${key} is no child of its parent`);
    must(left === null || (byKey.get(left)!.parent === key && left < key), `${key} has a wrong left child`);
    must(right === null || (byKey.get(right)!.parent === key && right > key), `${key} has a wrong right child`);
  });
}

/** A tree as text, to be compared with another. */
export function textOf({ nodes, root }: Keys<SearchNode>): string {
  return JSON.stringify([root, nodes.map((node) => Object.entries(node).toSorted(([a], [b]) => (a < b ? -1 : 1)))]);
}
