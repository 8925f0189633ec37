import { AddressSpace, FileRaState } from "../include/pagemap";
import { Errno } from "../include/errno";
import { FaultFlags, VmAreaStruct, VmFault, VmFaultReason, VmFlags, VmOperations } from "../include/mm_struct";
import { File } from "../include/fs";
import { Folio, PageFlags } from "../include/mm_types";
import { SLEEPING } from "../include/sched";
import { Tp, enter, leave } from "../include/trace";
import { blk_poll } from "../block/blk_core";
import { do_page_cache_ra, force_page_cache_ra, page_cache_async_ra, page_cache_sync_ra } from "./readahead";
import { end_of_file, filemap_get_folio, filemap_new_folio, filemap_update_folio, read_folios } from "./filemap";
import { filemap_map_pages } from "./memory_fault";
import { folio_get, folio_put } from "./page_alloc";
import { folio_trylock } from "./filemap_wait";
import { folio_mark_accessed } from "./swap";
import { folio_mark_dirty } from "./page_writeback";
import { kzalloc } from "./slab";
import { mm_state } from "./vma";

/*
 * Faults in areas of files: the page comes out of the page cache, or from the disk, with its neighbours. Who may sleep
 * does, and is tried again; inside a copy of the kernel's the CPU waits for the disk.
 */

/** After so many faults that found nothing, nothing is read around any more. @kernel MMAP_LOTSAMISS, mm/filemap.c */
const MMAP_LOTSAMISS: u32 = 100;

/** Makes what areas of files do. */
export function filemap_fault_init(): void {
  let ops = changetype<VmOperations>(kzalloc(offsetof<VmOperations>()));
  ops.fault = filemap_fault.index;
  ops.map_pages = map_pages_of_file.index;
  ops.page_mkwrite = filemap_page_mkwrite.index;
  let state = mm_state();
  state.file_vm_ops = ops;
  state.folio_mark_accessed = mark_accessed.index;
  state.readahead = willneed.index;
}

/** An area is to show a regular file. @kernel generic_file_mmap(), mm/filemap.c */
export function generic_file_mmap(file: File, vma: VmAreaStruct): i32 {
  if (!file.f_mapping) return -Errno.ENODEV;
  vma.vm_ops = mm_state().file_vm_ops;
  return 0;
}

/** A folio was used through a mapping that is taken away. */
function mark_accessed(folio: Folio): void {
  folio_mark_accessed(folio);
}

/** Pages of a file will be needed: MADV_WILLNEED. */
function willneed(file: File, first: u32, count: u32): void {
  let pages = file.f_pages;
  if (pages) force_page_cache_ra(pages.mapping, pages.ra, first, count);
}

/**
 * Maps the pages around a fault that are in the page cache. A write that failed may have left some behind the end of the
 * file: they are not part of it.
 */
function map_pages_of_file(vmf: VmFault, first: u32, last: u32): u32 {
  let end = end_of_file(vmf.vma.vm_mapping!);
  return first < end ? filemap_map_pages(vmf, first, min(last, end - 1)) : 0;
}

/** A fault finds nothing: the pages around are read, or those that follow. @kernel do_sync_mmap_readahead() */
function do_sync_mmap_readahead(vmf: VmFault, mapping: AddressSpace, ra: FileRaState): void {
  let flags = vmf.vma.flags;
  if (flags & VmFlags.RAND_READ || !ra.ra_pages) return;
  if (flags & VmFlags.SEQ_READ) {
    page_cache_sync_ra(mapping, ra, vmf.pgoff, ra.ra_pages);
    return;
  }
  if (ra.mmap_miss < MMAP_LOTSAMISS * 10) ra.mmap_miss++;
  if (ra.mmap_miss > MMAP_LOTSAMISS) return;
  let half = ra.ra_pages >> 1;
  ra.start = vmf.pgoff > half ? vmf.pgoff - half : 0;
  ra.size = ra.ra_pages;
  ra.async_size = ra.ra_pages >> 2;
  do_page_cache_ra(mapping, ra.start, ra.size, ra.async_size);
}

