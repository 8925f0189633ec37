import { AddressSpace, FileRaState } from "../include/pagemap";
import { Errno } from "../include/errno";
import { FaultFlags } from "../include/mm_struct";
import { File, IocbFlags } from "../include/fs";
import { Folio, PAGE_SHIFT, PAGE_SIZE, PageFlags, folio_address } from "../include/mm_types";
import { IovIter } from "../include/uio";
import { SLEEPING } from "../include/sched";
import { Tp, enter, leave, trace } from "../include/trace";
import { copy_to_iter } from "../mm/iov_iter";
import { current } from "../kernel/sched";
import { filemap_get_folio, filemap_new_folio, filemap_update_folio, read_folios } from "./filemap";
import { fault_in_from_disk } from "./gup";
import { folio_get, folio_put } from "./page_alloc";
import { folio_mark_accessed } from "./swap";
import { kernel } from "../include/kernel";
import { page_cache_async_ra, page_cache_sync_ra } from "./readahead";
import { waited_for } from "./filemap_wait";

/*
 * Reading through the page cache, a folio at a time:
 *
 *   in the page cache? --no--> page_cache_sync_ra(): a window of pages is asked of the disk
 *        | yes                       |
 *   marked READAHEAD? --yes--> page_cache_async_ra(): so is the next one
 *        |                           |
 *   UPTODATE? --------no-----> the task sleeps until the disk has read it, and looks again
 *        | yes
 *   copy_to_iter(), folio_mark_accessed()
 *
 * Differs from Linux: up to 31 folios are looked up and waited for at once there, and then copied.
 */

/** Counts whether a reader has found a folio at once. */
function account_lookup(mapping: AddressSpace, folio: Folio | null, index: u32): void {
  let task = current();
  if (folio) {
    // It has been counted before the task slept.
    if (waited_for(folio)) return;
    kernel.counters.cache_hits++;
    task.counters.cache_hits++;
    trace(Tp.filemap_hit, changetype<usize>(mapping), changetype<usize>(folio), index);
  } else {
    kernel.counters.cache_misses++;
    task.counters.cache_misses++;
    trace(Tp.filemap_miss, changetype<usize>(mapping), index, 0);
  }
}

/** A page that is not in the page cache comes into it, with those that are read ahead; null: it does not. */
function filemap_create_folio(mapping: AddressSpace, ra: FileRaState | null, index: u32, wanted: u32): Folio | null {
  if (ra) {
    page_cache_sync_ra(mapping, ra, index, wanted);
    let folio = filemap_get_folio(mapping, index);
    if (folio) {
      folio_get(folio);
      return folio;
    }
  }
  let folio = filemap_new_folio(mapping, index);
  if (!folio) return null;
  folio_get(folio);
  if (!read_folios(mapping, index, 1)) return folio;
  folio_put(folio);
  return null;
}

/** Starts the next window if a folio is marked, and makes the folio hold what the file holds. @returns 0; -errno; SLEEPING. */
function prepare_folio(
  mapping: AddressSpace,
  ra: FileRaState | null,
  folio: Folio,
  index: u32,
  wanted: u32,
  ki_flags: u32,
): i64 {
  if (folio.flags & PageFlags.READAHEAD && ra) {
    if (ki_flags & IocbFlags.NOIO) return -Errno.EAGAIN;
    page_cache_async_ra(mapping, ra, folio, index, wanted);
  }
  if (folio.flags & PageFlags.UPTODATE) return 0;
  if (ki_flags & (IocbFlags.NOWAIT | IocbFlags.NOIO)) return -Errno.EAGAIN;
  let result = filemap_update_folio(folio);
  if (result == -Errno.EIO && ra) ra.ra_pages >>= 2;
  return result;
}

