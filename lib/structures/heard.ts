import { compileModule } from "../machine/module.ts";
import { HeardSearchTree, type SearchFrame, type SearchNode } from "./heard-search-tree.ts";

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

/** The bit of a black node. */
const BLACK = 1;

/** A node of the red-black tree, named by its key. */
export interface TreeNode extends SearchNode {
  readonly red: boolean;
}

/** The red-black tree as its memory is at one moment. */
export type TreeFrame = SearchFrame<TreeNode, TreeRule>;

/** The kernel's red-black tree with someone who listens. */
export type HeardTree = HeardSearchTree<TreeNode, TreeRule>;

/** Loads what red-black trees are made of. @returns makes an empty tree. */
export async function loadHeardTree(): Promise<() => HeardTree> {
  const module = await compileModule(new URL("../../build/structures/heard_red_black_tree.wasm", import.meta.url));
  return () =>
    new HeardSearchTree<TreeNode, TreeRule>(
      module,
      (look) => ({ trace: { heard: (rule: number, ...nodes: readonly number[]) => look(RULES[rule]!, nodes) } }),
      (node, bits) => ({ ...node, red: (bits & BLACK) === 0 }),
    );
}

/** What the AVL tree does to stay low, by the names of assembly/structures/avl_steps.ts. */
const STEPS = [
  "avl_insert_higher",
  "avl_insert_even",
  "avl_outer",
  "avl_inner",
  "avl_inner_second",
  "avl_erase_uneven",
  "avl_erase_lower",
] as const;

/** A step by which the AVL tree stays low. */
export type AvlStep = (typeof STEPS)[number];

/** A node of the AVL tree, named by its key. */
export interface AvlNode extends SearchNode {
  /** Height of its right side less that of its left one, as its memory says: −1, 0 or 1. */
  readonly difference: number;
}

/** The AVL tree as its memory is at one moment. */
export type AvlFrame = SearchFrame<AvlNode, AvlStep>;

/** The AVL tree with someone who listens. */
export type HeardAvlTree = HeardSearchTree<AvlNode, AvlStep>;

/** Loads what AVL trees are made of. @returns makes an empty tree. */
export async function loadHeardAvlTree(): Promise<() => HeardAvlTree> {
  const module = await compileModule(new URL("../../build/structures/heard_avl_tree.wasm", import.meta.url));
  return () =>
    new HeardSearchTree<AvlNode, AvlStep>(
      module,
      (look) => ({
        avl_steps: Object.fromEntries(STEPS.map((step) => [step, (...nodes: readonly number[]) => look(step, nodes)])),
      }),
      (node, bits) => ({ ...node, difference: bits - 1 }),
    );
}
