import { describe, expect, test } from "vitest";
import { KERNEL_BASE, type Ptr } from "../../lib/machine/memory.ts";
import { Threads } from "../fs/threads.ts";

const PAGE = 4096;
const [RANDOM, SEQUENTIAL, WILLNEED, DONTNEED] = [1, 2, 3, 4];
const NOWAIT = 8;
const EAGAIN = 11;

/** A reader of a file that lies on the disk, and which windows its reads have asked for. */
class Reader {
  readonly t: Threads;
  readonly fd: number;
  #seen = 0;

  constructor(t: Threads) {
    this.t = t;
    this.fd = this.open();
  }

  static async of(pages = 1024): Promise<Reader> {
    const t = await Threads.boot();
    t.kernel.world.file("/file", { size: pages * PAGE, seed: 7 });
    return new Reader(t);
  }

  open(): number {
    return this.t.now(0, "open", { in: "/file\0" }, 0, 0);
  }

  /** Reads pages, and waits until everything is there that was asked of the disk. @returns the windows: `0-3`. */
  read(index: number, pages = 1, fd = this.fd): string[] {
    const bytes = pages * PAGE;
    expect(this.t.soon(0, "pread64", fd, { out: bytes }, bytes, index * PAGE)).toBe(bytes);
    return this.windows();
  }

  advise(advice: number, index = 0, pages = 0): string[] {
    expect(this.t.now(0, "fadvise64", this.fd, index * PAGE, pages * PAGE, advice)).toBe(0);
    return this.windows();
  }

  /** The windows that were asked for since this was last asked. */
  windows(): string[] {
    while (this.t.elapse());
    const { kernel } = this.t;
    const records = Array.from(kernel.trace.filter({ event: "page_cache_ra_unbounded", from: this.#seen }));
    this.#seen = kernel.ticks;
    return records.map(({ args }) => `${Number(args[1])}-${Number(args[1]) + Number(args[2]) - 1}`);
  }
}

describe("read-ahead with windows of at most 32 pages", () => {
  test.each([
    [1, "0-3"],
    [2, "0-3"],
    [4, "0-7"],
    [8, "0-15"],
    [16, "0-31"],
  ])("PC-2: a first read of %i pages at the beginning reads %s", async (pages, window) => {
    const [first] = (await Reader.of()).read(0, pages);
    expect(first).toBe(window);
  });

  test("PC-1, PC-3: a sequential reader's windows grow, and each begins before it is needed", async () => {
    const reader = await Reader.of();
    const begun: Record<number, string[]> = {};
    for (let page = 0; page < 100; page++) {
      const windows = reader.read(page);
      if (windows.length > 0) begun[page] = windows;
    }
    expect(begun).toEqual({
      0: ["0-3"],
      1: ["4-11"],
      4: ["12-27"],
      12: ["28-59"],
      28: ["60-91"],
      60: ["92-123"],
      92: ["124-155"],
    });
  });

  test("folios have one page here, so that no window is rounded to larger ones", async () => {
    const reader = await Reader.of();
    for (let page = 0; page < 12; page++) reader.read(page);
    expect(reader.read(12)).toEqual(["28-59"]);
  });

  test("PC-5: a first read of a whole window begins the next one in the same call", async () => {
    expect((await Reader.of()).read(0, 32)).toEqual(["0-31", "32-63"]);
  });

  test("PC-6, PC-7: a read somewhere reads what it wants; the next page is a sequence, which begins a window", async () => {
    const reader = await Reader.of();
    expect(reader.read(500)).toEqual(["500-500"]);
    expect(reader.read(700, 2)).toEqual(["700-701"]);
    expect(reader.read(600)).toEqual(["600-600"]);
    expect(reader.read(601)).toEqual(["601-604"]);
    // Another open file has a position of its own.
    const other = reader.open();
    reader.read(800);
    expect(reader.read(801, 1, other)).toEqual(["801-801"]);
  });

  test("PC-8: advice: here and there reads nothing ahead, sequential doubles windows, will-need reads it all", async () => {
    const random = await Reader.of();
    random.advise(RANDOM);
    expect(random.read(0)).toEqual(["0-0"]);
    const sequential = await Reader.of();
    sequential.advise(SEQUENTIAL);
    expect(sequential.read(0, 32)).toEqual(["0-63"]);
    const needed = await Reader.of();
    expect(needed.advise(WILLNEED, 10, 256)).toEqual(["10-265"]);
    expect(needed.read(100, 64)).toEqual([]);
  });

  test("PC-9, PC-10: pages that are let go are read anew, and not without waiting", async () => {
    const reader = await Reader.of(8);
    const { t, fd } = reader;
    const nowait = () => t.now(0, "preadv2", fd, { iov: [{ out: 8 }] }, 1, 0, 0, NOWAIT);
    expect(nowait()).toBe(-EAGAIN);
    expect(reader.windows()).toEqual([]);
    reader.read(0);
    expect(nowait()).toBe(8);
    reader.advise(DONTNEED);
    expect(nowait()).toBe(-EAGAIN);
    expect(reader.read(0)).not.toEqual([]);
    expect(t.kernel.check()).toEqual([]);
  });

  test("PC-11: they have 128 KiB, whatever the disk", async () => {
    const { memory } = (await Reader.of()).t.kernel;
    const cache = memory.get("Kernel", KERNEL_BASE, "page_cache");
    expect(memory.get("PageCache", cache as Ptr<"PageCache">, "ra_pages")).toBe(32);
  });
});

test("where memory ends reading ahead does: what was asked for is read, and nothing is lost", async () => {
  const { t, fd } = await Reader.of();
  for (let nth = 1; nth < 8; nth++) {
    t.kernel.faults.failAllocation({ nth, of: "frames" });
    expect(t.now(0, "readahead", fd, 64 * nth * PAGE, 5 * PAGE)).toBe(0);
    t.kernel.run();
    expect(t.kernel.check()).toEqual([]);
  }
});

describe("writing", () => {
  /** How often the disk has moved bytes since a file was opened to be written. */
  async function transfers(bytes: number, offset: number): Promise<number> {
    const t = await Threads.boot();
    t.kernel.world.file("/file", { size: 3 * PAGE + 100, seed: 7 });
    const fd = t.now(0, "open", { in: "/file\0" }, 2, 0);
    expect(t.soon(0, "pwrite64", fd, { in: "x".repeat(bytes) }, bytes, offset)).toBe(bytes);
    return t.kernel.counters.dmaTransfers;
  }

  test.each([
    ["a whole page", PAGE, PAGE, 0],
    ["a part of a page that is not in memory", 10, PAGE + 5, 1],
    ["a part of a page behind the end", 10, 5 * PAGE + 5, 0],
  ])("DW-1: %s: what has to be read first", async (_what, bytes, offset, expected) => {
    expect(await transfers(bytes, offset)).toBe(expected);
  });
});
