import { CpuContext, TaskState } from "../include/sched";
import { NSEC_PER_MSEC } from "../include/time";
import { PgData, VmStat, pgdat } from "../include/mmzone";
import { Tp, enter, leave } from "../include/trace";
import { busy_of, reclaimed_of, shrink_lruvec } from "./vmscan_shrink";
import { WbReason, bdi_writeback } from "../include/writeback";
import { blk_poll } from "../block/blk_core";
import { init_waitqueue_head, prepare_to_wait, wake_up, waitqueue_active } from "../kernel/wait";
import { nr_free_pages, total_pages } from "./page_alloc";
import { kernel } from "../include/kernel";
import { kthread_run, schedule_deferrable } from "../kernel/kthread";
import { ktime_get } from "../kernel/time";
import { kzalloc } from "./slab";
import { schedule } from "../kernel/sched";

/*
 * Where memory comes from when there is none left: folios of files that the disk has as well. Only on a machine whose
 * memory has a ceiling, and only once it has grown up to that.
 *
 *   free frames:  ... high ........ low ........ min ........ 0
 *                      ^             ^            ^
 *            kswapd sleeps  kswapd is woken   who wants a frame looks himself
 *
 * Differs from Linux: what is left below `min` is for all, so -ENOMEM comes when nothing is left. Programs' own pages stay:
 * there is nowhere to put them.
 */

/** How hard it is looked first: 2^-12 of the lists at a time. @kernel DEF_PRIORITY, include/linux/mmzone.h */
const DEF_PRIORITY: u32 = 12;
/** How long kswapd sleeps when all that it finds is being written. Unit: ns. @kernel reclaim_throttle(), mm/vmscan.c */
const THROTTLE: u64 = 100 * NSEC_PER_MSEC;
/** "kswapd0", as a number. */
const KSWAPD_NAME: u64 = 0x0030_6470_6177_736b;
/** For so many rounds of waiting for the disk nothing may come of it, before it is given up. */
const MAX_RECLAIM_RETRIES: u32 = 16;

/** Makes the empty lists. @kernel pgdat_init(), mm/mm_init.c */
export function vmscan_init(): void {
  kernel.vmstat = changetype<VmStat>(kzalloc(offsetof<VmStat>()));
  kernel.pgdat = kzalloc(offsetof<PgData>());
  let node = pgdat();
  node.inactive_file.init();
  node.active_file.init();
  init_waitqueue_head(node.kswapd_wait);
  if (kernel.memory_limit) init_watermarks(node);
}

/** From how many free frames on memory is looked for. @kernel setup_per_zone_wmarks(), mm/page_alloc.c */
function init_watermarks(node: PgData): void {
  let total = total_pages();
  // The square root of 16 times the memory, both in KiB.
  node.watermark_min = (<u32>sqrt<f64>(<f64>total * 64)) >> 2;
  let distance = max(node.watermark_min >> 2, total / 1000);
  node.watermark_low = node.watermark_min + distance;
  node.watermark_high = node.watermark_low + distance;
  kernel.zone.watermark_low = node.watermark_low;
  kernel.zone.reclaim = out_of_frames.index;
}

/**
 * Few frames are free, and the memory can grow no more: Zone.reclaim.
 *
 * @param none  true if no block of that order is left.
 * @returns     whether frames were made free.
 * @kernel __alloc_pages_slowpath(), mm/page_alloc.c
 */
function out_of_frames(order: u32, none: bool): bool {
  let node = pgdat();
  if (node.reclaiming || !(node.nr_inactive_file + node.nr_active_file)) return false;
  wakeup_kswapd(node);
  if (!none && nr_free_pages() >= node.watermark_min) return false;
  let context = kernel.cpu.context;
  // An interrupt, and the world outside, cannot wait for the disk: they take what is clean when nothing is left.
  let may_wait = context == CpuContext.SYSCALL || context == CpuContext.KTHREAD;
  if (!may_wait && !none) return false;
  return try_to_free_pages(node, order, may_wait) > 0;
}

