import { type Reader, embedOffset, structs } from "./reader.ts";

const NODE_SIZE = structs["XaNode"]!.size;
const SLOTS = 64;
/** No tree of 32-bit page numbers is higher: 6 bits a level. */
const GREATEST_SHIFT = 30;
const MAPPING = embedOffset("Inode", "i_mapping");
const PAGES = embedOffset("AddressSpace", "i_pages");

/** An entry of the page cache. */
export interface CacheEntry {
  /** Which page of the file. */
  readonly index: number;
  /** Address of the folio; an odd number is a shadow. */
  readonly entry: number;
  /** Whether the tree has it marked as dirty. */
  readonly dirty: boolean;
  /** Whether the tree has it marked as being written. */
  readonly writeback: boolean;
}

/** Told of a slot of a node whose marks are not those of what is below. */
type OnMarks = (node: number, slot: number) => void;

/** Address of what of a file lies in the page cache. */
export function mappingOf(inode: number): number {
  return inode + MAPPING;
}

/** What of a file lies in the page cache, by number of the page, with the shadows of what was taken away. */
export function cacheEntries(reader: Reader, mapping: number, onMarks: OnMarks = () => {}): CacheEntry[] {
  const found: CacheEntry[] = [];
  collect(reader, reader.u32(mapping + PAGES), 0, GREATEST_SHIFT, found, onMarks);
  return found;
}

function collect(
  reader: Reader,
  node: number,
  first: number,
  greatest: number,
  found: CacheEntry[],
  onMarks: OnMarks,
): void {
  if (!reader.holds("XaNode", node)) return;
  const shift = reader.get("XaNode", node, "shift");
  // Below a node are smaller ones: a broken tree must come to an end, too.
  if (shift > greatest) return;
  const [dirty, writeback] = marksOf(reader, node);
  for (let slot = 0; slot < SLOTS; slot++) {
    const entry = reader.u32(node + NODE_SIZE + 4 * slot);
    if (entry === 0) continue;
    const marks = { dirty: isMarked(dirty, slot), writeback: isMarked(writeback, slot) };
    const index = first + slot * 2 ** shift;
    if (shift === 0) found.push({ index, entry, ...marks });
    else {
      const below = marksOf(reader, entry).map(([low, high]) => (low | high) !== 0);
      if (below[0] !== marks.dirty || below[1] !== marks.writeback) onMarks(node, slot);
      collect(reader, entry, index, shift - 1, found, onMarks);
    }
  }
}

/** 64 bits as two numbers. */
type Bits = readonly [low: number, high: number];

function marksOf(reader: Reader, node: number): [dirty: Bits, writeback: Bits] {
  const at = (field: "marks_0" | "marks_1"): Bits => {
    const address = node + structs["XaNode"]!.fields[field]!.offset;
    return [reader.u32(address), reader.u32(address + 4)];
  };
  return [at("marks_0"), at("marks_1")];
}

function isMarked([low, high]: Bits, slot: number): boolean {
  return (((slot < 32 ? low : high) >>> (slot & 31)) & 1) === 1;
}
