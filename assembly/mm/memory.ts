import { Errno } from "../include/errno";
import { FaultFlags, MmStruct, TASK_SIZE_MAX, VmAreaStruct, VmFaultReason, VmFlags } from "../include/mm_struct";
import { Tp, enter, leave } from "../include/trace";
import { account_major_fault, account_minor_fault } from "../include/account";
import { do_fault } from "./memory_fault";
import { do_anonymous_page, do_wp_page } from "./memory_anon";
import {
  PAGE_ACCESSED,
  PAGE_DIRTY,
  PAGE_MAPPED,
  PAGE_OFFSET_MASK,
  PAGE_PRESENT,
  PAGE_RW,
  entry_address,
  pte_alloc,
  pte_offset,
} from "./pgtable";
import { kernel } from "../include/kernel";
import { mm_state, vma_lookup } from "./vma";
import { tlb } from "../include/user";

/** What an entry must have for a load. */
const READABLE: u64 = PAGE_PRESENT | PAGE_ACCESSED;
/** What an entry must have for a store. */
const WRITABLE: u64 = PAGE_PRESENT | PAGE_RW | PAGE_ACCESSED | PAGE_DIRTY;

/** True if an area does not allow an access. @kernel access_error(), arch/x86/mm/fault.c */
export function access_error(vma: VmAreaStruct, flags: u32): bool {
  // What may be written or run may be read: the processor makes no difference.
  let allowed: u32 = VmFlags.WRITE;
  if (!(flags & FaultFlags.WRITE)) allowed |= VmFlags.READ | VmFlags.EXEC;
  return !(vma.flags & allowed);
}

/** Finds the page of an address in an area, and maps it. @kernel __handle_mm_fault(), mm/memory.c */
function handle_pte_fault(vma: VmAreaStruct, address: u64, flags: u32): u32 {
  let mm = vma.mm;
  let pte = pte_alloc(mm, address);
  if (!pte) return VmFaultReason.OOM;
  let vmf = mm_state().vmf;
  vmf.vma = vma;
  vmf.flags = flags;
  vmf.address = address & ~PAGE_OFFSET_MASK;
  vmf.pgoff = <u32>(vma.vm_pgoff + ((vmf.address - vma.vm_start) >> 12));
  vmf.pte = pte;
  vmf.orig_pte = load<u64>(pte);
  vmf.folio = null;
  if (!(vmf.orig_pte & PAGE_MAPPED)) {
    let ops = vma.vm_ops;
    return ops && ops.fault ? do_fault(vmf) : do_anonymous_page(vmf);
  }
  let write = (flags & FaultFlags.WRITE) != 0;
  if (write && !(vmf.orig_pte & PAGE_RW)) return do_wp_page(vmf);
  store<u64>(pte, vmf.orig_pte | PAGE_ACCESSED | (write ? PAGE_DIRTY : 0));
  return VmFaultReason.NOPAGE;
}

/**
 * Serves a page fault: maps the page of a user address.
 *
 * @param flags  FaultFlags bits.
 * @returns      VmFaultReason bits; with RETRY the task is on a wait queue.
 * @kernel handle_mm_fault(), mm/memory.c
 */
export function handle_mm_fault(vma: VmAreaStruct, address: u64, flags: u32): u32 {
  enter(Tp.handle_mm_fault, changetype<usize>(vma.mm), <usize>(address >> 12), flags & FaultFlags.WRITE);
  let task = kernel.cpu.curr;
  if (task && task.fault_address == (address & ~PAGE_OFFSET_MASK)) flags |= FaultFlags.TRIED;
  let reason = handle_pte_fault(vma, address, flags);
  if (reason & VmFaultReason.RETRY) {
    task!.fault_address = address & ~PAGE_OFFSET_MASK;
    return leave(reason);
  }
  if (task) task.fault_address = 0;
  // An entry may lead to another page now, also for a task that shares the memory: what is known of them is not.
  tlb.mm = 0;
  if (reason & VmFaultReason.ERROR) return leave(reason);
  if (reason & VmFaultReason.MAJOR || flags & FaultFlags.TRIED) account_major_fault();
  else account_minor_fault();
  return leave(reason);
}

/** True if an entry allows an access; says then that there was one, as the processor does. */
function touch(pte: usize, write: bool): bool {
  let entry = load<u64>(pte);
  let need = write ? PAGE_PRESENT | PAGE_RW : PAGE_PRESENT;
  if ((entry & need) != need) return false;
  store<u64>(pte, entry | (write ? WRITABLE : READABLE));
  return true;
}

/**
 * Makes sure that the page of a user address is there and may be accessed.
 *
 * @param flags  FaultFlags bits; with ALLOW_RETRY the task may be put to sleep for it.
 * @returns      0; -EFAULT; or SLEEPING's VmFaultReason, RETRY: to be asked again.
 * @kernel fixup_user_fault(), mm/gup.c
 */
export function fault_in_page(mm: MmStruct, address: u64, flags: u32): i32 {
  while (true) {
    let pte = pte_offset(mm, address);
    if (pte && touch(pte, (flags & FaultFlags.WRITE) != 0)) return 0;
    let vma = vma_lookup(mm, address);
    if (!vma || access_error(vma, flags)) return -Errno.EFAULT;
    let reason = handle_mm_fault(vma, address, flags);
    if (reason & VmFaultReason.RETRY) return VmFaultReason.RETRY;
    if (reason & VmFaultReason.ERROR) return -Errno.EFAULT;
  }
}

/**
 * Where a user address lies in memory, faulting its page in if need be. A page that comes from the disk is waited for.
 *
 * @returns  the linear address, 0 if there is none.
 */
export function translate(mm: MmStruct, address: u64, write: bool): usize {
  let want = write ? WRITABLE : READABLE;
  let pte = pte_offset(mm, address);
  if (!pte || (load<u64>(pte) & want) != want) {
    if (fault_in_page(mm, address, write ? FaultFlags.WRITE : 0)) return 0;
    pte = pte_offset(mm, address);
  }
  return entry_address(load<u64>(pte)) + <usize>(address & PAGE_OFFSET_MASK);
}

/** Where a program's own load or store goes, if the processor lets it; 0: a page fault. */
export function user_access(mm: MmStruct, address: u64, write: bool): usize {
  if (address >= TASK_SIZE_MAX) return 0;
  let pte = pte_offset(mm, address);
  return pte && touch(pte, write) ? entry_address(load<u64>(pte)) + <usize>(address & PAGE_OFFSET_MASK) : 0;
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
  let vma = vma_lookup(mm, address);
  return vma !== null && !access_error(vma, 0);
}
