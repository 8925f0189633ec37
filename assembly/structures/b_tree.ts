import {
  BNode,
  NODE_BYTES,
  capacity,
  child_at,
  item_at,
  key_at,
  least,
  less,
  move,
  not_greater,
  put,
  take,
} from "./b_node";
import { Pool, object_give, object_take, pool_give, pool_release, pool_reserve, pool_take } from "./pool";
import { From, MISSING, NO_MEMORY } from "./results";
import { Slots, slot_give, slot_take, slots_bytes, slots_release } from "./slots";

/*
 * An ordered map as a B-tree whose keys all lie in leaves (a B+ tree): few large nodes instead of many small ones, each
 * met in order and at once.
 */

/** Whether a batch is worth being brought in order: a leaf takes all keys that belong there. */
export const GOES_ON: bool = true;

/** Most levels above the leaves. */
const LEVELS: usize = 16;

/** A tree. */
@unmanaged
class Tree {
  /** The topmost node; null: there is none yet. */
  root: BNode | null;
  /** How many levels there are above the leaves. */
  height: u32;
  /** Number of keys. */
  size: u32;
  /** The leaf with the smallest keys. */
  first: BNode | null;
  /** The leaf with the greatest keys. */
  last: BNode | null;
  // Pool pool: where the nodes come from.
  pool_free: usize;
  pool_bump: usize;
  pool_end: usize;
  pool_chunk: usize;
  pool_slots: u32;
  pool_bytes: usize;
  // Slots slots: those of the keys.
  slots_free: usize;
  slots_count: u32;
  slots_issued: u32;
  slots_capacity: u32;
  /** In a batch: the leaf of the last key; null: the next one is looked for from the root. */
  leaf: BNode | null;
  /** Whether that leaf has an upper bound. */
  has_bound: u32;
  /** That bound, a key that is greater than what can be in the leaf. */
  bound: u64;

  @embed @inline get pool(): Pool {
    return changetype<Pool>(changetype<usize>(this) + offsetof<Tree>("pool_free"));
  }
  @embed @inline get slots(): Slots {
    return changetype<Slots>(changetype<usize>(this) + offsetof<Tree>("slots_free"));
  }
}

/** Bytes of a tree; behind it, for each level above the leaves, the node on the way and the index of its child. */
const TREE_BYTES: usize = offsetof<Tree>() + (LEVELS << 3);

/** Where the way through a level is noted; level 1 is just above the leaves. */
function way(tree: Tree, level: u32): usize {
  return changetype<usize>(tree) + offsetof<Tree>() + ((<usize>level - 1) << 3);
}

/** Makes a map; 0: there is no memory left. */
export function map_create(): usize {
  return object_take(TREE_BYTES);
}

/** Ends a map. */
export function map_destroy(map: usize): void {
  map_clear(map);
  object_give(map, TREE_BYTES);
}

/** Takes all keys out. */
export function map_clear(map: usize): void {
  let tree = changetype<Tree>(map);
  pool_release(tree.pool);
  slots_release(tree.slots);
  memory.fill(map, 0, TREE_BYTES);
}

/** How many keys there are. */
export function map_size(map: usize): u32 {
  return changetype<Tree>(map).size;
}

/** Memory that the map takes. Unit: bytes. */
export function map_bytes(map: usize): usize {
  let tree = changetype<Tree>(map);
  return tree.pool.bytes + slots_bytes(tree.slots);
}

function new_node(tree: Tree): BNode {
  let node = changetype<BNode>(pool_take(tree.pool, NODE_BYTES, offsetof<BNode>("spare")));
  if (!node) return node;
  node.count = 0;
  node.before = null;
  node.behind = null;
  return node;
}

/** The leaf that a key belongs to. The tree has a root. */
function leaf_of<K extends number>(tree: Tree, key: K): BNode {
  let node = changetype<BNode>(tree.root);
  for (let level = tree.height; level; level--) node = child_at<K>(node, not_greater<K>(node, key));
  return node;
}

