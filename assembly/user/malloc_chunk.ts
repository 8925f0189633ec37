import { BINMAP_AT, BINS_AT, ChunkBits, MallocChunk, MallocError, MallocState } from "../include/malloc";
import { Tp, trace } from "../include/trace";
import { Libc } from "./libc";
import { User, load_u64, malloc_printerr, store_u64 } from "./access";
import { kernel } from "../include/kernel";

/*
 * Chunks and bins. A chunk is the address of its struct MallocChunk; what the program has of it begins HEADER bytes behind.
 *
 *   bin 1         unsorted: what was freed, until malloc() looks at it
 *   bins 2..63    small: one size each, 32, 48 ... 1008 bytes; taken from the end, put in front
 *   bins 64..126  large: ranges of sizes, largest first; the first chunk of each size is in a second list, nextsize
 *
 * A bin is addressed as if it were a chunk, of which only fd and bk are there.
 */

/** From the beginning of a chunk to its memory. Unit: bytes. @kernel CHUNK_HDR_SZ, malloc/malloc.c (glibc) */
export const HEADER: u64 = 16;
/** Of the header the program does not get this much. Unit: bytes. @kernel SIZE_SZ, malloc/malloc.c (glibc) */
export const SIZE_SZ: u64 = 8;
/** Chunks lie at multiples of this, less one. Unit: bytes. @kernel MALLOC_ALIGN_MASK, malloc/malloc.c (glibc) */
export const ALIGN_MASK: u64 = 15;
/** The smallest chunk. Unit: bytes. @kernel MINSIZE, malloc/malloc.c (glibc) */
export const MINSIZE: u64 = 32;
/** The smallest chunk that belongs into a large bin. Unit: bytes. @kernel MIN_LARGE_SIZE, malloc/malloc.c (glibc) */
const MIN_LARGE_SIZE: u64 = 1024;
/** The largest chunk that belongs into a fast bin. Unit: bytes. @kernel global_max_fast, malloc/malloc.c (glibc) */
export const MAX_FAST: u64 = 128;
/** More than any object can have. Unit: bytes. @kernel PTRDIFF_MAX, stdint.h */
export const PTRDIFF_MAX: u64 = 0x7fff_ffff_ffff_ffff;
/** The bits of mchunk_size that are no size. */
export const SIZE_BITS: u64 = ChunkBits.PREV_INUSE | ChunkBits.IS_MMAPPED | ChunkBits.NON_MAIN_ARENA;

/** The size of the chunk that a request needs. Unit: bytes. @kernel request2size(), malloc/malloc.c (glibc) */
export function request2size(bytes: u64): u64 {
  let size = (bytes + SIZE_SZ + ALIGN_MASK) & ~ALIGN_MASK;
  return max(size, MINSIZE);
}

/** The fields of a chunk that are needed most. A look at the TLB stands where they are asked for; a call would take longer. */
export class Chunk {
  /** Size and bits. */
  @inline static head(p: u64): u64 {
    return User.load_u64(p + offsetof<MallocChunk>("mchunk_size"));
  }

  /** Sets size and bits. */
  @inline static set_head(p: u64, value: u64): void {
    User.store_u64(p + offsetof<MallocChunk>("mchunk_size"), value);
  }

  /** Unit: bytes. @kernel chunksize(), malloc/malloc.c (glibc) */
  @inline static size(p: u64): u64 {
    return Chunk.head(p) & ~SIZE_BITS;
  }

  /** Size of the chunk before, if that is free. Unit: bytes. */
  @inline static prev_size(p: u64): u64 {
    return User.load_u64(p + offsetof<MallocChunk>("mchunk_prev_size"));
  }

  /** The next chunk of a list. */
  @inline static fd(p: u64): u64 {
    return User.load_u64(p + offsetof<MallocChunk>("fd"));
  }

  /** The previous chunk of a list. */
  @inline static bk(p: u64): u64 {
    return User.load_u64(p + offsetof<MallocChunk>("bk"));
  }

  /** Sets the next chunk of a list. */
  @inline static set_fd(p: u64, to: u64): void {
    User.store_u64(p + offsetof<MallocChunk>("fd"), to);
  }

  /** Sets the previous chunk of a list. */
  @inline static set_bk(p: u64, to: u64): void {
    User.store_u64(p + offsetof<MallocChunk>("bk"), to);
  }

  /** Leaves a record that speaks of it and of a number of bytes, if anybody wants records. */
  @inline static trace(event: Tp, p: u64, bytes: u64): void {
    if (kernel.tracing) trace_user(event, p, bytes);
  }
}

