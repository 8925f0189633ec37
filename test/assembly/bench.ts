/*
 * Bench-only entry: the red-black tree driven by batches of keys, and the tracepoint in a loop, wholly inside Wasm.
 */
import { CPUS_BASE, SECTIONS_BASE, kernel } from "../../assembly/include/kernel";
import { Cpu } from "../../assembly/include/sched";
import { RbNode, RbRootCached } from "../../assembly/include/rbtree_types";
import { Tp, trace } from "../../assembly/include/trace";
import { rb_erase_cached, rb_insert_color_cached, rb_link_node } from "../../assembly/lib/rbtree";

/** An object in the tree. */
@unmanaged
class Item {
  rb_parent_color: usize;
  rb_right: RbNode | null;
  rb_left: RbNode | null;
  key: u32;
  value: u32;

  @inline get rb(): RbNode {
    return changetype<RbNode>(this);
  }
}

/** Where the tree's root, the keys and the objects lie: far behind everything else. */
const ROOT: usize = SECTIONS_BASE;
const KEYS: usize = SECTIONS_BASE + 0x1000;
const ITEM: usize = offsetof<Item>();

function root(): RbRootCached {
  return changetype<RbRootCached>(ROOT);
}

function items(count: u32): usize {
  return KEYS + ((<usize>count * 4 + 15) & ~15);
}

/** Makes room for so many keys. @returns the address at which the host puts them, 4 bytes each. */
export function prepare(count: u32): usize {
  let end = items(count) + <usize>count * ITEM;
  let missing = <i32>((end + 0xffff) >> 16) - memory.size();
  if (missing > 0) memory.grow(missing);
  root().root_node = null;
  root().leftmost = null;
  return KEYS;
}

/** Offset of the child that leads to a key: smaller keys to the left. Loading by offset spares a branch that guesses. */
function child(key: u32, there: u32): usize {
  return key < there ? offsetof<RbNode>("left") : offsetof<RbNode>("right");
}

function find(key: u32): Item | null {
  let at = load<usize>(ROOT);
  while (at) {
    let there = changetype<Item>(at).key;
    if (key == there) return changetype<Item>(at);
    at = load<usize>(at + child(key, there));
  }
  return null;
}

/** Inserts all keys; a key that is there already is left out. */
export function insert_all(count: u32): void {
  let fresh = items(count);
  for (let i: u32 = 0; i < count; i++) {
    if (insert(load<u32>(KEYS + ((<usize>i) << 2)), fresh)) fresh += ITEM;
  }
}

/** Inserts a key, with an object at an address. @returns false if the key is there already. */
function insert(key: u32, fresh: usize): bool {
  let parent: usize = 0;
  let link = ROOT;
  let leftmost = true;
  for (let at = load<usize>(ROOT); at; at = load<usize>(link)) {
    let there = changetype<Item>(at).key;
    if (key == there) return false;
    parent = at;
    let offset = child(key, there);
    if (offset == offsetof<RbNode>("right")) leftmost = false;
    link = at + offset;
  }
  let item = changetype<Item>(fresh);
  item.key = key;
  item.value = key;
  rb_link_node(item.rb, changetype<RbNode | null>(parent), link);
  rb_insert_color_cached(item.rb, root(), leftmost);
  return true;
}

/** Finds all keys. @returns the sum of what was found, so that the work cannot be left out. */
export function find_all(count: u32): u64 {
  let sum: u64 = 0;
  for (let i: u32 = 0; i < count; i++) {
    let item = find(load<u32>(KEYS + ((<usize>i) << 2)));
    if (item) sum += item.value;
  }
  return sum;
}

/** Erases all keys. @returns how many were there. */
export function erase_all(count: u32): u32 {
  let erased: u32 = 0;
  for (let i: u32 = 0; i < count; i++) {
    let item = find(load<u32>(KEYS + ((<usize>i) << 2)));
    if (!item) continue;
    rb_erase_cached(item.rb, root());
    erased++;
  }
  return erased;
}

/** Passes so many tracepoints at which nobody stops. */
export function tracepoints(count: u32): u64 {
  kernel.cpu = changetype<Cpu>(CPUS_BASE);
  kernel.tracing = 1;
  for (let i: u32 = 0; i < count; i++) trace(Tp.none, i, 0, 0);
  return kernel.tick;
}
