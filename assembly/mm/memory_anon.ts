import { FaultFlags, VmAreaStruct, VmFault, VmFaultReason, VmFlags } from "../include/mm_struct";
import { Folio, PAGE_SIZE, Page, PageFlags, page_address, virt_to_folio } from "../include/mm_types";
import { Tp, enter, leave } from "../include/trace";
import { PAGE_ACCESSED, PAGE_DIRTY, PAGE_PRESENT, PAGE_RW, PAGE_SPECIAL, entry_address } from "./pgtable";
import { account_copy } from "../include/account";
import { alloc_pages, get_page, get_zeroed_page, put_page } from "./page_alloc";
import { folio_add_rmap, folio_remove_rmap } from "./rmap";
import { mm_state } from "./vma";

/*
 * Memory of a process's own: zeros until it is stored to, and after fork() one frame for parent and child until one of
 * them stores.
 *
 *   load of what was never stored      the frame of zeros that all share, not to be written
 *   store                              a frame of its own
 *   store to a frame that others have  a copy of it: copy-on-write
 */

/** An entry for a frame, with the rights of an area; a load has made it, or a store. @kernel mk_pte(), mm/memory.c */
export function mk_pte(frame: usize, vma: VmAreaStruct, writable: bool): u64 {
  let entry = (<u64>frame) | PAGE_PRESENT | PAGE_ACCESSED;
  return writable && vma.flags & VmFlags.WRITE ? entry | PAGE_RW : entry;
}

/** A new folio for a private mapping, whose bytes may be anything; null when memory is exhausted. */
function alloc_anon_folio(zeroed: bool): Folio | null {
  let frame: usize = 0;
  if (zeroed) frame = get_zeroed_page();
  else {
    let page = alloc_pages(0);
    if (page) frame = page_address(page);
  }
  if (!frame) return null;
  let folio = virt_to_folio(frame);
  folio.flags |= PageFlags.ANON | PageFlags.UPTODATE | PageFlags.ANON_EXCLUSIVE;
  return folio;
}

/** Maps a folio of its own at the address of a fault, to be written. */
function map_anon(vmf: VmFault, folio: Folio): void {
  let vma = vmf.vma;
  vma.anon = 1;
  folio_add_rmap(folio, vma);
  let entry = mk_pte(page_address(changetype<Page>(folio)), vma, true);
  store<u64>(vmf.pte, entry & PAGE_RW ? entry | PAGE_DIRTY : entry);
}

/**
 * Nothing is there yet: a load gets the frame of zeros, a store one of its own.
 *
 * @kernel do_anonymous_page(), mm/memory.c
 */
export function do_anonymous_page(vmf: VmFault): u32 {
  if (!(vmf.flags & FaultFlags.WRITE)) {
    store<u64>(vmf.pte, mk_pte(mm_state().zero_page, vmf.vma, false) | PAGE_SPECIAL);
    return VmFaultReason.NOPAGE;
  }
  let folio = alloc_anon_folio(true);
  if (!folio) return VmFaultReason.OOM;
  map_anon(vmf, folio);
  return VmFaultReason.NOPAGE;
}

/**
 * A private mapping gets a copy of a page to write to.
 *
 * Taking memory for it may take the page out of the page tables: then there is no copy, and the fault comes again.
 *
 * @param frame  what is copied; the caller has a reference to it.
 * @param old    what was mapped there; null: nothing that is counted.
 * @kernel wp_page_copy(), mm/memory.c
 */
export function cow_copy(vmf: VmFault, frame: usize, old: Folio | null): u32 {
  enter(Tp.wp_page_copy, changetype<usize>(vmf.vma.mm), <usize>(vmf.address >> 12), frame);
  let zeros = frame == mm_state().zero_page;
  let folio = alloc_anon_folio(zeros);
  if (!folio) return leave(VmFaultReason.OOM);
  if (load<u64>(vmf.pte) != vmf.orig_pte) {
    put_page(changetype<Page>(folio));
    return leave(VmFaultReason.NOPAGE);
  }
  if (!zeros) {
    memory.copy(page_address(changetype<Page>(folio)), frame, PAGE_SIZE);
    account_copy(PAGE_SIZE);
  }
  map_anon(vmf, folio);
  if (old) {
    folio_remove_rmap(old, vmf.vma);
    put_page(changetype<Page>(old));
  }
  return leave(VmFaultReason.NOPAGE);
}

/** A shared mapping is written for the first time since its page was clean. @kernel wp_page_shared(), mm/memory.c */
function wp_page_shared(vmf: VmFault, folio: Folio): u32 {
  let ops = vmf.vma.vm_ops;
  if (ops && ops.page_mkwrite) {
    vmf.folio = folio;
    let reason = call_indirect<u32>(ops.page_mkwrite, vmf);
    if (reason & (VmFaultReason.ERROR | VmFaultReason.RETRY)) return reason;
    // Making room on the disk takes memory, and with it perhaps this page out of the page tables: the fault comes again.
    if (load<u64>(vmf.pte) != vmf.orig_pte) return VmFaultReason.NOPAGE;
  }
  store<u64>(vmf.pte, vmf.orig_pte | PAGE_RW | PAGE_ACCESSED | PAGE_DIRTY);
  return VmFaultReason.NOPAGE;
}

/** A private mapping has a page together with others: it gets a copy in its place. */
function wp_page_private(vmf: VmFault, folio: Folio): u32 {
  if (folio.flags & PageFlags.ANON && (folio.flags & PageFlags.ANON_EXCLUSIVE || folio.refcount == 1)) {
    // Nobody else has it any more.
    folio.flags |= PageFlags.ANON_EXCLUSIVE;
    store<u64>(vmf.pte, vmf.orig_pte | PAGE_RW | PAGE_ACCESSED | PAGE_DIRTY);
    return VmFaultReason.NOPAGE;
  }
  let page = changetype<Page>(folio);
  get_page(page);
  let reason = cow_copy(vmf, page_address(page), folio);
  put_page(page);
  return reason;
}

/**
 * A store to a page that is mapped and may not be written as it is.
 *
 * @kernel do_wp_page(), mm/memory.c
 */
export function do_wp_page(vmf: VmFault): u32 {
  let frame = entry_address(vmf.orig_pte);
  if (vmf.orig_pte & PAGE_SPECIAL) return cow_copy(vmf, frame, null);
  let folio = virt_to_folio(frame);
  if (!(vmf.vma.flags & VmFlags.SHARED)) return wp_page_private(vmf, folio);
  get_page(changetype<Page>(folio));
  let reason = wp_page_shared(vmf, folio);
  put_page(changetype<Page>(folio));
  return reason;
}
