import { kernel } from "../include/kernel";
import {
  CacheType,
  KmemCache,
  MAX_PAGE_ORDER,
  NR_CACHES,
  PAGE_SHIFT,
  PAGE_SIZE,
  Page,
  PageFlags,
  Slab,
  SlabState,
  compound_head,
  page_address,
  virt_to_page,
} from "../include/mm_types";
import { Tp, trace } from "../include/trace";
import { XA_NODE_SIZE } from "../lib/xa_node";
import { fails_by_chance } from "./fault_inject";
import { __free_pages, alloc_device_pages, alloc_pages, put_page } from "./page_alloc";

/*
 * A cache is a stock of objects of one size. It takes blocks of frames from the page allocator ("slabs") and divides
 * them; a free object holds the address of the next free one of its slab.
 *
 *   KmemCache.partial ---> Slab ---> Slab ---> (back)       the slabs that have free objects
 *                           | freelist
 *                           v
 *                         object -> object -> 0             taken from the front, put back to the front
 *
 * Taking and giving back touch one slab and never search. While freed memory is poisoned, the rest of a free object is
 * filled with a pattern, which is checked before the object is given out again: who writes to a freed object is caught.
 */

/** What free objects are filled with. */
const POISON_FREE: u8 = 0x6b;
/** The last byte of a free object. */
const POISON_END: u8 = 0xa5;
/** How many slabs with free objects a cache keeps before it gives empty ones back. */
const MIN_PARTIAL: u32 = 4;
/** Largest slab that is tried. Unit: binary logarithm of frames. */
const MAX_SLAB_ORDER: u32 = 3;
/** Least number of objects that a slab should hold. */
const MIN_OBJECTS: u32 = 8;
/** Largest object of kmalloc()'s caches; larger ones are blocks of frames. Unit: bytes. */
const KMALLOC_MAX_CACHE_SIZE: usize = 2048;

/** The state of all caches. */
function slab_state(): SlabState {
  return changetype<SlabState>(kernel.slab);
}

/** The cache for a kind of objects, made or not. */
export function cache_of(type: CacheType): KmemCache {
  return changetype<KmemCache>(changetype<usize>(slab_state().caches) + type * offsetof<KmemCache>());
}

/** The slab that an object of a cache lies in. */
function virt_to_slab(address: usize): Slab {
  return changetype<Slab>(compound_head(virt_to_page(address)));
}

/** Whether an allocation is to fail though there is memory. @kernel should_failslab(), mm/failslab.c */
function should_failslab(state: SlabState, cache: usize, bytes: usize): bool {
  let fails = state.fail_after != 0 && !--state.fail_after;
  if (!fails && !fails_by_chance(state.fail_probability)) return false;
  state.nr_failed++;
  trace(Tp.should_failslab, cache, bytes, 0);
  return true;
}

/**
 * Smallest block of frames that holds enough objects and wastes at most a 64th.
 *
 * @kernel calculate_order(), mm/slub.c
 */
function calculate_order(stride: u32): u32 {
  for (let order: u32 = 0; order < MAX_SLAB_ORDER; order++) {
    let bytes = (<u32>PAGE_SIZE) << order;
    if (bytes / stride >= MIN_OBJECTS && (bytes % stride) << 6 <= bytes) return order;
  }
  return MAX_SLAB_ORDER;
}

/**
 * Makes the cache for a kind of objects.
 *
 * @param size   Size of an object. Unit: bytes; at most four frames.
 * @param align  Power of two that the address of every object is a multiple of: 4 or more. Unit: bytes.
 * @kernel kmem_cache_create(), mm/slab_common.c
 */
export function kmem_cache_create(type: CacheType, size: usize, align: usize): KmemCache {
  let cache = cache_of(type);
  assert(<u32>type < NR_CACHES && !cache.size && size > 0 && size <= PAGE_SIZE << 2, "no such cache can be made");
  let mask = max<u32>(<u32>align, 4) - 1;
  cache.type = type;
  cache.size = <u32>size;
  cache.stride = (cache.size + mask) & ~mask;
  cache.order = calculate_order(cache.stride);
  cache.objects = ((<u32>PAGE_SIZE) << cache.order) / cache.stride;
  cache.partial.init();
  return cache;
}

/**
 * Makes the slab allocator, with kmalloc()'s caches.
 *
 * @returns  whether there was memory for it. @kernel kmem_cache_init(), mm/slub.c
 */