/** The head of a bin, as if it were a chunk: of the library's data. */
export class Bin {
  /** The first chunk. */
  @inline static fd(bin: u64): u64 {
    return Libc.load_u64(bin + offsetof<MallocChunk>("fd"));
  }

  /** The last chunk. */
  @inline static bk(bin: u64): u64 {
    return Libc.load_u64(bin + offsetof<MallocChunk>("bk"));
  }

  /** Sets the first chunk. */
  @inline static set_fd(bin: u64, to: u64): void {
    Libc.store_u64(bin + offsetof<MallocChunk>("fd"), to);
  }

  /** Sets the last chunk. */
  @inline static set_bk(bin: u64, to: u64): void {
    Libc.store_u64(bin + offsetof<MallocChunk>("bk"), to);
  }
}

/** Sets the size of a chunk, and leaves its bits as they are. */
export function set_head_size(p: u64, size: u64): void {
  Chunk.set_head(p, (Chunk.head(p) & SIZE_BITS) | size);
}

/** A free chunk says at its end how large it is. */
export function set_foot(p: u64, size: u64): void {
  store_u64(p + size + offsetof<MallocChunk>("mchunk_prev_size"), size);
}

/** True if the chunk before is in use. */
export function prev_inuse(p: u64): bool {
  return (Chunk.head(p) & ChunkBits.PREV_INUSE) != 0;
}

/** True if the chunk is a mapping of its own. */
export function is_mmapped(p: u64): bool {
  return (Chunk.head(p) & ChunkBits.IS_MMAPPED) != 0;
}

/** True if the chunk at an offset has it that the one before is in use. */
export function inuse_bit_at_offset(p: u64, offset: u64): bool {
  return prev_inuse(p + offset);
}

/** The chunk before the one at an offset is in use from now on. */
export function set_inuse_bit_at_offset(p: u64, offset: u64): void {
  Chunk.set_head(p + offset, Chunk.head(p + offset) | ChunkBits.PREV_INUSE);
}

/** The chunk before the one at an offset is free from now on. */
export function clear_inuse_bit_at_offset(p: u64, offset: u64): void {
  Chunk.set_head(p + offset, Chunk.head(p + offset) & ~(<u64>ChunkBits.PREV_INUSE));
}

/** The first chunk of the next smaller size; 0: this one is not the first of its size. */
export function fd_nextsize(p: u64): u64 {
  return load_u64(p + offsetof<MallocChunk>("fd_nextsize"));
}

/** The first chunk of the next larger size. */
export function bk_nextsize(p: u64): u64 {
  return load_u64(p + offsetof<MallocChunk>("bk_nextsize"));
}

/** Sets the first chunk of the next smaller size. */
export function set_fd_nextsize(p: u64, to: u64): void {
  store_u64(p + offsetof<MallocChunk>("fd_nextsize"), to);
}

/** Sets the first chunk of the next larger size. */
export function set_bk_nextsize(p: u64, to: u64): void {
  store_u64(p + offsetof<MallocChunk>("bk_nextsize"), to);
}

/** True for the sizes that small bins hold. */
export function in_smallbin_range(size: u64): bool {
  return size < MIN_LARGE_SIZE;
}

/** The large bin of a size: ranges of 64, 512, 4096, 32768 and 262144 bytes. @kernel largebin_index_64() (glibc) */
function largebin_index(size: u64): u32 {
  if (size >> 6 <= 48) return 48 + <u32>(size >> 6);
  if (size >> 9 <= 20) return 91 + <u32>(size >> 9);
  if (size >> 12 <= 10) return 110 + <u32>(size >> 12);
  if (size >> 15 <= 4) return 119 + <u32>(size >> 15);
  if (size >> 18 <= 2) return 124 + <u32>(size >> 18);
  return 126;
}

/** Number of the bin that holds chunks of a size. @kernel bin_index(), malloc/malloc.c (glibc) */
export function bin_index(size: u64): u32 {
  return in_smallbin_range(size) ? <u32>(size >> 4) : largebin_index(size);
}

/** The head of a bin, as if it were a chunk. */
export function bin_at(av: u64, index: u32): u64 {
  return av + BINS_AT + <u64>((index - 1) << 4) - offsetof<MallocChunk>("fd");
}

/** The unsorted list. */
export function unsorted_chunks(av: u64): u64 {
  return bin_at(av, 1);
}

/** 32 bits of the map of bins that may hold something. */
export function binmap(av: u64, block: u32): u32 {
  return Libc.load_u32(av + BINMAP_AT + (block << 2));
}

