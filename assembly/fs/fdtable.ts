import { Errno } from "../include/errno";
import { File, FilesStruct, files_lookup_fd } from "../include/fs";
import { NR_OPEN } from "../include/resource";
import { Tp, enter, leave } from "../include/trace";
import { fput, get_file } from "./file_table";
import { fs_state } from "./internal";
import { kfree, kmalloc, kmem_cache_free, kmem_cache_zalloc } from "../mm/slab";

export { files_lookup_fd } from "../include/fs";

/*
 * A descriptor is an index into a table of slots, which hold the addresses of open files. Two bitmaps say which slots
 * are taken and which of them execve() would close. A slot that is taken and empty is reserved: its file is coming.
 *
 *   FilesStruct.fd          | File | File | 0 | File | 0 | ...
 *   FilesStruct.open_fds       1      1     1    1     0
 *                                           ^          ^
 *                                     reserved        next_fd: nothing below it is free
 */

/** Slots of a new table. @kernel NR_OPEN_DEFAULT, include/linux/fdtable.h */
const NR_OPEN_DEFAULT: u32 = 64;

/** Address of the slot of a descriptor. */
function slot(files: FilesStruct, fd: u32): usize {
  return files.fd + ((<usize>fd) << 2);
}

/** The word of a bitmap that holds a bit. */
function word(map: usize, bit: u32): usize {
  return map + (((<usize>bit) >> 6) << 3);
}

/** Whether a bit of a bitmap is set. */
function test_bit(map: usize, bit: u32): bool {
  return ((load<u64>(word(map, bit)) >> (bit & 63)) & 1) != 0;
}

/** Sets or clears a bit of a bitmap. */
function assign_bit(map: usize, bit: u32, value: bool): void {
  let at = word(map, bit);
  let mask = (<u64>1) << (bit & 63);
  store<u64>(at, value ? load<u64>(at) | mask : load<u64>(at) & ~mask);
}

/** Whether a descriptor, which must be in the table, is open or reserved. @kernel fd_is_open(), include/linux/fdtable.h */
export function fd_is_open(files: FilesStruct, fd: u32): bool {
  return test_bit(files.open_fds, fd);
}

/** Takes a descriptor, which must be in the table. @kernel __set_open_fd(), fs/file.c */
export function set_open_fd(files: FilesStruct, fd: u32, close_on_exec: bool): void {
  assign_bit(files.open_fds, fd, true);
  assign_bit(files.close_on_exec, fd, close_on_exec);
}

/** Sets the file of a descriptor that is taken. */
export function set_fd_file(files: FilesStruct, fd: u32, file: File | null): void {
  store<usize>(slot(files, fd), changetype<usize>(file));
}

/** Gives a descriptor back. @kernel __put_unused_fd(), fs/file.c */
export function clear_open_fd(files: FilesStruct, fd: u32): void {
  assign_bit(files.open_fds, fd, false);
  if (fd < files.next_fd) files.next_fd = fd;
}

/** Whether execve() would close a descriptor, which must be in the table. */
export function get_close_on_exec(files: FilesStruct, fd: u32): bool {
  return test_bit(files.close_on_exec, fd);
}

/** Sets whether execve() would close a descriptor, which must be in the table. */
export function set_close_on_exec(files: FilesStruct, fd: u32, value: bool): void {
  assign_bit(files.close_on_exec, fd, value);
}

/** First slot from `start` on that is not taken; `files.max_fds` or more if there is none. @kernel find_next_fd() */
export function find_next_fd(files: FilesStruct, start: u32): u32 {
  let end = files.max_fds;
  if (start >= end) return start;
  let at = word(files.open_fds, start);
  let free = ~load<u64>(at) & (u64.MAX_VALUE << (start & 63));
  while (!free) {
    start = (start & ~63) + 64;
    if (start >= end) return end;
    at += 8;
    free = ~load<u64>(at);
  }
  return (start & ~63) + <u32>ctz(free);
}

/** Smallest table that a descriptor fits into. Unit: slots. */
function slots_for(fd: u32): u32 {
  return fd < NR_OPEN_DEFAULT ? NR_OPEN_DEFAULT : 1 << (32 - clz(fd));
}

/**
 * Gives a table, which may have no slots yet, more slots.
 *
 * @returns  0, or -ENOMEM, in which case the table is as before.
 * @kernel expand_fdtable(), fs/file.c
 */
