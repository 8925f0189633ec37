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
/** Room for variables, at the end of the stack. Unit: bytes. */
const VARIABLES: u64 = 32 * 1024;
/** Size of what a std::thread hands to its function. Unit: bytes. */
const THREAD_STATE: u64 = 16;

/**
 * A C++ program begins: its stack is there, and libstdc++ has taken its pool.
 *
 * @param limit  lowest address of the stack that destructors may use.
 * @param end    first address behind the stack.
 * @param data   where the program's types lie.
 */
export function cxx_start(limit: u64, end: u64, data: u64): void {
  let cxx = libc_field(CXX_AT);
  store_u64(cxx + offsetof<CxxData>("sp"), end - VARIABLES);
  store_u64(cxx + offsetof<CxxData>("stack_limit"), limit);
  store_u64(cxx + offsetof<CxxData>("stack_end"), end);
  store_u64(cxx + offsetof<CxxData>("data"), data);
  store_u64(cxx + offsetof<CxxData>("emergency_pool"), malloc(EMERGENCY_POOL));
}

/**
 * Another statement of the program begins, or the end of a block.
 *
 * @param alive  number of variables that live.
 */
export function cpp_statement(line: u32, alive: u32): void {
  store_u32(libc_field(CXX_AT + offsetof<CxxData>("line")), line);
  store_u32(libc_field(CXX_AT + offsetof<CxxData>("alive")), alive);
  trace(Tp.cpp_statement, line, alive, 0);
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
