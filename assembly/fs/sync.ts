import { AddressSpace } from "../include/pagemap";
import { Errno } from "../include/errno";
import { File } from "../include/fs";
import { Inode } from "../include/inode";
import { SLEEPING } from "../include/sched";
import { SyncFileRange } from "../include/fcntl";
import { Tp, enter, leave } from "../include/trace";
import { bdi_writeback } from "../include/writeback";
import { check_and_advance_sb_err } from "../mm/filemap_sync";
import { current } from "../kernel/sched";
import { do_writepages } from "../mm/page_writeback";
import { fdget, fdput } from "./file";
import { file_check_and_advance_wb_err, filemap_fdatawait_range, filemap_fdatawrite_range } from "../mm/filemap_sync";
import { filemap_write_and_wait_range } from "../mm/filemap_sync";
import { ihold } from "./inode";
import { iput } from "./flatfs_inode";
import { requeue_inode } from "./fs_writeback";

/** Greatest position in a file. */
const LLONG_MAX: i64 = i64.MAX_VALUE;

/**
 * What was written to a file is on the disk afterwards: the fsync method of regular files.
 *
 * @param start, end  first and last byte.
 * @returns           0; -EIO, -ENOSPC: not all of it, which this open file is told of once; -ENOMEM; SLEEPING.
 * @kernel ext4_sync_file(), fs/ext4/fsync.c
 */
export function generic_file_fsync(file: File, start: i64, end: i64, datasync: u32): i64 {
  let mapping = file.f_mapping!;
  enter(Tp.file_write_and_wait_range, changetype<usize>(file), <usize>start, <usize>end);
  let result = filemap_write_and_wait_range(mapping, start, end);
  if (result == SLEEPING) return leave(result);
  requeue_inode(mapping.host);
  let error = file_check_and_advance_wb_err(file);
  return leave(result ? result : error);
}

/** The same of any file. @returns -EINVAL if it is none that is written to a disk. @kernel vfs_fsync_range(), fs/sync.c */
export function vfs_fsync_range(file: File, start: i64, end: i64, datasync: u32): i64 {
  if (!file.f_op.fsync) return -Errno.EINVAL;
  return call_indirect<i64>(file.f_op.fsync, file, start, end, datasync);
}

/** fsync() and fdatasync(). @kernel do_fsync(), fs/sync.c */
function do_fsync(datasync: u32): i64 {
  let file = fdget(<i32>current().di);
  if (!file) return -Errno.EBADF;
  return fdput(file, vfs_fsync_range(file, 0, LLONG_MAX, datasync));
}

/** fsync(2): what was written to a file is on the disk afterwards. */
export function sys_fsync(): i64 {
  return do_fsync(0);
}

/** fdatasync(2): the same, without what is only known of the file. */
export function sys_fdatasync(): i64 {
  return do_fsync(1);
}

/** Starts to write all that is dirty. */
function write_all(): void {
  let files = bdi_writeback().b_dirty;
  for (let link = files.next; link !== files; link = link.next) {
    do_writepages(Inode.of_i_io_list(link).i_mapping, 0, u32.MAX_VALUE, true);
  }
}

/** Waits for what is being written of one file, which is kept meanwhile. @returns 0; SLEEPING. */
function wait_for_inode(inode: Inode, round: u32): i64 {
  let task = current();
  if (!task.kept) task.kept = changetype<usize>(ihold(inode));
  let result = filemap_fdatawait_range(inode.i_mapping, 0, LLONG_MAX);
  if (result) return result;
  inode.i_synced = round;
  task.kept = 0;
  iput(inode);
  return 0;
}

/** The next file of which something is being written that a round of sync() has not waited for; null: there is none. */
function next_written(round: u32): Inode | null {
  let files = bdi_writeback().b_writeback;
  for (let link = files.next; link !== files; link = link.next) {
    let inode = Inode.of_i_wb_list(link);
    if (<i32>(inode.i_synced - round) < 0) return inode;
  }
  return null;
}

/** Waits until what is being written of any file is on the disk. @returns 0; SLEEPING. @kernel wait_sb_inodes() */
function wait_all(round: u32): i64 {
  let kept = current().kept;
  let inode: Inode | null = kept ? changetype<Inode>(kept) : next_written(round);
  while (inode) {
    let result = wait_for_inode(inode, round);
    if (result) return result;
    inode = next_written(round);
  }
  return 0;
}

/**
 * Writes all that is dirty, and waits for it. What was being written when that began may have been written to since, so
 * there is a second round; what becomes dirty later, nobody has asked for. CallState.done is the number of the round, and
 * reserved 1 in the second one.
 *
 * @kernel ksys_sync(), sync_filesystem(), fs/sync.c
 */
function sync_all(): i64 {
  enter(Tp.ksys_sync, bdi_writeback().nr_dirty_inodes, 0, 0);
  let task = current();
  if (!task.restarting) task.reserved = 0;
  let begins = !task.restarting;
  while (true) {
    if (begins) {
      write_all();
      task.done = ++bdi_writeback().sync_rounds;
    }
    let result = wait_all(<u32>task.done);
    if (result || task.reserved == 1) return leave(result);
    task.reserved = 1;
    begins = true;
  }
}

/** sync(2): what was written to any file is on the disk afterwards. */
export function sys_sync(): i64 {
  return sync_all();
}

/** syncfs(2): what was written to any file of a file system is on the disk afterwards; -EIO: once, not all of it. */
export function sys_syncfs(): i64 {
  let file = fdget(<i32>current().di);
  if (!file) return -Errno.EBADF;
  let result = sync_all();
  return fdput(file, result ? result : check_and_advance_sb_err(file));
}

/** The steps of sync_file_range(2) that are asked for, the first being the one that the call has come to. */
function sync_range(file: File, mapping: AddressSpace, start: i64, end: i64, flags: u32): i64 {
  let task = current();
  if (task.done == 0 && flags & SyncFileRange.WAIT_BEFORE) {
    let result = filemap_fdatawait_range(mapping, start, end);
    if (result) return result;
    let error = file_check_and_advance_wb_err(file);
    if (error) return error;
  }
  if (task.done == 0 && flags & SyncFileRange.WRITE) {
    let error = filemap_fdatawrite_range(mapping, start, end, flags == SyncFileRange.WRITE_AND_WAIT);
    if (error) return error;
  }
  task.done = 1;
  if (!(flags & SyncFileRange.WAIT_AFTER)) return 0;
  let result = filemap_fdatawait_range(mapping, start, end);
  return result ? result : file_check_and_advance_wb_err(file);
}

/** @kernel sync_file_range(), fs/sync.c */
function do_sync_file_range(file: File, offset: i64, bytes: i64, flags: u32): i64 {
  let end = offset + bytes;
  if (flags & ~(<u32>SyncFileRange.WRITE_AND_WAIT) || offset < 0 || end < 0 || end < offset) return -Errno.EINVAL;
  let mapping = file.f_mapping;
  if (!mapping) return -Errno.ESPIPE;
  return sync_range(file, mapping, offset, bytes ? end - 1 : LLONG_MAX, flags);
}

/** sync_file_range(2): writes a range of a file, or waits for that, as the flags say. */
export function sys_sync_file_range(): i64 {
  let task = current();
  let file = fdget(<i32>task.di);
  if (!file) return -Errno.EBADF;
  return fdput(file, do_sync_file_range(file, task.si, task.dx, <u32>task.r10));
}
