import { CacheType, PAGE_SHIFT } from "../include/mm_types";
import { DiskExtent, disk } from "./disk_types";
import { Bio, REQ_OP_MASK, ReqOp, SECTOR_SHIFT } from "../include/blkdev";
import { Errno } from "../include/errno";
import { forget_bytes, load_bytes, store_bytes } from "./disk_store";
import { cache_of, kmem_cache_free, kmem_cache_zalloc } from "../mm/slab";
import { xa_erase, xa_load, xa_store } from "../lib/xarray";

/*
 * Which file lies where. The disk is as large as addresses reach, so every file has a stretch of sectors of its own that
 * no file outgrows, and a file system needs no map of blocks.
 *
 * Differs from Linux: a file system of its disks divides them into blocks, and says in each file which ones it has. For
 * the time that the head takes, the files lie side by side, each in as much room as it was born with.
 */

/** Binary logarithm of the number of sectors of an extent. */
const EXTENT_SHIFT: u32 = 32 + PAGE_SHIFT - SECTOR_SHIFT;
/** The platters are given to files in pieces of 1 MiB. Unit: binary logarithm of blocks. */
const PLATTER_SHIFT: u32 = 8;

/** The extent that a sector belongs to; null if it belongs to none. */
export function extent_of(sector: u64): DiskExtent | null {
  let number = sector >> EXTENT_SHIFT;
  if (number > u32.MAX_VALUE) return null;
  return changetype<DiskExtent | null>(xa_load(disk().extents, <u32>number));
}

/** Where a sector lies in its extent. Unit: bytes. */
export function extent_offset(sector: u64): u64 {
  return (sector & (((<u64>1) << EXTENT_SHIFT) - 1)) << SECTOR_SHIFT;
}

/**
 * Finds room for a file: 2^32 blocks.
 *
 * @param seed  what the bytes are made from that the file is born with.
 * @param born  how many these are; behind them, all is zeros.
 * @returns     its first sector; 0 if memory is exhausted.
 */
export function disk_alloc_extent(seed: u64, born: u64): u64 {
  let address = kmem_cache_zalloc(cache_of(CacheType.DiskExtent));
  if (!address) return 0;
  let state = disk();
  let extent = changetype<DiskExtent>(address);
  extent.number = state.last_extent + 1;
  extent.seed = seed;
  extent.born = born;
  extent.platter = state.platter_used;
  if (xa_store(state.extents, extent.number, address)) {
    kmem_cache_free(cache_of(CacheType.DiskExtent), address);
    return 0;
  }
  state.last_extent++;
  state.platter_used += (((born >> PAGE_SHIFT) >> PLATTER_SHIFT) + 1) << PLATTER_SHIFT;
  return (<u64>extent.number) << EXTENT_SHIFT;
}

/** Gives the room of a file back; what lay there is gone. No command may be on its way there. */
export function disk_free_extent(sector: u64): void {
  let extent = extent_of(sector);
  if (!extent) return;
  forget_bytes(extent, 0);
  xa_erase(disk().extents, extent.number);
  kmem_cache_free(cache_of(CacheType.DiskExtent), changetype<usize>(extent));
}

/** A file is cut off at an offset: behind it, all is zeros. Unit: bytes. */
export function disk_truncate_extent(sector: u64, offset: u64): void {
  let extent = extent_of(sector);
  if (extent) forget_bytes(extent, offset);
}

/** Number of blocks of 4 KiB that the disk keeps for a file: those that were written, and those it was born with. */
export function disk_extent_blocks(sector: u64): u64 {
  let extent = extent_of(sector);
  if (!extent) return 0;
  return max<u64>(extent.stored, (extent.born + ((1 << PAGE_SHIFT) - 1)) >> PAGE_SHIFT);
}

/**
 * The disk's side of a piece of a bio: bytes of it, from an offset on, lie at an address.
 *
 * @returns  0; -EIO where there is nothing; -ENOSPC if the disk is full.
 */
export function disk_move(bio: Bio, offset: u32, address: usize, bytes: u32): i32 {
  let extent = extent_of(bio.bi_sector);
  if (!extent) return -Errno.EIO;
  let at = extent_offset(bio.bi_sector) + offset;
  if ((bio.bi_opf & REQ_OP_MASK) == ReqOp.READ) {
    load_bytes(extent, at, address, bytes);
    disk().bytes_read += bytes;
    return 0;
  }
  if (!store_bytes(extent, at, address, bytes)) return -Errno.ENOSPC;
  disk().bytes_written += bytes;
  return 0;
}

/**
 * The world outside puts bytes on the disk: no time passes, nothing is counted.
 *
 * @param offset  Unit: bytes.
 * @returns       false if the disk is full.
 */
export function disk_fill(sector: u64, offset: u64, from: usize, bytes: usize): bool {
  let extent = extent_of(sector);
  return extent !== null && store_bytes(extent, offset, from, bytes);
}

/** The world outside looks at what lies on the disk. Offset and length are multiples of 512 bytes. Changes nothing. */
export function disk_peek(sector: u64, offset: u64, to: usize, bytes: usize): void {
  let extent = extent_of(sector);
  if (extent) load_bytes(extent, offset, to, bytes);
  else memory.fill(to, 0, bytes);
}
