import { AddressSpace } from "../include/pagemap";
import { Folio, PageFlags } from "../include/mm_types";
import { Tp, trace } from "../include/trace";
import { kernel } from "../include/kernel";
import { clear_shadow_entry } from "./truncate";
import { pgdat } from "../include/mmzone";
import { total_pages } from "./page_alloc";
import { xa_find, xa_find_after, xa_load } from "../lib/xarray";

/*
 * How long a folio was gone. What takes a folio away leaves a shadow in its place in the page cache, with the time by a
 * clock that counts folios: those taken away, and those made active. When the page comes back, the clock has gone on by as
 * many folios as it would have had to outlive. If the active list is no shorter than that, it could have stayed in place
 * of one there: it becomes active at once, and those that are active have to prove that they are used.
 *
 *   | time, 30 bits | it was active before | 1 |
 */

/** The bit by which a shadow is told from the address of a folio. */
const SHADOW: usize = 1;
/** It was active before. */
const SHADOW_WORKINGSET: usize = 2;
const EVICTION_SHIFT: u32 = 2;
const EVICTION_MASK: u32 = 0x3fff_ffff;

/** Lets the clock go on by one folio. @kernel workingset_age_nonresident(), mm/workingset.c */
function workingset_age_nonresident(): void {
  pgdat().nonresident_age++;
}

/** A folio is taken away. @returns its shadow. @kernel workingset_eviction(), mm/workingset.c */
export function workingset_eviction(folio: Folio): usize {
  let time = pgdat().nonresident_age & EVICTION_MASK;
  workingset_age_nonresident();
  return ((<usize>time) << EVICTION_SHIFT) | (folio.flags & PageFlags.WORKINGSET ? SHADOW_WORKINGSET : 0) | SHADOW;
}

/** How many folios a page has been gone for. */
function refault_distance(shadow: usize): u32 {
  return (pgdat().nonresident_age - <u32>(shadow >> EVICTION_SHIFT)) & EVICTION_MASK;
}

/** True if a page has not been gone for longer than the active list is long. @kernel workingset_test_recent() */
export function workingset_test_recent(shadow: usize): bool {
  return refault_distance(shadow) <= pgdat().nr_active_file;
}

/**
 * A page comes back that left a shadow. Its folio is on no list yet.
 *
 * @kernel workingset_refault(), mm/workingset.c
 */
export function workingset_refault(folio: Folio, shadow: usize): void {
  kernel.vmstat.workingset_refault_file++;
  let distance = refault_distance(shadow);
  if (workingset_test_recent(shadow)) {
    folio.flags |= PageFlags.ACTIVE;
    workingset_age_nonresident();
    kernel.vmstat.workingset_activate_file++;
    if (shadow & SHADOW_WORKINGSET) {
      folio.flags |= PageFlags.WORKINGSET;
      kernel.vmstat.workingset_restore_file++;
    }
  }
  trace(Tp.workingset_refault, changetype<usize>(folio), distance, folio.flags & PageFlags.ACTIVE ? 1 : 0);
}

/** A folio has become active because it was used. @kernel workingset_activation(), mm/workingset.c */
export function workingset_activation(): void {
  workingset_age_nonresident();
}

/** Forgets the shadows of a file that have outlived as many folios as the memory has frames. @kernel scan_shadow_nodes() */
export function scan_shadow_nodes(mapping: AddressSpace): void {
  let pages = mapping.i_pages;
  for (let at = xa_find(pages, 0, u32.MAX_VALUE); at >= 0; at = xa_find_after(pages, <u32>at, u32.MAX_VALUE)) {
    let entry = xa_load(pages, <u32>at);
    if (entry & SHADOW && refault_distance(entry) > total_pages()) clear_shadow_entry(mapping, <u32>at);
  }
}
