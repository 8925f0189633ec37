import { EXCHANGE_BASE } from "../../../assembly/include/kernel";
import {
  RbNode,
  RbRootCached,
  rb_erase_cached,
  rb_first,
  rb_first_cached,
  rb_first_postorder,
  rb_insert_color_cached,
  rb_last,
  rb_link_node,
  rb_next,
  rb_next_postorder,
  rb_prev,
  rb_replace_node_cached,
} from "../../../assembly/lib/rbtree";

/** Something in a tree. */
@unmanaged
class Item {
  rbn_parent_color: usize;
  rbn_right: RbNode | null;
  rbn_left: RbNode | null;
  key: u32;

  @inline get rbn(): RbNode {
    return changetype<RbNode>(this);
  }
}

/** A sub-tree that the checker has yet to look at. */
@unmanaged
class Pending {
  node: RbNode | null;
  parent: RbNode | null;
  /** Least and greatest key that may be in it. */
  low: i64;
  high: i64;
  /** Black nodes above it. */
  blacks: u32;
}

/** Deepest tree that the checker walks. */
const MAX_DEPTH: u32 = 64;
/** Most keys whose orders are all tried. */
const MAX_KEYS: u32 = 7;

/** Everything that a test of all orders needs, at a fixed place. */
const ROOT: usize = EXCHANGE_BASE;
const ITEMS: usize = EXCHANGE_BASE + 0x10;
const ORDER: usize = EXCHANGE_BASE + 0x100;
const SAVED: usize = EXCHANGE_BASE + 0x200;
const STATE_SIZE: usize = 0x10 + MAX_KEYS * 16;
const STACK: usize = EXCHANGE_BASE + 0x1000;

function tree(address: usize): RbRootCached {
  return changetype<RbRootCached>(address);
}

function item(address: usize): Item {
  return changetype<Item>(address);
}

/** Address of an item of an array. */
function at_index(items: usize, index: u32): usize {
  return items + <usize>index * offsetof<Item>();
}

function push(depth: u32, node: RbNode | null, parent: RbNode | null, low: i64, high: i64, blacks: u32): void {
  let entry = changetype<Pending>(STACK + <usize>depth * 32);
  entry.node = node;
  entry.parent = parent;
  entry.low = low;
  entry.high = high;
  entry.blacks = blacks;
}

/**
 * Whether a tree is a red-black tree of `count` items: 0 if so; 1 the root is red, 2 a wrong parent, 3 keys out of
 * order, 4 a red child of a red node, 5 paths with more black nodes than others, 6 another number of nodes, 7 another
 * leftmost node, 8 too deep.
 */
export function rb_check(root: usize, count: u32): u32 {
  let top = tree(root).root_node;
  if (top && !(top.parent_color & 1)) return 1;
  let found: u32 = 0;
  let height: u32 = u32.MAX_VALUE;
  let leftmost: RbNode | null = null;
  push(0, top, null, -1, 0x1_0000_0000, 0);
  // Every node is pushed once: a cycle would be noticed by its parent links, or by the number of nodes.
  for (let depth: u32 = 1; depth > 0;) {
    let entry = changetype<Pending>(STACK + <usize>--depth * 32);
    let node = entry.node;
    let blacks = entry.blacks;
    if (!node) {
      if (height == u32.MAX_VALUE) height = blacks;
      if (blacks != height) return 5;
      continue;
    }
    let parent = entry.parent;
    let low = entry.low;
    let high = entry.high;
    let key = <i64>item(changetype<usize>(node)).key;
    let black = <u32>(node.parent_color & 1);
    if (++found > count) return 6;
    if (node.parent !== parent) return 2;
    if (key <= low || key >= high) return 3;
    if (!black && parent && !(parent.parent_color & 1)) return 4;
    if (low == -1) leftmost = node;
    if (depth + 2 > MAX_DEPTH) return 8;
    push(depth++, node.right, node, key, high, blacks + black);
    push(depth++, node.left, node, low, key, blacks + black);
  }
  if (found != count) return 6;
  if (tree(root).leftmost !== leftmost) return 7;
  return 0;
}

/** Inserts an item by its key, which no other item has. */
export function rb_insert(root: usize, address: usize): void {
  let key = item(address).key;
  let link = root;
  let parent: RbNode | null = null;
  let leftmost = true;
  for (let next = tree(root).root_node; next; next = changetype<RbNode | null>(load<usize>(link))) {
    parent = next;
    let left = key < item(changetype<usize>(next)).key;
    if (!left) leftmost = false;
    link = changetype<usize>(next) + (left ? offsetof<RbNode>("left") : offsetof<RbNode>("right"));
  }
  rb_link_node(item(address).rbn, parent, link);
  rb_insert_color_cached(item(address).rbn, tree(root), leftmost);
}

/** The item with a key; 0 if there is none. */
export function rb_find(root: usize, key: u32): usize {
  let at = changetype<usize>(tree(root).root_node);
  while (at && item(at).key != key) {
    // A side as a number: the processor need not guess which of two paths it goes.
    let side = key < item(at).key ? offsetof<RbNode>("left") : offsetof<RbNode>("right");
    at = load<usize>(at + side);
  }
  return at;
}

