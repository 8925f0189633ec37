import { SECTIONS_BASE, kernel } from "../../../assembly/include/kernel";
import {
  CacheType,
  FreeArea,
  KmemCache,
  MAX_PAGE_ORDER,
  MEM_MAP_PAGES,
  NR_CACHES,
  PAGES_PER_SECTION,
  PAGE_SHIFT,
  PAGE_SIZE,
  PAGE_STRUCT_SHIFT,
  Page,
  PageFlags,
  SECTION_SIZE,
  Slab,
  SlabState,
  page_address,
  virt_to_page,
} from "../../../assembly/include/mm_types";
import {
  __free_pages,
  alloc_pages,
  free_page,
  get_page,
  get_zeroed_page,
  page_alloc_init,
  put_page,
} from "../../../assembly/mm/page_alloc";
import {
  kfree,
  kmalloc,
  kmem_cache_alloc,
  kmem_cache_create,
  kmem_cache_free,
  kmem_cache_init,
  kmem_cache_zalloc,
  ksize,
  kzalloc,
  slab_set_poison,
} from "../../../assembly/mm/slab";

export { free_page, get_zeroed_page, kfree, kmalloc, ksize, kzalloc, slab_set_poison };

/** Makes the page and slab allocators in a memory of at most `limit` bytes; 0: 4 GiB. */
export function boot(limit: usize): bool {
  kernel.memory_limit = limit;
  return page_alloc_init() && kmem_cache_init();
}

/** Address of a new block; 0 if there is no memory left. */
export function block_alloc(order: u32): usize {
  let page = alloc_pages(order);
  return page ? page_address(page) : 0;
}
export function block_free(address: usize, order: u32): void {
  __free_pages(virt_to_page(address), order);
}
export function block_get(address: usize): void {
  get_page(virt_to_page(address));
}
export function block_put(address: usize): void {
  put_page(virt_to_page(address));
}
export function block_refcount(address: usize): u32 {
  return virt_to_page(address).refcount;
}
export function free_pages(): u32 {
  return kernel.zone.free_pages;
}
export function managed_pages(): u32 {
  return kernel.zone.managed_pages;
}
export function nr_sections(): u32 {
  return kernel.zone.nr_sections;
}
export function blocks_in_use(): u32 {
  return <u32>(kernel.zone.allocated - kernel.zone.freed);
}
export function high_water(): usize {
  return kernel.high_water;
}
export function fail_pages_after(count: u32): void {
  kernel.zone.fail_after = count;
}

function area_of(order: u32): FreeArea {
  return changetype<FreeArea>(changetype<usize>(kernel.zone.free_area) + order * offsetof<FreeArea>());
}

/** Free blocks on the list of an order; u32.MAX_VALUE if the list or one of its blocks is not as it should be. */
function check_free_list(order: u32): u32 {
  let head = area_of(order).free_list;
  let count: u32 = 0;
  for (let link = head.next; link !== head; link = link.next) {
    let page = Page.of_lru(link);
    if (link.next.prev !== link || page.flags != PageFlags.BUDDY) return u32.MAX_VALUE;
    if (page.order != order || page.refcount) return u32.MAX_VALUE;
    count++;
  }
  return count == area_of(order).nr_free ? count : u32.MAX_VALUE;
}

/** Number of free frames in a section, by walking its blocks; negative if they are not as they should be. */
function check_section(number: u32): i32 {
  let mem_map = SECTIONS_BASE + <usize>number * SECTION_SIZE;
  let free: u32 = 0;
  let i: u32 = 0;
  while (i < PAGES_PER_SECTION) {
    let page = changetype<Page>(mem_map + ((<usize>i) << PAGE_STRUCT_SHIFT));
    let address = mem_map + ((<usize>i) << PAGE_SHIFT);
    if (page_address(page) != address || virt_to_page(address + 0xfff) !== page) return -1;
    if (i < MEM_MAP_PAGES && page.flags != PageFlags.RESERVED) return -2;
    let size: u32 = 1;
    if (page.flags & (PageFlags.BUDDY | PageFlags.HEAD)) size = 1 << page.order;
    if (i % size || i + size > PAGES_PER_SECTION) return -3;
    for (let j: u32 = 1; j < size; j++) {
      let flags = changetype<Page>(mem_map + ((<usize>(i + j)) << PAGE_STRUCT_SHIFT)).flags;
      if (flags != (page.flags & PageFlags.BUDDY ? 0 : <u32>PageFlags.TAIL)) return -4;
    }
    if (page.flags & PageFlags.BUDDY) {
      let buddy = changetype<Page>(mem_map + ((<usize>(i ^ size)) << PAGE_STRUCT_SHIFT));
      if (page.order < MAX_PAGE_ORDER && buddy.flags & PageFlags.BUDDY && buddy.order == page.order) return -5;
      free += size;
    }
    i += size;
  }
  return free;
}

/**
 * Whether the page allocator is well: 0 if so; 1 a free list is broken, 2 the lists do not sum up, negative: a section
 * is broken (-3 a block at a wrong place, -4 a block within a block, -5 two free buddies).
 */
