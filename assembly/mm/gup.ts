import { Errno } from "../include/errno";
import { FaultFlags, VmFaultReason } from "../include/mm_struct";
import { SLEEPING } from "../include/sched";
import { IovIter } from "../include/uio";
import { PAGE_SIZE, virt_to_page } from "../include/mm_types";
import { PAGE_OFFSET_MASK } from "./pgtable";
import { account_page } from "../include/account";
import { access_ok } from "./uaccess";
import { fault_in_page, translate } from "./memory";
import { get_page } from "./page_alloc";
import { kernel } from "../include/kernel";
import { user_backed_iter } from "./iov_iter";

/** Makes sure that the pages of a range are there. @returns 0, -EFAULT if not even the first is, or SLEEPING. */
function fault_in_range(address: u64, n: u64, flags: u32, first: bool): i64 {
  if (!access_ok(address, n)) return first ? -Errno.EFAULT : 0;
  let end = address + n;
  while (address < end) {
    let result = fault_in_page(kernel.cpu.curr!.mm, address, flags);
    if (result == VmFaultReason.RETRY) return SLEEPING;
    if (result) return first ? result : 0;
    first = false;
    address = (address | PAGE_OFFSET_MASK) + 1;
  }
  return 0;
}

/** The same of where a walk stands. */
function fault_in_iov_iter(iter: IovIter, bytes: u64, flags: u32): i64 {
  if (!user_backed_iter(iter)) return 0;
  let base = iter.base;
  let left = iter.segment_left;
  let iov = iter.iov;
  let nr_segs = iter.nr_segs;
  let first = true;
  bytes = min(bytes, iter.count);
  while (bytes) {
    let part = min(bytes, left);
    if (part) {
      let result = fault_in_range(base, part, flags, first);
      if (result) return result;
      first = false;
      bytes -= part;
    }
    if (!nr_segs) break;
    base = load<u64>(iov);
    left = load<u64>(iov, 8);
    iov += 16;
    nr_segs--;
  }
  return 0;
}

/**
 * Makes sure that bytes can be copied from where a walk stands, without copying.
 *
 * @returns  0; -EFAULT if not even the first byte is there; SLEEPING while its page comes from the disk: the call is to
 *           be made again.
 * @kernel fault_in_iov_iter_readable(), lib/iov_iter.c
 */
export function fault_in_iov_iter_readable(iter: IovIter, bytes: u64): i64 {
  return fault_in_iov_iter(iter, bytes, FaultFlags.ALLOW_RETRY);
}

/**
 * Makes sure that copying bytes from or to where a walk stands need not wait for the disk. Nearly always it need not: a
 * program that has no file mapped, or not these bytes of one, loses no time by asking.
 *
 * @param flags  FaultFlags: WRITE if the bytes are copied to there.
 * @returns      0, also if nothing is there; SLEEPING: the call is to be made again.
 */
export function fault_in_from_disk(iter: IovIter, bytes: u64, flags: u32): i64 {
  if (!kernel.cpu.curr!.mm.file_areas) return 0;
  let result = fault_in_iov_iter(iter, bytes, flags | FaultFlags.ALLOW_RETRY);
  return result == SLEEPING ? result : 0;
}

/**
 * Takes a reference to the frame of a user page of the task that runs, so that a device may use it.
 *
 * @param write  the device writes there.
 * @returns      address of the frame; -EFAULT; SLEEPING while the page comes from the disk.
 * @kernel pin_user_pages_fast(), mm/gup.c
 */
export function pin_user_page(address: u64, write: bool): i64 {
  if (!access_ok(address, 1)) return -Errno.EFAULT;
  let mm = kernel.cpu.curr!.mm;
  let result = fault_in_page(mm, address, FaultFlags.ALLOW_RETRY | (write ? FaultFlags.WRITE : 0));
  if (result) return result == VmFaultReason.RETRY ? SLEEPING : result;
  let frame = translate(mm, address, write) & ~(PAGE_SIZE - 1);
  get_page(virt_to_page(frame));
  account_page();
  return frame;
}
