import { inode_io_list_del } from "./fs_writeback";
import { Inode } from "../include/inode";
import { PAGE_SHIFT, PAGE_SIZE } from "../include/mm_types";
import { StatMode } from "../include/stat";
import { address_space_init } from "../mm/filemap";
import { disk_free_extent, disk_truncate_extent } from "../drivers/disk_extent";
import { fs_state } from "./internal";
import { get_next_ino } from "./inode";
import { inode_dio_wait, inode_lock, inode_unlock } from "../mm/inode_lock";
import { kfree, kmalloc, kmem_cache_free, kmem_cache_zalloc } from "../mm/slab";
import { truncate_pagecache, truncate_partial_folio, zero_behind_end } from "../mm/truncate";
import { next_data, unmap_pages } from "./flatfs_map";

/**
 * Makes a file of any kind under a name, which nothing else may have.
 *
 * @param mode  StatMode bits.
 * @returns     null if memory is exhausted.
 */
export function new_inode(name: usize, length: u32, mode: u32): Inode | null {
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
  inode.i_io_list.init();
  inode.i_wb_list.init();
  let regular = (mode & StatMode.IFMT) == StatMode.IFREG;
  address_space_init(inode.i_mapping, inode, regular ? state.flatfs_aops : null);
  state.inodes.add_tail(inode.i_list);
  return inode;
}

/** Drops a reference; with the last one the file is gone. @kernel iput(), evict(), fs/inode.c */
export function iput(inode: Inode): void {
  if (--inode.i_count) return;
  // Whoever reads or writes a page holds a reference: nobody does.
  truncate_pagecache(inode.i_mapping, 0);
  inode_io_list_del(inode);
  unmap_pages(inode, 0);
  disk_free_extent(inode.i_sector);
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

/** Takes the places on the disk away of what lies behind the end. @kernel ext4_truncate(), fs/ext4/inode.c */
export function unmap_behind_end(inode: Inode): void {
  let end = (inode.i_size + (PAGE_SIZE - 1)) >> PAGE_SHIFT;
  unmap_pages(inode, <u32>end);
  if (inode.i_sector) disk_truncate_extent(inode.i_sector, end << PAGE_SHIFT);
}

/** True if a byte of a file has a place on the disk; what has none is zeros. */
function has_place(inode: Inode, pos: i64): bool {
  let index = <u32>(pos >> PAGE_SHIFT);
  return next_data(inode, index) == index;
}

/** Changes the size, with the file to oneself. */
function setsize(inode: Inode, size: i64): i64 {
  let mapping = inode.i_mapping;
  if (size > inode.i_size) {
    zero_behind_end(mapping);
    inode.i_size = size;
    return 0;
  }
  let result = inode_dio_wait(inode);
  if (result) return result;
  if (size < inode.i_size) {
    if (has_place(inode, size)) result = truncate_partial_folio(mapping, size);
    if (result) return result;
    inode.i_size = size;
  }
  result = truncate_pagecache(mapping, size);
  if (result) return result;
  unmap_behind_end(inode);
  return 0;
}

/**
 * Makes a regular file shorter or longer. What lies behind its old end is zeros.
 *
 * @returns  0; -EIO, -ENOMEM: the page that it would end in could not be read; SLEEPING: the call is to be made again.
 * @kernel do_truncate(), fs/open.c; ext4_setattr(), fs/ext4/inode.c
 */
export function do_truncate(inode: Inode, size: i64): i64 {
  let result = inode_lock(inode);
  return result ? result : inode_unlock(inode, setsize(inode, size));
}
