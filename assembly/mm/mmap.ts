import { AioState } from "../include/aio";
import { Errno } from "../include/errno";
import { MmStruct, TASK_SIZE_MAX, VmAreaStruct, VmFlags } from "../include/mm_struct";
import { PAGE_OFFSET_MASK, free_pgtables } from "./pgtable";
import { PAGE_SIZE } from "../include/mm_types";
import { Tp, enter, leave } from "../include/trace";
import { copy_page_range, zap_page_range } from "./memory_zap";
import { free_page, get_zeroed_page } from "./page_alloc";
import {
  MAX_MAP_COUNT,
  MMAP_BASE,
  find_vma,
  forget_holes,
  mm_state,
  remove_vma,
  split_vma,
  vm_area_alloc,
  vm_area_dup,
  vma_link,
  vma_next,
  vma_unlink,
} from "./vma";
import { kernel } from "../include/kernel";
import { kmem_cache_free, kmem_cache_zalloc } from "./slab";

/** Where the first buffer that the host makes ends: they grow downwards from here. */
const BUFFERS_TOP: u64 = 0x7fff_f000_0000;
/** First address of the heap: where a program of some size would end. */
const START_BRK: u64 = 0x60_0000;
/** Memory of a process's own, to be read and written. @kernel VM_DATA_DEFAULT_FLAGS, include/linux/mm.h */
export const VM_DATA: u32 =
  VmFlags.READ | VmFlags.WRITE | VmFlags.MAYREAD | VmFlags.MAYWRITE | VmFlags.MAYEXEC | VmFlags.ACCOUNT;

/** A new, empty address space with one user; null when memory is exhausted. @kernel mm_alloc(), kernel/fork.c */
export function mm_alloc(): MmStruct | null {
  let at = kmem_cache_zalloc(mm_state().mm_cachep);
  if (!at) return null;
  let mm = changetype<MmStruct>(at);
  mm.pgd = get_zeroed_page();
  if (!mm.pgd) {
    kmem_cache_free(mm_state().mm_cachep, at);
    return null;
  }
  mm.pgtables = 1;
  mm.users = 1;
  mm.mmap.init();
  mm.mmap_base = MMAP_BASE;
  mm.free_area_cache = MMAP_BASE;
  mm.start_brk = START_BRK;
  mm.brk = START_BRK;
  return mm;
}

/** Takes all areas and page tables of an address space away. @kernel exit_mmap(), mm/mmap.c */
function exit_mmap(mm: MmStruct): void {
  while (!mm.mmap.empty) {
    let vma = VmAreaStruct.of_link(mm.mmap.next);
    zap_page_range(vma, vma.vm_start, vma.vm_end);
    vma_unlink(vma);
    remove_vma(vma);
  }
  free_pgtables(mm, 0, TASK_SIZE_MAX);
  free_page(mm.pgd);
}

/** Gives up one use of an address space; the last one frees it. @kernel mmput(), kernel/fork.c */
export function mmput(mm: MmStruct): void {
  if (--mm.users) return;
  if (mm.ioctx_table) call_indirect<void>(changetype<AioState>(kernel.aio).exit_aio, mm);
  exit_mmap(mm);
  kmem_cache_free(mm_state().mm_cachep, changetype<usize>(mm));
}

/**
 * Adds an area for a buffer that the host makes, with one unmapped page behind it, so that running over the end of a
 * buffer faults.
 *
 * @param length  bytes; rounded up to whole pages.
 * @returns       the address, or -EINVAL, -ENOMEM.
 */
export function vm_buffer(mm: MmStruct, length: u64): i64 {
  if (!length) return -Errno.EINVAL;
  if (length > TASK_SIZE_MAX) return -Errno.ENOMEM;
  let size = (length + PAGE_OFFSET_MASK) & ~PAGE_OFFSET_MASK;
  let lowest = find_vma(mm, MMAP_BASE);
  let top = lowest ? lowest.vm_start - PAGE_SIZE : BUFFERS_TOP;
  if (size > top - MMAP_BASE) return -Errno.ENOMEM;
  let vma = vm_area_alloc(mm, top - size, top, VM_DATA);
  if (!vma) return -Errno.ENOMEM;
  vma_link(mm, vma);
  return vma.vm_start;
}

