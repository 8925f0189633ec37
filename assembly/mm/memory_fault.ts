import { FaultFlags, VmFault, VmFaultReason, VmFlags, VmOperations } from "../include/mm_struct";
import { Folio, Page, PageFlags, page_address } from "../include/mm_types";
import { PAGE_DIRTY, PAGE_MAPPED } from "./pgtable";
import { account_page } from "../include/account";
import { cow_copy, mk_pte } from "./memory_anon";
import { folio_add_rmap } from "./rmap";
import { get_page, put_page } from "./page_alloc";
import { vma_pages } from "./vma";
import { xa_load } from "../lib/xarray";

/*
 * Faults in areas of files: a load maps what the page cache has, with its neighbours; a store to a shared mapping makes
 * the page dirty first; a store to a private mapping gets a copy.
 */

/** How many pages a load maps at most: 64 KiB, at a multiple of that. @kernel fault_around_pages, mm/memory.c */
const FAULT_AROUND_PAGES: u32 = 16;
/** Pages that one page table maps. */
const PTRS_PER_PTE: u32 = 512;

/** Maps the pages around a load that are in the page cache already. @kernel do_fault_around(), mm/memory.c */
function do_fault_around(vmf: VmFault, ops: VmOperations): u32 {
  let vma = vmf.vma;
  // Inside the area and inside the page table: both are counted from the page of the fault.
  let in_area = <u32>((vmf.address - vma.vm_start) >> 12);
  let in_table = (<u32>(vmf.address >> 12)) & (PTRS_PER_PTE - 1);
  let before = min(in_table & (FAULT_AROUND_PAGES - 1), in_area);
  let behind = min(FAULT_AROUND_PAGES - (in_table & (FAULT_AROUND_PAGES - 1)), vma_pages(vma) - in_area) - 1;
  return call_indirect<u32>(ops.map_pages, vmf, vmf.pgoff - before, vmf.pgoff + behind);
}

/** Asks the area for its page. @returns VmFaultReason bits; with none of the bad ones vmf.folio is the page. */
function __do_fault(vmf: VmFault, ops: VmOperations): u32 {
  return call_indirect<u32>(ops.fault, vmf);
}

/** True if the page of a fault was not found. */
function failed(reason: u32): bool {
  return (reason & (VmFaultReason.ERROR | VmFaultReason.RETRY)) != 0;
}

/**
 * Maps a page of the page cache, whose reference the entry keeps.
 *
 * @param at  address of the entry.
 * @kernel set_pte_range(), mm/memory.c
 */
export function set_file_pte(vmf: VmFault, at: usize, folio: Folio, writable: bool): void {
  folio_add_rmap(folio, vmf.vma);
  let entry = mk_pte(page_address(changetype<Page>(folio)), vmf.vma, writable);
  store<u64>(at, vmf.flags & FaultFlags.WRITE ? entry | PAGE_DIRTY : entry);
}

/**
 * Maps pages of a file that are in the page cache and not mapped yet.
 *
 * @returns  VmFaultReason bits: 0. @kernel filemap_map_pages(), mm/filemap.c
 */
export function filemap_map_pages(vmf: VmFault, first: u32, last: u32): u32 {
  let mapping = vmf.vma.vm_mapping!;
  let busy: u32 = PageFlags.LOCKED | PageFlags.READAHEAD | PageFlags.UPTODATE;
  let file = vmf.vma.vm_file;
  let pages = file ? file.f_pages : null;
  let writable = (vmf.vma.flags & VmFlags.SHARED) != 0 && !vmf.vma.vm_ops!.page_mkwrite;
  let found: u32 = 0;
  for (let index = first; index <= last; index++) {
    let entry = xa_load(mapping.i_pages, index);
    if (!entry || entry & 1) continue;
    let folio = changetype<Folio>(entry);
    if ((folio.flags & busy) != PageFlags.UPTODATE) continue;
    // Pages that come and go all the time do not say that it helps to read around faults.
    if (!(folio.flags & PageFlags.WORKINGSET)) found++;
    let pte = vmf.pte + ((<usize>(index - vmf.pgoff)) << 3);
    if (load<u64>(pte) & PAGE_MAPPED) continue;
    get_page(changetype<Page>(folio));
    account_page();
    set_file_pte(vmf, pte, folio, writable);
  }
  if (pages) pages.ra.mmap_miss -= min(found, pages.ra.mmap_miss);
  return 0;
}

/** A load. @kernel do_read_fault(), mm/memory.c */
function do_read_fault(vmf: VmFault, ops: VmOperations): u32 {
  if (ops.map_pages) {
    let reason = do_fault_around(vmf, ops);
    if (load<u64>(vmf.pte) & PAGE_MAPPED) return reason | VmFaultReason.NOPAGE;
  }
  let reason = __do_fault(vmf, ops);
  if (failed(reason)) return reason;
  // Somebody wants to know of the first store: it is a fault of its own.
  let writable = (vmf.vma.flags & VmFlags.SHARED) != 0 && !ops.page_mkwrite;
  set_file_pte(vmf, vmf.pte, vmf.folio!, writable);
  return reason;
}

/** A store to a private mapping: a copy. @kernel do_cow_fault(), mm/memory.c */
function do_cow_fault(vmf: VmFault, ops: VmOperations): u32 {
  let reason = __do_fault(vmf, ops);
  if (failed(reason)) return reason;
  let folio = vmf.folio!;
  reason |= cow_copy(vmf, page_address(changetype<Page>(folio)), null);
  put_page(changetype<Page>(folio));
  return reason;
}

/** A store to a shared mapping. @kernel do_shared_fault(), mm/memory.c */
function do_shared_fault(vmf: VmFault, ops: VmOperations): u32 {
  let reason = __do_fault(vmf, ops);
  if (failed(reason)) return reason;
  let folio = vmf.folio!;
  if (ops.page_mkwrite) {
    let refusal = call_indirect<u32>(ops.page_mkwrite, vmf);
    if (failed(refusal)) {
      put_page(changetype<Page>(folio));
      return refusal;
    }
  }
  set_file_pte(vmf, vmf.pte, folio, true);
  return reason;
}

/** A fault in an area of a file. @kernel do_fault(), mm/memory.c */
export function do_fault(vmf: VmFault): u32 {
  let ops = vmf.vma.vm_ops!;
  if (!(vmf.flags & FaultFlags.WRITE)) return do_read_fault(vmf, ops);
  return vmf.vma.flags & VmFlags.SHARED ? do_shared_fault(vmf, ops) : do_cow_fault(vmf, ops);
}
