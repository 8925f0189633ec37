import {
  LibcData,
  MallocError,
  TCACHE_COUNT,
  TCACHE_ENTRIES_AT,
  TCACHE_MAX_BINS,
  TcacheEntry,
} from "../include/malloc";
import { ALIGN_MASK, HEADER, Chunk } from "./malloc_chunk";
import { Tp } from "../include/trace";
import { Libc, libc_field } from "./libc";
import { load_u16, load_u64, malloc_printerr, stopped, store_u16, store_u64 } from "./access";

/*
 * The tcache: for each of 64 sizes, 32 to 1040 bytes, a list of at most seven free chunks, last in, first out. Its chunks
 * stay marked as in use, and nobody merges them with their neighbours.
 */

/** Number of the list for chunks of a size; TCACHE_MAX_BINS or more: there is none. @kernel csize2tidx() (glibc) */
export function csize2tidx(size: u64): u64 {
  return (size - 17) >> 4;
}

/** The tcache of the thread that runs; 0: none yet. */
export function tcache(): u64 {
  return Libc.load_u64(libc_field(offsetof<LibcData>("tcache")));
}

/** How many chunks a list has. */
export function tcache_count(cache: u64, index: u64): u32 {
  return load_u16(cache + (index << 1));
}

/** True if there is room for another chunk of a size. */
export function tcache_has_room(cache: u64, index: u64): bool {
  return cache != 0 && index < TCACHE_MAX_BINS && tcache_count(cache, index) < TCACHE_COUNT;
}

/** Address of the head of a list. */
function entry(cache: u64, index: u64): u64 {
  return cache + TCACHE_ENTRIES_AT + (index << 3);
}

/** Puts a free chunk into the tcache. @kernel tcache_put(), malloc/malloc.c (glibc) */
export function tcache_put(cache: u64, chunk: u64, index: u64): void {
  let e = chunk + HEADER;
  store_u64(e + offsetof<TcacheEntry>("key"), Libc.load_u64(libc_field(offsetof<LibcData>("tcache_key"))));
  store_u64(e + offsetof<TcacheEntry>("next"), load_u64(entry(cache, index)));
  store_u64(entry(cache, index), e);
  store_u16(cache + (index << 1), tcache_count(cache, index) + 1);
  Chunk.trace(Tp.tcache_put, chunk, (index << 4) + 32);
}

/** Takes the chunk that came last. @returns its memory. @kernel tcache_get(), malloc/malloc.c (glibc) */
export function tcache_get(cache: u64, index: u64): u64 {
  let e = load_u64(entry(cache, index));
  if (e & ALIGN_MASK) {
    malloc_printerr(MallocError.UNALIGNED_TCACHE);
    return 0;
  }
  store_u64(entry(cache, index), load_u64(e + offsetof<TcacheEntry>("next")));
  store_u16(cache + (index << 1), tcache_count(cache, index) - 1);
  store_u64(e + offsetof<TcacheEntry>("key"), 0);
  Chunk.trace(Tp.tcache_get, e - HEADER, (index << 4) + 32);
  return e;
}

/** Complains if memory that is being freed is in the tcache already. @kernel _int_free(), malloc/malloc.c (glibc) */
export function check_double_free(cache: u64, chunk: u64, index: u64): void {
  let e = chunk + HEADER;
  if (load_u64(e + offsetof<TcacheEntry>("key")) != Libc.load_u64(libc_field(offsetof<LibcData>("tcache_key")))) return;
  let other = load_u64(entry(cache, index));
  for (let seen: u32 = 0; other && !stopped(); seen++) {
    if (seen >= TCACHE_COUNT) return malloc_printerr(MallocError.TCACHE_COUNT);
    if (other & ALIGN_MASK) return malloc_printerr(MallocError.FREE_UNALIGNED_TCACHE);
    if (other == e) return malloc_printerr(MallocError.DOUBLE_FREE_TCACHE);
    other = load_u64(other + offsetof<TcacheEntry>("next"));
  }
}