export function buddy_check(): i32 {
  let listed: u32 = 0;
  for (let order: u32 = 0; order <= MAX_PAGE_ORDER; order++) {
    let count = check_free_list(order);
    if (count == u32.MAX_VALUE) return 1;
    listed += count << order;
  }
  let free: u32 = 0;
  for (let number: u32 = 0; number < kernel.zone.nr_sections; number++) {
    let result = check_section(number);
    if (result < 0) return result;
    free += result;
  }
  return listed == free && free == kernel.zone.free_pages ? 0 : 2;
}
/** Clears the flags of the first free block of the greatest order, for the test of the checker. */
export function buddy_break(): void {
  Page.of_lru(area_of(MAX_PAGE_ORDER).free_list.next).flags = 0;
}
/** Whether all memory from the high-water mark to the end is zero. */
export function rest_is_zero(): bool {
  let end = (<u64>memory.size()) << 16;
  for (let at = <u64>kernel.high_water; at < end; at += 8) if (load<u64>(<usize>at)) return false;
  return true;
}

function cache(address: usize): KmemCache {
  return changetype<KmemCache>(address);
}

/** A new cache of objects, under the name of a struct that these tests do not need. */
export function cache_create(size: usize, align: usize): usize {
  return changetype<usize>(kmem_cache_create(CacheType.Epitem, size, align));
}
export function cache_alloc(address: usize): usize {
  return kmem_cache_alloc(cache(address));
}
export function cache_zalloc(address: usize): usize {
  return kmem_cache_zalloc(cache(address));
}
export function cache_free(address: usize, object: usize): void {
  kmem_cache_free(cache(address), object);
}
export function cache_active(address: usize): u32 {
  return cache(address).active;
}
export function cache_slabs(address: usize): u32 {
  return cache(address).nr_slabs;
}
export function cache_stride(address: usize): u32 {
  return cache(address).stride;
}
export function cache_high_water(address: usize): u32 {
  return cache(address).high_water;
}
export function cache_allocated(address: usize): f64 {
  return <f64>cache(address).allocated;
}
export function cache_freed(address: usize): f64 {
  return <f64>cache(address).freed;
}
export function fail_objects_after(count: u32): void {
  changetype<SlabState>(kernel.slab).fail_after = count;
}

/** Whether a slab's free objects and its objects in use sum up, and lie where they should. */
function slab_is_well(slab: Slab): bool {
  let owner = slab.slab_cache;
  let first = page_address(changetype<Page>(slab));
  let free: u32 = 0;
  for (let object = slab.freelist; object; object = load<usize>(object)) {
    let offset = object - first;
    if (offset >= PAGE_SIZE << owner.order || offset % owner.stride || ++free > owner.objects) return false;
  }
  return free + slab.inuse == owner.objects && slab.order == owner.order;
}

/** Slabs of a cache that have free objects; u32.MAX_VALUE if its list is not as it should be. */
function check_partial(owner: KmemCache): u32 {
  let count: u32 = 0;
  let head = owner.partial;
  for (let link = head.next; link !== head; link = link.next) {
    let slab = Slab.of_slab_list(link);
    if (link.next.prev !== link || !slab.freelist || slab.slab_cache !== owner) return u32.MAX_VALUE;
    count++;
  }
  return count == owner.nr_partial ? count : u32.MAX_VALUE;
}

/**
 * Whether all caches are well, by looking at every frame: 0 if so; 1 a slab is broken, 2 a list is broken, 3 the
 * numbers of objects do not sum up, 4 the numbers of slabs do not.
 */
export function slab_check(): u32 {
  for (let type: u32 = 0; type < NR_CACHES; type++) {
    let owner = cache(changetype<usize>(changetype<SlabState>(kernel.slab).caches) + type * offsetof<KmemCache>());
    if (!owner.size) continue;
    if (owner.type != type) return 2;
    let slabs: u32 = 0;
    let active: u32 = 0;
    let partial: u32 = 0;
    let frames = kernel.zone.nr_sections * PAGES_PER_SECTION;
    for (let i: u32 = 0; i < frames; i++) {
      let page = virt_to_page(SECTIONS_BASE + ((<usize>i) << PAGE_SHIFT));
      let slab = changetype<Slab>(page);
      if (!(page.flags & PageFlags.SLAB) || slab.slab_cache !== owner) continue;
      if (!slab_is_well(slab)) return 1;
      slabs++;
      active += slab.inuse;
      if (slab.freelist) partial++;
    }
    if (check_partial(owner) != partial) return 2;
    if (active != owner.active || owner.allocated - owner.freed != active || owner.high_water < active) return 3;
    if (slabs != owner.nr_slabs) return 4;
  }
  return 0;
}
/** Forgets the free objects of the slab that an object lies in, for the test of the checker. */
export function slab_break(object: usize): void {
  changetype<Slab>(virt_to_page(object)).freelist = 0;
}
