import { KERNEL_BASE, SECTIONS_BASE, kernel } from "../include/kernel";
import {
  Folio,
  FreeArea,
  MAX_PAGE_ORDER,
  MEM_MAP_PAGES,
  PAGES_PER_SECTION,
  PAGE_SHIFT,
  PAGE_SIZE,
  PAGE_STRUCT_SHIFT,
  Page,
  PageFlags,
  SECTION_SIZE,
  SlabState,
  Zone,
  compound_head,
  page_address,
  virt_to_page,
} from "../include/mm_types";
import { Tp, trace } from "../include/trace";
import { fails_by_chance } from "./fault_inject";

/*
 * The buddy allocator. A block is 2^order frames, at a multiple of its size from the beginning of its section, so the
 * two halves of a block ("buddies") differ in one bit of their number:
 *
 *   order 2   |               0               |               4               |
 *   order 1   |       0       |       2       |       4       |       6       |
 *   order 0   |   0   |   1   |   2   |   3   |   4   |   5   |   6   |   7   |
 *
 * To take a block, split the smallest free one that is large enough, and keep its lower end. To free a block, join it
 * with its buddy while that is free too: no two buddies are ever free at the same time.
 */

/** No frame lies at or above this address: address arithmetic must not wrap at 4 GiB. */
const MEMORY_END: u64 = 0xffff_0000;
/** What the frames of a freed block are filled with while freed memory is poisoned. */
const PAGE_POISON: u8 = 0xaa;

/** Size of a zone with its lists. Unit: bytes. */
const ZONE_SIZE: usize = ((offsetof<Zone>() + 15) & ~15) + (MAX_PAGE_ORDER + 1) * offsetof<FreeArea>();

/** The list of free blocks of one order. */
function free_area(zone: Zone, order: u32): FreeArea {
  return changetype<FreeArea>(changetype<usize>(zone.free_area) + order * offsetof<FreeArea>());
}

/** First struct Page of the section that a struct Page belongs to. */
function section_mem_map(page: Page): usize {
  return SECTIONS_BASE + ((changetype<usize>(page) - SECTIONS_BASE) & ~(SECTION_SIZE - 1));
}

/** The zone that a frame belongs to: the first struct Page of its section says so. @kernel page_zone() */
function page_zone(page: Page): Zone {
  return changetype<Zone>(changetype<Page>(section_mem_map(page)).mapping);
}

/** Puts a free block on its list. */
function add_to_free_list(zone: Zone, page: Page, order: u32): void {
  let area = free_area(zone, order);
  page.flags = PageFlags.BUDDY;
  page.order = order;
  area.free_list.add(page.lru);
  area.nr_free++;
}

/** Takes a free block off its list. */
function del_from_free_list(zone: Zone, page: Page): void {
  page.lru.del();
  page.flags = 0;
  free_area(zone, page.order).nr_free--;
}

/** Tells that the memory up to `end` is no longer zero. */
function raise_high_water(end: usize): void {
  if (end > kernel.high_water) kernel.high_water = end;
}

/** Gives the frames from number `from` to `to` of a section to the allocator, in blocks as large as can be. */
function free_section(zone: Zone, mem_map: usize, from: u32, to: u32): void {
  zone.managed_pages += to - from;
  zone.free_pages += to - from;
  while (from < to) {
    let order = min(<u32>ctz(from), MAX_PAGE_ORDER);
    while (from + (1 << order) > to) order--;
    add_to_free_list(zone, changetype<Page>(mem_map + ((<usize>from) << PAGE_STRUCT_SHIFT)), order);
    from += 1 << order;
  }
}

/** Where the next section ends: the ceiling counts the sections of the machine's own memory, not the devices'. */
function section_end(zone: Zone, base: u64): u64 {
  let room = <u64>SECTION_SIZE;
  if (kernel.memory_limit && zone === kernel.zone) {
    let used = <u64>SECTIONS_BASE + <u64>zone.nr_sections * SECTION_SIZE;
    room = min<u64>(room, kernel.memory_limit > used ? kernel.memory_limit - used : 0);
  }
  return min<u64>(base + room, MEMORY_END);
}

