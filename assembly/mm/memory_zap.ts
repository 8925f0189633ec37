import { AddressSpace } from "../include/pagemap";
import { Errno } from "../include/errno";
import { ListHead } from "../include/list";
import { VmAreaStruct, VmFlags } from "../include/mm_struct";
import { PAGE_SHIFT, Page, PageFlags, virt_to_folio } from "../include/mm_types";
import {
  PAGE_ACCESSED,
  PAGE_MAPPED,
  PAGE_RW,
  PAGE_SPECIAL,
  entry_address,
  pte_alloc,
  walk_page_range,
} from "./pgtable";
import { folio_add_rmap, folio_remove_rmap } from "./rmap";
import { mm_state, vma_pages } from "./vma";
import { put_page } from "./page_alloc";

/*
 * What is done to all pages of a range at once: taken out of the page tables, or given to a child as well.
 */

/** zap_page_range(): pages of a process's own go too. */
const EVEN_COWS: usize = 1;

/** Takes one page out of the page tables. @kernel zap_present_ptes(), mm/memory.c */
function zap_pte(slot: usize, address: u64, vma: VmAreaStruct, even_cows: usize): i32 {
  let entry = load<u64>(slot);
  if (entry & PAGE_SPECIAL) {
    store<u64>(slot, 0);
    return 0;
  }
  let folio = virt_to_folio(entry_address(entry));
  let own = (folio.flags & PageFlags.ANON) != 0;
  if (own && even_cows != EVEN_COWS) return 0;
  store<u64>(slot, 0);
  folio_remove_rmap(folio, vma);
  let used = !own && entry & PAGE_ACCESSED && !(vma.flags & (VmFlags.SEQ_READ | VmFlags.RAND_READ));
  let hook = mm_state().folio_mark_accessed;
  if (used && hook) call_indirect<void>(hook, folio);
  put_page(changetype<Page>(folio));
  return 0;
}

/** Takes the pages of a range of an area out of the page tables. @kernel zap_page_range_single(), mm/memory.c */
export function zap_page_range(vma: VmAreaStruct, start: u64, end: u64): void {
  walk_page_range(vma, start, end, zap_pte.index, EVEN_COWS);
}

/**
 * Pages of a file are no longer to be shown by any mapping: they were cut off, or are going to be read anew.
 *
 * @param first      first page.
 * @param count      number of pages; 0: to the end of the file.
 * @param even_cows  private copies go too: the file ends before them.
 * @kernel unmap_mapping_pages(), mm/memory.c
 */
export function unmap_mapping_pages(mapping: AddressSpace, first: u32, count: u32, even_cows: bool): void {
  let last: u64 = count ? <u64>first + count : <u64>u32.MAX_VALUE + 1;
  for (let link: ListHead = mapping.i_mmap.next; link !== mapping.i_mmap; link = link.next) {
    let vma = VmAreaStruct.of_shared(link);
    let from = max<u64>(vma.vm_pgoff, first);
    let to = min<u64>(vma.vm_pgoff + vma_pages(vma), last);
    if (from >= to) continue;
    let start = vma.vm_start + ((from - vma.vm_pgoff) << PAGE_SHIFT);
    walk_page_range(vma, start, start + ((to - from) << PAGE_SHIFT), zap_pte.index, even_cows ? EVEN_COWS : 0);
  }
}

/** A child's area gets a page too; neither may write to a page of a private mapping as it is. @kernel copy_present_ptes() */
function copy_pte(slot: usize, address: u64, vma: VmAreaStruct, child: usize): i32 {
  let area = changetype<VmAreaStruct>(child);
  let to = pte_alloc(area.mm, address);
  if (!to) return -Errno.ENOMEM;
  let entry = load<u64>(slot);
  // Taking memory for the table may have taken a page of a file away; a fault finds it again.
  if (!(entry & PAGE_MAPPED)) return 0;
  if (!(entry & PAGE_SPECIAL)) {
    let folio = virt_to_folio(entry_address(entry));
    folio.refcount++;
    folio.flags &= ~(<u32>PageFlags.ANON_EXCLUSIVE);
    folio_add_rmap(folio, area);
    if (!(vma.flags & VmFlags.SHARED)) entry &= ~PAGE_RW;
    store<u64>(slot, entry);
  }
  store<u64>(to, entry & ~PAGE_ACCESSED);
  return 0;
}

/**
 * A child's area gets the pages of its parent's; those that a fault would find again are left to it.
 *
 * @returns  0 or -ENOMEM. @kernel copy_page_range(), mm/memory.c
 */
export function copy_page_range(child: VmAreaStruct, vma: VmAreaStruct): i32 {
  if (!vma.anon) return 0;
  return walk_page_range(vma, vma.vm_start, vma.vm_end, copy_pte.index, changetype<usize>(child));
}
