import { ALIGN_MASK, HEADER, MINSIZE, SIZE_SZ, Chunk } from "./malloc_chunk";
import { ChunkBits, MallocError } from "../include/malloc";
import { _int_free } from "./malloc_free";
import { _int_malloc } from "./malloc_int";
import {
  inuse_bit_at_offset,
  is_mmapped,
  request2size,
  set_head_size,
  set_inuse_bit_at_offset,
  set_top,
  top,
  unlink_chunk,
} from "./malloc_chunk";
import { copy_user, malloc_printerr, store_u64 } from "./access";
import { count_mapped, page_align } from "./sysmalloc";
import { main_arena } from "./libc";
import { mremap, munmap } from "./syscall";

/** A chunk that is a mapping goes away. @kernel munmap_chunk(), malloc/malloc.c (glibc) */
export function munmap_chunk(p: u64): void {
  let block = p - Chunk.prev_size(p);
  let size = Chunk.prev_size(p) + Chunk.size(p);
  if ((block | size) & 4095) return malloc_printerr(MallocError.MUNMAP_POINTER);
  count_mapped(-1, -(<i64>size));
  munmap(block, size);
}

/** A chunk that is a mapping gets another size. @returns the chunk, or 0. @kernel mremap_chunk(), malloc/malloc.c (glibc) */
export function mremap_chunk(p: u64, nb: u64): u64 {
  let offset = Chunk.prev_size(p);
  let size = offset + Chunk.size(p);
  let wanted = page_align(nb + offset + SIZE_SZ);
  if (size == wanted) return p;
  let block = mremap(p - offset, size, wanted);
  if (!block) return 0;
  Chunk.set_head(block + offset, (wanted - offset) | ChunkBits.IS_MMAPPED);
  count_mapped(0, <i64>(wanted - size));
  return block + offset;
}

/** What a chunk has too much is cut off and freed. @returns its memory. */
function cut(p: u64, size: u64, nb: u64): u64 {
  if (size - nb < MINSIZE) {
    set_head_size(p, size);
    set_inuse_bit_at_offset(p, size);
    return p + HEADER;
  }
  let remainder = p + nb;
  set_head_size(p, nb);
  Chunk.set_head(remainder, (size - nb) | ChunkBits.PREV_INUSE);
  set_inuse_bit_at_offset(remainder, size - nb);
  _int_free(remainder);
  return p + HEADER;
}

/**
 * A chunk gets another size: where it lies, if what is behind it is free, else elsewhere.
 *
 * @returns  its memory, or 0. @kernel _int_realloc(), malloc/malloc.c (glibc)
 */
export function _int_realloc(p: u64, size: u64, nb: u64): u64 {
  let av = main_arena();
  let next = p + size;
  if (Chunk.head(p) <= HEADER || size & ALIGN_MASK) malloc_printerr(MallocError.REALLOC_OLD_SIZE);
  let next_size = Chunk.size(next);
  if (Chunk.head(next) <= HEADER) malloc_printerr(MallocError.REALLOC_NEXT_SIZE);
  if (size >= nb) return cut(p, size, nb);
  if (next == top(av) && size + next_size >= nb + MINSIZE) {
    set_head_size(p, nb);
    set_top(av, p + nb);
    Chunk.set_head(p + nb, (size + next_size - nb) | ChunkBits.PREV_INUSE);
    return p + HEADER;
  }
  if (next != top(av) && !inuse_bit_at_offset(next, next_size) && size + next_size >= nb) {
    unlink_chunk(next);
    return cut(p, size + next_size, nb);
  }
  let memory = _int_malloc(nb);
  if (!memory) return 0;
  // The free chunk behind it, after all: from the tcache of nobody, or merged meanwhile.
  if (memory - HEADER == next) return cut(p, size + Chunk.size(next), nb);
  copy_user(memory, p + HEADER, size - SIZE_SZ);
  _int_free(p);
  return memory;
}

/**
 * A chunk whose memory begins at a multiple of a power of two: a larger one, of which the ends are freed.
 *
 * @returns  its memory, or 0. @kernel _int_memalign(), malloc/malloc.c (glibc)
 */
export function _int_memalign(alignment: u64, nb: u64): u64 {
  let memory = _int_malloc(request2size(nb + alignment + MINSIZE));
  if (!memory) return 0;
  let p = memory - HEADER;
  if (memory & (alignment - 1)) {
    let aligned = ((memory + alignment - 1) & -alignment) - HEADER;
    if (aligned - p < MINSIZE) aligned += alignment;
    let lead = aligned - p;
    let size = Chunk.size(p) - lead;
    if (is_mmapped(p)) {
      store_u64(aligned, Chunk.prev_size(p) + lead);
      Chunk.set_head(aligned, size | ChunkBits.IS_MMAPPED);
      return aligned + HEADER;
    }
    Chunk.set_head(aligned, size | ChunkBits.PREV_INUSE);
    set_inuse_bit_at_offset(aligned, size);
    set_head_size(p, lead);
    _int_free(p);
    p = aligned;
  }
  if (is_mmapped(p) || Chunk.size(p) <= nb + MINSIZE) return p + HEADER;
  let remainder = p + nb;
  Chunk.set_head(remainder, (Chunk.size(p) - nb) | ChunkBits.PREV_INUSE);
  set_head_size(p, nb);
  _int_free(remainder);
  return p + HEADER;
}
