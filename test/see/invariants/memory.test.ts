import { KERNEL_BASE, embedOffset, structs } from "../../../lib/see/reader.ts";
import { beforeAll, expect, test } from "vitest";
import { Canary } from "../canary.ts";
import type { Kernel } from "../../../lib/index.ts";
import { busyMachine } from "../machine.ts";
import { layout } from "../../../lib/layout.gen.ts";
import { listOf } from "../../../lib/see/walk.ts";
import { slabs } from "../../../lib/see/population.ts";

const { BUDDY, HEAD } = layout.enums.PageFlags.values;
let kernel: Kernel;

beforeAll(async () => {
  kernel = await busyMachine();
});

/** The zone, and the free blocks of an order that has some. */
function freeBlocks(canary: Canary, least = 1): { zone: number; area: number; order: number; blocks: number[] } {
  const zone = canary.get("Kernel", KERNEL_BASE, "zone");
  for (let order = 0; ; order++) {
    const area = canary.get("Zone", zone, "free_area") + order * structs["FreeArea"]!.stride;
    const blocks = listOf(canary.reader, area + embedOffset("FreeArea", "free_list"), "Page", "lru");
    if (blocks.length >= least) return { zone, area, order, blocks };
  }
}

/** A slab with free objects and used ones, of a cache that has only one. */
function partialSlab(canary: Canary) {
  const found = slabs(canary.reader).find(({ free, objects }) => free.length > 1 && free.length < objects);
  if (!found) throw new Error("the machine has no such slab");
  return found;
}

test("a healthy machine breaks no rule", () => {
  expect(kernel.check()).toEqual([]);
});

test.each<[string, (canary: Canary) => void]>([
  ["nr_free", (canary) => canary.add("FreeArea", freeBlocks(canary).area, "nr_free", 1)],
  ["free_pages", (canary) => canary.add("Zone", freeBlocks(canary).zone, "free_pages", -1)],
  ["buddy-flag", (canary) => canary.set("Page", freeBlocks(canary).blocks[0]!, "flags", HEAD)],
  ["buddy-order", (canary) => canary.add("Page", freeBlocks(canary).blocks[0]!, "order", 1)],
  ["buddy-refcount", (canary) => canary.set("Page", freeBlocks(canary).blocks[0]!, "refcount", 1)],
  [
    "buddy-used",
    (canary) => {
      const { area, zone } = freeBlocks(canary);
      let order = 1;
      let at = area;
      for (; order < 9; order++) {
        at = canary.get("Zone", zone, "free_area") + order * structs["FreeArea"]!.stride;
        if (canary.get("FreeArea", at, "nr_free") > 0) break;
      }
      const [block] = listOf(canary.reader, at + embedOffset("FreeArea", "free_list"), "Page", "lru");
      canary.set("Page", block! + structs["Page"]!.stride, "flags", HEAD);
    },
  ],
  ["buddy-lost", (canary) => canary.set("Page", partialSlab(canary).slab, "flags", BUDDY)],
  ["list-next", (canary) => canary.set("Page", freeBlocks(canary).blocks[0]!, "lru_next", 4)],
  ["list-prev", (canary) => canary.set("Page", freeBlocks(canary).blocks[0]!, "lru_prev", 0)],
])("%s is found in the page allocator", (rule, plant) => {
  const canary = new Canary(kernel.memory);
  plant(canary);
  expect(canary.rules).toContain(rule);
});

test("a block that is free twice, or at a place where none can begin, is found", () => {
  const canary = new Canary(kernel.memory);
  const { area, order, blocks } = freeBlocks(canary);
  const misplaced = blocks[0]! + structs["Page"]!.stride;
  const head = area + embedOffset("FreeArea", "free_list");
  // The list's only member, as far as anybody can see, is a block that begins one frame too late.
  canary.view.setUint32(head, misplaced + embedOffset("Page", "lru"), true);
  canary.set("Page", misplaced, "lru_next", head);
  canary.set("Page", misplaced, "lru_prev", head);
  canary.set("Page", misplaced, "flags", BUDDY);
  canary.set("Page", misplaced, "order", order);
  expect(canary.rules).toContain(order === 0 ? "buddy-lost" : "buddy-alignment");

  const twice = new Canary(kernel.memory);
  const [first] = freeBlocks(twice).blocks;
  const other = twice.get("Zone", freeBlocks(twice).zone, "free_area") + 9 * structs["FreeArea"]!.stride;
  const otherHead = other + embedOffset("FreeArea", "free_list");
  twice.set("Page", first!, "order", 9);
  twice.set("Page", first!, "lru_next", otherHead);
  twice.set("Page", first!, "lru_prev", otherHead);
  twice.view.setUint32(otherHead, first! + embedOffset("Page", "lru"), true);
  expect(twice.rules).toEqual(expect.arrayContaining(["nr_free"]));
});