/** Sets 32 bits of that map. */
export function set_binmap(av: u64, block: u32, value: u32): void {
  Libc.store_u32(av + BINMAP_AT + (block << 2), value);
}

/** A bin holds something. */
export function mark_bin(av: u64, index: u32): void {
  set_binmap(av, index >> 5, binmap(av, index >> 5) | (1 << (index & 31)));
}

/** Address of the head of the fast bin for a size. */
export function fastbin(av: u64, size: u64): u64 {
  return av + offsetof<MallocState>("fastbinsY_0") + ((size >> 4) - 2) * 8;
}

/** The last chunk of the heap. */
export function top(av: u64): u64 {
  return Libc.load_u64(av + offsetof<MallocState>("top"));
}

/** Another chunk is the last one of the heap. */
export function set_top(av: u64, p: u64): void {
  Libc.store_u64(av + offsetof<MallocState>("top"), p);
}

/** True if there may be chunks in fast bins. */
export function have_fastchunks(av: u64): bool {
  return Libc.load_u32(av + offsetof<MallocState>("have_fastchunks")) != 0;
}

/** Says whether there may be. */
export function set_have_fastchunks(av: u64, value: u32): void {
  Libc.store_u32(av + offsetof<MallocState>("have_fastchunks"), value);
}

/** Leaves a record that speaks of an address of the program and a number of bytes. */
export function trace_user(event: Tp, address: u64, bytes: u64): void {
  trace(event, <usize>address, <usize>(address >> 32), <usize>bytes);
}

/** Takes a free chunk out of its bin. @kernel unlink_chunk(), malloc/malloc.c (glibc) */
export function unlink_chunk(p: u64): void {
  let size = Chunk.size(p);
  if (size != Chunk.prev_size(p + size)) return malloc_printerr(MallocError.UNLINK_SIZE);
  let next = Chunk.fd(p);
  let prev = Chunk.bk(p);
  if (Chunk.bk(next) != p || Chunk.fd(prev) != p) return malloc_printerr(MallocError.UNLINK_LIST);
  Chunk.set_bk(next, prev);
  Chunk.set_fd(prev, next);
  if (!in_smallbin_range(size) && fd_nextsize(p)) unlink_size(p, next);
  Chunk.trace(Tp.unlink_chunk, p, size);
}

/** Takes the first chunk of its size out of the list of sizes; `next` may be of the same size and comes in its place. */
function unlink_size(p: u64, next: u64): void {
  let smaller = fd_nextsize(p);
  let larger = bk_nextsize(p);
  if (bk_nextsize(smaller) != p || fd_nextsize(larger) != p) return malloc_printerr(MallocError.UNLINK_NEXTSIZE);
  if (fd_nextsize(next)) {
    set_bk_nextsize(smaller, larger);
    set_fd_nextsize(larger, smaller);
  } else if (smaller == p) {
    set_fd_nextsize(next, next);
    set_bk_nextsize(next, next);
  } else {
    set_fd_nextsize(next, smaller);
    set_bk_nextsize(next, larger);
    set_bk_nextsize(smaller, next);
    set_fd_nextsize(larger, next);
  }
}

/** Puts a chunk at the front of the unsorted list. @param error  what to say if that list is broken. */
export function unsorted_insert(av: u64, p: u64, size: u64, error: MallocError): void {
  let list = unsorted_chunks(av);
  let next = Bin.fd(list);
  if (Chunk.bk(next) != list) return malloc_printerr(error);
  Chunk.set_fd(p, next);
  Chunk.set_bk(p, list);
  if (!in_smallbin_range(size)) {
    set_fd_nextsize(p, 0);
    set_bk_nextsize(p, 0);
  }
  Bin.set_fd(list, p);
  Chunk.set_bk(next, p);
}

/**
 * Cuts a chunk in two: the front is in use, the rest goes to the unsorted list. A rest that would be too small stays.
 *
 * @returns  the rest, or 0.
 */
export function split_chunk(av: u64, victim: u64, size: u64, nb: u64): u64 {
  let rest = size - nb;
  if (rest < MINSIZE) {
    set_inuse_bit_at_offset(victim, size);
    return 0;
  }
  let remainder = victim + nb;
  unsorted_insert(av, remainder, rest, MallocError.UNSORTED_CHUNKS);
  Chunk.set_head(victim, nb | ChunkBits.PREV_INUSE);
  Chunk.set_head(remainder, rest | ChunkBits.PREV_INUSE);
  set_foot(remainder, rest);
  Chunk.trace(Tp.split_chunk, remainder, rest);
  return remainder;
}
