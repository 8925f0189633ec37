import { PAGE_SHIFT, PAGE_SIZE } from "../include/mm_types";
import { MallocError } from "../include/malloc";
import { TLB_ENTRIES, TlbEntry, UserState } from "../include/user";
import { MmStruct } from "../include/mm_struct";
import { PAGE_DIRTY, PAGE_RW, pte_offset } from "../mm/pgtable";
import { kernel } from "../include/kernel";
import { kzalloc } from "../mm/slab";
import { user_access } from "../mm/memory";
import { vma_lookup } from "../mm/vma";

/*
 * Loads and stores of the program that runs, as the instructions of its library make them: through its page tables, and
 * with page faults. Addresses are the program's.
 *
 * An access that finds no page stops the library: from there on loads are 0 and stores do nothing, until the function that
 * the program has called is left, and the signal comes. So every loop here also ends when stopped() is true.
 */

/** Number of bits of a tag that a page takes, and one for writing. */
const TAG_BITS: u32 = 36;
/** The generations that there are: 28 bits. */
const GENERATIONS: u32 = 0x0fff_ffff;
/** Distance between two entries of the TLB. Unit: bytes. */
const TLB_STRIDE: usize = 16;
/** What an entry of the page tables has that a store needs no further look at. */
const WRITTEN: u64 = PAGE_RW | PAGE_DIRTY;
/** So often an access is tried whose page is taken away again at once. */
const TRIES: i32 = 8;

/** The state of this floor. */
export function user_state(): UserState {
  return changetype<UserState>(kernel.user);
}

/** Makes the state; see UserState for the two functions. */
export function user_init(syscall: u32, page_fault: u32): void {
  kernel.user = kzalloc(offsetof<UserState>() + <usize>TLB_ENTRIES * TLB_STRIDE);
  user_state().syscall = syscall;
  user_state().page_fault = page_fault;
}

/** The page tables have changed: nothing is known of them. */
export function flush_tlb(): void {
  let user = user_state();
  user.generation = (user.generation + 1) & GENERATIONS;
  if (user.generation) return;
  memory.fill(changetype<usize>(user) + offsetof<UserState>(), 0, <usize>TLB_ENTRIES * TLB_STRIDE);
  user.generation = 1;
}

/**
 * A function of the library begins. What is known of the page tables stays known if the input before was such a function too, of
 * the same process: what the TLB has is memory of its own, whose entries change by nothing but other inputs.
 */
export function begin_access(): void {
  let user = user_state();
  let mm = changetype<usize>(kernel.cpu.curr!.mm);
  if (user.mm != mm || user.input + 1 != kernel.inputs) flush_tlb();
  user.mm = mm;
  user.input = kernel.inputs;
  user.stopped = 0;
  user.error = 0;
}

/** True if the function that runs is to end. */
export function stopped(): bool {
  return user_state().stopped != 0;
}

/** The library finds something wrong with the heap: it ends the process. @kernel malloc_printerr(), malloc/malloc.c (glibc) */
export function malloc_printerr(error: MallocError): void {
  let user = user_state();
  if (user.stopped) return;
  user.stopped = 1;
  user.error = error;
}

/** Where the byte at a user address lies; 0: nowhere, and the library is stopped. */
function place(address: u64, write: bool): usize {
  let user = user_state();
  let page = address >> PAGE_SHIFT;
  // The library's data and the heap begin at multiples of 64 KiB: they are not to fight for one entry.
  let index = ((<usize>page) ^ ((<usize>page) >> 4)) & (<usize>TLB_ENTRIES - 1);
  let entry = changetype<usize>(user) + offsetof<UserState>() + index * TLB_STRIDE;
  let tag = ((<u64>user.generation) << TAG_BITS) | (page << 1);
  let known = load<u64>(entry);
  if (known == (tag | 1) || (known == tag && !write)) {
    return load<usize>(entry, offsetof<TlbEntry>("frame")) + <usize>(address & (<u64>PAGE_SIZE - 1));
  }
  return place_slowly(address, write, entry, tag);
}

/** The TLB has a page from now on, if it is memory of the process's own: pages of files come and go by themselves. */
function remember(mm: MmStruct, address: u64, at: usize, entry: usize, tag: u64): void {
  let vma = vma_lookup(mm, address);
  if (!vma || vma.vm_ops) return;
  let writable = (load<u64>(pte_offset(mm, address)) & WRITTEN) == WRITTEN;
  store<u64>(entry, tag | (writable ? 1 : 0));
  store<usize>(entry, at & ~(PAGE_SIZE - 1), offsetof<TlbEntry>("frame"));
}

/** As place(), of a page that the TLB does not have. */
function place_slowly(address: u64, write: bool, entry: usize, tag: u64): usize {
  let user = user_state();
  if (user.stopped) return 0;
  let task = kernel.cpu.curr!;
  for (let i = 0; i < TRIES; i++) {
    let at = user_access(task.mm, address, write);
    if (at) {
      remember(task.mm, address, at, entry, tag);
      return at;
    }
    if (!call_indirect<bool>(user.page_fault, task, address, write)) break;
  }
  user.stopped = 1;
  user.address = address;
  user.write = write ? 1 : 0;
  return 0;
}

/** Loads 8 bytes; the address is a multiple of 8. */
export function load_u64(address: u64): u64 {
  let at = place(address, false);
  return at ? load<u64>(at) : 0;
}

/** Stores 8 bytes; the address is a multiple of 8. */
export function store_u64(address: u64, value: u64): void {
  let at = place(address, true);
  if (at) store<u64>(at, value);
}

/** Loads 4 bytes; the address is a multiple of 4. */
export function load_u32(address: u64): u32 {
  let at = place(address, false);
  return at ? load<u32>(at) : 0;
}

/** Stores 4 bytes; the address is a multiple of 4. */
export function store_u32(address: u64, value: u32): void {
  let at = place(address, true);
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
