/*
 * A node of a B-tree: keys in order, and behind them what belongs to each. In a leaf that is the key's slot; in a node
 * above, the child whose keys are less than the key, and behind the last key one child more, for the rest.
 */

/** A node's header. */
@unmanaged
export class BNode {
  /** How many keys it has. */
  count: u32;
  /** Of a leaf: the one before; null: there is none. */
  before: BNode | null;
  /** Of a leaf: the one behind; null: there is none. */
  behind: BNode | null;
  /** Nothing: keys of 8 bytes lie aligned behind it. */
  spare: u32;
}

/** Bytes of a node: four lines of a cache, of which a search meets about two. */
export const NODE_BYTES: usize = 256;
const KEYS: usize = 16;

/** Most keys of a node. */
export function capacity<K extends number>(): u32 {
  return (<u32>((NODE_BYTES - KEYS - 4) / (sizeof<K>() + 4))) & ~1;
}

/** Fewer keys than these, and a node takes some from its neighbour, or all. */
export function least<K extends number>(): u32 {
  return capacity<K>() / 3;
}

/** Where a key lies. */
export function key_at<K extends number>(node: BNode, index: u32): usize {
  return changetype<usize>(node) + KEYS + <usize>index * sizeof<K>();
}

/** Where the slot or the child with an index lies. */
export function item_at<K extends number>(node: BNode, index: u32): usize {
  return changetype<usize>(node) + KEYS + <usize>capacity<K>() * sizeof<K>() + ((<usize>index) << 2);
}

/** The child with an index. */
export function child_at<K extends number>(node: BNode, index: u32): BNode {
  return changetype<BNode>(<usize>load<u32>(item_at<K>(node, index)));
}

/** How many keys of a node are less. */
export function less<K extends number>(node: BNode, key: K): u32 {
  let at = key_at<K>(node, 0);
  let first = at;
  let count = node.count;
  while (count > 1) {
    let half = count >> 1;
    let middle = at + <usize>half * sizeof<K>();
    at = select<usize>(middle, at, load<K>(middle - sizeof<K>()) < key);
    count -= half;
  }
  if (count && load<K>(at) < key) at += sizeof<K>();
  return <u32>((at - first) / sizeof<K>());
}

/** How many keys of a node are not greater: the index of the child in which a key lies. */
export function not_greater<K extends number>(node: BNode, key: K): u32 {
  let at = key_at<K>(node, 0);
  let first = at;
  let count = node.count;
  while (count > 1) {
    let half = count >> 1;
    let middle = at + <usize>half * sizeof<K>();
    at = select<usize>(middle, at, load<K>(middle - sizeof<K>()) <= key);
    count -= half;
  }
  if (count && load<K>(at) <= key) at += sizeof<K>();
  return <u32>((at - first) / sizeof<K>());
}

/** Moves what begins at an address up by one, word by word: a call for so few bytes would cost more. */
function up<T extends number>(from: usize, end: usize): void {
  for (let at = end; at > from; at -= sizeof<T>()) store<T>(at, load<T>(at - sizeof<T>()));
}

function down<T extends number>(from: usize, end: usize): void {
  for (let at = from; at < end; at += sizeof<T>()) store<T>(at - sizeof<T>(), load<T>(at));
}

/** Puts a key in at an index, and an item: a leaf's at the same index, another node's behind the key (`after` 1). */
export function put<K extends number>(node: BNode, index: u32, after: u32, key: K, item: u32): void {
  let count = node.count;
  up<K>(key_at<K>(node, index), key_at<K>(node, count));
  up<u32>(item_at<K>(node, index + after), item_at<K>(node, count + after));
  store<K>(key_at<K>(node, index), key);
  store<u32>(item_at<K>(node, index + after), item);
  node.count = count + 1;
}

/** Takes a key out with its item. */
export function take<K extends number>(node: BNode, index: u32, after: u32): void {
  let count = node.count;
  down<K>(key_at<K>(node, index + 1), key_at<K>(node, count));
  down<u32>(item_at<K>(node, index + after + 1), item_at<K>(node, count + after));
  node.count = count - 1;
}

/** Moves keys and as many items from one node into another, where there is room for them. */
export function move<K extends number>(from: BNode, at: u32, to: BNode, there: u32, keys: u32, items: u32): void {
  memory.copy(key_at<K>(to, there), key_at<K>(from, at), <usize>keys * sizeof<K>());
  memory.copy(item_at<K>(to, there), item_at<K>(from, at), (<usize>items) << 2);
}
