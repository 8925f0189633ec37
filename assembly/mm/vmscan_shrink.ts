import { AddressSpace } from "../include/pagemap";
import { Folio, PageFlags } from "../include/mm_types";
import { LruList, PgData, SWAP_CLUSTER_MAX } from "../include/mmzone";
import { Tp, enter, leave } from "../include/trace";
import { do_writepages } from "./page_writeback";
import { filemap_remove_folio } from "./filemap";
import { folio_referenced, try_to_unmap } from "./rmap";
import { kernel } from "../include/kernel";
import { lru_size, lruvec_add_folio, lruvec_del_folio } from "./swap";
import { workingset_eviction } from "./workingset";

/** What has become of a folio that was looked at. @kernel enum folio_references, mm/vmscan.c */
enum Verdict {
  /** It is taken away. */
  RECLAIM,
  /** It goes around once more. */
  KEEP,
  /** It is used: it goes to the active list. */
  ACTIVATE,
  /** It is dirty or being written: it goes out of the way, and is taken away once it is written. */
  BUSY,
}

/** How many were taken away, and how many could not be because they are dirty or being written: two in one number. */
function scan_result(reclaimed: u32, busy: u32): u32 {
  return (reclaimed << 16) | min(busy, 0xffff);
}

/** How many were taken away. */
export function reclaimed_of(result: u32): u32 {
  return result >> 16;
}

/** How many are dirty or being written. */
export function busy_of(result: u32): u32 {
  return result & 0xffff;
}

/** Whether the inactive list is too short for its folios to show that they are used. @kernel inactive_is_low() */
function inactive_is_low(node: PgData): bool {
  let gigabytes = (node.nr_inactive_file + node.nr_active_file) >> 18;
  let ratio = gigabytes ? <u32>sqrt<f64>(<f64>(gigabytes * 10)) : 1;
  return node.nr_inactive_file * ratio < node.nr_active_file;
}

/** Whether a folio was used since it was looked at last. @kernel folio_check_references(), mm/vmscan.c */
function folio_check_references(folio: Folio): Verdict {
  let ptes = folio.mapcount ? folio_referenced(folio) : 0;
  let referenced = (folio.flags & PageFlags.REFERENCED) != 0;
  folio.flags &= ~PageFlags.REFERENCED;
  if (!ptes) return Verdict.RECLAIM;
  folio.flags |= PageFlags.REFERENCED;
  return referenced || ptes > 1 ? Verdict.ACTIVATE : Verdict.KEEP;
}

/** Writes a dirty folio with its dirty neighbours: only who waits for the disk does that himself. */
function pageout(folio: Folio): void {
  let first = folio.index & ~(SWAP_CLUSTER_MAX - 1);
  do_writepages(changetype<AddressSpace>(folio.mapping), first, first + SWAP_CLUSTER_MAX - 1, false);
}

/** What is to become of a folio from the end of the inactive list. @kernel shrink_folio_list(), mm/vmscan.c */
function examine(folio: Folio, may_wait: bool): Verdict {
  if (folio.flags & PageFlags.LOCKED) return Verdict.KEEP;
  if (folio.flags & PageFlags.WRITEBACK) {
    folio.flags |= PageFlags.READAHEAD;
    return Verdict.BUSY;
  }
  let verdict = folio_check_references(folio);
  if (verdict != Verdict.RECLAIM) return verdict;
  if (folio.mapcount && !try_to_unmap(folio)) return Verdict.ACTIVATE;
  if (folio.flags & PageFlags.DIRTY) {
    kernel.vmstat.nr_vmscan_immediate_reclaim++;
    if (may_wait) pageout(folio);
    folio.flags |= PageFlags.READAHEAD;
    return Verdict.BUSY;
  }
  return folio.refcount == 1 ? Verdict.RECLAIM : Verdict.KEEP;
}

/** Takes a folio away and leaves its shadow. @kernel __remove_mapping(), mm/vmscan.c */
function evict(node: PgData, folio: Folio): void {
  node.nr_shadows++;
  filemap_remove_folio(folio, workingset_eviction(folio));
}

