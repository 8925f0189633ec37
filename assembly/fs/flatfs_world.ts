import { Errno } from "../include/errno";
import { Inode } from "../include/inode";
import { PAGE_SIZE } from "../include/mm_types";
import { StatMode } from "../include/stat";
import { disk_alloc_extent, disk_peek } from "../drivers/disk_extent";
import { disk_fail_next } from "../drivers/disk_fault";
import { find_inode } from "./inode";

/*
 * What the world outside can do to a file behind the kernel's back: look at the disk where it lies, and break the disk there.
 */

/** Last sector that a file can have. */
const LAST_SECTOR: u64 = ((<u64>1) << 35) - 1;

/** The regular file with a name; null if there is none. */
function regular_file(name: usize, length: u32): Inode | null {
  let inode = find_inode(name, length);
  return inode && (inode.i_mode & StatMode.IFMT) == StatMode.IFREG ? inode : null;
}

/**
 * From now on, sectors of a file cannot be read, or written.
 *
 * @param name    address of its name in the linear memory.
 * @param length  length of the name; 0: the sectors are those of the disk.
 * @param op      ReqOp.
 * @param first   first sector.
 * @param last    last sector.
 * @param count   how many bios fail.
 * @returns       0; -ENOENT if there is no such file; -ENOMEM.
 */
export function flatfs_fail_next(name: usize, length: u32, op: u32, first: u64, last: u64, count: u32): i32 {
  if (!length) return disk_fail_next(op, first, last, count);
  let inode = regular_file(name, length);
  if (!inode) return -Errno.ENOENT;
  if (!inode.i_sector) inode.i_sector = disk_alloc_extent(0, 0);
  if (!inode.i_sector) return -Errno.ENOMEM;
  return disk_fail_next(op, inode.i_sector + first, inode.i_sector + min<u64>(last, LAST_SECTOR), count);
}

/** Size of a regular file. Unit: bytes; -1: there is none of that name. Changes nothing. */
export function flatfs_size(name: usize, length: u32): i64 {
  let inode = regular_file(name, length);
  return inode ? inode.i_size : -1;
}

/**
 * Looks at what lies on the disk where a file does, whatever the page cache holds. Changes nothing.
 *
 * @param offset  Unit: bytes, a multiple of 4096; also `bytes`.
 * @returns       false if there is no regular file of that name.
 */
export function flatfs_peek(name: usize, length: u32, offset: u64, to: usize, bytes: usize): bool {
  let inode = regular_file(name, length);
  if (!inode) return false;
  assert(((offset | bytes) & (PAGE_SIZE - 1)) == 0, "the disk is looked at in whole blocks");
  if (inode.i_sector) disk_peek(inode.i_sector, offset, to, bytes);
  else memory.fill(to, 0, bytes);
  return true;
}
