import { layout } from "../layout.gen.ts";
import { enumName } from "./names.ts";
import { KERNEL_BASE, type Reader, type StructName, fieldOffset, structs } from "./reader.ts";

export const { SECTIONS_BASE, PAGE_SIZE, PAGES_PER_SECTION, SECTION_SIZE } = layout.constants;

const { RESERVED, BUDDY, TAIL, SLAB } = layout.enums.PageFlags.values;
const CACHES: Readonly<Record<string, number>> = layout.enums.CacheType.values;
const PAGE_STRIDE = structs["Page"]!.stride;
const FLAGS = fieldOffset("Page", "flags");
const ORDER = fieldOffset("Page", "order");
/** No cache has larger slabs. Unit: objects. */
const MOST_OBJECTS = 0x1_0000;

/** A block of frames that holds objects of one kind. */
export interface SlabInfo {
  /** Address of the struct Slab, which is the struct Page of the first frame. */
  slab: number;
  /** Address of the struct KmemCache. */
  cache: number;
  /** Name of the CacheType: the struct that lies in the objects. */
  type: string;
  /** First address of the objects. */
  base: number;
  stride: number;
  objects: number;
  /** Addresses of the free objects, in the order in which they will be given out. */
  free: number[];
  /** For each object: 1 if it is free. */
  isFree: Uint8Array;
  /** False if the list of free objects leaves the slab or runs into itself. */
  freelistHolds: boolean;
}

/** Address of the frame that a struct Page describes. */
export function pageAddress(page: number): number {
  const offset = page - SECTIONS_BASE;
  const section = SECTIONS_BASE + Math.floor(offset / SECTION_SIZE) * SECTION_SIZE;
  return section + Math.floor((offset % SECTION_SIZE) / PAGE_STRIDE) * PAGE_SIZE;
}

/** Address of the struct Page of the frame that an address lies in. */
export function pageOf(address: number): number {
  const offset = address - SECTIONS_BASE;
  const section = SECTIONS_BASE + Math.floor(offset / SECTION_SIZE) * SECTION_SIZE;
  return section + Math.floor((offset % SECTION_SIZE) / PAGE_SIZE) * PAGE_STRIDE;
}

/** Number of sections that the memory has; never more than fit into it. */
export function sectionCount(reader: Reader): number {
  const most = Math.ceil(Math.max(0, reader.end - SECTIONS_BASE) / SECTION_SIZE);
  return Math.min(reader.get("Kernel", KERNEL_BASE, "nr_sections"), most);
}

function readSlab(reader: Reader, page: number): SlabInfo {
  const cache = reader.get("Slab", page, "slab_cache");
  const stride = Math.max(8, reader.get("KmemCache", cache, "stride"));
  const objects = Math.min(reader.get("KmemCache", cache, "objects"), MOST_OBJECTS);
  const base = pageAddress(page);
  const free: number[] = [];
  const isFree = new Uint8Array(objects);
  let freelistHolds = true;
  for (let object = reader.get("Slab", page, "freelist"); object !== 0; object = reader.u32(object)) {
    const number = (object - base) / stride;
    if (isFree[number] !== 0) {
      // It is met again, or is none of the slab's objects: there is no such number.
      freelistHolds = false;
      break;
    }
    isFree[number] = 1;
    free.push(object);
  }
  const type = enumName("CacheType", reader.get("KmemCache", cache, "type"));
  return { slab: page, cache, type, base, stride, objects, free, isFree, freelistHolds };
}

/** All slabs of all caches, by address. They are found by looking at every frame, not by any list. */
export function slabs(reader: Reader): SlabInfo[] {
  const found: SlabInfo[] = [];
  const sections = sectionCount(reader);
  for (let n = 0; n < sections; n++) {
    const memMap = SECTIONS_BASE + n * SECTION_SIZE;
    for (let i = 0; i < PAGES_PER_SECTION;) {
      const page = memMap + i * PAGE_STRIDE;
      const flags = reader.u32(page + FLAGS);
      const first = (flags & (RESERVED | TAIL)) === 0;
      if (first && flags & SLAB) found.push(readSlab(reader, page));
      // A free block's other frames say nothing of themselves; blocks of any other kind are walked frame by frame.
      i += first && flags & (BUDDY | SLAB) ? 1 << (reader.u32(page + ORDER) & 15) : 1;
    }
  }
  return found;
}