/**
 * Divides areas so that a range begins and ends where areas do.
 *
 * @returns  0 or -ENOMEM. @kernel vms_gather_munmap_vmas(), mm/vma.c
 */
export function split_range(mm: MmStruct, start: u64, end: u64): i32 {
  let first = find_vma(mm, start);
  if (first && first.vm_start < start) {
    // A hole in the middle makes one area two.
    if (end < first.vm_end && mm.map_count >= MAX_MAP_COUNT) return -Errno.ENOMEM;
    if (!split_vma(first, start)) return -Errno.ENOMEM;
  }
  let last = find_vma(mm, end - 1);
  return last && last.vm_start < end && end < last.vm_end && !split_vma(last, end) ? -Errno.ENOMEM : 0;
}

/** True if an address and a length are no range of user memory. */
export function bad_range(start: u64, length: u64): bool {
  return (start & PAGE_OFFSET_MASK) != 0 || start > TASK_SIZE_MAX || length > TASK_SIZE_MAX - start;
}

/**
 * Takes a range out of an address space, whatever is there.
 *
 * @returns  0, -EINVAL, -ENOMEM. @kernel do_vmi_munmap(), mm/vma.c
 */
export function do_munmap(mm: MmStruct, start: u64, length: u64): i32 {
  if (bad_range(start, length)) return -Errno.EINVAL;
  let end = start + ((length + PAGE_OFFSET_MASK) & ~PAGE_OFFSET_MASK);
  if (end == start) return -Errno.EINVAL;
  let vma = find_vma(mm, start);
  if (!vma || end <= vma.vm_start) return 0;
  enter(Tp.do_munmap, changetype<usize>(mm), <usize>(start >> 12), <usize>((end - start) >> 12));
  if (split_range(mm, start, end)) return leave(-Errno.ENOMEM);
  vma = find_vma(mm, start);
  while (vma && vma.vm_start < end) {
    let next = vma_next(vma);
    zap_page_range(vma, vma.vm_start, vma.vm_end);
    vma_unlink(vma);
    remove_vma(vma);
    vma = next;
  }
  free_pgtables(mm, start, end);
  forget_holes(mm, end);
  return leave(0);
}

/** A child's copy of one area. @returns 0 or -ENOMEM. */
function dup_vma(mm: MmStruct, vma: VmAreaStruct): i32 {
  let child = vm_area_dup(vma, mm);
  if (!child) return -Errno.ENOMEM;
  child.flags &= ~((<u32>VmFlags.LOCKED) | VmFlags.LOCKONFAULT);
  vma_link(mm, child);
  if (!(child.flags & VmFlags.WIPEONFORK)) return copy_page_range(child, vma);
  child.anon = 0;
  return 0;
}

/**
 * Makes an address space a copy of another one. Pages are not copied: parent and child share them until one of them
 * writes.
 *
 * @returns  0 or -ENOMEM; the half-made copy is then to be given up with mmput().
 * @kernel dup_mmap(), mm/mmap.c
 */
export function dup_mmap(mm: MmStruct, old: MmStruct): i32 {
  mm.free_area_cache = old.free_area_cache;
  mm.cached_hole_size = old.cached_hole_size;
  mm.start_data = old.start_data;
  mm.start_brk = old.start_brk;
  mm.brk = old.brk;
  for (let link = old.mmap.next; link !== old.mmap; link = link.next) {
    let vma = VmAreaStruct.of_link(link);
    if (vma.flags & VmFlags.DONTCOPY) {
      mm.free_area_cache = mm.mmap_base;
      mm.cached_hole_size = 0;
    } else if (dup_vma(mm, vma)) return -Errno.ENOMEM;
  }
  return 0;
}
