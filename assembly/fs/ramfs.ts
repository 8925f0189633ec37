import { CacheType } from "../include/mm_types";
import { Errno } from "../include/errno";
import { File, FileKind } from "../include/fs";
import { Inode, file_inode, find_inode } from "./inode";
import { Ioctl } from "../include/ioctls";
import { MAX_FILE_SIZE, fill_inode, iput, new_inode } from "./ramfs_inode";
import { PATH_MAX } from "./namei";
import { SeekWhence } from "../include/fcntl";
import { StatMode } from "../include/stat";
import { alloc_fops, fs_state } from "./internal";
import { generic_file_read_iter, generic_file_write_iter } from "./ramfs_rw";
import { copy_splice_read } from "./splice_read";
import { iter_file_splice_write } from "./splice_write";
import { kmem_cache_create } from "../mm/slab";
import { put_user_u32 } from "../mm/uaccess";

/** Who may do what with a file that the world outside has made. */
const WORLD_MODE: u32 = 0o644;

/** Makes the file system, without files. @kernel init_ramfs_fs(), fs/ramfs/inode.c */
export function ramfs_init(): void {
  let state = fs_state();
  state.inode_cachep = kmem_cache_create(CacheType.Inode, offsetof<Inode>(), 8);
  state.inodes.init();
  let fops = alloc_fops(FileKind.REGULAR);
  fops.read_iter = generic_file_read_iter.index;
  fops.write_iter = generic_file_write_iter.index;
  fops.llseek = generic_file_llseek.index;
  fops.splice_read = copy_splice_read.index;
  fops.splice_write = iter_file_splice_write.index;
  fops.ioctl = file_ioctl.index;
  fops.release = release_inode.index;
  state.ramfs_file_operations = fops;
}

/**
 * Makes a file, for the world outside.
 *
 * @param name    address of its name in the linear memory.
 * @param size    number of bytes that it is born with, made from the seed; zeros if the seed is 0.
 * @returns       0; -EEXIST; -ENOENT without a name; -ENAMETOOLONG; -EFBIG; -ENOMEM.
 */
export function ramfs_create(name: usize, length: u32, size: u64, seed: u64): i32 {
  if (!length) return -Errno.ENOENT;
  if (length >= <u32>PATH_MAX) return -Errno.ENAMETOOLONG;
  if (size > <u64>MAX_FILE_SIZE) return -Errno.EFBIG;
  if (find_inode(name, length)) return -Errno.EEXIST;
  return new_inode(name, length, StatMode.IFREG | WORLD_MODE, size, seed) ? 0 : -Errno.ENOMEM;
}

/**
 * Puts bytes into a file, for the world outside.
 *
 * @param from  address of the bytes in the linear memory.
 * @returns     0; -ENOENT if there is no regular file of that name; -EFBIG; -ENOMEM.
 */
export function ramfs_fill(name: usize, length: u32, offset: u64, from: usize, bytes: usize): i32 {
  let inode = find_inode(name, length);
  if (!inode || (inode.i_mode & StatMode.IFMT) != StatMode.IFREG) return -Errno.ENOENT;
  if (offset + bytes > <u64>MAX_FILE_SIZE) return -Errno.EFBIG;
  return fill_inode(inode, offset, from, bytes);
}

/** Moves the position of a regular file. @returns it, -EINVAL, -ENXIO. @kernel generic_file_llseek(), fs/read_write.c */
function generic_file_llseek(file: File, offset: i64, whence: u32): i64 {
  let size = file_inode(file).i_size;
  switch (whence) {
    case SeekWhence.CUR:
      offset += file.f_pos;
      break;
    case SeekWhence.END:
      offset += size;
      break;
    case SeekWhence.DATA:
      if (<u64>offset >= <u64>size) return -Errno.ENXIO;
      break;
    case SeekWhence.HOLE:
      if (<u64>offset >= <u64>size) return -Errno.ENXIO;
      offset = size;
  }
  if (offset < 0 || offset > MAX_FILE_SIZE) return -Errno.EINVAL;
  file.f_pos = offset;
  return offset;
}

/** FIONREAD: how much lies behind the position. @kernel file_ioctl(), fs/ioctl.c */
function file_ioctl(file: File, request: u32, argument: u64): i64 {
  if (request != Ioctl.FIONREAD) return -Errno.ENOTTY;
  return put_user_u32(<u32>(file_inode(file).i_size - file.f_pos), argument);
}

/** A file is closed: it is gone if it has no name any more. */
export function release_inode(file: File): i32 {
  iput(file_inode(file));
  return 0;
}
