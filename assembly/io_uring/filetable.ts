import { Errno } from "../include/errno";
import { File, FileKind } from "../include/fs";
import { IoKiocb, IoRingCtx } from "../include/io_uring";
import { IORING_FILE_INDEX_ALLOC, IORING_REGISTER_FILES_SKIP, IosqeFlags } from "../include/io_uring_abi";
import { current } from "../kernel/sched";
import { files_lookup_fd } from "../fs/fdtable";
import { fput, get_file } from "../fs/file";
import { get_user_words, put_user_u32 } from "../mm/uaccess";
import { io_uring_state } from "./cqring";
import { kfree, kzalloc } from "../mm/slab";

/*
 * Files that are registered with a ring, in a table of slots:
 *
 *   IoRingCtx.file_table  [ File | 0 | File | File | 0 ... ]     0: the slot is empty
 *
 * A request takes a reference to the file of its slot when it begins, so that the slot may be changed meanwhile.
 */

/** Most files that can be registered. */
const MOST_FILES: u32 = 1 << 15;

/** Where a slot of a ring's table lies. */
function slot_address(ctx: IoRingCtx, slot: u32): usize {
  return ctx.file_table + ((<usize>slot) << 2);
}

/** The file in a slot of a ring; null: it is empty, or there is none. @kernel io_file_get_fixed() */
export function io_file_get_fixed(ctx: IoRingCtx, slot: u32): File | null {
  return slot < ctx.nr_user_files ? changetype<File | null>(load<usize>(slot_address(ctx, slot))) : null;
}

/** Empties a slot. @kernel io_reset_rsrc_node(), io_uring/rsrc.h */
function empty_slot(ctx: IoRingCtx, slot: u32): void {
  let file = io_file_get_fixed(ctx, slot);
  if (!file) return;
  store<usize>(slot_address(ctx, slot), 0);
  ctx.file_alloc_hint = slot;
  fput(file);
}

/** Puts a file into a slot, which is empty. */
function fill_slot(ctx: IoRingCtx, slot: u32, file: File): void {
  store<usize>(slot_address(ctx, slot), changetype<usize>(get_file(file)));
  ctx.file_alloc_hint = slot + 1;
}

/** A file that can be registered: a ring cannot, as rings would keep each other. null: it is none, or not open. */
function file_to_register(fd: i32): File | null {
  let file = files_lookup_fd(current().files, fd);
  return file && file.f_op.kind != FileKind.IO_URING ? file : null;
}

/** One of the descriptors in a program's array. @returns it; 1 << 32: it cannot be read. */
function read_descriptor(fds: u64, i: u32): i64 {
  let at = io_uring_state().scratch;
  return get_user_words(at, fds + ((<u64>i) << 2), 4) ? (<i64>1) << 32 : <i64>load<i32>(at);
}

/** Gives all registered files back. @returns 0, -ENXIO. @kernel io_sqe_files_unregister(), io_uring/rsrc.c */
export function io_sqe_files_unregister(ctx: IoRingCtx): i32 {
  if (!ctx.file_table) return -Errno.ENXIO;
  let table = ctx.file_table;
  let count = ctx.nr_user_files;
  ctx.file_table = 0;
  ctx.nr_user_files = 0;
  for (let i: u32 = 0; i < count; i++) {
    let file = load<usize>(table + ((<usize>i) << 2));
    if (file) fput(changetype<File>(file));
  }
  kfree(table);
  return 0;
}

/** Registers an array of descriptors; -1 leaves a slot empty. @returns 0 or -errno. @kernel io_sqe_files_register() */
export function io_sqe_files_register(ctx: IoRingCtx, fds: u64, count: u32): i32 {
  if (ctx.file_table) return -Errno.EBUSY;
  if (!count) return -Errno.EINVAL;
  if (count > MOST_FILES || count > current().files.rlimit_nofile) return -Errno.EMFILE;
  ctx.file_table = kzalloc((<usize>count) << 2);
  if (!ctx.file_table) return -Errno.ENOMEM;
  ctx.nr_user_files = count;
  for (let i: u32 = 0; i < count; i++) {
    let fd = read_descriptor(fds, i);
    if (fd == -1) continue;
    let file: File | null = fd >> 32 > 0 ? null : file_to_register(<i32>fd);
    if (!file) {
      io_sqe_files_unregister(ctx);
      return fd >> 32 > 0 ? -Errno.EFAULT : -Errno.EBADF;
    }
    fill_slot(ctx, i, file);
  }
  ctx.file_alloc_hint = 0;
  return 0;
}