export function rb_erase(root: usize, address: usize): void {
  rb_erase_cached(item(address).rbn, tree(root));
}
export function rb_replace(root: usize, victim: usize, address: usize): void {
  rb_replace_node_cached(item(victim).rbn, item(address).rbn, tree(root));
}
export function rb_set_key(address: usize, key: u32): void {
  item(address).key = key;
}
export function rb_key(address: usize): u32 {
  return item(address).key;
}
export function rb_item_size(): usize {
  return offsetof<Item>();
}
export function rb_leftmost(root: usize): usize {
  return changetype<usize>(rb_first_cached(tree(root)));
}
export function rb_lowest(root: usize): usize {
  return changetype<usize>(rb_first(tree(root).root));
}
export function rb_highest(root: usize): usize {
  return changetype<usize>(rb_last(tree(root).root));
}
export function rb_after(address: usize): usize {
  return changetype<usize>(rb_next(item(address).rbn));
}
export function rb_before(address: usize): usize {
  return changetype<usize>(rb_prev(item(address).rbn));
}
export function rb_postorder(root: usize): usize {
  return changetype<usize>(rb_first_postorder(tree(root).root));
}
export function rb_after_postorder(address: usize): usize {
  return changetype<usize>(rb_next_postorder(item(address).rbn));
}
export function rb_parent(address: usize): usize {
  return changetype<usize>(item(address).rbn.parent);
}

/** Changes a node's colour, or its parent if `mask` is greater than 1, for the test of the checker. */
export function rb_break(address: usize, mask: usize): void {
  item(address).rbn_parent_color ^= mask;
}

/** Makes an empty tree and the items with the keys 0 to `count` - 1. */
function reset(count: u32): void {
  tree(ROOT).root_node = null;
  tree(ROOT).leftmost = null;
  for (let key: u32 = 0; key < count; key++) item(at_index(ITEMS, key)).key = key;
}

/** Copies the tree and its items to the place of a level, or back. */
function save(level: u32): void {
  memory.copy(SAVED + <usize>level * STATE_SIZE, ROOT, STATE_SIZE);
}
function restore(level: u32): void {
  memory.copy(ROOT, SAVED + <usize>level * STATE_SIZE, STATE_SIZE);
}

/** Order number `number` of all orders of `count` keys, as bytes at ORDER. */
function write_order(number: u32, count: u32): void {
  for (let i: u32 = 0; i < count; i++) store<u8>(ORDER + i, <u8>i);
  for (let i: u32 = 0; i < count; i++) {
    let choice = i + (number % (count - i));
    number /= count - i;
    let key = load<u8>(ORDER + choice);
    for (let j = choice; j > i; j--) store<u8>(ORDER + j, load<u8>(ORDER + j - 1));
    store<u8>(ORDER + i, key);
  }
}

/**
 * Erases the items in all orders, going back to the tree before each erasure to try the next, and checks every tree on
 * the way. Returns the number of checks; negative: what rb_check() said.
 */
function erase_in_all_orders(count: u32): i32 {
  let checks = 0;
  let level: u32 = 0;
  // Bytes at ORDER + 16: the next key to try on a level; at ORDER + 32: the keys that are in the tree, as bits.
  store<u8>(ORDER + 16, 0);
  let all: u32 = (1 << count) - 1;
  store<u8>(ORDER + 32, <u8>all);
  save(0);
  while (true) {
    let key = <u32>load<u8>(ORDER + 16 + level);
    let present = <u32>load<u8>(ORDER + 32 + level);
    while (key < count && !(present & (1 << key))) key++;
    if (key == count) {
      if (!level) return checks;
      level--;
      restore(level);
      continue;
    }
    store<u8>(ORDER + 16 + level, <u8>(key + 1));
    rb_erase(ROOT, at_index(ITEMS, key));
    let wrong = rb_check(ROOT, count - level - 1);
    if (wrong) return -(<i32>wrong);
    checks++;
    if (level + 1 == count) {
      restore(level);
      continue;
    }
    level++;
    store<u8>(ORDER + 16 + level, 0);
    store<u8>(ORDER + 32 + level, <u8>(present & ~(1 << key)));
    save(level);
  }
}

/**
 * Inserts `count` keys in all orders, erases them in all orders, and checks the tree after every operation.
 *
 * @returns  the number of checks; negative: what rb_check() said.
 */
export function rb_all_orders(count: u32): i32 {
  let orders: u32 = 1;
  for (let i: u32 = 2; i <= count; i++) orders *= i;
  let checks = 0;
  for (let number: u32 = 0; number < orders; number++) {
    write_order(number, count);
    reset(count);
    for (let i: u32 = 0; i < count; i++) {
      rb_insert(ROOT, at_index(ITEMS, load<u8>(ORDER + i)));
      let wrong = rb_check(ROOT, i + 1);
      if (wrong) return -(<i32>wrong);
      checks++;
    }
    let result = erase_in_all_orders(count);
    if (result < 0) return result;
    checks += result;
  }
  return checks;
}
