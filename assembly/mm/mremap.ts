import { Errno } from "../include/errno";
import {
  MAX_MAP_COUNT,
  find_vma,
  get_unmapped_area,
  linear_page_index,
  mm_state,
  remove_vma,
  vm_area_dup,
} from "./vma";
import { MmStruct, TASK_SIZE_MAX, VmAreaStruct, VmFlags } from "../include/mm_struct";
import { MremapFlags } from "../include/mman";
import { PAGE_OFFSET_MASK, free_pgtables, pte_alloc, pte_offset, walk_page_range } from "./pgtable";
import { PAGE_SHIFT } from "../include/mm_types";
import { SLEEPING, TaskStruct } from "../include/sched";
import { Tp, enter, leave } from "../include/trace";
import { do_munmap } from "./mmap";
import { kernel } from "../include/kernel";
import { mm_populate } from "./mlock";
import { page_align, vm_enough_memory } from "./mmap_calls";
import { vm_stat_account, vma_link, vma_lookup, vma_merge, vma_pages } from "./vma";

/*
 * mremap(2): an area becomes longer or shorter, or its pages go to other addresses. Nothing is copied: the entries of the
 * page tables move.
 *
 *   before   | area ......... |                          shrink, grow: the area's end moves
 *   after                          | area ......... |    move: a new area gets the old one's file, and its entries
 */

/** Flags that mean that the pages go elsewhere. */
const NEW_ADDRESS: u32 = MremapFlags.FIXED | MremapFlags.DONTUNMAP;

/** Whether what a program wants makes sense at all. @returns 0, -EINVAL, -ENOMEM. @kernel check_mremap_params() */
function check_mremap_params(mm: MmStruct, address: u64, from: u64, length: u64, flags: u32, to: u64): i32 {
  if (flags & ~(MremapFlags.MAYMOVE | NEW_ADDRESS) || address & PAGE_OFFSET_MASK) return -Errno.EINVAL;
  if (!length || length > TASK_SIZE_MAX) return -Errno.EINVAL;
  if (!(flags & NEW_ADDRESS)) return 0;
  if (to > TASK_SIZE_MAX - length || to & PAGE_OFFSET_MASK || !(flags & MremapFlags.MAYMOVE)) return -Errno.EINVAL;
  if (flags & MremapFlags.DONTUNMAP && from != length) return -Errno.EINVAL;
  if (address < to + length && to < address + from) return -Errno.EINVAL;
  return mm.map_count + 2 >= MAX_MAP_COUNT - 3 ? -Errno.ENOMEM : 0;
}

/** Whether an area can become what is wanted. @returns 0, -EFAULT, -EINVAL. @kernel check_prep_vma(), mm/mremap.c */
function check_prep_vma(vma: VmAreaStruct | null, address: u64, from: u64, length: u64, flags: u32): i32 {
  if (!vma) return -Errno.EFAULT;
  if (!(flags & NEW_ADDRESS) && length <= from) return 0;
  // Without a length it is shown once more: only what is shared can be.
  if (!from && !(vma.flags & (VmFlags.SHARED | VmFlags.MAYSHARE))) return -Errno.EINVAL;
  let is_fixed = (vma.flags & VmFlags.DONTEXPAND) != 0;
  if (flags & MremapFlags.DONTUNMAP && is_fixed) return -Errno.EINVAL;
  if (min(from, length) > vma.vm_end - address) return -Errno.EFAULT;
  if (length <= from) return 0;
  if (linear_page_index(vma, address) + (length >> PAGE_SHIFT) > 0xf_ffff_ffff_ffff) return -Errno.EINVAL;
  return is_fixed ? -Errno.EFAULT : 0;
}

/** An entry's page table at its new place is made. */
function prepare_pte(slot: usize, address: u64, vma: VmAreaStruct, argument: usize): i32 {
  return pte_alloc(vma.mm, address + mm_state().move_by) ? 0 : -Errno.ENOMEM;
}

