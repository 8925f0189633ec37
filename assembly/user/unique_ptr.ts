import { CppType } from "../include/cpp";
import { construct, run_frames, stack_mark } from "./destroy";
import { delete_array, delete_object } from "./sp_counted";
import { load_u32, load_u64, stopped, store_u64 } from "./access";
import { operator_new } from "./new_op";

/*
 * new, delete, and std::unique_ptr, which is nothing but a pointer: `p` and `from` are the addresses of such.
 */

/** `new T` */
export function new_object(type: u64): u64 {
  let object = operator_new(load_u32(type + offsetof<CppType>("size")));
  if (!stopped()) construct(object, type);
  return object;
}

/** `new T[n]`: before the elements lies how many there are. */
export function new_array(type: u64, n: u64): u64 {
  let size = <u64>load_u32(type + offsetof<CppType>("size"));
  let array = operator_new(8 + n * size) + 8;
  store_u64(array - 8, n);
  for (let i: u64 = 0; i < n && !stopped(); i++) construct(array + i * size, type);
  return array;
}

/** `delete object` */
export function cpp_delete(object: u64, type: u64): void {
  if (!object) return;
  let mark = stack_mark();
  delete_object(object, type);
  run_frames(mark);
}

/** `delete[] array` */
export function cpp_delete_array(array: u64, type: u64): void {
  if (!array) return;
  let mark = stack_mark();
  delete_array(array, type);
  run_frames(mark);
}

/** `T* p = object`, `std::unique_ptr<T> p(object)` */
export function unique_set(p: u64, object: u64): void {
  store_u64(p, object);
}

/** `p.swap(other)` */
export function unique_swap(p: u64, other: u64): void {
  let object = load_u64(p);
  store_u64(p, load_u64(other));
  store_u64(other, object);
}

/** `std::unique_ptr<T> p(std::move(from))` */
export function unique_move(p: u64, from: u64): void {
  let object = load_u64(from);
  store_u64(from, 0);
  store_u64(p, object);
}

/** `p.reset(object)`: p has the new one before the old one dies; of `p = std::move(from)` the same. */
export function unique_reset(p: u64, object: u64, type: u64): void {
  let old = load_u64(p);
  store_u64(p, object);
  cpp_delete(old, type);
}

/** `p = std::move(from)` */
export function unique_move_assign(p: u64, from: u64, type: u64): void {
  let object = load_u64(from);
  store_u64(from, 0);
  unique_reset(p, object, type);
}

/** The destructor of a `std::unique_ptr<T[]>`. */
export function unique_destroy_array(p: u64, type: u64): void {
  cpp_delete_array(load_u64(p), type);
  store_u64(p, 0);
}

/** The destructor. */
export function unique_destroy(p: u64, type: u64): void {
  let old = load_u64(p);
  cpp_delete(old, type);
  store_u64(p, 0);
}
