import type { AvlFrame, AvlNode, AvlStep, HeardAvlTree } from "../../../../lib/structures/heard.ts";
import type { Operation } from "../operations.ts";
import type { Sentence } from "../plaything.ts";
import { SearchLook, type Shown, type Told, also, other, told } from "../tree/search.ts";

/** One picture of the story. */
export interface AvlPicture extends Shown<AvlNode> {
  readonly frame: AvlFrame;
  /** Which operation it belongs to; -1: nothing was done. */
  readonly operation: number;
  /** What comes next. */
  readonly sentences: readonly Sentence[];
}

/** A difference of heights with its sign. */
export function signed(difference: number): string {
  return difference > 0 ? `+${difference}` : String(difference).replace("-", "−");
}

/** An AVL tree that can be asked. */
class Look extends SearchLook<AvlNode> {
  /** The difference that a node comes to, by what hangs on it: the memory does not say that yet. */
  becomes(key: number): string {
    const { left, right } = this.node(key);
    return signed(this.levels(right) - this.levels(left));
  }
}

/** How high the place of a node is after a step: that is what those above it have to know. */
function grown(first: Told, look: Look, key: number, way: "higher" | "lower"): Told {
  const { parent } = look.node(key);
  return parent === null ? also(first, `avl_${way}_root`) : also(first, `avl_${way}_up`, { parent });
}

/** The leaning of a node changes, and nothing is rotated. */
function insertHigher(look: Look, [node]: readonly number[]): Told {
  const first = told("avl_insert_higher", { node: node!, to: look.becomes(node!) }, [[node!, "node"]]);
  return grown(first, look, node!, "higher");
}

function insertEven(look: Look, [node]: readonly number[]): Told {
  const from = signed(look.node(node!).difference);
  return also(told("avl_insert_even", { node: node!, from }, [[node!, "node"]]), "avl_same");
}

function eraseUneven(look: Look, [node]: readonly number[]): Told {
  return also(told("avl_erase_uneven", { node: node!, to: look.becomes(node!) }, [[node!, "node"]]), "avl_same");
}

function eraseLower(look: Look, [node]: readonly number[]): Told {
  const from = signed(look.node(node!).difference);
  return grown(told("avl_erase_lower", { node: node!, from }, [[node!, "node"]]), look, node!, "lower");
}

/** Left-left or right-right. */
function outer(look: Look, [node, child]: readonly number[], what: Operation["do"]): Told {
  const side = other(look.side(child!));
  const isEven = look.node(child!).difference === 0;
  const parts = [
    [node!, "node"],
    [child!, "child"],
  ] as const;
  const rotation = { key: node!, side };
  const first = told(`avl_outer_${isEven ? "even_" : ""}${side}`, { node: node!, child: child! }, parts, rotation);
  return isEven || what === "insert" ? also(first, "avl_same") : grown(first, look, node!, "lower");
}

/** Left-right or right-left: the first rotation. */
function inner(look: Look, [node, child, between]: readonly number[]): Told {
  const side = look.side(child!);
  const parts = [
    [node!, "node"],
    [child!, "child"],
    [between!, "inner"],
  ] as const;
  const values = { node: node!, child: child!, inner: between! };
  return told(`avl_inner_${side}`, values, parts, { key: child!, side });
}

/** The second one. What leaned as the inner child did goes with its halves. */
function second(look: Look, [node, child, between]: readonly number[], what: Operation["do"]): Told {
  const side = other(look.side(between!));
  const leaning = look.node(between!).difference;
  const sign = side === "right" ? 1 : -1;
  const parts = [
    [node!, "node"],
    [child!, "child"],
    [between!, "inner"],
  ] as const;
  const values = {
    node: node!,
    child: child!,
    inner: between!,
    over: signed(leaning === -sign ? sign : 0),
    under: signed(leaning === sign ? -sign : 0),
  };
  const first = told(`avl_second_${side}`, values, parts, { key: node!, side });
  return what === "insert" ? also(first, "avl_same") : grown(first, look, node!, "lower");
}

const STEPS: Readonly<Record<AvlStep, (look: Look, names: readonly number[], what: Operation["do"]) => Told>> = {
  avl_insert_higher: insertHigher,
  avl_insert_even: insertEven,
  avl_outer: outer,
  avl_inner: inner,
  avl_inner_second: second,
  avl_erase_uneven: eraseUneven,
  avl_erase_lower: eraseLower,
};

/** What putting a key in begins with. @param after  the tree then. */
function insertion(before: Look, after: Look, key: number): Told {
  if (before.has(key)) return told("insert_there", { key }, [[key, "node"]]);
  const { parent } = after.node(key);
  if (parent === null) return told("avl_insert_root", { key });
  return told(`avl_insert_${after.side(key)}`, { key, parent }, [[parent, "parent"]]);
}

/** What taking a key out begins with. */
function deletion(before: Look, key: number): Told {
  if (!before.has(key)) return told("delete_missing", { key });
  const node = before.node(key);
  const { left, right, parent } = node;
  if (left !== null && right !== null) return twoChildren(before, node);
  const child = left ?? right;
  if (child !== null) {
    const parts = [
      [key, "node"],
      [child, "child"],
    ] as const;
    return told("avl_delete_one_child", { key, child }, parts);
  }
  return told(parent === null ? "delete_last" : "avl_delete_leaf", { key }, [[key, "node"]]);
}

function twoChildren(before: Look, node: AvlNode): Told {
  const { key, difference } = node;
  const successor = before.successor(node);
  const first = told("avl_delete_two", { key, successor, difference: signed(difference) }, [
    [key, "node"],
    [successor, "successor"],
  ]);
  const { right: child } = before.node(successor);
  return child === null ? first : also(first, "avl_delete_two_child", { child, successor });
}

/** What is to be said of a tree that is balanced. */
function atRest(frame: AvlFrame): Told {
  if (frame.root === null) return told("rest_empty", {});
  if (frame.nodes.length === 1) return told("rest_avl_one", {});
  return told("rest_avl", { keys: frame.nodes.length, levels: new Look(frame).levels(frame.root) });
}

/** The steps of one operation: before it, and before each change to heights. */
function stepsOf(tree: HeardAvlTree, { do: what, key }: Operation, operation: number): AvlPicture[] {
  const before = tree.frame;
  const frames = what === "insert" ? tree.insert(key) : tree.delete(key);
  const [first] = frames;
  const begin =
    what === "insert" ? insertion(new Look(before), new Look(first!), key) : deletion(new Look(before), key);
  const steps = frames.flatMap((frame): AvlPicture[] => {
    if (frame.rule === null) return [];
    return [{ frame, operation, ...STEPS[frame.rule](new Look(frame), frame.names, what) }];
  });
  return [{ frame: before, operation, ...begin }, ...steps];
}

/** Everything that happens to an empty tree, picture by picture: the first is empty, the last is at rest. */
export function avlStory(tree: HeardAvlTree, operations: readonly Operation[]): AvlPicture[] {
  const steps = operations.flatMap((one, i) => stepsOf(tree, one, i));
  const { frame } = tree;
  return [...steps, { frame, operation: operations.length - 1, ...atRest(frame) }];
}
