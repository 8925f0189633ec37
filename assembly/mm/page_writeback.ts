import { Folio, PageFlags } from "../include/mm_types";
import { Inode } from "../include/inode";
import { InodeState, bdi_writeback } from "../include/writeback";
import { AddressSpace, PAGECACHE_TAG_DIRTY, PAGECACHE_TAG_WRITEBACK } from "../include/pagemap";
import { Tp, enter, leave, trace } from "../include/trace";
import { folio_mkclean } from "./rmap";
import { folio_rotate_reclaimable } from "./swap";
import { kernel } from "../include/kernel";
import { xa_clear_mark, xa_find_marked, xa_marked, xa_set_mark } from "../lib/xarray";

/*
 * What becomes of a folio that is written to:
 *
 *   clean --folio_mark_dirty--> DIRTY --folio_clear_dirty_for_io--> --folio_start_writeback--> WRITEBACK
 *     ^                                                                                           |
 *     +------------------------------------ folio_end_writeback ----------------------------------+
 *
 * The page cache of the file marks the same, so that dirty folios and those being written are found without looking at
 * all others. A folio that is being written may be written to, and is dirty again then.
 */

/** The file of a folio; null: it has none, or one that is on no disk. */
function writeback_mapping(folio: Folio): AddressSpace | null {
  let mapping = changetype<AddressSpace | null>(folio.mapping);
  return mapping && mapping.a_ops && mapping.a_ops!.writepages ? mapping : null;
}

/**
 * A folio holds what the disk does not.
 *
 * @returns  true if it did not before.
 * @kernel folio_mark_dirty(), mm/page-writeback.c
 */
export function folio_mark_dirty(folio: Folio): bool {
  // It is used: it is not taken away once it is written.
  folio.flags &= ~PageFlags.READAHEAD;
  if (folio.flags & PageFlags.DIRTY) return false;
  folio.flags |= PageFlags.DIRTY;
  let mapping = writeback_mapping(folio);
  if (!mapping) return true;
  kernel.vmstat.nr_dirty++;
  kernel.vmstat.nr_dirtied++;
  let task = kernel.cpu.curr;
  if (task) task.nr_dirtied++;
  xa_set_mark(mapping.i_pages, folio.index, PAGECACHE_TAG_DIRTY);
  trace(Tp.folio_mark_dirty, changetype<usize>(folio), folio.index, 0);
  let inode: Inode = mapping.host;
  if (!(inode.i_state & InodeState.DIRTY_PAGES)) call_indirect<void>(bdi_writeback().mark_inode_dirty, inode);
  return true;
}

/** A folio is given up: what it holds is not wanted any more. @kernel folio_cancel_dirty(), mm/page-writeback.c */
export function folio_cancel_dirty(folio: Folio): void {
  if (!(folio.flags & PageFlags.DIRTY)) return;
  folio.flags &= ~PageFlags.DIRTY;
  let mapping = writeback_mapping(folio);
  if (!mapping) return;
  kernel.vmstat.nr_dirty--;
  xa_clear_mark(mapping.i_pages, folio.index, PAGECACHE_TAG_DIRTY);
}

/**
 * A dirty folio is about to be written: it is clean from now on, and who stores to it through a mapping makes it dirty
 * anew. To be followed by folio_start_writeback(), or by folio_mark_dirty() if it cannot be written after all.
 *
 * @returns  false if it is not dirty. @kernel folio_clear_dirty_for_io(), mm/page-writeback.c
 */
export function folio_clear_dirty_for_io(folio: Folio): bool {
  if (folio.mapcount) folio_mkclean(folio);
  if (!(folio.flags & PageFlags.DIRTY)) return false;
  folio.flags &= ~PageFlags.DIRTY;
  kernel.vmstat.nr_dirty--;
  return true;
}

/** The writing of a folio begins. @kernel folio_start_writeback(), mm/page-writeback.c */
export function folio_start_writeback(folio: Folio): void {
  let mapping = changetype<AddressSpace>(folio.mapping);
  let pages = mapping.i_pages;
  folio.flags |= PageFlags.WRITEBACK;
  if (mapping.host.i_wb_list.empty) bdi_writeback().b_writeback.add_tail(mapping.host.i_wb_list);
  xa_set_mark(pages, folio.index, PAGECACHE_TAG_WRITEBACK);
  if (!(folio.flags & PageFlags.DIRTY)) xa_clear_mark(pages, folio.index, PAGECACHE_TAG_DIRTY);
  kernel.vmstat.nr_writeback++;
  trace(Tp.folio_start_writeback, changetype<usize>(folio), folio.index, 0);
}

/**
 * A folio has been written, or could not be. Who waits for it is woken by folio_end_writeback().
 *
 * @kernel __folio_end_writeback(), mm/page-writeback.c
 */
export function __folio_end_writeback(folio: Folio): void {
  folio.flags &= ~PageFlags.WRITEBACK;
  let mapping = changetype<AddressSpace>(folio.mapping);
  xa_clear_mark(mapping.i_pages, folio.index, PAGECACHE_TAG_WRITEBACK);
  if (!xa_marked(mapping.i_pages, PAGECACHE_TAG_WRITEBACK)) mapping.host.i_wb_list.del_init();
  kernel.vmstat.nr_writeback--;
  kernel.vmstat.nr_written++;
  // It was to be taken away while it was dirty.
  if (!(folio.flags & PageFlags.READAHEAD)) return;
  folio.flags &= ~PageFlags.READAHEAD;
  folio_rotate_reclaimable(folio);
}

/**
 * Lets dirty folios of a file be written, from one to another (included), and does not wait for them.
 *
 * @param sync  true if somebody waits for them.
 * @returns     0; -ENOMEM: not all. @kernel do_writepages(), mm/page-writeback.c
 */
export function do_writepages(mapping: AddressSpace, from: u32, to: u32, sync: bool): i32 {
  if (xa_find_marked(mapping.i_pages, from, to, PAGECACHE_TAG_DIRTY) < 0) return 0;
  enter(Tp.do_writepages, changetype<usize>(mapping), from, to);
  return leave(call_indirect<i32>(mapping.a_ops!.writepages, mapping, from, to, sync));
}
