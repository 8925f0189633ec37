import { PAGES_PER_SECTION, SECTIONS_BASE, SECTION_SIZE, sectionCount } from "../population.ts";
import { KERNEL_BASE, embedOffset, structs } from "../reader.ts";
import type { Checkup } from "./checkup.ts";
import { layout } from "../../layout.gen.ts";
import { hex } from "../../machine/memory.ts";
import { listOf } from "../walk.ts";

const { BUDDY, RESERVED } = layout.enums.PageFlags.values;
const { MAX_PAGE_ORDER } = layout.constants;
const PAGE_STRIDE = structs["Page"]!.stride;
const AREA_STRIDE = structs["FreeArea"]!.stride;

/** Number of a frame, counted from the first section. */
function frameNumber(page: number): number {
  const offset = page - SECTIONS_BASE;
  return Math.floor(offset / SECTION_SIZE) * PAGES_PER_SECTION + Math.floor((offset % SECTION_SIZE) / PAGE_STRIDE);
}

/** One block on a list of free blocks. Returns how many frames it has, 0 if it can be none. */
function checkFreeBlock(check: Checkup, page: number, order: number, taken: Uint8Array): number {
  const { reader } = check;
  const report = (rule: string, message: string) => check.report("Page", page, rule, message);
  const first = frameNumber(page);
  const size = 1 << order;
  if (first < 0 || first + size > taken.length || ((page - SECTIONS_BASE) % SECTION_SIZE) % PAGE_STRIDE !== 0) {
    report("buddy-block", `${hex(page)} is on the list of free blocks of order ${order}, but is no frame`);
    return 0;
  }
  if (!(reader.get("Page", page, "flags") & BUDDY)) report("buddy-flag", `a free block without the flag BUDDY`);
  const own = reader.get("Page", page, "order");
  if (own !== order) report("buddy-order", `a block of order ${own} on the list of order ${order}`);
  if (first % size !== 0) report("buddy-alignment", `a block of ${size} frames begins at frame ${first}`);
  if (reader.get("Page", page, "refcount") !== 0) report("buddy-refcount", "somebody refers to a free block");
  for (let frame = first; frame < first + size; frame++) {
    if (taken[frame]) {
      report("buddy-overlap", `frame ${frame} is part of two free blocks`);
      break;
    }
    taken[frame] = 1;
    if (frame > first && reader.u32(pageStruct(frame)) !== 0) report("buddy-used", `frame ${frame} of it is in use`);
  }
  return size;
}

/** No frame is free twice, no free frame is in use, and two free halves of a block are always joined. */
export function checkFrames(check: Checkup): void {
  const { reader } = check;
  const taken = new Uint8Array(sectionCount(reader) * PAGES_PER_SECTION);
  checkZone(check, reader.get("Kernel", KERNEL_BASE, "zone"), taken);
  checkZone(check, reader.get("Kernel", KERNEL_BASE, "device_zone"), taken);
  checkUsed(check, taken);
}

/** The free blocks of the machine's memory, or of the devices'. */
function checkZone(check: Checkup, zone: number, taken: Uint8Array): void {
  const { reader } = check;
  if (!reader.holds("Zone", zone)) return;
  let free = 0;
  for (let order = 0; order <= MAX_PAGE_ORDER; order++) {
    const area = reader.get("Zone", zone, "free_area") + order * AREA_STRIDE;
    const blocks = listOf(reader, area + embedOffset("FreeArea", "free_list"), "Page", "lru", check.onBreak);
    const nr_free = reader.get("FreeArea", area, "nr_free");
    check.equal("FreeArea", area, "nr_free", nr_free, blocks.length, `free blocks of order ${order}`);
    for (const page of blocks) {
      free += checkFreeBlock(check, page, order, taken);
      const own = reader.get("Page", sectionOf(page), "mapping");
      if (own !== zone) check.report("Page", page, "buddy-zone", `a block of another zone, ${hex(own)}`);
    }
    if (order < MAX_PAGE_ORDER) checkBuddies(check, blocks, order);
  }
  check.equal("Zone", zone, "free_pages", reader.get("Zone", zone, "free_pages"), free, "free frames");
}

/** First struct Page of the section that a struct Page lies in: its mapping is the zone. */
function sectionOf(page: number): number {
  return page - ((page - SECTIONS_BASE) % SECTION_SIZE);
}

/** Two free blocks of one order that are the halves of a larger one should have become that one. */
function checkBuddies(check: Checkup, blocks: readonly number[], order: number): void {
  const numbers = new Set(blocks.map(frameNumber));
  for (const page of blocks) {
    const number = frameNumber(page);
    if (number & (1 << order) || !numbers.has(number ^ (1 << order))) continue;
    check.report("Page", page, "buddy-joined", `frame ${number} and its buddy of order ${order} are both free`);
  }
}

/** A frame that is on no free list says so, and a block in use has a reference. */
function checkUsed(check: Checkup, taken: Uint8Array): void {
  const { reader } = check;
  for (let frame = 0; frame < taken.length; frame++) {
    const page = pageStruct(frame);
    const flags = reader.u32(page);
    if (flags & BUDDY && !taken[frame]) {
      check.report("Page", page, "buddy-lost", `frame ${frame} says that it is free, but is on no list`);
    }
    if (flags & RESERVED && taken[frame]) {
      check.report("Page", page, "buddy-reserved", `frame ${frame}, which describes frames, is free`);
    }
  }
}

function pageStruct(frame: number): number {
  const section = Math.floor(frame / PAGES_PER_SECTION);
  return SECTIONS_BASE + section * SECTION_SIZE + (frame % PAGES_PER_SECTION) * PAGE_STRIDE;
}
