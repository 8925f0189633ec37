import { MAP_SHARED, O_RDONLY, POSIX_FADV_RANDOM, POSIX_FADV_SEQUENTIAL, PROT_READ } from "../machine/constants.ts";
import { Reader, embedOffset } from "../see/reader.ts";
import { cacheEntries, mappingOf } from "../see/page-cache.ts";
import { Kernel } from "../kernel.ts";
import type { Stretch } from "../roads/road.ts";
import type { Sys } from "../machine/sys.ts";
import { layout } from "../layout.gen.ts";
import { PAGE, usedBuffer } from "./buffer.ts";

const PATH = "/file";
const { READAHEAD, UPTODATE } = layout.enums.PageFlags.values;

/** Length of the file that is read. Unit: pages. */
export const FILE_PAGES = 256;

/** What a page of a file is in the page cache: not there, asked of the disk, there; the last two may be marked. */
export const PageState = { absent: 0, reading: 1, cached: 2, marked: 4 } as const;

/** One call of the program: what it wanted, and what the kernel has made of it. */
export interface ReadStep {
  readonly tick: number;
  /** Unit: ns since boot. */
  readonly time: number;
  /** What was read: the first page, and how many. */
  readonly page: number;
  readonly pages: number;
  /** The window of the open file: struct file_ra_state. Unit: pages. */
  readonly start: number;
  readonly size: number;
  readonly asyncSize: number;
  /** Greatest size of a window. Unit: pages. */
  readonly raPages: number;
  /** Pages that were found in the page cache, and that were not. */
  readonly hits: number;
  readonly misses: number;
  /** What each page of the file is: PageState. */
  readonly states: Uint8Array;
}

/** A way of going through a file, and what it shows. */
export interface ReadPattern {
  readonly name: string;
  /** The program. `note` is told of each call what it wanted. */
  readonly read: (sys: Sys, file: number, note: (page: number, pages: number) => void) => Stretch<void>;
}

/** Reads pieces one behind the other. */
function* inOrder(
  sys: Sys,
  file: number,
  note: (page: number, pages: number) => void,
  { from = 0, pages = 1, count = 96 }: { readonly from?: number; readonly pages?: number; readonly count?: number },
): Stretch<void> {
  const buffer = usedBuffer(sys, pages * PAGE);
  for (let page = from; page < Math.min(from + count, FILE_PAGES); page += pages) {
    yield* sys.pread64(file, buffer, pages * PAGE, page * PAGE);
    note(page, pages);
  }
}

/** Pages in no order. */
const SCATTERED = Array.from({ length: 32 }, (_, i) => (i * 149 + 31) % FILE_PAGES);

function* hereAndThere(sys: Sys, file: number, note: (page: number, pages: number) => void): Stretch<void> {
  const buffer = usedBuffer(sys, PAGE);
  for (const page of SCATTERED) {
    yield* sys.pread64(file, buffer, PAGE, page * PAGE);
    note(page, 1);
  }
}

/** The ways of going through a file. */
export const READ_PATTERNS: readonly ReadPattern[] = [
  { name: "4 KiB", read: (sys, file, note) => inOrder(sys, file, note, { count: 128 }) },
  { name: "64 KiB", read: (sys, file, note) => inOrder(sys, file, note, { pages: 16, count: FILE_PAGES }) },
  { name: "middle", read: (sys, file, note) => inOrder(sys, file, note, { from: 100 }) },
  { name: "scattered", read: hereAndThere },
  {
    name: "POSIX_FADV_SEQUENTIAL",
    *read(sys, file, note) {
      yield* sys.fadvise64(file, 0, 0, POSIX_FADV_SEQUENTIAL);
      yield* inOrder(sys, file, note, { count: 128 });
    },
  },
  {
    name: "POSIX_FADV_RANDOM",
    *read(sys, file, note) {
      yield* sys.fadvise64(file, 0, 0, POSIX_FADV_RANDOM);
      yield* inOrder(sys, file, note, { count: 32 });
    },
  },
  {
    name: "mmap",
    *read(sys, file, note) {
      const map = yield* sys.mmap(0, FILE_PAGES * PAGE, PROT_READ, MAP_SHARED, file, 0);
      for (let page = 40; page < 136; page++) {
        yield* sys.load(map + page * PAGE, 1);
        note(page, 1);
      }
    },
  },
];

/** The machine's file, as the kernel has it: addresses of what is read ahead of who has it open, and of its inode. */
function openFile(kernel: Kernel): { readonly ra: number; readonly inode: number } {
  const reader = new Reader(kernel.memory);
  for (const object of kernel.inspect().objects.values()) {
    if (object.struct !== "File" || !object.readAhead) continue;
    const ra = reader.get("File", object.address, "f_pages") + embedOffset("FilePages", "ra");
    return { ra, inode: object.private_data };
  }
  throw new Error(`${PATH} is not open`);
}

function statesOf(reader: Reader, inode: number): Uint8Array {
  const states = new Uint8Array(FILE_PAGES);
  for (const { index, entry } of cacheEntries(reader, mappingOf(inode))) {
    if ((entry & 1) === 1 || index >= FILE_PAGES) continue;
    const flags = reader.get("Folio", entry, "flags");
    const marked = flags & READAHEAD ? PageState.marked : 0;
    states[index] = (flags & UPTODATE ? PageState.cached : PageState.reading) | marked;
  }
  return states;
}

/**
 * Lets a program go through a file of FILE_PAGES pages that is not cached, and looks after each call what was read ahead.
 *
 * @param disk  "flash" or "rotating".
 * @throws RangeError  for a pattern that there is not.
 */
export async function runReadAhead(pattern: string, disk: "flash" | "rotating" = "flash"): Promise<ReadStep[]> {
  const found = READ_PATTERNS.find(({ name }) => name === pattern);
  if (!found) {
    throw new RangeError(
      `patterns are ${READ_PATTERNS.map(({ name }) => name).join(", ")}, not ${JSON.stringify(pattern)}`,
    );
  }
  const kernel = await Kernel.boot({ device: { disk: { kind: disk } } });
  kernel.world.file(PATH, { size: FILE_PAGES * PAGE, seed: 1 });
  const steps: ReadStep[] = [];
  let last = { cacheHits: 0, cacheMisses: 0 };
  let place: ReturnType<typeof openFile> | null = null;
  const note = (page: number, pages: number) => {
    place ??= openFile(kernel);
    const { cacheHits, cacheMisses } = task.counters;
    steps.push({
      tick: kernel.ticks,
      time: kernel.now,
      page,
      pages,
      hits: cacheHits - last.cacheHits,
      misses: cacheMisses - last.cacheMisses,
      ...windowOf(new Reader(kernel.memory), place),
    });
    last = { cacheHits, cacheMisses };
  };
  const task = kernel.spawn("reader", function* (sys) {
    yield* found.read(sys, yield* sys.open(PATH, O_RDONLY), note);
  });
  kernel.run();
  return steps;
}

function windowOf(reader: Reader, { ra, inode }: ReturnType<typeof openFile>) {
  return {
    start: reader.get("FileRaState", ra, "start"),
    size: reader.get("FileRaState", ra, "size"),
    asyncSize: reader.get("FileRaState", ra, "async_size"),
    raPages: reader.get("FileRaState", ra, "ra_pages"),
    states: statesOf(reader, inode),
  };
}
