import { Errno } from "../include/errno";
import {
  NIL,
  XA_CHUNK_SHIFT,
  XA_CHUNK_SIZE,
  attach,
  clear_mark,
  free_node,
  get_slot,
  head_of,
  leaf_of,
} from "./xa_node";
import { XArray, XaMark, XaNode } from "../include/xarray_types";
import { marks_of, new_node, reach, set_marks, set_slot, slot_of } from "./xa_node";

/*
 * An array of 2^32 entries most of which are missing: a tree whose nodes have 64 slots, each standing for six bits of
 * the index. The tree is as high as its greatest index demands, and has no empty node.
 *
 *      XArray.head                       index 130 = 2 * 64 + 2
 *           |
 *           v          0   1   2   3
 *      XaNode, shift 6 | x |   | x |   | ...
 *                        |       |
 *                        v       v
 *               XaNode, shift 0  XaNode, shift 0
 *               | e | e | ...    |   |   | e | ...       e: the caller's addresses
 *
 * An entry can have marks, by which it is found. A node has a mark in a slot if anything below that slot has it, so that
 * what has none is skipped.
 */

/** Makes an empty array. @kernel xa_init(), include/linux/xarray.h */
export function xa_init(xa: XArray): void {
  xa.head = null;
}

/** Whether the array has no entry. @kernel xa_empty(), include/linux/xarray.h */
export function xa_empty(xa: XArray): bool {
  return !xa.head;
}

/** The entry at an index; 0 if there is none. @kernel xa_load(), lib/xarray.c */
export function xa_load(xa: XArray, index: u32): usize {
  let node = head_of(xa);
  if (node === NIL || index > reach(node)) return 0;
  let entry = get_slot(node, slot_of(node, index));
  while (entry && node.shift) {
    node = changetype<XaNode>(entry);
    entry = get_slot(node, slot_of(node, index));
  }
  return entry;
}

/** Puts nodes on top of the tree until it reaches an index. Returns whether there was memory for them. */
function expand(xa: XArray, index: u32): bool {
  let head = head_of(xa);
  if (head === NIL) {
    // The topmost node first: an empty tree has nothing that would have to hang below slot 0.
    head = new_node(index ? ((31 - <u32>clz(index)) / XA_CHUNK_SHIFT) * XA_CHUNK_SHIFT : 0);
    if (head === NIL) return false;
    xa.head = head;
  }
  while (index > reach(head)) {
    let node = new_node(head.shift + XA_CHUNK_SHIFT);
    if (node === NIL) return false;
    attach(node, 0, head);
    xa.head = node;
    head = node;
  }
  return true;
}

/** Frees a node if it is empty, then its parent if that is empty, and so on; lowers the tree if it can be lower. */
function shrink(xa: XArray, node: XaNode): void {
  while (node !== NIL && !node.count) {
    let parent = changetype<XaNode>(node.parent);
    if (parent === NIL) xa.head = null;
    else {
      set_slot(parent, node.offset, 0);
      parent.count--;
    }
    free_node(node);
    node = parent;
  }
  for (let head = head_of(xa); head !== NIL && head.shift && head.count == 1;) {
    let only = changetype<XaNode>(get_slot(head, 0));
    if (only === NIL) return;
    free_node(head);
    only.parent = null;
    xa.head = only;
    head = only;
  }
}

/**
 * Sets the entry at an index; 0 erases it. An entry that takes another's place has its marks.
 *
 * Differs from Linux: does not return the old entry.
 *
 * @param entry  An address, or any other number.
 * @returns      0, or -ENOMEM, in which case the array is as before. @kernel xa_store(), lib/xarray.c
 */
export function xa_store(xa: XArray, index: u32, entry: usize): i32 {
  if (!entry) {
    xa_erase(xa, index);
    return 0;
  }
  if (!expand(xa, index)) return give_up(xa, head_of(xa));
  let node = head_of(xa);
  while (node.shift) {
    let offset = slot_of(node, index);
    let next = changetype<XaNode>(get_slot(node, offset));
    if (next === NIL) {
      next = new_node(node.shift - XA_CHUNK_SHIFT);
      if (next === NIL) return give_up(xa, node);
      attach(node, offset, next);
    }
    node = next;
  }
  let offset = slot_of(node, index);
  if (!get_slot(node, offset)) node.count++;
  set_slot(node, offset, entry);
  return 0;
}

/** Frees what was made in vain. */
function give_up(xa: XArray, node: XaNode): i32 {
  shrink(xa, node);
  return -Errno.ENOMEM;
}

