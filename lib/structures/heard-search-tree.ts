import type { MapExports } from "./number-map.ts";

/** In a node: parent with what balancing has to know, children, the key behind its slot (assembly/structures/search_tree.ts). */
const NODE = { parent: 0, right: 4, left: 8, key: 16 } as const;
/** The bits beside the parent. */
const BITS = 3;
/** No path in a tree of so many nodes is longer: what is longer goes round in a circle. */
const DEEPEST = 64;

/** What nodes of all trees have, named by their keys. */
export interface SearchNode {
  readonly key: number;
  /** Key of its parent; null: it has none. */
  readonly parent: number | null;
  /** Key of its child with smaller keys; null: it has none. */
  readonly left: number | null;
  /** Key of its child with greater keys; null: it has none. */
  readonly right: number | null;
}

/** A tree as its memory is at one moment. */
export interface SearchFrame<N extends SearchNode, R extends string> {
  /** In the order of their keys. */
  readonly nodes: readonly N[];
  /** Key of the topmost node; null: there is none. */
  readonly root: number | null;
  /** The rule that is applied next; null: none, the tree is balanced. */
  readonly rule: R | null;
  /** Keys of the nodes that the rule names, in the order of its arguments. */
  readonly names: readonly number[];
}

/**
 * A search tree with someone who listens: it is looked at before each rule is applied. Keys are whole numbers of 32
 * bits.
 */
export class HeardSearchTree<N extends SearchNode, R extends string> {
  readonly #exports: MapExports;
  readonly #map: number;
  readonly #node: (node: SearchNode, bits: number) => N;
  #frames: SearchFrame<N, R>[] = [];

  /**
   * Makes an empty tree.
   *
   * @param imports  What its module imports, which calls `look` with a rule and the addresses of nodes.
   * @param node     What a node is besides, by the bits beside its parent.
   */
  constructor(
    module: WebAssembly.Module,
    imports: (look: (rule: R, addresses: readonly number[]) => void) => WebAssembly.Imports,
    node: (node: SearchNode, bits: number) => N,
  ) {
    const given = imports((rule, addresses) => this.#look(rule, addresses));
    this.#node = node;
    this.#exports = new WebAssembly.Instance(module, given).exports as unknown as MapExports;
    this.#map = this.#exports.create();
  }

  /** The tree as it is now. */
  get frame(): SearchFrame<N, R> {
    return this.#frame(null, []);
  }

  /** Puts a key in. @returns the tree before each rule, and as it is then. */
  insert(key: number): SearchFrame<N, R>[] {
    return this.#watch(() => this.#exports.set_i32(this.#map, key));
  }

  /** Takes a key out. @returns the tree before each rule, and as it is then. */
  delete(key: number): SearchFrame<N, R>[] {
    return this.#watch(() => this.#exports.delete_i32(this.#map, key));
  }

  #watch(act: () => number): SearchFrame<N, R>[] {
    this.#frames = [];
    act();
    return [...this.#frames, this.frame];
  }

  #look(rule: R, addresses: readonly number[]): void {
    const view = new DataView(this.#exports.memory.buffer);
    const names = addresses
      .filter((address) => address !== 0)
      .map((address) => view.getInt32(address + NODE.key, true));
    this.#frames.push(this.#frame(rule, names));
  }

  #frame(rule: R | null, names: readonly number[]): SearchFrame<N, R> {
    const view = new DataView(this.#exports.memory.buffer);
    const pointer = (address: number) => view.getUint32(address, true);
    const keyAt = (address: number) => (address === 0 ? null : view.getInt32(address + NODE.key, true));
    const nodes: N[] = [];
    const visit = (address: number, depth: number): void => {
      if (address === 0) return;
      if (depth > DEEPEST) throw new RangeError("the tree goes round in a circle");
      const parent = pointer(address + NODE.parent);
      const [left, right] = [pointer(address + NODE.left), pointer(address + NODE.right)];
      visit(left, depth + 1);
      const named = {
        key: keyAt(address)!,
        parent: keyAt((parent & ~BITS) >>> 0),
        left: keyAt(left),
        right: keyAt(right),
      };
      nodes.push(this.#node(named, parent & BITS));
      visit(right, depth + 1);
    };
    const root = pointer(this.#map);
    visit(root, 0);
    return { nodes, root: keyAt(root), rule, names };
  }
}
