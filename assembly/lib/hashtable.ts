import { HlistHead, HlistNode } from "../include/list";
import { hash_32 } from "./hash";

/*
 * A hash table is an array of 2^bits struct HlistHead, which the caller provides. The nodes are part of the caller's
 * objects; who looks for one walks the bucket that its key belongs to, and compares:
 *
 *      for (let node = hash_bucket(table, bits, key).first; node; node = node.next) ...
 */

/** Size of a table. Unit: bytes. */
export function hash_table_size(bits: u32): usize {
  return offsetof<HlistHead>() << bits;
}

/** Makes an empty table. @kernel hash_init(), include/linux/hashtable.h */
export function hash_init(table: usize, bits: u32): void {
  memory.fill(table, 0, hash_table_size(bits));
}

/** The bucket that a key belongs to. @kernel hash_for_each_possible(), include/linux/hashtable.h */
export function hash_bucket(table: usize, bits: u32, key: u32): HlistHead {
  return changetype<HlistHead>(table + <usize>hash_32(key, bits) * offsetof<HlistHead>());
}

/** Puts an object in, in front of the others of its bucket. @kernel hash_add(), include/linux/hashtable.h */
export function hash_add(table: usize, bits: u32, node: HlistNode, key: u32): void {
  hash_bucket(table, bits, key).add_head(node);
}

/** Takes an object out, if it is in a table. @kernel hash_del(), include/linux/hashtable.h */
export function hash_del(node: HlistNode): void {
  node.del_init();
}

/** Whether a table has no object at all. @kernel hash_empty(), include/linux/hashtable.h */
export function hash_empty(table: usize, bits: u32): bool {
  let end = table + hash_table_size(bits);
  for (let at = table; at < end; at += offsetof<HlistHead>()) {
    if (!changetype<HlistHead>(at).empty) return false;
  }
  return true;
}
