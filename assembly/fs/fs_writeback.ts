import { BdiWriteback, InodeState, WbReason, bdi_writeback } from "../include/writeback";
import { HrtimerKind, NSEC_PER_MSEC } from "../include/time";
import { Inode } from "../include/inode";
import { PAGECACHE_TAG_DIRTY } from "../include/pagemap";
import { TaskState } from "../include/sched";
import { Tp, enter, leave, trace } from "../include/trace";
import { do_writepages } from "../mm/page_writeback";
import { hrtimer_init, hrtimer_start, ktime_get } from "../kernel/time";
import { init_waitqueue_head, prepare_to_wait, wake_up } from "../kernel/wait";
import { kernel } from "../include/kernel";
import { kthread_run } from "../kernel/kthread";
import { kzalloc } from "../mm/slab";
import { schedule } from "../kernel/sched";
import { wb_over_bg_thresh } from "../mm/page_writeback_balance";
import { xa_find_marked, xa_marked } from "../lib/xarray";

/*
 * Writing back: a file with dirty folios is on BdiWriteback.b_dirty. The flusher, a kernel thread, writes files from its
 * end, which are dirty for longest:
 *
 *   every 5 s     those that have been dirty for 30 s
 *   when woken    all, until little enough is dirty; or all, if memory is looked for
 *
 * Nobody waits for its next round: a machine on which nothing else is to come counts as idle, with its files dirty.
 */

/** Centiseconds, the unit of the intervals. Unit: ns. */
const CENTISECOND: u64 = 10 * NSEC_PER_MSEC;
/** Greatest number of pages that are written of one file before it is looked again what to do. @kernel fs/fs-writeback.c */
const MAX_WRITEBACK_PAGES: u32 = 1024;
/** "flush-0", as a number. */
const FLUSHER_NAME: u64 = 0x0030_2d68_7375_6c66;

/** Makes the empty list of files to be written back. @kernel wb_init(), mm/backing-dev.c */
export function writeback_init(): void {
  kernel.wb = kzalloc(offsetof<BdiWriteback>());
  let wb = bdi_writeback();
  wb.b_dirty.init();
  wb.b_writeback.init();
  init_waitqueue_head(wb.wait);
  hrtimer_init(wb.dwork, wb_timer.index);
  wb.mark_inode_dirty = __mark_inode_dirty.index;
  wb.wakeup_flusher = wakeup_flusher.index;
  wb.dirty_background_ratio = 10;
  wb.dirty_ratio = 20;
  wb.dirty_writeback_interval = 500;
  wb.dirty_expire_interval = 3000;
}

/** The flusher looks again after its interval. @kernel wb_wakeup_delayed(), mm/backing-dev.c */
function wb_wakeup_delayed(wb: BdiWriteback): void {
  if (wb.dwork.queued || !wb.dirty_writeback_interval) return;
  wb.dwork.kind = <u8>HrtimerKind.DEFERRABLE;
  hrtimer_start(wb.dwork, ktime_get() + wb.dirty_writeback_interval * CENTISECOND);
}

/** The interval is over. */
function wb_timer(timer: usize): void {
  let wb = bdi_writeback();
  if (!wb.b_dirty.empty) wb_wakeup(wb);
}

/** The flusher has something to do. It is made when it is needed first. @kernel wb_wakeup(), fs/fs-writeback.c */
function wb_wakeup(wb: BdiWriteback): void {
  if (!wb.task) wb.task = kthread_run(wb_workfn.index, changetype<usize>(wb), FLUSHER_NAME);
  else wake_up(wb.wait);
  if (!wb.task) wb_wakeup_delayed(wb);
}

/** Something is to be written back: BdiWriteback.wakeup_flusher. @kernel wakeup_flusher_threads(), fs/fs-writeback.c */
function wakeup_flusher(reason: WbReason): void {
  let wb = bdi_writeback();
  if (wb.b_dirty.empty) return;
  if (reason != WbReason.BACKGROUND) wb.start_all = 1;
  wb_wakeup(wb);
}

