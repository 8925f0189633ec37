import type { KernelObjectOf } from "./base.ts";

/** A page of a file in the page cache; or several, one after the other, of which there is the same to say. */
export interface FolioObject extends KernelObjectOf<"Folio"> {
  /** Address of the Inode. */
  readonly inode: number;
  /** Which page of the file. */
  readonly index: number;
  /** Number of pages that it stands for: more than 1 in files with many pages. */
  readonly count: number;
  /** What it is: `UPTODATE|DIRTY|LRU`. */
  readonly flags: string;
  /** References to each page: that of the page cache, and those of its users. */
  readonly refcount: number;
  /** Number of page table entries that map each page. */
  readonly mapcount: number;
  /** The list that it is reclaimed from; empty: none. */
  readonly lru: "active" | "inactive" | "";
}

/** What is read of an open file ahead of its reader. */
export interface ReadAheadView {
  /** First page of the last window. */
  readonly start: number;
  /** Pages of that window. */
  readonly size: number;
  /** The next window is begun when so many pages are left. */
  readonly async_size: number;
  /** Greatest size of a window. Unit: pages. */
  readonly ra_pages: number;
  /** Where the last read ended; -1: there was none. Unit: bytes. */
  readonly prev_pos: number;
}

/** What of a file lies in the page cache. */
export interface MappingView {
  /** Address of the AddressSpace. */
  readonly address: number;
  /** Number of pages. */
  readonly nrpages: number;
  /** Those that the disk does not have yet. */
  readonly dirty: number;
  /** Those that are being written to the disk. */
  readonly writeback: number;
  /** Places that tell when a page was taken away. */
  readonly shadows: number;
  /** Number of areas of programs that show it. */
  readonly areas: number;
}
