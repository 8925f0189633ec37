import { ALIGN_MASK, HEADER, MAX_FAST, MINSIZE, Bin, Chunk } from "./malloc_chunk";
import { BINMAP_AT, ChunkBits, MallocError, MallocState, MallocStateEnd } from "../include/malloc";
import { Tp, enter, leave } from "../include/trace";
import {
  bin_at,
  bin_index,
  binmap,
  bk_nextsize,
  fastbin,
  fd_nextsize,
  have_fastchunks,
  in_smallbin_range,
  mark_bin,
  set_binmap,
  set_bk_nextsize,
  set_fd_nextsize,
  set_inuse_bit_at_offset,
  set_top,
  split_chunk,
  top,
  unlink_chunk,
  unsorted_chunks,
} from "./malloc_chunk";
import { csize2tidx, tcache, tcache_get, tcache_has_room, tcache_put } from "./tcache";
import { malloc_printerr, stopped } from "./access";
import { Libc, main_arena } from "./libc";
import { malloc_consolidate } from "./malloc_consolidate";
import { sysmalloc } from "./sysmalloc";

/*
 * Finding a chunk, in this order: the fast bin of the size, the small bin of the size, the unsorted list (whose chunks are put into
 * their bins on the way), the large bin of the size, the next larger bin that has something, the top, the system. Chunks of
 * the same size that are met on the way fill the tcache. Functions answer memory of the program, 0 for none.
 */

/** So many unsorted chunks are sorted at most before others are looked at. @kernel MAX_ITERS, malloc/malloc.c (glibc) */
const MAX_ITERS: u32 = 10000;
/** Differs from glibc: a list that a program has bent into a circle is found out, after so many links. */
export const MAX_LINKS: u32 = 0x10_0000;
/** Number of 32-bit words of the map of bins. @kernel BINMAPSIZE, malloc/malloc.c (glibc) */
const BINMAPSIZE: u32 = 4;

/** The first chunk of the fast bin; the others go to the tcache, as far as there is room. */
function from_fastbin(av: u64, nb: u64): u64 {
  let bin = fastbin(av, nb);
  let victim = Libc.load_u64(bin);
  if (!victim) return 0;
  if (victim & ALIGN_MASK) malloc_printerr(MallocError.UNALIGNED_FASTBIN);
  Libc.store_u64(bin, Chunk.fd(victim));
  if (Chunk.size(victim) != nb) malloc_printerr(MallocError.FAST_SIZE);
  let cache = tcache();
  let index = csize2tidx(nb);
  while (tcache_has_room(cache, index) && !stopped()) {
    let other = Libc.load_u64(bin);
    if (!other) break;
    if (other & ALIGN_MASK) malloc_printerr(MallocError.UNALIGNED_FASTBIN);
    Libc.store_u64(bin, Chunk.fd(other));
    tcache_put(cache, other, index);
  }
  return victim + HEADER;
}

/** The last chunk of the small bin; the others go to the tcache, as far as there is room. */
function from_smallbin(av: u64, nb: u64): u64 {
  let bin = bin_at(av, bin_index(nb));
  let victim = Bin.bk(bin);
  if (victim == bin) return 0;
  take_last(bin, victim, nb);
  let cache = tcache();
  let index = csize2tidx(nb);
  while (tcache_has_room(cache, index) && !stopped()) {
    let other = Bin.bk(bin);
    if (other == bin) break;
    take_last(bin, other, nb);
    tcache_put(cache, other, index);
  }
  return victim + HEADER;
}

/** Takes the last chunk out of a small bin. */
function take_last(bin: u64, victim: u64, size: u64): void {
  let prev = Chunk.bk(victim);
  if (Chunk.fd(prev) != victim) return malloc_printerr(MallocError.SMALLBIN);
  set_inuse_bit_at_offset(victim, size);
  Bin.set_bk(bin, prev);
  Chunk.set_fd(prev, bin);
  Chunk.trace(Tp.unlink_chunk, victim, size);
}

