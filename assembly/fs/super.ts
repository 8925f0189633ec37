import { AddressSpace } from "../include/pagemap";
import { Inode } from "../include/inode";
import { erase_shadow } from "../mm/truncate";
import { fs_state } from "./internal";
import { pgdat } from "../include/mmzone";
import { refault_distance } from "../mm/workingset";
import { total_pages } from "../mm/page_alloc";
import { xa_find, xa_find_after, xa_load } from "../lib/xarray";

/** Lets memory be looked for in the page cache's own tables. @kernel shrinker_register(), mm/shrinker.c */
export function super_init(): void {
  pgdat().shrink_shadows = shrink_shadows.index;
}

/** Forgets the shadows of a file that have outlived as many folios as the memory has frames. */
function shrink_mapping(mapping: AddressSpace): void {
  let pages = mapping.i_pages;
  for (let at = xa_find(pages, 0, u32.MAX_VALUE); at >= 0; at = xa_find_after(pages, <u32>at, u32.MAX_VALUE)) {
    let entry = xa_load(pages, <u32>at);
    if (entry & 1 && refault_distance(entry) > total_pages()) erase_shadow(mapping, <u32>at);
  }
}

/**
 * Forgets shadows that are too old to be of use: PgData.shrink_shadows. Called when there are twice as many as the memory
 * has frames, so that at least half of them go.
 *
 * Differs from Linux: all files that have a name are gone through, without a list of the tables that hold shadows only.
 *
 * @kernel scan_shadow_nodes(), mm/workingset.c
 */
function shrink_shadows(): void {
  let files = fs_state().inodes;
  for (let link = files.next; link !== files; link = link.next) {
    let mapping = Inode.of_i_list(link).i_mapping;
    if (mapping.i_pages.head) shrink_mapping(mapping);
  }
}
