import { RbNode, RbRoot, rb_link_node } from "../lib/rbtree";
import { balance_erase, balance_insert } from "./balance";
import { Pool, object_give, object_take, pool_give, pool_release, pool_take } from "./pool";
import { From, MISSING, NO_MEMORY } from "./results";

/*
 * An ordered map as a binary search tree: nodes of the kernel's own tree (lib/rbtree.ts), with keys in them; balance.ts
 * keeps it low, as a red-black or as an AVL tree. Every map exports functions of the same names; ordered_map.ts is the
 * door before them.
 */

/** Whether a batch is worth being brought in order: what comes next is looked for from where the last key was. */
export const GOES_ON: bool = true;

/** A tree. */
@unmanaged
class Tree {
  /** The topmost node; null while the tree is empty. */
  root_node: RbNode | null;
  /** Number of nodes. */
  size: u32;
  // Pool pool: where the nodes come from.
  pool_free: usize;
  pool_bump: usize;
  pool_end: usize;
  pool_chunk: usize;
  pool_slots: u32;
  pool_bytes: usize;
  /** In a batch: the key that was there last; null: none yet. */
  here: RbNode | null;
  /** The one that follows it. */
  next: RbNode | null;

  @embed @inline get pool(): Pool {
    return changetype<Pool>(changetype<usize>(this) + offsetof<Tree>("pool_free"));
  }
  @embed @inline get root(): RbRoot {
    return changetype<RbRoot>(changetype<usize>(this) + offsetof<Tree>("root_node"));
  }
}

/** In a node: behind RbNode the slot, and behind that the key. */
const SLOT: usize = 12;
const KEY: usize = 16;
const RIGHT: usize = offsetof<RbNode>("right");
const LEFT: usize = offsetof<RbNode>("left");

function stride<K extends number>(): usize {
  return KEY + sizeof<K>();
}

/** Makes a map; 0: there is no memory left. */
export function map_create(): usize {
  return object_take(offsetof<Tree>());
}

/** Ends a map. */
export function map_destroy(map: usize): void {
  map_clear(map);
  object_give(map, offsetof<Tree>());
}

/** Takes all keys out. */
export function map_clear(map: usize): void {
  let tree = changetype<Tree>(map);
  pool_release(tree.pool);
  tree.root_node = null;
  tree.size = 0;
}

/** How many keys there are. */
export function map_size(map: usize): u32 {
  return changetype<Tree>(map).size;
}

/** Memory that the map takes. Unit: bytes. */
export function map_bytes(map: usize): usize {
  return changetype<Tree>(map).pool.bytes;
}

/** The node above; 0: there is none. Balancing keeps what it has to know in the lowest bits. */
function parent_of(node: usize): usize {
  return load<u32>(node) & ~3;
}

/** The last node that is reached by always going to the same side; 0: there is none. */
function outermost(node: usize, side: usize): usize {
  for (let next = node; next; next = load<u32>(node + side)) node = next;
  return node;
}

/** The neighbour of a node in the order of the keys, towards a side; 0: there is none. */
function neighbour(node: usize, side: usize): usize {
  let child: usize = load<u32>(node + side);
  if (child) return outermost(child, LEFT + RIGHT - side);
  let parent = parent_of(node);
  while (parent && <usize>load<u32>(parent + side) == node) {
    node = parent;
    parent = parent_of(node);
  }
  return parent;
}

/** Where the child towards a key is named. Without a jump, as nobody can foretell it. @param here  The node's key. */
function towards<K extends number>(node: usize, key: K, here: K): usize {
  return node + RIGHT + <usize>(key < here ? 1 : 0) * (LEFT - RIGHT);
}

/** The node of a key below a node; 0: there is none. */
function find<K extends number>(node: usize, key: K): usize {
  while (node) {
    let here = load<K>(node, KEY);
    if (here == key) return node;
    node = load<u32>(towards<K>(node, key, here));
  }
  return 0;
}

function top(tree: Tree): usize {
  return changetype<usize>(tree.root_node);
}