/** Complains about an unsorted chunk whose neighbours do not say the same as it does. */
function check_unsorted(av: u64, victim: u64, size: u64): void {
  let next = victim + size;
  if (size <= HEADER) return malloc_printerr(MallocError.UNSORTED_SIZE);
  let next_size = Chunk.head(next);
  if (next_size < HEADER) return malloc_printerr(MallocError.UNSORTED_NEXT_SIZE);
  if (Chunk.prev_size(next) != size) return malloc_printerr(MallocError.UNSORTED_PREV_SIZE);
  if (Chunk.fd(Chunk.bk(victim)) != victim || Chunk.fd(victim) != unsorted_chunks(av)) {
    return malloc_printerr(MallocError.UNSORTED_LIST);
  }
  if (next_size & ChunkBits.PREV_INUSE) malloc_printerr(MallocError.UNSORTED_PREV_INUSE);
}

/** Puts a chunk into the bin of its size. */
function sort_chunk(av: u64, victim: u64, size: u64): void {
  let index = bin_index(size);
  let bin = bin_at(av, index);
  let next = in_smallbin_range(size) ? Bin.fd(bin) : place_by_size(bin, victim, size);
  let prev = Chunk.bk(next);
  mark_bin(av, index);
  Chunk.set_bk(victim, prev);
  Chunk.set_fd(victim, next);
  Chunk.set_bk(next, victim);
  Chunk.set_fd(prev, victim);
  Chunk.trace(Tp.sort_chunk, victim, size);
}

/** Puts a chunk into the list of sizes of a large bin. @returns what it goes before in the bin. */
function place_by_size(bin: u64, victim: u64, size: u64): u64 {
  let next = Bin.fd(bin);
  if (next == bin) {
    set_fd_nextsize(victim, victim);
    set_bk_nextsize(victim, victim);
    return bin;
  }
  let larger: u64;
  if (size < Chunk.size(Bin.bk(bin))) {
    // The smallest of all: behind the last one, which the first one's nextsize leads to.
    larger = bk_nextsize(next);
    link_size(victim, next, larger);
    return bin;
  }
  for (let i: u32 = 0; size < Chunk.size(next) && !stopped(); i++) {
    if (i == MAX_LINKS) malloc_printerr(MallocError.UNLINK_NEXTSIZE);
    next = fd_nextsize(next);
  }
  // Second of its size: the list of sizes need not be changed.
  if (size == Chunk.size(next)) {
    set_fd_nextsize(victim, 0);
    set_bk_nextsize(victim, 0);
    return Chunk.fd(next);
  }
  link_size(victim, next, bk_nextsize(next));
  return next;
}

/** Puts a chunk into the list of sizes, between two others. */
function link_size(victim: u64, smaller: u64, larger: u64): void {
  set_fd_nextsize(victim, smaller);
  set_bk_nextsize(victim, larger);
  set_bk_nextsize(smaller, victim);
  set_fd_nextsize(larger, victim);
}

/**
 * Looks through the unsorted list, oldest first: a chunk of the very size is taken, the others go to their bins. A small
 * request cuts from what was left of the last one, if nothing else is there.
 */
function from_unsorted(av: u64, nb: u64): u64 {
  let list = unsorted_chunks(av);
  let cache = tcache();
  let index = csize2tidx(nb);
  let cached = false;
  for (let i: u32 = 0; i < MAX_ITERS && !stopped(); i++) {
    let victim = Bin.bk(list);
    if (victim == list) break;
    let size = Chunk.size(victim);
    check_unsorted(av, victim, size);
    let prev = Chunk.bk(victim);
    let last = Libc.load_u64(av + offsetof<MallocState>("last_remainder"));
    if (in_smallbin_range(nb) && prev == list && victim == last && size > nb + MINSIZE) {
      return from_remainder(av, victim, size, nb);
    }
    Bin.set_bk(list, prev);
    Chunk.set_fd(prev, list);
    if (size != nb) {
      sort_chunk(av, victim, size);
      continue;
    }
    set_inuse_bit_at_offset(victim, size);
    Chunk.trace(Tp.unlink_chunk, victim, size);
    if (!tcache_has_room(cache, index)) return victim + HEADER;
    tcache_put(cache, victim, index);
    cached = true;
  }
  return cached ? tcache_get(cache, index) : 0;
}

