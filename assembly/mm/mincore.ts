import { Errno } from "../include/errno";
import { Folio, PageFlags } from "../include/mm_types";
import { PAGE_MAPPED, PAGE_OFFSET_MASK, pte_offset } from "./pgtable";
import { VmAreaStruct } from "../include/mm_struct";
import { access_ok, put_user_u8 } from "./uaccess";
import { find_vma, linear_page_index } from "./vma";
import { kernel } from "../include/kernel";
import { xa_load } from "../lib/xarray";

/** 1 if a page of an area is in memory: mapped, or in the page cache. @kernel mincore_pte_range(), mm/mincore.c */
function mincore_page(vma: VmAreaStruct, address: u64): u8 {
  let pte = pte_offset(vma.mm, address);
  if (pte && load<u64>(pte) & PAGE_MAPPED) return 1;
  let mapping = vma.vm_mapping;
  if (!mapping) return 0;
  let entry = xa_load(mapping.i_pages, <u32>linear_page_index(vma, address));
  if (!entry || entry & 1) return 0;
  return changetype<Folio>(entry).flags & PageFlags.UPTODATE ? 1 : 0;
}

/** mincore(2): one byte for each page, 1 if it is in memory. @returns 0, -EINVAL, -ENOMEM, -EFAULT. */
export function sys_mincore(): i64 {
  let task = kernel.cpu.curr!;
  let start = <u64>task.di;
  let length = <u64>task.si;
  let vec = <u64>task.dx;
  if (start & PAGE_OFFSET_MASK) return -Errno.EINVAL;
  if (!access_ok(start, length)) return -Errno.ENOMEM;
  let pages = (length + PAGE_OFFSET_MASK) >> 12;
  if (!access_ok(vec, pages)) return -Errno.EFAULT;
  for (let i: u64 = 0; i < pages; i++) {
    let address = start + (i << 12);
    let vma = find_vma(task.mm, address);
    if (!vma || vma.vm_start > address) return -Errno.ENOMEM;
    if (put_user_u8(mincore_page(vma, address), vec + i)) return -Errno.EFAULT;
  }
  return 0;
}
