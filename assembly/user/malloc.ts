import { BINMAP_AT, LibcData, MallocError, MallocStateEnd, NBINS, TCACHE_MAX_BINS } from "../include/malloc";
import { HEADER, PTRDIFF_MAX, SIZE_SZ, Chunk } from "./malloc_chunk";
import { Tp, enter, leave } from "../include/trace";
import { _int_free } from "./malloc_free";
import { _int_malloc } from "./malloc_int";
import { _int_memalign, _int_realloc, mremap_chunk, munmap_chunk } from "./malloc_realloc";
import { bin_at, is_mmapped, request2size, set_top, top, trace_user, unsorted_chunks } from "./malloc_chunk";
import { copy_user, fill_user, load_u64, malloc_printerr, stopped, store_u32, store_u64 } from "./access";
import { TCACHE_SIZE, find_tcache, free_hit, malloc_hit } from "./tcache_hit";
import { csize2tidx, tcache, tcache_count, tcache_get } from "./tcache";
import { kernel } from "../include/kernel";
import { libc_field, libc_u32, main_arena } from "./libc";
import { tlb } from "../include/user";

/*
 * The functions of malloc(3). Addresses are the program's; 0 is the null pointer.
 *
 *   malloc -> tcache_get                                         a chunk of the size is in the tcache
 *          -> _int_malloc -> fast, small, unsorted, large bins, top
 *                         -> sysmalloc -> brk(2) or mmap(2)
 *   free   -> _int_free   -> tcache_put, or a fast bin
 *                         -> merge_chunk -> the unsorted list, or the top -> systrim -> brk(2)
 *          -> munmap_chunk -> munmap(2)
 */

/** The mmap threshold grows up to this. Unit: bytes. @kernel DEFAULT_MMAP_THRESHOLD_MAX (glibc) */
const MMAP_THRESHOLD_MAX: u64 = 32 * 1024 * 1024;

/** The first use: all bins are empty. @kernel ptmalloc_init(), malloc/arena.c (glibc) */
function ptmalloc_init(): void {
  store_u32(libc_field(offsetof<LibcData>("malloc_initialized")), 1);
  let av = main_arena();
  for (let i: u32 = 1; i < NBINS; i++) {
    let bin = bin_at(av, i);
    Chunk.set_fd(bin, bin);
    Chunk.set_bk(bin, bin);
  }
  set_top(av, unsorted_chunks(av));
  store_u64(av + BINMAP_AT + offsetof<MallocStateEnd>("next"), av);
  store_u64(av + BINMAP_AT + offsetof<MallocStateEnd>("attached_threads"), 1);
}

/** The thread's first use: its tcache is a chunk itself. @kernel tcache_init(), malloc/malloc.c (glibc) */
function tcache_init(): void {
  let memory = _int_malloc(request2size(TCACHE_SIZE));
  if (!memory) return;
  fill_user(memory, 0, TCACHE_SIZE);
  store_u64(libc_field(offsetof<LibcData>("tcache")), memory);
}

/** Sees to it that the bins are there. */
function init_bins(): void {
  if (!libc_u32(offsetof<LibcData>("malloc_initialized"))) ptmalloc_init();
}

/** Sees to it that the tcache is there too. @returns it. */
function init(): u64 {
  let cache = tcache();
  if (cache) {
    if (!tlb.libc) find_tcache();
    return cache;
  }
  init_bins();
  tcache_init();
  return tcache();
}

/** Allocates, and leaves a record of what has come of it. */
function allocated(memory: u64): u64 {
  if (kernel.tracing && memory && !stopped()) trace_user(Tp.malloc_return, memory, Chunk.size(memory - HEADER));
  return memory;
}

/** As malloc(), without records of its own. */
function allocate(bytes: u64): u64 {
  if (bytes > PTRDIFF_MAX) return 0;
  let cache = init();
  let nb = request2size(bytes);
  let index = csize2tidx(nb);
  if (cache && index < TCACHE_MAX_BINS && tcache_count(cache, index)) return tcache_get(cache, index);
  return _int_malloc(nb);
}

/** malloc(3) */
export function malloc(bytes: u64): u64 {
  let hit = malloc_hit(bytes);
  if (hit) return hit;
  enter(Tp.malloc, <usize>min<u64>(bytes, u32.MAX_VALUE), 0, 0);
  return leave(allocated(allocate(bytes)));
}

