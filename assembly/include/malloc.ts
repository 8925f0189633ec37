/*
 * The heap of a process, as it lies in the process's own memory: glibc's structs on x86-64, so pointers have 64 bits and are
 * user addresses.
 */

/**
 * A piece of the heap: its header, which every chunk has, and fields that only free ones have.
 *
 *      chunk  +--------------------------------+
 *             | size of the chunk before, if   |
 *             | that one is free; else its     |
 *             | last 8 bytes                   |
 *             +--------------------------------+
 *             | size | PREV_INUSE and so on    |
 *      memory +--------------------------------+  <- what malloc() returns
 *             | fd, bk: while it is free;      |
 *             | the program's own otherwise    |
 *             |                                |
 *      next   +--------------------------------+
 *
 * @kernel struct malloc_chunk, malloc/malloc.c (glibc)
 */
@unmanaged
export class MallocChunk {
  /** Size of the chunk before, if that is free; otherwise the last 8 bytes of its memory. Unit: bytes. */
  mchunk_prev_size: u64;
  /** Size of this chunk, a multiple of 16, and ChunkBits. Unit: bytes. */
  mchunk_size: u64;
  /** The next chunk of the list that it is in, while it is free. */
  fd: u64;
  /** The chunk before it in that list. */
  bk: u64;
  /** In a large bin: the first chunk of the next smaller size; 0: another one of its size is before it. */
  fd_nextsize: u64;
  /** In a large bin: the first chunk of the next larger size. */
  bk_nextsize: u64;
}

/** The low bits of MallocChunk.mchunk_size. @kernel malloc/malloc.c (glibc) */
export enum ChunkBits {
  /** The chunk before is in use, or in a tcache or fast bin. */
  PREV_INUSE = 1,
  /** It is a mapping of its own. */
  IS_MMAPPED = 2,
  /** It belongs to another arena than the main one. */
  NON_MAIN_ARENA = 4,
}

/**
 * The main arena: all free chunks but those of the tcache. Behind it lies bins[254], the heads of 127 lists as pairs of fd and
 * bk, and behind those a MallocStateEnd.
 *
 * @kernel struct malloc_state, malloc/malloc.c (glibc)
 */
@unmanaged
export class MallocState {
  /** Taken while a thread works on it; always 0: no other thread comes in between. */
  mutex: u32;
  /** NONCONTIGUOUS_BIT (2) once the heap could not grow where it ended. */
  flags: u32;
  /** 1 if there may be chunks in fast bins. */
  have_fastchunks: u32;
  /** The first free chunk of 32 bytes, each linked by fd alone. */
  fastbinsY_0: u64;
  /** The first free chunk of 48 bytes. */
  fastbinsY_1: u64;
  /** The first free chunk of 64 bytes. */
  fastbinsY_2: u64;
  /** The first free chunk of 80 bytes. */
  fastbinsY_3: u64;
  /** The first free chunk of 96 bytes. */
  fastbinsY_4: u64;
  /** The first free chunk of 112 bytes. */
  fastbinsY_5: u64;
  /** The first free chunk of 128 bytes. */
  fastbinsY_6: u64;
  /** Not used unless M_MXFAST is raised. */
  fastbinsY_7: u64;
  /** Not used unless M_MXFAST is raised. */
  fastbinsY_8: u64;
  /** Not used unless M_MXFAST is raised. */
  fastbinsY_9: u64;
  /** The last chunk, up to the end of the heap: what no bin has is cut off here. */
  top: u64;
  /** What was left of the chunk that was split last for a small request. */
  last_remainder: u64;
}

