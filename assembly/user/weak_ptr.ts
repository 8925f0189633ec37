import { clear_pointer, run_frames, stack_mark } from "./destroy";
import { get, refcount, set_pointer } from "./shared_ptr";
import { weak_add_ref, weak_release } from "./sp_counted";

/*
 * std::weak_ptr: it looks at a control block without owning the object. `p` and `from` are the addresses of weak_ptrs of the
 * program; `from` may be a shared_ptr, which lies in memory the same way.
 */

/** `std::weak_ptr<T> p(from)` */
export function weak_copy(p: u64, from: u64): void {
  set_pointer(p, get(from), refcount(from));
  weak_add_ref(refcount(from));
}

/** `std::weak_ptr<T> p(std::move(from))` */
export function weak_move(p: u64, from: u64): void {
  set_pointer(p, get(from), refcount(from));
  clear_pointer(from);
}

/** `p = from` */
export function weak_assign(p: u64, from: u64): void {
  let block = refcount(from);
  let ptr = get(from);
  weak_add_ref(block);
  let old = refcount(p);
  set_pointer(p, ptr, block);
  drop(old);
}

/** `p = std::move(from)`; of itself it leaves nothing, as libstdc++'s. */
export function weak_move_assign(p: u64, from: u64): void {
  if (p == from) return weak_reset(p);
  let ptr = get(from);
  let block = refcount(from);
  clear_pointer(from);
  let old = refcount(p);
  set_pointer(p, ptr, block);
  drop(old);
}

/** `p.reset()` */
export function weak_reset(p: u64): void {
  let old = refcount(p);
  clear_pointer(p);
  drop(old);
}

/** The destructor. */
export function weak_destroy(p: u64): void {
  drop(refcount(p));
}

/** Gives up a look at a control block. */
function drop(block: u64): void {
  let mark = stack_mark();
  weak_release(block);
  run_frames(mark);
}
