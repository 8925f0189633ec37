import { Errno } from "../include/errno";
import { FMode, File, files_lookup_fd } from "../include/fs";
import { MAX_MAP_COUNT, MMAP_MIN_ADDR, find_vma, get_unmapped_area, remove_vma, vm_area_alloc } from "./vma";
import { MapFlags, Prot } from "../include/mman";
import { MmStruct, TASK_SIZE_MAX, VmAreaStruct, VmFlags } from "../include/mm_struct";
import { PAGE_OFFSET_MASK } from "./pgtable";
import { PAGE_SHIFT, PAGE_SIZE } from "../include/mm_types";
import { SLEEPING, TaskStruct } from "../include/sched";
import { Tp, enter, leave } from "../include/trace";
import { VM_DATA, do_munmap } from "./mmap";
import { kernel } from "../include/kernel";
import { mm_populate } from "./mlock";
import { shmem_zero_setup } from "./shmem";
import { vma_link, vma_merge } from "./vma";

/** Largest page of a file that can be mapped, and one more: what one number of 32 bits says. */
const MAX_FILE_PAGES: u64 = 0x1_0000_0000;

/** Whole pages. Unit: bytes. */
export function page_align(length: u64): u64 {
  return (length + PAGE_OFFSET_MASK) & ~PAGE_OFFSET_MASK;
}

/** The VmFlags of protection bits. @kernel calc_vm_prot_bits(), include/linux/mman.h */
export function calc_vm_prot_bits(prot: u32): u32 {
  return prot & (Prot.READ | Prot.WRITE | Prot.EXEC);
}

/** The file of a descriptor of the task that runs, or null: the area takes a reference to it. */
function file_to_map(fd: i32): File | null {
  let file = files_lookup_fd(kernel.cpu.curr!.files, fd);
  return file && file.f_mode & FMode.PATH ? null : file;
}

/** True if so much can never be there. @kernel __vm_enough_memory(), mm/util.c (heuristic overcommit) */
export function vm_enough_memory(pages: u64): bool {
  let limit: u64 = kernel.memory_limit ? kernel.memory_limit : 0x1_0000_0000;
  return pages <= limit >> PAGE_SHIFT;
}

/** What a mapping of a file may do, as VmFlags to add and, in the upper half, to take away; or -errno. */
function check_file(file: File, flags: u32, prot: u32): i64 {
  let add: u32 = 0;
  let take: u32 = 0;
  switch (flags & MapFlags.TYPE) {
    case MapFlags.SHARED_VALIDATE:
      if (flags & ~(<u32>MapFlags.LEGACY_MASK)) return -Errno.EOPNOTSUPP;
    case MapFlags.SHARED:
      if (prot & Prot.WRITE && !(file.f_mode & FMode.WRITE)) return -Errno.EACCES;
      add = VmFlags.SHARED | VmFlags.MAYSHARE;
      if (!(file.f_mode & FMode.WRITE)) take = VmFlags.MAYWRITE | VmFlags.SHARED;
    case MapFlags.PRIVATE:
      if (!(file.f_mode & FMode.READ)) return -Errno.EACCES;
      if (!file.f_op.mmap) return -Errno.ENODEV;
      if (flags & MapFlags.GROWSDOWN) return -Errno.EINVAL;
      return <i64>(((<u64>take) << 32) | add);
    default:
      return -Errno.EINVAL;
  }
}

/** Where a mapping goes. @returns the address, or -EINVAL, -ENOMEM, -EEXIST. @kernel __get_unmapped_area(), mm/mmap.c */
function place_mapping(mm: MmStruct, address: u64, length: u64, flags: u32): i64 {
  if (length > TASK_SIZE_MAX) return -Errno.ENOMEM;
  if (!(flags & (MapFlags.FIXED | MapFlags.FIXED_NOREPLACE))) {
    address &= ~PAGE_OFFSET_MASK;
    if (address && address < MMAP_MIN_ADDR) address = MMAP_MIN_ADDR;
    let found = get_unmapped_area(mm, address, length);
    return found ? <i64>found : -Errno.ENOMEM;
  }
  if (address > TASK_SIZE_MAX - length) return -Errno.ENOMEM;
  if (address & PAGE_OFFSET_MASK) return -Errno.EINVAL;
  if (flags & MapFlags.FIXED_NOREPLACE) {
    let vma = find_vma(mm, address);
    if (vma && vma.vm_start < address + length) return -Errno.EEXIST;
  }
  return address;
}