test.each<[string, (canary: Canary) => void]>([
  ["slab-freelist", (canary) => canary.view.setUint32(partialSlab(canary).free[0]!, 0x20000, true)],
  [
    "slab-freelist",
    (canary) => {
      const { free } = partialSlab(canary);
      canary.view.setUint32(free[1]!, free[0]!, true);
    },
  ],
  ["slab-inuse", (canary) => canary.add("Slab", partialSlab(canary).slab, "inuse", 1)],
  ["nr_slabs", (canary) => canary.add("KmemCache", partialSlab(canary).cache, "nr_slabs", 1)],
  ["active", (canary) => canary.add("KmemCache", partialSlab(canary).cache, "active", -1)],
  ["nr_partial", (canary) => canary.add("KmemCache", partialSlab(canary).cache, "nr_partial", 1)],
  ["allocated", (canary) => canary.add("KmemCache", partialSlab(canary).cache, "freed", 1)],
  [
    "slab-partial",
    (canary) => {
      const { cache } = partialSlab(canary);
      const head = cache + embedOffset("KmemCache", "partial");
      canary.set("KmemCache", cache, "partial_next", head);
      canary.set("KmemCache", cache, "partial_prev", head);
    },
  ],
  ["slab-partial", (canary) => canary.set("Slab", partialSlab(canary).slab, "freelist", 0)],
  ["slab-cache", (canary) => canary.set("Slab", partialSlab(canary).slab, "slab_cache", 0x20000)],
])("%s is found in the slabs", (rule, plant) => {
  const canary = new Canary(kernel.memory);
  plant(canary);
  expect(canary.rules).toContain(rule);
});

test.each<[string, (canary: Canary, mm: number) => void]>([
  ["pgtables", (canary, mm) => canary.add("MmStruct", mm, "pgtables", 1)],
  ["rss", (canary, mm) => canary.add("MmStruct", mm, "rss", -1)],
  ["page-table", (canary, mm) => canary.view.setUint32(firstEntry(canary, mm), 0x4f_f001, true)],
  ["vma-order", (canary) => canary.set("VmAreaStruct", canary.find("VmAreaStruct"), "vm_end", 0)],
  ["vma-mm", (canary) => canary.set("VmAreaStruct", canary.find("VmAreaStruct"), "mm", 0x20000)],
  ["mm-users", (canary, mm) => canary.add("MmStruct", mm, "users", 1)],
])("%s is found in an address space", (rule, plant) => {
  const canary = new Canary(kernel.memory);
  plant(canary, canary.find("MmStruct"));
  expect(canary.rules).toContain(rule);
});

/** Address of the first entry in use of the topmost page table. */
function firstEntry(canary: Canary, mm: number): number {
  let at = canary.get("MmStruct", mm, "pgd");
  while (canary.reader.u32(at) === 0) at += 8;
  return at;
}

test("an area that is in no address space is found", () => {
  const canary = new Canary(kernel.memory);
  const mm = canary.find("MmStruct");
  const head = mm + embedOffset("MmStruct", "mmap");
  canary.set("MmStruct", mm, "mmap_next", head);
  canary.set("MmStruct", mm, "mmap_prev", head);
  expect(canary.rules).toContain("leak");
});

test("a pointer to an object that was freed is found", () => {
  const canary = new Canary(kernel.memory);
  canary.set("EppollEntry", canary.find("EppollEntry"), "base", canary.find("EppollEntry"));
  expect(canary.rules).toContain("dangling");
});
