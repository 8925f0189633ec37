import { MAP_SHARED, O_RDONLY, PROT_READ, type Program, type Sys } from "../../lib/index.ts";
import { expect, test } from "vitest";
import { boot } from "../support/boot.ts";

const PAGE = 4096;
const MIB = 1 << 20;

/** Runs a program on a machine of 12 MiB, with three files. */
async function run(program: (kernel: Awaited<ReturnType<typeof boot>>) => Program): Promise<void> {
  const kernel = await boot({ memoryLimit: 12 * MIB });
  kernel.world.file("/mapped", { size: MIB, seed: 1 });
  kernel.world.file("/read", { size: MIB, seed: 2 });
  kernel.world.file("/stream", { size: 64 * MIB, seed: 3 });
  kernel.spawn("main", program(kernel));
  kernel.run();
  expect(kernel.check()).toEqual([]);
}

/** How many pages of a mapping are in the page cache. */
function* cached(sys: Sys, at: number) {
  const pages = sys.buffer(MIB / PAGE);
  yield* sys.mincore(at, MIB, pages);
  return pages.bytes().filter((page) => page & 1).length;
}

/** Maps a file of 1 MiB. */
function* map(sys: Sys, path: string) {
  return yield* sys.mmap(0, MIB, PROT_READ, MAP_SHARED, yield* sys.open(path, O_RDONLY), 0);
}

test("LR-2: what is mapped and was used gets one round more than what was read; then it goes as well", async () => {
  await run(() => {
    return function* (sys) {
      const mapped = yield* map(sys, "/mapped");
      const seen = yield* map(sys, "/read");
      for (let at = 0; at < MIB; at += PAGE) yield* sys.load(mapped + at, 1);
      const file = yield* sys.open("/read", O_RDONLY);
      for (let at = 0; at < MIB; at += 16 * PAGE) yield* sys.pread64(file, sys.buffer(16 * PAGE), 16 * PAGE, at);
      const stream = yield* sys.open("/stream", O_RDONLY);
      const buffer = sys.buffer(16 * PAGE);
      while ((yield* cached(sys, seen)) > 0) expect(yield* sys.read(stream, buffer)).toBe(16 * PAGE);
      expect(yield* cached(sys, mapped)).toBe(MIB / PAGE);
      while ((yield* sys.read(stream, buffer)) > 0);
      expect(yield* cached(sys, mapped)).toBe(0);
    };
  });
});

test("LR-2: what is dirty stays until it is written; then it goes, and comes back from the disk", async () => {
  await run((kernel) => {
    return function* (sys) {
      const file = yield* sys.open("/written", 0o102, 0o600);
      yield* sys.write(file, new Uint8Array(8 * PAGE).fill(5));
      const stream = yield* sys.open("/stream", O_RDONLY);
      const buffer = sys.buffer(16 * PAGE);
      while ((yield* sys.read(stream, buffer)) > 0);
      // Whether the writing has begun by now depends on who has looked for memory: the thread, or the reader itself.
      expect(kernel.vmstat.nr_dirty + kernel.vmstat.nr_written).toBe(8);
      expect(kernel.vmstat.nr_vmscan_immediate_reclaim).toBeGreaterThan(0);
      yield* sys.nanosleep({ sec: 36, nsec: 0 });
      expect(kernel.vmstat).toMatchObject({ nr_dirty: 0, nr_written: 8 });
      yield* sys.lseek(stream, 0, 0);
      while ((yield* sys.read(stream, buffer)) > 0);
      expect(kernel.world.disk.read("/written").every((byte) => byte === 5)).toBe(true);
      const { dmaBytes } = kernel.counters;
      expect(yield* sys.pread64(file, buffer, 8 * PAGE, 0)).toBe(8 * PAGE);
      expect(kernel.counters.dmaBytes - dmaBytes).toBe(8 * PAGE);
      expect(buffer.bytes(8 * PAGE).every((byte) => byte === 5)).toBe(true);
    };
  });
});

test("LR-8: pieces of a page that are read one behind the other are one use of it; reading it after another page is a second", async () => {
  await run((kernel) => {
    return function* (sys) {
      const file = yield* sys.open("/read", O_RDONLY);
      const buffer = sys.buffer(512);
      for (let piece = 0; piece < 8; piece++) yield* sys.read(file, buffer);
      expect(kernel.vmstat).toMatchObject({ nr_active_file: 0, pgactivate: 0 });
      yield* sys.pread64(file, buffer, 512, 5 * PAGE);
      yield* sys.lseek(file, 0, 0);
      for (let piece = 0; piece < 8; piece++) yield* sys.read(file, buffer);
      expect(kernel.vmstat).toMatchObject({ nr_active_file: 1, pgactivate: 1 });
    };
  });
});
