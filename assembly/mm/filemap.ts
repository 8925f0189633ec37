import {
  AddressSpace,
  AddressSpaceOperations,
  FileRaState,
  PAGE_WAIT_TABLE_SIZE,
  PageCache,
  VM_READAHEAD_PAGES,
} from "../include/pagemap";
import { Errno } from "../include/errno";
import { Folio, PAGE_SHIFT, PAGE_SIZE, PageFlags } from "../include/mm_types";
import { Inode } from "../include/inode";
import { Tp, trace } from "../include/trace";
import { WaitQueueHead } from "../include/wait";
import { alloc_pages, folio_get, folio_put } from "./page_alloc";
import { folio_add_lru, folio_del_lru } from "./swap";
import { pgdat } from "../include/mmzone";
import { workingset_refault } from "./workingset";
import {
  folio_trylock,
  folio_wait_locked,
  folio_wait_read,
  init_wait_table,
  page_cache,
  was_read_by_current,
} from "./filemap_wait";
import { kernel } from "../include/kernel";
import { kzalloc } from "./slab";
import { xa_erase, xa_load, xa_store } from "../lib/xarray";

/** Makes the page cache, with nothing in it. @kernel pagecache_init(), mm/filemap.c */
export function pagecache_init(): void {
  kernel.page_cache = kzalloc(offsetof<PageCache>());
  let cache = page_cache();
  cache.folio_wait_table = changetype<WaitQueueHead>(kzalloc(PAGE_WAIT_TABLE_SIZE * offsetof<WaitQueueHead>()));
  cache.ra_pages = VM_READAHEAD_PAGES;
  init_wait_table(cache);
}

/** Sets up what of a file lies in the page cache: nothing. @kernel address_space_init_once(), fs/inode.c */
export function address_space_init(mapping: AddressSpace, host: Inode, a_ops: AddressSpaceOperations | null): void {
  mapping.host = host;
  mapping.a_ops = a_ops;
  mapping.i_mmap.init();
}

/** Sets up what is read ahead of the reader of a new open file: nothing yet. @kernel file_ra_state_init(), mm/readahead.c */
export function file_ra_state_init(ra: FileRaState): void {
  ra.ra_pages = page_cache().ra_pages;
  ra.prev_pos = -1;
}

/**
 * The folio that holds a page of a file. No reference is taken: whoever lets others run, or takes memory, before he is done
 * with it takes one.
 *
 * @returns  null if it is not in the page cache.
 * @kernel filemap_get_folio(), include/linux/pagemap.h
 */
export function filemap_get_folio(mapping: AddressSpace, index: u32): Folio | null {
  let entry = xa_load(mapping.i_pages, index);
  return entry & 1 ? null : changetype<Folio | null>(entry);
}

/** Number of the page behind the last one of a file. Unit: pages. */
export function end_of_file(mapping: AddressSpace): u32 {
  return <u32>((<u64>mapping.host.i_size + (PAGE_SIZE - 1)) >> PAGE_SHIFT);
}

/** A frame for a page of a file; null if memory is exhausted. @kernel filemap_alloc_folio(), mm/filemap.c */
export function filemap_alloc_folio(): Folio | null {
  return changetype<Folio | null>(alloc_pages(0));
}

/**
 * Puts a new folio into the page cache, locked.
 *
 * @returns  0; -ENOMEM. There must be none for that page.
 * @kernel filemap_add_folio(), mm/filemap.c
 */
export function filemap_add_folio(mapping: AddressSpace, folio: Folio, index: u32): i32 {
  let shadow = xa_load(mapping.i_pages, index);
  let error = xa_store(mapping.i_pages, index, changetype<usize>(folio));
  if (error) return error;
  folio_get(folio);
  folio_trylock(folio);
  folio.mapping = changetype<usize>(mapping);
  folio.index = index;
  mapping.nrpages++;
  page_cache().nr_file_pages++;
  if (shadow) {
    pgdat().nr_shadows--;
    workingset_refault(folio, shadow);
  }
  folio_add_lru(folio);
  trace(Tp.filemap_add_folio, changetype<usize>(mapping), changetype<usize>(folio), index);
  return 0;
}

/** A new, locked folio in the page cache; null if memory is exhausted. The page cache alone refers to it. */
export function filemap_new_folio(mapping: AddressSpace, index: u32): Folio | null {
  let folio = filemap_alloc_folio();
  if (!folio) return null;
  let error = filemap_add_folio(mapping, folio, index);
  folio_put(folio);
  return error ? null : folio;
}

/**
 * Takes a folio out of the page cache, and leaves something in its place that tells when: 0 for nothing. It must be
 * neither locked by others, nor dirty, nor mapped.
 *
 * @kernel filemap_remove_folio(), mm/filemap.c
 */
export function filemap_remove_folio(folio: Folio, shadow: usize): void {
  let mapping = changetype<AddressSpace>(folio.mapping);
  if (shadow) xa_store(mapping.i_pages, folio.index, shadow);
  else xa_erase(mapping.i_pages, folio.index);
  mapping.nrpages--;
  page_cache().nr_file_pages--;
  folio_del_lru(folio);
  folio.mapping = 0;
  trace(Tp.filemap_remove_folio, changetype<usize>(mapping), changetype<usize>(folio), folio.index);
  folio_put(folio);
}

/** Asks the disk for folios that are in the page cache, locked. @returns 0; -ENOMEM: not for all. */
export function read_folios(mapping: AddressSpace, index: u32, count: u32): i32 {
  return call_indirect<i32>(mapping.a_ops!.read_folios, mapping, index, count);
}

/**
 * Makes a folio hold what its file holds: waits for who reads it, or reads it.
 *
 * @returns  0 if it does; -EIO; -ENOMEM; SLEEPING.
 * @kernel filemap_update_page(), filemap_read_folio(), mm/filemap.c
 */
export function filemap_update_folio(folio: Folio): i64 {
  while (!(folio.flags & PageFlags.UPTODATE)) {
    if (folio.flags & PageFlags.LOCKED) return folio_wait_locked(folio);
    if (was_read_by_current(folio)) return -Errno.EIO;
    folio_trylock(folio);
    trace(Tp.filemap_read_folio, folio.mapping, changetype<usize>(folio), folio.index);
    let error = read_folios(changetype<AddressSpace>(folio.mapping), folio.index, 1);
    if (error) return error;
    let result = folio_wait_read(folio);
    if (result) return result;
    if (!(folio.flags & PageFlags.UPTODATE)) return -Errno.EIO;
  }
  return 0;
}