/**
 * A page of a file with what the file holds, for the caller to give back with folio_put(): taking memory for anything
 * else may take folios away that nobody refers to.
 *
 * @param ra        what is read ahead of its reader; null: nothing.
 * @param wanted    how many pages the reader wants from this one on.
 * @param ki_flags  IocbFlags: NOWAIT, NOIO.
 * @returns         address of its struct Folio; -EAGAIN, -EIO, -ENOMEM; SLEEPING: the call is to be made again.
 * @kernel filemap_get_pages(), mm/filemap.c
 */
export function filemap_get_page(
  mapping: AddressSpace,
  ra: FileRaState | null,
  index: u32,
  wanted: u32,
  ki_flags: u32,
): i64 {
  let folio = filemap_get_folio(mapping, index);
  account_lookup(mapping, folio, index);
  if (folio) folio_get(folio);
  else {
    if (ki_flags & IocbFlags.NOIO) return -Errno.EAGAIN;
    folio = filemap_create_folio(mapping, ra, index, wanted);
    if (!folio) return -Errno.ENOMEM;
  }
  let error = prepare_folio(mapping, ra, folio, index, wanted, ki_flags);
  if (!error) return <i64>changetype<usize>(folio);
  folio_put(folio);
  return error;
}

/** Copies what a folio holds at the walk's position. @returns bytes, fewer at the end of the buffers or at a fault. */
function copy_folio_to_iter(folio: Folio, bytes: usize, iter: IovIter): usize {
  let copied = copy_to_iter(folio_address(folio) + ((<usize>iter.pos) & (PAGE_SIZE - 1)), bytes, iter);
  iter.pos += copied;
  iter.done += copied;
  return copied;
}

/**
 * Reads a file through the page cache at the walk's position.
 *
 * @returns  bytes; 0 at the end; -EFAULT, -EIO, -ENOMEM, -EAGAIN if nothing could be read; SLEEPING.
 * @kernel filemap_read(), mm/filemap.c
 */
export function filemap_read(file: File, iter: IovIter): i64 {
  enter(Tp.filemap_read, changetype<usize>(file), <usize>iter.count, <usize>iter.pos);
  let mapping = file.f_mapping!;
  let ra = file.f_ra;
  let size = mapping.host.i_size;
  let last_pos = iter.done ? iter.pos : ra.prev_pos;
  let error: i64 = 0;
  while (iter.count && iter.pos < size) {
    let index = <u32>(iter.pos >> PAGE_SHIFT);
    let wanted = <u32>(((<u64>iter.pos + iter.count + (PAGE_SIZE - 1)) >> PAGE_SHIFT) - index);
    error = filemap_get_page(mapping, ra, index, wanted, iter.ki_flags);
    if (error <= 0) break;
    let folio = changetype<Folio>(<usize>error);
    error = 0;
    if ((last_pos - 1) >> PAGE_SHIFT != <i64>index) folio_mark_accessed(folio);
    let within = PAGE_SIZE - ((<usize>iter.pos) & (PAGE_SIZE - 1));
    let bytes = <usize>min<u64>(within, min<u64>(iter.count, size - iter.pos));
    if (!(iter.ki_flags & IocbFlags.NOWAIT)) error = fault_in_from_disk(iter, bytes, FaultFlags.WRITE);
    let copied: usize = error ? 0 : copy_folio_to_iter(folio, bytes, iter);
    folio_put(folio);
    if (error) break;
    last_pos = iter.pos;
    if (copied == bytes) continue;
    error = -Errno.EFAULT;
    break;
  }
  if (error == SLEEPING) return leave(error);
  ra.prev_pos = last_pos;
  return leave(iter.done ? <i64>iter.done : error);
}

/**
 * The read_iter method of regular files.
 *
 * @kernel generic_file_read_iter(), mm/filemap.c
 */
export function generic_file_read_iter(file: File, iter: IovIter): i64 {
  if (!iter.count) return 0;
  if (iter.ki_flags & IocbFlags.DIRECT) {
    let direct = file.f_mapping!.a_ops!.direct_IO;
    return direct ? call_indirect<i64>(direct, file, iter) : -Errno.EINVAL;
  }
  return filemap_read(file, iter);
}
