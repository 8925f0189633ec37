import { Inode } from "./inode";
import { IovIter } from "./uio";
import { ListHead } from "./list";
import { WaitQueueHead } from "./wait";

/**
 * A transfer between a disk and a program's own pages, past the page cache. Behind it in memory lies a walk of its own
 * over the buffers.
 *
 * @kernel struct iomap_dio, fs/iomap/direct-io.c
 */
@unmanaged
export class IomapDio {
  /** The call's walk over the buffers: stays where it is until all is over. */
  iter: IovIter;
  /** The file. */
  inode: Inode;
  /** Where in the file it begins. Unit: bytes. */
  pos: i64;
  /** Size of the file when it began. Unit: bytes. */
  i_size: i64;
  /** How much is to be moved. Unit: bytes. */
  size: u64;
  /** Parts that the disk is not done with, and 1 while there may be more. */
  ref: u32;
  /** The first error, -errno; 0: none. */
  error: i32;
  /** 1 if it writes. */
  write: u32;
  /** 1 if nobody sleeps for it: the end is told by IovIter.ki_complete. */
  is_async: u32;
  /** The program's frames that the disk is given, each with a reference: an array of addresses, 4 bytes each. */
  pages: usize;
  /** Number of them. */
  nr_pages: u32;
  /** How many there is room for. */
  max_pages: u32;
  /** Which of them is given to the disk next. */
  next_page: u32;
  /** Where the next piece lies. */
  address: usize;
  // struct wait_queue_head wait
  wait_head_next: ListHead;
  wait_head_prev: ListHead;

  /** Who sleeps until it is over. */
  @embed @inline get wait(): WaitQueueHead {
    return changetype<WaitQueueHead>(changetype<usize>(this) + offsetof<IomapDio>("wait_head_next"));
  }
  /** A walk over the same buffers, which goes ahead of the call's own. */
  @inline get walk(): IovIter {
    return changetype<IovIter>(changetype<usize>(this) + ((offsetof<IomapDio>() + 7) & ~7));
  }
}
