import { AddressSpace, PAGECACHE_TAG_WRITEBACK } from "../include/pagemap";
import { File, FilePages } from "../include/fs";
import { PAGE_SHIFT } from "../include/mm_types";
import { filemap_get_folio } from "./filemap";
import { folio_wait_writeback } from "./filemap_wait";
import { do_writepages } from "./page_writeback";
import { BdiWriteback } from "../include/writeback";
import { SLEEPING } from "../include/sched";
import { kernel } from "../include/kernel";
import { errseq_check_and_advance, errseq_sample, errseq_set } from "../lib/errseq";
import { xa_find_marked } from "../lib/xarray";

/*
 * Errors of writing come when nobody is there to be told. AddressSpace.wb_err keeps the last one and counts them; each
 * open file remembers which it has told of.
 */

/** Where the errors of the file system are counted. */
function s_wb_err(): usize {
  return kernel.wb + offsetof<BdiWriteback>("s_wb_err");
}

/** A page could not be written. @param error -errno. @kernel mapping_set_error(), include/linux/pagemap.h */
export function mapping_set_error(mapping: AddressSpace, error: i32): void {
  errseq_set(changetype<usize>(mapping) + offsetof<AddressSpace>("wb_err"), error);
  errseq_set(s_wb_err(), error);
}

/** Where an open file begins to be told of errors of its file system. @kernel file_sample_sb_err(), include/linux/fs.h */
export function sample_sb_err(): u32 {
  return errseq_sample(s_wb_err());
}

/** What went wrong in the file system since an open file was last told. @returns 0, -EIO, -ENOSPC. @kernel sys_syncfs() */
export function check_and_advance_sb_err(file: File): i64 {
  let pages = file.f_pages;
  return pages ? errseq_check_and_advance(s_wb_err(), changetype<usize>(pages) + offsetof<FilePages>("sb_err")) : 0;
}

/** Where an open file begins to be told of errors. @kernel filemap_sample_wb_err(), include/linux/pagemap.h */
export function filemap_sample_wb_err(mapping: AddressSpace): u32 {
  return errseq_sample(changetype<usize>(mapping) + offsetof<AddressSpace>("wb_err"));
}

/**
 * What went wrong since the last time that this was asked of an open file.
 *
 * @returns  0, -EIO, -ENOSPC. @kernel file_check_and_advance_wb_err(), mm/filemap.c
 */
export function file_check_and_advance_wb_err(file: File): i64 {
  let pages = file.f_pages!;
  return errseq_check_and_advance(
    changetype<usize>(pages.mapping) + offsetof<AddressSpace>("wb_err"),
    changetype<usize>(pages) + offsetof<FilePages>("wb_err"),
  );
}

/** Number of the page of the last byte of a range. */
function last_page(end: i64): u32 {
  return <u32>min<i64>(end >> PAGE_SHIFT, u32.MAX_VALUE);
}

/**
 * Lets the dirty pages of a range be written, and does not wait.
 *
 * @param start, end  first and last byte.
 * @returns           0, -ENOMEM. @kernel __filemap_fdatawrite_range(), mm/filemap.c
 */
export function filemap_fdatawrite_range(mapping: AddressSpace, start: i64, end: i64, sync: bool): i64 {
  return do_writepages(mapping, <u32>(start >> PAGE_SHIFT), last_page(end), sync);
}

/** CallState.synced: number of the page that is to be looked at next. */
const NEXT_PAGE: u64 = (1 << 40) - 1;
/** CallState.synced: what is dirty has been written twice. */
const SECOND_ROUND: u64 = 1 << 40;

/**
 * Waits for the pages of a range that are being written, one after the other. A page that the task has slept for is done
 * with, even if it is being written again by now: else an endless writer would make it wait for ever.
 *
 * @returns  0; SLEEPING: how far it has come stands in CallState.synced.
 */
function wait_for_pages(mapping: AddressSpace, start: i64, end: i64): i64 {
  let task = kernel.cpu.curr!;
  let first = max((<u64>start) >> PAGE_SHIFT, task.synced & NEXT_PAGE);
  let last = last_page(end);
  let at = first > last ? -1 : xa_find_marked(mapping.i_pages, <u32>first, last, PAGECACHE_TAG_WRITEBACK);
  if (at < 0) return 0;
  task.synced = (task.synced & SECOND_ROUND) | (<u64>at + 1);
  return folio_wait_writeback(filemap_get_folio(mapping, <u32>at)!);
}

/** Waits until pages of a range are written that are being written. @returns 0; SLEEPING. @kernel filemap_fdatawait_range() */
export function filemap_fdatawait_range(mapping: AddressSpace, start: i64, end: i64): i64 {
  let result = wait_for_pages(mapping, start, end);
  if (!result) kernel.cpu.curr!.synced = 0;
  return result;
}

/**
 * Writes the dirty pages of a range and waits until they are on the disk. What was being written when that began may have
 * been stored to since, so there is a second round; what becomes dirty later, nobody has asked for.
 *
 * @param start, end  first and last byte.
 * @returns           0, -ENOMEM; SLEEPING: the call is to be made again. Whether all went well, the mapping's wb_err tells.
 * @kernel filemap_write_and_wait_range(), mm/filemap.c
 */
export function filemap_write_and_wait_range(mapping: AddressSpace, start: i64, end: i64): i64 {
  if (end < start) return 0;
  let task = kernel.cpu.curr!;
  while (true) {
    let error = task.synced & NEXT_PAGE ? 0 : filemap_fdatawrite_range(mapping, start, end, true);
    let result = error ? error : wait_for_pages(mapping, start, end);
    if (result == SLEEPING) return result;
    // Without having slept, nothing was being written.
    let over = result != 0 || !task.synced || (task.synced & SECOND_ROUND) != 0;
    task.synced = over ? 0 : SECOND_ROUND;
    if (over) return result;
  }
}