/** The same, and notes the way, and the leaf's upper bound. */
function descend<K extends number>(tree: Tree, key: K): BNode {
  let node = changetype<BNode>(tree.root);
  let bound: usize = 0;
  for (let level = tree.height; level; level--) {
    let index = not_greater<K>(node, key);
    let at = way(tree, level);
    store<BNode>(at, node);
    store<u32>(at, index, 4);
    if (index < node.count) bound = key_at<K>(node, index);
    node = child_at<K>(node, index);
  }
  tree.has_bound = bound ? 1 : 0;
  if (bound) store<K>(changetype<usize>(tree) + offsetof<Tree>("bound"), load<K>(bound));
  tree.leaf = node;
  return node;
}

/** In a batch: the leaf that a key belongs to, without a search if it is that of the last key. */
function go_on<K extends number>(tree: Tree, key: K): BNode {
  let leaf = changetype<BNode>(tree.leaf);
  if (!leaf) return descend<K>(tree, key);
  let bound = load<K>(changetype<usize>(tree) + offsetof<Tree>("bound"));
  return !tree.has_bound || key < bound ? leaf : descend<K>(tree, key);
}

/** Whether a leaf has a key at an index. */
function is_at<K extends number>(leaf: BNode, index: u32, key: K): bool {
  return index < leaf.count && load<K>(key_at<K>(leaf, index)) == key;
}

/** The slot of a key; MISSING. */
export function map_get<K extends number>(map: usize, key: K): i32 {
  let tree = changetype<Tree>(map);
  if (!tree.root) return MISSING;
  let leaf = leaf_of<K>(tree, key);
  let index = less<K>(leaf, key);
  return is_at<K>(leaf, index, key) ? load<i32>(item_at<K>(leaf, index)) : MISSING;
}

/** Writes the slot of each key; MISSING. */
export function map_get_many<K extends number>(map: usize, keys: usize, count: u32, slots: usize): void {
  for (let i: u32 = 0; i < count; i++) {
    store<i32>(slots + ((<usize>i) << 2), map_get<K>(map, load<K>(keys + <usize>i * sizeof<K>())));
  }
}

/** The slot of a key, which is put in if it is not there; NO_MEMORY. */
export function map_set<K extends number>(map: usize, key: K): i32 {
  let tree = changetype<Tree>(map);
  return plant(tree) ? set_in<K>(tree, descend<K>(tree, key), key) : NO_MEMORY;
}

/** Makes the first leaf if there is none. Returns whether there is one. */
function plant(tree: Tree): bool {
  if (tree.root) return true;
  let leaf = new_node(tree);
  tree.root = leaf;
  tree.first = leaf;
  tree.last = leaf;
  return !!leaf;
}

/** Sets a key in its leaf, to which the way is noted. */
function set_in<K extends number>(tree: Tree, leaf: BNode, key: K): i32 {
  let index = less<K>(leaf, key);
  if (is_at<K>(leaf, index, key)) return load<i32>(item_at<K>(leaf, index));
  if (leaf.count == capacity<K>() && !reserve<K>(tree)) return NO_MEMORY;
  let slot = slot_take(tree.slots);
  if (slot < 0) return NO_MEMORY;
  tree.size++;
  key = <K>(key + 0); // -0 is 0
  if (leaf.count < capacity<K>()) put<K>(leaf, index, 0, key, slot);
  else split_leaf<K>(tree, leaf, index, key, slot);
  return slot;
}

/** Makes sure that there are as many nodes as splitting a leaf can need. */
function reserve<K extends number>(tree: Tree): bool {
  let level: u32 = 1;
  while (level <= tree.height && load<BNode>(way(tree, level)).count == capacity<K>()) level++;
  return pool_reserve(tree.pool, level > tree.height ? level + 1 : level, NODE_BYTES, offsetof<BNode>("spare"));
}

/** Splits a full leaf, and puts a key in. At the end of all keys the leaf stays full: more will come behind it. */
function split_leaf<K extends number>(tree: Tree, leaf: BNode, index: u32, key: K, slot: i32): void {
  let right = new_node(tree);
  let behind = changetype<BNode>(leaf.behind);
  let is_end = !behind && index == leaf.count;
  let keep = is_end ? leaf.count : leaf.count >> 1;
  let moved = leaf.count - keep;
  if (moved) move<K>(leaf, keep, right, 0, moved, moved);
  leaf.count = keep;
  right.count = moved;
  right.before = leaf;
  right.behind = behind;
  leaf.behind = right;
  if (behind) behind.before = right;
  else tree.last = right;
  if (index > keep || is_end) put<K>(right, index - keep, 0, key, slot);
  else put<K>(leaf, index, 0, key, slot);
  tree.leaf = null;
  hang<K>(tree, load<K>(key_at<K>(right, 0)), right, is_end);
}

