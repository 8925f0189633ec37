import { Errno } from "../include/errno";
import { PAGE_SIZE } from "../include/mm_types";
import { TASK_SIZE_MAX } from "../include/mm_struct";
import { Tp, enter, leave } from "../include/trace";
import { account_copy } from "../include/account";
import { kernel } from "../include/kernel";
import { PAGE_OFFSET_MASK } from "./pgtable";
import { translate } from "./memory";

/** True if a range lies in the user's part of the address space, mapped or not. @kernel access_ok(), asm/uaccess.h */
export function access_ok(address: u64, size: u64): bool {
  return size <= TASK_SIZE_MAX && address <= TASK_SIZE_MAX - size;
}

/** Length of the part of [address, address + n) that lies in the first page. */
function in_page(address: u64, n: usize): usize {
  return min(n, PAGE_SIZE - <usize>(address & PAGE_OFFSET_MASK));
}

/**
 * Copies bytes from the kernel into the memory of the task that runs.
 *
 * @returns  how many bytes could not be copied: 0 if all went well.
 * @kernel copy_to_user(), include/linux/uaccess.h
 */
export function copy_to_user(to: u64, from: usize, n: usize): usize {
  enter(Tp.copy_to_user, <usize>to, from, n);
  if (!access_ok(to, n)) return leave(n);
  let mm = kernel.cpu.curr!.mm;
  let left = n;
  while (left) {
    let part = in_page(to, left);
    let at = translate(mm, to, true);
    if (!at) break;
    memory.copy(at, from, part);
    to += part;
    from += part;
    left -= part;
  }
  if (n > left) account_copy(n - left);
  return leave(left);
}

/**
 * Copies bytes from the memory of the task that runs into the kernel.
 *
 * @returns  how many bytes could not be copied: 0 if all went well.
 * @kernel copy_from_user(), include/linux/uaccess.h
 */
export function copy_from_user(to: usize, from: u64, n: usize): usize {
  enter(Tp.copy_from_user, to, <usize>from, n);
  if (!access_ok(from, n)) return leave(n);
  let mm = kernel.cpu.curr!.mm;
  let left = n;
  while (left) {
    let part = in_page(from, left);
    let at = translate(mm, from, false);
    if (!at) break;
    memory.copy(to, at, part);
    to += part;
    from += part;
    left -= part;
  }
  if (n > left) account_copy(n - left);
  return leave(left);
}

/** Writes one byte to user memory. @returns 0 or -EFAULT. @kernel put_user(), asm/uaccess.h */
export function put_user_u8(value: u8, to: u64): i32 {
  let at = place(to, 1, true);
  if (!at) return -Errno.EFAULT;
  store<u8>(at, value);
  return 0;
}

/** Writes one number of 2 bytes to user memory. @returns 0 or -EFAULT. @kernel put_user(), asm/uaccess.h */
export function put_user_u16(value: u16, to: u64): i32 {
  let at = place(to, 2, true);
  if (!at) return straddle(to, value, 2);
  store<u16>(at, value);
  return 0;
}

/** Writes one number of 4 bytes to user memory. @returns 0 or -EFAULT. @kernel put_user(), asm/uaccess.h */
export function put_user_u32(value: u32, to: u64): i32 {
  let at = place(to, 4, true);
  if (!at) return straddle(to, value, 4);
  store<u32>(at, value);
  return 0;
}

/** Writes one number of 8 bytes to user memory. @returns 0 or -EFAULT. @kernel put_user(), asm/uaccess.h */
export function put_user_u64(value: u64, to: u64): i32 {
  let at = place(to, 8, true);
  if (!at) return straddle(to, value, 8);
  store<u64>(at, value);
  return 0;
}

/** Where a small number lies if it is in one page and mapped; else 0. */
function place(address: u64, size: usize, write: bool): usize {
  if (!access_ok(address, size) || in_page(address, size) != size) return 0;
  return translate(kernel.cpu.curr!.mm, address, write);
}

/** Writes a number that may lie across two pages, byte by byte. */
function straddle(to: u64, value: u64, size: usize): i32 {
  if (!access_ok(to, size)) return -Errno.EFAULT;
  for (let i: usize = 0; i < size; i++) {
    let at = translate(kernel.cpu.curr!.mm, to + i, true);
    if (!at) return -Errno.EFAULT;
    store<u8>(at, <u8>(value >> ((<u64>i) << 3)));
  }
  return 0;
}

/**
 * Copies the words of an argument from user memory. Unlike data, they do not count as a copy.
 *
 * @returns  how many bytes could not be copied: 0 if all went well.
 */
export function get_user_words(to: usize, from: u64, n: usize): usize {
  return move_words(from, to, n, false);
}

/** Copies the words of an answer to user memory, the same way. @returns how many bytes could not be copied. */
export function put_user_words(to: u64, from: usize, n: usize): usize {
  return move_words(to, from, n, true);
}

/** Copies words between user memory and the kernel, page by page. @returns how many bytes could not be copied. */
function move_words(user: u64, at: usize, n: usize, write: bool): usize {
  if (!access_ok(user, n)) return n;
  while (n) {
    let part = in_page(user, n);
    let place = translate(kernel.cpu.curr!.mm, user, write);
    if (!place) break;
    if (write) memory.copy(place, at, part);
    else memory.copy(at, place, part);
    user += part;
    at += part;
    n -= part;
  }
  return n;
}
