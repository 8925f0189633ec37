import { BIO_MAX_VECS, Bio, BioVec, ReqFlags, ReqOp, SECTOR_SHIFT, SECTOR_SIZE } from "../include/blkdev";
import { Errno } from "../include/errno";
import { File, IocbFlags } from "../include/fs";
import { Inode } from "../include/inode";
import { IovIter } from "../include/uio";
import { IomapDio } from "../include/iomap";
import { PAGE_SHIFT, PAGE_SIZE } from "../include/mm_types";
import { TaskState } from "../include/sched";
import { Tp, enter, leave, trace } from "../include/trace";
import { bio_add_page, bio_alloc, bio_put } from "../block/bio";
import { blk_finish_plug, blk_start_plug, submit_bio } from "../block/blk_core";
import { data_ready } from "../include/phase";
import { dio_advance, dio_alloc, dio_free, dio_piece, dio_pin, dio_restart } from "./direct_io_pages";
import { filemap_write_and_wait_range } from "../mm/filemap_sync";
import { invalidate_inode_pages2_range, invalidate_mapping_pages } from "../mm/truncate";
import { iov_iter_advance } from "../mm/iov_iter";
import { next_data, next_hole } from "./flatfs_map";
import { unmap_behind_end } from "./flatfs_inode";
import { prepare_to_wait, wake_up_all } from "../kernel/wait";
import { schedule } from "../kernel/sched";
import { unmap_mapping_pages } from "../mm/memory_zap";

/*
 * Reading and writing past the page cache:
 *
 *   the program's pages are pinned --> bios of them --> the disk moves bytes right between itself and these pages
 *                                                          |
 *   the call sleeps until the last bio has ended,   <------+   its interrupt
 *   or returned at once, and IovIter.ki_complete is told
 *
 * What is dirty in the page cache is written first; what is written past it is taken out of it.
 */

/** Most bytes of one bio. */
const MOST_BYTES: u32 = BIO_MAX_VECS * <u32>PAGE_SIZE;

/** Number of the page that a byte lies in. */
function page_of(pos: i64): u32 {
  return <u32>(pos >> PAGE_SHIFT);
}

/**
 * Whether the pieces of a bio lie as the disk wants them: a multiple of 512 bytes each, from a multiple of 512 on. A
 * single piece that is within a page may lie anywhere, as nothing has to be divided.
 *
 * @kernel bio_split_rw_at(), block/blk-merge.c
 */
function is_aligned(bio: Bio): bool {
  let first = changetype<BioVec>(bio.bi_io_vec);
  if (bio.bi_vcnt == 1 && (first.bv_address & (PAGE_SIZE - 1)) + first.bv_len <= PAGE_SIZE) return true;
  for (let i: u32 = 0; i < <u32>bio.bi_vcnt; i++) {
    let piece = changetype<BioVec>(bio.bi_io_vec + <usize>i * offsetof<BioVec>());
    if ((piece.bv_address | piece.bv_len) & (SECTOR_SIZE - 1)) return false;
  }
  return true;
}

/** Gives the disk what lies from a position to another. @returns 0, -ENOMEM, -EINVAL. @kernel iomap_dio_bio_iter() */
function submit_run(dio: IomapDio, pos: i64, end: i64): i32 {
  while (pos < end) {
    let bytes = <u32>min<i64>(end - pos, MOST_BYTES);
    let bio = bio_alloc(
      min((bytes >> PAGE_SHIFT) + 2, BIO_MAX_VECS),
      (dio.write ? ReqOp.WRITE : ReqOp.READ) | ReqFlags.SYNC,
    );
    if (!bio) return -Errno.ENOMEM;
    bio.bi_sector = dio.inode.i_sector + (pos >> SECTOR_SHIFT);
    bio.bi_private = changetype<usize>(dio);
    bio.bi_end_io = iomap_dio_bio_end_io.index;
    while (bio.bi_size < bytes) {
      let length = dio_piece(dio, bytes - bio.bi_size);
      if (!bio_add_page(bio, dio.address, length)) break;
      dio_advance(dio, length);
    }
    if (!is_aligned(bio) || bio.bi_size & (SECTOR_SIZE - 1)) {
      bio_put(bio);
      return -Errno.EINVAL;
    }
    pos += bio.bi_size;
    dio.ref++;
    submit_bio(bio);
  }
  return 0;
}