/** The end of struct malloc_state, behind its bins. @kernel struct malloc_state, malloc/malloc.c (glibc) */
@unmanaged
export class MallocStateEnd {
  /** One bit for each of bins 0 to 31: 0 if it is empty for sure. */
  binmap_0: u32;
  /** Bins 32 to 63. */
  binmap_1: u32;
  /** Bins 64 to 95. */
  binmap_2: u32;
  /** Bins 96 to 127. */
  binmap_3: u32;
  /** The next arena: itself. */
  next: u64;
  /** The next arena that no thread uses: none. */
  next_free: u64;
  /** Number of threads that use it. */
  attached_threads: u64;
  /** What it has from the system. Unit: bytes. */
  system_mem: u64;
  /** The most that it ever had. Unit: bytes. */
  max_system_mem: u64;
}

/** What malloc() goes by. @kernel struct malloc_par, malloc/malloc.c (glibc) */
@unmanaged
export class MallocPar {
  /** The heap gives memory back when so much is free at its end. Unit: bytes. */
  trim_threshold: u64;
  /** So much more is asked of the system than is needed. Unit: bytes. */
  top_pad: u64;
  /** From this size on a chunk that no bin has becomes a mapping of its own. Unit: bytes. */
  mmap_threshold: u64;
  /** Number of such mappings. */
  n_mmaps: u32;
  /** At most so many. */
  n_mmaps_max: u32;
  /** The most that there ever were. */
  max_n_mmaps: u32;
  /** 1: the thresholds stay as they are. */
  no_dyn_threshold: u32;
  /** Size of all such mappings. Unit: bytes. */
  mmapped_mem: u64;
  /** The most that it ever was. Unit: bytes. */
  max_mmapped_mem: u64;
  /** First address that brk() gave. */
  sbrk_base: u64;
}

/**
 * A thread's own store of free chunks, seven of each size: counts[64], 2 bytes each, then entries[64], the first free chunk's
 * memory of each size. It is itself the first chunk of the heap.
 *
 * @kernel struct tcache_perthread_struct, malloc/malloc.c (glibc)
 */
@unmanaged
export class TcachePerthread {
  /** counts[0]: how many chunks of 32 bytes there are; the others follow. */
  counts_0: u16;
}

/** The memory of a chunk that is in a tcache. @kernel struct tcache_entry, malloc/malloc.c (glibc) */
@unmanaged
export class TcacheEntry {
  /** The memory of the next one. Unlike glibc's, the pointer is not mangled ("safe linking"); so in fast bins. */
  next: u64;
  /** LibcData.tcache_key: who frees it again is found out. */
  key: u64;
}

/**
 * What the C library knows of a process, in the process's memory at MmStruct.start_data. The main arena lies at MAIN_ARENA from
 * there.
 */
@unmanaged
export class LibcData {
  /** 1 once malloc() was used. */
  malloc_initialized: u32;
  /** 1 while the process has one thread: counts of owners are changed by plain instructions. @kernel __libc_single_threaded */
  single_threaded: u32;
  /** Where the heap ends: what brk() has answered; 0: it was not asked yet. @kernel __curbrk */
  curbrk: u64;
  /** The thread's TcachePerthread; 0: none yet. @kernel tcache, malloc/malloc.c (glibc) */
  tcache: u64;
  /** What marks the chunks in it. @kernel tcache_key, malloc/malloc.c (glibc) */
  tcache_key: u64;
  // struct malloc_par mp_
  mp_trim_threshold: u64;
  mp_top_pad: u64;
  mp_mmap_threshold: u64;
  mp_n_mmaps: u32;
  mp_n_mmaps_max: u32;
  mp_max_n_mmaps: u32;
  mp_no_dyn_threshold: u32;
  mp_mmapped_mem: u64;
  mp_max_mmapped_mem: u64;
  mp_sbrk_base: u64;

  /** What malloc() goes by. */
  @embed @inline get mp(): MallocPar {
    return changetype<MallocPar>(changetype<usize>(this) + offsetof<LibcData>("mp_trim_threshold"));
  }
}

