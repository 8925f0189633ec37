import { AddressSpace } from "../include/pagemap";
import { Errno } from "../include/errno";
import { Folio, PAGE_SHIFT, PAGE_SIZE, PageFlags, folio_address } from "../include/mm_types";
import { Tp, enter, leave } from "../include/trace";
import { filemap_get_folio, filemap_remove_folio } from "./filemap";
import { filemap_get_page } from "./filemap_read";
import { folio_cancel_dirty, folio_mark_dirty } from "./page_writeback";
import { folio_put } from "./page_alloc";
import { pgdat } from "../include/mmzone";
import { folio_wait_locked, folio_wait_writeback } from "./filemap_wait";
import { unmap_mapping_pages } from "./memory_zap";
import { xa_erase, xa_find, xa_find_after } from "../lib/xarray";

/** Forgets when a page was taken away. @kernel clear_shadow_entry(), mm/truncate.c */
export function clear_shadow_entry(mapping: AddressSpace, index: u32): void {
  xa_erase(mapping.i_pages, index);
  pgdat().nr_shadows--;
}

/** Waits until nobody reads or writes a folio. @returns 0; SLEEPING. */
function wait_until_idle(folio: Folio): i64 {
  return folio.flags & PageFlags.LOCKED ? folio_wait_locked(folio) : folio_wait_writeback(folio);
}

/** Waits until nobody reads or writes the folios of a range. @returns 0; SLEEPING. */
function wait_for_range(mapping: AddressSpace, from: u32, to: u32): i64 {
  for (let at = xa_find(mapping.i_pages, from, to); at >= 0; at = xa_find_after(mapping.i_pages, <u32>at, to)) {
    let folio = filemap_get_folio(mapping, <u32>at);
    let result = folio ? wait_until_idle(folio) : 0;
    if (result) return result;
  }
  return 0;
}

/**
 * Takes all pages from one to another (included) out of the page cache, whatever they hold.
 *
 * @returns  0; SLEEPING: the call is to be made again.
 * @kernel truncate_inode_pages_range(), mm/truncate.c
 */
export function truncate_inode_pages_range(mapping: AddressSpace, from: u32, to: u32): i64 {
  let result = wait_for_range(mapping, from, to);
  if (result) return result;
  for (let at = xa_find(mapping.i_pages, from, to); at >= 0; at = xa_find(mapping.i_pages, from, to)) {
    let folio = filemap_get_folio(mapping, <u32>at);
    if (folio) {
      folio_cancel_dirty(folio);
      filemap_remove_folio(folio, 0);
    } else clear_shadow_entry(mapping, <u32>at);
  }
  return 0;
}

/**
 * Takes out of the page cache what lies behind the new end of a file. The page that it ends in is dealt with by
 * truncate_partial_folio().
 *
 * @returns  0; SLEEPING: the call is to be made again.
 * @kernel truncate_pagecache(), mm/truncate.c
 */
export function truncate_pagecache(mapping: AddressSpace, size: i64): i64 {
  let first = (size + (PAGE_SIZE - 1)) >> PAGE_SHIFT;
  if (!mapping.i_mmap.empty) unmap_mapping_pages(mapping, <u32>first, 0, true);
  if (!mapping.i_pages.head) return 0;
  enter(Tp.truncate_pagecache, changetype<usize>(mapping), <usize>size, 0);
  return leave(truncate_inode_pages_range(mapping, <u32>first, u32.MAX_VALUE));
}

/**
 * Makes what lies behind the new end of a file, in the page that it ends in, zeros.
 *
 * @returns  0; -EIO, -ENOMEM: it could not be read; SLEEPING: the call is to be made again.
 * @kernel truncate_inode_partial_folio(), mm/truncate.c
 */
export function truncate_partial_folio(mapping: AddressSpace, size: i64): i64 {
  let offset = (<usize>size) & (PAGE_SIZE - 1);
  if (!offset) return 0;
  let result = filemap_get_page(mapping, null, <u32>(size >> PAGE_SHIFT), 1, 0);
  if (result <= 0) return result;
  let folio = changetype<Folio>(<usize>result);
  memory.fill(folio_address(folio) + offset, 0, PAGE_SIZE - offset);
  folio_mark_dirty(folio);
  folio_put(folio);
  return 0;
}

/** Before a file becomes longer: what lies behind its end in memory, stored by a mapping, is not part of it. */
export function zero_behind_end(mapping: AddressSpace): void {
  let size = mapping.host.i_size;
  let offset = (<usize>size) & (PAGE_SIZE - 1);
  let folio: Folio | null = offset ? filemap_get_folio(mapping, <u32>(size >> PAGE_SHIFT)) : null;
  if (folio && folio.flags & PageFlags.UPTODATE) memory.fill(folio_address(folio) + offset, 0, PAGE_SIZE - offset);
}

/** True if the disk has what a folio has, and nobody is about to change either. */
function is_clean(folio: Folio): bool {
  return !(folio.flags & (PageFlags.LOCKED | PageFlags.DIRTY | PageFlags.WRITEBACK)) && !folio.mapcount;
}

/** True if nobody but the page cache has a folio, and the disk has the same. */
function is_unused(folio: Folio): bool {
  return is_clean(folio) && folio.refcount == 1;
}

/**
 * Takes pages from one to another (included) out of the page cache that nobody uses or has changed.
 *
 * @returns  how many. @kernel invalidate_mapping_pages(), mm/truncate.c
 */
export function invalidate_mapping_pages(mapping: AddressSpace, from: u32, to: u32): u32 {
  enter(Tp.invalidate_mapping_pages, changetype<usize>(mapping), from, to);
  let count: u32 = 0;
  for (let at = xa_find(mapping.i_pages, from, to); at >= 0; at = xa_find_after(mapping.i_pages, <u32>at, to)) {
    let folio = filemap_get_folio(mapping, <u32>at);
    if (!folio || !is_unused(folio)) continue;
    filemap_remove_folio(folio, 0);
    count++;
  }
  return leave(count);
}

/**
 * Takes all pages from one to another (included) out of the page cache: the disk has been written without it. Pipes and
 * packets that hold some keep what was.
 *
 * @returns  0; -EBUSY: some are dirty, and stay; SLEEPING: the call is to be made again.
 * @kernel invalidate_inode_pages2_range(), mm/truncate.c
 */
export function invalidate_inode_pages2_range(mapping: AddressSpace, from: u32, to: u32): i64 {
  let result = wait_for_range(mapping, from, to);
  if (result) return result;
  for (let at = xa_find(mapping.i_pages, from, to); at >= 0; at = xa_find_after(mapping.i_pages, <u32>at, to)) {
    let folio = filemap_get_folio(mapping, <u32>at);
    if (folio && folio.mapcount) unmap_mapping_pages(mapping, <u32>at, 1, false);
    if (!folio) clear_shadow_entry(mapping, <u32>at);
    else if (is_clean(folio)) filemap_remove_folio(folio, 0);
    else result = -Errno.EBUSY;
  }
  return result;
}
