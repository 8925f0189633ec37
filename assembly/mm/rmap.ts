import { AddressSpace } from "../include/pagemap";
import { Folio, Page, page_address } from "../include/mm_types";
import { ListHead } from "../include/list";
import { PAGE_ACCESSED, PAGE_DIRTY, PAGE_MAPPED, PAGE_RW, entry_address, pte_offset } from "./pgtable";
import { VmAreaStruct, VmFlags } from "../include/mm_struct";
import { put_page } from "./page_alloc";
import { vma_pages } from "./vma";

/*
 * From a page back to who maps it: the page knows its file (Folio.mapping) and number, the file its areas
 * (AddressSpace.i_mmap), an area the address, and the page tables the entry. Pages of a process's own are not looked
 * for: there is no swap to put them to.
 */

/** The file of a folio; null: it belongs to none. @kernel folio_mapping(), mm/util.c */
export function folio_mapping(folio: Folio): AddressSpace | null {
  return changetype<AddressSpace | null>(folio.mapping);
}

/** One more entry maps a page. @kernel folio_add_anon_rmap_ptes(), folio_add_file_rmap_ptes(), mm/rmap.c */
export function folio_add_rmap(folio: Folio, vma: VmAreaStruct): void {
  folio.mapcount++;
  vma.mm.rss++;
}

/** One entry less maps a page. @kernel folio_remove_rmap_ptes(), mm/rmap.c */
export function folio_remove_rmap(folio: Folio, vma: VmAreaStruct): void {
  folio.mapcount--;
  vma.mm.rss--;
}

/** The user address at which an area shows a page of its file; 0: not at all. @kernel vma_address(), mm/internal.h */
export function vma_address(vma: VmAreaStruct, index: u32): u64 {
  if (index < vma.vm_pgoff || index - vma.vm_pgoff >= vma_pages(vma)) return 0;
  return vma.vm_start + ((index - vma.vm_pgoff) << 12);
}

/** The entry by which an area maps a folio; 0: it does not. @kernel page_vma_mapped_walk(), mm/page_vma_mapped.c */
function mapped_at(vma: VmAreaStruct, folio: Folio): usize {
  let address = vma_address(vma, folio.index);
  let pte = address ? pte_offset(vma.mm, address) : 0;
  if (!pte) return 0;
  let entry = load<u64>(pte);
  return entry & PAGE_MAPPED && entry_address(entry) == page_address(changetype<Page>(folio)) ? pte : 0;
}

/**
 * Whether a folio was used through mappings since it was asked last.
 *
 * @returns  the number of entries by which it was. @kernel folio_referenced(), mm/rmap.c
 */
export function folio_referenced(folio: Folio): u32 {
  let mapping = folio_mapping(folio);
  let found: u32 = 0;
  if (!mapping || !folio.mapcount) return 0;
  for (let link: ListHead = mapping.i_mmap.next; link !== mapping.i_mmap; link = link.next) {
    let vma = VmAreaStruct.of_shared(link);
    let pte = mapped_at(vma, folio);
    if (!pte || !(load<u64>(pte) & PAGE_ACCESSED)) continue;
    store<u64>(pte, load<u64>(pte) & ~PAGE_ACCESSED);
    if (!(vma.flags & (VmFlags.SEQ_READ | VmFlags.RAND_READ))) found++;
  }
  return found;
}

/** True if an area keeps its pages: they cannot be reclaimed. */
function keeps_pages(folio: Folio): bool {
  let mapping = folio_mapping(folio)!;
  for (let link: ListHead = mapping.i_mmap.next; link !== mapping.i_mmap; link = link.next) {
    let vma = VmAreaStruct.of_shared(link);
    if (vma.flags & VmFlags.LOCKED && mapped_at(vma, folio)) return true;
  }
  return false;
}

/**
 * Takes a folio of the page cache out of all page tables.
 *
 * @returns  whether nobody maps it any more. @kernel try_to_unmap(), mm/rmap.c
 */
export function try_to_unmap(folio: Folio): bool {
  let mapping = folio_mapping(folio);
  if (!mapping || !folio.mapcount) return !folio.mapcount;
  if (keeps_pages(folio)) return false;
  for (let link: ListHead = mapping.i_mmap.next; link !== mapping.i_mmap; link = link.next) {
    let vma = VmAreaStruct.of_shared(link);
    let pte = mapped_at(vma, folio);
    if (!pte) continue;
    store<u64>(pte, 0);
    folio_remove_rmap(folio, vma);
    put_page(changetype<Page>(folio));
  }
  return !folio.mapcount;
}

/**
 * A folio is going to be written to the disk: the next store to it is to be noticed, so nobody may write as it is.
 *
 * @returns  the number of entries that were changed. @kernel folio_mkclean(), mm/rmap.c
 */
export function folio_mkclean(folio: Folio): u32 {
  let mapping = folio_mapping(folio);
  let changed: u32 = 0;
  if (!mapping || !folio.mapcount) return 0;
  for (let link: ListHead = mapping.i_mmap.next; link !== mapping.i_mmap; link = link.next) {
    let vma = VmAreaStruct.of_shared(link);
    if (!(vma.flags & VmFlags.SHARED)) continue;
    let pte = mapped_at(vma, folio);
    if (!pte || !(load<u64>(pte) & (PAGE_DIRTY | PAGE_RW))) continue;
    store<u64>(pte, load<u64>(pte) & ~(PAGE_DIRTY | PAGE_RW));
    changed++;
  }
  return changed;
}
