import { MAP_SHARED, POSIX_FADV_RANDOM, POSIX_FADV_SEQUENTIAL, PROT_READ } from "../machine/constants.ts";
import { PAGE, usedBuffer } from "./buffer.ts";
import type { Stretch } from "../roads/road.ts";
import type { Sys } from "../machine/sys.ts";

/** Length of the file that is read. Unit: pages. */
export const FILE_PAGES = 256;

/** What a page of a file is in the page cache: not there, asked of the disk, there; the last two may be marked. */
export const PageState = { absent: 0, reading: 1, cached: 2, marked: 4 } as const;

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
