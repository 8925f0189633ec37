import { AddressSpace } from "../include/pagemap";
import { Errno } from "../include/errno";
import { File, IocbFlags, MAX_LFS_FILESIZE } from "../include/fs";
import { Folio, PAGE_SHIFT, PAGE_SIZE, PageFlags, folio_address } from "../include/mm_types";
import { Inode } from "../include/inode";
import { IovIter } from "../include/uio";
import { SLEEPING } from "../include/sched";
import { Tp, enter, leave } from "../include/trace";
import { balance_dirty_pages } from "./page_writeback_balance";
import { folio_mark_dirty } from "./page_writeback";
import { copy_from_iter } from "./iov_iter";
import { fault_in_iov_iter_readable } from "./gup";
import { filemap_get_folio, filemap_new_folio, filemap_update_folio } from "./filemap";
import { folio_get, folio_put } from "./page_alloc";
import { folio_unlock, folio_wait_locked } from "./filemap_wait";
import { inode_is_mine, inode_lock, inode_unlock } from "./inode_lock";
import { zero_behind_end } from "./truncate";

/**
 * The folio that a page is written to, locked by nobody and with a reference; null if memory is exhausted.
 *
 * @kernel write_begin_get_folio(), include/linux/pagemap.h
 */
function folio_for_writing(mapping: AddressSpace, index: u32): Folio | null {
  let folio = filemap_get_folio(mapping, index);
  if (!folio) {
    folio = filemap_new_folio(mapping, index);
    if (!folio) return null;
    folio_unlock(folio);
  }
  folio_get(folio);
  return folio;
}

/** Copies to a folio. If that falls short, and would leave a folio in pieces, the walk is where it was. */
function copy_to_folio(folio: Folio, bytes: usize, iter: IovIter): usize {
  let base = iter.base;
  let segment_left = iter.segment_left;
  let count = iter.count;
  let nr_segs = iter.nr_segs;
  let iov = iter.iov;
  let copied = copy_from_iter(folio_address(folio) + ((<usize>iter.pos) & (PAGE_SIZE - 1)), bytes, iter);
  if (copied == bytes || folio.flags & PageFlags.UPTODATE) return copied;
  iter.base = base;
  iter.segment_left = segment_left;
  iter.count = count;
  iter.nr_segs = nr_segs;
  iter.iov = iov;
  return copied;
}

/**
 * Writes bytes of one page, from where the walk stands.
 *
 * @returns  how many; 0 at a fault; -EIO, -ENOMEM; SLEEPING.
 */
function write_page(mapping: AddressSpace, bytes: usize, iter: IovIter): i64 {
  let index = <u32>(iter.pos >> PAGE_SHIFT);
  let folio = folio_for_writing(mapping, index);
  if (!folio) return -Errno.ENOMEM;
  let result = write_folio(mapping, folio, bytes, iter);
  folio_put(folio);
  return result;
}

/** The same, into its folio. */
function write_folio(mapping: AddressSpace, folio: Folio, bytes: usize, iter: IovIter): i64 {
  // What is not written must be there first; a whole page that is new needs nothing.
  let result = bytes < PAGE_SIZE ? filemap_update_folio(folio) : folio_wait_locked(folio);
  if (!result) result = call_indirect<i32>(mapping.a_ops!.write_begin, mapping, folio.index);
  if (result) return result;
  let copied = copy_to_folio(folio, bytes, iter);
  if (!copied) {
    note_position(mapping, iter.pos);
    return 0;
  }
  if (copied < bytes && !(folio.flags & PageFlags.UPTODATE)) return write_folio(mapping, folio, copied, iter);
  folio.flags |= PageFlags.UPTODATE;
  folio_mark_dirty(folio);
  iter.pos += copied;
  iter.done += copied;
  let inode = mapping.host;
  if (iter.pos > inode.i_size) inode.i_size = iter.pos;
  return copied;
}

/** Nothing can be written at a position: even so the file reaches there, and has the place. @kernel ext4_da_write_end() */
function note_position(mapping: AddressSpace, pos: i64): void {
  call_indirect<i32>(mapping.a_ops!.write_begin, mapping, <u32>(pos >> PAGE_SHIFT));
  mapping.host.i_size = max(mapping.host.i_size, pos);
}

