import { KERNEL_BASE, type MemoryImage, Reader, structs } from "./reader.ts";
import {
  PAGES_PER_SECTION,
  PAGE_SIZE,
  Population,
  SECTIONS_BASE,
  SECTION_SIZE,
  type SlabInfo,
  sectionCount,
  slabs,
} from "./population.ts";
import { layout } from "../layout.gen.ts";
import { pageReferences } from "./references.ts";

const { ACTIVE, ANON, BUDDY, LRU, RESERVED, SLAB } = layout.enums.PageFlags.values;
const PAGE_STRIDE = structs["Page"]!.stride;

/** What a slab cache has, as /proc/slabinfo tells it. */
export interface CacheUsage {
  /** The struct that its objects are, or `kmalloc-64`. */
  readonly name: string;
  /** Objects in use. */
  readonly inUse: number;
  /** Objects that there is room for. */
  readonly objects: number;
  /** Size of an object, with what is left empty behind it. Unit: bytes. */
  readonly objectSize: number;
  readonly objectsPerSlab: number;
  readonly slabs: number;
  /** All its slabs together. Unit: bytes. */
  readonly bytes: number;
}

/** What the machine's page frames are used for. Every frame counts once, but for those that are pinned. */
export interface FrameUsage {
  /** All frames that the memory has now: it grows up to its limit. */
  readonly total: number;
  readonly free: number;
  /** Those that describe frames. */
  readonly reserved: number;
  readonly slab: number;
  readonly pageTables: number;
  /** Pages of files on the active list. */
  readonly activeFile: number;
  /** Pages of files on the inactive list. */
  readonly inactiveFile: number;
  /** Pages of files on neither list: those of shared memory, and those that are just being put on one. */
  readonly unlistedFile: number;
  /** Memory of programs that belongs to no file. */
  readonly user: number;
  /** Everything else: bytes in pipes and packets, rings, large blocks of kmalloc(). */
  readonly other: number;
  /** Those among the above that a device may be at: they must stay where they are. */
  readonly pinned: number;
}

/** What memory is used for. */
export interface MemoryUsage {
  /** The caches that have slabs, in the order in which the kernel has them. */
  readonly caches: readonly CacheUsage[];
  readonly frames: FrameUsage;
}

/** What the memory of a machine, living or copied, is used for. That of the devices around it is left out. */
export function memoryUsage(memory: MemoryImage): MemoryUsage {
  const reader = new Reader(memory);
  const all = slabs(reader).filter(({ slab }) => isOfMachine(reader, sectionOf(slab)));
  return { caches: cacheUsage(reader, all), frames: frameUsage(reader, all) };
}

/** First struct Page of the section that a struct Page lies in: its mapping is the zone. */
function sectionOf(page: number): number {
  return page - ((page - SECTIONS_BASE) % SECTION_SIZE);
}

function isOfMachine(reader: Reader, section: number): boolean {
  return reader.get("Page", section, "mapping") !== reader.get("Kernel", KERNEL_BASE, "device_zone");
}

function cacheUsage(reader: Reader, all: readonly SlabInfo[]): CacheUsage[] {
  const caches = new Map<number, SlabInfo[]>();
  for (const slab of all) caches.set(slab.cache, [...(caches.get(slab.cache) ?? []), slab]);
  return [...caches]
    .sort(([one], [other]) => one - other)
    .map(([, own]): CacheUsage => {
      const room = own.reduce((sum, { objects }) => sum + objects, 0);
      const free = own.reduce((sum, slab) => sum + slab.free.length, 0);
      const [{ type, stride, objects } = { type: "", stride: 0, objects: 0 }] = own;
      return {
        name: type.replace(/^Kmalloc_/, "kmalloc-"),
        inUse: room - free,
        objects: room,
        objectSize: stride,
        objectsPerSlab: objects,
        slabs: own.length,
        bytes: own.reduce((sum, { slab }) => sum + (PAGE_SIZE << orderOf(reader, slab)), 0),
      };
    });
}

/** Size of the block that a frame is the first of. Unit: binary logarithm of frames. */
function orderOf(reader: Reader, page: number): number {
  return reader.get("Page", page, "order") & 15;
}

function frameUsage(reader: Reader, all: readonly SlabInfo[]): FrameUsage {
  const found = { total: 0, free: 0, reserved: 0, slab: 0, activeFile: 0, inactiveFile: 0, unlistedFile: 0, user: 0 };
  for (let section = 0; section < sectionCount(reader); section++) {
    const first = SECTIONS_BASE + section * SECTION_SIZE;
    if (!isOfMachine(reader, first)) continue;
    found.total += PAGES_PER_SECTION;
    for (let i = 0; i < PAGES_PER_SECTION;) {
      const page = first + i * PAGE_STRIDE;
      const kind = kindOf(reader, page);
      const frames =
        kind === "free" || kind === "slab" ? Math.min(1 << orderOf(reader, page), PAGES_PER_SECTION - i) : 1;
      if (kind !== "other") found[kind] += frames;
      i += frames;
    }
  }
  const population = new Population(all);
  const mms = population.of("MmStruct");
  const pageTables = mms.reduce((sum, mm) => sum + reader.get("MmStruct", mm, "pgtables"), 0);
  const { total, ...parts } = found;
  const known = Object.values(parts).reduce((sum, frames) => sum + frames, pageTables);
  const pins = [...pageReferences(reader, population)].filter(({ kind }) => kind === "pin");
  const pinned = new Set(pins.map(({ page }) => page)).size;
  return { ...found, pageTables, other: Math.max(0, total - known), pinned };
}

type FrameKind = "free" | "reserved" | "slab" | "activeFile" | "inactiveFile" | "unlistedFile" | "user" | "other";

/** What a frame is used for, as far as its struct Page tells. */
function kindOf(reader: Reader, page: number): FrameKind {
  const flags = reader.get("Page", page, "flags");
  if (flags & RESERVED) return "reserved";
  if (flags & BUDDY) return "free";
  if (flags & SLAB) return "slab";
  if (flags & ANON) return "user";
  if (flags & LRU) return flags & ACTIVE ? "activeFile" : "inactiveFile";
  const isUsed = reader.get("Page", page, "refcount") !== 0;
  return isUsed && reader.get("Page", page, "mapping") !== 0 ? "unlistedFile" : "other";
}