function expand_fdtable(files: FilesStruct, slots: u32): i32 {
  let fd = kmalloc(slots << 2);
  let maps = kmalloc(slots >> 2);
  if (!fd || !maps) {
    kfree(fd);
    kfree(maps);
    return -Errno.ENOMEM;
  }
  enter(Tp.expand_fdtable, changetype<usize>(files), slots, 0);
  let close_on_exec = maps + (slots >> 3);
  let old = files.max_fds;
  memory.fill(fd, 0, slots << 2);
  memory.fill(maps, 0, slots >> 2);
  if (old) {
    memory.copy(fd, files.fd, old << 2);
    memory.copy(maps, files.open_fds, old >> 3);
    memory.copy(close_on_exec, files.close_on_exec, old >> 3);
    free_fdtable(files);
  }
  files.fd = fd;
  files.open_fds = maps;
  files.close_on_exec = close_on_exec;
  files.max_fds = slots;
  return leave(0);
}

/** Frees the slots and bitmaps of a table. */
function free_fdtable(files: FilesStruct): void {
  kfree(files.fd);
  kfree(files.open_fds);
}

/**
 * Makes sure that a descriptor has a slot.
 *
 * @returns  0; -EMFILE if no table has so many; -ENOMEM.
 * @kernel expand_files(), fs/file.c
 */
export function expand_files(files: FilesStruct, fd: u32): i32 {
  if (fd < files.max_fds) return 0;
  if (fd >= NR_OPEN) return -Errno.EMFILE;
  return expand_fdtable(files, slots_for(fd));
}

/** Makes a table of a size, with nothing open and not yet used by anyone; null if memory is exhausted. */
function new_table(slots: u32): FilesStruct | null {
  let cache = fs_state().files_cachep;
  let address = kmem_cache_zalloc(cache);
  if (!address) return null;
  let files = changetype<FilesStruct>(address);
  files.rlimit_nofile = NR_OPEN;
  files.rlimit_nofile_max = NR_OPEN;
  if (!expand_fdtable(files, slots)) return files;
  kmem_cache_free(cache, address);
  return null;
}

/** Makes an empty descriptor table, used once; null if memory is exhausted. @kernel init_files, init/init_task.c */
export function alloc_files(): FilesStruct | null {
  let files = new_table(NR_OPEN_DEFAULT);
  if (files) files.count = 1;
  return files;
}

/** The greatest descriptor that is taken; 0 if none is. */
function greatest_fd(files: FilesStruct): u32 {
  let fd = files.max_fds;
  while (fd) {
    let taken = load<u64>(word(files.open_fds, fd - 64));
    if (taken) return fd - 1 - <u32>clz(taken);
    fd -= 64;
  }
  return 0;
}

/**
 * Copies a descriptor table, as fork() does: the same open files under the same numbers. Reserved descriptors are free
 * in the copy.
 *
 * @returns  null if memory is exhausted.
 * @kernel dup_fd(), fs/file.c
 */
export function dup_fd(old: FilesStruct): FilesStruct | null {
  let last = greatest_fd(old);
  let files = new_table(slots_for(last));
  if (!files) return null;
  enter(Tp.dup_fd, changetype<usize>(old), 0, 0);
  files.rlimit_nofile = old.rlimit_nofile;
  files.rlimit_nofile_max = old.rlimit_nofile_max;
  files.next_fd = old.next_fd;
  for (let fd: u32 = 0; fd <= last; fd++) {
    let file = files_lookup_fd(old, fd);
    if (file) {
      set_fd_file(files, fd, get_file(file));
      set_open_fd(files, fd, get_close_on_exec(old, fd));
    } else if (fd < files.next_fd) files.next_fd = fd;
  }
  leave(0);
  // Only now: up to the last tracepoint there is no task that uses it.
  files.count = 1;
  return files;
}

/**
 * Gives up one use of a descriptor table; with the last one everything in it is closed.
 *
 * @kernel put_files_struct(), fs/file.c
 */
export function put_files_struct(files: FilesStruct): void {
  if (--files.count) return;
  enter(Tp.put_files_struct, changetype<usize>(files), 0, 0);
  for (let fd: u32 = 0; fd < files.max_fds; fd++) {
    let file = files_lookup_fd(files, fd);
    if (!file || file.f_count == 1) continue;
    set_fd_file(files, fd, null);
    fput(file);
  }
  // Linux releases what nobody else refers to when the task leaves, the last one first.
  for (let fd = files.max_fds; fd > 0; fd--) {
    let file = files_lookup_fd(files, fd - 1);
    if (!file) continue;
    set_fd_file(files, fd - 1, null);
    fput(file);
  }
  free_fdtable(files);
  kmem_cache_free(fs_state().files_cachep, changetype<usize>(files));
  leave(0);
}