/**
 * Makes the memory of the host larger: by half at once if that can be, because each time is dear there and what nobody
 * has touched costs nothing.
 *
 * @param missing  how much there must be more at least. Unit: 64 KiB.
 */
function grow_memory(missing: i32): bool {
  let half = memory.size() >> 1;
  return (half > missing && memory.grow(half) >= 0) || memory.grow(missing) >= 0;
}

/**
 * Adds one section to a zone, smaller than the others if the ceiling does not leave room for all of it.
 *
 * @returns  whether there was room for one.
 */
function grow(zone: Zone, reserved: u32): bool {
  let base = <u64>SECTIONS_BASE + <u64>kernel.nr_sections * SECTION_SIZE;
  let end = section_end(zone, base);
  if (end < base + <u64>((reserved + 1) << PAGE_SHIFT)) return false;
  let missing = <i32>((end + 0xffff) >> 16) - memory.size();
  if (missing > 0 && !grow_memory(missing)) return false;

  let mem_map = <usize>base;
  for (let i: u32 = 0; i < reserved; i++) {
    changetype<Page>(mem_map + (i << PAGE_STRUCT_SHIFT)).flags = PageFlags.RESERVED;
  }
  changetype<Page>(mem_map).mapping = changetype<usize>(zone);
  raise_high_water(mem_map + (reserved << PAGE_SHIFT));
  zone.nr_sections++;
  kernel.nr_sections++;
  free_section(zone, mem_map, reserved, <u32>((end - base) >> PAGE_SHIFT));
  return true;
}

/**
 * Makes the page allocator: the first section, with its own struct Zone behind the struct Pages.
 *
 * @returns  whether the memory may be large enough for that. @kernel mem_init()
 */
export function page_alloc_init(): bool {
  let frame = SECTIONS_BASE + ((<usize>MEM_MAP_PAGES) << PAGE_SHIFT);
  if (kernel.memory_limit && kernel.memory_limit < frame + PAGE_SIZE) return false;
  raise_high_water(KERNEL_BASE);
  kernel.zone = init_zone(frame);
  return grow(kernel.zone, MEM_MAP_PAGES + 1);
}

/** Makes a zone without sections at an address. */
function init_zone(at: usize): Zone {
  let zone = changetype<Zone>(at);
  memory.fill(at, 0, ZONE_SIZE);
  zone.free_area = changetype<FreeArea>(at + ((offsetof<Zone>() + 15) & ~15));
  for (let order: u32 = 0; order <= MAX_PAGE_ORDER; order++) free_area(zone, order).free_list.init();
  return zone;
}

/** Takes the smallest free block of at least the wanted size off its list; null if there is none. */
function find_block(zone: Zone, order: u32): Page | null {
  for (; order <= MAX_PAGE_ORDER; order++) {
    let list = free_area(zone, order).free_list;
    if (list.empty) continue;
    let page = Page.of_lru(list.next);
    del_from_free_list(zone, page);
    return page;
  }
  return null;
}

/** Halves a block until it has the wanted size; the upper halves become free. */
function expand(zone: Zone, page: Page, order: u32): void {
  for (let high = page.order; high > order;) {
    high--;
    let half = changetype<usize>(page) + (((<usize>1) << high) << PAGE_STRUCT_SHIFT);
    add_to_free_list(zone, changetype<Page>(half), high);
  }
}

/** Describes a block of frames as one that is in use. */
function prep_new_page(page: Page, order: u32): void {
  page.flags = order ? PageFlags.HEAD : 0;
  page.order = order;
  page.refcount = 1;
  page.private_data = 0;
  page.mapping = 0;
  page.index = 0;
  let end = changetype<usize>(page) + (((<usize>1) << order) << PAGE_STRUCT_SHIFT);
  for (let at = changetype<usize>(page) + offsetof<Page>(); at < end; at += offsetof<Page>()) {
    changetype<Page>(at).flags = PageFlags.TAIL;
    changetype<Page>(at).private_data = changetype<usize>(page);
  }
  raise_high_water(page_address(page) + (PAGE_SIZE << order));
}