/** Where struct malloc_state lies in the data of the library. Unit: bytes. */
export const MAIN_ARENA: u32 = 0x200;
/** Where its bins lie in struct malloc_state. Unit: bytes. */
export const BINS_AT: u32 = 112;
/** Number of bins: 1 is the unsorted list, 2 to 63 hold one size each, the rest ranges of sizes. */
export const NBINS: u32 = 128;
/** Where struct MallocStateEnd lies in struct malloc_state. Unit: bytes. */
export const BINMAP_AT: u32 = 2144;
/** Number of sizes that a tcache has. @kernel TCACHE_MAX_BINS, malloc/malloc.c (glibc) */
export const TCACHE_MAX_BINS: u32 = 64;
/** Most chunks of one size in a tcache. @kernel TCACHE_FILL_COUNT, malloc/malloc.c (glibc) */
export const TCACHE_COUNT: u32 = 7;
/** Where entries[] lies in struct tcache_perthread_struct. Unit: bytes. */
export const TCACHE_ENTRIES_AT: u32 = 128;

/** Why the C library has ended a process: what it found wrong with the heap. The texts are what it prints. */
export enum MallocError {
  /** Nothing. */
  NONE = 0,
  /** free(): invalid pointer */
  FREE_POINTER,
  /** free(): invalid size */
  FREE_SIZE,
  /** free(): double free detected in tcache 2 */
  DOUBLE_FREE_TCACHE,
  /** double free or corruption (fasttop) */
  DOUBLE_FREE_FASTTOP,
  /** free(): invalid next size (fast) */
  NEXT_SIZE_FAST,
  /** double free or corruption (top) */
  DOUBLE_FREE_TOP,
  /** double free or corruption (out) */
  DOUBLE_FREE_OUT,
  /** double free or corruption (!prev) */
  DOUBLE_FREE_PREV,
  /** free(): invalid next size (normal) */
  NEXT_SIZE_NORMAL,
  /** corrupted size vs. prev_size while consolidating */
  CONSOLIDATING,
  /** free(): corrupted unsorted chunks */
  FREE_UNSORTED,
  /** free(): too many chunks detected in tcache */
  TCACHE_COUNT,
  /** free(): unaligned chunk detected in tcache 2 */
  FREE_UNALIGNED_TCACHE,
  /** malloc(): unaligned tcache chunk detected */
  UNALIGNED_TCACHE,
  /** malloc(): unaligned fastbin chunk detected */
  UNALIGNED_FASTBIN,
  /** malloc(): memory corruption (fast) */
  FAST_SIZE,
  /** malloc(): smallbin double linked list corrupted */
  SMALLBIN,
  /** malloc(): invalid size (unsorted) */
  UNSORTED_SIZE,
  /** malloc(): invalid next size (unsorted) */
  UNSORTED_NEXT_SIZE,
  /** malloc(): mismatching next->prev_size (unsorted) */
  UNSORTED_PREV_SIZE,
  /** malloc(): unsorted double linked list corrupted */
  UNSORTED_LIST,
  /** malloc(): invalid next->prev_inuse (unsorted) */
  UNSORTED_PREV_INUSE,
  /** malloc(): corrupted unsorted chunks */
  UNSORTED_CHUNKS,
  /** malloc(): corrupted top size */
  TOP_SIZE,
  /** corrupted size vs. prev_size */
  UNLINK_SIZE,
  /** corrupted double-linked list */
  UNLINK_LIST,
  /** corrupted double-linked list (not small) */
  UNLINK_NEXTSIZE,
  /** malloc_consolidate(): invalid chunk size */
  CONSOLIDATE_SIZE,
  /** corrupted size vs. prev_size in fastbins */
  CONSOLIDATE_PREV,
  /** munmap_chunk(): invalid pointer */
  MUNMAP_POINTER,
  /** realloc(): invalid pointer */
  REALLOC_POINTER,
  /** realloc(): invalid old size */
  REALLOC_OLD_SIZE,
  /** realloc(): invalid next size */
  REALLOC_NEXT_SIZE,
}
