import { LibcData, MAIN_ARENA } from "../include/malloc";
import { MapFlags, Prot } from "../include/mman";
import { PAGE_SIZE } from "../include/mm_types";
import { do_mmap } from "../mm/mmap_calls";
import { get_random_u64 } from "../lib/random";
import { kernel } from "../include/kernel";
import { load_u32, load_u64, no_page, store_u32, store_u64 } from "./access";
import { tlb } from "../include/user";

/** First address of the library's data: below the heap, as where a program's own data ends. */
const START_DATA: u64 = 0x5f_0000;
/** The bits of an address inside its page: the library's data is one. */
const IN_PAGE: usize = <usize>PAGE_SIZE - 1;
/** From this size on a chunk that no bin has becomes a mapping. Unit: bytes. @kernel DEFAULT_MMAP_THRESHOLD_MIN (glibc) */
const MMAP_THRESHOLD: u64 = 128 * 1024;
/** So much more is asked of the system than is needed. Unit: bytes. @kernel DEFAULT_TOP_PAD (glibc) */
const TOP_PAD: u64 = 128 * 1024;
/** Most chunks that are mappings. @kernel DEFAULT_MMAP_MAX (glibc) */
const MMAP_MAX: u32 = 65536;

/** The address of a field of the library's data. */
export function libc_field(offset: usize): u64 {
  return tlb.start_data + offset;
}

/** The address of struct malloc_state. */
export function main_arena(): u64 {
  return tlb.start_data + MAIN_ARENA;
}

/**
 * Gives the process the library's data, if it has not got it yet. On Linux the loader does that before the program begins.
 *
 * @returns  false: there is no memory for it, and the library is stopped.
 */
export function libc_start(): bool {
  let mm = kernel.cpu.curr!.mm;
  if (mm.start_data) return true;
  let flags: u32 = MapFlags.PRIVATE | MapFlags.ANONYMOUS | MapFlags.FIXED_NOREPLACE;
  let at = do_mmap(mm, null, START_DATA, PAGE_SIZE, Prot.READ | Prot.WRITE, flags, 0);
  if (at < 0) {
    no_page(START_DATA, false);
    return false;
  }
  mm.start_data = START_DATA;
  tlb.start_data = START_DATA;
  store_u32(libc_field(offsetof<LibcData>("single_threaded")), 1);
  store_u64(libc_field(offsetof<LibcData>("mp_trim_threshold")), MMAP_THRESHOLD);
  store_u64(libc_field(offsetof<LibcData>("mp_top_pad")), TOP_PAD);
  store_u64(libc_field(offsetof<LibcData>("mp_mmap_threshold")), MMAP_THRESHOLD);
  store_u32(libc_field(offsetof<LibcData>("mp_n_mmaps_max")), MMAP_MAX);
  store_u64(libc_field(offsetof<LibcData>("tcache_key")), get_random_u64());
  return true;
}

/**
 * Loads and stores in the library's data: the bins lie there too. Where it lies is known nearly always (Tlb.libc), and then
 * the TLB need not be looked at.
 */
export class Libc {
  /** As load_u64(). */
  @inline static load_u64(address: u64): u64 {
    return tlb.libc ? load<u64>(tlb.libc + ((<usize>address) & IN_PAGE)) : load_u64(address);
  }

  /** As store_u64(). */
  @inline static store_u64(address: u64, value: u64): void {
    if (tlb.libc) store<u64>(tlb.libc + ((<usize>address) & IN_PAGE), value);
    else store_u64(address, value);
  }

  /** As load_u32(). */
  @inline static load_u32(address: u64): u32 {
    return tlb.libc ? load<u32>(tlb.libc + ((<usize>address) & IN_PAGE)) : load_u32(address);
  }

  /** As store_u32(). */
  @inline static store_u32(address: u64, value: u32): void {
    if (tlb.libc) store<u32>(tlb.libc + ((<usize>address) & IN_PAGE), value);
    else store_u32(address, value);
  }
}

/** A 32-bit field of the library's data. */
export function libc_u32(offset: usize): u32 {
  return load_u32(libc_field(offset));
}
