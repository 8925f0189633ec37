import { CacheType, KmemCache, PAGE_SHIFT, PAGE_SIZE } from "../include/mm_types";
import { File } from "../include/fs";
import { MmStruct, TASK_SIZE_MAX, VmAreaStruct, VmFault, VmFlags, VmOperations } from "../include/mm_struct";
import { RbNode } from "../include/rbtree_types";
import { kernel } from "../include/kernel";
import { kmem_cache_create, kmem_cache_free, kmem_cache_zalloc, kzalloc } from "./slab";
import { get_zeroed_page } from "./page_alloc";
import { rb_erase, rb_insert_color, rb_link_node } from "../lib/rbtree";

/*
 * The areas of an address space, in a list by address and in a tree:
 *
 *   MmStruct.mmap   <-> [area] <-> [area] <-> [area] <->          for the neighbours
 *   MmStruct.mm_rb       tree of the same areas                   for the area of an address
 *
 * Areas that touch and are alike become one; a change of a part divides an area.
 */

/** Most areas that an address space can have. @kernel sysctl_max_map_count, mm/util.c */
export const MAX_MAP_COUNT: u32 = 65530;
/** No mapping lies below this address unless it is asked for there. @kernel mmap_min_addr, security/min_addr.c */
export const MMAP_MIN_ADDR: u64 = 0x1_0000;
/** Below this address mappings grow downwards; buffers that the host makes lie above. */
export const MMAP_BASE: u64 = 0x7fe0_0000_0000;

/** What address spaces are made of, and what they need of floors above. */
@unmanaged
export class MmState {
  /** Cache of struct mm_struct. */
  mm_cachep: KmemCache;
  /** Cache of struct vm_area_struct. */
  vm_area_cachep: KmemCache;
  /** The frame of zeros that is mapped where nothing was stored yet. @kernel empty_zero_page */
  zero_page: usize;
  /** Cache of memory without a file that processes share. */
  shmem_cachep: KmemCache;
  /** What areas of such memory do. */
  shmem_vm_ops: VmOperations;
  /** What areas of regular files do. @kernel generic_file_vm_ops */
  file_vm_ops: VmOperations;
  /** The page fault on its way; there is one at a time. */
  vmf: VmFault;
  /** (File) => void: gives up a reference to a file; an index into the function table, set by the file system. */
  fput: u32;
  /** (Folio) => void: a folio was used through a mapping; an index into the function table. */
  folio_mark_accessed: u32;
  /** (File, first: u32, count: u32) => void: pages of a file are read ahead; an index into the function table. */
  readahead: u32;
  /** How far mremap() moves pages. Unit: bytes, modulo 2^64. */
  move_by: u64;
}

/** The caches and hooks. */
export function mm_state(): MmState {
  return changetype<MmState>(kernel.mm);
}

/** Makes the caches. @kernel mmap_init(), mm/mmap.c */
export function mmap_init(): void {
  kernel.mm = kzalloc(offsetof<MmState>());
  mm_state().mm_cachep = kmem_cache_create(CacheType.MmStruct, offsetof<MmStruct>(), 8);
  mm_state().vm_area_cachep = kmem_cache_create(CacheType.VmAreaStruct, offsetof<VmAreaStruct>(), 8);
  mm_state().vmf = changetype<VmFault>(kzalloc(offsetof<VmFault>()));
  mm_state().zero_page = get_zeroed_page();
}

/** Takes hooks of floors above: see MmState. */
export function register_fput(fput: u32): void {
  mm_state().fput = fput;
}

/** The first area that ends behind an address, or null. @kernel find_vma(), mm/mmap.c */
export function find_vma(mm: MmStruct, address: u64): VmAreaStruct | null {
  let found = mm.mmap_cache;
  if (found && found.vm_start <= address && address < found.vm_end) return found;
  found = null;
  let node = mm.mm_rb.node;
  while (node) {
    let vma = VmAreaStruct.of_rb(node);
    if (address < vma.vm_end) {
      found = vma;
      if (vma.vm_start <= address) break;
      node = node.left;
    } else {
      node = node.right;
    }
  }
  if (found) mm.mmap_cache = found;
  return found;
}

/** The area that an address lies in, or null. @kernel vma_lookup(), include/linux/mm.h */
export function vma_lookup(mm: MmStruct, address: u64): VmAreaStruct | null {
  let vma = find_vma(mm, address);
  return vma && vma.vm_start <= address ? vma : null;
}

/** The area behind another one, or null. */
export function vma_next(vma: VmAreaStruct): VmAreaStruct | null {
  return vma.link.next === vma.mm.mmap ? null : VmAreaStruct.of_link(vma.link.next);
}

