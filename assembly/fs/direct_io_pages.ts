import {
  CacheType,
  Folio,
  PAGE_SIZE,
  PageFlags,
  compound_head,
  virt_to_folio,
  virt_to_page,
} from "../include/mm_types";
import { Errno } from "../include/errno";
import { Inode } from "../include/inode";
import { IomapDio } from "../include/iomap";
import { IovIter } from "../include/uio";
import { SLEEPING } from "../include/sched";
import { aio_state } from "./aio_kiocb";
import { folio_mark_dirty } from "../mm/page_writeback";
import { get_page, put_page } from "../mm/page_alloc";
import { ihold } from "./inode";
import { inode_dio_end } from "../mm/inode_lock";
import { init_waitqueue_head } from "../kernel/wait";
import { iov_iter_advance, next_segment, user_backed_iter } from "../mm/iov_iter";
import { iput } from "./flatfs_inode";
import { kfree, kmalloc, kmem_cache_alloc, kmem_cache_create, kmem_cache_free } from "../mm/slab";
import { pin_user_page } from "../mm/gup";

/*
 * The pages of a transfer past the page cache. A program's buffers are walked along twice: to pin the pages, and to give
 * them to the disk. Both times the walk stops at the ends of pages and of buffers.
 */

/** Room for so many pages is made first. */
const FIRST_PAGES: u32 = 16;

/** Makes the cache of transfers. */
export function dio_init(): void {
  let size = ((offsetof<IomapDio>() + 7) & ~7) + offsetof<IovIter>();
  aio_state().dio_cachep = kmem_cache_create(CacheType.IomapDio, size, 8);
}

/** A transfer that has not begun; null if memory is exhausted. */
export function dio_alloc(inode: Inode, iter: IovIter): IomapDio | null {
  let at = kmem_cache_alloc(aio_state().dio_cachep);
  if (!at) return null;
  memory.fill(at, 0, offsetof<IomapDio>());
  let dio = changetype<IomapDio>(at);
  dio.iter = iter;
  dio.inode = ihold(inode);
  inode.i_dio_count++;
  dio.pos = iter.pos;
  dio.i_size = inode.i_size;
  dio.ref = 1;
  init_waitqueue_head(dio.wait);
  dio_restart(dio);
  return dio;
}

/** The transfer's own walk goes back to where the call's is. */
export function dio_restart(dio: IomapDio): void {
  memory.copy(changetype<usize>(dio.walk), changetype<usize>(dio.iter), offsetof<IovIter>());
  dio.next_page = 0;
}

/** What of the walk's buffer lies in one page. Unit: bytes. */
function piece_length(walk: IovIter): u32 {
  next_segment(walk);
  return <u32>min<u64>(walk.segment_left, PAGE_SIZE - ((<usize>walk.base) & (PAGE_SIZE - 1)));
}

/** Makes room for one page more. @returns whether there is memory for that. */
function grow(dio: IomapDio): bool {
  if (dio.nr_pages < dio.max_pages) return true;
  let most = max(dio.max_pages << 1, FIRST_PAGES);
  let table = kmalloc((<usize>most) << 2);
  if (!table) return false;
  memory.copy(table, dio.pages, (<usize>dio.nr_pages) << 2);
  kfree(dio.pages);
  dio.pages = table;
  dio.max_pages = most;
  return true;
}

/** Takes a reference to the frame of the page that the walk is in. @returns its address; -EFAULT; SLEEPING. */
function pin(dio: IomapDio): i64 {
  let walk = dio.walk;
  if (user_backed_iter(walk)) return pin_user_page(walk.base, !dio.write);
  let frame = (<usize>walk.base) & ~(PAGE_SIZE - 1);
  get_page(compound_head(virt_to_page(frame)));
  return frame;
}

/**
 * Pins the pages of all buffers. If some cannot be had, those in front of them are moved all the same, and the error is
 * told then.
 *
 * @returns  0; -EFAULT if not even the first can be had; -ENOMEM; SLEEPING: to be called again, from the beginning.
 */
export function dio_pin(dio: IomapDio): i64 {
  let walk = dio.walk;
  while (walk.count) {
    let length = piece_length(walk);
    let frame = grow(dio) ? pin(dio) : -Errno.ENOMEM;
    if (frame == SLEEPING) return frame;
    if (frame < 0) {
      if (!dio.nr_pages) return frame;
      dio.error = <i32>frame;
      // Half a sector in front of the fault cannot be moved.
      dio.size &= ~511;
      break;
    }
    store<usize>(dio.pages + ((<usize>dio.nr_pages) << 2), <usize>frame);
    dio.nr_pages++;
    dio.size += length;
    iov_iter_advance(walk, length);
  }
  return 0;
}

/** The next piece of memory, which begins at IomapDio.address. @returns its length, `most` at most. */
export function dio_piece(dio: IomapDio, most: u32): u32 {
  let walk = dio.walk;
  let length = min(piece_length(walk), most);
  let within = (<usize>walk.base) & (PAGE_SIZE - 1);
  dio.address = load<usize>(dio.pages + ((<usize>dio.next_page) << 2)) + within;
  return length;
}

/** The walk goes on behind a piece, or behind its beginning. Unit: bytes. */
export function dio_advance(dio: IomapDio, length: u32): void {
  if (length == piece_length(dio.walk)) dio.next_page++;
  iov_iter_advance(dio.walk, length);
}

/** A page that the disk has stored into is no longer what its file holds on the disk. @kernel bio_set_pages_dirty() */
function mark_dirty(frame: usize): void {
  let folio: Folio = virt_to_folio(frame);
  if (folio.mapping && !(folio.flags & PageFlags.ANON)) folio_mark_dirty(folio);
}

/** Lets the pages go, and frees the transfer. */
export function dio_free(dio: IomapDio): void {
  for (let i: u32 = 0; i < dio.nr_pages; i++) {
    let frame = load<usize>(dio.pages + ((<usize>i) << 2));
    if (!dio.write && user_backed_iter(dio.iter)) mark_dirty(frame);
    put_page(compound_head(virt_to_page(frame)));
  }
  kfree(dio.pages);
  inode_dio_end(dio.inode);
  iput(dio.inode);
  kmem_cache_free(aio_state().dio_cachep, changetype<usize>(dio));
}
