import { describe, expect, test } from "vitest";
import { type BootOptions, type Kernel, type Program, type Sys } from "../../lib/index.ts";
import { boot } from "../support/boot.ts";

const PAGE = 4096;
const MIB = 1 << 20;

async function machine(options: BootOptions = {}): Promise<Kernel> {
  const kernel = await boot({ memoryLimit: 12 * MIB, ...options });
  kernel.world.file("/hot", { size: 2 * MIB, seed: 1 });
  kernel.world.file("/stream", { size: 64 * MIB, seed: 2 });
  return kernel;
}

function run(kernel: Kernel, program: Program): unknown {
  const task = kernel.spawn("main", program);
  kernel.run();
  expect(kernel.check()).toEqual([]);
  return task.result;
}

/** Reads a file in pieces of 64 KiB, a number of times. */
function* read(sys: Sys, fd: number, bytes: number, times = 1) {
  const buffer = sys.buffer(16 * PAGE);
  for (let time = 0; time < times; time++) {
    for (let at = 0; at < bytes; at += 16 * PAGE) expect(yield* sys.pread64(fd, buffer, 16 * PAGE, at)).toBe(16 * PAGE);
  }
}

/** How many pages of the hot file the disk is not asked for while it is read once more. */
function* survivors(kernel: Kernel, sys: Sys, hot: number) {
  const before = kernel.counters.dmaBytes;
  yield* read(sys, hot, 2 * MIB);
  return 512 - (kernel.counters.dmaBytes - before) / PAGE;
}

describe("a file larger than the memory", () => {
  test("streams through; what is read once is taken away again", async () => {
    const kernel = await machine();
    run(kernel, function* (sys) {
      const fd = yield* sys.open("/stream", 0);
      yield* read(sys, fd, 64 * MIB);
    });
    const stat = kernel.vmstat;
    expect(stat.nr_free_pages).toBeGreaterThan(0);
    expect(stat.nr_inactive_file).toBeGreaterThan(1000);
    expect(stat.nr_active_file).toBe(0);
    expect(stat.pgsteal_kswapd + stat.pgsteal_direct).toBe(64 * 256 - stat.nr_inactive_file);
    expect(stat.workingset_refault_file).toBe(0);
  });

  test("is written through: writers wait for the disk, and nothing is lost", async () => {
    const kernel = await machine();
    run(kernel, function* (sys) {
      const fd = yield* sys.open("/new", 0o102, 0o600);
      const buffer = sys.buffer(16 * PAGE);
      for (let piece = 0; piece < 512; piece++) {
        buffer.set(`piece ${piece}.`);
        expect(yield* sys.write(fd, buffer)).toBe(16 * PAGE);
      }
      for (let piece = 0; piece < 512; piece += 37) {
        expect(yield* sys.pread64(fd, buffer, 16 * PAGE, piece * 16 * PAGE)).toBe(16 * PAGE);
        expect(buffer.text(12)).toMatch(new RegExp(`^piece ${piece}\\.`));
      }
    });
    expect(kernel.vmstat.nr_written).toBeGreaterThan(4096);
  });

  test("on a machine without a ceiling everything stays", async () => {
    const kernel = await machine({ memoryLimit: 0 });
    run(kernel, function* (sys) {
      yield* read(sys, yield* sys.open("/stream", 0), 16 * MIB);
    });
    expect(kernel.vmstat).toMatchObject({ pgsteal_kswapd: 0, pgsteal_direct: 0, pageoutrun: 0 });
    expect(kernel.vmstat.nr_inactive_file).toBeGreaterThanOrEqual(4096);
  });
});

