import { File } from "../include/fs";
import { ListHead } from "../include/list";
import { PAGE_SHIFT, PAGE_SIZE, page_address } from "../include/mm_types";
import { XArray, XaNode, xa_erase, xa_find, xa_load, xa_store } from "../lib/xarray";
import { alloc_pages, free_page } from "../mm/page_alloc";
import { fs_state } from "./internal";
import { kfree, kmalloc, kzalloc } from "../mm/slab";

/*
 * A regular file is a name, a size and pages. A page exists once it has been written to; until then its bytes are made
 * from the file's seed whenever they are read, and are zeros beyond what the file was born with.
 */

/** Greatest size of a file: page numbers have 32 bits. Unit: bytes. */
export const MAX_FILE_SIZE: i64 = ((<i64>1) << 44) - 1;

/** A regular file. @kernel struct inode, include/linux/fs.h */
@unmanaged
export class Inode {
  // struct list_head i_list
  i_list_next: ListHead;
  i_list_prev: ListHead;
  /** Address of the name, which ends with a zero. */
  i_name: usize;
  /** Length of the name. Unit: bytes. */
  i_name_length: u32;
  /** Size of the file. Unit: bytes. */
  i_size: i64;
  /** What the bytes are made from that nobody has written. */
  i_seed: u64;
  /** Number of bytes, from the beginning, that are made from the seed; what lies behind them is zero. */
  i_generated: i64;
  // struct xarray i_pages
  i_pages_head: XaNode | null;

  /** Links the file into FsState.inodes. */
  @embed @inline get i_list(): ListHead {
    return changetype<ListHead>(changetype<usize>(this) + offsetof<Inode>("i_list_next"));
  }
  /** Pages that have been written to: addresses by page number. */
  @embed @inline get i_pages(): XArray {
    return changetype<XArray>(changetype<usize>(this) + offsetof<Inode>("i_pages_head"));
  }
  /** container_of(link, struct inode, i_list). */
  @inline static of_i_list(link: ListHead): Inode {
    return changetype<Inode>(changetype<usize>(link) - offsetof<Inode>("i_list_next"));
  }
}

/** The regular file that an open file is. @kernel file_inode(), include/linux/fs.h */
export function file_inode(file: File): Inode {
  return changetype<Inode>(file.private_data);
}

/** The file with a name, or null. */
export function find_inode(name: usize, length: u32): Inode | null {
  let inodes = fs_state().inodes;
  for (let link = inodes.next; link !== inodes; link = link.next) {
    let inode = Inode.of_i_list(link);
    if (inode.i_name_length == length && !memory.compare(inode.i_name, name, length)) return inode;
  }
  return null;
}

/**
 * Makes a file.
 *
 * @param size  number of bytes that it is born with, made from the seed; zeros if the seed is 0.
 * @returns     null if memory is exhausted.
 */
export function new_inode(name: usize, length: u32, size: i64, seed: u64): Inode | null {
  let address = kzalloc(offsetof<Inode>());
  let copy = kmalloc(length + 1);
  if (!address || !copy) {
    kfree(address);
    kfree(copy);
    return null;
  }
  memory.copy(copy, name, length);
  store<u8>(copy + length, 0);
  let inode = changetype<Inode>(address);
  inode.i_name = copy;
  inode.i_name_length = length;
  inode.i_size = size;
  inode.i_seed = seed;
  inode.i_generated = seed ? size : 0;
  fs_state().inodes.add_tail(inode.i_list);
  return inode;
}

/** Fills a page with what the file holds there as long as nobody has written to it. */
function generate(inode: Inode, index: u32, page: usize): void {
  let start = (<i64>index) << PAGE_SHIFT;
  let length = <usize>max<i64>(0, min<i64>(inode.i_generated - start, PAGE_SIZE));
  let word = inode.i_seed + ((<u64>start) >> 3);
  for (let at: usize = 0; at < length; at += 8) store<u64>(page + at, mix(word++));
  memory.fill(page + length, 0, PAGE_SIZE - length);
}

/** Spreads the bits of a number over 64. */
function mix(value: u64): u64 {
  value = (value ^ (value >> 32)) * 0x9e37_79b9_7f4a_7c15;
  value = (value ^ (value >> 29)) * 0xbf58_476d_1ce4_e5b9;
  return value ^ (value >> 32);
}

/** A page with what the file holds there, for the caller to free or keep; 0 if memory is exhausted. */
function generated_page(inode: Inode, index: u32): usize {
  let page = alloc_pages(0);
  if (!page) return 0;
  generate(inode, index, page_address(page));
  return page_address(page);
}

/** The page of a file to read from. It is to be given to put_page_read(). Returns 0 if memory is exhausted. */
export function get_page_read(inode: Inode, index: u32): usize {
  let page = xa_load(inode.i_pages, index);
  return page ? page : generated_page(inode, index);
}

/** Gives a page of get_page_read() back: it goes away if it was made only to be read. */
export function put_page_read(inode: Inode, index: u32, page: usize): void {
  if (!xa_load(inode.i_pages, index)) free_page(page);
}

/** The page of a file to write to; 0 if memory is exhausted. */
export function get_page_write(inode: Inode, index: u32): usize {
  let page = xa_load(inode.i_pages, index);
  if (page) return page;
  page = generated_page(inode, index);
  if (page && !xa_store(inode.i_pages, index, page)) return page;
  free_page(page);
  return 0;
}

/** Cuts a file to nothing. @kernel truncate_setsize(), mm/truncate.c */
export function truncate_inode(inode: Inode): void {
  let pages = inode.i_pages;
  for (let index = xa_find(pages, 0, u32.MAX_VALUE); index >= 0; index = xa_find(pages, 0, u32.MAX_VALUE)) {
    free_page(xa_erase(pages, <u32>index));
  }
  inode.i_size = 0;
  inode.i_generated = 0;
}