/** Cuts the front off what was left of the last chunk that was split, the only unsorted one. */
function from_remainder(av: u64, victim: u64, size: u64, nb: u64): u64 {
  let list = unsorted_chunks(av);
  Bin.set_bk(list, list);
  Bin.set_fd(list, list);
  let rest = split_chunk(av, victim, size, nb);
  Libc.store_u64(av + offsetof<MallocState>("last_remainder"), rest);
  return victim + HEADER;
}

/** The smallest chunk of the large bin that is large enough. */
function from_largebin(av: u64, nb: u64): u64 {
  let bin = bin_at(av, bin_index(nb));
  let victim = Bin.fd(bin);
  if (victim == bin || Chunk.size(victim) < nb) return 0;
  victim = bk_nextsize(victim);
  for (let i: u32 = 0; Chunk.size(victim) < nb && !stopped(); i++) {
    if (i == MAX_LINKS) malloc_printerr(MallocError.UNLINK_NEXTSIZE);
    victim = bk_nextsize(victim);
  }
  // The second of its size, if there is one: then the list of sizes stays as it is.
  if (victim != Bin.bk(bin) && Chunk.head(victim) == Chunk.head(Chunk.fd(victim))) victim = Chunk.fd(victim);
  let size = Chunk.size(victim);
  unlink_chunk(victim);
  split_chunk(av, victim, size, nb);
  return victim + HEADER;
}

/** The last chunk of the next larger bin that has one; bins that turn out to be empty are noted. */
function from_larger_bin(av: u64, nb: u64): u64 {
  let index = bin_index(nb) + 1;
  for (let block = index >> 5; block < BINMAPSIZE; block++) {
    // The bins of this word from `index` on.
    let map = binmap(av, block) & ((<u32>0xffff_ffff) << (index & 31));
    while (map && !stopped()) {
      let bit = ctz(map);
      let bin = bin_at(av, (block << 5) + bit);
      let victim = Bin.bk(bin);
      if (victim != bin) {
        let size = Chunk.size(victim);
        unlink_chunk(victim);
        let rest = split_chunk(av, victim, size, nb);
        if (rest && in_smallbin_range(nb)) Libc.store_u64(av + offsetof<MallocState>("last_remainder"), rest);
        return victim + HEADER;
      }
      map &= map - 1;
      set_binmap(av, block, binmap(av, block) & ~((<u32>1) << bit));
    }
    index = 0;
  }
  return 0;
}

/** Cuts the front off the top. */
export function from_top(av: u64, nb: u64): u64 {
  let victim = top(av);
  let size = Chunk.size(victim);
  if (size > Libc.load_u64(av + BINMAP_AT + offsetof<MallocStateEnd>("system_mem")))
    malloc_printerr(MallocError.TOP_SIZE);
  if (size < nb + MINSIZE) return 0;
  let remainder = victim + nb;
  set_top(av, remainder);
  Chunk.set_head(victim, nb | ChunkBits.PREV_INUSE);
  Chunk.set_head(remainder, (size - nb) | ChunkBits.PREV_INUSE);
  Chunk.trace(Tp.split_top, remainder, size - nb);
  return victim + HEADER;
}

/** Finds a chunk. */
function find(av: u64, nb: u64): u64 {
  if (nb <= MAX_FAST) {
    let p = from_fastbin(av, nb);
    if (p) return p;
  }
  if (in_smallbin_range(nb)) {
    let p = from_smallbin(av, nb);
    if (p) return p;
  } else if (have_fastchunks(av)) malloc_consolidate(av);
  while (!stopped()) {
    let p = from_unsorted(av, nb);
    if (!p && !in_smallbin_range(nb)) p = from_largebin(av, nb);
    if (!p) p = from_larger_bin(av, nb);
    if (!p) p = from_top(av, nb);
    if (p) return p;
    if (!have_fastchunks(av)) return sysmalloc(av, nb);
    malloc_consolidate(av);
  }
  return 0;
}

/**
 * Finds a chunk that is not in the tcache.
 *
 * @param nb  its size. Unit: bytes.
 * @returns   its memory, or 0. @kernel _int_malloc(), malloc/malloc.c (glibc)
 */
export function _int_malloc(nb: u64): u64 {
  enter(Tp._int_malloc, <usize>nb, 0, 0);
  return leave(find(main_arena(), nb));
}
