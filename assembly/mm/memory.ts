import { Errno } from "../include/errno";
import { FaultFlags, MmStruct, VmAreaStruct, VmFlags } from "../include/mm_struct";
import { Tp, enter, leave } from "../include/trace";
import { account_minor_fault } from "../include/account";
import { PAGE_PRESENT, PAGE_RW, PAGE_OFFSET_MASK, entry_address, pte_alloc, pte_offset } from "./pgtable";
import { find_vma } from "./mmap";
import { get_zeroed_page } from "./page_alloc";

/**
 * Maps the page of a user address that is not mapped yet: a fresh frame full of zeros.
 *
 * @returns  0; -EFAULT outside all areas or against their protection; -ENOMEM.
 * @kernel handle_mm_fault(), mm/memory.c
 */
export function handle_mm_fault(mm: MmStruct, address: u64, write: bool): i32 {
  enter(Tp.handle_mm_fault, changetype<usize>(mm), <usize>(address >> 12), write ? 1 : 0);
  let vma = find_vma(mm, address);
  if (!vma || vma.vm_start > address) return leave(-Errno.EFAULT);
  if (!(vma.flags & (write ? VmFlags.WRITE : VmFlags.READ))) return leave(-Errno.EFAULT);
  let pte = pte_alloc(mm, address);
  if (!pte) return leave(-Errno.ENOMEM);
  if (load<u64>(pte) & PAGE_PRESENT) return leave(-Errno.EFAULT);
  let frame = get_zeroed_page();
  if (!frame) return leave(-Errno.ENOMEM);
  store<u64>(pte, (<u64>frame) | PAGE_PRESENT | (vma.flags & VmFlags.WRITE ? PAGE_RW : 0));
  mm.rss++;
  account_minor_fault();
  return leave(0);
}

/**
 * Where a user address lies in memory, faulting its page in if need be.
 *
 * @returns  the linear address, 0 if there is none.
 */
export function translate(mm: MmStruct, address: u64, write: bool): usize {
  let want = write ? PAGE_PRESENT | PAGE_RW : PAGE_PRESENT;
  let pte = pte_offset(mm, address);
  if (!pte || (load<u64>(pte) & want) != want) {
    if (handle_mm_fault(mm, address, write)) return 0;
    pte = pte_offset(mm, address);
  }
  return entry_address(load<u64>(pte)) + <usize>(address & PAGE_OFFSET_MASK);
}

/**
 * Makes sure that the page of a user address is there and may be accessed.
 *
 * @param flags  FaultFlags bits; with ALLOW_RETRY the task may be put to sleep for it.
 * @returns      0, -EFAULT, or SLEEPING: to be asked again.
 * @kernel fixup_user_fault(), mm/gup.c
 */
export function fixup_user_fault(mm: MmStruct, address: u64, flags: u32): i64 {
  return translate(mm, address, (flags & FaultFlags.WRITE) != 0) ? 0 : -Errno.EFAULT;
}

/** Where a user address lies in memory, if its page is mapped already; 0 otherwise. Changes nothing. */
export function peek(mm: MmStruct, address: u64): usize {
  let pte = pte_offset(mm, address);
  if (!pte) return 0;
  let entry = load<u64>(pte);
  return entry & PAGE_PRESENT ? entry_address(entry) + <usize>(address & PAGE_OFFSET_MASK) : 0;
}

/** True if the address lies in an area of the address space that may be read. */
export function readable(mm: MmStruct, address: u64): bool {
  let vma: VmAreaStruct | null = find_vma(mm, address);
  return vma !== null && vma.vm_start <= address && (vma.flags & VmFlags.READ) != 0;
}
