import { KERNEL_BASE, Reader, fieldOffset, structs } from "../see/reader.ts";
import type { MemoryImage } from "../see/reader.ts";
import { PAGES_PER_SECTION, PAGE_SIZE, SECTIONS_BASE, SECTION_SIZE, pageAddress } from "../see/population.ts";
import { type SlabInfo, sectionCount, slabs } from "../see/population.ts";
import { hex } from "../machine/memory.ts";
import { layout } from "../layout.gen.ts";

const { RESERVED, BUDDY, TAIL } = layout.enums.PageFlags.values;
const CACHES = layout.enums.CacheType.values;
const STRIDE = structs["Page"]!.stride;
const FLAGS = fieldOffset("Page", "flags");
const ORDER = fieldOffset("Page", "order");
/** Where the root and the CPUs lie. */
const ROOTS_END = layout.constants.TRACE_BASE;

/**
 * Kinds of objects that may stay when every program has ended: what is left of a task is its number and result, files
 * keep their names, the world remembers its connections, and memory of any size may be theirs. Whether something leads
 * to them is looked at.
 */
const MAY_STAY: readonly string[] = ["TaskStruct", "XaNode", "Inode", "DiskExtent", "Peer", "PeerUnacked"];

/** What was in use when a machine was booted: how many objects of each kind. */
export type Boot = Readonly<Record<string, number>>;

/** How many objects of each kind are in use. */
export function bootFigures(memory: MemoryImage): Boot {
  const reader = new Reader(memory);
  const caches = reader.get("SlabState", reader.get("Kernel", KERNEL_BASE, "slab"), "caches");
  const stride = structs["KmemCache"]!.stride;
  return Object.fromEntries(
    Object.entries(CACHES).map(([name, type]) => [name, reader.get("KmemCache", caches + type * stride, "active")]),
  );
}

/** A piece of memory that somebody has taken: an object of a slab, or a block of frames. */
interface Piece {
  readonly what: string;
  readonly address: number;
  readonly size: number;
}

/**
 * What was taken and not given back, on a machine on which every program has ended: objects that there are more of than
 * at boot, and memory that no word of any memory in use leads to any more.
 *
 * @kernel the idea of the second is that of kmemleak, mm/kmemleak.c
 */
export function findLeaks(memory: MemoryImage, boot: Boot): string[] {
  const reader = new Reader(memory);
  const now = bootFigures(memory);
  const found: string[] = [];
  for (const [name, count] of Object.entries(now)) {
    if (/^(Kmalloc|Device)_/.test(name) || MAY_STAY.includes(name)) continue;
    if (count !== boot[name]) found.push(`${name}: ${count} in use, ${boot[name]} at boot`);
  }
  const all = new Heap(reader);
  for (const { what, address, size } of all.unreached()) {
    found.push(`${what} at ${hex(address)} (${size} bytes) is in use, and nothing leads to it`);
  }
  return found;
}

/** All memory in use, and what leads to what: every word that could be an address is taken for one. */
class Heap {
  readonly #reader: Reader;
  readonly #slabs = new Map<number, SlabInfo>();
  /** For each frame: the number of the piece that it belongs to, or begins with; -1: none. */
  readonly #frames: Int32Array;
  readonly #pieces: Piece[] = [];
  /** For each frame of a slab: the number of its first object, and how to find the others. */
  readonly #objects = new Map<number, { readonly first: number; readonly slab: SlabInfo }>();
  readonly #reached: Uint8Array;

  constructor(reader: Reader) {
    this.#reader = reader;
    for (const slab of slabs(reader)) this.#slabs.set(slab.slab, slab);
    this.#frames = new Int32Array(sectionCount(reader) * (SECTION_SIZE / PAGE_SIZE)).fill(-1);
    this.#collect();
    this.#reached = new Uint8Array(this.#pieces.length);
  }

  #collect(): void {
    const reader = this.#reader;
    const sections = sectionCount(reader);
    for (let n = 0; n < sections; n++) {
      for (let i = 0; i < PAGES_PER_SECTION;) {
        const page = SECTIONS_BASE + n * SECTION_SIZE + i * STRIDE;
        const flags = reader.u32(page + FLAGS);
        const count = flags & (RESERVED | TAIL) ? 1 : 1 << (reader.u32(page + ORDER) & 15);
        if ((flags & (RESERVED | TAIL | BUDDY)) === 0) this.#add(page, count);
        i += count;
      }
    }
  }

  #add(page: number, count: number): void {
    const address = pageAddress(page);
    const frame = (address - SECTIONS_BASE) / PAGE_SIZE;
    const slab = this.#slabs.get(page);
    const first = this.#pieces.length;
    this.#frames.fill(first, frame, frame + count);
    if (!slab) {
      // A frame that nobody has a reference to is none that somebody has taken.
      if (this.#reader.get("Page", page, "refcount") === 0) this.#frames.fill(-1, frame, frame + count);
      else this.#pieces.push({ what: "a block of frames", address, size: count * PAGE_SIZE });
      return;
    }
    for (let i = 0; i < count; i++) this.#objects.set(frame + i, { first, slab });
    for (let i = 0; i < slab.objects; i++) {
      const at = slab.base + i * slab.stride;
      this.#pieces.push({ what: slab.isFree[i] ? "" : slab.type, address: at, size: slab.stride });
    }
  }

  /** Number of the piece that an address lies in; -1: in none. */
  #pieceAt(address: number): number {
    if (address < SECTIONS_BASE) return -1;
    const frame = (address - SECTIONS_BASE) >>> 12;
    const found = frame < this.#frames.length ? this.#frames[frame]! : -1;
    if (found < 0) return this.#describedBy(address);
    const objects = this.#objects.get(frame);
    if (!objects) return found;
    const { first, slab } = objects;
    const number = Math.floor((address - slab.base) / slab.stride);
    return number < slab.objects && this.#pieces[first + number]!.what !== "" ? first + number : -1;
  }

  /** Who has the address of a frame's struct Page has the frame, if it is no slab; -1: the address is of no struct Page. */
  #describedBy(address: number): number {
    const offset = (address - SECTIONS_BASE) % SECTION_SIZE;
    if (offset % STRIDE !== 0 || offset >= PAGES_PER_SECTION * STRIDE) return -1;
    const frame = (pageAddress(address) - SECTIONS_BASE) / PAGE_SIZE;
    return this.#objects.has(frame) ? -1 : (this.#frames[frame] ?? -1);
  }

  #scan(from: number, to: number, todo: number[]): void {
    for (let at = from; at < to; at += 4) {
      const word = this.#reader.u32(at);
      if (word < SECTIONS_BASE) continue;
      const piece = this.#pieceAt(word);
      if (piece < 0 || this.#reached[piece]) continue;
      this.#reached[piece] = 1;
      todo.push(piece);
    }
  }

  /** The pieces that nothing leads to. */
  unreached(): Piece[] {
    const todo: number[] = [];
    this.#scan(KERNEL_BASE, ROOTS_END, todo);
    while (todo.length > 0) {
      const { address, size } = this.#pieces[todo.pop()!]!;
      this.#scan(address, address + size, todo);
    }
    return this.#pieces.filter(({ what }, i) => what !== "" && !this.#reached[i]);
  }
}
