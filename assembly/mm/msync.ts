import { Errno } from "../include/errno";
import { Msync } from "../include/mman";
import { PAGE_OFFSET_MASK } from "./pgtable";
import { VmAreaStruct, VmFlags } from "../include/mm_struct";
import { find_vma, linear_page_index } from "./vma";
import { kernel } from "../include/kernel";

/** What was stored to a part of an area gets to the disk. @returns 0, -errno, SLEEPING. */
function sync_area(vma: VmAreaStruct, start: u64, end: u64): i64 {
  let file = vma.vm_file;
  if (!file || !(vma.flags & VmFlags.SHARED) || !file.f_op.fsync) return 0;
  let first = <i64>(linear_page_index(vma, start) << 12);
  return call_indirect<i64>(file.f_op.fsync, file, first, first + <i64>(end - start) - 1, <u32>1);
}

/** msync(2): 0, -EINVAL, -ENOMEM, -EBUSY, -EIO. */
export function sys_msync(): i64 {
  let task = kernel.cpu.curr!;
  let flags = <u32>task.dx;
  let start = <u64>task.di;
  if (flags & ~(Msync.ASYNC | Msync.INVALIDATE | Msync.SYNC) || start & PAGE_OFFSET_MASK) return -Errno.EINVAL;
  if (flags & Msync.ASYNC && flags & Msync.SYNC) return -Errno.EINVAL;
  let end = start + ((<u64>task.si + PAGE_OFFSET_MASK) & ~PAGE_OFFSET_MASK);
  if (end < start) return -Errno.ENOMEM;
  // A call that slept goes on with the area whose pages it has waited for.
  if (task.restarting) start = max(start, task.iter.base);
  let hole = task.restarting != 0 && task.done != 0;
  while (start < end) {
    task.iter.base = start;
    task.done = hole ? 1 : 0;
    let vma = find_vma(task.mm, start);
    if (!vma || vma.vm_start >= end) return -Errno.ENOMEM;
    if (vma.vm_start > start) hole = true;
    if (flags & Msync.INVALIDATE && vma.flags & VmFlags.LOCKED) return -Errno.EBUSY;
    let to = min(end, vma.vm_end);
    let result: i64 = flags & Msync.SYNC ? sync_area(vma, max(start, vma.vm_start), to) : 0;
    if (result) return result;
    start = to;
  }
  return hole ? -Errno.ENOMEM : 0;
}
