import { KERNEL_BASE, type KernelMemory } from "../machine/memory.ts";
import { type Pages, isMarked } from "./pages.ts";
import type { Kernel } from "../kernel.ts";
import { Reader, fieldOffset, structs } from "../see/reader.ts";
import type { TraceRecord } from "../machine/records.ts";
import { layout } from "../layout.gen.ts";

const { PAGES_PER_SECTION, SECTIONS_BASE, SECTION_SIZE } = layout.constants;
const { ACTIVE } = layout.enums.PageFlags.values;
const FOLIO = structs["Folio"]!.size;
/** What describes the frames of a section, at its beginning. Unit: bytes. */
const MEM_MAP = PAGES_PER_SECTION * FOLIO;

/** Who took a page away: the kernel thread, somebody who wanted memory himself, or a program's own advice. */
export type Taker = "kswapd" | "direct" | "advice";

/** Why a page went. */
export type EvictionReason =
  /** Nobody has read it: it was read ahead. */
  | "unused"
  /** It was used once since it came; a second time would have made it active. */
  | "once"
  /** It had been active, became inactive, and was not used again. */
  | "aged"
  /** A program has it mapped, but no use that counts was seen when it was looked at. */
  | "mapped"
  /** The program said that it needs it no more. */
  | "advice";

/** A page that was taken out of the page cache. */
export interface Eviction {
  /** The tick at which it had gone. */
  readonly tick: number;
  /** Unit: ns since boot. */
  readonly time: number;
  /** The page, packed, with the marks that it had. */
  readonly page: number;
  /** The list that it was on. */
  readonly list: "active" | "inactive";
  readonly by: Taker;
  /** The task that took it away. */
  readonly pid: number;
  readonly why: EvictionReason;
}

/** A page that came back after it had been taken away. */
export interface Refault {
  /** The tick at which it came. */
  readonly tick: number;
  /** Unit: ns since boot. */
  readonly time: number;
  /** The page, packed. */
  readonly page: number;
  /** How many others it would have had to outlive. Unit: pages. */
  readonly distance: number;
  /** Whether it became active at once. */
  readonly activated: boolean;
}

/** Notes which pages of a machine go, and why, and which come back. */
export class EvictionWatch {
  readonly evictions: Eviction[] = [];
  readonly refaults: Refault[] = [];
  readonly #kernel: Kernel;
  readonly #pages: Pages;
  /** What the kernel knew of all frames when it was looked at last. */
  #before = new Uint8Array();
  #tick: number;
  #by: Taker = "direct";

  /** @param kernel  a machine with tracepoints. */
  constructor(kernel: Kernel, pages: Pages) {
    this.#kernel = kernel;
    this.#pages = pages;
    this.#tick = kernel.ticks;
    this.#copy(kernel.memory);
  }

  /** Looks at what has happened since the last look. To be called after every input: `kernel.run({ until })` does. */
  look(): void {
    const { memory, trace, ticks } = this.#kernel;
    const from = this.#tick + 1;
    if (ticks < from) return;
    this.#tick = ticks;
    const reader = new Reader(memory);
    for (const record of trace.range(from, ticks)) this.#note(reader, record);
    this.#copy(memory);
  }

  #note(reader: Reader, record: TraceRecord): void {
    const { event, tick, time, pid, args } = record;
    if (event === "kswapd") this.#by = "kswapd";
    else if (event === "try_to_free_pages") this.#by = "direct";
    else if (event === "generic_fadvise") this.#by = "advice";
    else if (event === "filemap_remove_folio") {
      const [mapping, folio, index] = args;
      const { flags, mapcount } = this.#folio(folio);
      const page = this.#pages.pack(reader, mapping, index, flags, mapcount);
      const [list, by] = [flags & ACTIVE ? "active" : "inactive", this.#by] as const;
      this.evictions.push({ tick, time, page, list, by, pid, why: reasonOf(page, by) });
    } else if (event === "workingset_refault") {
      const [folio, distance, activated] = args;
      const mapping = reader.get("Folio", folio, "mapping");
      const page = this.#pages.pack(reader, mapping, reader.get("Folio", folio, "index"), 0, 0);
      this.refaults.push({ tick, time, page, distance, activated: activated !== 0 });
    }
  }

  /** What a folio was before the last input. */
  #folio(folio: number): { readonly flags: number; readonly mapcount: number } {
    const offset = folio - SECTIONS_BASE;
    const at = Math.floor(offset / SECTION_SIZE) * MEM_MAP + (offset % SECTION_SIZE);
    const view = new DataView(this.#before.buffer);
    const get = (field: "flags" | "mapcount") => view.getUint32(at + fieldOffset("Folio", field), true);
    return at + FOLIO <= view.byteLength
      ? { flags: get("flags"), mapcount: get("mapcount") }
      : { flags: 0, mapcount: 0 };
  }

  #copy(memory: KernelMemory): void {
    const sections = memory.get("Kernel", KERNEL_BASE, "nr_sections");
    if (this.#before.length !== sections * MEM_MAP) this.#before = new Uint8Array(sections * MEM_MAP);
    for (let section = 0; section < sections; section++) {
      const from = SECTIONS_BASE + section * SECTION_SIZE;
      this.#before.set(memory.bytes.subarray(from, from + MEM_MAP), section * MEM_MAP);
    }
  }
}

function reasonOf(page: number, by: Taker): EvictionReason {
  if (by === "advice") return "advice";
  if (isMarked(page, "mapped")) return "mapped";
  if (isMarked(page, "referenced")) return "once";
  return isMarked(page, "workingset") ? "aged" : "unused";
}
