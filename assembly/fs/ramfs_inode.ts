import { Errno } from "../include/errno";
import { Inode, get_next_ino } from "./inode";
import { PAGE_SHIFT, PAGE_SIZE, page_address } from "../include/mm_types";
import { alloc_pages, free_page } from "../mm/page_alloc";
import { fs_state } from "./internal";
import { kfree, kmalloc, kmem_cache_free, kmem_cache_zalloc } from "../mm/slab";
import { xa_erase, xa_find, xa_load, xa_store } from "../lib/xarray";

/*
 * A regular file is a name, a size and pages. A page exists once it has been written to; until then its bytes are made
 * from the file's seed whenever they are read, and are zeros beyond what the file was born with.
 */

/** Greatest size of a file: page numbers have 32 bits. Unit: bytes. */
export const MAX_FILE_SIZE: i64 = ((<i64>1) << 44) - 1;

/** Bytes as blocks of 512, of whole pages. */
function blocks_of(bytes: i64): i64 {
  return ((bytes + PAGE_SIZE - 1) >> PAGE_SHIFT) << (PAGE_SHIFT - 9);
}

/**
 * Makes a file of any kind under a name, which nothing else may have.
 *
 * @param mode  StatMode bits.
 * @param size  number of bytes that it is born with, made from the seed; zeros if the seed is 0.
 * @returns     null if memory is exhausted.
 */
export function new_inode(name: usize, length: u32, mode: u32, size: i64, seed: u64): Inode | null {
  let state = fs_state();
  let copy = kmalloc(length + 1);
  let address = copy ? kmem_cache_zalloc(state.inode_cachep) : 0;
  if (!address) {
    kfree(copy);
    return null;
  }
  memory.copy(copy, name, length);
  store<u8>(copy + length, 0);
  let inode = changetype<Inode>(address);
  inode.i_name = copy;
  inode.i_name_length = length;
  inode.i_ino = get_next_ino();
  inode.i_mode = mode;
  inode.i_nlink = 1;
  inode.i_count = 1;
  inode.i_size = size;
  inode.i_blocks = seed ? blocks_of(size) : 0;
  inode.i_seed = seed;
  inode.i_generated = seed ? size : 0;
  state.inodes.add_tail(inode.i_list);
  return inode;
}

/** Drops a reference; with the last one the file is gone. @kernel iput(), fs/inode.c */
export function iput(inode: Inode): void {
  if (--inode.i_count) return;
  truncate_inode(inode);
  kmem_cache_free(fs_state().inode_cachep, changetype<usize>(inode));
}

/** Takes the name of a file away; who has it open keeps it. @kernel simple_unlink(), fs/libfs.c */
export function unlink_inode(inode: Inode): void {
  inode.i_list.del_init();
  kfree(inode.i_name);
  inode.i_name = 0;
  inode.i_name_length = 0;
  inode.i_nlink = 0;
  iput(inode);
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
  let page = xa_load(inode.i_mapping.i_pages, index);
  return page ? page : generated_page(inode, index);
}

/** Gives a page of get_page_read() back: it goes away if it was made only to be read. */
export function put_page_read(inode: Inode, index: u32, page: usize): void {
  if (!xa_load(inode.i_mapping.i_pages, index)) free_page(page);
}

/** The page of a file to write to; 0 if memory is exhausted. */
export function get_page_write(inode: Inode, index: u32): usize {
  let page = xa_load(inode.i_mapping.i_pages, index);
  if (page) return page;
  page = generated_page(inode, index);
  if (!page || xa_store(inode.i_mapping.i_pages, index, page)) {
    free_page(page);
    return 0;
  }
  if ((<i64>index) << PAGE_SHIFT >= inode.i_generated) inode.i_blocks += blocks_of(1);
  return page;
}

/** Cuts a file to nothing. @kernel truncate_setsize(), mm/truncate.c */
export function truncate_inode(inode: Inode): void {
  let pages = inode.i_mapping.i_pages;
  for (let index = xa_find(pages, 0, u32.MAX_VALUE); index >= 0; index = xa_find(pages, 0, u32.MAX_VALUE)) {
    free_page(xa_erase(pages, <u32>index));
  }
  inode.i_size = 0;
  inode.i_blocks = 0;
  inode.i_generated = 0;
}

/**
 * Puts bytes into a file, for the world outside.
 *
 * @returns  0, -ENOMEM.
 */
export function fill_inode(inode: Inode, pos: i64, from: usize, length: usize): i32 {
  while (length) {
    let offset = (<usize>pos) & (PAGE_SIZE - 1);
    let bytes = min(length, PAGE_SIZE - offset);
    let page = get_page_write(inode, <u32>(pos >> PAGE_SHIFT));
    if (!page) return -Errno.ENOMEM;
    memory.copy(page + offset, from, bytes);
    pos += bytes;
    from += bytes;
    length -= bytes;
    inode.i_size = max(inode.i_size, pos);
  }
  return 0;
}
