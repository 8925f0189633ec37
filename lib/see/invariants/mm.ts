import { PAGE_SIZE, pageOf } from "../population.ts";
import type { Checkup } from "./checkup.ts";
import { embedOffset } from "../reader.ts";
import { hex } from "../../machine/memory.ts";
import { layout } from "../../layout.gen.ts";
import { listOf } from "../walk.ts";

const ENTRIES = PAGE_SIZE / 8;
/** Levels of page tables above the frames. */
const LEVELS = 4;
const PRESENT = 1;
/** What leads to a frame: accessible, or kept by PROT_NONE. */
const MAPPED = 0x101;
/** The frame of zeros, which is not counted. */
const SPECIAL = 0x200;
const PAGE_BITS = 12n;
/** How many pages an entry of a page table stands for, by its level. */
const SPANS = [0, 1, 2 ** 9, 2 ** 18, 2 ** 27] as const;
const { LOCKED } = layout.enums.VmFlags.values;

/** What the page tables of an address space hold. */
interface Mapped {
  /** Addresses of the tables, the topmost one included. */
  tables: Set<number>;
  /** Numbers of the user pages that are mapped. */
  pages: number[];
  /** Number of frames, without that of zeros. */
  frames: number;
}

/** Number of entries in all page tables that lead to a frame, by its struct Page. */
type Entries = Map<number, number>;

/**
 * Every address space counts its page tables, frames and areas right; its areas do not overlap, and all that is mapped
 * lies in one; every frame knows how many entries lead to it; every file knows the areas that show it.
 */
export function checkMemory(check: Checkup): void {
  const { reader, population } = check;
  const entries: Entries = new Map();
  // Its counts are made right at the end.
  const busy = ["handle_mm_fault", "do_mmap", "do_munmap", "do_mremap", "do_mprotect", "do_exit"].some((name) =>
    check.inside(name),
  );
  const making = check.inside("copy_process");
  for (const mm of population.of("MmStruct")) {
    const pgd = reader.get("MmStruct", mm, "pgd");
    // It is being made, or taken apart.
    if (pgd === 0 || reader.get("MmStruct", mm, "users") === 0 || making) continue;
    const mapped: Mapped = { tables: new Set(), pages: [], frames: 0 };
    walkTable(check, mm, pgd, LEVELS, 0, mapped, entries);
    if (busy) continue;
    const equal = (field: "pgtables" | "rss", count: number, what: string) =>
      check.equal("MmStruct", mm, field, reader.get("MmStruct", mm, field), count, what);
    equal("pgtables", mapped.tables.size, "page tables");
    equal("rss", mapped.frames, "frames mapped");
    checkAreas(check, mm, mapped.pages);
  }
  if (busy || making) return;
  check.mapped = entries;
  for (const [page, count] of entries) {
    check.equal("Folio", page, "mapcount", reader.get("Folio", page, "mapcount"), count, "entries that map it");
    if (reader.get("Folio", page, "refcount") < count) {
      check.report("Folio", page, "mapped-reference", `mapped ${count} times, with fewer references`);
    }
  }
}

function walkTable(
  check: Checkup,
  mm: number,
  table: number,
  level: number,
  first: number,
  mapped: Mapped,
  entries: Entries,
): void {
  const { reader } = check;
  if (reader.get("Page", pageOf(table), "refcount") === 0) {
    check.report("MmStruct", mm, "page-table", `${hex(table)} is one of its page tables or frames, and is free`);
    return;
  }
  if (mapped.tables.has(table)) {
    check.report("MmStruct", mm, "page-table", `${hex(table)} is a page table in two places`);
    return;
  }
  mapped.tables.add(table);
  const span = SPANS[level]!;
  for (let i = 0; i < ENTRIES; i++) {
    const entry = reader.u32(table + i * 8);
    const to = (entry & ~(PAGE_SIZE - 1)) >>> 0;
    if (entry === 0) continue;
    const page = first + i * span;
    if (level > 1) {
      if (entry & PRESENT) walkTable(check, mm, to, level - 1, page, mapped, entries);
    } else if (entry & MAPPED) {
      mapped.pages.push(page);
      if (entry & SPECIAL) continue;
      mapped.frames++;
      entries.set(pageOf(to), (entries.get(pageOf(to)) ?? 0) + 1);
      if (reader.get("Page", pageOf(to), "refcount") === 0) {
        check.report("MmStruct", mm, "page-table", `${hex(to)} is one of its page tables or frames, and is free`);
      }
    }
  }
}

/** Areas go upwards and belong to this address space; they are counted, and all that is mapped lies in one. */
function checkAreas(check: Checkup, mm: number, pages: readonly number[]): void {
  const { reader } = check;
  let end = 0n;
  let next = 0;
  let total = 0;
  let locked = 0;
  const areas = listOf(reader, mm + embedOffset("MmStruct", "mmap"), "VmAreaStruct", "link", check.onBreak);
  for (const area of areas) {
    const [from, to] = [reader.get64("VmAreaStruct", area, "vm_start"), reader.get64("VmAreaStruct", area, "vm_end")];
    if (from >= to || from < end)
      check.report("VmAreaStruct", area, "vma-order", "areas are empty, overlap or go back");
    if (reader.get("VmAreaStruct", area, "mm") !== mm) {
      check.report("VmAreaStruct", area, "vma-mm", "listed in an address space that it does not belong to");
    }
    checkMapping(check, area);
    const [first, last] = [Number(from >> PAGE_BITS), Number(to >> PAGE_BITS)];
    if (pages[next] !== undefined && pages[next]! < first) {
      check.report("MmStruct", mm, "mapped-outside", `page ${pages[next]!.toString(16)} is mapped outside all areas`);
    }
    while (next < pages.length && pages[next]! < last) next++;
    const size = last - first;
    total += size;
    if (reader.get("VmAreaStruct", area, "flags") & LOCKED) locked += size;
    end = to;
  }
  if (next < pages.length) {
    check.report("MmStruct", mm, "mapped-outside", `page ${pages[next]!.toString(16)} is mapped outside all areas`);
  }
  const equal = (field: "map_count" | "total_vm" | "locked_vm", count: number, what: string) =>
    check.equal("MmStruct", mm, field, reader.get("MmStruct", mm, field), count >>> 0, what);
  equal("map_count", areas.length, "areas");
  equal("total_vm", total, "pages in areas");
  equal("locked_vm", locked, "pages in locked areas");
}

/** The file that an area shows knows of it. */
function checkMapping(check: Checkup, area: number): void {
  const { reader } = check;
  const mapping = reader.get("VmAreaStruct", area, "vm_mapping");
  if (mapping === 0) return;
  const known = listOf(
    reader,
    mapping + embedOffset("AddressSpace", "i_mmap"),
    "VmAreaStruct",
    "shared",
    check.onBreak,
  );
  if (!known.includes(area)) {
    check.report("VmAreaStruct", area, "vma-mapping", "shows a file that does not know of it");
  }
}