/**
 * Writes to a file through the page cache at the walk's position.
 *
 * @returns  bytes; -EFAULT, -EIO, -ENOMEM if nothing could be written; SLEEPING.
 * @kernel generic_perform_write(), mm/filemap.c
 */
export function generic_perform_write(file: File, iter: IovIter): i64 {
  enter(Tp.generic_perform_write, changetype<usize>(file), <usize>iter.count, <usize>iter.pos);
  let mapping = file.f_mapping!;
  let result: i64 = 0;
  while (iter.count && iter.pos < MAX_LFS_FILESIZE) {
    let within = PAGE_SIZE - ((<usize>iter.pos) & (PAGE_SIZE - 1));
    let bytes = <usize>min<u64>(within, min<u64>(iter.count, MAX_LFS_FILESIZE - iter.pos));
    result = balance_dirty_pages();
    if (!result) result = fault_in_iov_iter_readable(iter, bytes);
    if (result == -Errno.EFAULT) note_position(mapping, iter.pos);
    if (!result) result = write_page(mapping, bytes, iter);
    if (result <= 0) break;
  }
  if (result == SLEEPING) return leave(result);
  if (!iter.done) return leave(result ? result : -Errno.EFAULT);
  return leave(<i64>iter.done);
}

/** Whether and where a file may be written. @returns 0; -EFBIG, -EOPNOTSUPP. @kernel generic_write_checks() */
function generic_write_checks(inode: Inode, iter: IovIter): i64 {
  let direct = iter.ki_flags & IocbFlags.DIRECT;
  if (iter.ki_flags & IocbFlags.NOWAIT && !direct) return -Errno.EOPNOTSUPP;
  if (iter.ki_flags & IocbFlags.APPEND) iter.pos = inode.i_size;
  if (iter.pos >= MAX_LFS_FILESIZE) return -Errno.EFBIG;
  if (iter.pos > inode.i_size) zero_behind_end(inode.i_mapping);
  return 0;
}

/** Writes as __generic_file_write_iter() does, with the file to oneself. */
function write_locked(file: File, inode: Inode, iter: IovIter): i64 {
  if (!inode_is_mine(inode)) {
    let error = generic_write_checks(inode, iter);
    if (error) return error;
  }
  let mapping = file.f_mapping!;
  if (!(iter.ki_flags & IocbFlags.DIRECT)) return generic_perform_write(file, iter);
  let direct = mapping.a_ops!.direct_IO;
  iter.ki_flags |= IocbFlags.WRITE;
  return direct ? call_indirect<i64>(direct, file, iter) : -Errno.EINVAL;
}

/** Waits until what was written is on the disk, if that was asked for. @kernel generic_write_sync(), include/linux/fs.h */
function generic_write_sync(file: File, iter: IovIter, written: i64): i64 {
  if (written <= 0 || !(iter.ki_flags & (IocbFlags.DSYNC | IocbFlags.SYNC)) || !file.f_op.fsync) return written;
  iter.ki_flags |= IocbFlags.WRITTEN;
  let datasync: u32 = iter.ki_flags & IocbFlags.SYNC ? 0 : 1;
  let result = call_indirect<i64>(file.f_op.fsync, file, iter.pos - written, iter.pos - 1, datasync);
  return result ? result : written;
}

/**
 * The write_iter method of regular files.
 *
 * @returns  bytes; -EFBIG, -EOPNOTSUPP, -EFAULT, -EIO, -ENOMEM if nothing could be written; SLEEPING.
 * @kernel generic_file_write_iter(), mm/filemap.c
 */
export function generic_file_write_iter(file: File, iter: IovIter): i64 {
  if (iter.ki_flags & IocbFlags.WRITTEN) return generic_write_sync(file, iter, iter.done);
  if (!iter.count && !iter.done) return 0;
  let inode = file.f_mapping!.host;
  let result = inode_lock(inode);
  if (result) return result;
  result = inode_unlock(inode, write_locked(file, inode, iter));
  return generic_write_sync(file, iter, result);
}