describe("which pages stay", () => {
  test("LR-1: the first use leaves a page inactive, the second makes it active", async () => {
    const kernel = await machine();
    run(kernel, function* (sys) {
      const hot = yield* sys.open("/hot", 0);
      yield* read(sys, hot, 2 * MIB);
      expect(kernel.vmstat).toMatchObject({ nr_inactive_file: 512, nr_active_file: 0, pgactivate: 0 });
      yield* read(sys, hot, 2 * MIB);
      expect(kernel.vmstat).toMatchObject({ nr_inactive_file: 0, nr_active_file: 512, pgactivate: 512 });
    });
  });

  test("LR-4: pages that were read once do not survive a stream", async () => {
    const kernel = await machine();
    const left = run(kernel, function* (sys) {
      const hot = yield* sys.open("/hot", 0);
      yield* read(sys, hot, 2 * MIB);
      yield* read(sys, yield* sys.open("/stream", 0), 64 * MIB);
      return yield* survivors(kernel, sys, hot);
    });
    expect(left).toBe(0);
  });

  test("LR-3: pages that were read twice survive a stream that is read once, on a machine where nothing else happens", async () => {
    const kernel = await machine();
    const left = run(kernel, function* (sys) {
      const hot = yield* sys.open("/hot", 0);
      yield* read(sys, hot, 2 * MIB, 2);
      yield* read(sys, yield* sys.open("/stream", 0), 64 * MIB);
      return yield* survivors(kernel, sys, hot);
    });
    expect(left).toBe(512);
  });

  test("LR-6: a page that comes back soon after it was taken away is active at once", async () => {
    const kernel = await machine();
    run(kernel, function* (sys) {
      const hot = yield* sys.open("/hot", 0);
      const stream = yield* sys.open("/stream", 0);
      yield* read(sys, hot, 2 * MIB, 2);
      // Reads so much that its own first pages were taken away not long ago, as measured by the 512 active ones.
      let end = 4 * MIB;
      const { pgsteal_kswapd, pgsteal_direct } = kernel.vmstat;
      for (; kernel.vmstat.pgsteal_kswapd + kernel.vmstat.pgsteal_direct < 128; end += 16 * PAGE) {
        yield* sys.pread64(stream, sys.buffer(16 * PAGE), 16 * PAGE, end);
      }
      expect(pgsteal_kswapd + pgsteal_direct).toBe(0);
      const active = kernel.vmstat.nr_active_file;
      yield* sys.pread64(stream, sys.buffer(PAGE), PAGE, 4 * MIB);
      expect(kernel.vmstat.workingset_refault_file).toBeGreaterThan(0);
      expect(kernel.vmstat.workingset_activate_file).toBe(kernel.vmstat.workingset_refault_file);
      expect(kernel.vmstat.nr_active_file).toBeGreaterThan(active);
      expect(kernel.vmstat.workingset_restore_file).toBe(0);
    });
  });

  test("LR-7: pages that were active before are missed more: they count as thrashing when they come back", async () => {
    const kernel = await machine();
    run(kernel, function* (sys) {
      const stream = yield* sys.open("/stream", 0);
      // More than fits is used all the time.
      yield* read(sys, stream, 16 * MIB, 6);
    });
    const stat = kernel.vmstat;
    expect(stat.workingset_refault_file).toBeGreaterThan(4096);
    expect(stat.workingset_activate_file).toBeLessThanOrEqual(stat.workingset_refault_file);
  });
});

test("memory for programs comes from files, and -ENOMEM only when no file has any", async () => {
  const kernel = await machine();
  run(kernel, function* (sys) {
    yield* read(sys, yield* sys.open("/stream", 0), 32 * MIB);
    const before = kernel.vmstat;
    expect(before.nr_inactive_file).toBeGreaterThan(1500);
    const buffers = [];
    for (let i = 0; i < 6; i++) buffers.push(sys.buffer(MIB));
    for (const buffer of buffers) buffer.set(new Uint8Array(MIB).fill(7));
    expect(kernel.vmstat.nr_inactive_file + kernel.vmstat.nr_active_file).toBeLessThan(before.nr_inactive_file - 900);
    for (const buffer of buffers) expect(buffer.bytes()[MIB - 1]).toBe(7);
  });
});

test("shadows are forgotten when there are more than memory has frames", async () => {
  const kernel = await machine();
  run(kernel, function* (sys) {
    yield* read(sys, yield* sys.open("/stream", 0), 64 * MIB);
  });
  const pgdat = kernel.memory.get("Kernel", 0x20000, "pgdat");
  expect(kernel.memory.get("PgData", pgdat as never, "nr_shadows")).toBeLessThan(3 * 3072);
});
