import { LibraryCall } from "../include/user";
import { clear_pointer } from "./destroy";
import * as cxx from "./cxx";
import * as shared from "./shared_ptr";
import * as unique from "./unique_ptr";
import * as weak from "./weak_ptr";

/** The first number of a call of the C++ library. */
export const FIRST_CXX_CALL: i32 = LibraryCall.cxx_start;

/** Calls of the program itself. */
function cxx_call(nr: i32, a0: u64, a1: u64, a2: u64): u64 {
  switch (nr) {
    case LibraryCall.cxx_start:
      cxx.cxx_start(a0, a1, a2);
      return 0;
    case LibraryCall.cpp_statement:
      cxx.cpp_statement(<u32>a0, <u32>a1);
      return 0;
    case LibraryCall.use_count:
      return cxx.cpp_use_count(a0);
    case LibraryCall.expired:
      return cxx.cpp_expired(a0);
    case LibraryCall.cpp_thread:
      cxx.cpp_thread();
      return 0;
    default:
      return 0;
  }
}

/** Calls of std::unique_ptr, new and delete. */
function unique_call(nr: i32, a0: u64, a1: u64, a2: u64): u64 {
  switch (nr) {
    case LibraryCall.new_object:
      return unique.new_object(a0);
    case LibraryCall.delete_object:
      unique.cpp_delete(a0, a1);
      return 0;
    case LibraryCall.new_array:
      return unique.new_array(a0, a1);
    case LibraryCall.delete_array:
      unique.cpp_delete_array(a0, a1);
      return 0;
    case LibraryCall.unique_set:
      unique.unique_set(a0, a1);
      return 0;
    case LibraryCall.unique_move:
      unique.unique_move(a0, a1);
      return 0;
    case LibraryCall.unique_move_assign:
      unique.unique_move_assign(a0, a1, a2);
      return 0;
    case LibraryCall.unique_reset:
      unique.unique_reset(a0, a1, a2);
      return 0;
    case LibraryCall.unique_destroy:
      unique.unique_destroy(a0, a1);
      return 0;
    case LibraryCall.unique_destroy_array:
      unique.unique_destroy_array(a0, a1);
      return 0;
    case LibraryCall.unique_swap:
      unique.unique_swap(a0, a1);
      return 0;
    default:
      return 0;
  }
}

/** Calls of std::weak_ptr. */
function weak_call(nr: i32, a0: u64, a1: u64): u64 {
  switch (nr) {
    case LibraryCall.weak_copy:
      weak.weak_copy(a0, a1);
      return 0;
    case LibraryCall.weak_move:
      weak.weak_move(a0, a1);
      return 0;
    case LibraryCall.weak_assign:
      weak.weak_assign(a0, a1);
      return 0;
    case LibraryCall.weak_move_assign:
      weak.weak_move_assign(a0, a1);
      return 0;
    case LibraryCall.weak_reset:
      weak.weak_reset(a0);
      return 0;
    case LibraryCall.weak_destroy:
      weak.weak_destroy(a0);
      return 0;
    default:
      return 0;
  }
}

/** Calls of std::shared_ptr. */
function shared_call(nr: i32, a0: u64, a1: u64, a2: u64): u64 {
  switch (nr) {
    case LibraryCall.shared_from_pointer:
      shared.shared_from_pointer(a0, a1, a2);
      return 0;
    case LibraryCall.shared_from_array:
      shared.shared_from_array(a0, a1, a2);
      return 0;
    case LibraryCall.shared_from_unique:
      shared.shared_from_unique(a0, a1, a2);
      return 0;
    case LibraryCall.make_shared:
      shared.make_shared(a0, a1);
      return 0;
    case LibraryCall.make_shared_array:
      shared.make_shared_array(a0, a1, a2);
      return 0;
    case LibraryCall.shared_copy:
      shared.shared_copy(a0, a1);
      return 0;
    case LibraryCall.shared_move:
      shared.shared_move(a0, a1);
      return 0;
    case LibraryCall.shared_alias:
      shared.shared_alias(a0, a1, a2);
      return 0;
    case LibraryCall.shared_assign:
      shared.shared_assign(a0, a1);
      return 0;
    case LibraryCall.shared_move_assign:
      shared.shared_move_assign(a0, a1);
      return 0;
    case LibraryCall.shared_reset:
      shared.shared_reset(a0);
      return 0;
    case LibraryCall.shared_destroy:
      shared.shared_destroy(a0);
      return 0;
    case LibraryCall.pointer_swap:
      shared.pointer_swap(a0, a1);
      return 0;
    case LibraryCall.pointer_clear:
      clear_pointer(a0);
      return 0;
    case LibraryCall.weak_lock:
      return shared.weak_lock(a0, a1) ? 1 : 0;
    default:
      return 0;
  }
}

/** Calls a function of the C++ library. */
export function cxx_library(nr: i32, a0: u64, a1: u64, a2: u64): u64 {
  if (nr >= LibraryCall.shared_from_pointer && nr <= LibraryCall.weak_lock) return shared_call(nr, a0, a1, a2);
  if (nr >= LibraryCall.weak_copy && nr <= LibraryCall.weak_destroy) return weak_call(nr, a0, a1);
  if (nr >= LibraryCall.use_count || nr <= LibraryCall.cpp_statement) return cxx_call(nr, a0, a1, a2);
  return unique_call(nr, a0, a1, a2);
}