/**
 * Looks for memory at once.
 *
 * @returns  number of frames that became free. @kernel try_to_free_pages(), mm/vmscan.c
 */
function try_to_free_pages(node: PgData, order: u32, may_wait: bool): u32 {
  enter(Tp.try_to_free_pages, order, nr_free_pages(), may_wait ? 1 : 0);
  node.reclaiming = 1;
  kernel.vmstat.allocstall++;
  let reclaimed: u32 = 0;
  for (let round: u32 = 0; !reclaimed && round < MAX_RECLAIM_RETRIES; round++) {
    let busy: u32 = 0;
    for (let priority = <i32>DEF_PRIORITY; priority >= 0 && !reclaimed; priority--) {
      let result = shrink_lruvec(node, priority, round > 0, may_wait);
      reclaimed += reclaimed_of(result);
      busy += busy_of(result);
    }
    if (reclaimed || !may_wait || !busy || !blk_poll()) break;
  }
  node.refaults = kernel.vmstat.workingset_activate_file;
  node.reclaiming = 0;
  return leave(reclaimed);
}

/** kswapd is to look for memory. It is made when it is needed first. @kernel wakeup_kswapd(), mm/vmscan.c */
function wakeup_kswapd(node: PgData): void {
  if (!node.kswapd) {
    // Making it takes memory, of which there is little: it must not be asked for inside itself.
    node.reclaiming = 1;
    node.kswapd = kthread_run(kswapd.index, changetype<usize>(node), KSWAPD_NAME);
    node.reclaiming = 0;
    node.kswapd_priority = DEF_PRIORITY;
    kernel.vmstat.pageoutrun++;
  } else if (waitqueue_active(node.kswapd_wait)) {
    enter(Tp.wakeup_kswapd, nr_free_pages(), 0, 0);
    kernel.vmstat.pageoutrun++;
    wake_up(node.kswapd_wait);
    leave(0);
  }
}

/** kswapd goes to sleep until it is woken. */
function kswapd_sleep(node: PgData): i64 {
  node.kswapd_priority = DEF_PRIORITY;
  node.refaults = kernel.vmstat.workingset_activate_file;
  prepare_to_wait(node.kswapd_wait, TaskState.INTERRUPTIBLE);
  return schedule();
}

/** The kernel thread that looks for memory before there is none. @kernel kswapd(), balance_pgdat(), mm/vmscan.c */
function kswapd(data: usize): i64 {
  let node = changetype<PgData>(data);
  enter(Tp.kswapd, nr_free_pages(), node.watermark_high, node.kswapd_priority);
  // Who looks by himself does so inside one call: it is never met here.
  node.reclaiming = 1;
  if (node.nr_shadows > total_pages() * 2) call_indirect<void>(node.shrink_shadows);
  let result = nr_free_pages() >= node.watermark_high ? kswapd_sleep(node) : balance_pgdat(node);
  node.reclaiming = 0;
  return leave(result);
}

/** One round of looking for memory. @returns 0 to be called again; SLEEPING. @kernel balance_pgdat(), mm/vmscan.c */
function balance_pgdat(node: PgData): i64 {
  let result = shrink_lruvec(node, node.kswapd_priority, false, false);
  if (reclaimed_of(result)) {
    node.kswapd_priority = DEF_PRIORITY;
    return 0;
  }
  if (node.kswapd_priority) {
    node.kswapd_priority--;
    return 0;
  }
  if (!busy_of(result)) return kswapd_sleep(node);
  // All that is left is dirty or being written.
  call_indirect<void>(bdi_writeback().wakeup_flusher, <u32>WbReason.VMSCAN);
  node.kswapd_priority = DEF_PRIORITY;
  return schedule_deferrable(ktime_get() + THROTTLE);
}