/** An entry goes to its new place. */
function move_pte(slot: usize, address: u64, vma: VmAreaStruct, argument: usize): i32 {
  store<u64>(pte_offset(vma.mm, address + mm_state().move_by), load<u64>(slot));
  store<u64>(slot, 0);
  return 0;
}

/** The entries of a range go elsewhere, all or none. @returns 0, -ENOMEM. @kernel move_page_tables(), mm/mremap.c */
function move_page_tables(vma: VmAreaStruct, address: u64, length: u64, to: u64): i32 {
  mm_state().move_by = to - address;
  let error = walk_page_range(vma, address, address + length, prepare_pte.index, 0);
  if (error) free_pgtables(vma.mm, to, to + length);
  else walk_page_range(vma, address, address + length, move_pte.index, 0);
  return error;
}

/** An area like a part of another one, elsewhere; null if memory is exhausted. @kernel copy_vma(), mm/vma.c */
function copy_vma(vma: VmAreaStruct, address: u64, to: u64, length: u64): VmAreaStruct | null {
  let copy = vm_area_dup(vma, vma.mm);
  if (!copy) return null;
  copy.vm_start = to;
  copy.vm_end = to + length;
  // Memory of a process's own that has never been stored to is as if it were new.
  let is_new = !vma.vm_ops && !vma.anon;
  copy.vm_pgoff = is_new ? to >> PAGE_SHIFT : linear_page_index(vma, address);
  return copy;
}

/** The pages of a part of an area go elsewhere. @returns the address, -ENOMEM, -EINVAL. @kernel move_vma(), mm/mremap.c */
function move_vma(vma: VmAreaStruct, address: u64, from: u64, length: u64, flags: u32, to: u64): i64 {
  let mm = vma.mm;
  if (mm.map_count >= MAX_MAP_COUNT - 3) return -Errno.ENOMEM;
  // The ring of asynchronous requests is known by its address.
  if (!vma.vm_file && vma.flags & VmFlags.DONTEXPAND) return -Errno.EINVAL;
  let charge = flags & MremapFlags.DONTUNMAP ? length : length - from;
  if (vma.flags & VmFlags.ACCOUNT && !vm_enough_memory(charge >> PAGE_SHIFT)) return -Errno.ENOMEM;
  let copy = copy_vma(vma, address, to, length);
  if (!copy) return -Errno.ENOMEM;
  if (move_page_tables(vma, address, from, to)) {
    remove_vma(copy);
    return -Errno.ENOMEM;
  }
  vma_link(mm, copy);
  if (flags & MremapFlags.DONTUNMAP) {
    if (vma.flags & VmFlags.LOCKED) mm.locked_vm -= vma_pages(vma);
    vma.flags &= ~((<u32>VmFlags.LOCKED) | VmFlags.LOCKONFAULT);
  } else if (from) do_munmap(mm, address, from);
  vma_merge(copy);
  return <i64>to;
}

/** Pages go to an address that the program says, or wishes. @returns the address or -errno. @kernel mremap_to() */
function mremap_to(mm: MmStruct, address: u64, from: u64, length: u64, flags: u32, to: u64): i64 {
  if (flags & MremapFlags.FIXED) {
    let error = do_munmap(mm, to, length);
    if (error) return error;
  }
  if (length < from) {
    let error = do_munmap(mm, address + length, from - length);
    if (error) return error;
    from = length;
  }
  // What was there may have been the same area.
  let vma = vma_lookup(mm, address);
  if (!vma) return -Errno.EFAULT;
  if (!(flags & MremapFlags.FIXED)) to = get_unmapped_area(mm, to, length);
  return to ? move_vma(vma, address, from, length, flags, to) : -Errno.ENOMEM;
}

