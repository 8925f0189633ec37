import { generic_file_fsync } from "./sync";
import { CacheType } from "../include/mm_types";
import { Errno } from "../include/errno";
import { File, FileKind, MAX_LFS_FILESIZE } from "../include/fs";
import { Inode } from "../include/inode";
import { file_inode, find_inode } from "./inode";
import { Ioctl } from "../include/ioctls";
import { generic_file_write_iter } from "../mm/filemap_write";
import { PAGE_SHIFT, PAGE_SIZE } from "../include/mm_types";
import { disk_alloc_extent, disk_fill } from "../drivers/disk_extent";
import { generic_file_mmap } from "../mm/filemap_fault";
import { generic_file_read_iter } from "../mm/filemap_read";
import { iput, new_inode, unlink_inode } from "./flatfs_inode";
import { make_flatfs_aops } from "./flatfs_rw";
import { map_pages, next_data, next_hole } from "./flatfs_map";
import { PATH_MAX } from "./namei";
import { SeekWhence } from "../include/fcntl";
import { StatMode } from "../include/stat";
import { alloc_fops, fs_state } from "./internal";
import { filemap_splice_read } from "./filemap_splice";
import { iter_file_splice_write } from "./splice_write";
import { kmem_cache_create } from "../mm/slab";
import { put_user_u32 } from "../mm/uaccess";

/** Who may do what with a file that the world outside has made. */
const WORLD_MODE: u32 = 0o644;

/** Makes the file system, without files. */
export function flatfs_init(): void {
  let state = fs_state();
  state.inode_cachep = kmem_cache_create(CacheType.Inode, offsetof<Inode>(), 8);
  state.inodes.init();
  let fops = alloc_fops(FileKind.REGULAR);
  fops.read_iter = generic_file_read_iter.index;
  fops.write_iter = generic_file_write_iter.index;
  fops.llseek = flatfs_llseek.index;
  fops.splice_read = filemap_splice_read.index;
  fops.splice_write = iter_file_splice_write.index;
  fops.ioctl = file_ioctl.index;
  fops.mmap = generic_file_mmap.index;
  fops.fsync = generic_file_fsync.index;
  fops.release = release_inode.index;
  state.flatfs_file_operations = fops;
  state.flatfs_aops = make_flatfs_aops();
}

/** Number of pages that bytes reach into. */
function pages_of(bytes: i64): u32 {
  return <u32>((bytes + (PAGE_SIZE - 1)) >> PAGE_SHIFT);
}

/** Makes a file that lies on the disk. @returns 0, -ENOMEM. */
function create(name: usize, length: u32, size: i64, seed: u64): i32 {
  let inode = new_inode(name, length, StatMode.IFREG | WORLD_MODE);
  if (!inode) return -Errno.ENOMEM;
  inode.i_sector = disk_alloc_extent(seed, seed ? size : 0);
  let error = inode.i_sector ? 0 : -Errno.ENOMEM;
  if (!error && size) error = map_pages(inode, 0, pages_of(size));
  if (error) unlink_inode(inode);
  else inode.i_size = size;
  return error;
}

/**
 * Puts a file on the disk, for the world outside. Nothing of it is in the page cache.
 *
 * @param name    address of its name in the linear memory.
 * @param size    number of bytes that it is born with, made from the seed; zeros if the seed is 0.
 * @returns       0; -EEXIST; -ENOENT without a name; -ENAMETOOLONG; -EFBIG; -ENOMEM.
 */
export function flatfs_create(name: usize, length: u32, size: u64, seed: u64): i32 {
  if (!length) return -Errno.ENOENT;
  if (length >= <u32>PATH_MAX) return -Errno.ENAMETOOLONG;
  if (size > <u64>MAX_LFS_FILESIZE) return -Errno.EFBIG;
  if (find_inode(name, length)) return -Errno.EEXIST;
  return create(name, length, size, seed);
}

/**
 * Puts bytes at the end of a file on the disk, for the world outside, before anybody has read it.
 *
 * @param from  address of the bytes in the linear memory.
 * @returns     0; -ENOENT if there is no regular file of that name; -EINVAL if it does not end there; -EFBIG; -ENOMEM.
 */
export function flatfs_fill(name: usize, length: u32, offset: u64, from: usize, bytes: usize): i32 {
  let inode = find_inode(name, length);
  if (!inode || (inode.i_mode & StatMode.IFMT) != StatMode.IFREG) return -Errno.ENOENT;
  if (offset + bytes > <u64>MAX_LFS_FILESIZE) return -Errno.EFBIG;
  if (<i64>offset != inode.i_size || inode.i_mapping.nrpages) return -Errno.EINVAL;
  let end = pages_of(offset + bytes);
  let first = next_hole(inode, <u32>(offset >> PAGE_SHIFT));
  let error = first < end ? map_pages(inode, first, end) : 0;
  if (error || !disk_fill(inode.i_sector, offset, from, bytes)) return -Errno.ENOMEM;
  inode.i_size = offset + bytes;
  return 0;
}

/** First byte from an offset on that lies on the disk, or of a hole; the end of the file if there is none. */
function seek_data_or_hole(inode: Inode, offset: i64, hole: bool): i64 {
  let index = <u32>(offset >> PAGE_SHIFT);
  let found = <i64>(hole ? next_hole(inode, index) : next_data(inode, index));
  return min(max(offset, found << PAGE_SHIFT), inode.i_size);
}

/** Moves the position of a regular file. @returns it, -EINVAL, -ENXIO. @kernel ext4_llseek(), fs/ext4/file.c */
function flatfs_llseek(file: File, offset: i64, whence: u32): i64 {
  let inode = file_inode(file);
  let size = inode.i_size;
  switch (whence) {
    case SeekWhence.CUR:
      offset += file.f_pos;
      break;
    case SeekWhence.END:
      offset += size;
      break;
    case SeekWhence.DATA:
    case SeekWhence.HOLE:
      if (<u64>offset >= <u64>size) return -Errno.ENXIO;
      offset = seek_data_or_hole(inode, offset, whence == SeekWhence.HOLE);
      if (whence == SeekWhence.DATA && offset >= size) return -Errno.ENXIO;
  }
  if (offset < 0 || offset > MAX_LFS_FILESIZE) return -Errno.EINVAL;
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
