import { AddressSpace, AddressSpaceOperations, PAGECACHE_TAG_DIRTY } from "../include/pagemap";
import { BIO_MAX_VECS, Bio, BioVec, ReqOp, SECTOR_SHIFT } from "../include/blkdev";
import { Errno } from "../include/errno";
import { Folio, PAGE_SHIFT, PAGE_SIZE, PageFlags, folio_address, virt_to_folio } from "../include/mm_types";
import { Inode } from "../include/inode";
import { bio_add_page, bio_alloc, bio_end_sector, bio_put } from "../block/bio";
import { blk_finish_plug, blk_start_plug, submit_bio } from "../block/blk_core";
import { data_ready } from "../include/phase";
import { disk_alloc_extent } from "../drivers/disk_extent";
import { filemap_get_folio } from "../mm/filemap";
import { folio_clear_dirty_for_io, folio_mark_dirty, folio_start_writeback } from "../mm/page_writeback";
import { folio_get, folio_put } from "../mm/page_alloc";
import { folio_end_read, folio_end_writeback } from "../mm/filemap_wait";
import { iomap_dio_rw } from "./direct_io";
import { ihold } from "./inode";
import { iput } from "./flatfs_inode";
import { kzalloc } from "../mm/slab";
import { map_pages, next_data, next_hole } from "./flatfs_map";
import { mapping_set_error } from "../mm/filemap_sync";
import { xa_find_marked } from "../lib/xarray";

/*
 * How pages of files get from the disk into the page cache, and back. Each bio holds a reference to its file.
 */

/** What the page cache asks of this file system. */
export function make_flatfs_aops(): AddressSpaceOperations {
  let aops = changetype<AddressSpaceOperations>(kzalloc(offsetof<AddressSpaceOperations>()));
  aops.read_folios = flatfs_read_folios.index;
  aops.write_begin = flatfs_write_begin.index;
  aops.writepages = flatfs_writepages.index;
  aops.direct_IO = iomap_dio_rw.index;
  return aops;
}

/** The first sector of a page of a file. */
function sector_of(inode: Inode, index: u32): u64 {
  return inode.i_sector + ((<u64>index) << (PAGE_SHIFT - SECTOR_SHIFT));
}

/** A bio for pages of a file from one on; null if memory is exhausted. */
function bio_of(inode: Inode, op: ReqOp, index: u32, pages: u32): Bio | null {
  let bio = bio_alloc(pages, op);
  if (!bio) return null;
  bio.bi_sector = sector_of(inode, index);
  bio.bi_private = changetype<usize>(ihold(inode));
  bio.bi_end_io = op == ReqOp.READ ? flatfs_end_read.index : flatfs_end_write.index;
  return bio;
}

/** The disk is done with a bio: calls back for each of its folios; then the bio is gone. */
function for_each_folio(bio: Bio, write: bool): void {
  let inode = changetype<Inode>(bio.bi_private);
  let status = bio.bi_status;
  for (let i: u32 = 0; i < <u32>bio.bi_vcnt; i++) {
    let piece = changetype<BioVec>(bio.bi_io_vec + <usize>i * offsetof<BioVec>());
    for (let at: usize = 0; at < piece.bv_len; at += PAGE_SIZE) {
      let folio = virt_to_folio(piece.bv_address + at);
      if (write) folio_end_writeback(folio);
      else folio_end_read(folio, !status);
    }
  }
  bio_put(bio);
  iput(inode);
}

/** The disk has read, or could not. @kernel mpage_read_end_io(), fs/mpage.c */
function flatfs_end_read(bio: Bio): void {
  if (!bio.bi_status) data_ready(bio.bi_private, bio.bi_size);
  for_each_folio(bio, false);
}

/** The disk has written, or could not: then what was to be written is lost. @kernel mpage_write_end_io(), fs/mpage.c */
function flatfs_end_write(bio: Bio): void {
  if (bio.bi_status) mapping_set_error(changetype<Inode>(bio.bi_private).i_mapping, bio.bi_status);
  for_each_folio(bio, true);
}

/** Asks the disk for neighbouring pages that have a place there. @returns 0, -ENOMEM. */
function read_run(inode: Inode, index: u32, count: u32): i32 {
  let bio = bio_of(inode, ReqOp.READ, index, count);
  if (!bio) return -Errno.ENOMEM;
  for (let i: u32 = 0; i < count; i++) {
    bio_add_page(bio, folio_address(filemap_get_folio(inode.i_mapping, index + i)!), <u32>PAGE_SIZE);
  }
  submit_bio(bio);
  return 0;
}