/** As free(), without a record of its own. */
function release(memory: u64): void {
  if (!memory) return;
  let p = memory - HEADER;
  if (!is_mmapped(p)) {
    init();
    return _int_free(p);
  }
  // A program that frees large chunks will want more of them: such sizes come from the heap from now on.
  let size = Chunk.size(p);
  let threshold = libc_field(offsetof<LibcData>("mp_mmap_threshold"));
  let dynamic = !libc_u32(offsetof<LibcData>("mp_no_dyn_threshold"));
  if (dynamic && size > load_u64(threshold) && size <= MMAP_THRESHOLD_MAX) {
    store_u64(threshold, size);
    store_u64(libc_field(offsetof<LibcData>("mp_trim_threshold")), 2 * size);
    trace_user(Tp.mmap_threshold, memory, size);
  }
  munmap_chunk(p);
}

/** free(3) */
export function free(memory: u64): void {
  if (free_hit(memory)) return;
  enter(Tp.free, <usize>memory, <usize>(memory >> 32), 0);
  release(memory);
  leave(0);
}

/** How much of a chunk from the top may hold something: the rest has never been used. Unit: bytes. */
function used_top(av: u64): u64 {
  let at = top(av);
  if (at == unsorted_chunks(av)) return 0;
  let base = load_u64(libc_field(offsetof<LibcData>("mp_sbrk_base")));
  let most = load_u64(av + BINMAP_AT + offsetof<MallocStateEnd>("max_system_mem"));
  return max(Chunk.size(at), base + most - at);
}

/** As calloc(), without records of its own. It takes nothing from the tcache. */
function allocate_zeroed(bytes: u64): u64 {
  if (bytes > PTRDIFF_MAX) return 0;
  init();
  let av = main_arena();
  let old_top = top(av);
  let old_size = used_top(av);
  let memory = _int_malloc(request2size(bytes));
  if (!memory || is_mmapped(memory - HEADER)) return memory;
  let size = Chunk.size(memory - HEADER);
  if (memory - HEADER == old_top && size > old_size) size = old_size;
  fill_user(memory, 0, size - SIZE_SZ);
  return memory;
}

/** calloc(3) */
export function calloc(number: u64, size: u64): u64 {
  let bytes = number * size;
  if (size && bytes / size != number) return 0;
  enter(Tp.calloc, <usize>min<u64>(bytes, u32.MAX_VALUE), 0, 0);
  return leave(allocated(allocate_zeroed(bytes)));
}

/** As realloc() of a chunk that is a mapping. */
function reallocate_mapped(p: u64, bytes: u64): u64 {
  let size = Chunk.size(p);
  let nb = request2size(bytes);
  let moved = mremap_chunk(p, nb);
  if (moved) return moved + HEADER;
  if (size - SIZE_SZ >= nb) return p + HEADER;
  let memory = allocate(bytes);
  if (!memory) return 0;
  copy_user(memory, p + HEADER, size - HEADER);
  munmap_chunk(p);
  return memory;
}

/** As realloc(), without records of its own. */
function reallocate(memory: u64, bytes: u64): u64 {
  if (!memory) return allocate(bytes);
  if (!bytes) {
    release(memory);
    return 0;
  }
  let p = memory - HEADER;
  let size = Chunk.size(p);
  if ((p > -size || p & 15) && !is_mmapped(p)) malloc_printerr(MallocError.REALLOC_POINTER);
  if (!is_mmapped(p)) init();
  if (bytes > PTRDIFF_MAX || stopped()) return 0;
  return is_mmapped(p) ? reallocate_mapped(p, bytes) : _int_realloc(p, size, request2size(bytes));
}

/** realloc(3) */
export function realloc(memory: u64, bytes: u64): u64 {
  enter(Tp.realloc, <usize>memory, <usize>(memory >> 32), <usize>min<u64>(bytes, u32.MAX_VALUE));
  return leave(allocated(reallocate(memory, bytes)));
}

/** As aligned_alloc(), without records of its own. */
function allocate_aligned(alignment: u64, bytes: u64): u64 {
  if (alignment <= 16) return allocate(bytes);
  let power: u64 = 32;
  while (power < alignment && power) power <<= 1;
  if (bytes > PTRDIFF_MAX || !power) return 0;
  // Where this comes first there is no tcache yet, and the ends that are cut off go to the bins.
  init_bins();
  return _int_memalign(power, request2size(bytes));
}

/** aligned_alloc(3) */
export function aligned_alloc(alignment: u64, bytes: u64): u64 {
  enter(Tp.aligned_alloc, <usize>alignment, <usize>min<u64>(bytes, u32.MAX_VALUE), 0);
  return leave(allocated(allocate_aligned(alignment, bytes)));
}

/** malloc_usable_size(3) */
export function malloc_usable_size(memory: u64): u64 {
  if (!memory) return 0;
  let p = memory - HEADER;
  return Chunk.size(p) - (is_mmapped(p) ? HEADER : SIZE_SZ);
}
