import { Errno } from "../include/errno";
import { AioState } from "../include/aio";
import { CacheType, KmemCache, PAGE_SHIFT, PAGE_SIZE } from "../include/mm_types";
import { MmStruct, TASK_SIZE_MAX, VmAreaStruct, VmFlags } from "../include/mm_struct";
import { account_copy } from "../include/account";
import { kernel } from "../include/kernel";
import { get_zeroed_page } from "./page_alloc";
import { kmem_cache_create, kmem_cache_free, kmem_cache_zalloc, kzalloc } from "./slab";
import { PAGE_OFFSET_MASK, PAGE_PRESENT, entry_address, free_pgtables, pte_alloc, pte_offset } from "./pgtable";

/** Where the first mapping of an address space ends: they grow downwards from here, as on x86-64. */
const MMAP_TOP: u64 = 0x7fff_f000_0000;

/** The slab caches of address spaces. */
@unmanaged
export class MmState {
  /** Cache of struct mm_struct. */
  mm_cachep: KmemCache;
  /** Cache of struct vm_area_struct. */
  vm_area_cachep: KmemCache;
}

/** The caches. */
function state(): MmState {
  return changetype<MmState>(kernel.mm);
}

/** Makes the caches. @kernel mmap_init(), mm/mmap.c */
export function mmap_init(): void {
  kernel.mm = kzalloc(offsetof<MmState>());
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
  if (mm.ioctx_table) call_indirect<void>(changetype<AioState>(kernel.aio).exit_aio, mm);
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
  vma.vm_pgoff = vma.vm_start >> PAGE_SHIFT;
  vma.shared.init();
  vma.mm = mm;
  mm.mmap.add(vma.link);
  mm.mmap_base = vma.vm_start - PAGE_SIZE;
  return vma.vm_start;
}

/**
 * Makes an address space a copy of another one, page by page.
 *
 * Differs from Linux: the pages are copied at once; copy-on-write comes with the page cache.
 *
 * @returns  0 or -ENOMEM; the half-made copy is then to be given up with mmput().
 * @kernel dup_mmap(), mm/mmap.c
 */
export function dup_mmap(mm: MmStruct, old: MmStruct): i32 {
  mm.mmap_base = old.mmap_base;
  for (let link = old.mmap.prev; link !== old.mmap; link = link.prev) {
    let from = VmAreaStruct.of_link(link);
    let at = kmem_cache_zalloc(state().vm_area_cachep);
    if (!at) return -Errno.ENOMEM;
    let vma = changetype<VmAreaStruct>(at);
    vma.vm_start = from.vm_start;
    vma.vm_end = from.vm_end;
    vma.flags = from.flags;
    vma.vm_pgoff = from.vm_pgoff;
    vma.shared.init();
    vma.mm = mm;
    mm.mmap.add(vma.link);
    for (let address = vma.vm_start; address < vma.vm_end; address += PAGE_SIZE) {
      let source = pte_offset(old, address);
      if (!source || !(load<u64>(source) & PAGE_PRESENT)) continue;
      let pte = pte_alloc(mm, address);
      let frame = pte ? get_zeroed_page() : 0;
      if (!frame) return -Errno.ENOMEM;
      memory.copy(frame, entry_address(load<u64>(source)), PAGE_SIZE);
      account_copy(PAGE_SIZE);
      store<u64>(pte, (<u64>frame) | (load<u64>(source) & PAGE_OFFSET_MASK));
      mm.rss++;
    }
  }
  return 0;
}

/** Read and write. */
export const VM_DATA: u32 = VmFlags.READ | VmFlags.WRITE;