/** Whether an allocation is to fail though there is memory. @kernel should_fail_alloc_page(), mm/fail_page_alloc.c */
function should_fail_alloc_page(zone: Zone, order: u32): bool {
  let fails = zone.fail_after != 0 && !--zone.fail_after;
  if (!fails && !fails_by_chance(zone.fail_probability)) return false;
  zone.nr_failed++;
  trace(Tp.should_fail_alloc_page, order, 0, 0);
  return true;
}

/**
 * Takes a block of 2^order frames, with one reference. Its bytes may be anything. The memory grows if need be.
 *
 * @returns  the first frame of the block; null if there is no memory left.
 * @kernel alloc_pages(), mm/page_alloc.c
 */
export function alloc_pages(order: u32): Page | null {
  let zone = kernel.zone;
  if (zone.fail_after | zone.fail_probability && should_fail_alloc_page(zone, order)) return null;
  if (order > MAX_PAGE_ORDER) return null;
  if (zone.free_pages < zone.watermark_low) grow_or_reclaim(zone, order);
  let page = rmqueue(zone, order);
  // What becomes free may be in pieces that are too small.
  while (!page && zone.reclaim && call_indirect<bool>(zone.reclaim, order, true)) page = rmqueue(zone, order);
  return page;
}

/** Few frames are free: the memory grows, or somebody looks for some. */
function grow_or_reclaim(zone: Zone, order: u32): void {
  while (zone.free_pages < zone.watermark_low) {
    if (grow(zone, MEM_MAP_PAGES)) continue;
    call_indirect<bool>(zone.reclaim, order, false);
    return;
  }
}

/** Number of frames that the memory has once it has grown up to its ceiling. @kernel totalram_pages(), linux/mm.h */
export function total_pages(): u32 {
  let end: u64 = kernel.memory_limit ? kernel.memory_limit : MEMORY_END;
  let frames = <u32>((end - SECTIONS_BASE) >> PAGE_SHIFT);
  let rest = frames % PAGES_PER_SECTION;
  return (frames / PAGES_PER_SECTION) * (PAGES_PER_SECTION - MEM_MAP_PAGES) + max(rest, MEM_MAP_PAGES) - MEM_MAP_PAGES;
}

/** Number of frames that nobody has, those included that the memory may yet grow by. @kernel nr_free_pages() */
export function nr_free_pages(): u32 {
  let total = total_pages();
  let zone = kernel.zone;
  return zone.free_pages + max(total, zone.managed_pages) - zone.managed_pages;
}

/** Takes a block of a zone, which grows if need be; null if it cannot. @kernel rmqueue(), mm/page_alloc.c */
function rmqueue(zone: Zone, order: u32): Page | null {
  let page = find_block(zone, order);
  // At most once for every section: only a last, smaller one can be without a block that is large enough.
  while (!page && grow(zone, MEM_MAP_PAGES)) page = find_block(zone, order);
  if (!page) return null;
  expand(zone, page, order);
  prep_new_page(page, order);
  zone.free_pages -= 1 << order;
  zone.allocated++;
  return page;
}

/** Makes a block free and joins it with its buddies as far as they are free. */
function free_one_page(zone: Zone, page: Page, order: u32): void {
  let mem_map = section_mem_map(page);
  let number = <u32>((changetype<usize>(page) - mem_map) >> PAGE_STRUCT_SHIFT);
  for (; order < MAX_PAGE_ORDER; order++) {
    let buddy = changetype<Page>(mem_map + ((<usize>(number ^ (1 << order))) << PAGE_STRUCT_SHIFT));
    if (!(buddy.flags & PageFlags.BUDDY) || buddy.order != order) break;
    del_from_free_list(zone, buddy);
    number &= ~(1 << order);
  }
  add_to_free_list(zone, changetype<Page>(mem_map + ((<usize>number) << PAGE_STRUCT_SHIFT)), order);
}