/** A fault finds its page: the next window is begun if it is marked. @kernel do_async_mmap_readahead(), mm/filemap.c */
function do_async_mmap_readahead(vmf: VmFault, mapping: AddressSpace, ra: FileRaState, folio: Folio): void {
  if (vmf.vma.flags & VmFlags.RAND_READ || !ra.ra_pages) return;
  if (ra.mmap_miss) ra.mmap_miss--;
  if (folio.flags & PageFlags.READAHEAD) page_cache_async_ra(mapping, ra, folio, vmf.pgoff, ra.ra_pages);
}

/** Waits for the disk without sleeping until a folio holds what its file holds. @returns VmFaultReason bits. */
function poll_for_folio(mapping: AddressSpace, folio: Folio): u32 {
  if (folio_trylock(folio) && read_folios(mapping, folio.index, 1)) return VmFaultReason.OOM;
  while (folio.flags & PageFlags.LOCKED) if (!blk_poll()) break;
  return folio.flags & PageFlags.UPTODATE ? 0 : VmFaultReason.SIGBUS;
}

/** Makes a folio hold what its file holds. @returns VmFaultReason bits: RETRY if the task is to sleep. */
function update_folio(vmf: VmFault, mapping: AddressSpace, folio: Folio): u32 {
  if (folio.flags & PageFlags.UPTODATE) return 0;
  if (!(vmf.flags & FaultFlags.ALLOW_RETRY)) return poll_for_folio(mapping, folio);
  let result = filemap_update_folio(folio);
  if (result == SLEEPING) return VmFaultReason.RETRY;
  if (!result) return 0;
  return result == -Errno.ENOMEM ? VmFaultReason.OOM : VmFaultReason.SIGBUS;
}

/**
 * Finds the page of a fault, in the page cache or on the disk.
 *
 * @returns  VmFaultReason bits: MAJOR if the disk was asked. @kernel filemap_fault(), mm/filemap.c
 */
function filemap_fault(vmf: VmFault): u32 {
  let mapping = vmf.vma.vm_mapping!;
  let ra = vmf.vma.vm_file!.f_ra;
  enter(Tp.filemap_fault, changetype<usize>(mapping), vmf.pgoff, vmf.flags & FaultFlags.TRIED);
  if (vmf.pgoff >= end_of_file(mapping)) return leave(VmFaultReason.SIGBUS);
  let reason: u32 = 0;
  let folio = filemap_get_folio(mapping, vmf.pgoff);
  if (folio) {
    // Reading ahead takes memory, and memory is made by taking folios away that nobody refers to.
    folio_get(folio);
    if (!(vmf.flags & FaultFlags.TRIED)) do_async_mmap_readahead(vmf, mapping, ra, folio);
  } else {
    reason = VmFaultReason.MAJOR;
    do_sync_mmap_readahead(vmf, mapping, ra);
    folio = filemap_get_folio(mapping, vmf.pgoff);
    if (folio) folio_get(folio);
    else folio = ask_for_page(mapping, vmf.pgoff);
    if (!folio) return leave(VmFaultReason.OOM);
  }
  reason |= update_folio(vmf, mapping, folio);
  if (reason & (VmFaultReason.RETRY | VmFaultReason.ERROR)) folio_put(folio);
  else vmf.folio = folio;
  return leave(reason);
}

/** One page alone is read. @returns its folio, with a reference; null if memory is exhausted. */
function ask_for_page(mapping: AddressSpace, index: u32): Folio | null {
  let folio = filemap_new_folio(mapping, index);
  if (!folio) return null;
  folio_get(folio);
  read_folios(mapping, index, 1);
  return folio;
}

/**
 * A page of a shared mapping is going to be stored to: it has a place on the disk, and is dirty from now on.
 *
 * @returns  VmFaultReason bits. @kernel ext4_page_mkwrite(), fs/ext4/inode.c
 */
function filemap_page_mkwrite(vmf: VmFault): u32 {
  enter(Tp.filemap_page_mkwrite, changetype<usize>(vmf.folio), vmf.pgoff, 0);
  let mapping = vmf.vma.vm_mapping!;
  let error = call_indirect<i32>(mapping.a_ops!.write_begin, mapping, vmf.folio!.index);
  if (error) return leave(error == -Errno.ENOMEM ? VmFaultReason.OOM : VmFaultReason.SIGBUS);
  folio_mark_dirty(vmf.folio!);
  return leave(0);
}
