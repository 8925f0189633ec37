import { Errno } from "../include/errno";
import { FaultFlags, MmStruct, VmAreaStruct, VmFaultReason, VmFlags } from "../include/mm_struct";
import { Madvise } from "../include/mman";
import { PAGE_OFFSET_MASK } from "./pgtable";
import { SLEEPING } from "../include/sched";
import { access_error, fault_in_page } from "./memory";
import { carve } from "./mprotect";
import { find_vma, linear_page_index, mm_state, vma_merge } from "./vma";
import { kernel } from "../include/kernel";
import { zap_page_range } from "./memory_zap";

/** The hints that are known: one bit for each. */
const KNOWN: u32 = 0x01ff_ff1f;

/** A mapping whose stores go to its file. */
const SHARED_WRITE: u32 = VmFlags.SHARED | VmFlags.WRITE;

/** The flags that a hint changes, in the lower half what they become and in the upper which: 0: none. */
function flag_change(advice: u32): u64 {
  switch (advice) {
    case Madvise.NORMAL:
      return change(VmFlags.RAND_READ | VmFlags.SEQ_READ, 0);
    case Madvise.RANDOM:
      return change(VmFlags.RAND_READ | VmFlags.SEQ_READ, VmFlags.RAND_READ);
    case Madvise.SEQUENTIAL:
      return change(VmFlags.RAND_READ | VmFlags.SEQ_READ, VmFlags.SEQ_READ);
    case Madvise.DONTFORK:
      return change(VmFlags.DONTCOPY, VmFlags.DONTCOPY);
    case Madvise.DOFORK:
      return change(VmFlags.DONTCOPY, 0);
    case Madvise.WIPEONFORK:
      return change(VmFlags.WIPEONFORK, VmFlags.WIPEONFORK);
    case Madvise.KEEPONFORK:
      return change(VmFlags.WIPEONFORK, 0);
    default:
      return 0;
  }
}

/** The bits of `mask` become `flags`. */
function change(mask: u32, flags: u32): u64 {
  return ((<u64>mask) << 32) | flags;
}

/** Pages that a range shows are read ahead. @kernel madvise_willneed(), mm/madvise.c */
function madvise_willneed(vma: VmAreaStruct, start: u64, end: u64): i32 {
  let file = vma.vm_file;
  let hook = mm_state().readahead;
  if (!file || !hook) return 0;
  call_indirect<void>(hook, file, <u32>linear_page_index(vma, start), <u32>((end - start) >> 12));
  return 0;
}

/** One area, or a part of it, is given a hint. @returns 0 or -errno. @kernel madvise_vma_behavior(), mm/madvise.c */
function madvise_vma(vma: VmAreaStruct, start: u64, end: u64, advice: u32): i32 {
  switch (advice) {
    case Madvise.WILLNEED:
      return madvise_willneed(vma, start, end);
    case Madvise.DONTNEED:
      if (vma.flags & VmFlags.LOCKED) return -Errno.EINVAL;
    case Madvise.DONTNEED_LOCKED:
      zap_page_range(vma, start, end);
      return 0;
    case Madvise.FREE:
      // Memory is never so short that the pages of a process would go: there is no swap.
      return vma.vm_ops ? -Errno.EINVAL : 0;
    case Madvise.REMOVE:
      if (vma.flags & VmFlags.LOCKED || !vma.vm_mapping) return -Errno.EINVAL;
      return (vma.flags & SHARED_WRITE) == SHARED_WRITE ? -Errno.EOPNOTSUPP : -Errno.EACCES;
    case Madvise.WIPEONFORK:
      if (vma.vm_mapping) return -Errno.EINVAL;
      break;
    default:
      break;
  }
  let changes = flag_change(advice);
  if (!changes) return 0;
  let mask = <u32>(changes >> 32);
  if ((vma.flags & mask) == <u32>changes) return 0;
  let part = carve(vma, start, end);
  if (!part) return -Errno.EAGAIN;
  part.flags = (part.flags & ~mask) | (<u32>changes);
  vma_merge(part);
  return 0;
}

/** The pages of a range are mapped now. @returns 0, SLEEPING, -ENOMEM, -EINVAL, -EFAULT. @kernel madvise_populate() */
function madvise_populate(mm: MmStruct, start: u64, end: u64, write: u32): i64 {
  let task = kernel.cpu.curr!;
  if (task.restarting) start = max(start, task.iter.base);
  for (let at = start; at < end; at += 4096) {
    task.iter.base = at;
    let vma = find_vma(mm, at);
    if (!vma || vma.vm_start > at) return -Errno.ENOMEM;
    // Unlike a load, it wants what is to be read to be readable, and not merely to be run or written.
    if (access_error(vma, write) || (!write && !(vma.flags & VmFlags.READ))) return -Errno.EINVAL;
    let result = fault_in_page(mm, at, FaultFlags.ALLOW_RETRY | write);
    if (result == VmFaultReason.RETRY) return SLEEPING;
    if (result) return result;
  }
  return 0;
}

/** The areas of a range are given a hint, one after the other. @kernel madvise_walk_vmas(), mm/madvise.c */
function madvise_range(mm: MmStruct, start: u64, end: u64, advice: u32): i32 {
  let hole = false;
  while (start < end) {
    let vma = find_vma(mm, start);
    if (!vma || vma.vm_start >= end) return -Errno.ENOMEM;
    if (vma.vm_start > start) hole = true;
    let to = min(end, vma.vm_end);
    let error = madvise_vma(vma, max(start, vma.vm_start), to, advice);
    if (error) return error;
    start = to;
  }
  return hole ? -Errno.ENOMEM : 0;
}

/** madvise(2): 0, -EINVAL, -ENOMEM, -EAGAIN, -EFAULT. @kernel do_madvise(), mm/madvise.c */
export function sys_madvise(): i64 {
  let task = kernel.cpu.curr!;
  let advice = <u32>task.dx;
  let start = <u64>task.di;
  if (advice > 31 || !(KNOWN & (1 << advice)) || start & PAGE_OFFSET_MASK) return -Errno.EINVAL;
  let length = (<u64>task.si + PAGE_OFFSET_MASK) & ~PAGE_OFFSET_MASK;
  if (task.si && !length) return -Errno.EINVAL;
  let end = start + length;
  if (end < start) return -Errno.EINVAL;
  if (end == start) return 0;
  if (advice == Madvise.POPULATE_READ) return madvise_populate(task.mm, start, end, 0);
  if (advice == Madvise.POPULATE_WRITE) return madvise_populate(task.mm, start, end, FaultFlags.WRITE);
  return madvise_range(task.mm, start, end, advice);
}