/** Hangs a new node behind the one that it was split from, whose way is noted; splits those above that are full. */
function hang<K extends number>(tree: Tree, key: K, right: BNode, is_end: bool): void {
  for (let level: u32 = 1; level <= tree.height; level++) {
    let node = load<BNode>(way(tree, level));
    let index = load<u32>(way(tree, level), 4);
    if (node.count < capacity<K>()) {
      put<K>(node, index, 1, key, <u32>changetype<usize>(right));
      return;
    }
    let other = new_node(tree);
    let keep = is_end ? node.count - 1 : node.count >> 1;
    let middle = load<K>(key_at<K>(node, keep));
    other.count = node.count - keep - 1;
    move<K>(node, keep + 1, other, 0, other.count, other.count + 1);
    node.count = keep;
    if (index > keep) put<K>(other, index - keep - 1, 1, key, <u32>changetype<usize>(right));
    else put<K>(node, index, 1, key, <u32>changetype<usize>(right));
    key = middle;
    right = other;
  }
  let root = new_node(tree);
  root.count = 1;
  store<K>(key_at<K>(root, 0), key);
  store<u32>(item_at<K>(root, 0), <u32>changetype<usize>(tree.root));
  store<u32>(item_at<K>(root, 1), <u32>changetype<usize>(right));
  tree.root = root;
  tree.height++;
}

/** Takes a key out. Returns the slot that it had; MISSING. */
export function map_delete<K extends number>(map: usize, key: K): i32 {
  let tree = changetype<Tree>(map);
  return tree.root ? delete_in<K>(tree, descend<K>(tree, key), key) : MISSING;
}

/** Takes a key out of its leaf, to which the way is noted. */
function delete_in<K extends number>(tree: Tree, leaf: BNode, key: K): i32 {
  let index = less<K>(leaf, key);
  if (!is_at<K>(leaf, index, key)) return MISSING;
  let slot = load<i32>(item_at<K>(leaf, index));
  take<K>(leaf, index, 0);
  slot_give(tree.slots, slot);
  tree.size--;
  if (tree.height && leaf.count < least<K>()) refill<K>(tree, leaf);
  return slot;
}

/** Fills a leaf that has too few keys from its neighbour, or makes one of the two; the same then above. */
function refill<K extends number>(tree: Tree, node: BNode): void {
  tree.leaf = null;
  for (let level: u32 = 1; level <= tree.height && node.count < least<K>(); level++) {
    let parent = load<BNode>(way(tree, level));
    let index = load<u32>(way(tree, level), 4);
    if (index) index--;
    let left = child_at<K>(parent, index);
    let right = child_at<K>(parent, index + 1);
    let key = key_at<K>(parent, index);
    // In a leaf nothing stands between two neighbours; above, the key does that parts them.
    let between: u32 = level > 1 ? 1 : 0;
    // Not if that filled the node: the next key would split it again.
    if (left.count + right.count + between > (capacity<K>() * 3) >> 2) {
      if (left.count < right.count) to_left<K>(left, right, between, key);
      else to_right<K>(left, right, between, key);
      return;
    }
    if (between) store<K>(key_at<K>(left, left.count), load<K>(key));
    move<K>(right, 0, left, left.count + between, right.count, right.count + between);
    left.count += right.count + between;
    if (!between) unlink(tree, right);
    pool_give(tree.pool, changetype<usize>(right));
    take<K>(parent, index, 1);
    node = parent;
  }
  let root = changetype<BNode>(tree.root);
  if (root.count) return;
  tree.root = child_at<K>(root, 0);
  tree.height--;
  pool_give(tree.pool, changetype<usize>(root));
}

