import { AddressSpace, FileRaState } from "../include/pagemap";
import { Folio, PAGE_SHIFT, PageFlags } from "../include/mm_types";
import { Tp, enter, leave } from "../include/trace";
import { end_of_file, filemap_new_folio, read_folios } from "./filemap";
import { roundup_pow_of_two } from "../include/log2";
import { xa_load } from "../lib/xarray";

/*
 * Reading ahead. A sequential reader has one window, which moves and grows:
 *
 *      pages that were read           the window          the next one
 *   ---------------------------|=========M============|- - - - - - - - - - -
 *                              ^ start   ^ marked READAHEAD: the reader who comes here
 *                                          starts the next window, and does not wait for it
 *
 * Differs from Linux: folios have one page each, so that windows are never rounded to larger ones.
 */

/** Greatest request that a read larger than a window may have at once. Unit: pages. @kernel backing_dev_info.io_pages */
export const IO_PAGES: u32 = 320;

/** Size of the first window of a reader. Unit: pages. @kernel get_init_ra_size(), mm/readahead.c */
export function get_init_ra_size(size: u32, max: u32): u32 {
  let window = roundup_pow_of_two(size);
  if (window <= max >> 5) return window << 2;
  if (window <= max >> 2) return window << 1;
  return max;
}

/** Size of the window that follows. Unit: pages. @kernel get_next_ra_size(), mm/readahead.c */
export function get_next_ra_size(size: u32, max: u32): u32 {
  if (size < max >> 4) return size << 2;
  if (size <= max >> 1) return size << 1;
  return max;
}

/**
 * Reads the pages of a range that are not in the page cache, as far as the file goes.
 *
 * @param async_size  the page so far from the end is marked, if it is one of those: who reads it starts the next window.
 * @kernel do_page_cache_ra(), page_cache_ra_unbounded(), mm/readahead.c
 */
export function do_page_cache_ra(mapping: AddressSpace, start: u32, size: u32, async_size: u32): void {
  let file_end = end_of_file(mapping);
  if (start >= file_end) return;
  size = min(size, file_end - start);
  enter(Tp.page_cache_ra_unbounded, changetype<usize>(mapping), start, size);
  let mark = async_size <= size ? start + size - async_size : u32.MAX_VALUE;
  let end = start + size;
  // Neighbours are asked for together.
  let first = start;
  for (let index = start; index < end; index++) {
    let entry = xa_load(mapping.i_pages, index);
    let present = entry && !(entry & 1);
    let folio: Folio | null = present ? null : filemap_new_folio(mapping, index);
    if (folio) {
      if (index == mark) folio.flags |= PageFlags.READAHEAD;
      continue;
    }
    if (index > first) read_folios(mapping, first, index - first);
    first = index + 1;
    // Without memory there is nothing more to be read ahead.
    if (!present) end = first;
  }
  if (end > first) read_folios(mapping, first, end - first);
  leave(0);
}

/** Reads a range, whatever was read before. @kernel force_page_cache_ra(), mm/readahead.c */
export function force_page_cache_ra(mapping: AddressSpace, ra: FileRaState, index: u32, count: u32): void {
  do_page_cache_ra(mapping, index, min(count, max(IO_PAGES, ra.ra_pages)), 0);
}

/** Greatest window of a request: one that is larger than windows are may be read at once. @kernel ractl_max_pages() */
function max_pages_of(ra: FileRaState, wanted: u32): u32 {
  let most = ra.ra_pages;
  return wanted > most && IO_PAGES > most ? min(wanted, IO_PAGES) : most;
}

/** How many pages in front of one are in the page cache without a gap; not counted beyond `most`. */
function count_history_pages(mapping: AddressSpace, index: u32, most: u32): u32 {
  let count: u32 = 0;
  while (count < most && count < index) {
    let entry = xa_load(mapping.i_pages, index - 1 - count);
    if (!entry || entry & 1) break;
    count++;
  }
  return count;
}

/**
 * A reader finds nothing: what it wants is read, and what it is likely to want next.
 *
 * @param wanted  how many pages it wants from this one on.
 * @kernel page_cache_sync_ra(), mm/readahead.c
 */
export function page_cache_sync_ra(mapping: AddressSpace, ra: FileRaState, index: u32, wanted: u32): void {
  enter(Tp.page_cache_sync_ra, changetype<usize>(mapping), index, wanted);
  if (!ra.ra_pages || ra.random) force_page_cache_ra(mapping, ra, index, ra.ra_pages ? wanted : 1);
  else if (find_window(mapping, ra, index, wanted)) do_page_cache_ra(mapping, ra.start, ra.size, ra.async_size);
  else do_page_cache_ra(mapping, index, wanted, 0);
  leave(0);
}

/** Chooses the window of a reader that found nothing. @returns false if it reads here and there: there is none. */
function find_window(mapping: AddressSpace, ra: FileRaState, index: u32, wanted: u32): bool {
  let most = max_pages_of(ra, wanted);
  let previous = (<u64>ra.prev_pos) >> PAGE_SHIFT;
  if (!index || wanted > most || <u64>index - previous <= 1) {
    ra.start = index;
    ra.size = get_init_ra_size(wanted, most);
    ra.async_size = ra.size > wanted ? ra.size - wanted : ra.size >> 1;
    return true;
  }
  let history = count_history_pages(mapping, index, most);
  if (history <= wanted) return false;
  // Cached from the beginning: that was a long run.
  if (history == index) history <<= 1;
  ra.start = index;
  ra.size = min(history + wanted, most);
  ra.async_size = 1;
  return true;
}

/** The first page behind one that is not in the page cache; u32.MAX_VALUE if `most` are. @kernel page_cache_next_miss() */
function next_miss(mapping: AddressSpace, index: u32, most: u32): u32 {
  for (let end = index + most; index < end; index++) {
    let entry = xa_load(mapping.i_pages, index);
    if (!entry || entry & 1) return index;
  }
  return u32.MAX_VALUE;
}

/**
 * A reader has come to the marked page of a window: the next window is read.
 *
 * @param wanted  how many pages it wants from this one on.
 * @kernel page_cache_async_ra(), mm/readahead.c
 */
export function page_cache_async_ra(
  mapping: AddressSpace,
  ra: FileRaState,
  folio: Folio,
  index: u32,
  wanted: u32,
): void {
  // Under writeback the flag says something else.
  if (!ra.ra_pages || folio.flags & PageFlags.WRITEBACK) return;
  folio.flags &= ~PageFlags.READAHEAD;
  enter(Tp.page_cache_async_ra, changetype<usize>(mapping), index, wanted);
  if (next_window(mapping, ra, index, wanted)) do_page_cache_ra(mapping, ra.start, ra.size, ra.async_size);
  leave(0);
}

/** Moves the window of a reader on. @returns false if what follows is in the page cache. */
function next_window(mapping: AddressSpace, ra: FileRaState, index: u32, wanted: u32): bool {
  let most = max_pages_of(ra, wanted);
  if (index == ra.start + ra.size - ra.async_size) {
    ra.start += ra.size;
    ra.size = get_next_ra_size(ra.size, most);
    ra.async_size = ra.size;
    return true;
  }
  // Another reader's window, or one from before: it goes on behind what is in the page cache.
  let start = next_miss(mapping, index + 1, most);
  if (start == u32.MAX_VALUE || start - index > most) return false;
  ra.start = start;
  ra.size = get_next_ra_size(start - index + wanted, most);
  ra.async_size = ra.size;
  return true;
}
