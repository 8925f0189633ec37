import { HlistHead, HlistNode } from "../include/list";

/*
 * A hash table that grows: it doubles when it holds more entries than buckets. The buckets lie in frames, whose addresses
 * lie in one frame, so that no large block is ever needed:
 *
 *      tbl --> [ frame 0 | frame 1 | ... ]          up to 1024 frames
 *                   |
 *                   v
 *              [ HlistHead | HlistHead | ... ]      1024 buckets
 *
 * Who looks for an entry walks the bucket of its hash, and compares.
 */

/** Binary logarithm of the number of buckets in a frame. */
const BUCKETS_SHIFT: u32 = 10;
/** Greatest number of buckets: a frame full of frames. */
const MAX_BUCKETS: u32 = 1 << (2 * BUCKETS_SHIFT);

/** A hash table that grows. @kernel struct rhashtable, include/linux/rhashtable-types.h */
@unmanaged
export class Rhashtable {
  /** The frame with the addresses of the frames of buckets. */
  tbl: usize;
  /** Number of buckets, less one. */
  mask: u32;
  /** Number of entries. */
  nelems: u32;
  /** (HlistNode) => hash: of an entry, an index into the function table. */
  obj_hashfn: u32;
  /** () => address of a frame filled with zeros; 0: memory is exhausted. */
  alloc: u32;
}

/** A bucket by its number. */
function bucket(table: Rhashtable, slot: u32): HlistHead {
  let frame = load<usize>(table.tbl + ((<usize>(slot >> BUCKETS_SHIFT)) << 2));
  return changetype<HlistHead>(frame + ((<usize>(slot & ((1 << BUCKETS_SHIFT) - 1))) << 2));
}

/**
 * Makes an empty table.
 *
 * @param hashfn  (HlistNode) => hash of an entry, an index into the function table.
 * @param alloc   () => address of a frame filled with zeros, an index into the function table.
 * @returns       whether there was memory. @kernel rhashtable_init(), lib/rhashtable.c
 */
export function rhashtable_init(table: Rhashtable, hashfn: u32, alloc: u32): bool {
  table.obj_hashfn = hashfn;
  table.alloc = alloc;
  table.nelems = 0;
  table.mask = (1 << BUCKETS_SHIFT) - 1;
  table.tbl = call_indirect<usize>(alloc);
  if (!table.tbl) return false;
  store<usize>(table.tbl, call_indirect<usize>(alloc));
  return load<usize>(table.tbl) != 0;
}

/** The bucket that a hash belongs to. @kernel rht_bucket(), include/linux/rhashtable.h */
export function rht_bucket(table: Rhashtable, hash: u32): HlistHead {
  return bucket(table, hash & table.mask);
}

/** Twice the frames, or as many as there is memory for: then the table stays as it is. */
function grow_frames(table: Rhashtable): bool {
  let frames = (table.mask + 1) >> BUCKETS_SHIFT;
  for (let i = frames; i < 2 * frames; i++) {
    let slot = table.tbl + ((<usize>i) << 2);
    // A frame from an earlier attempt that did not get all of them.
    if (load<usize>(slot)) continue;
    let frame = call_indirect<usize>(table.alloc);
    if (!frame) return false;
    store<usize>(slot, frame);
  }
  return true;
}

/** Doubles the table. @kernel rhashtable_rehash_table(), lib/rhashtable.c */
function grow(table: Rhashtable): void {
  let size = table.mask + 1;
  if (size == MAX_BUCKETS || !grow_frames(table)) return;
  table.mask = 2 * size - 1;
  for (let slot: u32 = 0; slot < size; slot++) {
    let node = bucket(table, slot).first;
    while (node) {
      let next = node.next;
      let target = call_indirect<u32>(table.obj_hashfn, node) & table.mask;
      if (target != slot) {
        node.del_init();
        bucket(table, target).add_head(node);
      }
      node = next;
    }
  }
}

/** Puts an entry in. @kernel rhashtable_insert_fast(), include/linux/rhashtable.h */
export function rhashtable_insert(table: Rhashtable, node: HlistNode): void {
  if (table.nelems > table.mask) grow(table);
  rht_bucket(table, call_indirect<u32>(table.obj_hashfn, node)).add_head(node);
  table.nelems++;
}

/** Takes an entry out. @kernel rhashtable_remove_fast(), include/linux/rhashtable.h */
export function rhashtable_remove(table: Rhashtable, node: HlistNode): void {
  node.del_init();
  table.nelems--;
}
