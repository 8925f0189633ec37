import { Errno } from "../include/errno";
import { Inode } from "../include/inode";
import { PAGE_SHIFT } from "../include/mm_types";
import { kfree, kmalloc } from "../mm/slab";

/*
 * Which pages of a file have a place on the disk: extents, in order, that neither touch nor overlap. All other pages are
 * holes: zeros, which nobody reads from the disk.
 */

/** Pages of a file that have a place on the disk. @kernel struct extent_status, fs/ext4/extents_status.h */
@unmanaged
export class FlatExtent {
  /** First page. Unit: pages. */
  start: u32;
  /** The page behind the last. Unit: pages. */
  end: u32;
}

/** Room for so many extents is made first. */
const FIRST_EXTENTS: u32 = 4;
/** Greatest number of extents of a file. */
const MAX_EXTENTS: u32 = 1 << 17;

/** An extent by its number. */
function extent(inode: Inode, number: u32): FlatExtent {
  return changetype<FlatExtent>(inode.i_extents + <usize>number * offsetof<FlatExtent>());
}

/** Number of the first extent that ends behind a page; Inode.i_nr_extents if there is none. */
function find_extent(inode: Inode, index: u32): u32 {
  let low: u32 = 0;
  let high = inode.i_nr_extents;
  while (low < high) {
    let middle = (low + high) >> 1;
    if (extent(inode, middle).end > index) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** First page from one on that has a place; u32.MAX_VALUE if there is none. */
export function next_data(inode: Inode, index: u32): u32 {
  let number = find_extent(inode, index);
  return number == inode.i_nr_extents ? u32.MAX_VALUE : max(index, extent(inode, number).start);
}

/** First page from one on that has no place. */
export function next_hole(inode: Inode, index: u32): u32 {
  let number = find_extent(inode, index);
  if (number == inode.i_nr_extents || extent(inode, number).start > index) return index;
  return extent(inode, number).end;
}

/** Counts pages that get a place, or lose it. */
function account_pages(inode: Inode, pages: i64): void {
  inode.i_blocks += pages << (PAGE_SHIFT - 9);
}

/** Makes room for one extent more. @returns 0, -ENOMEM, -ENOSPC. */
function grow(inode: Inode): i32 {
  if (inode.i_nr_extents < inode.i_max_extents) return 0;
  let most = inode.i_max_extents ? inode.i_max_extents << 1 : FIRST_EXTENTS;
  if (most > MAX_EXTENTS) return -Errno.ENOSPC;
  let table = kmalloc(most * offsetof<FlatExtent>());
  if (!table) return -Errno.ENOMEM;
  memory.copy(table, inode.i_extents, inode.i_nr_extents * offsetof<FlatExtent>());
  kfree(inode.i_extents);
  inode.i_extents = table;
  inode.i_max_extents = most;
  return 0;
}

/** Moves the extents from a number on by one, up or down. */
function shift(inode: Inode, number: u32, by: i32): void {
  let from = changetype<usize>(extent(inode, number));
  let bytes = (inode.i_nr_extents - number) * offsetof<FlatExtent>();
  memory.copy(from + by * <i32>offsetof<FlatExtent>(), from, bytes);
  inode.i_nr_extents += by;
}

/**
 * Gives pages from one to another (not included), which have none, places on the disk.
 *
 * @returns  0, -ENOMEM, -ENOSPC.
 */
export function map_pages(inode: Inode, from: u32, to: u32): i32 {
  let next = find_extent(inode, from);
  let before = next > 0 && extent(inode, next - 1).end == from;
  let behind = next < inode.i_nr_extents && extent(inode, next).start == to;
  if (before && behind) {
    extent(inode, next - 1).end = extent(inode, next).end;
    shift(inode, next + 1, -1);
  } else if (before) extent(inode, next - 1).end = to;
  else if (behind) extent(inode, next).start = from;
  else {
    let error = grow(inode);
    if (error) return error;
    shift(inode, next, 1);
    extent(inode, next).start = from;
    extent(inode, next).end = to;
  }
  account_pages(inode, to - from);
  return 0;
}

/** Takes the places of all pages from one on away. */
export function unmap_pages(inode: Inode, from: u32): void {
  let number = find_extent(inode, from);
  for (let i = number; i < inode.i_nr_extents; i++) {
    let last = extent(inode, i);
    account_pages(inode, -(<i64>(last.end - max(from, last.start))));
  }
  if (number < inode.i_nr_extents && extent(inode, number).start < from) extent(inode, number++).end = from;
  inode.i_nr_extents = number;
  if (number) return;
  kfree(inode.i_extents);
  inode.i_extents = 0;
  inode.i_max_extents = 0;
}