/** The area shows its file, or shared memory of its own. @returns 0 or -errno; the area is given up then. */
function set_backing(vma: VmAreaStruct, file: File | null): i32 {
  let error: i32 = 0;
  if (file) {
    vma.vm_file = file;
    file.f_count++;
    let mapping = file.f_mapping;
    if (mapping) {
      vma.vm_mapping = mapping;
      mapping.i_mmap.add_tail(vma.shared);
    }
    error = call_indirect<i32>(file.f_op.mmap, file, vma);
  } else if (vma.flags & VmFlags.SHARED) {
    error = shmem_zero_setup(vma);
  }
  if (error) {
    vma.vm_ops = null;
    remove_vma(vma);
  }
  return error;
}

/** Maps a range. @returns the address or -ENOMEM. @kernel __mmap_region(), mm/vma.c */
function mmap_region(mm: MmStruct, file: File | null, start: u64, length: u64, vm_flags: u32, pgoff: u64): i64 {
  if (do_munmap(mm, start, length)) return -Errno.ENOMEM;
  let counts = (vm_flags & (VmFlags.NORESERVE | VmFlags.SHARED | VmFlags.WRITE)) == VmFlags.WRITE;
  if (!file && vm_flags & VmFlags.SHARED && !(vm_flags & VmFlags.NORESERVE)) counts = true;
  if (counts) {
    if (!vm_enough_memory(length >> PAGE_SHIFT)) return -Errno.ENOMEM;
    vm_flags |= VmFlags.ACCOUNT;
  }
  let vma = vm_area_alloc(mm, start, start + length, vm_flags);
  if (!vma) return -Errno.ENOMEM;
  vma.vm_pgoff = pgoff;
  let error = set_backing(vma, file);
  if (error) return error;
  vma_link(mm, vma);
  vma_merge(vma);
  return <i64>start;
}

/**
 * Maps a file, or memory of its own, into an address space.
 *
 * @param file   null: no file.
 * @param pgoff  first page of the file.
 * @returns      the address, or -errno.
 * @kernel do_mmap(), mm/mmap.c
 */
export function do_mmap(
  mm: MmStruct,
  file: File | null,
  address: u64,
  length: u64,
  prot: u32,
  flags: u32,
  pgoff: u64,
): i64 {
  if (!length) return -Errno.EINVAL;
  length = page_align(length);
  if (!length) return -Errno.ENOMEM;
  if (mm.map_count > MAX_MAP_COUNT) return -Errno.ENOMEM;
  enter(Tp.do_mmap, changetype<usize>(mm), <usize>(length >> PAGE_SHIFT), flags);
  let vm_flags = calc_vm_prot_bits(prot) | mm.def_flags | VmFlags.MAYREAD | VmFlags.MAYWRITE | VmFlags.MAYEXEC;
  if (flags & MapFlags.LOCKED) vm_flags |= VmFlags.LOCKED;
  let at = place_mapping(mm, address, length, flags);
  if (at < 0) return leave(at);
  if (file) {
    if (pgoff > MAX_FILE_PAGES || length >> PAGE_SHIFT > MAX_FILE_PAGES - pgoff) return leave(-Errno.EOVERFLOW);
    let rights = check_file(file, flags, prot);
    if (rights < 0) return leave(rights);
    vm_flags = (vm_flags | (<u32>rights)) & ~(<u32>(rights >> 32));
  } else {
    let type = flags & MapFlags.TYPE;
    if (type == MapFlags.SHARED) {
      if (flags & MapFlags.GROWSDOWN) return leave(-Errno.EINVAL);
      vm_flags |= VmFlags.SHARED | VmFlags.MAYSHARE;
      pgoff = 0;
    } else if (type == MapFlags.PRIVATE) pgoff = (<u64>at) >> PAGE_SHIFT;
    else return leave(-Errno.EINVAL);
  }
  if (flags & MapFlags.NORESERVE) vm_flags |= VmFlags.NORESERVE;
  return leave(mmap_region(mm, file, <u64>at, length, vm_flags, pgoff));
}

