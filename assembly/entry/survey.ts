import { EXCHANGE_BASE, SECTIONS_BASE, kernel } from "../include/kernel";
import {
  MEM_MAP_PAGES,
  PAGE_SHIFT,
  PAGE_SIZE,
  Page,
  PageFlags,
  SECTION_SIZE,
  Slab,
  SlabState,
  compound_head,
  page_address,
  virt_to_page,
} from "../include/mm_types";

/*
 * A survey of the memory in use: it numbers the objects in the order in which it comes across them, from the root along
 * every word that could be an address. So two machines with the same structures give their objects the same numbers,
 * wherever these lie.
 *
 * It is kept in the exchange window, which is no part of the machine:
 *
 *   +0      a hash table from addresses to numbers: SLOTS pairs of 4 bytes
 *   +32768  the objects by number, 4 bytes each; bit 0: it is a program's own page, in which nothing is an address
 *   +49152  one byte for each object of a slab, for whoever looks through one
 */

/** Slots of the hash table: a power of two. */
const SLOTS: u32 = 4096;
const TABLE: usize = EXCHANGE_BASE;
const LIST: usize = EXCHANGE_BASE + 32768;
/** Where marks for the objects of one slab can be kept. */
export const MARKS: usize = EXCHANGE_BASE + 49152;
/** Greatest number of objects that a slab has: 8 frames of the smallest objects. */
export const MAX_MARKS: usize = (PAGE_SIZE << 3) >> 4;
/** Greatest number of objects in a survey; more are too many. */
export const MAX_SURVEYED: u32 = 3500;
/** How much of a struct Page says something of a frame in use; the rest links free ones. */
const PAGE_FIELDS: u32 = 20;

/** Begins a survey. */
export function survey_begin(): void {
  memory.fill(TABLE, 0, (<usize>SLOTS) << 3);
}

/** The slot of an address: where it is, or where it would be. */
function slot_of(base: usize): usize {
  let index = <u32>((<u64>base * 0x9e37_79b9_7f4a_7c15) >> 40);
  while (true) {
    let slot = TABLE + ((<usize>(index & (SLOTS - 1))) << 3);
    let key = load<u32>(slot);
    if (!key || key == <u32>base) return slot;
    index++;
  }
}

/** Number of an object, from 1; 0 if it has none. */
export function number_of(base: usize): u32 {
  let slot = slot_of(base);
  return load<u32>(slot) ? load<u32>(slot, 4) : 0;
}

/** The object with a number: its address, with bit 0 set if nothing in it is an address. */
export function nth_object(number: u32): usize {
  return load<u32>(LIST + ((<usize>(number - 1)) << 2));
}

/**
 * Gives an object the next number, if it has none.
 *
 * @param next   the next number.
 * @param plain  1 if nothing in it is an address.
 * @returns      the next number afterwards.
 */
export function survey_add(base: usize, next: u32, plain: u32): u32 {
  let slot = slot_of(base);
  if (load<u32>(slot) || next > MAX_SURVEYED) return next;
  store<u32>(slot, <u32>base);
  store<u32>(slot, next, 4);
  store<u32>(LIST + ((<usize>(next - 1)) << 2), (<u32>base) | plain);
  next++;
  // Who has a struct Page means the frame.
  return is_struct_page(base) ? survey_add(page_address(changetype<Page>(base)), next, 0) : next;
}

/** True if an address lies among the struct Pages of a section. */
function is_struct_page(address: usize): bool {
  return ((address - SECTIONS_BASE) & (SECTION_SIZE - 1)) < (<usize>MEM_MAP_PAGES) << PAGE_SHIFT;
}

/** True if a frame, or the block that it is the first of, is in use and no slab. */
export function is_block_in_use(page: Page): bool {
  return page.refcount != 0 && !(page.flags & (PageFlags.SLAB | PageFlags.BUDDY | PageFlags.RESERVED));
}

function is_free(slab: Slab, object: usize): bool {
  for (let free = slab.freelist; free; free = load<usize>(free)) if (free == object) return true;
  return false;
}

/** The object in use that an address lies in: its beginning; 0 if there is none. */
export function object_at(address: usize): usize {
  if (address < SECTIONS_BASE || address >= kernel.high_water) return 0;
  if (is_struct_page(address)) {
    let page = address & ~(<usize>31);
    return is_block_in_use(changetype<Page>(page)) ? page : 0;
  }
  let page = compound_head(virt_to_page(address));
  if (is_block_in_use(page)) return page_address(page);
  if (!(page.flags & PageFlags.SLAB)) return 0;
  let slab = changetype<Slab>(page);
  let first = page_address(page);
  let stride = slab.slab_cache.stride;
  let index = <u32>(address - first) / stride;
  let object = first + index * stride;
  return index >= slab.slab_cache.objects || (number_of(object) == 0 && is_free(slab, object)) ? 0 : object;
}

/** How much of an object is looked at. Unit: bytes, a multiple of 4. */
export function length_of(object: usize): usize {
  if (is_struct_page(object)) return PAGE_FIELDS;
  // Behind it lie the caches, with their statistics and their free memory.
  if (object == kernel.slab) return offsetof<SlabState>();
  let page = virt_to_page(object);
  if (page.flags & PageFlags.TAIL) page = compound_head(page);
  if (page.flags & PageFlags.SLAB) return changetype<Slab>(page).slab_cache.size & ~3;
  return PAGE_SIZE << page.order;
}