/** Hangs a new node with a key into the tree, at a place that was found for it. Returns the node; 0: no memory. */
function hang<K extends number>(tree: Tree, key: K, parent: usize, link: usize): usize {
  let node = pool_take(tree.pool, stride<K>(), SLOT);
  if (!node) return 0;
  store<K>(node, <K>(key + 0), KEY); // -0 is 0
  tree.size++;
  rb_link_node(changetype<RbNode>(node), changetype<RbNode>(parent), link);
  balance_insert(changetype<RbNode>(node), tree.root);
  return node;
}

/** The slot of a key, which is put in if it is not there; NO_MEMORY. */
export function map_set<K extends number>(map: usize, key: K): i32 {
  let tree = changetype<Tree>(map);
  let link = changetype<usize>(tree) + offsetof<Tree>("root_node");
  let parent: usize = 0;
  for (let node: usize = load<u32>(link); node; node = load<u32>(link)) {
    let here = load<K>(node, KEY);
    if (here == key) return load<i32>(node, SLOT);
    parent = node;
    link = towards<K>(node, key, here);
  }
  let node = hang<K>(tree, key, parent, link);
  return node ? load<i32>(node, SLOT) : NO_MEMORY;
}

/** The slot of a key; MISSING. */
export function map_get<K extends number>(map: usize, key: K): i32 {
  let node = find<K>(top(changetype<Tree>(map)), key);
  return node ? load<i32>(node, SLOT) : MISSING;
}

/** Takes a node out of the tree. Returns its slot. */
function remove(tree: Tree, node: usize): i32 {
  let slot = load<i32>(node, SLOT);
  balance_erase(changetype<RbNode>(node), tree.root);
  pool_give(tree.pool, node);
  tree.size--;
  return slot;
}

/** Takes a key out. Returns the slot that it had; MISSING. */
export function map_delete<K extends number>(map: usize, key: K): i32 {
  let tree = changetype<Tree>(map);
  let node = find<K>(top(tree), key);
  return node ? remove(tree, node) : MISSING;
}

/** The smallest node whose key is greater, or, with `equal`, not less; 0: there is none. */
function above<K extends number>(tree: Tree, key: K, equal: bool): usize {
  let found: usize = 0;
  for (let node = top(tree); node;) {
    let here = load<K>(node, KEY);
    let is_above = here > key || (equal && here == key);
    if (is_above) found = node;
    node = load<u32>(node + select<usize>(LEFT, RIGHT, is_above));
  }
  return found;
}

function begin<K extends number>(tree: Tree, from: u32, key: K): usize {
  if (from == From.FIRST) return outermost(top(tree), LEFT);
  if (from == From.LAST) return outermost(top(tree), RIGHT);
  if (from == From.AT_LEAST || from == From.ABOVE) return above<K>(tree, key, from == From.AT_LEAST);
  let next = above<K>(tree, key, from == From.BELOW);
  return next ? neighbour(next, LEFT) : outermost(top(tree), RIGHT);
}

/** Reads keys and their slots. Returns how many there were, at most `most`. */
export function map_scan<K extends number>(map: usize, from: u32, key: K, keys: usize, slots: usize, most: u32): u32 {
  let count: u32 = 0;
  for (let node = begin<K>(changetype<Tree>(map), from, key); node && count < most; count++) {
    store<K>(keys + <usize>count * sizeof<K>(), load<K>(node, KEY));
    store<i32>(slots + ((<usize>count) << 2), load<i32>(node, SLOT));
    node = neighbour(node, from >= <u32>From.LAST ? LEFT : RIGHT);
  }
  return count;
}

/** The place to go on from towards a greater key than that of `node`: the lowest node under which it can lie. */
function climb<K extends number>(node: usize, key: K): usize {
  let below = node;
  let at = node;
  while (true) {
    let parent = parent_of(at);
    if (!parent) return below;
    // What lies to the left of its parent is less than that.
    if (<usize>load<u32>(parent, LEFT) == at) {
      if (key < load<K>(parent, KEY)) return below;
      below = parent;
    }
    at = parent;
  }
}

/** Begins a batch whose keys come in order. */
export function map_begin<K extends number>(map: usize): void {
  let tree = changetype<Tree>(map);
  tree.here = null;
  tree.next = null;
}

