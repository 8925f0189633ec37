import { Errno } from "../include/errno";
import { Fadvise } from "../include/fcntl";
import { File } from "../include/fs";
import { AddressSpace } from "../include/pagemap";
import { PAGE_SHIFT, PAGE_SIZE } from "../include/mm_types";
import { Tp, enter, leave } from "../include/trace";
import { filemap_fdatawrite_range } from "./filemap_sync";
import { force_page_cache_ra } from "./readahead";
import { invalidate_mapping_pages } from "./truncate";
import { page_cache } from "./filemap_wait";

/** Lets go of the pages that lie in a range as a whole; dirty ones are only begun to be written. */
function dont_need(mapping: AddressSpace, offset: i64, last: i64): void {
  filemap_fdatawrite_range(mapping, offset, last, false);
  let first = (offset + (PAGE_SIZE - 1)) >> PAGE_SHIFT;
  let end = last >> PAGE_SHIFT;
  // The page that the range ends in stays, unless the range ends with it or the file.
  if ((last + 1) & (PAGE_SIZE - 1) && last != mapping.host.i_size - 1) end--;
  if (end >= first) invalidate_mapping_pages(mapping, <u32>first, <u32>min<i64>(end, u32.MAX_VALUE));
}

/** Reads the pages of a range that are not in the page cache, and does not wait. */
function will_need(file: File, mapping: AddressSpace, offset: i64, last: i64): void {
  let first = (<u64>offset) >> PAGE_SHIFT;
  if (first > u32.MAX_VALUE || offset >= mapping.host.i_size) return;
  let count = ((<u64>last) >> PAGE_SHIFT) - first + 1;
  force_page_cache_ra(mapping, file.f_ra, <u32>first, <u32>min<u64>(count, u32.MAX_VALUE));
}

/**
 * A program says how it will use bytes of a file.
 *
 * @param length  0: up to the end.
 * @returns       0; -EINVAL. @kernel generic_fadvise(), mm/fadvise.c
 */
export function generic_fadvise(file: File, offset: i64, length: i64, advice: u32): i64 {
  if (length < 0 || advice > <u32>Fadvise.NOREUSE) return -Errno.EINVAL;
  let mapping = file.f_mapping;
  if (!mapping) return 0;
  enter(Tp.generic_fadvise, changetype<usize>(mapping.host), advice, 0);
  // Unsigned: where the sum is too large, the range has no end.
  let end = <u64>offset + <u64>length;
  let last = !length || end < <u64>length ? i64.MAX_VALUE : <i64>(end - 1);
  let ra = file.f_ra;
  switch (advice) {
    case Fadvise.NORMAL:
      ra.ra_pages = page_cache().ra_pages;
      ra.random = 0;
      break;
    case Fadvise.RANDOM:
      ra.random = 1;
      break;
    case Fadvise.SEQUENTIAL:
      ra.ra_pages = page_cache().ra_pages << 1;
      ra.random = 0;
      break;
    case Fadvise.WILLNEED:
      will_need(file, mapping, offset, last);
      break;
    case Fadvise.DONTNEED:
      dont_need(mapping, offset, last);
  }
  return leave<i64>(0);
}
