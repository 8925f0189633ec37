import { KERNEL_BASE, embedOffset } from "../reader.ts";
import { cacheEntries, mappingOf } from "../page-cache.ts";
import type { Checkup } from "./checkup.ts";
import { layout } from "../../layout.gen.ts";
import { listOf } from "../walk.ts";
import { bioPages } from "../references.ts";

const { ACTIVE, DIRTY, LOCKED, LRU, WRITEBACK } = layout.enums.PageFlags.values;
const { DIRTY_PAGES } = layout.enums.InodeState.values;

/** What all files have in the page cache together, and what else there is to know of their pages. */
interface Totals {
  cached: Set<number>;
  /** The struct Pages that bios read into or write from. */
  moving: Set<number>;
  shadows: number;
  dirty: number;
  writeback: number;
}

/**
 * Every folio of the page cache says where it belongs, is on the list that its flags say, and is marked as they say; what
 * is counted of them is right; and every file with dirty folios is among those to be written back.
 */
export function checkFolios(check: Checkup): void {
  const { reader, population } = check;
  const pgdat = reader.get("Kernel", KERNEL_BASE, "pgdat");
  if (!check.quiet || !reader.holds("PgData", pgdat)) return;
  const totals: Totals = {
    cached: new Set(),
    moving: new Set(),
    shadows: 0,
    dirty: 0,
    writeback: 0,
  };
  for (const { page } of bioPages(reader, population)) totals.moving.add(page);
  const queued = checkDirtyFiles(check);
  for (const inode of population.of("Inode")) checkFile(check, inode, queued, totals);
  const stat = reader.get("Kernel", KERNEL_BASE, "vmstat");
  const { shadows, dirty, writeback } = totals;
  check.equal("PgData", pgdat, "nr_shadows", reader.get("PgData", pgdat, "nr_shadows"), shadows, "shadows");
  check.equal("VmStat", stat, "nr_dirty", reader.get("VmStat", stat, "nr_dirty"), dirty, "dirty folios");
  const written = reader.get("VmStat", stat, "nr_writeback");
  check.equal("VmStat", stat, "nr_writeback", written, writeback, "folios being written");
  checkLists(check, pgdat, totals.cached);
}

/** One file: its folios, their marks, and whether it is to be written back. */
function checkFile(check: Checkup, inode: number, queued: ReadonlySet<number>, totals: Totals): void {
  const { reader, mapped } = check;
  let pages = 0;
  let dirty = false;
  const mapping = mappingOf(inode);
  const onMarks = (node: number, slot: number) =>
    check.report("XaNode", node, "xa-marks", `slot ${slot} says otherwise of its marks than what is below`);
  for (const { index, entry, ...marks } of cacheEntries(reader, mapping, onMarks)) {
    if (entry & 1) {
      totals.shadows++;
      continue;
    }
    pages++;
    const flags = reader.get("Folio", entry, "flags");
    const report = (rule: string, message: string) => check.report("Folio", entry, rule, message);
    if (reader.get("Folio", entry, "mapping") !== mapping) report("folio-mapping", "says that it is another's");
    check.equal("Folio", entry, "folio-index", reader.get("Folio", entry, "index"), index, "its place");
    if (marks.dirty !== ((flags & DIRTY) !== 0)) report("dirty-mark", "its file says otherwise whether it is dirty");
    if (marks.writeback !== ((flags & WRITEBACK) !== 0)) report("writeback-mark", "its file says otherwise");
    const mapcount = reader.get("Folio", entry, "mapcount");
    if (mapped) check.equal("Folio", entry, "folio-mapcount", mapcount, mapped.get(entry) ?? 0, "entries that map it");
    const isMoving = totals.moving.has(entry);
    if (flags & LOCKED && !isMoving) report("folio-locked", "locked, but neither read nor written");
    if (flags & WRITEBACK && !isMoving) report("folio-writeback", "being written, but by nobody");
    totals.cached.add(entry);
    if (marks.writeback) totals.writeback++;
    if (!marks.dirty) continue;
    totals.dirty++;
    dirty = true;
  }
  check.equal("Inode", inode, "nrpages", reader.get("AddressSpace", mapping, "nrpages"), pages, "its folios");
  if (dirty && !queued.has(inode)) check.report("Inode", inode, "dirty-file", "dirty, but nobody will write it back");
}

/** The files that are to be written back. */
function checkDirtyFiles(check: Checkup): Set<number> {
  const { reader, population } = check;
  const wb = reader.get("Kernel", KERNEL_BASE, "wb");
  if (!reader.holds("BdiWriteback", wb)) return new Set();
  const queued = listOf(reader, wb + embedOffset("BdiWriteback", "b_dirty"), "Inode", "i_io_list", check.onBreak);
  const count = reader.get("BdiWriteback", wb, "nr_dirty_inodes");
  check.equal("BdiWriteback", wb, "nr_dirty_inodes", count, queued.length, "files to be written back");
  for (const inode of population.of("Inode")) {
    const says = (reader.get("Inode", inode, "i_state") & DIRTY_PAGES) !== 0;
    if (says !== queued.includes(inode)) check.report("Inode", inode, "i_state", "says otherwise whether it is dirty");
  }
  return new Set(queued);
}

/** Every folio in the page cache is on one list, and nothing else is. */
function checkLists(check: Checkup, pgdat: number, cached: ReadonlySet<number>): void {
  const { reader } = check;
  const found = new Set<number>();
  for (const which of ["inactive", "active"] as const) {
    const head = pgdat + embedOffset("PgData", `${which}_file`);
    const folios = listOf(reader, head, "Folio", "lru", check.onBreak);
    const count = reader.get("PgData", pgdat, `nr_${which}_file`);
    check.equal("PgData", pgdat, `nr_${which}_file`, count, folios.length, `${which} folios`);
    for (const folio of folios) {
      const report = (rule: string, message: string) => check.report("Folio", folio, rule, message);
      const flags = reader.get("Folio", folio, "flags");
      if (found.has(folio)) report("lru-twice", "on two lists");
      found.add(folio);
      if (!cached.has(folio)) report("lru-cached", "on a list, but not in the page cache");
      if (!(flags & LRU) || ((flags & ACTIVE) !== 0) !== (which === "active")) report("lru-flags", "on the wrong list");
    }
  }
  for (const folio of cached) {
    if (!found.has(folio)) check.report("Folio", folio, "lru-missing", "in the page cache, but on no list");
  }
}
