import { HlistNode } from "../../../assembly/include/list";
import { CacheType, KmemCache, SlabState } from "../../../assembly/include/mm_types";
import { kernel } from "../../../assembly/include/kernel";
import { hash_32, hash_64, jhash, jhash_3words } from "../../../assembly/lib/hash";
import {
  hash_add,
  hash_bucket,
  hash_del,
  hash_empty,
  hash_init,
  hash_table_size,
} from "../../../assembly/lib/hashtable";
import { get_random_u32, get_random_u32_below, seed_random } from "../../../assembly/lib/random";
import { XArray, XaNode } from "../../../assembly/include/xarray_types";
import {
  xa_clear_mark,
  xa_empty,
  xa_erase,
  xa_find,
  xa_find_after,
  xa_find_marked,
  xa_get_mark,
  xa_init,
  xa_load,
  xa_marked,
  xa_set_mark,
  xa_store,
} from "../../../assembly/lib/xarray";

export { hash_32, hash_64, jhash, jhash_3words };
export { hash_empty, hash_init, hash_table_size };

export function table_add(table: usize, bits: u32, node: usize, key: u32): void {
  hash_add(table, bits, changetype<HlistNode>(node), key);
}
export function table_del(node: usize): void {
  hash_del(changetype<HlistNode>(node));
}
export function table_bucket(table: usize, bits: u32, key: u32): usize {
  return changetype<usize>(hash_bucket(table, bits, key));
}

function xarray(address: usize): XArray {
  return changetype<XArray>(address);
}

export function array_init(xa: usize): void {
  xa_init(xarray(xa));
}
export function array_empty(xa: usize): bool {
  return xa_empty(xarray(xa));
}
export function array_load(xa: usize, index: u32): usize {
  return xa_load(xarray(xa), index);
}
export function array_store(xa: usize, index: u32, entry: usize): i32 {
  return xa_store(xarray(xa), index, entry);
}
export function array_erase(xa: usize, index: u32): usize {
  return xa_erase(xarray(xa), index);
}
export function array_find(xa: usize, index: u32, max: u32): f64 {
  return <f64>xa_find(xarray(xa), index, max);
}
export function array_find_after(xa: usize, index: u32, max: u32): f64 {
  return <f64>xa_find_after(xarray(xa), index, max);
}

export function array_set_mark(xa: usize, index: u32, mark: i32): void {
  xa_set_mark(xarray(xa), index, mark);
}
export function array_clear_mark(xa: usize, index: u32, mark: i32): void {
  xa_clear_mark(xarray(xa), index, mark);
}
export function array_get_mark(xa: usize, index: u32, mark: i32): bool {
  return xa_get_mark(xarray(xa), index, mark);
}
export function array_marked(xa: usize, mark: i32): bool {
  return xa_marked(xarray(xa), mark);
}
export function array_find_marked(xa: usize, index: u32, max: u32, mark: i32): f64 {
  return <f64>xa_find_marked(xarray(xa), index, max, mark);
}

/** True if the slots of a node above the lowest level have exactly the marks that something below them has. */
function marks_hold(node: XaNode): bool {
  for (let i: u32 = 0; node.shift && i < 64; i++) {
    let child = changetype<XaNode>(load<usize>(changetype<usize>(node) + offsetof<XaNode>() + (i << 2)));
    let below = changetype<usize>(child) != 0;
    if ((((node.marks_0 >> i) & 1) != 0) != (below && child.marks_0 != 0)) return false;
    if ((((node.marks_1 >> i) & 1) != 0) != (below && child.marks_1 != 0)) return false;
  }
  return true;
}

/** Slots behind a node that are not empty. */
function full_slots(node: XaNode): u32 {
  let count: u32 = 0;
  for (let i: u32 = 0; i < 64; i++) if (load<usize>(changetype<usize>(node) + offsetof<XaNode>() + (i << 2))) count++;
  return count;
}

/**
 * Walks the array's nodes: 0 or the number of nodes plus 16 if they are well; 1 a wrong parent, 2 a wrong shift, 3 a
 * wrong offset, 4 a wrong count, 5 an empty node, 6 a tree that is higher than need be, 7 wrong marks.
 */
export function array_check(xa: usize): u32 {
  let head = xarray(xa).head;
  if (!head) return 0;
  if (head.parent) return 1;
  let second = load<usize>(changetype<usize>(head) + offsetof<XaNode>());
  if (head.shift && head.count == 1 && second) return 6;
  let nodes: u32 = 0;
  let node = head;
  let from: u32 = 0;
  while (true) {
    if (!from) {
      nodes++;
      if (!node.count) return 5;
      if (node.count != full_slots(node)) return 4;
      if (!marks_hold(node)) return 7;
    }
    let child = changetype<XaNode>(0);
    while (from < 64 && node.shift && changetype<usize>(child) == 0) {
      child = changetype<XaNode>(load<usize>(changetype<usize>(node) + offsetof<XaNode>() + (from++ << 2)));
    }
    if (changetype<usize>(child)) {
      if (child.parent !== node) return 1;
      if (child.shift + 6 != node.shift) return 2;
      if (child.offset + 1 != from) return 3;
      node = child;
      from = 0;
      continue;
    }
    let parent = node.parent;
    if (!parent) return nodes + 16;
    from = node.offset + 1;
    node = parent;
  }
}
/** Makes the array's top node count one entry too many, for the test of the checker. */
export function array_break(xa: usize): void {
  changetype<XaNode>(xarray(xa).head).count++;
}

/** Number of nodes in use, of all arrays. */
export function array_nodes(): u32 {
  let caches = changetype<usize>(changetype<SlabState>(kernel.slab).caches);
  return changetype<KmemCache>(caches + CacheType.XaNode * offsetof<KmemCache>()).active;
}

export function seed(value: u32): void {
  seed_random(value);
}
export function random_u32(): u32 {
  return get_random_u32();
}
export function random_below(ceiling: u32): u32 {
  return get_random_u32_below(ceiling);
}
