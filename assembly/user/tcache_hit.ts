import { ChunkBits, LibcData, TCACHE_COUNT, TCACHE_ENTRIES_AT, TCACHE_MAX_BINS, TcacheEntry } from "../include/malloc";
import { ALIGN_MASK, HEADER, SIZE_BITS, SIZE_SZ, request2size } from "./malloc_chunk";
import { Known } from "./tlb";
import { PAGE_SIZE } from "../include/mm_types";
import { charge } from "../include/trace";
import { csize2tidx } from "./tcache";
import { kernel } from "../include/kernel";
import { tlb } from "../include/user";

/*
 * The short way: most calls of malloc() and free() take a chunk out of the tcache, or put one into it. While nobody traces, and the
 * TLB has the pages, that is done here with one look at the TLB. What these functions leave in memory, and the time that they
 * take, are the same as on the long way (malloc.ts, tcache.ts), which has to be gone whenever they cannot.
 */

/** Size of struct tcache_perthread_struct. Unit: bytes. */
export const TCACHE_SIZE: u64 = TCACHE_ENTRIES_AT + 8 * TCACHE_MAX_BINS;
/** The largest request that the tcache serves. Unit: bytes. */
const TCACHE_MAX_BYTES: u64 = 1032;
/** Bits of a chunk's header of which the tcache wants to see none. */
const UNFIT: u64 = ChunkBits.IS_MMAPPED | 8;
/** The bits of an address inside its page. */
const IN_PAGE: u64 = <u64>PAGE_SIZE - 1;

/** Notes where the library's data and the tcache lie, so that malloc() and free() may go the short way. */
export function find_tcache(): void {
  if (kernel.tracing) return;
  let data = kernel.cpu.curr!.mm.start_data;
  if (!Known.writable(data, PAGE_SIZE)) return;
  let libc = Known.at(data);
  let cache = load<u64>(libc, offsetof<LibcData>("tcache"));
  if (!cache || !Known.writable(cache, TCACHE_SIZE)) return;
  tlb.tcache = cache;
  tlb.tcache_at = Known.at(cache);
  tlb.libc = libc;
}

/** Where the tcache lies, if the short way may be gone; else 0. The pointer to it may have been bent. */
function tcache_at(libc: usize): usize {
  return libc && load<u64>(libc, offsetof<LibcData>("tcache")) == tlb.tcache ? tlb.tcache_at : 0;
}

/** As malloc(), if the tcache has a chunk. @returns its memory; 0: the long way is to be gone. */
export function malloc_hit(bytes: u64): u64 {
  let cache = tcache_at(tlb.libc);
  if (!cache || bytes > TCACHE_MAX_BYTES) return 0;
  let index = <usize>csize2tidx(request2size(bytes));
  let count = load<u16>(cache + (index << 1));
  if (!count) return 0;
  let first = cache + TCACHE_ENTRIES_AT + (index << 3);
  let e = load<u64>(first);
  if (e & ALIGN_MASK || !Known.writable(e, HEADER)) return 0;
  let at = Known.at(e);
  store<u64>(first, load<u64>(at, offsetof<TcacheEntry>("next")));
  store<u16>(cache + (index << 1), count - 1);
  store<u64>(at, 0, offsetof<TcacheEntry>("key"));
  charge(kernel.costs.function);
  return e;
}

/** As free(), if the tcache has room, and nothing is wrong with the chunk. @returns false: the long way is to be gone. */
export function free_hit(memory: u64): bool {
  let libc = tlb.libc;
  let cache = tcache_at(libc);
  // At the beginning of a page the header lies in the one before.
  if (!cache || memory & ALIGN_MASK || !(memory & IN_PAGE) || !Known.writable(memory, HEADER)) return false;
  let at = Known.at(memory);
  let head = load<u64>(at - <usize>SIZE_SZ);
  let index = <usize>min(csize2tidx(head & ~SIZE_BITS), TCACHE_MAX_BINS);
  if (head & UNFIT || index == TCACHE_MAX_BINS) return false;
  let key = load<u64>(libc, offsetof<LibcData>("tcache_key"));
  let count = load<u16>(cache + (index << 1));
  // It may be in the tcache already.
  if (count >= TCACHE_COUNT || load<u64>(at, offsetof<TcacheEntry>("key")) == key) return false;
  let first = cache + TCACHE_ENTRIES_AT + (index << 3);
  store<u64>(at, key, offsetof<TcacheEntry>("key"));
  store<u64>(at, load<u64>(first), offsetof<TcacheEntry>("next"));
  store<u64>(first, memory);
  store<u16>(cache + (index << 1), count + 1);
  // free() and _int_free().
  charge(2 * kernel.costs.function);
  return true;
}
