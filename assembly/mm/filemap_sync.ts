import { AddressSpace } from "../include/pagemap";
import { File } from "../include/fs";
import { PAGE_SHIFT } from "../include/mm_types";
import { filemap_get_folio } from "./filemap";
import { folio_wait_writeback } from "./filemap_wait";
import { xa_find, xa_find_after } from "../lib/xarray";

/*
 * Errors of writing come when nobody is there to be told. AddressSpace.wb_err keeps the last one and counts them; each
 * open file remembers which it has told of.
 */

/** The bits of wb_err that are the errno; the others count. */
const ERRNO_MASK: u32 = 0xfff;

/** A page could not be written. @param error -errno. @kernel mapping_set_error(), include/linux/pagemap.h */
export function mapping_set_error(mapping: AddressSpace, error: i32): void {
  mapping.wb_err = ((mapping.wb_err & ~ERRNO_MASK) + ERRNO_MASK + 1) | (<u32>-error);
}

/**
 * What went wrong since the last time that this was asked of an open file.
 *
 * @returns  0, -EIO, -ENOSPC. @kernel file_check_and_advance_wb_err(), mm/filemap.c
 */
export function file_check_and_advance_wb_err(file: File): i64 {
  let mapping = file.f_mapping!;
  if (file.f_wb_err == mapping.wb_err) return 0;
  file.f_wb_err = mapping.wb_err;
  return -(<i64>(mapping.wb_err & ERRNO_MASK));
}

/**
 * Lets the dirty pages of a range be written, and does not wait.
 *
 * @param start, end  first and last byte.
 * @returns           0, -ENOMEM. @kernel __filemap_fdatawrite_range(), mm/filemap.c
 */
export function filemap_fdatawrite_range(mapping: AddressSpace, start: i64, end: i64, sync: bool): i64 {
  if (!mapping.nrpages) return 0;
  let writepages = mapping.a_ops!.writepages;
  return call_indirect<i32>(writepages, mapping, <u32>(start >> PAGE_SHIFT), <u32>(end >> PAGE_SHIFT), sync);
}

/** Waits until pages of a range are written that are being written. @returns 0; SLEEPING. @kernel filemap_fdatawait_range() */
export function filemap_fdatawait_range(mapping: AddressSpace, start: i64, end: i64): i64 {
  let pages = mapping.i_pages;
  let last = <u32>(end >> PAGE_SHIFT);
  for (let at = xa_find(pages, <u32>(start >> PAGE_SHIFT), last); at >= 0; at = xa_find_after(pages, <u32>at, last)) {
    let folio = filemap_get_folio(mapping, <u32>at);
    let result = folio ? folio_wait_writeback(folio) : 0;
    if (result) return result;
  }
  return 0;
}

/**
 * Writes the dirty pages of a range and waits until they are on the disk.
 *
 * @param start, end  first and last byte.
 * @returns           0, -ENOMEM; SLEEPING: the call is to be made again. Whether all went well, the mapping's wb_err tells.
 * @kernel filemap_write_and_wait_range(), mm/filemap.c
 */
export function filemap_write_and_wait_range(mapping: AddressSpace, start: i64, end: i64): i64 {
  if (end < start) return 0;
  let error = filemap_fdatawrite_range(mapping, start, end, true);
  return error ? error : filemap_fdatawait_range(mapping, start, end);
}
