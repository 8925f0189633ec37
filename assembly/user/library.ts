import { LibraryCall } from "../include/user";
import { FIRST_CXX_CALL, cxx_library } from "./cxx_library";
import { aligned_alloc, calloc, free, malloc, malloc_usable_size, realloc } from "./malloc";
import { begin_access } from "./access";
import { libc_start } from "./libc";

/** Calls a function of the C or C++ library. */
function call(nr: i32, a0: u64, a1: u64, a2: u64): u64 {
  if (nr >= FIRST_CXX_CALL) return cxx_library(nr, a0, a1, a2);
  switch (nr) {
    case LibraryCall.malloc:
      return malloc(a0);
    case LibraryCall.free:
      free(a0);
      return 0;
    case LibraryCall.calloc:
      return calloc(a0, a1);
    case LibraryCall.realloc:
      return realloc(a0, a1);
    case LibraryCall.aligned_alloc:
      return aligned_alloc(a0, a1);
    case LibraryCall.malloc_usable_size:
      return malloc_usable_size(a0);
    default:
      return 0;
  }
}

/**
 * The program that runs calls a function of its library. Whether that has come to its end, UserState.stopped says.
 *
 * @returns  what the function answers; 0 if there is none of that number.
 */
export function library_call(nr: i32, a0: u64, a1: u64, a2: u64, a3: u64, a4: u64): u64 {
  begin_access();
  return libc_start() ? call(nr, a0, a1, a2) : 0;
}
