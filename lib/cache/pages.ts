import { KERNEL_BASE, type MemoryImage, Reader, embedOffset } from "../see/reader.ts";
import { inodeName } from "../see/label.ts";
import { layout } from "../layout.gen.ts";
import { listOf } from "../see/walk.ts";

const { DIRTY, READAHEAD, REFERENCED, UPTODATE, WORKINGSET, WRITEBACK } = layout.enums.PageFlags.values;

/** Whose a page is. */
export type Owner = "hot" | "stream" | "written" | "other";

/** What there is to say of a page on a list. */
export type PageMark =
  | "referenced"
  | "dirty"
  | "writeback"
  /** It is being read from the disk. */
  | "reading"
  /** It was active before. */
  | "workingset"
  /** Who comes to it starts the next read-ahead. */
  | "readahead"
  /** A program has it in its address space. */
  | "mapped";

const OWNERS: readonly Owner[] = ["hot", "stream", "written", "other"];
const MARKS: readonly PageMark[] = ["referenced", "dirty", "writeback", "reading", "workingset", "readahead", "mapped"];
/** The flag of the kernel that is a mark; 0: the mark follows from something else. */
const FLAGS = [REFERENCED, DIRTY, WRITEBACK, 0, WORKINGSET, READAHEAD, 0] as const;
const READING_MARK = 1 << MARKS.indexOf("reading");
const MAPPED_MARK = 1 << MARKS.indexOf("mapped");

/*
 * A page in one number, so that thousands of them are an array that crosses to another thread as it is:
 *
 *   | owner, 2 bits | number, 22 bits | marks, 8 bits |
 */
const MARK_BITS = 8;
const OWNER_SHIFT = 30;
const NUMBER_MASK = 2 ** 22 - 1;

/** Whose a packed page is. */
export function ownerOf(page: number): Owner {
  return OWNERS[page >>> OWNER_SHIFT]!;
}

/** Which page of its file it is; of the hot files, which have a page each, which file. */
export function numberOf(page: number): number {
  return (page >>> MARK_BITS) & NUMBER_MASK;
}

/** Whether a packed page has a mark. */
export function isMarked(page: number, mark: PageMark): boolean {
  return (page & (1 << MARKS.indexOf(mark))) !== 0;
}

/** A packed page without its marks: the same page has the same number wherever it is. */
export function identityOf(page: number): number {
  return page >>> MARK_BITS;
}

/** The pages of the two lists, the one that came last in front. */
export interface Lists {
  readonly active: Uint32Array;
  readonly inactive: Uint32Array;
}

/** Knows whose the pages of a machine are, by the names of its files. */
export class Pages {
  readonly #owners = new Map<number, { readonly owner: number; readonly number: number | null }>();
  readonly #ownerOf: (path: string) => { readonly owner: Owner; readonly number?: number };

  /** @param ownerOf  whose a file is; with a number: all its pages go by that. */
  constructor(ownerOf: (path: string) => { readonly owner: Owner; readonly number?: number }) {
    this.#ownerOf = ownerOf;
  }

  /** A page by the file and number that a folio has, or a record says, with the marks of `flags`. */
  pack(reader: Reader, mapping: number, index: number, flags: number, mapcount: number): number {
    const known = this.#owners.get(mapping) ?? this.#learn(reader, mapping);
    let marks = flags & UPTODATE ? 0 : READING_MARK;
    FLAGS.forEach((flag, bit) => (marks |= flags & flag ? 1 << bit : 0));
    if (mapcount > 0) marks |= MAPPED_MARK;
    return ((known.owner << OWNER_SHIFT) | (((known.number ?? index) & NUMBER_MASK) << MARK_BITS) | marks) >>> 0;
  }

  #learn(reader: Reader, mapping: number): { readonly owner: number; readonly number: number | null } {
    const { owner, number = null } = this.#ownerOf(inodeName(reader, reader.get("AddressSpace", mapping, "host")));
    const learnt = { owner: OWNERS.indexOf(owner), number };
    this.#owners.set(mapping, learnt);
    return learnt;
  }

  /** The two lists as they are now. */
  lists(memory: MemoryImage): Lists {
    const reader = new Reader(memory);
    const pgdat = reader.get("Kernel", KERNEL_BASE, "pgdat");
    const list = (embed: "active_file" | "inactive_file") => {
      const folios = listOf(reader, pgdat + embedOffset("PgData", embed), "Folio", "lru");
      return Uint32Array.from(folios, (folio) => {
        const get = (field: "flags" | "index" | "mapcount" | "mapping") => reader.get("Folio", folio, field);
        return this.pack(reader, get("mapping"), get("index"), get("flags"), get("mapcount"));
      });
    };
    return { active: list("active_file"), inactive: list("inactive_file") };
  }
}
