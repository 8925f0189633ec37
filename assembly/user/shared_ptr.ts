import { CppType, CppVtable, SharedPtr } from "../include/cpp";
import {
  add_ref,
  add_ref_lock,
  array_elements,
  counted_array,
  counted_inplace,
  counted_ptr,
  inplace_object,
  release,
  use_count,
  weak_add_ref,
} from "./sp_counted";
import { clear_pointer, construct, run_frames, stack_mark } from "./destroy";
import { SharedHit } from "./shared_hit";
import { load_u32, load_u64, stopped, store_u64 } from "./access";

/*
 * std::shared_ptr: what its constructors, assignments and its destructor do, each in the order in which libstdc++ does it. `p` and
 * `from` are the addresses of shared_ptrs of the program.
 */

/** What a shared_ptr or weak_ptr points at. */
export function get(p: u64): u64 {
  return load_u64(p + offsetof<SharedPtr>("ptr"));
}

/** Its control block, or 0. */
export function refcount(p: u64): u64 {
  return load_u64(p + offsetof<SharedPtr>("refcount"));
}

/** Sets both. */
export function set_pointer(p: u64, ptr: u64, block: u64): void {
  store_u64(p + offsetof<SharedPtr>("ptr"), ptr);
  store_u64(p + offsetof<SharedPtr>("refcount"), block);
}

/** An object of std::enable_shared_from_this learns who owns it, if nobody did. @kernel _M_weak_assign() */
function enable_shared_from_this(type: u64, object: u64, block: u64): void {
  if (!object || !load_u32(type + offsetof<CppType>("from_this"))) return;
  if (use_count(refcount(object))) return;
  weak_add_ref(block);
  set_pointer(object, object, block);
}

/** `std::shared_ptr<T> p(object)`: an allocation for the control block. */
export function shared_from_pointer(p: u64, object: u64, vtable: u64): void {
  let block = counted_ptr(vtable, object);
  set_pointer(p, object, block);
  enable_shared_from_this(load_u64(vtable + offsetof<CppVtable>("type")), object, block);
}

/** `std::shared_ptr<T[]> p(array)` */
export function shared_from_array(p: u64, array: u64, vtable: u64): void {
  set_pointer(p, array, counted_ptr(vtable, array));
}

/** `p = std::make_shared<T>()`: one allocation for both. */
export function make_shared(p: u64, vtable: u64): void {
  let block = counted_inplace(vtable);
  if (stopped()) return;
  let type = load_u64(vtable + offsetof<CppVtable>("type"));
  construct(inplace_object(block), type);
  set_pointer(p, inplace_object(block), block);
  enable_shared_from_this(type, inplace_object(block), block);
}

/** `p = std::make_shared<T[]>(n)`: one allocation for all. */
export function make_shared_array(p: u64, vtable: u64, n: u64): void {
  let block = counted_array(vtable, n);
  let first = array_elements(block);
  let type = load_u64(vtable + offsetof<CppVtable>("type"));
  let size = <u64>load_u32(type + offsetof<CppType>("size"));
  for (let i: u64 = 0; i < n && !stopped(); i++) construct(first + i * size, type);
  set_pointer(p, first, block);
}

/** `std::shared_ptr<T> p(std::move(unique))`: an allocation, if there is an object. */
export function shared_from_unique(p: u64, unique: u64, vtable: u64): void {
  let object = load_u64(unique);
  if (!object) return clear_pointer(p);
  let block = counted_ptr(vtable, object);
  store_u64(unique, 0);
  set_pointer(p, object, block);
  enable_shared_from_this(load_u64(vtable + offsetof<CppVtable>("type")), object, block);
}

/** `std::shared_ptr<T> p(from)` */
export function shared_copy(p: u64, from: u64): void {
  if (SharedHit.copy(p, from)) return;
  let block = refcount(from);
  set_pointer(p, get(from), block);
  add_ref(block);
}

/** `std::shared_ptr<T> p(std::move(from))`: no count changes. */
export function shared_move(p: u64, from: u64): void {
  set_pointer(p, get(from), refcount(from));
  clear_pointer(from);
}

/** `std::shared_ptr<U> p(from, ptr)`: it points at `ptr`, and owns what `from` owns. */
export function shared_alias(p: u64, from: u64, ptr: u64): void {
  set_pointer(p, ptr, refcount(from));
  add_ref(refcount(from));
}

/** `p = from` */
export function shared_assign(p: u64, from: u64): void {
  store_u64(p + offsetof<SharedPtr>("ptr"), get(from));
  let block = refcount(from);
  let old = refcount(p);
  if (block == old) return;
  add_ref(block);
  let mark = stack_mark();
  release(old);
  run_frames(mark);
  store_u64(p + offsetof<SharedPtr>("refcount"), block);
}

/** `p = std::move(from)`: what p has owned goes last. */
export function shared_move_assign(p: u64, from: u64): void {
  let ptr = get(from);
  let block = refcount(from);
  clear_pointer(from);
  let old = refcount(p);
  set_pointer(p, ptr, block);
  let mark = stack_mark();
  release(old);
  run_frames(mark);
}

/** `p.reset()`: p is empty before what it has owned dies. */
export function shared_reset(p: u64): void {
  let old = refcount(p);
  clear_pointer(p);
  let mark = stack_mark();
  release(old);
  run_frames(mark);
}

/** The destructor. */
export function shared_destroy(p: u64): void {
  if (SharedHit.destroy(p)) return;
  let mark = stack_mark();
  release(refcount(p));
  run_frames(mark);
}

/** `p.swap(other)`, also of weak_ptrs. */
export function pointer_swap(p: u64, other: u64): void {
  let ptr = get(p);
  let block = refcount(p);
  set_pointer(p, get(other), refcount(other));
  set_pointer(other, ptr, block);
}

/** `std::shared_ptr<T> p = weak.lock()`. @returns whether there is an object. */
export function weak_lock(p: u64, weak: u64): bool {
  let block = refcount(weak);
  if (!block || !add_ref_lock(block)) {
    clear_pointer(p);
    return false;
  }
  set_pointer(p, get(weak), block);
  return true;
}