/** Sets a key that is not less than the last one of the batch. What belongs between two neighbours is not looked for. */
export function map_set_next<K extends number>(map: usize, key: K): i32 {
  let tree = changetype<Tree>(map);
  let node = changetype<usize>(tree.here);
  if (node && load<K>(node, KEY) == key) return load<i32>(node, SLOT);
  let next = changetype<usize>(tree.next);
  let is_between = node && (!next || key < load<K>(next, KEY));
  node = is_between ? hang_between<K>(tree, key, node, next) : find_or_hang<K>(tree, key, next);
  if (!node) return NO_MEMORY;
  if (!is_between) tree.next = changetype<RbNode>(neighbour(node, RIGHT));
  tree.here = changetype<RbNode>(node);
  return load<i32>(node, SLOT);
}

/** Hangs a node with a key between two neighbours: one of them has room. @param next  0: there is none. */
function hang_between<K extends number>(tree: Tree, key: K, node: usize, next: usize): usize {
  if (!load<u32>(node, RIGHT)) return hang<K>(tree, key, node, node + RIGHT);
  return hang<K>(tree, key, next, next + LEFT);
}

/** The node of a key; it is made if there is none. @param node  One whose key is not greater; 0: look everywhere. */
function find_or_hang<K extends number>(tree: Tree, key: K, node: usize): usize {
  let at = node ? climb<K>(node, key) : top(tree);
  let parent: usize = 0;
  let link = changetype<usize>(tree) + offsetof<Tree>("root_node");
  for (; at; at = load<u32>(link)) {
    let here = load<K>(at, KEY);
    if (here == key) return at;
    parent = at;
    link = towards<K>(at, key, here);
  }
  return hang<K>(tree, key, parent, link);
}

/** Takes a key out that is not less than the last one of the batch. */
export function map_delete_next<K extends number>(map: usize, key: K): i32 {
  let tree = changetype<Tree>(map);
  let node = changetype<usize>(tree.here);
  // What follows a key that was taken out, and is greater than this one, has nothing between them.
  if (node && load<K>(node, KEY) > key) return MISSING;
  let found = find<K>(node ? climb<K>(node, key) : top(tree), key);
  if (!found) return MISSING;
  tree.here = changetype<RbNode>(neighbour(found, RIGHT));
  return remove(tree, found);
}

/** Ends a batch. Returns whether there was memory for all of it. */
export function map_end<K extends number>(_map: usize): bool {
  return true;
}

/** Looks four keys up at a time: while memory is waited for on one way down, the other ways go on. */
export function map_get_many<K extends number>(map: usize, keys: usize, count: u32, slots: usize): void {
  let tree = changetype<Tree>(map);
  let i: u32 = 0;
  for (; i + 4 <= count; i += 4) {
    let at = keys + <usize>i * sizeof<K>();
    let key0 = load<K>(at);
    let key1 = load<K>(at + sizeof<K>());
    let key2 = load<K>(at + 2 * sizeof<K>());
    let key3 = load<K>(at + 3 * sizeof<K>());
    let node0 = top(tree);
    let node1 = node0;
    let node2 = node0;
    let node3 = node0;
    while (true) {
      let here0 = node0 ? load<K>(node0, KEY) : key0;
      let here1 = node1 ? load<K>(node1, KEY) : key1;
      let here2 = node2 ? load<K>(node2, KEY) : key2;
      let here3 = node3 ? load<K>(node3, KEY) : key3;
      if (here0 == key0 && here1 == key1 && here2 == key2 && here3 == key3) break;
      if (here0 != key0) node0 = load<u32>(towards<K>(node0, key0, here0));
      if (here1 != key1) node1 = load<u32>(towards<K>(node1, key1, here1));
      if (here2 != key2) node2 = load<u32>(towards<K>(node2, key2, here2));
      if (here3 != key3) node3 = load<u32>(towards<K>(node3, key3, here3));
    }
    let to = slots + ((<usize>i) << 2);
    store<i32>(to, slot_of(node0));
    store<i32>(to, slot_of(node1), 4);
    store<i32>(to, slot_of(node2), 8);
    store<i32>(to, slot_of(node3), 12);
  }
  for (; i < count; i++) {
    let slot = map_get<K>(map, load<K>(keys + <usize>i * sizeof<K>()));
    store<i32>(slots + ((<usize>i) << 2), slot);
  }
}

function slot_of(node: usize): i32 {
  return node ? load<i32>(node, SLOT) : MISSING;
}
