import { NSEC_PER_MSEC } from "../include/time";
import { TaskState } from "../include/sched";
import { Tp, enter, leave } from "../include/trace";
import { WbReason, bdi_writeback } from "../include/writeback";
import { current, schedule_hrtimeout } from "../kernel/sched";
import { kernel } from "../include/kernel";
import { ktime_get } from "../kernel/time";
import { nr_free_pages } from "./page_alloc";
import { pgdat } from "../include/mmzone";

/*
 * How much may be dirty. Between nothing and `freerun` nobody is disturbed; from `background` on the flusher writes; from
 * `freerun` on who makes folios dirty is paused, the longer the nearer `thresh` is; at `thresh` until there is less.
 *
 *   0 ----------- background ----- freerun ----------- thresh
 *                 |<-- flusher writes ------------------->
 *                                  |<-- pauses ---------->
 *
 * Differs from Linux: a pause comes from how much is dirty alone, not from how fast the disk was found to be.
 */

/** So many folios a task makes dirty between two looks at the whole. @kernel ratelimit_pages, mm/page-writeback.c */
const RATELIMIT_PAGES: u32 = 32;
/** The longest pause. Unit: ns. @kernel MAX_PAUSE, mm/page-writeback.c */
const MAX_PAUSE: u64 = 200 * NSEC_PER_MSEC;

/** How much of the memory can become dirty: what is free, and what files have. @kernel global_dirtyable_memory() */
export function global_dirtyable_memory(): u32 {
  return nr_free_pages() + pgdat().nr_inactive_file + pgdat().nr_active_file;
}

/** From so many dirty folios on, who makes more has to wait. @kernel domain_dirty_limits(), mm/page-writeback.c */
export function dirty_thresh(): u32 {
  return <u32>((<u64>global_dirtyable_memory() * bdi_writeback().dirty_ratio) / 100);
}

/** From so many dirty folios on, the flusher writes. @kernel domain_dirty_limits(), mm/page-writeback.c */
export function background_thresh(): u32 {
  let background = <u32>((<u64>global_dirtyable_memory() * bdi_writeback().dirty_background_ratio) / 100);
  let thresh = dirty_thresh();
  return background >= thresh ? thresh >> 1 : background;
}

/** Folios that are dirty or on their way to the disk. */
function nr_not_clean(): u32 {
  return kernel.vmstat.nr_dirty + kernel.vmstat.nr_writeback;
}

/** True if the flusher has to write. @kernel wb_over_bg_thresh(), mm/page-writeback.c */
export function wb_over_bg_thresh(): bool {
  return kernel.vmstat.nr_dirty > background_thresh();
}

/**
 * Who makes folios dirty asks before each one whether there are too many.
 *
 * @returns  0; SLEEPING: the call is to be made again after a pause.
 * @kernel balance_dirty_pages_ratelimited(), mm/page-writeback.c
 */
export function balance_dirty_pages(): i64 {
  let task = kernel.cpu.curr;
  if (!task || (task.nr_dirtied < RATELIMIT_PAGES && !task.dirty_exceeded)) return 0;
  task.nr_dirtied = 0;
  if (nr_not_clean() <= background_thresh()) {
    task.dirty_exceeded = 0;
    return 0;
  }
  return balance();
}

/** Wakes the flusher, and pauses the task that runs if need be. @kernel balance_dirty_pages(), mm/page-writeback.c */
function balance(): i64 {
  let thresh = dirty_thresh();
  let dirty = nr_not_clean();
  let freerun = (background_thresh() + thresh) >> 1;
  enter(Tp.balance_dirty_pages, dirty, freerun, thresh);
  call_indirect<void>(bdi_writeback().wakeup_flusher, <u32>WbReason.BACKGROUND);
  let task = current();
  let paused = task.dirty_exceeded;
  task.dirty_exceeded = dirty >= thresh ? 1 : 0;
  // One pause is enough while there is room.
  if (dirty <= freerun || (paused && dirty < thresh)) return leave<i64>(0);
  let pause = dirty >= thresh ? MAX_PAUSE : (MAX_PAUSE * (dirty - freerun)) / (thresh - freerun);
  kernel.vmstat.balance_dirty_pauses++;
  task.state = TaskState.UNINTERRUPTIBLE;
  return leave(schedule_hrtimeout(ktime_get() + pause));
}