/**
 * mmap(2).
 *
 * @returns  the address, -EINVAL, -EBADF, -EACCES, -ENODEV, -EEXIST, -ENOMEM, -EOVERFLOW, -EOPNOTSUPP.
 */
export function sys_mmap(): i64 {
  let task: TaskStruct = kernel.cpu.curr!;
  // Woken while it maps all pages at once: the area is there.
  if (task.restarting) return finish_populate(task);
  let flags = <u32>task.r10;
  if (task.r9 & (<i64>PAGE_OFFSET_MASK)) return -Errno.EINVAL;
  let file: File | null = null;
  if (!(flags & MapFlags.ANONYMOUS)) {
    file = file_to_map(<i32>task.r8);
    if (!file) return -Errno.EBADF;
    if (flags & MapFlags.HUGETLB) return -Errno.EINVAL;
  } else if (flags & MapFlags.HUGETLB) return -Errno.ENOMEM;
  let pgoff = (<u64>task.r9) >> PAGE_SHIFT;
  let at = do_mmap(task.mm, file, <u64>task.di, <u64>task.si, <u32>task.dx, flags, pgoff);
  if (at < 0) return at;
  let locked = (flags & MapFlags.LOCKED) != 0;
  if (!locked && (flags & (MapFlags.POPULATE | MapFlags.NONBLOCK)) != MapFlags.POPULATE) return at;
  task.done = <u64>at;
  return finish_populate(task);
}

/** Maps the pages of a new area at once, as far as that goes. */
function finish_populate(task: TaskStruct): i64 {
  let at = task.done;
  return mm_populate(task.mm, at, at + page_align(<u64>task.si)) == SLEEPING ? SLEEPING : <i64>at;
}

/** munmap(2): 0, -EINVAL, -ENOMEM. */
export function sys_munmap(): i64 {
  let task = kernel.cpu.curr!;
  return do_munmap(task.mm, <u64>task.di, <u64>task.si);
}

/** True if the heap can grow up to an address. */
function can_grow(mm: MmStruct, end: u64): bool {
  if (end >= TASK_SIZE_MAX || end < mm.start_brk) return false;
  let next = find_vma(mm, page_align(mm.brk));
  return !next || next.vm_start >= end + PAGE_SIZE;
}

/** brk(2): moves the end of the heap. @returns where it is now, moved or not. */
export function sys_brk(): i64 {
  let task = kernel.cpu.curr!;
  let mm = task.mm;
  let wanted = <u64>task.di;
  if (wanted < mm.start_brk) return <i64>mm.brk;
  let from = page_align(mm.brk);
  let to = page_align(wanted);
  // Near the end of all addresses a larger one is rounded up to 0.
  if (wanted > mm.brk && to != from) {
    let room = can_grow(mm, to) && vm_enough_memory((to - from) >> PAGE_SHIFT) && mm.map_count <= MAX_MAP_COUNT;
    if (!room) return <i64>mm.brk;
    let vma = vm_area_alloc(mm, from, to, VM_DATA | mm.def_flags);
    if (!vma) return <i64>mm.brk;
    vma_link(mm, vma);
    vma_merge(vma);
  } else if (to < from && do_munmap(mm, to, from - to)) return <i64>mm.brk;
  mm.brk = wanted;
  return <i64>wanted;
}
