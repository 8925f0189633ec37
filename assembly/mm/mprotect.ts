import { Errno } from "../include/errno";
import { MAX_MAP_COUNT, find_vma, split_vma, vma_merge } from "./vma";
import { MmStruct, TASK_SIZE_MAX, VmAreaStruct, VmFlags } from "../include/mm_struct";
import {
  PAGE_DIRTY,
  PAGE_OFFSET_MASK,
  PAGE_PRESENT,
  PAGE_PROTNONE,
  PAGE_RW,
  PAGE_SPECIAL,
  entry_address,
  walk_page_range,
} from "./pgtable";
import { PageFlags, virt_to_folio } from "../include/mm_types";
import { Prot } from "../include/mman";
import { Tp, enter, leave } from "../include/trace";
import { kernel } from "../include/kernel";

/** What an area may be used for. @kernel VM_ACCESS_FLAGS, include/linux/mm.h */
const ACCESS_FLAGS: u32 = VmFlags.READ | VmFlags.WRITE | VmFlags.EXEC;

/** True if a page that is mapped may be written as it is, without a fault. @kernel can_change_pte_writable() */
function can_be_writable(vma: VmAreaStruct, entry: u64): bool {
  if (entry & PAGE_SPECIAL) return false;
  if (vma.flags & VmFlags.SHARED) return (entry & PAGE_DIRTY) != 0;
  let folio = virt_to_folio(entry_address(entry));
  return (folio.flags & PageFlags.ANON_EXCLUSIVE) != 0;
}

/** Gives the entry of one page the rights of its area. @kernel change_pte_range(), mm/mprotect.c */
function change_pte(slot: usize, address: u64, vma: VmAreaStruct, argument: usize): i32 {
  let entry = load<u64>(slot) & ~(PAGE_PRESENT | PAGE_PROTNONE);
  let write = (entry & PAGE_RW) != 0;
  entry &= ~PAGE_RW;
  entry |= vma.flags & ACCESS_FLAGS ? PAGE_PRESENT : PAGE_PROTNONE;
  if (vma.flags & VmFlags.WRITE && (write || can_be_writable(vma, entry))) entry |= PAGE_RW;
  store<u64>(slot, entry);
  return 0;
}

/**
 * Changes flags of all areas of a range; what lies at its ends is divided.
 *
 * @param mask  the bits to change.
 * @returns     0; -ENOMEM where nothing is mapped, and the areas before have been changed; or for want of memory.
 * @kernel vma_modify_flags(), mm/vma.c
 */
export function vma_modify_range(mm: MmStruct, start: u64, end: u64, mask: u32, flags: u32): i32 {
  let hole = false;
  while (start < end) {
    let vma = find_vma(mm, start);
    if (!vma || vma.vm_start >= end) return -Errno.ENOMEM;
    if (vma.vm_start > start) hole = true;
    let to = min(end, vma.vm_end);
    if ((vma.flags & mask) != flags) {
      let part = carve(vma, max(start, vma.vm_start), to);
      if (!part) return -Errno.ENOMEM;
      part.flags = (part.flags & ~mask) | flags;
      vma_merge(part);
    }
    start = to;
  }
  return hole ? -Errno.ENOMEM : 0;
}

/** The part of an area in a range as an area of its own; null for want of memory, or if there are too many. */
export function carve(vma: VmAreaStruct, from: u64, to: u64): VmAreaStruct | null {
  let mm = vma.mm;
  if (vma.vm_start < from) {
    if (mm.map_count >= MAX_MAP_COUNT) return null;
    let rest = split_vma(vma, from);
    if (!rest) return null;
    vma = rest;
  }
  if (to < vma.vm_end && (mm.map_count >= MAX_MAP_COUNT || !split_vma(vma, to))) return null;
  return vma;
}

/** Gives a part of an area other rights. @returns 0, -EACCES, -ENOMEM. @kernel mprotect_fixup(), mm/mprotect.c */
function mprotect_fixup(vma: VmAreaStruct, from: u64, to: u64, prot: u32): i32 {
  // MAYREAD, MAYWRITE and MAYEXEC stand four bits above.
  if (prot & ~(vma.flags >> 4) & ACCESS_FLAGS) return -Errno.EACCES;
  if ((vma.flags & ACCESS_FLAGS) == prot) return 0;
  let part = carve(vma, from, to);
  if (!part) return -Errno.ENOMEM;
  part.flags = (part.flags & ~ACCESS_FLAGS) | prot;
  walk_page_range(part, from, to, change_pte.index, 0);
  vma_merge(part);
  return 0;
}

/** The areas of a range get other rights, one after the other. */
function change_range(mm: MmStruct, start: u64, end: u64, prot: u32): i32 {
  let vma = find_vma(mm, start);
  if (!vma || vma.vm_start > start) return -Errno.ENOMEM;
  while (true) {
    let to = min(end, vma.vm_end);
    let error = mprotect_fixup(vma, start, to, prot);
    if (error) return error;
    if (to >= end) return 0;
    vma = find_vma(mm, to);
    if (!vma || vma.vm_start > to) return -Errno.ENOMEM;
    start = to;
  }
}

/** mprotect(2): 0, -EINVAL, -ENOMEM, -EACCES. @kernel do_mprotect_pkey(), mm/mprotect.c */
export function sys_mprotect(): i64 {
  let task = kernel.cpu.curr!;
  let start = <u64>task.di;
  let prot = <u32>task.dx;
  let grows: u32 = prot & (Prot.GROWSDOWN | Prot.GROWSUP);
  if (grows == (Prot.GROWSDOWN | Prot.GROWSUP)) return -Errno.EINVAL;
  prot &= ~grows;
  if (start & PAGE_OFFSET_MASK) return -Errno.EINVAL;
  if (!task.si) return 0;
  let end = start + ((<u64>task.si + PAGE_OFFSET_MASK) & ~PAGE_OFFSET_MASK);
  if (end <= start) return -Errno.ENOMEM;
  if (prot & ~(ACCESS_FLAGS | Prot.SEM)) return -Errno.EINVAL;
  enter(Tp.do_mprotect, changetype<usize>(task.mm), <usize>(start >> 12), prot);
  // Areas here grow neither way.
  if (grows) return leave(end > TASK_SIZE_MAX || !find_vma(task.mm, start) ? -Errno.ENOMEM : -Errno.EINVAL);
  return leave(change_range(task.mm, start, end, prot & ACCESS_FLAGS));
}
