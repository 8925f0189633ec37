import { File, FileOperations, FMode } from "../include/fs";
import { OpenFlags } from "../include/fcntl";
import { Tp, enter, leave } from "../include/trace";
import { file_f_owner_release, set_fasync } from "./fasync";
import { fs_state } from "./internal";
import { kmem_cache_alloc, kmem_cache_free } from "../mm/slab";

/** The access mode in OpenFlags, as FMode bits. @kernel OPEN_FMODE(), include/linux/fs.h */
export function open_fmode(flags: u32): u32 {
  return (flags + 1) & OpenFlags.ACCMODE;
}

/**
 * Makes an open file with one reference.
 *
 * @param flags   OpenFlags that F_GETFL is to show.
 * @param f_mode  FMode bits.
 * @returns       null if memory is exhausted.
 * @kernel alloc_file(), fs/file_table.c
 */
export function alloc_file(f_op: FileOperations, flags: u32, f_mode: u32, private_data: usize): File | null {
  let state = fs_state();
  let address = kmem_cache_alloc(state.filp_cachep);
  if (!address) return null;
  let file = changetype<File>(address);
  file.f_op = f_op;
  file.f_count = 1;
  file.f_flags = flags;
  file.f_mode = f_mode | (f_op.llseek ? FMode.LSEEK : 0);
  file.f_sequence = ++state.f_sequence;
  file.f_pos = 0;
  file.private_data = private_data;
  file.f_pages = null;
  file.f_ep.init();
  state.nr_files++;
  return file;
}

/** Takes another reference to an open file. @kernel get_file(), include/linux/fs.h */
export function get_file(file: File): File {
  file.f_count++;
  return file;
}

/** Drops a reference to an open file; with the last one it is released. @kernel fput(), fs/file_table.c */
export function fput(file: File): void {
  assert(file.f_count > 0, "a file was released twice");
  if (!--file.f_count) __fput(file);
}

/**
 * Releases a file that nobody refers to any more: those who watch it first, then what it stands for.
 *
 * Differs from Linux: happens in close() itself, not on the way back to the program.
 *
 * @kernel __fput(), fs/file_table.c
 */
function __fput(file: File): void {
  let state = fs_state();
  enter(Tp.__fput, changetype<usize>(file), 0, 0);
  if (!file.f_ep.empty) call_indirect<void>(state.eventpoll_release, file);
  if (file.f_flags & OpenFlags.ASYNC) set_fasync(-1, file, false);
  let release = file.f_op.release;
  if (release) call_indirect<i32>(release, file);
  file_free(file);
  leave(0);
}

/** Frees a file that stands for nothing (any more). @kernel file_free(), fs/file_table.c */
export function file_free(file: File): void {
  let state = fs_state();
  state.nr_files--;
  if (file.f_mode & FMode.OWNED) file_f_owner_release(file);
  let pages = file.f_pages;
  if (pages) kmem_cache_free(state.file_pages_cachep, changetype<usize>(pages));
  kmem_cache_free(state.filp_cachep, changetype<usize>(file));
}
