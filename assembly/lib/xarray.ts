import { Errno } from "../include/errno";
import { kernel } from "../include/kernel";
import { CacheType, KmemCache, SlabState } from "../include/mm_types";
import { XArray, XaNode } from "../include/xarray_types";

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
 */

/** Binary logarithm of the number of slots of a node. */
const XA_CHUNK_SHIFT: u32 = 6;
/** Number of slots of a node. */
const XA_CHUNK_SIZE: u32 = 1 << XA_CHUNK_SHIFT;
/** The bits of an index that choose a slot. */
const XA_CHUNK_MASK: u32 = XA_CHUNK_SIZE - 1;
/** Greatest shift that a node has. */
const XA_MAX_SHIFT: u32 = 30;

/** Size of a node with its slots. Unit: bytes. */
export const XA_NODE_SIZE: usize = offsetof<XaNode>() + ((<usize>XA_CHUNK_SIZE) << 2);

/** The missing node. */
const NIL = changetype<XaNode>(0);

/** The cache of nodes. */
function node_cache(state: SlabState): KmemCache {
  return changetype<KmemCache>(changetype<usize>(state.caches) + CacheType.XaNode * offsetof<KmemCache>());
}

/** A new, empty node; NIL if there is no memory left. */
function new_node(shift: u32): XaNode {
  let state = changetype<SlabState>(kernel.slab);
  let node = changetype<XaNode>(call_indirect<usize>(state.zalloc, node_cache(state)));
  if (node !== NIL) node.shift = shift;
  return node;
}

function free_node(node: XaNode): void {
  let state = changetype<SlabState>(kernel.slab);
  call_indirect<void>(state.free, node_cache(state), changetype<usize>(node));
}

function head_of(xa: XArray): XaNode {
  return changetype<XaNode>(xa.head);
}

/** Greatest index that the tree below a node reaches, counted from the node's first. */
function reach(node: XaNode): u32 {
  return node.shift >= XA_MAX_SHIFT ? u32.MAX_VALUE : ((<u32>1) << (node.shift + XA_CHUNK_SHIFT)) - 1;
}

/** The slot of a node that an index belongs to. */
function slot_of(node: XaNode, index: u32): u32 {
  return (index >> node.shift) & XA_CHUNK_MASK;
}

function get_slot(node: XaNode, offset: u32): usize {
  return load<usize>(changetype<usize>(node) + ((<usize>offset) << 2), offsetof<XaNode>());
}

function set_slot(node: XaNode, offset: u32, entry: usize): void {
  store<usize>(changetype<usize>(node) + ((<usize>offset) << 2), entry, offsetof<XaNode>());
}

/** Puts a node into an empty slot of another. */
function attach(parent: XaNode, offset: u32, node: XaNode): void {
  set_slot(parent, offset, changetype<usize>(node));
  parent.count++;
  node.parent = parent;
  node.offset = offset;
}

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
 * Sets the entry at an index; 0 erases it.
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

/** Takes the entry at an index out and returns it; 0 if there was none. @kernel xa_erase(), lib/xarray.c */
export function xa_erase(xa: XArray, index: u32): usize {
  let node = head_of(xa);
  if (node === NIL || index > reach(node)) return 0;
  while (node.shift) {
    node = changetype<XaNode>(get_slot(node, slot_of(node, index)));
    if (node === NIL) return 0;
  }
  let offset = slot_of(node, index);
  let entry = get_slot(node, offset);
  if (!entry) return 0;
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
