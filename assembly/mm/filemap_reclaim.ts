import { Folio, PageFlags } from "../include/mm_types";
import { folio_mkclean } from "./rmap";

/* What happens to folios while there is memory for all: no lists, and nothing is written by itself. */

/** A folio has come into the page cache. */
export function folio_add_lru(folio: Folio, shadow: usize): void {
  folio.lru.init();
}

/** A folio is leaving the page cache. */
export function folio_del_lru(folio: Folio): void {
  folio.lru.init();
}

/** A folio has been used. @kernel folio_mark_accessed(), mm/swap.c */
export function folio_mark_accessed(folio: Folio): void {
  folio.flags |= PageFlags.REFERENCED;
}

/** A folio holds what the disk does not. @returns true if it did not before. @kernel folio_mark_dirty() */
export function folio_mark_dirty(folio: Folio): bool {
  let clean = !(folio.flags & PageFlags.DIRTY);
  folio.flags |= PageFlags.DIRTY;
  return clean;
}

/** A folio is given up: what it holds is not wanted any more. @kernel folio_cancel_dirty() */
export function folio_cancel_dirty(folio: Folio): void {
  folio.flags &= ~PageFlags.DIRTY;
}

/** Waits while too much is dirty. @returns 0; SLEEPING. @kernel balance_dirty_pages(), mm/page-writeback.c */
export function balance_dirty_pages(): i64 {
  return 0;
}

/** A dirty folio is about to be written: it is clean from now on. @returns false if it is not dirty. */
export function folio_clear_dirty_for_io(folio: Folio): bool {
  let dirty = (folio.flags & PageFlags.DIRTY) != 0;
  // What mappings store from now on is to be noticed.
  if (folio.mapcount) folio_mkclean(folio);
  folio.flags &= ~PageFlags.DIRTY;
  return dirty;
}

/** The writing of a folio begins. @kernel folio_start_writeback(), mm/page-writeback.c */
export function folio_start_writeback(folio: Folio): void {
  folio.flags |= PageFlags.WRITEBACK;
}
