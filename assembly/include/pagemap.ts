import { Inode } from "./inode";
import { ListHead } from "./list";
import { WaitQueueHead } from "./wait";
import { XArray, XaMark, XaNode } from "./xarray_types";

/*
 * The page cache: for each file the folios that hold pages of it, by number.
 *
 *   Inode.i_mapping (AddressSpace)
 *        |  i_pages             0        1        2        5
 *        +-------> XArray: | folio  | folio  | folio  | shadow |     shadow: when the page was taken away (bit 0 set)
 *        |                     |
 *        |                     v
 *        |                 Folio: flags, mapping, index ... and its frame of 4 KiB
 *        |  i_mmap
 *        +-------> the areas of programs that show the file: VmAreaStruct.shared of each
 */

/**
 * What the page cache asks of a file system: a table of functions, each an index into the function table; 0: cannot. The
 * functions must have exactly these types:
 *
 *   read_folios   (mapping: AddressSpace, index: u32, count: u32): i32
 *   write_begin   (mapping: AddressSpace, index: u32): i32
 *   writepages    (mapping: AddressSpace, from: u32, to: u32, sync: bool): i32
 *   direct_IO     (file: File, iter: IovIter): i64
 *
 * @kernel struct address_space_operations, include/linux/fs.h
 */
@unmanaged
export class AddressSpaceOperations {
  /**
   * (mapping, index, count) => 0: `count` folios from `index` on, which are in the cache and locked, are being read.
   * Each is unlocked when that is over; it is UPTODATE then, or could not be read.
   */
  read_folios: u32;
  /** (mapping, index) => 0 or -errno: a page is going to be written to, and gets a place on the disk. */
  write_begin: u32;
  /** (mapping, from, to, sync) => 0 or -errno: the dirty folios from one to another (included) are being written. */
  writepages: u32;
  /** (file, iter) => bytes moved between the disk and the program without the page cache, or -errno. */
  direct_IO: u32;
}

/** What of a file lies in the page cache. @kernel struct address_space, include/linux/fs.h */
@unmanaged
export class AddressSpace {
  /** The file. */
  host: Inode;
  // struct xarray i_pages
  i_pages_head: XaNode | null;
  /** Number of folios in it. */
  nrpages: u32;
  /** What the file system does with it; null: it has no pages. */
  a_ops: AddressSpaceOperations | null;
  // struct list_head i_mmap
  i_mmap_next: ListHead;
  i_mmap_prev: ListHead;
  /** The last error of writing it to the disk, and how many there were: an errseq_t. */
  wb_err: u32;
  /** Where the next round of writing begins. Unit: pages. */
  writeback_index: u32;

  /** The folios by number of the page: addresses of struct Folio; values with bit 0 set tell when one was taken away. */
  @embed @inline get i_pages(): XArray {
    return changetype<XArray>(changetype<usize>(this) + offsetof<AddressSpace>("i_pages_head"));
  }
  /** The areas of programs that show it: VmAreaStruct.shared of each. */
  @embed @inline get i_mmap(): ListHead {
    return changetype<ListHead>(changetype<usize>(this) + offsetof<AddressSpace>("i_mmap_next"));
  }
}

/**
 * What is read of a file ahead of its reader: the last window, and where in it the next one is begun.
 *
 *     |<----- async_size ----->|
 *     |------------------- size ------------------->|
 *     ^ start            ^ the first page that starts the next window: marked READAHEAD
 *
 * @kernel struct file_ra_state, include/linux/fs.h
 */
@unmanaged
export class FileRaState {
  /** First page of the window. Unit: pages. */
  start: u32;
  /** Its size. Unit: pages. */
  size: u32;
  /** The next window is begun when so many pages of this one are left. Unit: pages. */
  async_size: u32;
  /** Greatest size of a window; 0: nothing is read ahead. Unit: pages. */
  ra_pages: u32;
  /** Faults of mappings that found nothing, less those that did. */
  mmap_miss: u32;
  /** 1 if it is read here and there, so that nothing is read ahead: FADV_RANDOM. @kernel FMODE_RANDOM */
  random: u32;
  /** Where the last read ended; -1: there was none. Unit: bytes. */
  prev_pos: i64;
}

/** Mark of the folios that are dirty. @kernel include/linux/fs.h */
export const PAGECACHE_TAG_DIRTY: XaMark = XaMark.MARK_0;
/** Mark of the folios that are being written to the disk. @kernel include/linux/fs.h */
export const PAGECACHE_TAG_WRITEBACK: XaMark = XaMark.MARK_1;

/** Number of wait queues that all folios share. */
export const PAGE_WAIT_TABLE_SIZE: u32 = 64;

/** The page cache of the machine. */
@unmanaged
export class PageCache {
  /** Who waits for folios: an array of PAGE_WAIT_TABLE_SIZE struct WaitQueueHead, found by the folio's address. */
  folio_wait_table: WaitQueueHead;
  /** Greatest read-ahead window of files that are opened from now on. Unit: pages. */
  ra_pages: u32;
  /** Number of folios in the page cache of all files. @kernel NR_FILE_PAGES */
  nr_file_pages: u32;
}

/** Greatest read-ahead window unless the machine is booted with another: 128 KiB. Unit: pages. @kernel VM_READAHEAD_PAGES */
export const VM_READAHEAD_PAGES: u32 = 32;