/** The area before an address: before `next`, or the last one. */
export function vma_before(mm: MmStruct, next: VmAreaStruct | null): VmAreaStruct | null {
  let link = next ? next.link.prev : mm.mmap.prev;
  return link === mm.mmap ? null : VmAreaStruct.of_link(link);
}

/** Number of pages of an area. */
export function vma_pages(vma: VmAreaStruct): u32 {
  return <u32>((vma.vm_end - vma.vm_start) >> PAGE_SHIFT);
}

/** The page of its file that an address of an area shows. @kernel linear_page_index(), include/linux/pagemap.h */
export function linear_page_index(vma: VmAreaStruct, address: u64): u64 {
  return vma.vm_pgoff + ((address - vma.vm_start) >> PAGE_SHIFT);
}

/** A new area, in no address space yet; null when memory is exhausted. @kernel vm_area_alloc(), mm/vma_init.c */
export function vm_area_alloc(mm: MmStruct, start: u64, end: u64, flags: u32): VmAreaStruct | null {
  let at = kmem_cache_zalloc(mm_state().vm_area_cachep);
  if (!at) return null;
  let vma = changetype<VmAreaStruct>(at);
  vma.vm_start = start;
  vma.vm_end = end;
  vma.flags = flags;
  vma.vm_pgoff = start >> PAGE_SHIFT;
  vma.mm = mm;
  vma.link.init();
  vma.shared.init();
  return vma;
}

/** As another area, with a reference to its file, in no address space yet. @kernel vm_area_dup(), mm/vma_init.c */
export function vm_area_dup(vma: VmAreaStruct, mm: MmStruct): VmAreaStruct | null {
  let copy = vm_area_alloc(mm, vma.vm_start, vma.vm_end, vma.flags);
  if (!copy) return null;
  copy.vm_pgoff = vma.vm_pgoff;
  copy.anon = vma.anon;
  vma_set_mapping(copy, vma);
  return copy;
}

/** Gives an area the file of another one. */
function vma_set_mapping(vma: VmAreaStruct, like: VmAreaStruct): void {
  vma.vm_ops = like.vm_ops;
  vma.vm_file = like.vm_file;
  vma.vm_mapping = like.vm_mapping;
  let file = vma.vm_file;
  if (file) file.f_count++;
  let mapping = vma.vm_mapping;
  if (mapping) mapping.i_mmap.add_tail(vma.shared);
  let ops = vma.vm_ops;
  if (ops && ops.open) call_indirect<void>(ops.open, vma);
}

/** Nothing is left of an area that is in no address space any more. @kernel remove_vma(), mm/vma.c */
export function remove_vma(vma: VmAreaStruct): void {
  vma.shared.del_init();
  let ops = vma.vm_ops;
  if (ops && ops.close) call_indirect<void>(ops.close, vma);
  let file: File | null = vma.vm_file;
  if (file) call_indirect<void>(mm_state().fput, file);
  kmem_cache_free(mm_state().vm_area_cachep, changetype<usize>(vma));
}

/** Puts an area into its address space. @kernel vma_link(), mm/vma.c */
export function vma_link(mm: MmStruct, vma: VmAreaStruct): void {
  let link = changetype<usize>(mm.mm_rb);
  let parent: RbNode | null = null;
  let next: VmAreaStruct | null = null;
  for (let node = mm.mm_rb.node; node;) {
    let other = VmAreaStruct.of_rb(node);
    parent = node;
    if (vma.vm_start < other.vm_start) {
      next = other;
      link = changetype<usize>(node) + offsetof<RbNode>("left");
      node = node.left;
    } else {
      link = changetype<usize>(node) + offsetof<RbNode>("right");
      node = node.right;
    }
  }
  if (next) next.link.add_tail(vma.link);
  else mm.mmap.add_tail(vma.link);
  mm.map_count++;
  if (vma.vm_ops) mm.file_areas++;
  vm_stat_account(mm, vma.flags, <i32>vma_pages(vma));
  rb_link_node(vma.vm_rb, parent, link);
  rb_insert_color(vma.vm_rb, mm.mm_rb);
}

/** Takes an area out of its address space. */
export function vma_unlink(vma: VmAreaStruct): void {
  let mm = vma.mm;
  if (mm.mmap_cache === vma) mm.mmap_cache = null;
  vma.link.del_init();
  mm.map_count--;
  if (vma.vm_ops) mm.file_areas--;
  vm_stat_account(mm, vma.flags, -(<i32>vma_pages(vma)));
  rb_erase(vma.vm_rb, mm.mm_rb);
}

