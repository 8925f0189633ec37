import { IovIter, IterType } from "../include/uio";
import { account_copy } from "../include/account";
import { copy_from_user, copy_to_user } from "./uaccess";

/** Sets a walk over one user buffer up. @kernel iov_iter_ubuf(), lib/iov_iter.c */
export function iov_iter_ubuf(iter: IovIter, base: u64, count: u64): void {
  iter.base = base;
  iter.segment_left = count;
  iter.count = count;
  iter.nr_segs = 0;
  iter.iov = 0;
  iter.flags = 0;
  iter.type = IterType.ITER_UBUF;
  iter.pos = 0;
  iter.done = 0;
  iter.ki_flags = 0;
  iter.ki_complete = 0;
  iter.ki_dio = 0;
}

/**
 * Sets a walk over several user buffers up.
 *
 * @param iov      array in kernel memory: pairs (user address, length) of 8 bytes each.
 * @param nr_segs  number of pairs.
 * @param count    sum of the lengths.
 * @kernel iov_iter_init(), lib/iov_iter.c
 */
export function iov_iter_init(iter: IovIter, iov: usize, nr_segs: u32, count: u64): void {
  iov_iter_ubuf(iter, 0, 0);
  iter.count = count;
  iter.iov = iov;
  iter.nr_segs = nr_segs;
}

/**
 * Sets a walk over pieces of kernel memory up.
 *
 * @param kvec     array in kernel memory: pairs (kernel address, length) of 8 bytes each.
 * @param nr_segs  number of pairs.
 * @param count    sum of the lengths.
 * @kernel iov_iter_kvec(), lib/iov_iter.c
 */
export function iov_iter_kvec(iter: IovIter, kvec: usize, nr_segs: u32, count: u64): void {
  iov_iter_init(iter, kvec, nr_segs, count);
  iter.type = IterType.ITER_KVEC;
}

/** True if the bytes are in user memory. @kernel user_backed_iter(), include/linux/uio.h */
export function user_backed_iter(iter: IovIter): bool {
  return iter.type != IterType.ITER_KVEC;
}

/** Goes on to the next segment that is not empty. */
export function next_segment(iter: IovIter): void {
  while (!iter.segment_left && iter.nr_segs) {
    iter.base = load<u64>(iter.iov);
    iter.segment_left = load<u64>(iter.iov, 8);
    iter.iov += 16;
    iter.nr_segs--;
  }
}

/** Moves the walk on. Unit: bytes, at most what is left of the segment. */
function advance(iter: IovIter, n: usize): void {
  iter.base += n;
  iter.segment_left -= n;
  iter.count -= n;
}

/** Moves the walk on over several segments; not beyond the last. Unit: bytes. @kernel iov_iter_advance(), lib/iov_iter.c */
export function iov_iter_advance(iter: IovIter, n: u64): void {
  while (n) {
    next_segment(iter);
    let part = min<u64>(n, iter.segment_left);
    if (!part) break;
    advance(iter, <usize>part);
    n -= part;
  }
}

/** Copies between two places of the kernel. */
function copy_kernel(to: usize, from: usize, n: usize): usize {
  memory.copy(to, from, n);
  account_copy(n);
  return n;
}

/**
 * Copies bytes of the kernel to where the walk stands.
 *
 * @returns  bytes copied: fewer than n at the end of the buffers or at a fault.
 * @kernel copy_to_iter(), lib/iov_iter.c
 */
export function copy_to_iter(from: usize, n: usize, iter: IovIter): usize {
  let done: usize = 0;
  while (done < n) {
    next_segment(iter);
    let part = <usize>min<u64>(n - done, iter.segment_left);
    if (!part) break;
    let copied = user_backed_iter(iter)
      ? part - copy_to_user(iter.base, from + done, part)
      : copy_kernel(<usize>iter.base, from + done, part);
    advance(iter, copied);
    done += copied;
    if (copied < part) break;
  }
  return done;
}

/**
 * Copies bytes from where the walk stands into the kernel.
 *
 * @returns  bytes copied: fewer than n at the end of the buffers or at a fault.
 * @kernel copy_from_iter(), lib/iov_iter.c
 */
export function copy_from_iter(to: usize, n: usize, iter: IovIter): usize {
  let done: usize = 0;
  while (done < n) {
    next_segment(iter);
    let part = <usize>min<u64>(n - done, iter.segment_left);
    if (!part) break;
    let copied = user_backed_iter(iter)
      ? part - copy_from_user(to + done, iter.base, part)
      : copy_kernel(to + done, <usize>iter.base, part);
    advance(iter, copied);
    done += copied;
    if (copied < part) break;
  }
  return done;
}
