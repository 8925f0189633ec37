import { MmStruct, VmAreaStruct } from "../include/mm_struct";
import { free_page, get_zeroed_page } from "./page_alloc";

/*
 * A user address is 47 bits: four indices of 9 bits, one for each level of page tables, and 12 bits inside the page.
 *
 *   | pgd 47..39 | pud 38..30 | pmd 29..21 | pte 20..12 | offset 11..0 |
 *
 * A table is a frame of 512 entries of 8 bytes; an entry is the address of the next table or of the page's frame,
 * with bits as on x86-64. The processor sets ACCESSED and DIRTY when it uses an entry; the kernel looks at them.
 */

/** An entry that is in use. @kernel _PAGE_PRESENT, arch/x86/include/asm/pgtable_types.h */
export const PAGE_PRESENT: u64 = 1;
/** A page that may be written. @kernel _PAGE_RW, arch/x86/include/asm/pgtable_types.h */
export const PAGE_RW: u64 = 2;
/** A page that was read or written since the kernel looked last. @kernel _PAGE_ACCESSED */
export const PAGE_ACCESSED: u64 = 0x20;
/** A page that was written since the kernel looked last. @kernel _PAGE_DIRTY */
export const PAGE_DIRTY: u64 = 0x40;
/** A page that is there and may not be used at all: PROT_NONE. PRESENT is not set then. @kernel _PAGE_PROTNONE */
export const PAGE_PROTNONE: u64 = 0x100;
/** The frame of zeros that all share: not counted. @kernel _PAGE_SPECIAL */
export const PAGE_SPECIAL: u64 = 0x200;
/** An entry that leads to a frame, accessible or not. @kernel pte_present(), arch/x86/include/asm/pgtable.h */
export const PAGE_MAPPED: u64 = PAGE_PRESENT | PAGE_PROTNONE;
/** The bits of an address inside its page. */
export const PAGE_OFFSET_MASK: u64 = 4095;

const INDEX_BITS: u32 = 9;
const INDEX_MASK: usize = 511;
/** How far an address is shifted for its index in the topmost table. */
const PGDIR_SHIFT: u32 = 39;

/** Address of the table, or of the frame, that an entry points at. */
export function entry_address(entry: u64): usize {
  return <usize>(entry & ~PAGE_OFFSET_MASK);
}

/** Address of the last-level entry for a user address; 0 if a table on the way is missing. */
export function pte_offset(mm: MmStruct, address: u64): usize {
  let table = mm.pgd;
  for (let shift: u32 = 39; shift > 12; shift -= INDEX_BITS) {
    let entry = load<u64>(table + (((<usize>(address >> shift)) & INDEX_MASK) << 3));
    if (!(entry & PAGE_PRESENT)) return 0;
    table = entry_address(entry);
  }
  return table + (((<usize>(address >> 12)) & INDEX_MASK) << 3);
}

/** As pte_offset(), but makes the missing tables; 0 when memory is exhausted. @kernel pte_alloc(), mm/memory.c */
export function pte_alloc(mm: MmStruct, address: u64): usize {
  let table = mm.pgd;
  for (let shift: u32 = 39; shift > 12; shift -= INDEX_BITS) {
    let slot = table + (((<usize>(address >> shift)) & INDEX_MASK) << 3);
    let entry = load<u64>(slot);
    if (!(entry & PAGE_PRESENT)) {
      let next = get_zeroed_page();
      if (!next) return 0;
      mm.pgtables++;
      entry = (<u64>next) | PAGE_PRESENT | PAGE_RW;
      store<u64>(slot, entry);
    }
    table = entry_address(entry);
  }
  return table + (((<usize>(address >> 12)) & INDEX_MASK) << 3);
}

/**
 * Visits the entries of a range that lead to frames, in order; what has no page table is passed over.
 *
 * @param visit  index of (slot: usize, address: u64, vma: VmAreaStruct, argument: usize) => i32: 0 to go on.
 * @returns      what the last visit answered.
 * @kernel walk_page_range(), mm/pagewalk.c
 */
export function walk_page_range(vma: VmAreaStruct, start: u64, end: u64, visit: u32, argument: usize): i32 {
  return walk_table(vma, vma.mm.pgd, PGDIR_SHIFT, start, end, visit, argument);
}

/** The part of a walk that lies in one table. */
function walk_table(
  vma: VmAreaStruct,
  table: usize,
  shift: u32,
  start: u64,
  end: u64,
  visit: u32,
  argument: usize,
): i32 {
  let span: u64 = (<u64>1) << shift;
  while (start < end) {
    let next = (start & ~(span - 1)) + span;
    let slot = table + (((<usize>(start >> shift)) & INDEX_MASK) << 3);
    let entry = load<u64>(slot);
    let stop = 0;
    if (shift == 12) {
      if (entry & PAGE_MAPPED) stop = call_indirect<i32>(visit, slot, start, vma, argument);
    } else if (entry & PAGE_PRESENT) {
      stop = walk_table(vma, entry_address(entry), shift - INDEX_BITS, start, min(next, end), visit, argument);
    }
    if (stop) return stop;
    start = next;
  }
  return 0;
}

/** Frees the page tables of a range that no longer lead anywhere. @kernel free_pgtables(), mm/memory.c */
export function free_pgtables(mm: MmStruct, start: u64, end: u64): void {
  free_table(mm, mm.pgd, PGDIR_SHIFT, start, end);
}

/** The tables of a range below one table. */
function free_table(mm: MmStruct, table: usize, shift: u32, start: u64, end: u64): void {
  let span: u64 = (<u64>1) << shift;
  while (start < end) {
    let next = (start & ~(span - 1)) + span;
    let slot = table + (((<usize>(start >> shift)) & INDEX_MASK) << 3);
    let entry = load<u64>(slot);
    if (entry & PAGE_PRESENT) {
      let below = entry_address(entry);
      if (shift > 21) free_table(mm, below, shift - INDEX_BITS, start, min(next, end));
      if (is_empty(below)) {
        store<u64>(slot, 0);
        free_page(below);
        mm.pgtables--;
      }
    }
    start = next;
  }
}

/** True if no entry of a table is in use. */
function is_empty(table: usize): bool {
  for (let at: usize = 0; at < 4096; at += 8) if (load<u64>(table + at)) return false;
  return true;
}
