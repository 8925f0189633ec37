import {
  type Kernel,
  MADV_RANDOM,
  MADV_SEQUENTIAL,
  MAP_SHARED,
  O_RDONLY,
  O_RDWR,
  PROT_READ,
  PROT_WRITE,
  SIGTERM,
  type Sys,
} from "../../lib/index.ts";
import { describe, expect, test } from "vitest";
import type { PendingCall } from "../../lib/machine/call.ts";
import { boot } from "../support/boot.ts";

const PAGE = 4096;
const MIB = 1 << 20;
const PAGES = MIB / PAGE;

type Steps = Generator<PendingCall, void, number>;

/** Runs a program on a machine of 12 MiB, with a file to be mapped and one that is larger than the memory. */
async function run(program: (sys: Sys, kernel: Kernel) => Steps): Promise<void> {
  const kernel = await boot({ memoryLimit: 12 * MIB });
  kernel.world.file("/mapped", { size: MIB, seed: 1 });
  kernel.world.file("/stream", { size: 64 * MIB, seed: 2 });
  kernel.spawn("main", (sys) => program(sys, kernel));
  expect(kernel.run().sleeping).toEqual([]);
  expect(kernel.check()).toEqual([]);
}

/** Maps the first file. */
function* map(sys: Sys, advice = 0) {
  const fd = yield* sys.open("/mapped", O_RDWR);
  const at = yield* sys.mmap(0, MIB, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  yield* sys.madvise(at, MIB, advice);
  yield* sys.close(fd);
  return at;
}

/** Loads a byte of every page. */
function* touch(sys: Sys, at: number): Steps {
  for (let page = 0; page < PAGES; page++) yield* sys.load(at + page * PAGE, 1);
}

/** Reads the large file, all of it or some. @param between  what happens after every MiB. */
function* stream(sys: Sys, mibs = 64, between?: () => Steps): Steps {
  const fd = yield* sys.open("/stream", O_RDONLY);
  const buffer = sys.buffer(16 * PAGE);
  for (let mib = 0; mib < mibs; mib++) {
    for (let piece = 0; piece < 16; piece++) yield* sys.read(fd, buffer);
    if (between) yield* between();
  }
  yield* sys.close(fd);
}

function* nothing(): Steps {}

/** The folios of the mapped file, alike ones together: how many, how often mapped, referred to, and their list. */
function folios(kernel: Kernel) {
  const { objects } = kernel.inspect();
  const inode = objects.find((object) => object.struct === "Inode" && object.name === "/mapped")?.address;
  return objects.flatMap((object) =>
    object.struct === "Folio" && object.inode === inode
      ? [{ pages: object.count, mapcount: object.mapcount, refcount: object.refcount, lru: object.lru }]
      : [],
  );
}

/** Number of pages of the mapped file that are in memory. */
function present(kernel: Kernel): number {
  return folios(kernel).reduce((sum, { pages }) => sum + pages, 0);
}

/** Number of pages that each address space has mapped. */
function rss(kernel: Kernel): number[] {
  return kernel.inspect().objects.flatMap((object) => (object.struct === "MmStruct" ? [object.rss] : []));
}

/** All pages are in the page cache, mapped so often, and on that list. */
const all = (mapcount: number, lru: string) => [{ pages: PAGES, mapcount, refcount: 1 + mapcount, lru }];

describe("LR-2: mapped pages, and a stream that is larger than the memory", () => {
  test("those that are loaded from now and then become active and stay, without a fault", async () => {
    await run(function* (sys, kernel) {
      const at = yield* map(sys);
      yield* touch(sys, at);
      expect(folios(kernel)).toEqual(all(1, "inactive"));
      const { majorFaults } = kernel.counters;
      yield* stream(sys, 64, () => touch(sys, at));
      expect(kernel.counters.majorFaults).toBe(majorFaults);
      expect(folios(kernel)).toEqual(all(1, "active"));
    });
  });

  test("those that nobody loads from are taken out of the page tables, and come back from the disk", async () => {
    await run(function* (sys, kernel) {
      const at = yield* map(sys);
      yield* touch(sys, at);
      const before = yield* sys.load(at, MIB);
      const [filled = 0] = rss(kernel);
      yield* stream(sys);
      expect(folios(kernel)).toEqual([]);
      // The stream's buffer has pages too.
      expect(rss(kernel)).toEqual([filled - PAGES + 16]);
      const { majorFaults, dmaBytes } = kernel.counters;
      expect(Buffer.compare(yield* sys.load(at, MIB), before)).toBe(0);
      expect(kernel.counters.dmaBytes - dmaBytes).toBe(MIB);
      expect(kernel.counters.majorFaults).toBeGreaterThan(majorFaults);
      expect(folios(kernel)).toEqual(all(1, "inactive"));
    });
  });

  test("those of several processes go from all of them, or stay for all: one that loads is enough", async () => {
    for (const loads of [false, true]) {
      await run(function* (sys, kernel) {
        // With the advice it does not count that all of them have loaded from it: it would make the pages active at once.
        const advice = loads ? 0 : MADV_SEQUENTIAL;
        const at = yield* map(sys, advice);
        const again = yield* map(sys, advice);
        yield* sys.fork(function* (child) {
          yield* touch(child, at);
          yield* child.pause();
        });
        yield* sys.nanosleep({ sec: 1, nsec: 0 });
        for (const area of [at, again]) yield* touch(sys, area);
        expect(folios(kernel)).toEqual(all(3, "inactive"));
        yield* stream(sys, 64, () => (loads ? touch(sys, again) : nothing()));
        expect(folios(kernel)).toEqual(loads ? all(3, "active") : []);
        const pages = loads ? PAGES : 0;
        expect(rss(kernel)).toEqual([17 + 2 * pages, 1 + pages]);
        yield* sys.kill(0, SIGTERM);
      });
    }
  });

  test.each([MADV_SEQUENTIAL, MADV_RANDOM])(
    "those of an area with the advice %i go in spite of that",
    async (advice) => {
      await run(function* (sys, kernel) {
        const at = yield* map(sys, advice);
        yield* touch(sys, at);
        let least = PAGES;
        yield* stream(sys, 32, function* () {
          least = Math.min(least, present(kernel));
          yield* touch(sys, at);
        });
        expect(least).toBeLessThan(PAGES / 4);
        expect(kernel.vmstat.pgactivate).toBe(0);
      });
    },
  );

  test("those that are locked in memory stay, loaded from or not", async () => {
    await run(function* (sys, kernel) {
      const at = yield* map(sys);
      expect(yield* sys.mlock(at, MIB)).toBe(0);
      yield* stream(sys);
      expect(folios(kernel)).toEqual(all(1, "active"));
    });
  });

  test("those that were stored to are written to the disk first", async () => {
    await run(function* (sys, kernel) {
      const at = yield* map(sys);
      yield* sys.store(at, new Uint8Array(MIB).fill(9));
      yield* stream(sys);
      expect(folios(kernel).map((folio) => folio.mapcount)).toEqual([0]);
      yield* sys.nanosleep({ sec: 36, nsec: 0 });
      yield* stream(sys);
      expect(folios(kernel)).toEqual([]);
      expect(kernel.world.disk.read("/mapped").every((byte) => byte === 9)).toBe(true);
      expect((yield* sys.load(at + MIB - 4, 4)).join()).toBe("9,9,9,9");
    });
  });
});
