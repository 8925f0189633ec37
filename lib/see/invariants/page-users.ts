import { PAGES_PER_SECTION, SECTIONS_BASE, SECTION_SIZE, sectionCount } from "../population.ts";
import type { Checkup } from "./checkup.ts";
import { layout } from "../../layout.gen.ts";
import { pageReferences } from "../references.ts";
import { structs } from "../reader.ts";

const { ANON, BUDDY, DIRTY, LRU, RESERVED, SLAB, TAIL, UPTODATE } = layout.enums.PageFlags.values;
const PAGE_STRIDE = structs["Page"]!.stride;
/** Frames that are no folios, or none that begins a block. */
const OTHER = BUDDY | RESERVED | SLAB | TAIL;
/** What only folios have: those of files, and the memory of programs. */
const FOLIO = ANON | DIRTY | LRU | UPTODATE;

/**
 * Every folio that is in use is used by somebody: its references are those of the page cache, of page table entries and of
 * what else can be found. One with more is lost memory; one with fewer will be given away while it is in use.
 */
export function checkPageUsers(check: Checkup): void {
  const { reader, population, mapped } = check;
  if (!check.quiet || !mapped) return;
  const references = new Map<number, number>();
  for (const { page } of pageReferences(reader, population)) references.set(page, (references.get(page) ?? 0) + 1);
  for (let section = 0; section < sectionCount(reader); section++) {
    const first = SECTIONS_BASE + section * SECTION_SIZE;
    for (let page = first; page < first + PAGES_PER_SECTION * PAGE_STRIDE; page += PAGE_STRIDE) {
      const flags = reader.u32(page);
      if ((flags & FOLIO) === 0 || (flags & OTHER) !== 0) continue;
      const cached = reader.get("Folio", page, "mapping") === 0 ? 0 : 1;
      const found = cached + (mapped.get(page) ?? 0) + (references.get(page) ?? 0);
      const refcount = reader.get("Folio", page, "refcount");
      if (found === 0) check.report("Folio", page, "leak", "in use, but by nobody");
      else check.equal("Folio", page, "folio-reference", refcount, found, "references");
    }
  }
}