/** A file has got its first dirty folio: BdiWriteback.mark_inode_dirty. @kernel __mark_inode_dirty(), fs/fs-writeback.c */
function __mark_inode_dirty(inode: Inode): void {
  let wb = bdi_writeback();
  inode.i_state |= InodeState.DIRTY_PAGES;
  inode.i_dirtied_when = ktime_get();
  wb.b_dirty.add(inode.i_io_list);
  wb.nr_dirty_inodes++;
  wb_wakeup_delayed(wb);
  trace(Tp.__mark_inode_dirty, changetype<usize>(inode), 0, 0);
}

/** A file is not to be written back any more. @kernel inode_io_list_del(), fs/fs-writeback.c */
export function inode_io_list_del(inode: Inode): void {
  if (!(inode.i_state & InodeState.DIRTY_PAGES)) return;
  inode.i_state &= ~InodeState.DIRTY_PAGES;
  inode.i_io_list.del_init();
  bdi_writeback().nr_dirty_inodes--;
}

/** Takes a file off the list if nothing of it is dirty; else its turn comes after all others'. */
export function requeue_inode(inode: Inode): void {
  if (!xa_marked(inode.i_mapping.i_pages, PAGECACHE_TAG_DIRTY)) {
    inode_io_list_del(inode);
  } else if (inode.i_state & InodeState.DIRTY_PAGES) {
    inode.i_dirtied_when = ktime_get();
    bdi_writeback().b_dirty.move(inode.i_io_list);
  }
}

/** Writes the next dirty pages of a file. @kernel writeback_sb_inodes(), fs/fs-writeback.c */
function write_chunk(inode: Inode): void {
  let mapping = inode.i_mapping;
  let at = xa_find_marked(mapping.i_pages, mapping.writeback_index, u32.MAX_VALUE, PAGECACHE_TAG_DIRTY);
  if (at >= 0) {
    let last = <u32>min<u64>(<u64>at + (MAX_WRITEBACK_PAGES - 1), u32.MAX_VALUE);
    do_writepages(mapping, <u32>at, last, false);
    mapping.writeback_index = last + 1;
    at = last == u32.MAX_VALUE ? -1 : xa_find_marked(mapping.i_pages, last + 1, u32.MAX_VALUE, PAGECACHE_TAG_DIRTY);
  }
  if (at >= 0) return;
  mapping.writeback_index = 0;
  requeue_inode(inode);
}

/** The file that is to be written next; null: none is. @kernel wb_do_writeback(), fs/fs-writeback.c */
function next_inode(wb: BdiWriteback): Inode | null {
  if (wb.b_dirty.empty) return null;
  let inode = Inode.of_i_io_list(wb.b_dirty.prev);
  if (wb.start_all || wb_over_bg_thresh()) return inode;
  let expire = wb.dirty_expire_interval * CENTISECOND;
  return inode.i_dirtied_when + expire <= ktime_get() || inode.i_mapping.writeback_index ? inode : null;
}

/** The kernel thread that writes files back, a piece of a file at a time. @kernel wb_workfn(), fs/fs-writeback.c */
function wb_workfn(data: usize): i64 {
  let wb = changetype<BdiWriteback>(data);
  let inode = next_inode(wb);
  let dirty = kernel.vmstat.nr_dirty;
  let inodes = wb.nr_dirty_inodes;
  enter(Tp.wb_workfn, dirty, inodes, changetype<usize>(inode));
  if (inode) write_chunk(inode);
  // What cannot be written now, for want of memory or because it is being written, is tried again later.
  if (inode && (kernel.vmstat.nr_dirty < dirty || wb.nr_dirty_inodes < inodes)) return leave<i64>(0);
  wb.start_all = 0;
  if (!wb.b_dirty.empty) wb_wakeup_delayed(wb);
  prepare_to_wait(wb.wait, TaskState.INTERRUPTIBLE);
  return leave(schedule());
}
