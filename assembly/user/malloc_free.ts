import { ALIGN_MASK, HEADER, MAX_FAST, MINSIZE, Chunk } from "./malloc_chunk";
import { BINMAP_AT, LibcData, MallocError, MallocStateEnd, TCACHE_MAX_BINS } from "../include/malloc";
import { ChunkBits } from "../include/malloc";
import { PAGE_SIZE } from "../include/mm_types";
import { Tp, enter, leave } from "../include/trace";
import { check_double_free, csize2tidx, tcache, tcache_has_room, tcache_put } from "./tcache";
import { fastbin, have_fastchunks, inuse_bit_at_offset, set_have_fastchunks, top } from "./malloc_chunk";
import { Libc, libc_field, main_arena } from "./libc";
import { load_u64, malloc_printerr, stopped, store_u64 } from "./access";
import { malloc_consolidate, merge_chunk } from "./malloc_consolidate";
import { sbrk } from "./syscall";

/** A chunk that has become so large makes the fast bins be merged, and the heap be trimmed. Unit: bytes. */
const FASTBIN_CONSOLIDATION_THRESHOLD: u64 = 65536;

/** Gives the end of the top back to the system, all but `pad` bytes. @kernel systrim(), malloc/malloc.c (glibc) */
function systrim(av: u64, pad: u64): void {
  let size = Chunk.size(top(av));
  let area = size - MINSIZE - 1;
  if (area <= pad) return;
  let extra = (area - pad) & ~(<u64>PAGE_SIZE - 1);
  if (!extra) return;
  enter(Tp.systrim, <usize>extra, 0, 0);
  // Somebody else may have moved the end of the heap.
  if (sbrk(0) == top(av) + size) {
    sbrk(-(<i64>extra));
    let released = top(av) + size - sbrk(0);
    if (released) {
      let system_mem = av + BINMAP_AT + offsetof<MallocStateEnd>("system_mem");
      store_u64(system_mem, load_u64(system_mem) - released);
      Chunk.set_head(top(av), (size - released) | ChunkBits.PREV_INUSE);
    }
  }
  leave(0);
}

/** A small chunk goes to its fast bin, as it is. */
function free_fast(av: u64, p: u64, size: u64): void {
  let next_size = Chunk.head(p + size);
  if (next_size <= HEADER) return malloc_printerr(MallocError.NEXT_SIZE_FAST);
  set_have_fastchunks(av, 1);
  let bin = fastbin(av, size);
  let first = Libc.load_u64(bin);
  if (first == p) return malloc_printerr(MallocError.DOUBLE_FREE_FASTTOP);
  Chunk.set_fd(p, first);
  Libc.store_u64(bin, p);
  Chunk.trace(Tp.fastbin_put, p, size);
}

/** A chunk is merged with its neighbours. */
function free_merged(av: u64, p: u64, size: u64): void {
  let next = p + size;
  if (p == top(av)) return malloc_printerr(MallocError.DOUBLE_FREE_TOP);
  if (next >= top(av) + Chunk.size(top(av))) return malloc_printerr(MallocError.DOUBLE_FREE_OUT);
  if (!inuse_bit_at_offset(p, size)) return malloc_printerr(MallocError.DOUBLE_FREE_PREV);
  if (Chunk.head(next) <= HEADER) return malloc_printerr(MallocError.NEXT_SIZE_NORMAL);
  size = merge_chunk(av, p, size, MallocError.CONSOLIDATING, MallocError.FREE_UNSORTED);
  if (size < FASTBIN_CONSOLIDATION_THRESHOLD || stopped()) return;
  if (have_fastchunks(av)) malloc_consolidate(av);
  if (Chunk.size(top(av)) >= Libc.load_u64(libc_field(offsetof<LibcData>("mp_trim_threshold")))) {
    systrim(av, Libc.load_u64(libc_field(offsetof<LibcData>("mp_top_pad"))));
  }
}

/** Frees a chunk that is no mapping. */
function give(av: u64, p: u64): void {
  let size = Chunk.size(p);
  if (p > -size || p & ALIGN_MASK) return malloc_printerr(MallocError.FREE_POINTER);
  if (size < MINSIZE || size & ALIGN_MASK) return malloc_printerr(MallocError.FREE_SIZE);
  let cache = tcache();
  let index = csize2tidx(size);
  if (cache && index < TCACHE_MAX_BINS) {
    check_double_free(cache, p, index);
    if (stopped()) return;
    if (tcache_has_room(cache, index)) return tcache_put(cache, p, index);
  }
  if (size <= MAX_FAST) free_fast(av, p, size);
  else free_merged(av, p, size);
}

/** Frees a chunk that is no mapping. @kernel _int_free(), malloc/malloc.c (glibc) */
export function _int_free(p: u64): void {
  enter(Tp._int_free, <usize>p, <usize>(p >> 32), <usize>Chunk.size(p));
  give(main_arena(), p);
  leave(0);
}
