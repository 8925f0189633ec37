import { ListHead } from "./list";
import { TaskStruct } from "./sched";
import { WaitQueueHead } from "./wait";
import { kernel } from "./kernel";

/** The lists that folios of files are on. @kernel enum lru_list, include/linux/mmzone.h */
export enum LruList {
  INACTIVE_FILE = 0,
  ACTIVE_FILE = 1,
}

/** How many folios are taken off a list at once. @kernel SWAP_CLUSTER_MAX, include/linux/swap.h */
export const SWAP_CLUSTER_MAX: u32 = 32;

/**
 * Which folios of files have been used of late, and who takes away those that have not:
 *
 *   new --> head [ inactive ] tail --> taken away; a shadow stays in its place
 *              |      ^
 *   used twice v      | not used for long
 *           head [ active ] tail
 *
 * @kernel struct pglist_data, struct lruvec, include/linux/mmzone.h
 */
@unmanaged
export class PgData {
  // struct list_head inactive_file
  inactive_file_next: ListHead;
  inactive_file_prev: ListHead;
  // struct list_head active_file
  active_file_next: ListHead;
  active_file_prev: ListHead;
  /** Number of folios on the inactive list. */
  nr_inactive_file: u32;
  /** Number of folios on the active list. */
  nr_active_file: u32;
  /** Folios taken away or made active since boot: the clock by which shadows tell how long a folio was gone. */
  nonresident_age: u32;
  /** VmStat.workingset_activate_file as it was when memory was last looked for. */
  refaults: u32;
  /** Number of shadows in the page cache of all files. */
  nr_shadows: u32;
  /** Below so many free frames, who wants one has to look for some first. */
  watermark_min: u32;
  /** Below so many free frames, kswapd is woken. */
  watermark_low: u32;
  /** With so many free frames, kswapd goes to sleep. */
  watermark_high: u32;
  /** 1 while somebody looks for memory, so that it is not looked for inside itself. @kernel PF_MEMALLOC */
  reclaiming: u32;
  /** The thread that looks for memory before it runs out; null: it was not needed yet. */
  kswapd: TaskStruct | null;
  // struct wait_queue_head kswapd_wait
  kswapd_wait_head_next: ListHead;
  kswapd_wait_head_prev: ListHead;
  /** How hard kswapd looks: 2^-priority of the lists at a time. */
  kswapd_priority: u32;
  /** () => void: forgets shadows that are too old to be of use. An index into the function table. */
  shrink_shadows: u32;

  /** Folios that were used once: the one at the end is taken away next. Folio.lru of each. */
  @embed @inline get inactive_file(): ListHead {
    return changetype<ListHead>(changetype<usize>(this) + offsetof<PgData>("inactive_file_next"));
  }
  /** Folios that were used several times: Folio.lru of each. */
  @embed @inline get active_file(): ListHead {
    return changetype<ListHead>(changetype<usize>(this) + offsetof<PgData>("active_file_next"));
  }
  /** kswapd sleeps here. */
  @embed @inline get kswapd_wait(): WaitQueueHead {
    return changetype<WaitQueueHead>(changetype<usize>(this) + offsetof<PgData>("kswapd_wait_head_next"));
  }
}

/** What happened to memory since boot, and how much of it is what. @kernel /proc/vmstat, mm/vmstat.c */
@unmanaged
export class VmStat {
  /** Folios that hold what the disk does not. */
  nr_dirty: u32;
  /** Folios that are being written to the disk. */
  nr_writeback: u32;
  /** Times that a folio became dirty. */
  nr_dirtied: u32;
  /** Folios that were written to the disk. */
  nr_written: u32;
  /** Folios that became active. */
  pgactivate: u32;
  /** Folios that became inactive again. */
  pgdeactivate: u32;
  /** Inactive folios that kswapd looked at. */
  pgscan_kswapd: u32;
  /** Inactive folios that others looked at who wanted memory. */
  pgscan_direct: u32;
  /** Folios that kswapd took away. */
  pgsteal_kswapd: u32;
  /** Folios that others took away who wanted memory. */
  pgsteal_direct: u32;
  /** Times that kswapd was woken. */
  pageoutrun: u32;
  /** Times that somebody who wanted memory had to look for some. */
  allocstall: u32;
  /** Folios that were dirty when they were to be taken away, and are taken away once they are written. */
  nr_vmscan_immediate_reclaim: u32;
  /** Folios that came back after they had been taken away. */
  workingset_refault_file: u32;
  /** Those of them that became active at once, because they had not been gone for long. */
  workingset_activate_file: u32;
  /** Those of them that had been active before. */
  workingset_restore_file: u32;
  /** Times that a task that writes was paused. */
  balance_dirty_pauses: u32;
}

/** The lists of folios. @kernel NODE_DATA(0), include/linux/mmzone.h */
export function pgdat(): PgData {
  return changetype<PgData>(kernel.pgdat);
}