export function kmem_cache_init(): bool {
  let header = (offsetof<SlabState>() + 15) & ~15;
  let order: u32 = 0;
  while (PAGE_SIZE << order < header + NR_CACHES * offsetof<KmemCache>()) order++;
  let page = alloc_pages(order);
  if (!page) return false;
  let state = changetype<SlabState>(page_address(page));
  memory.fill(changetype<usize>(state), 0, PAGE_SIZE << order);
  state.caches = changetype<KmemCache>(changetype<usize>(state) + header);
  state.zalloc = kmem_cache_zalloc.index;
  state.free = kmem_cache_free.index;
  kernel.slab = changetype<usize>(state);
  for (let i: u32 = 0; i < 8; i++) kmem_cache_create(CacheType.Kmalloc_16 + i, 16 << i, min<usize>(16 << i, 64));
  kmem_cache_create(CacheType.Kmalloc_96, 96, 32);
  kmem_cache_create(CacheType.Kmalloc_192, 192, 64);
  kmem_cache_create(CacheType.XaNode, XA_NODE_SIZE, 16);
  for (let i: u32 = 0; i < 6; i++) kmem_cache_create(CacheType.Device_64 + i, 64 << i, 64).device = 1;
  return true;
}

/** Fills a free object with the pattern, but for its first word, which is the link. */
function poison_object(cache: KmemCache, object: usize): void {
  memory.fill(object + sizeof<usize>(), POISON_FREE, cache.stride - sizeof<usize>() - 1);
  store<u8>(object + cache.stride - 1, POISON_END);
}

/** Panics if somebody has written to a free object. */
function check_poison(cache: KmemCache, object: usize): void {
  let end = object + cache.stride - 1;
  let same = load<u8>(end) == POISON_END;
  for (let at = object + sizeof<usize>(); at < end; at++) same = same && load<u8>(at) == POISON_FREE;
  assert(same, "a freed object was written to");
}

/** Panics unless an object of a slab can be freed: it begins where objects begin, and is not free already. */
function check_object(cache: KmemCache, slab: Slab, object: usize): void {
  let offset = object - page_address(changetype<Page>(slab));
  assert(offset % cache.stride == 0 && offset / cache.stride < cache.objects, "freed an address inside an object");
  for (let free = slab.freelist; free; free = load<usize>(free)) assert(free != object, "freed an object twice");
}

/**
 * Takes a new slab for a cache, in which every object is free, in order of address.
 *
 * @returns  whether there was memory for one. @kernel new_slab(), mm/slub.c
 */
function new_slab(cache: KmemCache): bool {
  let page = cache.device ? alloc_device_pages(cache.order) : alloc_pages(cache.order);
  if (!page) return false;
  let slab = changetype<Slab>(page);
  page.flags |= PageFlags.SLAB;
  slab.slab_cache = cache;
  slab.inuse = 0;
  let first = page_address(page);
  let last = first + (cache.objects - 1) * cache.stride;
  for (let object = first; object < last; object += cache.stride) store<usize>(object, object + cache.stride);
  store<usize>(last, 0);
  if (slab_state().poison) {
    for (let object = first; object <= last; object += cache.stride) poison_object(cache, object);
  }
  slab.freelist = first;
  cache.partial.add(slab.slab_list);
  cache.nr_partial++;
  cache.nr_slabs++;
  return true;
}

/** Gives an empty slab back to the page allocator. @kernel discard_slab(), mm/slub.c */
function discard_slab(cache: KmemCache, slab: Slab): void {
  let page = changetype<Page>(slab);
  slab.slab_list.del();
  cache.nr_partial--;
  cache.nr_slabs--;
  page.flags &= ~PageFlags.SLAB;
  __free_pages(page, cache.order);
}

/**
 * Takes an object. Its bytes may be anything.
 *
 * @returns  its address; 0 if there is no memory left. @kernel kmem_cache_alloc(), mm/slub.c
 */
export function kmem_cache_alloc(cache: KmemCache): usize {
  let state = slab_state();
  let may_fail = state.fail_after | state.fail_probability;
  if (may_fail && !cache.device && should_failslab(state, changetype<usize>(cache), cache.size)) return 0;
  if (cache.partial.empty && !new_slab(cache)) return 0;
  let slab = Slab.of_slab_list(cache.partial.next);
  let object = slab.freelist;
  let next = load<usize>(object);
  if (state.poison) check_poison(cache, object);
  slab.freelist = next;
  slab.inuse++;
  if (!next) {
    slab.slab_list.del();
    cache.nr_partial--;
  }
  cache.allocated++;
  let active = ++cache.active;
  if (active > cache.high_water) cache.high_water = active;
  return object;
}

/** Takes an object filled with zeros; 0 if there is no memory. @kernel kmem_cache_zalloc(), include/linux/slab.h */
export function kmem_cache_zalloc(cache: KmemCache): usize {
  let object = kmem_cache_alloc(cache);
  if (object) memory.fill(object, 0, cache.size);
  return object;
}

