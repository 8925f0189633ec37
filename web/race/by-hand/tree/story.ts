import type { HeardTree, TreeFrame, TreeNode, TreeRule } from "../../../../lib/structures/heard.ts";
import type { Operation } from "../operations.ts";
import type { Sentence } from "../plaything.ts";
import { SearchLook, type Shown, type Told, also, other, told } from "./search.ts";

/** One picture of the story. */
export interface Step extends Shown<TreeNode> {
  readonly frame: TreeFrame;
  /** Which operation it belongs to; -1: nothing was done. */
  readonly operation: number;
  /** What comes next. */
  readonly sentences: readonly Sentence[];
}

/** A red-black tree that can be asked. */
class Look extends SearchLook<TreeNode> {
  isRed(key: number | null): boolean {
    return key !== null && this.node(key).red;
  }
}

/** The first rule of insertion: parent and uncle are red. */
function recolouring(look: Look, [parent, uncle, grandparent]: readonly number[]): Told {
  const node = redChild(look, parent!);
  const parts = [
    [node, "node"],
    [parent!, "parent"],
    [uncle!, "uncle"],
    [grandparent!, "grandparent"],
  ] as const;
  const isRoot = look.frame.root === grandparent;
  const values = { node, parent: parent!, uncle: uncle!, grandparent: grandparent! };
  return told(isRoot ? "insert_1_root" : "insert_1", values, parts);
}

/** The child of a red node that is red too. */
function redChild(look: Look, key: number): number {
  const { left, right } = look.node(key);
  return (look.isRed(left) ? left : right)!;
}

function innerGrandchild(look: Look, [parent]: readonly number[]): Told {
  const side = look.side(parent!);
  const node = look.node(parent!)[other(side)]!;
  const grandparent = look.node(parent!).parent!;
  const parts = [
    [node, "node"],
    [parent!, "parent"],
    [grandparent, "grandparent"],
  ] as const;
  return told(`insert_2_${side}`, { node, parent: parent!, grandparent }, parts, { key: parent!, side });
}

function outerGrandchild(look: Look, [parent, grandparent]: readonly number[]): Told {
  const side = other(look.side(parent!));
  const node = look.node(parent!)[other(side)]!;
  const parts = [
    [node, "node"],
    [parent!, "parent"],
    [grandparent!, "grandparent"],
  ] as const;
  const rotation = { key: grandparent!, side };
  return told(`insert_3_${side}`, { node, parent: parent!, grandparent: grandparent! }, parts, rotation);
}

function redSibling(look: Look, [parent, sibling]: readonly number[]): Told {
  const side = other(look.side(sibling!));
  const parts = [
    [parent!, "parent"],
    [sibling!, "sibling"],
  ] as const;
  return told(`erase_1_${side}`, { parent: parent!, sibling: sibling! }, parts, { key: parent!, side });
}

function blackSibling(look: Look, [sibling]: readonly number[]): Told {
  const parent = look.node(sibling!).parent!;
  const parts = [
    [parent, "parent"],
    [sibling!, "sibling"],
  ] as const;
  const first = told("erase_2", { sibling: sibling! }, parts);
  if (look.isRed(parent)) return also(first, "erase_2_red", { parent });
  return also(first, look.frame.root === parent ? "erase_2_root" : "erase_2_up", { parent });
}

function innerNephew(look: Look, [sibling, inner]: readonly number[]): Told {
  const side = look.side(sibling!);
  const parts = [
    [look.node(sibling!).parent!, "parent"],
    [sibling!, "sibling"],
    [inner!, "inner"],
  ] as const;
  return told(`erase_3_${side}`, { sibling: sibling!, inner: inner! }, parts, { key: sibling!, side });
}

