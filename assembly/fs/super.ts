import { Inode } from "../include/inode";
import { fs_state } from "./internal";
import { pgdat } from "../include/mmzone";
import { scan_shadow_nodes } from "../mm/workingset";

/** Lets memory be looked for in the page cache's own tables. @kernel shrinker_register(), mm/shrinker.c */
export function super_init(): void {
  pgdat().shrink_shadows = shrink_shadows.index;
}

/**
 * Forgets shadows that are too old to be of use: PgData.shrink_shadows. Called when there are twice as many as the memory
 * has frames, so that at least half of them go.
 *
 * Differs from Linux: all files that have a name are gone through, without a list of the tables that hold shadows only.
 */
function shrink_shadows(): void {
  let files = fs_state().inodes;
  for (let link = files.next; link !== files; link = link.next) {
    let mapping = Inode.of_i_list(link).i_mapping;
    if (mapping.i_pages.head) scan_shadow_nodes(mapping);
  }
}
