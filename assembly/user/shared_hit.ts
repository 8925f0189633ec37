import { Known } from "./tlb";
import { SharedPtr, SpCountedBase } from "../include/cpp";
import { tlb } from "../include/user";

/*
 * The short way of a shared_ptr that is copied, or dropped while there are other owners. While nobody traces, and the TLB has the
 * pages, a count changes here and nothing else. What is left in memory is the same as on the long way (shared_ptr.ts).
 */

/** Size of a shared_ptr, and of a control block's counts with what is before them. Unit: bytes. */
const SIZE: u64 = 16;

/** Functions that stand where they are called, as those of libstdc++ do. */
export class SharedHit {
  /** As shared_copy(). @returns false: the long way is to be gone. */
  @inline static copy(p: u64, from: u64): bool {
    if (!tlb.libc || !Known.readable(from, SIZE) || !Known.writable(p, SIZE)) return false;
    let source = Known.at(from);
    let block = load<u64>(source, offsetof<SharedPtr>("refcount"));
    if (!Known.writable(block, SIZE)) return false;
    let target = Known.at(p);
    store<u64>(target, load<u64>(source, offsetof<SharedPtr>("ptr")), offsetof<SharedPtr>("ptr"));
    store<u64>(target, block, offsetof<SharedPtr>("refcount"));
    let counted = Known.at(block);
    let count = load<u32>(counted, offsetof<SpCountedBase>("use_count"));
    store<u32>(counted, count + 1, offsetof<SpCountedBase>("use_count"));
    return true;
  }

  /** As shared_destroy(), if there are other owners. @returns false: the long way is to be gone. */
  @inline static destroy(p: u64): bool {
    if (!tlb.libc || !Known.readable(p, SIZE)) return false;
    let block = load<u64>(Known.at(p), offsetof<SharedPtr>("refcount"));
    if (!Known.writable(block, SIZE)) return false;
    let counted = Known.at(block);
    let count = load<u32>(counted, offsetof<SpCountedBase>("use_count"));
    if (count <= 1) return false;
    store<u32>(counted, count - 1, offsetof<SpCountedBase>("use_count"));
    return true;
  }
}
