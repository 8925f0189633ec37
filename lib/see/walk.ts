import {
  type EmbedName,
  KERNEL_BASE,
  type Reader,
  type StructName,
  embedOffset,
  fieldOffset,
  structs,
} from "./reader.ts";
import { hex } from "../machine/memory.ts";
import { layout } from "../layout.gen.ts";

/** The files that go along with a message: a struct ScmFpList; none if there is no list. */
export function scmFiles(reader: Reader, list: number): number[] {
  if (list === 0 || !reader.holds("ScmFpList", list)) return [];
  const count = Math.min(reader.get("ScmFpList", list, "count"), layout.constants.SCM_MAX_FD);
  return Array.from({ length: count }, (_, i) => reader.u32(list + structs["ScmFpList"]!.size + 4 * i));
}

/** Where a walk met something that does not hold together. */
export interface Break {
  /** Kind of structure: `list`, `hlist`, `rbtree`. */
  structure: string;
  /** The node at which it was noticed. */
  address: number;
  /** Short name of the rule that is broken, such as `list-prev`. */
  rule: string;
  /** What was found, and what should be there. */
  message: string;
}

/** Told about every break; a walk that needs none is given `ignore`. */
export type OnBreak = (found: Break) => void;

/** For walks that only want what can be reached. */
export const ignore: OnBreak = () => {};

const NEXT = fieldOffset("ListHead", "next");
const PREV = fieldOffset("ListHead", "prev");
const PARENT = fieldOffset("RbNode", "parent_color");
const LEFT = fieldOffset("RbNode", "left");
const RIGHT = fieldOffset("RbNode", "right");

/** Whether a link may point there. */
function plausible(reader: Reader, address: number): boolean {
  return address >= KERNEL_BASE && address % 4 === 0 && address + 8 <= reader.end;
}

/**
 * The nodes of a circular list, head left out, in order. A list with a broken link ends there; every node comes once.
 *
 * @returns  addresses of struct ListHead.
 */
export function listNodes(reader: Reader, head: number, onBreak: OnBreak = ignore): number[] {
  const nodes: number[] = [];
  let met: Set<number> | undefined;
  let previous = head;
  for (let node = reader.u32(head + NEXT); node !== head; node = reader.u32(node + NEXT)) {
    const report = (rule: string, message: string) => onBreak({ structure: "list", address: previous, rule, message });
    if (!plausible(reader, node)) {
      report("list-next", `next of ${hex(previous)} is ${hex(node)}, which is no node`);
      break;
    }
    const back = reader.u32(node + PREV);
    if (back !== previous) {
      report("list-prev", `next of ${hex(previous)} is ${hex(node)}, whose prev is ${hex(back)}`);
      // Only a list whose links disagree can run into itself without coming back to its head.
      met ??= new Set(nodes);
    }
    if (met?.has(node)) {
      report("list-loop", `${hex(node)} is met again before the head`);
      break;
    }
    met?.add(node);
    nodes.push(node);
    previous = node;
  }
  if (nodes.length === 0 && reader.u32(head + NEXT) === head && reader.u32(head + PREV) !== head) {
    onBreak({
      structure: "list",
      address: head,
      rule: "list-prev",
      message: `an empty list whose prev is ${hex(reader.u32(head + PREV))}`,
    });
  }
  if (nodes.length > 0 && reader.u32(previous + NEXT) === head && reader.u32(head + PREV) !== previous) {
    onBreak({
      structure: "list",
      address: head,
      rule: "list-prev",
      message: `the last node is ${hex(previous)}, prev of the head is ${hex(reader.u32(head + PREV))}`,
    });
  }
  return nodes;
}

/** The structs on a list, by the name of the list_head inside them. */
export function listOf<S extends StructName>(
  reader: Reader,
  head: number,
  struct: S,
  embed: EmbedName<S>,
  onBreak: OnBreak = ignore,
): number[] {
  const offset = embedOffset(struct, embed);
  return listNodes(reader, head, onBreak).map((node) => node - offset);
}

/** The nodes of a hash bucket, in order; see listNodes(). */
export function hlistNodes(reader: Reader, head: number, onBreak: OnBreak = ignore): number[] {
  const nodes: number[] = [];
  const met = new Set<number>();
  let link = head;
  for (let node = reader.u32(link); node !== 0; node = reader.u32(link)) {
    if (!plausible(reader, node) || met.has(node)) {
      const rule = met.has(node) ? "hlist-loop" : "hlist-next";
      onBreak({ structure: "hlist", address: link, rule, message: `the link at ${hex(link)} is ${hex(node)}` });
      break;
    }
    const back = reader.u32(node + fieldOffset("HlistNode", "pprev"));
    if (back !== link) {
      onBreak({
        structure: "hlist",
        address: node,
        rule: "hlist-pprev",
        message: `pprev of ${hex(node)} is ${hex(back)}, but the link that points at it is at ${hex(link)}`,
      });
    }
    met.add(node);
    nodes.push(node);
    link = node + fieldOffset("HlistNode", "next");
  }
  return nodes;
}

/** The structs in a hash bucket, by the name of the hlist_node inside them. */
export function hlistOf<S extends StructName>(
  reader: Reader,
  head: number,
  struct: S,
  embed: EmbedName<S>,
  onBreak: OnBreak = ignore,
): number[] {
  const offset = embedOffset(struct, embed);
  return hlistNodes(reader, head, onBreak).map((node) => node - offset);
}

/** A node of a red-black tree. */
export interface TreeNode {
  /** Address of the struct RbNode. */
  node: number;
  colour: "red" | "black";
  /** Address of the node above, as the tree has it; 0 for the root. */
  parent: number;
  /** Address of the sub-tree of smaller keys; 0: none. */
  left: number;
  /** Address of the sub-tree of greater keys; 0: none. */
  right: number;
  /** Number of nodes above it. */
  depth: number;
  /** Number of black nodes on the way from the root to it, itself counted. */
  blacks: number;
}

/** The nodes of a red-black tree in the order of their keys; every node comes once, whatever its links say. */
export function treeNodes(reader: Reader, root: number, onBreak: OnBreak = ignore): TreeNode[] {
  const nodes: TreeNode[] = [];
  const met = new Set<number>();
  const path: TreeNode[] = [];
  /** Goes down to the left as far as it can, and remembers the way. */
  const descend = (from: number, above: number, level: number, blacksAbove: number) => {
    for (let node = from, parent = above, depth = level, blacks = blacksAbove; node !== 0; depth++) {
      if (!plausible(reader, node) || met.has(node)) {
        const what = met.has(node) ? "is met twice" : "is no node";
        onBreak({ structure: "rbtree", address: parent, rule: "rb-link", message: `child ${hex(node)} ${what}` });
        return;
      }
      met.add(node);
      const word = reader.u32(node + PARENT);
      const up = (word & ~3) >>> 0;
      if (up !== parent) {
        const message = `${hex(node)} hangs below ${hex(parent)}, but its parent is ${hex(up)}`;
        onBreak({ structure: "rbtree", address: node, rule: "rb-parent", message });
      }
      const left = reader.u32(node + LEFT);
      const colour = word & 1 ? "black" : "red";
      blacks += word & 1;
      path.push({ node, parent, left, right: reader.u32(node + RIGHT), colour, depth, blacks });
      parent = node;
      node = left;
    }
  };
  descend(root, 0, 0, 0);
  for (let current = path.pop(); current; current = path.pop()) {
    nodes.push(current);
    descend(current.right, current.node, current.depth + 1, current.blacks);
  }
  return nodes;
}