/** One slot becomes what a descriptor says. @returns 0, -EFAULT, -EBADF. */
function update_slot(ctx: IoRingCtx, slot: u32, fd: i64): i32 {
  if (fd >> 32 > 0) return -Errno.EFAULT;
  if (fd == IORING_REGISTER_FILES_SKIP) return 0;
  empty_slot(ctx, slot);
  if (fd == -1) return 0;
  let file = file_to_register(<i32>fd);
  if (!file) return -Errno.EBADF;
  fill_slot(ctx, slot, file);
  return 0;
}

/**
 * Slots from one on become what an array of descriptors says.
 *
 * @returns  how many; -ENXIO, -EOVERFLOW, -EINVAL, -EFAULT, -EBADF if none. @kernel __io_sqe_files_update(), io_uring/rsrc.c
 */
export function io_sqe_files_update(ctx: IoRingCtx, offset: u32, fds: u64, count: u32): i32 {
  if (offset + count < offset) return -Errno.EOVERFLOW;
  if (!ctx.file_table) return -Errno.ENXIO;
  if (offset + count > ctx.nr_user_files) return -Errno.EINVAL;
  for (let done: u32 = 0; done < count; done++) {
    let error = update_slot(ctx, offset + done, read_descriptor(fds, done));
    if (error) return done ? done : error;
  }
  return count;
}

/** An empty slot: the next one from where it was looked last. @returns -ENFILE: there is none. @kernel io_file_bitmap_get() */
function find_empty_slot(ctx: IoRingCtx): i32 {
  let end = ctx.nr_user_files;
  for (let i: u32 = 0; i < end; i++) {
    let slot = ctx.file_alloc_hint + i;
    if (slot >= end) slot -= end;
    if (!io_file_get_fixed(ctx, slot)) return slot;
  }
  return -Errno.ENFILE;
}

/** A file goes into an empty slot, whose number is put in place of the descriptor. @returns 0, -errno. */
function place_file(ctx: IoRingCtx, fds: u64, i: u32): i32 {
  let fd = read_descriptor(fds, i);
  if (fd >> 32 > 0) return -Errno.EFAULT;
  let any = files_lookup_fd(current().files, <i32>fd);
  if (!any) return -Errno.EBADF;
  let slot = find_empty_slot(ctx);
  if (slot < 0) return slot;
  let file = file_to_register(<i32>fd);
  if (!file) return -Errno.EBADF;
  fill_slot(ctx, slot, file);
  if (!put_user_u32(slot, fds + ((<u64>i) << 2))) return 0;
  empty_slot(ctx, slot);
  return -Errno.EFAULT;
}

/** FILES_UPDATE makes sense. @returns 0, -EINVAL. @kernel io_files_update_prep(), io_uring/rsrc.c */
export function io_files_update_prep(req: IoKiocb): i32 {
  let sqe = req.sqe;
  if (sqe.flags & IosqeFlags.FIXED_FILE || sqe.ioprio || sqe.op_flags || sqe.file_index) return -Errno.EINVAL;
  return sqe.len ? 0 : -Errno.EINVAL;
}

/** FILES_UPDATE. @returns how many slots were changed; -errno if none. @kernel io_files_update(), io_uring/rsrc.c */
export function io_files_update(req: IoKiocb): i32 {
  let ctx = req.ctx;
  let sqe = req.sqe;
  if (<u32>sqe.off != IORING_FILE_INDEX_ALLOC) return io_sqe_files_update(ctx, <u32>sqe.off, sqe.addr, sqe.len);
  if (!ctx.file_table) return -Errno.ENXIO;
  for (let done: u32 = 0; done < sqe.len; done++) {
    let error = place_file(ctx, sqe.addr, done);
    if (error) return done ? done : error;
  }
  return sqe.len;
}