function outerNephew(look: Look, [parent, sibling, outer]: readonly number[]): Told {
  const side = other(look.side(sibling!));
  const parts = [
    [parent!, "parent"],
    [sibling!, "sibling"],
    [outer!, "outer"],
  ] as const;
  const values = { parent: parent!, sibling: sibling!, outer: outer! };
  return told(`erase_4_${side}`, values, parts, { key: parent!, side });
}

const RULES: Readonly<Record<TreeRule, (look: Look, names: readonly number[]) => Told>> = {
  rb_insert_case_1: recolouring,
  rb_insert_case_2: innerGrandchild,
  rb_insert_case_3: outerGrandchild,
  rb_erase_case_1: redSibling,
  rb_erase_case_2: blackSibling,
  rb_erase_case_3: innerNephew,
  rb_erase_case_4: outerNephew,
};

/** What putting a key in begins with. @param after  the tree then. */
function insertion(before: Look, after: Look, key: number): Told {
  if (before.has(key)) return told("insert_there", { key }, [[key, "node"]]);
  const { parent } = after.node(key);
  if (before.frame.root === null) return told("insert_root", { key });
  const place = parent!;
  const first = told(`insert_${after.side(key)}`, { key, parent: place }, [[place, "parent"]]);
  return also(first, before.isRed(place) ? "insert_under_red" : "insert_under_black", { parent: place });
}

/** What taking a key out begins with. */
function deletion(before: Look, key: number): Told {
  if (!before.has(key)) return told("delete_missing", { key });
  const { left, right, red, parent } = before.node(key);
  if (left !== null && right !== null) return twoChildren(before, key);
  const child = left ?? right;
  if (child !== null) {
    const parts = [
      [key, "node"],
      [child, "child"],
    ] as const;
    return told("delete_one_child", { key, child }, parts);
  }
  if (parent === null) return told("delete_last", { key }, [[key, "node"]]);
  return told(red ? "delete_red_leaf" : "delete_black_leaf", { key }, [[key, "node"]]);
}

function twoChildren(before: Look, key: number): Told {
  const successor = before.successor(before.node(key));
  const first = told("delete_two", { key, successor }, [
    [key, "node"],
    [successor, "successor"],
  ]);
  const { right: child, red } = before.node(successor);
  if (child !== null) return also(first, "delete_two_child", { child, successor });
  return also(first, red ? "delete_two_red" : "delete_two_black", { successor });
}

/** How many black nodes every path from the root down meets. */
export function blackHeight(frame: TreeFrame): number {
  const look = new Look(frame);
  let height = 0;
  for (let at = frame.root; at !== null; at = look.node(at).left) if (!look.isRed(at)) height++;
  return height;
}

/** What is to be said of a tree that is balanced. */
function atRest(frame: TreeFrame): Told {
  if (frame.root === null) return told("rest_empty", {});
  const values = { keys: frame.nodes.length, levels: new Look(frame).levels(frame.root), black: blackHeight(frame) };
  return told(frame.nodes.length === 1 ? "rest_one" : "rest", values);
}

/** The steps of one operation: before it, and before each rule. */
function stepsOf(tree: HeardTree, { do: what, key }: Operation, operation: number): Step[] {
  const before = tree.frame;
  const frames = what === "insert" ? tree.insert(key) : tree.delete(key);
  const [first] = frames;
  const begin =
    what === "insert" ? insertion(new Look(before), new Look(first!), key) : deletion(new Look(before), key);
  const rules = frames.flatMap((frame): Step[] => {
    if (frame.rule === null) return [];
    return [{ frame, operation, ...RULES[frame.rule](new Look(frame), frame.names) }];
  });
  return [{ frame: before, operation, ...begin }, ...rules];
}

/** Everything that happens to an empty tree, picture by picture: the first is empty, the last is at rest. */
export function storyOf(tree: HeardTree, operations: readonly Operation[]): Step[] {
  const steps = operations.flatMap((one, i) => stepsOf(tree, one, i));
  const { frame } = tree;
  return [...steps, { frame, operation: operations.length - 1, ...atRest(frame) }];
}
