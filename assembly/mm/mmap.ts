import { Errno } from "../include/errno";
import { CacheType, KmemCache } from "../include/mm_types";
import { MmStruct, TASK_SIZE_MAX, VmAreaStruct, VmFlags } from "../include/mm_struct";
import { kernel } from "../include/kernel";
import { get_zeroed_page } from "./page_alloc";
import { kmem_cache_create, kmem_cache_free, kmem_cache_zalloc } from "./slab";
import { PAGE_OFFSET_MASK, PAGE_SIZE, free_pgtables } from "./pgtable";

/** Where the first mapping of an address space ends: they grow downwards from here, as on x86-64. */
const MMAP_TOP: u64 = 0x7fff_f000_0000;

/** The slab caches of address spaces. */
@unmanaged export class MmState {
  /** Cache of struct mm_struct. */
  mm_cachep: KmemCache;
  /** Cache of struct vm_area_struct. */
  vm_area_cachep: KmemCache;
}

@inline function state(): MmState {
  return changetype<MmState>(kernel.mm);
}

/** Makes the caches. @kernel mmap_init(), mm/mmap.c */
export function mmap_init(memory: usize): void {
  kernel.mm = memory;
  state().mm_cachep = kmem_cache_create(CacheType.MmStruct, offsetof<MmStruct>(), 8);
  state().vm_area_cachep = kmem_cache_create(CacheType.VmAreaStruct, offsetof<VmAreaStruct>(), 8);
}

/** A new, empty address space with one user; null when memory is exhausted. @kernel mm_alloc(), kernel/fork.c */
export function mm_alloc(): MmStruct | null {
  let at = kmem_cache_zalloc(state().mm_cachep);
  if (!at) return null;
  let mm = changetype<MmStruct>(at);
  mm.pgd = get_zeroed_page();
  if (!mm.pgd) {
    kmem_cache_free(state().mm_cachep, at);
    return null;
  }
  mm.pgtables = 1;
  mm.users = 1;
  mm.mmap.init();
  mm.mmap_base = MMAP_TOP;
  return mm;
}

/** Gives up one use of an address space; the last one frees it. @kernel mmput(), kernel/fork.c */
export function mmput(mm: MmStruct): void {
  if (--mm.users) return;
  free_pgtables(mm);
  while (!mm.mmap.empty) {
    let vma = VmAreaStruct.of_link(mm.mmap.next);
    vma.link.del();
    kmem_cache_free(state().vm_area_cachep, changetype<usize>(vma));
  }
  kmem_cache_free(state().mm_cachep, changetype<usize>(mm));
}

/** The first area that ends behind an address, or null. @kernel find_vma(), mm/mmap.c */
export function find_vma(mm: MmStruct, address: u64): VmAreaStruct | null {
  for (let link = mm.mmap.next; link !== mm.mmap; link = link.next) {
    let vma = VmAreaStruct.of_link(link);
    if (address < vma.vm_end) return vma;
  }
  return null;
}

/**
 * Adds an anonymous area below all others, with one unmapped page between them, so that running over the end of a
 * buffer faults.
 *
 * @param length  bytes; rounded up to whole pages.
 * @returns       the address, or -EINVAL, -ENOMEM.
 * @kernel do_mmap(), mm/mmap.c
 */
export function do_mmap(mm: MmStruct, length: u64, flags: u32): i64 {
  if (!length) return -Errno.EINVAL;
  if (length > TASK_SIZE_MAX) return -Errno.ENOMEM;
  let size = (length + PAGE_OFFSET_MASK) & ~PAGE_OFFSET_MASK;
  if (size + PAGE_SIZE * 2 > mm.mmap_base) return -Errno.ENOMEM;
  let at = kmem_cache_zalloc(state().vm_area_cachep);
  if (!at) return -Errno.ENOMEM;
  let vma = changetype<VmAreaStruct>(at);
  vma.vm_end = mm.mmap_base;
  vma.vm_start = vma.vm_end - size;
  vma.flags = flags;
  vma.mm = mm;
  mm.mmap.add(vma.link);
  mm.mmap_base = vma.vm_start - PAGE_SIZE;
  return vma.vm_start;
}

/** Read and write. */
export const VM_DATA: u32 = VmFlags.READ | VmFlags.WRITE;