/** Gives an object back to the cache that it was taken from. @kernel kmem_cache_free(), mm/slub.c */
export function kmem_cache_free(cache: KmemCache, address: usize): void {
  let slab = virt_to_slab(address);
  assert(slab.slab_cache === cache && slab.inuse > 0, "freed an object that is not in use");
  let first = slab.freelist;
  assert(first != address, "freed an object twice");
  if (slab_state().poison) {
    check_object(cache, slab, address);
    poison_object(cache, address);
  }
  store<usize>(address, first);
  slab.freelist = address;
  cache.freed++;
  cache.active--;
  if (!first) {
    cache.partial.add(slab.slab_list);
    cache.nr_partial++;
  }
  if (!--slab.inuse && cache.nr_partial > MIN_PARTIAL) discard_slab(cache, slab);
}

/**
 * Turns the filling and checking of free objects on or off, at any time: all free objects are filled at once.
 *
 * @kernel slab_debug=P on the kernel's command line
 */
export function slab_set_poison(on: bool): void {
  let state = slab_state();
  state.poison = on ? 1 : 0;
  if (!on) return;
  for (let type: u32 = 0; type < NR_CACHES; type++) {
    let cache = cache_of(type);
    if (!cache.size) continue;
    for (let link = cache.partial.next; link !== cache.partial; link = link.next) {
      let object = Slab.of_slab_list(link).freelist;
      for (; object; object = load<usize>(object)) poison_object(cache, object);
    }
  }
}

/** The cache that kmalloc() takes objects of a size from, which is at most KMALLOC_MAX_CACHE_SIZE. */
function kmalloc_slab(size: usize): KmemCache {
  if (size <= 16) return cache_of(CacheType.Kmalloc_16);
  if (size > 64 && size <= 96) return cache_of(CacheType.Kmalloc_96);
  if (size > 128 && size <= 192) return cache_of(CacheType.Kmalloc_192);
  return cache_of(CacheType.Kmalloc_16 + 28 - <u32>clz(<u32>size - 1));
}

/** So many frames hold a size. Unit: binary logarithm. @kernel get_order(), include/asm-generic/getorder.h */
function get_order(size: usize): u32 {
  return 32 - <u32>clz(<u32>((size - 1) >> PAGE_SHIFT));
}

/** Takes whole frames, for what is too large for a cache. @kernel ___kmalloc_large_node(), mm/slub.c */
function kmalloc_large(size: usize): usize {
  let state = slab_state();
  if (state.fail_after | state.fail_probability && should_failslab(state, 0, size)) return 0;
  if (size > PAGE_SIZE << MAX_PAGE_ORDER) return 0;
  let page = alloc_pages(get_order(size));
  if (!page) return 0;
  page.flags |= PageFlags.LARGE_KMALLOC;
  return page_address(page);
}

/**
 * Takes memory of any size up to 2 MiB, aligned to at least 16 bytes. Its bytes may be anything.
 *
 * Differs from Linux: a size of 0 gets an object like any other.
 *
 * @returns  its address; 0 if there is no memory left. @kernel kmalloc(), include/linux/slab.h
 */
export function kmalloc(size: usize): usize {
  return size > KMALLOC_MAX_CACHE_SIZE ? kmalloc_large(size) : kmem_cache_alloc(kmalloc_slab(size));
}

/**
 * The same of the memory of devices and of the world outside: see alloc_device_pages(). Without a ceiling nobody counts,
 * and it is memory like any other: a copy of the machine is smaller then.
 */
export function kmalloc_device(size: usize): usize {
  if (!kernel.memory_limit) return kmalloc(size);
  if (size <= KMALLOC_MAX_CACHE_SIZE) {
    return kmem_cache_alloc(cache_of(CacheType.Device_64 + (size <= 64 ? 0 : 26 - <u32>clz(<u32>size - 1))));
  }
  let page = alloc_device_pages(get_order(size));
  if (!page) return 0;
  page.flags |= PageFlags.LARGE_KMALLOC;
  return page_address(page);
}

/** Takes memory filled with zeros; 0 if there is none left. Unit: bytes. @kernel kzalloc(), include/linux/slab.h */
export function kzalloc(size: usize): usize {
  let address = kmalloc(size);
  if (address) memory.fill(address, 0, size);
  return address;
}

/** Gives back what kmalloc(), kmalloc_device() or any cache gave out; nothing for address 0. @kernel kfree(), mm/slub.c */
export function kfree(address: usize): void {
  if (!address) return;
  let page = compound_head(virt_to_page(address));
  if (page.flags & PageFlags.SLAB) {
    kmem_cache_free(changetype<Slab>(page).slab_cache, address);
    return;
  }
  assert(page.flags & PageFlags.LARGE_KMALLOC && page_address(page) == address, "freed what was not allocated");
  put_page(page);
}

/** Number of bytes that can be used at an address that kmalloc() returned. @kernel ksize(), mm/slab_common.c */
export function ksize(address: usize): usize {
  let page = compound_head(virt_to_page(address));
  if (page.flags & PageFlags.SLAB) return changetype<Slab>(page).slab_cache.size;
  return PAGE_SIZE << page.order;
}
