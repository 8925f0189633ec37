/*
 * Bench-only entry: the kernel, whose first program calls malloc() and free(), and copies and drops a shared_ptr, in loops
 * that lie wholly inside Wasm.
 */
// First, so that layouts and function table are in the kernel's order: as boot() below, before anything else is compiled.
import { boot as boot_kernel } from "../../../assembly/index";
import { CppVtable } from "../../../assembly/include/cpp";
import { page_address } from "../../../assembly/include/mm_types";
import { alloc_pages } from "../../../assembly/mm/page_alloc";
import { begin_access, store_u64, stopped } from "../../../assembly/user/access";
import { calloc, free, malloc } from "../../../assembly/user/malloc";
import { cxx_start } from "../../../assembly/user/cxx";
import { kernel } from "../../../assembly/include/kernel";
import { libc_start } from "../../../assembly/user/libc";
import { SharedHit } from "../../../assembly/user/shared_hit";
import { shared_copy, shared_destroy, shared_from_pointer } from "../../../assembly/user/shared_ptr";

export * from "../../../assembly/index";

/** Size of the stack of the program. Unit: bytes. */
const STACK: u64 = 64 * 1024;

/** Starts the machine. */
export function boot(cpus: i32, seed: f64, tracing: i32, limit: f64, poison: i32, scheduling: i32): i32 {
  return boot_kernel(cpus, seed, tracing, limit, poison, scheduling);
}

/** The program that has the word calls its library. @returns false: the library cannot begin. */
function begin(): bool {
  kernel.inputs++;
  begin_access();
  return libc_start();
}

/** Frames of the kernel's, in a row: 2^order of them. @returns their address, or 0. */
export function room(order: u32): usize {
  let page = alloc_pages(order);
  return page ? page_address(page) : 0;
}

/**
 * Makes the calls of a stream: 12 bits say which slot, 20 bits how many bytes are wanted; none: what the slot has is freed.
 *
 * @param calls  where they lie, 4 bytes each.
 * @param slots  4096 slots of 8 bytes.
 * @returns      how many calls it came to, before the library was stopped.
 */
export function stream(calls: usize, count: u32, slots: usize): u32 {
  if (!begin()) return 0;
  for (let i: u32 = 0; i < count; i++) {
    let call = load<u32>(calls + ((<usize>i) << 2));
    let slot = slots + (((<usize>call) >> 20) << 3);
    let bytes = call & 0xf_ffff;
    if (bytes) store<u64>(slot, malloc(bytes));
    else free(load<u64>(slot));
  }
  return stopped() ? 0 : count;
}

/** Makes a shared_ptr of an int, at the end of a new stack. @returns its address; 0: the library was stopped. */
export function begin_shared(): f64 {
  if (!begin()) return 0;
  let stack = calloc(1, STACK);
  let type = calloc(1, 64);
  let vtable = calloc(1, sizeof<u64>() * 8);
  store_u64(vtable + offsetof<CppVtable>("type"), type);
  cxx_start(stack, stack + STACK, type);
  let p = stack + STACK - 64;
  shared_from_pointer(p, malloc(4), vtable);
  return stopped() ? 0 : <f64>p;
}

/** Copies a shared_ptr, and drops the copy, so many times. @returns how often, before the library was stopped. */
export function copy_and_drop(p: f64, count: u32): u32 {
  if (!begin()) return 0;
  let from = <u64>p;
  for (let i: u32 = 0; i < count; i++) {
    if (!SharedHit.copy(from + 16, from)) shared_copy(from + 16, from);
    if (!SharedHit.destroy(from + 16)) shared_destroy(from + 16);
  }
  return stopped() ? 0 : count;
}
