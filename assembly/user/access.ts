import { Known, flush_tlb, remember, tlb_init } from "./tlb";
import { MallocError } from "../include/malloc";
import { PAGE_SIZE } from "../include/mm_types";
import { UserState, tlb } from "../include/user";
import { kernel } from "../include/kernel";
import { kzalloc } from "../mm/slab";
import { user_access } from "../mm/memory";

/*
 * Loads and stores of the program that runs, as the instructions of its library make them: through its page tables, and
 * with page faults. Addresses are the program's.
 *
 * An access that finds no page stops the library: from there on loads are 0 and stores do nothing, until the function that
 * the program has called is left, and the signal comes. So every loop here also ends when stopped() is true.
 */

/** So often an access is tried whose page is taken away again at once. */
const TRIES: i32 = 8;

/** The state of this floor. */
export function user_state(): UserState {
  return changetype<UserState>(kernel.user);
}

/** Makes the state; see UserState for the two functions. */
export function user_init(syscall: u32, page_fault: u32): void {
  kernel.user = kzalloc(offsetof<UserState>());
  user_state().syscall = syscall;
  user_state().page_fault = page_fault;
  tlb_init();
}

/**
 * A function of the library begins. What is known of the page tables stays known if the input before was such a function too, of
 * the same process, and no page fault was served since: what the TLB has is memory of the process's own, whose entries change by
 * nothing but other inputs and page faults, and those may be of another task that shares the memory.
 */
export function begin_access(): void {
  let user = user_state();
  let mm = kernel.cpu.curr!.mm;
  if (tlb.mm != changetype<usize>(mm) || tlb.input + 1 != kernel.inputs) flush_tlb();
  tlb.mm = changetype<usize>(mm);
  tlb.start_data = mm.start_data;
  tlb.input = kernel.inputs;
  user.stopped = 0;
  user.error = 0;
}

/** True if the function that runs is to end. */
export function stopped(): bool {
  return user_state().stopped != 0;
}

/** The function that runs is to end: no page is known from now on, so that no load and no store comes to anything. */
function stop(): void {
  user_state().stopped = 1;
  flush_tlb();
}

/** The library finds something wrong with the heap: it ends the process. @kernel malloc_printerr(), malloc/malloc.c (glibc) */
export function malloc_printerr(error: MallocError): void {
  let user = user_state();
  if (user.stopped) return;
  user.error = error;
  stop();
}

/** There is no page at an address that the library needs: the process gets a page fault when the library has been left. */
export function no_page(address: u64, write: bool): void {
  let user = user_state();
  if (user.stopped) return;
  user.address = address;
  user.write = write ? 1 : 0;
  stop();
}

/** Where the byte at a user address lies; 0: nowhere, and the library is stopped. */
function place(address: u64, write: bool): usize {
  if (write ? Known.writable(address, 1) : Known.readable(address, 1)) return Known.at(address);
  return place_slowly(address, write);
}

/** As place(), of a page that the TLB does not have. */
function place_slowly(address: u64, write: bool): usize {
  let user = user_state();
  if (user.stopped) return 0;
  let task = kernel.cpu.curr!;
  for (let i = 0; i < TRIES; i++) {
    let at = user_access(task.mm, address, write);
    if (at) {
      remember(task.mm, address, at);
      return at;
    }
    let served = call_indirect<bool>(user.page_fault, task, address, write);
    flush_tlb();
    if (!served) break;
  }
  no_page(address, write);
  return 0;
}

/** Loads 8 bytes; the address is a multiple of 8. */
export function load_u64(address: u64): u64 {
  if (Known.readable(address, 8)) return load<u64>(Known.at(address));
  let at = place_slowly(address, false);
  return at ? load<u64>(at) : 0;
}

/** Stores 8 bytes; the address is a multiple of 8. */
export function store_u64(address: u64, value: u64): void {
  if (Known.writable(address, 8)) return store<u64>(Known.at(address), value);
  let at = place_slowly(address, true);
  if (at) store<u64>(at, value);
}

/** Loads and stores that stand where they are made, for functions that are called often: they make the code larger. */
export class User {
  /** As load_u64(). */
  @inline static load_u64(address: u64): u64 {
    return Known.readable(address, 8) ? load<u64>(Known.at(address)) : load_u64(address);
  }

  /** As store_u64(). */
  @inline static store_u64(address: u64, value: u64): void {
    if (Known.writable(address, 8)) store<u64>(Known.at(address), value);
    else store_u64(address, value);
  }
}

/** Loads 4 bytes; the address is a multiple of 4. */
export function load_u32(address: u64): u32 {
  if (Known.readable(address, 4)) return load<u32>(Known.at(address));
  let at = place_slowly(address, false);
  return at ? load<u32>(at) : 0;
}

/** Stores 4 bytes; the address is a multiple of 4. */
export function store_u32(address: u64, value: u32): void {
  if (Known.writable(address, 4)) return store<u32>(Known.at(address), value);
  let at = place_slowly(address, true);
  if (at) store<u32>(at, value);
}

/** Loads 2 bytes; the address is a multiple of 2. */
export function load_u16(address: u64): u32 {
  let at = place(address, false);
  return at ? load<u16>(at) : 0;
}

/** Stores 2 bytes; the address is a multiple of 2. */
export function store_u16(address: u64, value: u32): void {
  let at = place(address, true);
  if (at) store<u16>(at, <u16>value);
}

/** Length of the part of [address, address + n) that lies in the first page. */
function in_page(address: u64, n: u64): u64 {
  return min(n, <u64>PAGE_SIZE - (address & (<u64>PAGE_SIZE - 1)));
}

/** Fills memory with one byte. @kernel memset(3) */
export function fill_user(address: u64, value: u8, n: u64): void {
  while (n) {
    let part = in_page(address, n);
    let at = place(address, true);
    if (!at) return;
    memory.fill(at, value, <usize>part);
    address += part;
    n -= part;
  }
}

/** Copies memory; the two do not overlap. @kernel memcpy(3) */
export function copy_user(to: u64, from: u64, n: u64): void {
  while (n) {
    let part = min(in_page(to, n), in_page(from, n));
    let source = place(from, false);
    let target = place(to, true);
    // The fault of the one may have taken the page of the other.
    if (target) source = place(from, false);
    if (!source || !target) return;
    memory.copy(target, source, <usize>part);
    to += part;
    from += part;
    n -= part;
  }
}
