import { MmStruct } from "../include/mm_struct";
import { free_page, get_zeroed_page } from "./page_alloc";

/*
 * A user address is 47 bits: four indices of 9 bits, one for each level of page tables, and 12 bits inside the page.
 *
 *   | pgd 47..39 | pud 38..30 | pmd 29..21 | pte 20..12 | offset 11..0 |
 *
 * A table is a frame of 512 entries of 8 bytes; an entry is the address of the next table or of the page's frame,
 * with bit 0 set while it is present and bit 1 while it is writable, as on x86-64.
 */

/** An entry that is in use. @kernel _PAGE_PRESENT, arch/x86/include/asm/pgtable_types.h */
export const PAGE_PRESENT: u64 = 1;
/** A page that may be written. @kernel _PAGE_RW, arch/x86/include/asm/pgtable_types.h */
export const PAGE_RW: u64 = 2;
/** The bits of an address inside its page. */
export const PAGE_OFFSET_MASK: u64 = 4095;

const INDEX_BITS: u32 = 9;
const INDEX_MASK: usize = 511;

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

/** Frees the page tables and the frames that they map. @kernel free_pgtables(), mm/memory.c */
export function free_pgtables(mm: MmStruct): void {
  let top = mm.pgd;
  mm.pgd = 0;
  for (let i: usize = 0; i < 512; i++) {
    let pud = take(top, i);
    if (!pud) continue;
    for (let j: usize = 0; j < 512; j++) {
      let pmd = take(pud, j);
      if (!pmd) continue;
      for (let k: usize = 0; k < 512; k++) {
        let pte = take(pmd, k);
        if (!pte) continue;
        for (let l: usize = 0; l < 512; l++) {
          let frame = take(pte, l);
          if (frame) {
            free_page(frame);
            mm.rss--;
          }
        }
        free_page(pte);
        mm.pgtables--;
      }
      free_page(pmd);
      mm.pgtables--;
    }
    free_page(pud);
    mm.pgtables--;
  }
  free_page(top);
  mm.pgtables--;
}

/** Clears an entry and gives what it pointed at, or 0. */
function take(table: usize, index: usize): usize {
  let slot = table + (index << 3);
  let entry = load<u64>(slot);
  if (!(entry & PAGE_PRESENT)) return 0;
  store<u64>(slot, 0);
  return entry_address(entry);
}