/** Divides an area; it keeps what lies before `at`. @returns what lies behind, or null. @kernel __split_vma(), mm/vma.c */
export function split_vma(vma: VmAreaStruct, at: u64): VmAreaStruct | null {
  let rest = vm_area_dup(vma, vma.mm);
  if (!rest) return null;
  rest.vm_start = at;
  rest.vm_pgoff = linear_page_index(vma, at);
  vm_stat_account(vma.mm, vma.flags, -(<i32>vma_pages(rest)));
  vma.vm_end = at;
  vma_link(vma.mm, rest);
  return rest;
}

/** True if two areas, one behind the other, can be one. @kernel can_vma_merge_after(), mm/vma.c */
function can_vma_merge(left: VmAreaStruct, right: VmAreaStruct): bool {
  if (left.vm_end != right.vm_start || left.flags != right.flags) return false;
  if (left.vm_file !== right.vm_file || left.vm_mapping !== right.vm_mapping) return false;
  return left.vm_ops === right.vm_ops && linear_page_index(left, left.vm_end) == right.vm_pgoff;
}

/**
 * Makes an area one with the neighbours that it touches and that are alike.
 *
 * @returns  the area that it is part of now.
 * @kernel vma_merge(), mm/vma.c
 */
export function vma_merge(vma: VmAreaStruct): VmAreaStruct {
  let prev = vma_before(vma.mm, vma);
  if (prev && can_vma_merge(prev, vma)) vma = swallow(prev, vma);
  let next = vma_next(vma);
  return next && can_vma_merge(vma, next) ? swallow(vma, next) : vma;
}

/** The left one of two areas becomes both. */
function swallow(left: VmAreaStruct, right: VmAreaStruct): VmAreaStruct {
  left.anon |= right.anon;
  left.vm_end = right.vm_end;
  vm_stat_account(left.mm, left.flags, <i32>vma_pages(right));
  vma_unlink(right);
  remove_vma(right);
  return left;
}

/** True if nothing is mapped in a range. */
function is_free(mm: MmStruct, start: u64, end: u64): bool {
  let vma = find_vma(mm, start);
  return !vma || end <= vma.vm_start;
}

/** The highest gap of at least `length` bytes below an address; 0: none. Unit of its answer: its last address + 1. */
function find_gap(mm: MmStruct, length: u64, top: u64, remember: bool): u64 {
  let next = find_vma(mm, top - 1);
  if (next && next.vm_start < top) top = next.vm_start;
  let prev = vma_before(mm, next);
  while (true) {
    let bottom = prev ? prev.vm_end : PAGE_SIZE;
    if (top >= bottom + length && top - length >= MMAP_MIN_ADDR) return top;
    if (remember && top > bottom) mm.cached_hole_size = max(mm.cached_hole_size, top - bottom);
    if (!prev) return 0;
    top = prev.vm_start;
    prev = vma_before(mm, prev);
  }
}

/**
 * Where a mapping can go, from the top downwards. No gap above MmStruct.free_area_cache is larger than
 * cached_hole_size, so that what is too large for those need not look there again.
 *
 * @param hint    where it would like to be; 0: anywhere.
 * @param length  whole pages. Unit: bytes.
 * @returns       the address; 0: nowhere. @kernel arch_get_unmapped_area_topdown(), arch/x86/kernel/sys_x86_64.c
 */
export function get_unmapped_area(mm: MmStruct, hint: u64, length: u64): u64 {
  if (length > TASK_SIZE_MAX) return 0;
  hint &= ~(<u64>PAGE_SIZE - 1);
  if (hint && hint <= TASK_SIZE_MAX - length && is_free(mm, hint, hint + length)) return hint;
  if (length <= mm.cached_hole_size || mm.free_area_cache > mm.mmap_base) {
    mm.free_area_cache = mm.mmap_base;
    mm.cached_hole_size = 0;
  }
  let top = find_gap(mm, length, mm.free_area_cache, true);
  if (top) mm.free_area_cache = top;
  else top = find_gap(mm, length, TASK_SIZE_MAX, false);
  return top ? top - length : 0;
}

/** A range is free again. */
export function forget_holes(mm: MmStruct, end: u64): void {
  let next = find_vma(mm, end - 1);
  let top = next ? min(next.vm_start, mm.mmap_base) : mm.mmap_base;
  if (top > mm.free_area_cache) mm.free_area_cache = top;
}

/** Counts the pages of an area that comes or goes. */
export function vm_stat_account(mm: MmStruct, flags: u32, pages: i32): void {
  mm.total_vm += pages;
  if (flags & VmFlags.LOCKED) mm.locked_vm += pages;
}
