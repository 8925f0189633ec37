import { Errno } from "../include/errno";
import { File } from "../include/fs";
import { Inode } from "../include/inode";
import { file_inode } from "./inode";
import { IovIter } from "../include/uio";
import { OpenFlags } from "../include/fcntl";
import { MAX_FILE_SIZE, get_page_read, get_page_write, put_page_read } from "./ramfs_inode";
import { PAGE_SHIFT, PAGE_SIZE } from "../include/mm_types";
import { Tp, enter, leave } from "../include/trace";
import { copy_from_iter, copy_to_iter } from "../mm/iov_iter";

/** The part of `left` bytes at a position that lies in one page. Unit: bytes. */
function in_page(pos: i64, left: u64): usize {
  return <usize>min<u64>(left, PAGE_SIZE - <u64>(pos & (PAGE_SIZE - 1)));
}

/** Number of the page that a position lies in. */
function page_index(pos: i64): u32 {
  return <u32>(pos >> PAGE_SHIFT);
}

/** Where a position lies in its page. */
function page_offset(pos: i64): usize {
  return (<usize>pos) & (PAGE_SIZE - 1);
}

/** Reads bytes of one page. @returns how many; -ENOMEM, -EFAULT if it was none. */
function read_page(inode: Inode, pos: i64, bytes: usize, iter: IovIter): i64 {
  let index = page_index(pos);
  let page = get_page_read(inode, index);
  if (!page) return -Errno.ENOMEM;
  let copied = copy_to_iter(page + page_offset(pos), bytes, iter);
  put_page_read(inode, index, page);
  return copied ? <i64>copied : -Errno.EFAULT;
}

/**
 * Reads from a regular file at the walk's position.
 *
 * @returns  bytes; 0 at the end; -ENOMEM, -EFAULT if nothing could be read.
 * @kernel generic_file_read_iter(), mm/filemap.c
 */
export function generic_file_read_iter(file: File, iter: IovIter): i64 {
  let inode = file_inode(file);
  enter(Tp.generic_file_read_iter, changetype<usize>(inode), <usize>iter.count, 0);
  let start = iter.pos;
  while (iter.count && iter.pos < inode.i_size) {
    let bytes = in_page(iter.pos, min<u64>(iter.count, inode.i_size - iter.pos));
    let copied = read_page(inode, iter.pos, bytes, iter);
    if (copied < 0) return leave(iter.pos > start ? iter.pos - start : copied);
    iter.pos += copied;
    if (<usize>copied < bytes) break;
  }
  return leave(iter.pos - start);
}

/** Writes bytes of one page. @returns how many; -ENOMEM, -EFAULT if it was none. */
function write_page(inode: Inode, pos: i64, bytes: usize, iter: IovIter): i64 {
  let page = get_page_write(inode, page_index(pos));
  if (!page) return -Errno.ENOMEM;
  let copied = copy_from_iter(page + page_offset(pos), bytes, iter);
  return copied ? <i64>copied : -Errno.EFAULT;
}

/**
 * Writes to a regular file at the walk's position, or at the end if it was opened to append.
 *
 * @returns  bytes; -EFBIG, -ENOMEM, -EFAULT if nothing could be written.
 * @kernel generic_file_write_iter(), mm/filemap.c
 */
export function generic_file_write_iter(file: File, iter: IovIter): i64 {
  let inode = file_inode(file);
  enter(Tp.generic_file_write_iter, changetype<usize>(inode), <usize>iter.count, 0);
  if (!iter.count) return leave<i64>(0);
  if (file.f_flags & OpenFlags.APPEND) iter.pos = inode.i_size;
  let start = iter.pos;
  if (start >= MAX_FILE_SIZE) return leave<i64>(-Errno.EFBIG);
  let left = min<u64>(iter.count, MAX_FILE_SIZE - start);
  while (left) {
    let bytes = in_page(iter.pos, left);
    let copied = write_page(inode, iter.pos, bytes, iter);
    if (copied < 0) return leave(iter.pos > start ? iter.pos - start : copied);
    iter.pos += copied;
    left -= copied;
    inode.i_size = max(inode.i_size, iter.pos);
    if (<usize>copied < bytes) break;
  }
  return leave(iter.pos - start);
}
