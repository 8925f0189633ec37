import { ChunkBits, MallocError } from "../include/malloc";
import { MAX_FAST, MINSIZE, Chunk } from "./malloc_chunk";
import { Tp, enter, leave } from "../include/trace";
import {
  clear_inuse_bit_at_offset,
  fastbin,
  inuse_bit_at_offset,
  prev_inuse,
  set_foot,
  set_have_fastchunks,
  set_top,
  top,
  unlink_chunk,
  unsorted_insert,
} from "./malloc_chunk";
import { MAX_LINKS } from "./malloc_int";
import { Libc } from "./libc";
import { malloc_printerr, stopped } from "./access";

/*
 * Merging: a chunk that is free in earnest has no free neighbour. What is before it is found by the size at its end, what
 * is behind it by its own size; at the end of the heap it becomes part of the top.
 */

/**
 * A free chunk joins its free neighbours, and goes to the unsorted list, or into the top.
 *
 * @param bad_prev  what to say if the size of the chunk before is not what it should be.
 * @param bad_list  what to say if the unsorted list is broken.
 * @returns         the size that it has become.
 */
export function merge_chunk(av: u64, p: u64, size: u64, bad_prev: MallocError, bad_list: MallocError): u64 {
  let next = p + size;
  let next_size = Chunk.size(next);
  if (!prev_inuse(p)) {
    let before = Chunk.prev_size(p);
    size += before;
    p -= before;
    if (Chunk.size(p) != before) malloc_printerr(bad_prev);
    unlink_chunk(p);
  }
  if (next == top(av)) {
    size += next_size;
    Chunk.set_head(p, size | ChunkBits.PREV_INUSE);
    set_top(av, p);
    Chunk.trace(Tp.merge_top, p, size);
    return size;
  }
  if (inuse_bit_at_offset(next, next_size)) clear_inuse_bit_at_offset(next, 0);
  else {
    unlink_chunk(next);
    size += next_size;
  }
  unsorted_insert(av, p, size, bad_list);
  Chunk.set_head(p, size | ChunkBits.PREV_INUSE);
  set_foot(p, size);
  Chunk.trace(Tp.unsorted_insert, p, size);
  return size;
}

/** All chunks of the fast bins are merged with their neighbours. @kernel malloc_consolidate(), malloc/malloc.c (glibc) */
export function malloc_consolidate(av: u64): void {
  enter(Tp.malloc_consolidate, 0, 0, 0);
  set_have_fastchunks(av, 0);
  for (let size = MINSIZE; size <= MAX_FAST; size += 16) {
    let bin = fastbin(av, size);
    let p = Libc.load_u64(bin);
    Libc.store_u64(bin, 0);
    for (let i: u32 = 0; p && !stopped(); i++) {
      if (i == MAX_LINKS) malloc_printerr(MallocError.CONSOLIDATE_SIZE);
      let next = Chunk.fd(p);
      if (Chunk.size(p) != size) malloc_printerr(MallocError.CONSOLIDATE_SIZE);
      merge_chunk(av, p, size, MallocError.CONSOLIDATE_PREV, MallocError.UNSORTED_CHUNKS);
      p = next;
    }
  }
  leave(0);
}
