import { Errno } from "../include/errno";
import { MAX_MAP_COUNT, get_unmapped_area, vm_area_alloc, vma_link } from "./vma";
import { MmStruct, VmAreaStruct, VmFlags } from "../include/mm_struct";
import { PAGE_ACCESSED, PAGE_DIRTY, PAGE_PRESENT, PAGE_RW, pte_alloc } from "./pgtable";
import { virt_to_folio, virt_to_page } from "../include/mm_types";
import { folio_add_rmap } from "./rmap";
import { get_page } from "./page_alloc";

/*
 * Memory of the kernel that a program sees: rings that both sides use.
 */

/**
 * Maps one frame, which is no part of a larger block; the mapping has a reference to it.
 *
 * @returns  0, -ENOMEM, -EBUSY. @kernel vm_insert_page(), mm/memory.c
 */
export function vm_insert_page(vma: VmAreaStruct, address: u64, frame: usize): i32 {
  let pte = pte_alloc(vma.mm, address);
  if (!pte) return -Errno.ENOMEM;
  if (load<u64>(pte)) return -Errno.EBUSY;
  get_page(virt_to_page(frame));
  folio_add_rmap(virt_to_folio(frame), vma);
  // A child gets it as well: no fault would find it again.
  vma.anon = 1;
  store<u64>(pte, (<u64>frame) | PAGE_PRESENT | PAGE_ACCESSED | PAGE_DIRTY | (vma.flags & VmFlags.WRITE ? PAGE_RW : 0));
  return 0;
}

/**
 * A new area for memory of the kernel, to be filled by vm_insert_page().
 *
 * @param length  whole pages. Unit: bytes.
 * @returns       null for want of memory or room. @kernel _install_special_mapping(), mm/mmap.c
 */
export function install_special_mapping(mm: MmStruct, length: u64, flags: u32): VmAreaStruct | null {
  let at = mm.map_count > MAX_MAP_COUNT ? 0 : get_unmapped_area(mm, 0, length);
  let vma = at ? vm_area_alloc(mm, at, at + length, flags) : null;
  if (vma) vma_link(mm, vma);
  return vma;
}
