import { MapFlags, MremapFlags, Prot } from "../include/mman";
import { Nr } from "../include/unistd";
import { flush_tlb } from "./tlb";
import { load_u64, store_u64, user_state } from "./access";
import { kernel } from "../include/kernel";
import { libc_field } from "./libc";
import { LibcData } from "../include/malloc";

/*
 * The system calls of the library, and the functions of the C library that stand between. None of them sleeps: they are
 * of memory that belongs to no file.
 */

/** Makes a system call, as the program's own instruction would. @returns the kernel's answer. */
function syscall(nr: i32, a0: u64, a1: u64, a2: u64, a3: u64): i64 {
  let task = kernel.cpu.curr!;
  task.orig_ax = nr;
  task.di = <i64>a0;
  task.si = <i64>a1;
  task.dx = <i64>a2;
  task.r10 = <i64>a3;
  task.r8 = -1;
  task.r9 = 0;
  let answer = call_indirect<i64>(user_state().syscall, task);
  flush_tlb();
  return answer;
}

/** New memory of zeros. @returns its address, or 0. @kernel mmap(2) */
export function mmap(length: u64): u64 {
  let at = syscall(Nr.mmap, 0, length, Prot.READ | Prot.WRITE, MapFlags.PRIVATE | MapFlags.ANONYMOUS);
  return at < 0 ? 0 : <u64>at;
}

/** Gives memory back. @kernel munmap(2) */
export function munmap(address: u64, length: u64): void {
  syscall(Nr.munmap, address, length, 0, 0);
}

/** Makes memory longer or shorter, at another address if need be. @returns its address, or 0. @kernel mremap(2) */
export function mremap(address: u64, length: u64, wanted: u64): u64 {
  let at = syscall(Nr.mremap, address, length, wanted, MremapFlags.MAYMOVE);
  return at < 0 ? 0 : <u64>at;
}

/** Moves the end of the heap. @returns whether it is there now. @kernel brk(3) */
function brk(end: u64): bool {
  let at = <u64>syscall(Nr.brk, end, 0, 0, 0);
  store_u64(libc_field(offsetof<LibcData>("curbrk")), at);
  return at >= end;
}

/** Moves the end of the heap by some bytes. @returns where it was before; 0: it could not. @kernel sbrk(3) */
export function sbrk(increment: i64): u64 {
  let field = libc_field(offsetof<LibcData>("curbrk"));
  if (!load_u64(field)) brk(0);
  let end = load_u64(field);
  if (!increment) return end;
  return brk(end + <u64>increment) ? end : 0;
}