/** What lies from a position to another is a hole: the program's pages become zeros. @kernel iomap_dio_hole_iter() */
function zero_run(dio: IomapDio, pos: i64, end: i64): void {
  while (pos < end) {
    let length = dio_piece(dio, <u32>min<i64>(end - pos, PAGE_SIZE));
    memory.fill(dio.address, 0, length);
    dio_advance(dio, length);
    pos += length;
  }
}

/** Gives pages of a file that is written places on the disk. @returns 0, -ENOMEM, -ENOSPC. */
function allocate_run(inode: Inode, first: u32, last: u32): i32 {
  let begin = inode.i_mapping.a_ops!.write_begin;
  for (let index = first; index <= last; index++) {
    let error = call_indirect<i32>(begin, inode.i_mapping, index);
    if (error) return error;
  }
  return 0;
}

/** Whether a byte has no place on the disk. */
function is_hole(inode: Inode, pos: i64): bool {
  return next_hole(inode, page_of(pos)) == page_of(pos);
}

/** Where the stretch ends that a position lies in: of pages that all have a place on the disk, or all have none. */
function stretch_end(inode: Inode, pos: i64, end: i64): i64 {
  let index = page_of(pos);
  let stop = next_hole(inode, index);
  if (stop == index) stop = next_data(inode, index);
  return min(end, (<i64>stop) << PAGE_SHIFT);
}

/** Whether the disk can move what lies from a position to another. */
function is_sectors(pos: i64, end: i64): bool {
  return !((pos | end) & (SECTOR_SIZE - 1));
}

/** Moves everything, stretch by stretch. */
function submit_all(dio: IomapDio): void {
  let inode = dio.inode;
  let pos = dio.pos;
  let end = pos + <i64>dio.size;
  let error = 0;
  blk_start_plug();
  while (!error && pos < end && (dio.write || pos < dio.i_size)) {
    let to = stretch_end(inode, pos, end);
    let hole = is_hole(inode, pos);
    if (hole && dio.write) error = allocate_run(inode, page_of(pos), page_of(to - 1));
    if (hole && !dio.write) zero_run(dio, pos, to);
    else if (!error) error = is_sectors(pos, to) ? submit_run(dio, pos, to) : -Errno.EINVAL;
    pos = to;
  }
  blk_finish_plug();
  if (error && !dio.error) dio.error = error;
}

/** The disk is done with a part. @kernel iomap_dio_bio_end_io(), fs/iomap/direct-io.c */
function iomap_dio_bio_end_io(bio: Bio): void {
  let dio = changetype<IomapDio>(bio.bi_private);
  enter(Tp.iomap_dio_bio_end_io, changetype<usize>(dio), bio.bi_size, -bio.bi_status);
  if (bio.bi_status) dio.error = bio.bi_status;
  else if (!dio.write) {
    data_ready(changetype<usize>(dio.inode), bio.bi_size);
    trace(Tp.data_placed, changetype<usize>(dio.inode), bio.bi_size, 0);
  }
  bio_put(bio);
  if (--dio.ref == 0) {
    if (dio.is_async) complete_async(dio);
    else wake_up_all(dio.wait);
  }
  leave(0);
}

/** Nobody sleeps for a transfer: whoever has asked for it is told. */
function complete_async(dio: IomapDio): void {
  let iter = dio.iter;
  let result = iomap_dio_complete(dio);
  call_indirect<void>(iter.ki_complete, iter, result);
}

/** What was written past the page cache is not to be found there as it was. */
function forget_cached(dio: IomapDio): void {
  let mapping = dio.inode.i_mapping;
  if (mapping.nrpages) invalidate_mapping_pages(mapping, page_of(dio.pos), page_of(dio.pos + <i64>dio.size - 1));
}

/**
 * A transfer has ended.
 *
 * @returns  bytes; -EIO, -EFAULT, -EINVAL, -ENOMEM. @kernel iomap_dio_complete(), fs/iomap/direct-io.c
 */
