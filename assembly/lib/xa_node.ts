import { CacheType, KmemCache, SlabState } from "../include/mm_types";
import { XArray, XaNode } from "../include/xarray_types";
import { kernel } from "../include/kernel";

/* The nodes of sparse arrays, see xarray.ts. */

/** Binary logarithm of the number of slots of a node. */
export const XA_CHUNK_SHIFT: u32 = 6;
/** Number of slots of a node. */
export const XA_CHUNK_SIZE: u32 = 1 << XA_CHUNK_SHIFT;
/** The bits of an index that choose a slot. */
const XA_CHUNK_MASK: u32 = XA_CHUNK_SIZE - 1;
/** Greatest shift that a node has. */
const XA_MAX_SHIFT: u32 = 30;

/** Size of a node with its slots. Unit: bytes. */
export const XA_NODE_SIZE: usize = offsetof<XaNode>() + ((<usize>XA_CHUNK_SIZE) << 2);

/** The missing node. */
export const NIL = changetype<XaNode>(0);

/** The cache of nodes. */
function node_cache(state: SlabState): KmemCache {
  return changetype<KmemCache>(changetype<usize>(state.caches) + CacheType.XaNode * offsetof<KmemCache>());
}

/** A new, empty node; NIL if there is no memory left. */
export function new_node(shift: u32): XaNode {
  let state = changetype<SlabState>(kernel.slab);
  let node = changetype<XaNode>(call_indirect<usize>(state.zalloc, node_cache(state)));
  if (node !== NIL) node.shift = shift;
  return node;
}

/** Gives a node back. */
export function free_node(node: XaNode): void {
  let state = changetype<SlabState>(kernel.slab);
  call_indirect<void>(state.free, node_cache(state), changetype<usize>(node));
}

/** The topmost node; NIL while the array is empty. */
export function head_of(xa: XArray): XaNode {
  return changetype<XaNode>(xa.head);
}

/** Greatest index that the tree below a node reaches, counted from the node's first. */
export function reach(node: XaNode): u32 {
  return node.shift >= XA_MAX_SHIFT ? u32.MAX_VALUE : ((<u32>1) << (node.shift + XA_CHUNK_SHIFT)) - 1;
}

/** The slot of a node that an index belongs to. */
export function slot_of(node: XaNode, index: u32): u32 {
  return (index >> node.shift) & XA_CHUNK_MASK;
}

/** What is in a slot: a node, or in the lowest nodes an entry; 0: nothing. */
export function get_slot(node: XaNode, offset: u32): usize {
  return load<usize>(changetype<usize>(node) + ((<usize>offset) << 2), offsetof<XaNode>());
}

/** Sets a slot. */
export function set_slot(node: XaNode, offset: u32, entry: usize): void {
  store<usize>(changetype<usize>(node) + ((<usize>offset) << 2), entry, offsetof<XaNode>());
}

/** The node of the lowest level that an index belongs to; NIL: there is none. */
export function leaf_of(xa: XArray, index: u32): XaNode {
  let node = head_of(xa);
  if (node === NIL || index > reach(node)) return NIL;
  while (node.shift) {
    node = changetype<XaNode>(get_slot(node, slot_of(node, index)));
    if (node === NIL) return NIL;
  }
  return node;
}

/** The slots of a node that have a mark, or have it below them: one bit each. */
export function marks_of(node: XaNode, mark: u32): u64 {
  return load<u64>(changetype<usize>(node) + ((<usize>mark) << 3), offsetof<XaNode>("marks_0"));
}

/** Sets the slots of a node that have a mark. */
export function set_marks(node: XaNode, mark: u32, slots: u64): void {
  store<u64>(changetype<usize>(node) + ((<usize>mark) << 3), slots, offsetof<XaNode>("marks_0"));
}

/** A slot of a node has a mark no more; nor have those above it, if nothing else below them has it. */
export function clear_mark(node: XaNode, offset: u32, mark: u32): void {
  while (node !== NIL) {
    let slots = marks_of(node, mark) & ~((<u64>1) << offset);
    set_marks(node, mark, slots);
    if (slots) return;
    offset = node.offset;
    node = changetype<XaNode>(node.parent);
  }
}

/** Puts a node into an empty slot of another. */
export function attach(parent: XaNode, offset: u32, node: XaNode): void {
  set_slot(parent, offset, changetype<usize>(node));
  parent.count++;
  node.parent = parent;
  node.offset = offset;
  let slot = (<u64>1) << offset;
  if (node.marks_0) parent.marks_0 |= slot;
  if (node.marks_1) parent.marks_1 |= slot;
}