/** All areas of a range go elsewhere, with the holes between them. @returns the address or -errno. @kernel remap_move() */
function remap_move(mm: MmStruct, start: u64, length: u64, flags: u32, to: u64): i64 {
  let end = start + length;
  let vma = find_vma(mm, start);
  if (!vma || vma.vm_start > start) return -Errno.EFAULT;
  while (vma && vma.vm_start < end) {
    let address = max(vma.vm_start, start);
    let part = min(vma.vm_end, end) - address;
    let result: i64 = check_prep_vma(vma, address, part, part, flags);
    if (!result) result = mremap_to(mm, address, part, part, flags, to + (address - start));
    if (result < 0) return result;
    vma = find_vma(mm, address + part);
  }
  return <i64>to;
}

/** An area ends later, where that can be. @returns whether it does; -ENOMEM. @kernel expand_vma_in_place(), mm/mremap.c */
function expand_in_place(vma: VmAreaStruct, address: u64, from: u64, length: u64): i32 {
  let end = address + length;
  let next = find_vma(vma.mm, vma.vm_end);
  if (address + from != vma.vm_end || end > TASK_SIZE_MAX || (next && next.vm_start < end)) return 0;
  let pages = (length - from) >> PAGE_SHIFT;
  if (vma.flags & VmFlags.ACCOUNT && !vm_enough_memory(pages)) return -Errno.ENOMEM;
  vma.vm_end = end;
  vm_stat_account(vma.mm, vma.flags, <i32>pages);
  vma_merge(vma);
  return 1;
}

/** An area becomes longer, here or elsewhere. @returns the address, -ENOMEM. @kernel expand_vma(), mm/mremap.c */
function expand_vma(vma: VmAreaStruct, address: u64, from: u64, length: u64, flags: u32): i64 {
  let done = expand_in_place(vma, address, from, length);
  if (done) return done < 0 ? done : <i64>address;
  if (!(flags & MremapFlags.MAYMOVE)) return -Errno.ENOMEM;
  let to = get_unmapped_area(vma.mm, 0, length);
  return to ? move_vma(vma, address, from, length, flags, to) : -Errno.ENOMEM;
}

/** Does what mremap(2) asks for. @returns the address or -errno. @kernel do_mremap(), mm/mremap.c */
function do_mremap(mm: MmStruct, address: u64, from: u64, length: u64, flags: u32, to: u64): i64 {
  enter(Tp.do_mremap, changetype<usize>(mm), <usize>(address >> PAGE_SHIFT), <usize>(length >> PAGE_SHIFT));
  let error = check_mremap_params(mm, address, from, length, flags, to);
  if (error) return leave<i64>(error);
  if (flags & MremapFlags.FIXED && from == length) return leave(remap_move(mm, address, length, flags, to));
  let vma = vma_lookup(mm, address);
  error = check_prep_vma(vma, address, from, length, flags);
  if (error) return leave<i64>(error);
  if (flags & NEW_ADDRESS) return leave(mremap_to(mm, address, from, length, flags, to));
  if (length > from) return leave(expand_vma(vma!, address, from, length, flags));
  if (length < from) error = do_munmap(mm, address + length, from - length);
  return leave(error ? <i64>error : <i64>address);
}

/** What has been added to a locked area is mapped at once, as far as that goes. */
function finish_populate(task: TaskStruct): i64 {
  let at = task.done;
  let vma = vma_lookup(task.mm, at);
  let from = page_align(<u64>task.si);
  let length = page_align(<u64>task.dx);
  if (!vma || !(vma.flags & VmFlags.LOCKED) || length <= from) return <i64>at;
  return mm_populate(task.mm, at + from, at + length) == SLEEPING ? SLEEPING : <i64>at;
}

/** mremap(2). @returns the address, -EINVAL, -EFAULT, -ENOMEM. */
export function sys_mremap(): i64 {
  let task = kernel.cpu.curr!;
  if (task.restarting) return finish_populate(task);
  if (<u64>task.r10 > u32.MAX_VALUE) return -Errno.EINVAL;
  let from = page_align(<u64>task.si);
  let length = page_align(<u64>task.dx);
  let result = do_mremap(task.mm, <u64>task.di, from, length, <u32>task.r10, <u64>task.r8);
  if (result < 0) return result;
  task.done = <u64>result;
  return finish_populate(task);
}
