import { compileModule } from "../machine/module.ts";
import type { MapExports } from "./number-map.ts";

/** The rules by which the tree is balanced, by the numbers that assembly/structures/silent_trace.ts gives them. */
const RULES = [
  "rb_insert_case_1",
  "rb_insert_case_2",
  "rb_insert_case_3",
  "rb_erase_case_1",
  "rb_erase_case_2",
  "rb_erase_case_3",
  "rb_erase_case_4",
] as const;

/** A rule of balancing, by the name of its tracepoint. */
export type TreeRule = (typeof RULES)[number];

/** In a node: parent with the colour, children, the key behind its slot (assembly/structures/red_black_tree.ts). */
const NODE = { parentColor: 0, right: 4, left: 8, key: 16 } as const;
const BLACK = 1;
/** No path in a tree of so many nodes is longer: what is longer goes round in a circle. */
const DEEPEST = 64;

/** A node of the tree, named by its key. */
export interface TreeNode {
  readonly key: number;
  readonly red: boolean;
  /** Key of its parent; null: it has none. */
  readonly parent: number | null;
  /** Key of its child with smaller keys; null: it has none. */
  readonly left: number | null;
  /** Key of its child with greater keys; null: it has none. */
  readonly right: number | null;
}

/** The tree as its memory is at one moment. */
export interface TreeFrame {
  /** In the order of their keys. */
  readonly nodes: readonly TreeNode[];
  /** Key of the topmost node; null: there is none. */
  readonly root: number | null;
  /** The rule that is applied next; null: none, the tree is balanced. */
  readonly rule: TreeRule | null;
  /** Keys of the nodes that the rule names, in the order of its tracepoint's arguments. */
  readonly names: readonly number[];
}

/**
 * The kernel's red-black tree with someone who listens: it is looked at before each rule is applied. Keys are whole
 * numbers of 32 bits.
 */
export class HeardTree {
  readonly #exports: MapExports;
  readonly #map: number;
  #frames: TreeFrame[] = [];

  private constructor(module: WebAssembly.Module) {
    const heard = (rule: number, ...nodes: readonly number[]) => this.#look(RULES[rule]!, nodes);
    this.#exports = new WebAssembly.Instance(module, { trace: { heard } }).exports as unknown as MapExports;
    this.#map = this.#exports.create();
  }

  /** Loads what trees are made of. @returns makes an empty tree. */
  static async load(): Promise<() => HeardTree> {
    const url = new URL("../../build/structures/heard_red_black_tree.wasm", import.meta.url);
    const module = await compileModule(url);
    return () => new HeardTree(module);
  }

  /** The tree as it is now. */
  get frame(): TreeFrame {
    return this.#frame(null, []);
  }

  /** Puts a key in. @returns the tree before each rule, and as it is then. */
  insert(key: number): TreeFrame[] {
    return this.#watch(() => this.#exports.set_i32(this.#map, key));
  }

  /** Takes a key out. @returns the tree before each rule, and as it is then. */
  delete(key: number): TreeFrame[] {
    return this.#watch(() => this.#exports.delete_i32(this.#map, key));
  }

  #watch(act: () => number): TreeFrame[] {
    this.#frames = [];
    act();
    return [...this.#frames, this.frame];
  }

  #look(rule: TreeRule, addresses: readonly number[]): void {
    const view = new DataView(this.#exports.memory.buffer);
    const names = addresses
      .filter((address) => address !== 0)
      .map((address) => view.getInt32(address + NODE.key, true));
    this.#frames.push(this.#frame(rule, names));
  }

  #frame(rule: TreeRule | null, names: readonly number[]): TreeFrame {
    const view = new DataView(this.#exports.memory.buffer);
    const pointer = (address: number) => view.getUint32(address, true);
    const keyAt = (address: number) => (address === 0 ? null : view.getInt32(address + NODE.key, true));
    const nodes: TreeNode[] = [];
    const visit = (address: number, depth: number): void => {
      if (address === 0) return;
      if (depth > DEEPEST) throw new RangeError("the tree goes round in a circle");
      const parentColor = pointer(address + NODE.parentColor);
      const [left, right] = [pointer(address + NODE.left), pointer(address + NODE.right)];
      visit(left, depth + 1);
      nodes.push({
        key: keyAt(address)!,
        red: (parentColor & BLACK) === 0,
        parent: keyAt((parentColor & ~BLACK) >>> 0),
        left: keyAt(left),
        right: keyAt(right),
      });
      visit(right, depth + 1);
    };
    const root = pointer(this.#map);
    visit(root, 0);
    return { nodes, root: keyAt(root), rule, names };
  }
}