/** Takes a leaf out of the list of leaves; there is one before it. */
function unlink(tree: Tree, leaf: BNode): void {
  let before = changetype<BNode>(leaf.before);
  let behind = changetype<BNode>(leaf.behind);
  before.behind = behind;
  if (behind) behind.before = before;
  else tree.last = before;
}

/** Moves keys to the left, so that both have as many. @param key  Address of the key that parts them. */
function to_left<K extends number>(left: BNode, right: BNode, between: u32, key: usize): void {
  let moved = ((left.count + right.count) >> 1) - left.count;
  if (between) store<K>(key_at<K>(left, left.count), load<K>(key));
  move<K>(right, 0, left, left.count + between, moved - between, moved);
  store<K>(key, load<K>(key_at<K>(right, moved - between)));
  left.count += moved;
  right.count -= moved;
  move<K>(right, moved, right, 0, right.count, right.count + between);
}

/** Moves keys to the right, so that both have as many. @param key  Address of the key that parts them. */
function to_right<K extends number>(left: BNode, right: BNode, between: u32, key: usize): void {
  let keep = (left.count + right.count) >> 1;
  let moved = left.count - keep;
  move<K>(right, 0, right, moved, right.count, right.count + between);
  if (between) store<K>(key_at<K>(right, moved - 1), load<K>(key));
  move<K>(left, keep + between, right, 0, moved - between, moved);
  store<K>(key, load<K>(key_at<K>(left, keep)));
  left.count = keep;
  right.count += moved;
}

/** Begins a batch whose keys come in order. */
export function map_begin<K extends number>(map: usize): void {
  changetype<Tree>(map).leaf = null;
}

/** Sets a key that is not less than the last one of the batch. */
export function map_set_next<K extends number>(map: usize, key: K): i32 {
  let tree = changetype<Tree>(map);
  return plant(tree) ? set_in<K>(tree, go_on<K>(tree, key), key) : NO_MEMORY;
}

/** Takes a key out that is not less than the last one of the batch. */
export function map_delete_next<K extends number>(map: usize, key: K): i32 {
  let tree = changetype<Tree>(map);
  return tree.root ? delete_in<K>(tree, go_on<K>(tree, key), key) : MISSING;
}

/** Ends a batch. Returns whether there was memory for all of it. */
export function map_end<K extends number>(_map: usize): bool {
  return true;
}

/** Reads keys and their slots. Returns how many there were, at most `most`. */
export function map_scan<K extends number>(map: usize, from: u32, key: K, keys: usize, slots: usize, most: u32): u32 {
  let tree = changetype<Tree>(map);
  if (!tree.size) return 0;
  let leaf = begin<K>(tree, from, key);
  let index = begin_index<K>(leaf, from, key);
  let count: u32 = 0;
  while (leaf && count < most) {
    if (index >= 0 && index < <i32>leaf.count) {
      store<K>(keys + <usize>count * sizeof<K>(), load<K>(key_at<K>(leaf, index)));
      store<i32>(slots + ((<usize>count) << 2), load<i32>(item_at<K>(leaf, index)));
      count++;
      index += from >= <u32>From.LAST ? -1 : 1;
    } else if (from >= <u32>From.LAST) {
      leaf = changetype<BNode>(leaf.before);
      if (leaf) index = <i32>leaf.count - 1;
    } else {
      leaf = changetype<BNode>(leaf.behind);
      index = 0;
    }
  }
  return count;
}

/** The leaf in which reading begins. */
function begin<K extends number>(tree: Tree, from: u32, key: K): BNode {
  if (from == From.FIRST) return changetype<BNode>(tree.first);
  if (from == From.LAST) return changetype<BNode>(tree.last);
  return leaf_of<K>(tree, key);
}

/** The index in it; out of the leaf: in the one behind or before. */
function begin_index<K extends number>(leaf: BNode, from: u32, key: K): i32 {
  if (from == From.FIRST) return 0;
  if (from == From.LAST) return leaf.count - 1;
  if (from == From.AT_LEAST) return less<K>(leaf, key);
  if (from == From.ABOVE) return not_greater<K>(leaf, key);
  return (from == From.AT_MOST ? not_greater<K>(leaf, key) : less<K>(leaf, key)) - 1;
}
