import { BINMAP_AT, ChunkBits, LibcData, MallocState, MallocStateEnd } from "../include/malloc";
import { HEADER, MINSIZE, SIZE_SZ, Chunk } from "./malloc_chunk";
import { PAGE_SIZE } from "../include/mm_types";
import { Tp, enter, leave } from "../include/trace";
import { _int_free } from "./malloc_free";
import { set_top, top, trace_user, unsorted_chunks } from "./malloc_chunk";
import { from_top } from "./malloc_int";
import { libc_field, libc_u32 } from "./libc";
import { load_u32, load_u64, store_u32, store_u64 } from "./access";
import { mmap, sbrk } from "./syscall";

/** What the heap asks for at least where it cannot grow. Unit: bytes. @kernel MMAP_AS_MORECORE_SIZE (glibc) */
const MMAP_AS_MORECORE_SIZE: u64 = 1024 * 1024;
/** Bit of MallocState.flags: what the system gives need not follow on what it gave. */
const NONCONTIGUOUS_BIT: u32 = 2;

/** Whole pages. Unit: bytes. */
export function page_align(size: u64): u64 {
  return (size + <u64>PAGE_SIZE - 1) & ~(<u64>PAGE_SIZE - 1);
}

/** Adds to a 64-bit number and keeps the greatest that it ever was in another one. */
function count_up(field: u64, most: u64, by: u64): void {
  let now = load_u64(field) + by;
  store_u64(field, now);
  if (now > load_u64(most)) store_u64(most, now);
}

/** What the arena has from the system. */
function system_mem(av: u64): u64 {
  return av + BINMAP_AT + offsetof<MallocStateEnd>("system_mem");
}

/** Counts chunks that are mappings. @param bytes  how much more is mapped; may be less than 0. */
export function count_mapped(number: i32, bytes: i64): void {
  let mappings = libc_u32(offsetof<LibcData>("mp_n_mmaps")) + number;
  store_u32(libc_field(offsetof<LibcData>("mp_n_mmaps")), mappings);
  if (mappings > libc_u32(offsetof<LibcData>("mp_max_n_mmaps"))) {
    store_u32(libc_field(offsetof<LibcData>("mp_max_n_mmaps")), mappings);
  }
  count_up(
    libc_field(offsetof<LibcData>("mp_mmapped_mem")),
    libc_field(offsetof<LibcData>("mp_max_mmapped_mem")),
    <u64>bytes,
  );
}

/** A chunk that is a mapping of its own. @returns its memory, or 0. @kernel sysmalloc_mmap(), malloc/malloc.c (glibc) */
function sysmalloc_mmap(nb: u64): u64 {
  let size = page_align(nb + SIZE_SZ);
  if (size <= nb) return 0;
  let p = mmap(size);
  if (!p) return 0;
  store_u64(p, 0);
  Chunk.set_head(p, size | ChunkBits.IS_MMAPPED);
  count_mapped(1, size);
  trace_user(Tp.chunk_mmapped, p, size);
  return p + HEADER;
}

/** Asks for more memory where the heap ends; else anywhere. @returns its address, or 0; its size is `taken`. */
function morecore(av: u64, size: u64, old_size: u64): u64 {
  let at = size ? sbrk(<i64>size) : 0;
  if (at) {
    count_heap(av, size);
    return at;
  }
  let wanted = max(page_align(size + old_size), MMAP_AS_MORECORE_SIZE);
  at = mmap(wanted);
  if (!at) return 0;
  store_u32(av + offsetof<MallocState>("flags"), NONCONTIGUOUS_BIT);
  count_heap(av, wanted);
  return at;
}

/** Counts what the arena has from the system. */
function count_heap(av: u64, size: u64): void {
  let first = libc_field(offsetof<LibcData>("mp_sbrk_base"));
  if (!load_u64(first)) store_u64(first, load_u64(libc_field(offsetof<LibcData>("curbrk"))) - size);
  count_up(system_mem(av), av + BINMAP_AT + offsetof<MallocStateEnd>("max_system_mem"), size);
}

/**
 * New memory does not follow on the top: it becomes the top, and the old one is freed, all but two headers that keep anybody
 * from merging past its end.
 */
function start_top(av: u64, at: u64, end: u64, old: u64, old_size: u64): void {
  set_top(av, at);
  Chunk.set_head(at, (end - at) | ChunkBits.PREV_INUSE);
  if (!old_size) return;
  let rest = (old_size - 2 * HEADER) & ~(<u64>15);
  Chunk.set_head(old, rest | ChunkBits.PREV_INUSE);
  Chunk.set_head(old + rest, HEADER | ChunkBits.PREV_INUSE);
  Chunk.set_head(old + rest + HEADER, HEADER | ChunkBits.PREV_INUSE);
  if (rest >= MINSIZE) _int_free(old);
}

/** Makes the top larger by what the system gives. @returns whether it did. */
function grow(av: u64, nb: u64): bool {
  let old = top(av);
  let old_size = Chunk.size(old);
  if (old == unsorted_chunks(av)) old_size = 0;
  let contiguous = !(load_u32(av + offsetof<MallocState>("flags")) & NONCONTIGUOUS_BIT);
  let size = nb + load_u64(libc_field(offsetof<LibcData>("mp_top_pad"))) + MINSIZE;
  if (contiguous) size -= old_size;
  size = page_align(size);
  let before = load_u64(system_mem(av));
  let at = morecore(av, size, contiguous ? old_size : 0);
  if (!at) return false;
  let taken = load_u64(system_mem(av)) - before;
  if (old_size && at == old + old_size) Chunk.set_head(old, (size + old_size) | ChunkBits.PREV_INUSE);
  else start_new(av, at, taken, old, old_size);
  return true;
}

/** Memory that does not follow on the top is made to end with a page, and becomes the top. */
function start_new(av: u64, at: u64, taken: u64, old: u64, old_size: u64): void {
  let end = at + taken;
  let missing = page_align(end) - end;
  let contiguous = !(load_u32(av + offsetof<MallocState>("flags")) & NONCONTIGUOUS_BIT);
  if (contiguous && old_size) {
    // Somebody else has moved the end of the heap: the gap counts as ours, and the top cannot begin where it did.
    let gap = at - (old + old_size);
    count_up(system_mem(av), av + BINMAP_AT + offsetof<MallocStateEnd>("max_system_mem"), gap);
    missing = page_align(end + old_size) - end;
  }
  let start = (at + 15) & ~(<u64>15);
  if (contiguous && missing && sbrk(<i64>missing)) {
    count_up(system_mem(av), av + BINMAP_AT + offsetof<MallocStateEnd>("max_system_mem"), missing);
    end += missing;
  }
  start_top(av, start, end & ~(<u64>15), old, old_size);
}

/**
 * No bin has a chunk, and the top is too small: the system gives memory.
 *
 * @returns  the chunk's memory; 0: it gives none. @kernel sysmalloc(), malloc/malloc.c (glibc)
 */
export function sysmalloc(av: u64, nb: u64): u64 {
  enter(Tp.sysmalloc, <usize>nb, 0, 0);
  let mapped = nb >= load_u64(libc_field(offsetof<LibcData>("mp_mmap_threshold")));
  if (mapped && libc_u32(offsetof<LibcData>("mp_n_mmaps")) < libc_u32(offsetof<LibcData>("mp_n_mmaps_max"))) {
    let p = sysmalloc_mmap(nb);
    if (p) return leave(p);
  }
  if (!grow(av, nb)) return leave(0);
  return leave(from_top(av, nb));
}