/** An entry loses its marks. */
function clear_marks(node: XaNode, offset: u32): void {
  clear_mark(node, offset, XaMark.MARK_0);
  clear_mark(node, offset, XaMark.MARK_1);
}

/** Takes the entry at an index out and returns it; 0 if there was none. @kernel xa_erase(), lib/xarray.c */
export function xa_erase(xa: XArray, index: u32): usize {
  let node = leaf_of(xa, index);
  if (node === NIL) return 0;
  let offset = slot_of(node, index);
  let entry = get_slot(node, offset);
  if (!entry) return 0;
  if (node.marks_0 | node.marks_1) clear_marks(node, offset);
  set_slot(node, offset, 0);
  node.count--;
  shrink(xa, node);
  return entry;
}

/** First slot of a node from an offset on that is not empty; XA_CHUNK_SIZE if there is none. */
function next_slot(node: XaNode, offset: u32): u32 {
  while (offset < XA_CHUNK_SIZE && !get_slot(node, offset)) offset++;
  return offset;
}

/**
 * First index, from one to another and these included, that has an entry.
 *
 * Differs from Linux: returns the index, not the entry.
 *
 * @returns  the index; -1 if there is none. @kernel xa_find(), lib/xarray.c
 */
export function xa_find(xa: XArray, index: u32, max: u32): i64 {
  let node = head_of(xa);
  if (node === NIL || index > reach(node)) return -1;
  let from = slot_of(node, index);
  // Goes down into a slot, or up when a node has nothing more: each node once.
  while (node !== NIL) {
    let offset = next_slot(node, from);
    if (offset == XA_CHUNK_SIZE) {
      from = node.offset + 1;
      node = changetype<XaNode>(node.parent);
      continue;
    }
    let first = (index & ~reach(node)) | (offset << node.shift);
    if (first > index) index = first;
    if (index > max) return -1;
    if (!node.shift) return <i64>index;
    node = changetype<XaNode>(get_slot(node, offset));
    from = slot_of(node, index);
  }
  return -1;
}

/** Like xa_find(), but begins behind `index`. @kernel xa_find_after(), lib/xarray.c */
export function xa_find_after(xa: XArray, index: u32, max: u32): i64 {
  return index == u32.MAX_VALUE ? -1 : xa_find(xa, index + 1, max);
}

/** Whether any entry has a mark. @kernel xa_marked(), include/linux/xarray.h */
export function xa_marked(xa: XArray, mark: XaMark): bool {
  let head = head_of(xa);
  return head !== NIL && marks_of(head, mark) != 0;
}

/** Whether the entry at an index has a mark. @kernel xa_get_mark(), lib/xarray.c */
export function xa_get_mark(xa: XArray, index: u32, mark: XaMark): bool {
  let node = leaf_of(xa, index);
  return node !== NIL && ((marks_of(node, mark) >> slot_of(node, index)) & 1) != 0;
}

/** Gives the entry at an index a mark, if there is one. @kernel xa_set_mark(), lib/xarray.c */
export function xa_set_mark(xa: XArray, index: u32, mark: XaMark): void {
  let node = leaf_of(xa, index);
  if (node === NIL || !get_slot(node, slot_of(node, index))) return;
  for (; node !== NIL; node = changetype<XaNode>(node.parent)) {
    set_marks(node, mark, marks_of(node, mark) | ((<u64>1) << slot_of(node, index)));
  }
}

/** Takes a mark from the entry at an index. @kernel xa_clear_mark(), lib/xarray.c */
export function xa_clear_mark(xa: XArray, index: u32, mark: XaMark): void {
  let node = leaf_of(xa, index);
  if (node === NIL) return;
  let offset = slot_of(node, index);
  if ((marks_of(node, mark) >> offset) & 1) clear_mark(node, offset, mark);
}

/** As xa_find(), for entries that have a mark. @kernel xa_find(), lib/xarray.c */
export function xa_find_marked(xa: XArray, index: u32, max: u32, mark: XaMark): i64 {
  let node = head_of(xa);
  if (node === NIL || index > reach(node)) return -1;
  let from = slot_of(node, index);
  while (node !== NIL) {
    let slots = from < XA_CHUNK_SIZE ? (marks_of(node, mark) >> from) << from : 0;
    if (!slots) {
      from = node.offset + 1;
      node = changetype<XaNode>(node.parent);
      continue;
    }
    let first = (index & ~reach(node)) | ((<u32>ctz(slots)) << node.shift);
    if (first > index) index = first;
    if (index > max) return -1;
    if (!node.shift) return <i64>index;
    node = changetype<XaNode>(get_slot(node, <u32>ctz(slots)));
    from = slot_of(node, index);
  }
  return -1;
}