/** Every object that is in use, by the name of its struct and then by address, whether anything points at it or not. */
export class Population {
  readonly #byStruct = new Map<string, number[]>();
  readonly #slabs = new Map<string, SlabInfo[]>();

  constructor(all: readonly SlabInfo[]) {
    for (const slab of all) {
      const { type, base, stride, objects, isFree } = slab;
      if (!(type in structs)) continue;
      const known = this.#slabs.get(type);
      if (known) known.push(slab);
      else this.#slabs.set(type, [slab]);
      let list = this.#byStruct.get(type);
      if (!list) this.#byStruct.set(type, (list = []));
      for (let i = 0, object = base; i < objects; i++, object += stride) if (isFree[i] === 0) list.push(object);
    }
  }

  /** Addresses of all objects of a struct, ascending. */
  of(struct: StructName): readonly number[] {
    return this.#byStruct.get(struct) ?? [];
  }

  /** Whether an object of that struct is in use at that address. */
  has(struct: StructName, address: number): boolean {
    const all = this.#slabs.get(struct);
    if (!all) return false;
    let low = 0;
    // The last slab that begins at or before the address.
    for (let high = all.length; low < high;) {
      const middle = (low + high) >>> 1;
      if (all[middle]!.base <= address) low = middle + 1;
      else high = middle;
    }
    const slab = all[low - 1];
    if (!slab) return false;
    const number = (address - slab.base) / slab.stride;
    return number < slab.objects && slab.isFree[number] === 0;
  }

  /** Number of objects of a struct. */
  count(struct: StructName): number {
    return this.of(struct).length;
  }

  /** The structs that have objects. */
  get structs(): string[] {
    return [...this.#byStruct.keys()];
  }
}

/** A struct in a slab. */
export interface Located {
  struct: string;
  address: number;
}

/** Address of the struct Page of the first frame of the block that an address lies in. */
function headPage(reader: Reader, address: number): number {
  const page = pageOf(address);
  return reader.u32(page + FLAGS) & TAIL ? reader.get("Page", page, "private_data") : page;
}

/** The object that an address lies in, if that is an object in use or not of a cache; null elsewhere. */
export function objectAround(reader: Reader, address: number): Located | null {
  const offset = address - SECTIONS_BASE;
  if (offset < 0 || address >= reader.end) return null;
  const page = headPage(reader, address);
  if (!reader.holds("Page", page) || !(reader.u32(page + FLAGS) & SLAB)) return null;
  const cache = reader.get("Slab", page, "slab_cache");
  const stride = Math.max(8, reader.get("KmemCache", cache, "stride"));
  const base = pageAddress(page);
  const struct = enumName("CacheType", reader.get("KmemCache", cache, "type"));
  return { struct, address: base + Math.floor((address - base) / stride) * stride };
}

/** Whether objects of a cache can be seen as a struct: the cache's own struct begins with all fields of that one. */
function beginsWith(cache: string, struct: string): boolean {
  const [whole, part] = [structs[cache]?.fields, structs[struct]?.fields];
  if (cache === struct || !whole || !part) return cache === struct;
  return Object.entries(part).every(([name, { offset }]) => whole[name]?.offset === offset);
}

/**
 * Whether a struct is in use at an address: whatever it is, it must not lie in a free object of a slab or in a free frame,
 * and what has a cache of its own must lie in an object of that cache. What lies below the frames is always there.
 */
export function isInUse(reader: Reader, struct: string, address: number): boolean {
  if (address < SECTIONS_BASE) return address >= KERNEL_BASE;
  if (address >= reader.end) return false;
  if (struct === "Folio" || struct === "Page") return reader.get("Page", address, "refcount") !== 0;
  const around = objectAround(reader, address);
  if (struct in CACHES) {
    if (!around || around.address !== address || !beginsWith(around.struct, struct)) return false;
  }
  if (around) return !readSlab(reader, headPage(reader, address)).free.includes(around.address);
  const page = headPage(reader, address);
  return (reader.u32(page + FLAGS) & RESERVED) !== 0 || reader.get("Page", page, "refcount") !== 0;
}