/** Gives back a block that nobody refers to any more. */
function free_pages_ok(page: Page): void {
  let zone = page_zone(page);
  let order = page.order;
  assert(!(page.flags & (PageFlags.BUDDY | PageFlags.RESERVED | PageFlags.SLAB)), "freed a frame that is not in use");
  let end = changetype<usize>(page) + (((<usize>1) << order) << PAGE_STRUCT_SHIFT);
  for (let at = changetype<usize>(page); at < end; at += offsetof<Page>()) {
    changetype<Page>(at).flags = 0;
    changetype<Page>(at).private_data = 0;
  }
  if (kernel.slab && changetype<SlabState>(kernel.slab).poison) {
    memory.fill(page_address(page), PAGE_POISON, PAGE_SIZE << order);
  }
  zone.free_pages += 1 << order;
  zone.freed++;
  free_one_page(zone, page, order);
}

/** Takes another reference to the block that a frame belongs to. @kernel get_page(), include/linux/mm.h */
export function get_page(page: Page): void {
  let head = compound_head(page);
  assert(head.refcount > 0, "reference to a frame that is not in use");
  head.refcount++;
}

/** Drops a reference to the block that a frame belongs to; frees it with the last. @kernel put_page(), mm/swap.c */
export function put_page(page: Page): void {
  let head = compound_head(page);
  assert(head.refcount > 0, "freed a frame that is not in use");
  if (!--head.refcount) free_pages_ok(head);
}

/** Takes another reference to a folio. @kernel folio_get(), include/linux/mm.h */
export function folio_get(folio: Folio): void {
  get_page(changetype<Page>(folio));
}

/** Drops a reference to a folio; frees it with the last. @kernel folio_put(), include/linux/mm.h */
export function folio_put(folio: Folio): void {
  put_page(changetype<Page>(folio));
}

/** Drops a reference to a block of 2^order frames; frees it with the last. @kernel __free_pages(), mm/page_alloc.c */
export function __free_pages(page: Page, order: u32): void {
  assert(!(page.flags & PageFlags.TAIL) && page.order == order, "freed a block with another size");
  put_page(page);
}

/**
 * Takes one frame filled with zeros.
 *
 * @returns  its address; 0 if there is no memory left. @kernel get_zeroed_page(), mm/page_alloc.c
 */
export function get_zeroed_page(): usize {
  let clean = kernel.high_water;
  let page = alloc_pages(0);
  if (!page) return 0;
  let address = page_address(page);
  if (address < clean) memory.fill(address, 0, PAGE_SIZE);
  return address;
}

/** Drops a reference to the frame at an address; none for address 0. @kernel free_page(), include/linux/gfp.h */
export function free_page(address: usize): void {
  if (address) put_page(virt_to_page(address));
}

/**
 * Takes a block of 2^order frames of the memory of devices and of the world outside, which is not the machine's: the
 * ceiling of the memory does not count it, and it is never made to fail. Its bytes may be anything.
 *
 * @returns  the first frame of the block; null if the host has no more memory.
 */
export function alloc_device_pages(order: u32): Page | null {
  let zone = kernel.device_zone;
  if (changetype<usize>(zone) == 0) {
    let page = rmqueue(kernel.zone, 0);
    if (!page) return null;
    zone = init_zone(page_address(page));
    kernel.device_zone = zone;
  }
  return rmqueue(zone, order);
}

/** The same, one frame. @returns its address, to be given to free_device_page(); 0 if the host has no more memory. */
export function alloc_device_page(): usize {
  let page = alloc_device_pages(0);
  return page ? page_address(page) : 0;
}

/** Gives back a frame that alloc_device_page() gave out; none for address 0. */
export function free_device_page(address: usize): void {
  if (address) put_page(virt_to_page(address));
}
