import { Errno } from "../include/errno";
import { File, FileKind, FileOperations } from "../include/fs";
import { IovIter } from "../include/uio";
import { PAGE_SIZE, page_address } from "../include/mm_types";
import { StatMode } from "../include/stat";
import { alloc_fops, fs_state } from "./internal";
import { alloc_pages, free_page } from "../mm/page_alloc";
import { copy_to_iter } from "../mm/iov_iter";
import { copy_splice_read } from "./splice_read";
import { splice_write_null } from "./splice_write";
import { kfree, kmalloc } from "../mm/slab";
import { new_inode } from "./flatfs_inode";
import { release_inode } from "./flatfs";

/*
 * /dev/null and /dev/zero: devices without a device behind them. They cannot be waited for.
 */

/** Numbers of devices: 256 times the number of the driver, and which of its devices it is. */
const NULL_DEVICE: u32 = 0x103;
const ZERO_DEVICE: u32 = 0x105;
/** Everybody may read and write. */
const MODE_ALL: u32 = 0o666;
/** `/dev/nul`, `/dev/zer` and the letters behind them. */
const DEV_NUL: u64 = 0x6c75_6e2f_7665_642f;
const DEV_ZER: u64 = 0x7265_7a2f_7665_642f;
const LETTER_L: u8 = 0x6c;
const LETTER_O: u8 = 0x6f;

/** Makes the devices, and their names. */
export function chr_dev_init(): void {
  let state = fs_state();
  let nothing = alloc_fops(FileKind.DEVICE);
  nothing.read_iter = read_iter_null.index;
  nothing.write_iter = write_iter_null.index;
  nothing.llseek = null_lseek.index;
  nothing.splice_write = splice_write_null.index;
  nothing.release = release_inode.index;
  state.null_fops = nothing;
  let zero = alloc_fops(FileKind.DEVICE);
  zero.read_iter = read_iter_zero.index;
  zero.write_iter = write_iter_null.index;
  zero.llseek = null_lseek.index;
  zero.splice_read = copy_splice_read.index;
  zero.splice_write = splice_write_null.index;
  zero.release = release_inode.index;
  state.zero_fops = zero;
  make_node(DEV_NUL, LETTER_L, NULL_DEVICE);
  make_node(DEV_ZER, LETTER_O, ZERO_DEVICE);
}

/** Makes the name of a device: eight letters and one more. */
function make_node(letters: u64, last: u8, rdev: u32): void {
  let name = kmalloc(16);
  store<u64>(name, letters);
  store<u8>(name, last, 8);
  let inode = new_inode(name, 9, StatMode.IFCHR | MODE_ALL)!;
  inode.i_rdev = rdev;
  kfree(name);
}

/** The operations of a device; null if there is no such device. */
export function device_fops(rdev: u32): FileOperations | null {
  let state = fs_state();
  if (rdev == NULL_DEVICE) return state.null_fops;
  return rdev == ZERO_DEVICE ? state.zero_fops : null;
}

/** There is never anything to read. @kernel read_iter_null(), drivers/char/mem.c */
function read_iter_null(file: File, iter: IovIter): i64 {
  return 0;
}

/** Whatever is written is gone. @kernel write_iter_null(), drivers/char/mem.c */
function write_iter_null(file: File, iter: IovIter): i64 {
  return iter.count;
}

/** Zeros without end. @kernel read_iter_zero(), drivers/char/mem.c */
function read_iter_zero(file: File, iter: IovIter): i64 {
  if (!iter.count) return 0;
  let page = alloc_pages(0);
  if (!page) return -Errno.ENOMEM;
  let zeros = page_address(page);
  memory.fill(zeros, 0, PAGE_SIZE);
  let done: i64 = 0;
  while (iter.count) {
    let bytes = <usize>min<u64>(iter.count, PAGE_SIZE);
    let copied = copy_to_iter(zeros, bytes, iter);
    done += copied;
    if (copied < bytes) break;
  }
  free_page(zeros);
  return done ? done : -Errno.EFAULT;
}

/** The position is always the beginning. @kernel null_lseek(), drivers/char/mem.c */
function null_lseek(file: File, offset: i64, whence: u32): i64 {
  return (file.f_pos = 0);
}
