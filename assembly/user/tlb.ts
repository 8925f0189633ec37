import { MmStruct } from "../include/mm_struct";
import { PAGE_DIRTY, PAGE_RW, pte_offset } from "../mm/pgtable";
import { PAGE_SHIFT, PAGE_SIZE } from "../include/mm_types";
import { TLB_BASE } from "../include/kernel";
import { TLB_ENTRIES, TlbEntry, tlb } from "../include/user";
import { vma_lookup } from "../mm/vma";

/*
 * What is known of the page tables. An entry is good as long as nothing but functions of the library runs, of one process, and no
 * page fault is served: what it has is memory of that process's own, which nobody else maps anew or takes away meanwhile.
 */

/** Address of the entries of the TLB. */
const ENTRIES: usize = TLB_BASE + 64;
/** Distance between two of them, as a number of bits. */
const ENTRY_SHIFT: u32 = 5;
/** Address of the numbers of those that are used. */
const USED: usize = ENTRIES + ((<usize>TLB_ENTRIES) << ENTRY_SHIFT);
/** What an entry of the page tables has that a store needs no further look at. */
const WRITTEN: u64 = PAGE_RW | PAGE_DIRTY;

/** A page that belongs into another entry of the TLB: of an entry that has it nothing is known. */
function nowhere(index: u32): u64 {
  return index ? 0 : PAGE_SIZE;
}

/** Makes an entry of the TLB one of which nothing is known. */
function forget(index: u32): void {
  let entry = ENTRIES + ((<usize>index) << ENTRY_SHIFT);
  store<u64>(entry, nowhere(index), offsetof<TlbEntry>("readable"));
  store<u64>(entry, nowhere(index), offsetof<TlbEntry>("writable"));
}

/** Nothing is known yet. */
export function tlb_init(): void {
  tlb.limit = TLB_ENTRIES;
  forget(0);
}

/** The page tables have changed: nothing is known of them. */
export function flush_tlb(): void {
  tlb.libc = 0;
  for (let i: u32 = 0; i < tlb.used; i++) forget(load<u16>(USED + ((<usize>i) << 1)));
  tlb.used = 0;
}

/**
 * Looks into the TLB, right where the code stands that asks: a call would take longer. A page that is known lies at
 *
 *     if (Known.writable(address)) at = Known.at(address)
 */
export class Known {
  /** How far the entry that a page of this address has, or would have, lies from the first one. */
  @inline static entry(address: u64): usize {
    let mask = (<usize>TLB_ENTRIES - 1) << ENTRY_SHIFT;
    return ((<usize>address) >> (<u32>PAGE_SHIFT - ENTRY_SHIFT)) & mask;
  }

  /** True if `n` bytes at an address may be loaded. */
  @inline static readable(address: u64, n: u64): bool {
    let page = load<u64>(Known.entry(address), ENTRIES + offsetof<TlbEntry>("readable"));
    return (address ^ page) <= <u64>PAGE_SIZE - n;
  }

  /** True if `n` bytes at an address may be stored to. */
  @inline static writable(address: u64, n: u64): bool {
    let page = load<u64>(Known.entry(address), ENTRIES + offsetof<TlbEntry>("writable"));
    return (address ^ page) <= <u64>PAGE_SIZE - n;
  }

  /** Where they lie then. */
  @inline static at(address: u64): usize {
    return <usize>address + load<usize>(Known.entry(address), ENTRIES + offsetof<TlbEntry>("offset"));
  }
}

/** The TLB has a page from now on, if it is memory of the process's own: pages of files come and go by themselves. */
export function remember(mm: MmStruct, address: u64, at: usize): void {
  let vma = vma_lookup(mm, address);
  if (!vma || vma.vm_ops) return;
  let writable = (load<u64>(pte_offset(mm, address)) & WRITTEN) == WRITTEN;
  let entry = ENTRIES + Known.entry(address);
  let index = <u32>((entry - ENTRIES) >> ENTRY_SHIFT);
  if (load<u64>(entry, offsetof<TlbEntry>("readable")) == nowhere(index)) {
    if (tlb.used >= tlb.limit) return;
    store<u16>(USED + ((<usize>tlb.used) << 1), <u16>index);
    tlb.used++;
  }
  let page = address & ~(<u64>PAGE_SIZE - 1);
  store<u64>(entry, page, offsetof<TlbEntry>("readable"));
  store<u64>(entry, writable ? page : nowhere(index), offsetof<TlbEntry>("writable"));
  store<usize>(entry, at - <usize>address, offsetof<TlbEntry>("offset"));
}
