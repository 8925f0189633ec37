import { FILE_PAGES, PageState, READ_PATTERNS } from "./patterns.ts";
import { O_RDONLY } from "../machine/constants.ts";
import { PAGE } from "./buffer.ts";
import { Reader, embedOffset } from "../see/reader.ts";
import { cacheEntries, mappingOf } from "../see/page-cache.ts";
import { Kernel } from "../kernel.ts";
import { layout } from "../layout.gen.ts";

const PATH = "/file";
const { READAHEAD, UPTODATE } = layout.enums.PageFlags.values;

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
