import { DiskExtent, disk } from "./disk_types";
import { PAGE_SHIFT, PAGE_SIZE } from "../include/mm_types";
import { alloc_device_page, free_device_page } from "../mm/page_alloc";

/*
 * What lies on the disk. A block of 4 KiB is kept in a frame of the devices' own once it was written to; until then its
 * bytes are made from the seed of its extent whenever they are read, straight to where they are wanted.
 *
 *   DiskExtent.table    height 2 reaches 2^20 blocks
 *         |
 *         v
 *   +---+---+-- ... --+
 *   | x |   |         |   1024 addresses of tables
 *   +-|-+---+-- ... --+
 *     v
 *   +---+---+-- ... --+
 *   |   | x |         |   1024 addresses of blocks
 *   +---+-|-+-- ... --+
 */

/** Binary logarithm of the number of addresses in a table. */
const TABLE_SHIFT: u32 = 10;
/** The bits of a block's number that choose an address in a table. */
const TABLE_MASK: u32 = (1 << TABLE_SHIFT) - 1;
/** A tree of so many levels reaches all blocks. */
const MAX_HEIGHT: u32 = 4;

/** True if the tree has a place for a block. */
function reaches(extent: DiskExtent, block: u32): bool {
  let height = extent.height;
  return height == MAX_HEIGHT || (height != 0 && block >> (height * TABLE_SHIFT) == 0);
}

/** Address of the place in a table that leads to a block. */
function place(table: usize, block: u32, level: u32): usize {
  return table + ((<usize>((block >> (level * TABLE_SHIFT)) & TABLE_MASK)) << 2);
}

/** The frame of a written block; 0 if it was never written. */
function find_block(extent: DiskExtent, block: u32): usize {
  if (!reaches(extent, block)) return 0;
  let at = extent.table;
  for (let level = extent.height; at && level > 0;) at = load<usize>(place(at, block, --level));
  return at;
}

/** A frame of zeros; 0 if there is none. */
function new_table(): usize {
  let table = alloc_device_page();
  if (table) memory.fill(table, 0, PAGE_SIZE);
  return table;
}

/** Puts tables on top until the tree has a place for a block. @returns whether there was memory for them. */
function grow(extent: DiskExtent, block: u32): bool {
  while (!reaches(extent, block)) {
    let table = new_table();
    if (!table) return false;
    store<usize>(table, extent.table);
    extent.table = table;
    extent.height++;
  }
  return true;
}

/** Address of the place that holds a block's address; 0 if there was no memory for the tables on the way. */
function place_of(extent: DiskExtent, block: u32): usize {
  if (!grow(extent, block)) return 0;
  let at = extent.table;
  for (let level = extent.height - 1; level > 0; level--) {
    let next = place(at, block, level);
    at = load<usize>(next);
    if (at) continue;
    at = new_table();
    if (!at) return 0;
    store<usize>(next, at);
  }
  return place(at, block, 0);
}

/** Spreads the bits of a number over 64. */
function mix(value: u64): u64 {
  value = (value ^ (value >> 32)) * 0x9e37_79b9_7f4a_7c15;
  value = (value ^ (value >> 29)) * 0xbf58_476d_1ce4_e5b9;
  return value ^ (value >> 32);
}

/** Makes what an extent holds where nobody has written. Offset and length are multiples of 512. */
function generate(extent: DiskExtent, offset: u64, to: usize, bytes: usize): void {
  let born = extent.born;
  let length = offset < born ? <usize>min<u64>(born - offset, bytes) : 0;
  let word = extent.seed + (offset >> 3);
  let end = to + length;
  for (let at = to; at < end; at += 8) store<u64>(at, mix(word++));
  if (length < bytes) memory.fill(end, 0, bytes - length);
}

/** Reads bytes of an extent. Offset and length are multiples of 512. */
export function load_bytes(extent: DiskExtent, offset: u64, to: usize, bytes: usize): void {
  while (bytes) {
    let within = (<usize>offset) & (PAGE_SIZE - 1);
    let part = min(bytes, PAGE_SIZE - within);
    let block = extent.stored ? find_block(extent, <u32>(offset >> PAGE_SHIFT)) : 0;
    if (block) memory.copy(to, block + within, part);
    else generate(extent, offset, to, part);
    offset += part;
    to += part;
    bytes -= part;
  }
}

/** The frame of a block, with what the block holds, to be written to; 0 if there is none left. */
function block_for_writing(extent: DiskExtent, number: u32, whole: bool): usize {
  let block = find_block(extent, number);
  if (block) return block;
  let at = place_of(extent, number);
  block = at ? alloc_device_page() : 0;
  if (!block) return 0;
  if (!whole) generate(extent, (<u64>number) << PAGE_SHIFT, block, PAGE_SIZE);
  store<usize>(at, block);
  extent.stored++;
  disk().stored++;
  return block;
}

/** Writes bytes of an extent, at any offset and of any length. @returns false if the disk is full. */
export function store_bytes(extent: DiskExtent, offset: u64, from: usize, bytes: usize): bool {
  while (bytes) {
    let within = (<usize>offset) & (PAGE_SIZE - 1);
    let part = min(bytes, PAGE_SIZE - within);
    let block = block_for_writing(extent, <u32>(offset >> PAGE_SHIFT), part == PAGE_SIZE);
    if (!block) return false;
    memory.copy(block + within, from, part);
    offset += part;
    from += part;
    bytes -= part;
  }
  return true;
}

/** Frees the blocks below a table from one on, and the table if nothing is left of it. @returns true if so. */
function free_below(extent: DiskExtent, table: usize, level: u32, from: u32): bool {
  let left = false;
  for (let i: u32 = 0; i <= TABLE_MASK; i++) {
    let at = table + ((<usize>i) << 2);
    let below = load<usize>(at);
    if (!below) continue;
    let shift = level * TABLE_SHIFT;
    let first = i << shift;
    if (level ? !free_below(extent, below, level - 1, from > first ? from - first : 0) : first < from) {
      left = true;
      continue;
    }
    if (!level) {
      free_device_page(below);
      extent.stored--;
      disk().stored--;
    }
    store<usize>(at, 0);
  }
  if (!left) free_device_page(table);
  return !left;
}

/** Forgets all bytes of an extent from an offset on: they are zeros. */
export function forget_bytes(extent: DiskExtent, offset: u64): void {
  if (extent.born > offset) extent.born = offset;
  if (!extent.table) return;
  let within = (<usize>offset) & (PAGE_SIZE - 1);
  let block = within ? find_block(extent, <u32>(offset >> PAGE_SHIFT)) : 0;
  if (block) memory.fill(block + within, 0, PAGE_SIZE - within);
  let from = (offset + PAGE_SIZE - 1) >> PAGE_SHIFT;
  if (from > u32.MAX_VALUE || !free_below(extent, extent.table, extent.height - 1, <u32>from)) return;
  extent.table = 0;
  extent.height = 0;
}
