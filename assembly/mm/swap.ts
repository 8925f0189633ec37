import { Folio, PageFlags } from "../include/mm_types";
import { LruList, PgData, pgdat } from "../include/mmzone";
import { ListHead } from "../include/list";
import { Tp, trace } from "../include/trace";
import { kernel } from "../include/kernel";
import { workingset_activation } from "./workingset";

/*
 * Which folios of the page cache were used of late. Each is on one of two lists, as its flag ACTIVE says.
 *
 * Differs from Linux: a folio is on its list at once, without waiting in a batch of its CPU.
 */

/** The list of a folio. */
function folio_lru_list(folio: Folio): LruList {
  return folio.flags & PageFlags.ACTIVE ? LruList.ACTIVE_FILE : LruList.INACTIVE_FILE;
}

/** One of the lists. */
export function lru_list(node: PgData, lru: LruList): ListHead {
  return lru == LruList.ACTIVE_FILE ? node.active_file : node.inactive_file;
}

/** Number of folios on a list. */
export function lru_size(node: PgData, lru: LruList): u32 {
  return lru == LruList.ACTIVE_FILE ? node.nr_active_file : node.nr_inactive_file;
}

function update_lru_size(node: PgData, lru: LruList, by: i32): void {
  if (lru == LruList.ACTIVE_FILE) node.nr_active_file += by;
  else node.nr_inactive_file += by;
}

/** Puts a folio on the list that its flags say, in front. @kernel lruvec_add_folio(), include/linux/mm_inline.h */
export function lruvec_add_folio(node: PgData, folio: Folio): void {
  let lru = folio_lru_list(folio);
  folio.flags |= PageFlags.LRU;
  lru_list(node, lru).add(folio.lru);
  update_lru_size(node, lru, 1);
}

/** The same, at the end. @kernel lruvec_add_folio_tail(), include/linux/mm_inline.h */
function lruvec_add_folio_tail(node: PgData, folio: Folio): void {
  let lru = folio_lru_list(folio);
  folio.flags |= PageFlags.LRU;
  lru_list(node, lru).add_tail(folio.lru);
  update_lru_size(node, lru, 1);
}

/** Takes a folio off its list. @kernel lruvec_del_folio(), include/linux/mm_inline.h */
export function lruvec_del_folio(node: PgData, folio: Folio): void {
  folio.flags &= ~PageFlags.LRU;
  folio.lru.del_init();
  update_lru_size(node, folio_lru_list(folio), -1);
}

/** A folio has come into the page cache. @kernel folio_add_lru(), mm/swap.c */
export function folio_add_lru(folio: Folio): void {
  lruvec_add_folio(pgdat(), folio);
  trace(Tp.folio_add_lru, changetype<usize>(folio), folio_lru_list(folio), 0);
}

/** A folio leaves the page cache. @kernel __page_cache_release(), mm/swap.c */
export function folio_del_lru(folio: Folio): void {
  if (folio.flags & PageFlags.LRU) lruvec_del_folio(pgdat(), folio);
  folio.flags &= ~(PageFlags.ACTIVE | PageFlags.REFERENCED | PageFlags.WORKINGSET);
}

/** A folio goes to the active list. @kernel folio_activate(), mm/swap.c */
export function folio_activate(folio: Folio): void {
  if ((folio.flags & (PageFlags.LRU | PageFlags.ACTIVE)) != PageFlags.LRU) return;
  let node = pgdat();
  lruvec_del_folio(node, folio);
  folio.flags |= PageFlags.ACTIVE;
  lruvec_add_folio(node, folio);
  kernel.vmstat.pgactivate++;
  trace(Tp.folio_activate, changetype<usize>(folio), 0, 0);
}

/**
 * A folio has been used: the first time that is noted, the second time it becomes active.
 *
 * @kernel folio_mark_accessed(), mm/swap.c
 */
export function folio_mark_accessed(folio: Folio): void {
  if (!(folio.flags & PageFlags.REFERENCED)) {
    folio.flags |= PageFlags.REFERENCED;
  } else if ((folio.flags & (PageFlags.LRU | PageFlags.ACTIVE)) == PageFlags.LRU) {
    folio_activate(folio);
    folio.flags &= ~PageFlags.REFERENCED;
    workingset_activation();
  }
}

/** A folio that was to be taken away has been written: it is the next to go. @kernel folio_rotate_reclaimable() */
export function folio_rotate_reclaimable(folio: Folio): void {
  if (!(folio.flags & PageFlags.LRU) || folio.flags & (PageFlags.DIRTY | PageFlags.LOCKED)) return;
  let node = pgdat();
  lruvec_del_folio(node, folio);
  folio.flags &= ~PageFlags.ACTIVE;
  lruvec_add_folio_tail(node, folio);
}