/** The reading of locked folios is over: they are zeros, or could not be read. */
function end_run(mapping: AddressSpace, index: u32, end: u32, success: bool): void {
  for (; index < end; index++) {
    let folio = filemap_get_folio(mapping, index)!;
    if (success) memory.fill(folio_address(folio), 0, PAGE_SIZE);
    folio_end_read(folio, success);
  }
}

/** Reads folios that are in the page cache, locked: AddressSpaceOperations.read_folios. @kernel ext4_mpage_readpages() */
function flatfs_read_folios(mapping: AddressSpace, index: u32, count: u32): i32 {
  let inode = mapping.host;
  let end = index + count;
  let error = 0;
  blk_start_plug();
  while (index < end && !error) {
    let stop = min(end, next_hole(inode, index));
    if (stop > index) {
      stop = min(stop, index + BIO_MAX_VECS);
      error = read_run(inode, index, stop - index);
    } else {
      stop = min(end, next_data(inode, index));
      end_run(mapping, index, stop, true);
    }
    if (!error) index = stop;
  }
  blk_finish_plug();
  end_run(mapping, index, end, false);
  return error;
}

/** Gives pages from one to another (not included) places on the disk. @returns 0, -ENOMEM, -ENOSPC. */
export function reserve_pages(inode: Inode, from: u32, to: u32): i32 {
  if (!inode.i_sector) inode.i_sector = disk_alloc_extent(0, 0);
  if (!inode.i_sector) return -Errno.ENOMEM;
  let error = 0;
  for (let hole = next_hole(inode, from); hole < to && !error; hole = next_hole(inode, hole)) {
    error = map_pages(inode, hole, min(to, next_data(inode, hole)));
  }
  return error;
}

/** Gives a page a place on the disk: AddressSpaceOperations.write_begin. @kernel ext4_da_write_begin(), fs/ext4/inode.c */
function flatfs_write_begin(mapping: AddressSpace, index: u32): i32 {
  return reserve_pages(mapping.host, index, index + 1);
}

/** What lies behind the end of a file is zeros on the disk, whatever a mapping has stored there. */
function zero_tail(inode: Inode, folio: Folio): void {
  let start = (<i64>folio.index) << PAGE_SHIFT;
  if (start + PAGE_SIZE <= inode.i_size) return;
  let length = <usize>max<i64>(0, inode.i_size - start);
  memory.fill(folio_address(folio) + length, 0, PAGE_SIZE - length);
}

/** Number of the first dirty folio from one to another (included); -1: there is none. */
function next_dirty(mapping: AddressSpace, from: i64, to: u32): i64 {
  return from > <i64>to ? -1 : xa_find_marked(mapping.i_pages, <u32>from, to, PAGECACHE_TAG_DIRTY);
}

/**
 * A folio that is no longer dirty is to be written: together with those of a bio if it follows them, else with a new one.
 *
 * @returns  the bio that it is part of; null if memory is exhausted: it is dirty again.
 */
function add_to_bio(inode: Inode, folio: Folio, bio: Bio | null): Bio | null {
  let index = folio.index;
  if (bio && (bio_end_sector(bio) != sector_of(inode, index) || bio.bi_vcnt == bio.bi_max_vecs)) {
    submit_bio(bio);
    bio = null;
  }
  if (!bio) bio = bio_of(inode, ReqOp.WRITE, index, min(inode.i_mapping.nrpages, BIO_MAX_VECS));
  if (!bio) {
    folio_mark_dirty(folio);
    return null;
  }
  zero_tail(inode, folio);
  folio_start_writeback(folio);
  bio_add_page(bio, folio_address(folio), <u32>PAGE_SIZE);
  return bio;
}

/** Writes the dirty folios of a range: AddressSpaceOperations.writepages. @kernel ext4_writepages(), fs/ext4/inode.c */
function flatfs_writepages(mapping: AddressSpace, from: u32, to: u32, sync: bool): i32 {
  let bio: Bio | null = null;
  let error = 0;
  blk_start_plug();
  for (let at = next_dirty(mapping, from, to); at >= 0 && !error; at = next_dirty(mapping, at + 1, to)) {
    let folio = filemap_get_folio(mapping, <u32>at)!;
    // Taking memory for a bio takes folios away that are clean, and that nobody refers to.
    folio_get(folio);
    // What is being written already is waited for, and written again if need be, by whoever has to be sure.
    if (!(folio.flags & PageFlags.WRITEBACK) && folio_clear_dirty_for_io(folio)) {
      bio = add_to_bio(mapping.host, folio, bio);
      if (!bio) error = -Errno.ENOMEM;
    }
    folio_put(folio);
  }
  if (bio) submit_bio(bio);
  blk_finish_plug();
  return error;
}
