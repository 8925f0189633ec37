import type { FolioObject, MappingView } from "../objects/page_cache.ts";
import { type CacheEntry, cacheEntries, mappingOf } from "../page-cache.ts";
import { type Graph, title } from "./graph.ts";
import { inodeName } from "../label.ts";
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
    for (let at = 0; at < entries.length;) {
      const first = entries[at]!;
      const held = users.get(first.entry) ?? [];
      let count = 1;
      if (fold && held.length === 0) {
        while (isNext(graph, first, count, entries[at + count]) && !users.has(entries[at + count]!.entry)) count++;
      }
      graph.add(folioObject(graph, inode, first, count));
      graph.link(inode, first.entry, "folios", String(first.index));
      for (const { from, kind } of held) graph.link(from, first.entry, kind);
      at += count;
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

function folioObject({ reader }: Graph, inode: number, { index, entry }: CacheEntry, count: number): FolioObject {
  const flags = reader.get("Folio", entry, "flags");
  return {
    address: entry,
    struct: "Folio",
    title: title(count === 1 ? `folio ${index}` : `folios ${index}–${index + count - 1}`, inodeName(reader, inode)),
    inode,
    index,
    count,
    flags: flagNames("PageFlags", flags),
    refcount: reader.get("Folio", entry, "refcount"),
    mapcount: reader.get("Folio", entry, "mapcount"),
    lru: !(flags & LRU) ? "" : flags & ACTIVE ? "active" : "inactive",
  };
}

/** Whether a page comes `distance` pages behind another, and is just as that one is. */
function isNext({ reader }: Graph, first: CacheEntry, distance: number, next: CacheEntry | undefined): boolean {
  if (next?.index !== first.index + distance) return false;
  return (["flags", "refcount", "mapcount"] as const).every(
    (field) => reader.get("Folio", first.entry, field) === reader.get("Folio", next.entry, field),
  );
}
