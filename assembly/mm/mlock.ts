import { Errno } from "../include/errno";
import { FaultFlags, MmStruct, VmAreaStruct, VmFaultReason, VmFlags } from "../include/mm_struct";
import { ListHead } from "../include/list";
import { PAGE_OFFSET_MASK } from "./pgtable";
import { SLEEPING, TaskStruct } from "../include/sched";
import { access_error, fault_in_page } from "./memory";
import { find_vma, vma_pages } from "./vma";
import { kernel } from "../include/kernel";
import { vma_modify_range } from "./mprotect";

/** Flag of mlock2(2). @kernel include/uapi/asm-generic/mman-common.h */
const MLOCK_ONFAULT: u32 = 1;
/** Flags of mlockall(2). @kernel include/uapi/asm-generic/mman.h */
const MCL_CURRENT: u32 = 1;
const MCL_FUTURE: u32 = 2;
const MCL_ONFAULT: u32 = 4;
/** The bits of an area that keep its pages. @kernel VM_LOCKED_MASK, include/linux/mm.h */
const LOCKED_MASK: u32 = VmFlags.LOCKED | VmFlags.LOCKONFAULT;

/** Maps all pages of an area from an address on. @returns 0, -errno, SLEEPING. @kernel populate_vma_page_range(), mm/gup.c */
function populate_vma(vma: VmAreaStruct, from: u64, end: u64, write: u32): i64 {
  let iter = kernel.cpu.curr!.iter;
  let flags = FaultFlags.ALLOW_RETRY | write;
  for (let at = from; at < end; at += 4096) {
    let result = fault_in_page(vma.mm, at, flags);
    iter.base = at;
    if (result == VmFaultReason.RETRY) return SLEEPING;
    if (result) return result;
  }
  return 0;
}

/**
 * Maps all pages of a range at once, as far as that goes. A call that slept meanwhile goes on where it was.
 *
 * @returns  0, SLEEPING; with `strict` -ENOMEM where nothing is mapped, -EFAULT for a page that cannot be had.
 * @kernel __mm_populate(), mm/gup.c
 */
export function populate_range(mm: MmStruct, start: u64, end: u64, strict: bool): i64 {
  let task = kernel.cpu.curr!;
  if (task.restarting) start = max(start, task.iter.base);
  while (start < end) {
    let vma = find_vma(mm, start);
    if (!vma || vma.vm_start >= end) return strict ? -Errno.ENOMEM : 0;
    if (strict && vma.vm_start > start) return -Errno.ENOMEM;
    start = max(start, vma.vm_start);
    // A private mapping that may be written is written to, so that no copy has to be made later.
    let write: u32 = (vma.flags & (VmFlags.WRITE | VmFlags.SHARED)) == VmFlags.WRITE ? FaultFlags.WRITE : 0;
    let result: i64 = access_error(vma, write) ? -Errno.EFAULT : populate_vma(vma, start, min(end, vma.vm_end), write);
    if (result == SLEEPING || (strict && result)) return result;
    start = vma.vm_end;
  }
  return 0;
}

/** Maps all pages of a range at once; what cannot be had is left out. @returns 0 or SLEEPING. @kernel mm_populate() */
export function mm_populate(mm: MmStruct, start: u64, end: u64): i64 {
  return populate_range(mm, start, end, false);
}

/** Locks or unlocks a range. @returns 0, -ENOMEM. @kernel apply_vma_lock_flags(), mm/mlock.c */
function apply_lock(mm: MmStruct, start: u64, end: u64, flags: u32): i32 {
  let error = vma_modify_range(mm, start, end, LOCKED_MASK, flags);
  count_locked(mm);
  return error;
}

/** Counts the pages in locked areas anew. */
function count_locked(mm: MmStruct): void {
  mm.locked_vm = 0;
  for (let link: ListHead = mm.mmap.next; link !== mm.mmap; link = link.next) {
    let vma = VmAreaStruct.of_link(link);
    if (vma.flags & VmFlags.LOCKED) mm.locked_vm += vma_pages(vma);
  }
}

/** mlock(2) and mlock2(2). @kernel do_mlock(), mm/mlock.c */
function do_mlock(task: TaskStruct, flags: u32): i64 {
  let start = (<u64>task.di) & ~PAGE_OFFSET_MASK;
  let length = (<u64>task.si + ((<u64>task.di) & PAGE_OFFSET_MASK) + PAGE_OFFSET_MASK) & ~PAGE_OFFSET_MASK;
  let end = start + length;
  if (!task.restarting) {
    if (end < start) return -Errno.EINVAL;
    if (end == start) return 0;
    let error = apply_lock(task.mm, start, end, flags);
    if (error) return error;
  }
  if (flags & VmFlags.LOCKONFAULT) return 0;
  let result = populate_range(task.mm, start, end, true);
  return result == -Errno.EFAULT ? -Errno.ENOMEM : result;
}

/** mlock(2): 0, -EINVAL, -ENOMEM. */
export function sys_mlock(): i64 {
  return do_mlock(kernel.cpu.curr!, VmFlags.LOCKED);
}

/** mlock2(2): as mlock(), or only from the first fault on. */
export function sys_mlock2(): i64 {
  let task = kernel.cpu.curr!;
  let flags = <u32>task.dx;
  if (flags & ~MLOCK_ONFAULT) return -Errno.EINVAL;
  return do_mlock(task, flags & MLOCK_ONFAULT ? LOCKED_MASK : VmFlags.LOCKED);
}

/** munlock(2): 0, -EINVAL, -ENOMEM. */
export function sys_munlock(): i64 {
  let task = kernel.cpu.curr!;
  let start = (<u64>task.di) & ~PAGE_OFFSET_MASK;
  let length = (<u64>task.si + ((<u64>task.di) & PAGE_OFFSET_MASK) + PAGE_OFFSET_MASK) & ~PAGE_OFFSET_MASK;
  if (start + length < start) return -Errno.EINVAL;
  return length ? apply_lock(task.mm, start, start + length, 0) : 0;
}

/** The bits of all areas. */
function lock_all(mm: MmStruct, flags: u32): void {
  for (let link: ListHead = mm.mmap.next; link !== mm.mmap; link = link.next) {
    let vma = VmAreaStruct.of_link(link);
    vma.flags = (vma.flags & ~LOCKED_MASK) | flags;
  }
  count_locked(mm);
}

/** mlockall(2): 0, -EINVAL. */
export function sys_mlockall(): i64 {
  let task = kernel.cpu.curr!;
  let how = <u32>task.di;
  if (!how || how & ~(MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT) || how == MCL_ONFAULT) return -Errno.EINVAL;
  let flags: u32 = how & MCL_ONFAULT ? LOCKED_MASK : VmFlags.LOCKED;
  if (!task.restarting) {
    task.mm.def_flags = how & MCL_FUTURE ? flags : 0;
    if (how & MCL_CURRENT) lock_all(task.mm, flags);
  }
  if (!(how & MCL_CURRENT) || how & MCL_ONFAULT) return 0;
  return populate_range(task.mm, 0, 0x7fff_ffff_f000, false);
}

/** munlockall(2): 0. */
export function sys_munlockall(): i64 {
  let mm = kernel.cpu.curr!.mm;
  mm.def_flags = 0;
  lock_all(mm, 0);
  return 0;
}
