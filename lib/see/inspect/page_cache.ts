import type { FolioObject, MappingView } from "../objects/page_cache.ts";
import { type CacheEntry, cacheEntries, mappingOf } from "../page-cache.ts";
import type { Graph } from "./graph.ts";
import { embedOffset } from "../reader.ts";
import { flagNames } from "../names.ts";
import { layout } from "../../layout.gen.ts";
import { listOf } from "../walk.ts";
import { bioPages, pageReferences } from "../references.ts";

const { ACTIVE, LRU } = layout.enums.PageFlags.values;
/** Of files with more pages, neighbours of which there is the same to say are one entry. */
const MANY_PAGES = 48;

type UserKind = "slot" | "fragment" | "pin" | "io";

/** Who refers to which page: the edges that lead to folios, by the address of the struct Page. */
type Users = Map<number, { from: number; kind: UserKind }[]>;

/** The folios of files, and all that refers to them: slots of pipes, pieces of packets, bios, pinned pages. */
export function inspectPageCache(graph: Graph): void {
  const { reader, population } = graph;
  const users = usersOf(graph);
  for (const inode of population.of("Inode")) {
    const entries = cacheEntries(reader, mappingOf(inode)).filter(({ entry }) => (entry & 1) === 0);
    const fold = entries.length > MANY_PAGES;
    let run: FolioObject | undefined;
    for (const entry of entries) {
      const folio = folioObject(graph, inode, entry);
      const held = users.get(entry.entry) ?? [];
      if (fold && run && held.length === 0 && isNext(run, folio)) {
        run = graph.replaceLast({ ...run, count: run.count + 1, title: titleOf(run.index, run.count + 1) });
        continue;
      }
      graph.add(folio);
      graph.link(inode, folio.address, "folios", String(folio.index));
      for (const { from, kind } of held) graph.link(from, folio.address, kind);
      run = held.length === 0 ? folio : undefined;
    }
  }
}

/** What of a file lies in the page cache, in numbers. */
export function mappingView(graph: Graph, inode: number): MappingView {
  const { reader } = graph;
  const address = mappingOf(inode);
  const entries = cacheEntries(reader, address);
  const count = (fits: (entry: CacheEntry) => boolean) => entries.filter(fits).length;
  const i_mmap = address + embedOffset("AddressSpace", "i_mmap");
  return {
    address,
    nrpages: reader.get("AddressSpace", address, "nrpages"),
    dirty: count(({ dirty }) => dirty),
    writeback: count(({ writeback }) => writeback),
    shadows: count(({ entry }) => (entry & 1) === 1),
    areas: reader.u32(i_mmap) === 0 ? 0 : listOf(reader, i_mmap, "VmAreaStruct", "shared", graph.onBreak).length,
  };
}

function usersOf({ reader, population }: Graph): Users {
  const users: Users = new Map();
  const add = (page: number, from: number, kind: UserKind) => {
    const known = users.get(page);
    if (known) known.push({ from, kind });
    else users.set(page, [{ from, kind }]);
  };
  for (const { page, holder, kind } of pageReferences(reader, population)) add(page, holder, kind);
  for (const { page, bio } of bioPages(reader, population)) add(page, bio, "io");
  return users;
}

function folioObject({ reader }: Graph, inode: number, { index, entry }: CacheEntry): FolioObject {
  const flags = reader.get("Folio", entry, "flags");
  return {
    address: entry,
    struct: "Folio",
    title: titleOf(index, 1),
    inode,
    index,
    count: 1,
    flags: flagNames("PageFlags", flags),
    refcount: reader.get("Folio", entry, "refcount"),
    mapcount: reader.get("Folio", entry, "mapcount"),
    lru: !(flags & LRU) ? "" : flags & ACTIVE ? "active" : "inactive",
  };
}

/** `folio 3`, or `folios 0–63`. */
function titleOf(index: number, count: number): string {
  return count === 1 ? `folio ${index}` : `folios ${index}–${index + count - 1}`;
}

/** Whether a page comes right behind others, and is just as they are. */
function isNext(run: FolioObject, { index, flags, refcount, mapcount }: FolioObject): boolean {
  const isSame = run.flags === flags && run.refcount === refcount && run.mapcount === mapcount;
  return isSame && run.index + run.count === index;
}