function iomap_dio_complete(dio: IomapDio): i64 {
  let iter = dio.iter;
  let inode = dio.inode;
  let result = dio.error ? <i64>dio.error : <i64>dio.size;
  enter(Tp.iomap_dio_complete, changetype<usize>(dio), <usize>result, 0);
  if (dio.write) {
    if (dio.size) forget_cached(dio);
    if (result > 0) inode.i_size = max(inode.i_size, dio.pos + result);
    // What was to make the file longer, and failed, leaves nothing behind its end.
    else unmap_behind_end(inode);
  } else if (result > 0) result = min(result, dio.i_size - dio.pos);
  if (result > 0) {
    iov_iter_advance(iter, result);
    iter.pos += result;
    iter.done = result;
  }
  iter.ki_dio = 0;
  dio_free(dio);
  return leave(result);
}

/** The call waits until the disk is done with all parts. @returns as iomap_dio_rw(). */
function wait_for_bios(dio: IomapDio): i64 {
  if (!dio.ref) return iomap_dio_complete(dio);
  dio.iter.ki_dio = changetype<usize>(dio);
  prepare_to_wait(dio.wait, TaskState.UNINTERRUPTIBLE);
  return schedule();
}

/** Writes what is dirty of the range, and takes out of the page cache what is to be written. @returns 0; SLEEPING. */
function clean_range(inode: Inode, iter: IovIter, write: bool): i64 {
  let mapping = inode.i_mapping;
  if (!mapping.nrpages) return 0;
  let end = iter.pos + <i64>iter.count - 1;
  let result = filemap_write_and_wait_range(mapping, iter.pos, end);
  if (result || !write) return result;
  let first = page_of(iter.pos);
  let last = page_of(end);
  if (!mapping.i_mmap.empty) unmap_mapping_pages(mapping, first, last - first + 1, false);
  result = invalidate_inode_pages2_range(mapping, first, last);
  // Pages that have become dirty meanwhile stay.
  return result == -Errno.EBUSY ? 0 : result;
}

/** Whether a write is waited for, whoever makes it: the file becomes longer, or the disk must have it. */
function must_wait(inode: Inode, iter: IovIter, write: bool): bool {
  return (
    write && (iter.pos + <i64>iter.count > inode.i_size || (iter.ki_flags & (IocbFlags.DSYNC | IocbFlags.SYNC)) != 0)
  );
}

/** Whether the disk can move the first stretch. Nobody asks it for holes: these may be read anyhow. @returns 0, -EINVAL. */
function check_first(inode: Inode, iter: IovIter, write: bool): i32 {
  if (!write && is_hole(inode, iter.pos)) return 0;
  let to = stretch_end(inode, iter.pos, iter.pos + <i64>iter.count);
  return is_sectors(iter.pos, to) ? 0 : -Errno.EINVAL;
}

/** Begins a transfer: pins the pages and gives them to the disk. */
function begin(inode: Inode, iter: IovIter, write: bool): i64 {
  let dio = dio_alloc(inode, iter);
  if (!dio) return -Errno.ENOMEM;
  dio.write = write ? 1 : 0;
  let result = dio_pin(dio);
  if (result) {
    dio_free(dio);
    return result;
  }
  dio.is_async = iter.ki_complete && !must_wait(inode, iter, write) ? 1 : 0;
  dio_restart(dio);
  submit_all(dio);
  if (--dio.ref == 0) return iomap_dio_complete(dio);
  return dio.is_async ? -Errno.EIOCBQUEUED : wait_for_bios(dio);
}

/**
 * Reads or writes a file past the page cache: AddressSpaceOperations.direct_IO.
 *
 * Differs from Linux: all pages are pinned before the first is given to the disk, and a write that is refused leaves holes
 * without places.
 *
 * @returns  bytes; -EINVAL, -EFAULT, -EIO, -ENOMEM, -ENOSPC; -EAGAIN; -EIOCBQUEUED if ki_complete will be told; SLEEPING.
 * @kernel iomap_dio_rw(), fs/iomap/direct-io.c
 */
export function iomap_dio_rw(file: File, iter: IovIter): i64 {
  if (iter.ki_dio) return wait_for_bios(changetype<IomapDio>(iter.ki_dio));
  let inode = file.f_mapping!.host;
  let write = (iter.ki_flags & IocbFlags.WRITE) != 0;
  if (!write && iter.pos >= inode.i_size) return 0;
  enter(Tp.iomap_dio_rw, changetype<usize>(inode), <usize>iter.count, <usize>iter.pos);
  let result = clean_range(inode, iter, write);
  if (result) return leave(result);
  result = check_first(inode, iter, write);
  if (result) return leave(result);
  return leave(begin(inode, iter, write));
}
