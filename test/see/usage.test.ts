import { describe, expect, test } from "vitest";
import { IOCB_CMD_PREAD, Kernel, O_DIRECT, type Program } from "../../lib/index.ts";
import { KERNEL_BASE, Reader } from "../../lib/see/reader.ts";
import { Population, slabs } from "../../lib/see/population.ts";
import { memoryUsage } from "../../lib/see/usage.ts";
import { layout } from "../../lib/layout.gen.ts";
import { busyMachine, socketMachine } from "./machine.ts";

/** A program that reads a file through the page cache, and asks for some of it past it. */
const program: Program = function* (sys) {
  const fd = yield* sys.open("/data", 0);
  yield* sys.read(fd, sys.buffer(16_384), 16_384);
  const direct = yield* sys.open("/data", O_DIRECT);
  const context = { value: 0 };
  yield* sys.io_setup(4, context);
  const buf = sys.buffer(8192);
  yield* sys.io_submit(context.value, [sys.iocb({ opcode: IOCB_CMD_PREAD, fd: direct, buf, offset: 32_768 })]);
  yield* sys.nanosleep({ sec: 1, nsec: 0 });
};

async function fileMachine(): Promise<Kernel> {
  const kernel = await Kernel.boot({ seed: 1 });
  kernel.world.file("/data", { size: 65_536, seed: 1 });
  kernel.spawn("reader", program);
  kernel.run();
  kernel.seek([...kernel.trace].find(({ event }) => event === "iomap_dio_rw")!.tick + 4);
  return kernel;
}

describe.each([
  ["pipes and eventpolls", busyMachine],
  ["sockets", socketMachine],
  ["files", fileMachine],
] as const)("of a machine with %s", (_, start) => {
  test("the slab caches are as the kernel's own figures have them", async () => {
    const kernel = await start();
    const reader = new Reader(kernel.memory);
    const { caches } = kernel.memoryUsage();
    const own = new Map(slabs(reader).map(({ cache, type }) => [type.replace("Kmalloc_", "kmalloc-"), cache]));
    expect(caches.length).toBeGreaterThan(10);
    for (const { name, inUse, slabs: count, objects, objectsPerSlab } of caches) {
      const cache = own.get(name)!;
      expect(inUse, name).toBe(reader.get("KmemCache", cache, "active"));
      expect(count, name).toBe(reader.get("KmemCache", cache, "nr_slabs"));
      expect(objects, name).toBe(count * objectsPerSlab);
    }
    const names = caches.map(({ name }) => name.replace("kmalloc-", "Kmalloc_"));
    expect(names.filter((name) => !(name in layout.enums.CacheType.values))).toEqual([]);
    expect(names.filter((name) => name.startsWith("Device"))).toEqual([]);
  });

  test("every frame is counted once, and the figures are those of the allocator and of /proc/vmstat", async () => {
    const kernel = await start();
    const reader = new Reader(kernel.memory);
    const { frames, caches } = kernel.memoryUsage();
    const { total, pinned, ...parts } = frames;
    expect(Object.values(parts).reduce((sum, count) => sum + count, 0)).toBe(total);
    expect(pinned).toBeLessThanOrEqual(total - frames.free);
    const zone = reader.get("Kernel", KERNEL_BASE, "zone");
    expect(frames.free).toBe(reader.get("Zone", zone, "free_pages"));
    expect(frames.activeFile).toBe(kernel.vmstat.nr_active_file);
    expect(frames.inactiveFile).toBe(kernel.vmstat.nr_inactive_file);
    expect(frames.slab * 4096).toBe(caches.reduce((sum, { bytes }) => sum + bytes, 0));
    const mms = new Population(slabs(reader)).of("MmStruct");
    const rss = mms.reduce((sum, mm) => sum + reader.get("MmStruct", mm, "rss"), 0);
    expect(frames.user).toBeGreaterThan(0);
    expect(frames.user).toBeLessThanOrEqual(rss);
  });
});

test("the pages that the disk moves bytes into are pinned as long as it is at them", async () => {
  const kernel = await fileMachine();
  expect(kernel.memoryUsage().frames.pinned).toBe(2);
  kernel.seek([...kernel.trace].find(({ event }) => event === "aio_complete")!.tick);
  expect(kernel.memoryUsage().frames.pinned).toBe(0);
});

test("a memory that is nothing but noise has no figures, and nothing is thrown", () => {
  const noise = new Uint8Array(1 << 20).map((_, i) => (i * 2_654_435_761) >>> 13);
  expect(() => memoryUsage({ view: new DataView(noise.buffer) })).not.toThrow();
});