/** A folio that stays goes back to the front of a list. */
function put_back(node: PgData, folio: Folio, activate: bool): void {
  if (activate) {
    folio.flags |= PageFlags.ACTIVE;
    kernel.vmstat.pgactivate++;
  }
  lruvec_add_folio(node, folio);
}

/**
 * Looks at folios from the end of the inactive list, and takes away what is clean and not used.
 *
 * @returns  see reclaimed_of() and busy_of(). @kernel shrink_inactive_list(), mm/vmscan.c
 */
function shrink_inactive_list(node: PgData, count: u32, may_wait: bool): u32 {
  enter(Tp.shrink_inactive_list, count, node.nr_inactive_file, node.nr_active_file);
  let reclaimed: u32 = 0;
  let busy: u32 = 0;
  let list = node.inactive_file;
  let scanned: u32 = 0;
  for (; scanned < count && !list.empty; scanned++) {
    let folio = Folio.of_lru(list.prev);
    let verdict = examine(folio, may_wait);
    if (verdict == Verdict.RECLAIM) {
      evict(node, folio);
      reclaimed++;
      continue;
    }
    if (verdict == Verdict.BUSY) busy++;
    lruvec_del_folio(node, folio);
    put_back(node, folio, verdict != Verdict.KEEP);
  }
  account(node, scanned, reclaimed);
  return leave(scan_result(reclaimed, busy));
}

/** Counts for kswapd, or for who wants memory. */
function account(node: PgData, scanned: u32, reclaimed: u32): void {
  let stat = kernel.vmstat;
  if (kernel.cpu.curr && kernel.cpu.curr === node.kswapd) {
    stat.pgscan_kswapd += scanned;
    stat.pgsteal_kswapd += reclaimed;
  } else {
    stat.pgscan_direct += scanned;
    stat.pgsteal_direct += reclaimed;
  }
}

/** Folios from the end of the active list become inactive. @kernel shrink_active_list(), mm/vmscan.c */
function shrink_active_list(node: PgData, count: u32): void {
  enter(Tp.shrink_active_list, count, node.nr_inactive_file, node.nr_active_file);
  let list = node.active_file;
  for (; count && !list.empty; count--) {
    let folio = Folio.of_lru(list.prev);
    // What was used through mappings until now is forgotten.
    if (folio.mapcount) folio_referenced(folio);
    lruvec_del_folio(node, folio);
    folio.flags = (folio.flags & ~PageFlags.ACTIVE) | PageFlags.WORKINGSET;
    lruvec_add_folio(node, folio);
    kernel.vmstat.pgdeactivate++;
  }
  leave(0);
}

/**
 * Looks for memory in both lists.
 *
 * @param priority  how hard: 2^-priority of each list is looked at.
 * @param force     true: folios are made inactive even if there are enough.
 * @param may_wait  true if dirty folios are written at once.
 * @returns         see reclaimed_of() and busy_of(). @kernel shrink_lruvec(), prepare_scan_control(), mm/vmscan.c
 */
export function shrink_lruvec(node: PgData, priority: u32, force: bool, may_wait: bool): u32 {
  let refaulted = kernel.vmstat.workingset_activate_file != node.refaults;
  let may_deactivate = force || refaulted || inactive_is_low(node);
  let inactive = lru_size(node, LruList.INACTIVE_FILE) >> priority;
  let active = may_deactivate ? lru_size(node, LruList.ACTIVE_FILE) >> priority : 0;
  let reclaimed: u32 = 0;
  let busy: u32 = 0;
  while (inactive | active) {
    if (inactive) {
      let count = min(inactive, SWAP_CLUSTER_MAX);
      inactive -= count;
      let result = shrink_inactive_list(node, count, may_wait);
      reclaimed += reclaimed_of(result);
      busy += busy_of(result);
    }
    if (active) {
      let count = min(active, SWAP_CLUSTER_MAX);
      active -= count;
      shrink_active_list(node, count);
    }
    if (reclaimed >= SWAP_CLUSTER_MAX) break;
  }
  return scan_result(reclaimed, busy);
}
