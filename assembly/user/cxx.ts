import { CXX_AT, CxxData } from "../include/cpp";
import { LibcData } from "../include/malloc";
import { Tp, trace } from "../include/trace";
import { libc_field } from "./libc";
import { malloc } from "./malloc";
import { operator_delete, operator_new } from "./new_op";
import { refcount } from "./shared_ptr";
import { store_u32, store_u64 } from "./access";
import { use_count } from "./sp_counted";

/** What libstdc++ keeps for exceptions that are thrown when there is no memory. Unit: bytes. */
const EMERGENCY_POOL: u64 = 72704;
/** Size of what a std::thread hands to its function. Unit: bytes. */
const THREAD_STATE: u64 = 16;

/** A C++ program begins: its stack is there, and libstdc++ has taken its pool. */
export function cxx_start(stack: u64, size: u64): void {
  store_u64(libc_field(CXX_AT + offsetof<CxxData>("sp")), stack + size);
  store_u64(libc_field(CXX_AT + offsetof<CxxData>("stack_limit")), stack);
  store_u64(libc_field(CXX_AT + offsetof<CxxData>("emergency_pool")), malloc(EMERGENCY_POOL));
}

/** Another statement of the program begins. */
export function cpp_statement(line: u32): void {
  trace(Tp.cpp_statement, line, 0, 0);
}

/** `p.use_count()` */
export function cpp_use_count(p: u64): u32 {
  let count = use_count(refcount(p));
  trace(Tp.use_count, count, 0, 0);
  return count;
}

/** `weak.expired()` */
export function cpp_expired(weak: u64): u32 {
  let expired: u32 = use_count(refcount(weak)) ? 0 : 1;
  trace(Tp.expired, expired, 0, 0);
  return expired;
}

/**
 * `std::thread([] {}).join()`: from now on counts are changed by atomic instructions.
 *
 * Differs from Linux: there is no thread, and so no stack, no tcache and no arena of its own.
 */
export function cpp_thread(): void {
  store_u32(libc_field(offsetof<LibcData>("single_threaded")), 0);
  operator_delete(operator_new(THREAD_STATE), THREAD_STATE);
}
