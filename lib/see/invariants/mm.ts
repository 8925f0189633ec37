import { PAGE_SIZE, pageOf } from "../population.ts";
import type { Checkup } from "./checkup.ts";
import { embedOffset } from "../reader.ts";
import { hex } from "../../machine/memory.ts";
import { listOf } from "../walk.ts";

const ENTRIES = PAGE_SIZE / 8;
/** Levels of page tables above the frames. */
const LEVELS = 4;

/** What the page tables of an address space hold. */
interface Mapped {
  /** Addresses of the tables, the topmost one included. */
  tables: Set<number>;
  /** Number of frames. */
  frames: number;
}

/** Every address space counts its page tables and frames right, all of them in use, and its areas do not overlap. */
export function checkMemory(check: Checkup): void {
  const { reader, population } = check;
  for (const mm of population.of("MmStruct")) {
    const pgd = reader.get("MmStruct", mm, "pgd");
    // It is being made, or taken apart.
    if (pgd === 0 || reader.get("MmStruct", mm, "users") === 0 || check.inside("copy_process")) continue;
    const mapped: Mapped = { tables: new Set(), frames: 0 };
    walkTable(check, mm, pgd, LEVELS, mapped);
    if (!check.inside("handle_mm_fault")) {
      check.equal(
        "MmStruct",
        mm,
        "pgtables",
        reader.get("MmStruct", mm, "pgtables"),
        mapped.tables.size,
        "page tables",
      );
      check.equal("MmStruct", mm, "rss", reader.get("MmStruct", mm, "rss"), mapped.frames, "frames mapped");
    }
    checkAreas(check, mm);
  }
}

function walkTable(check: Checkup, mm: number, table: number, level: number, mapped: Mapped): void {
  const { reader } = check;
  if (reader.get("Page", pageOf(table), "refcount") === 0) {
    check.report("MmStruct", mm, "page-table", `${hex(table)} is one of its page tables or frames, and is free`);
    return;
  }
  if (level === 0) {
    mapped.frames++;
    return;
  }
  if (mapped.tables.has(table)) {
    check.report("MmStruct", mm, "page-table", `${hex(table)} is a page table in two places`);
    return;
  }
  mapped.tables.add(table);
  for (let i = 0; i < ENTRIES; i++) {
    const entry = reader.u32(table + i * 8);
    if (entry & 1) walkTable(check, mm, (entry & ~(PAGE_SIZE - 1)) >>> 0, level - 1, mapped);
  }
}

/** Areas go upwards and belong to this address space. */
function checkAreas(check: Checkup, mm: number): void {
  const { reader } = check;
  let end = 0n;
  const areas = listOf(reader, mm + embedOffset("MmStruct", "mmap"), "VmAreaStruct", "link", check.onBreak);
  for (const area of areas) {
    const [from, to] = [reader.get64("VmAreaStruct", area, "vm_start"), reader.get64("VmAreaStruct", area, "vm_end")];
    if (from >= to || from < end)
      check.report("VmAreaStruct", area, "vma-order", "areas are empty, overlap or go back");
    if (reader.get("VmAreaStruct", area, "mm") !== mm) {
      check.report("VmAreaStruct", area, "vma-mm", "listed in an address space that it does not belong to");
    }
    end = to;
  }
}
