import "../support/seed.ts";
import { AF_INET, type DeviceOptions, type Kernel, POSIX_FADV_DONTNEED, ROADS, SOCK_STREAM } from "../../lib/index.ts";
import { difference, inUse } from "../support/in-use.ts";
import { expect, test } from "vitest";
import { boot } from "../support/boot.ts";
import fc from "fast-check";
import { walkLap } from "./lap.ts";

const MIB = 1 << 20;

/** Devices that work in other ways, at other speeds. */
const devices: fc.Arbitrary<DeviceOptions> = fc.record({
  dma: fc.boolean(),
  scatterGather: fc.boolean(),
  checksum: fc.boolean(),
  disk: fc.oneof(
    fc.record({
      kind: fc.constant("flash" as const),
      latency: fc.nat(200_000),
      queueDepth: fc.constantFrom(1, 2, 32),
      bandwidth: fc.constantFrom(10_000_000, 3_500_000_000),
    }),
    fc.record({ kind: fc.constant("rotating" as const), queueDepth: fc.constantFrom(1, 8) }),
  ),
  nic: fc.record({ latency: fc.nat(1_000_000), bandwidth: fc.constantFrom(1_000_000, 1_250_000_000) }),
});

/** Sizes around pages and around nothing in particular. */
const sizes = fc.oneof(
  fc.integer({ min: 1, max: 300_000 }),
  fc.constantFrom(1, 511, 512, 513, 4095, 4096, 4097, 8192, 65_535, 65_536, 65_537),
);

/** What goes wrong. */
const troubles = fc.record({
  reads: fc.constantFrom(0, 0, 1, 3),
  sector: fc.nat(600),
  drop: fc.constantFrom(0, 0, 1, 4),
  direction: fc.constantFrom("in" as const, "out" as const),
  objects: fc.constantFrom(0, 0, 0.001, 0.02),
  frames: fc.constantFrom(0, 0, 0.002, 0.05),
});

const laps = fc.record({
  road: fc.constantFrom(...ROADS),
  size: sizes,
  chunk: fc.oneof(fc.integer({ min: 1000, max: 300_000 }), fc.constantFrom(4096, 65_536)),
  warm: fc.constantFrom(0, 4096, 100_000, 300_000),
  device: devices,
  memoryLimit: fc.constantFrom(0, 3 * MIB, 4 * MIB, 8 * MIB),
  cpus: fc.integer({ min: 1, max: 4 }),
  troubles,
});

/** The file's pages leave the page cache; connections that have ended are forgotten. */
function dropCaches(kernel: Kernel): void {
  kernel.spawn("dropper", function* (sys) {
    const file = yield* sys.open("/file", 0);
    yield* sys.fadvise64(file, 0, 0, POSIX_FADV_DONTNEED);
    yield* sys.nanosleep({ sec: 70, nsec: 0 });
    yield* sys.bind(yield* sys.socket(AF_INET, SOCK_STREAM), { port: 1 });
  });
  kernel.run();
}

test("whatever the road and the trouble: what arrives is the file or its beginning, and nothing is left over", async () => {
  await fc.assert(
    fc.asyncProperty(laps, async ({ road, size, chunk, warm, device, memoryLimit, cpus, troubles }) => {
      const kernel = await boot({
        cpus,
        memoryLimit,
        trace: false,
        device: { ...device, ...road.device },
      });
      kernel.world.file("/file", { size, seed: size });
      const lap = { road, path: "/file", size, chunk: Math.min(chunk, size), warm };
      expect(walkLap(kernel, { ...lap, port: 80 })).toEqual({ said: size, received: size, right: true });
      dropCaches(kernel);
      expect(kernel.check()).toEqual([]);
      const before = inUse(kernel);
      const { reads, sector, drop, direction, objects, frames } = troubles;
      const outcome = walkLap(
        kernel,
        { ...lap, port: 81 },
        {
          started: () => {
            if (reads) {
              const where = sector * 512 < size ? { sector } : {};
              kernel.world.disk.failNext({ operation: "read", path: "/file", count: reads, ...where });
            }
            if (drop) kernel.world.nic.drop({ count: drop, direction });
            kernel.faults.failAllocation({ of: "objects", probability: objects });
            kernel.faults.failAllocation({ of: "frames", probability: frames });
          },
        },
      );
      kernel.faults.clear();
      expect(kernel.check()).toEqual([]);
      expect(outcome.right, JSON.stringify(outcome)).toBe(true);
      if (outcome.said === size) expect(outcome.received).toBe(size);
      else expect(typeof outcome.said === "string" || outcome.said < 0, JSON.stringify(outcome)).toBe(true);
      if (!reads && !objects && !frames) expect(outcome.said).toBe(size);
      // And all works again; a read that has not failed yet may do so now.
      const again = walkLap(kernel, { ...lap, port: 82 });
      expect(again).toEqual(reads ? { ...again, right: true } : { said: size, received: size, right: true });
      dropCaches(kernel);
      expect(difference(before, inUse(kernel))).toEqual({});
      expect(kernel.check()).toEqual([]);
    }),
    { numRuns: Number(process.env["IOPATH_RUNS"] ?? 60) },
  );
}, 120_000);

const small = fc.record({
  road: fc.constantFrom(...ROADS),
  size: fc.integer({ min: 1, max: 30_000 }),
  device: devices,
  cpus: fc.integer({ min: 1, max: 3 }),
  warm: fc.constantFrom(0, 8192),
  troubles,
  ticks: fc.array(fc.nat(1_000_000), { minLength: 12, maxLength: 12 }),
});

test("on whatever road, every rule of the structures holds after every tick", async () => {
  await fc.assert(
    fc.asyncProperty(small, async ({ road, size, device, cpus, warm, troubles, ticks }) => {
      const kernel = await boot({ cpus, memoryLimit: 8 * MIB, device: { ...device, ...road.device } });
      kernel.world.file("/file", { size, seed: size });
      walkLap(
        kernel,
        { road, path: "/file", size, chunk: size, warm, port: 80 },
        {
          started: () => {
            if (troubles.reads) kernel.world.disk.failNext({ operation: "read", count: troubles.reads });
            kernel.world.nic.drop({ count: troubles.drop, direction: troubles.direction });
            kernel.faults.failAllocation({ of: "objects", probability: troubles.objects });
            kernel.faults.failAllocation({ of: "frames", probability: troubles.frames });
          },
        },
      );
      for (const tick of ticks) {
        kernel.seek(tick % kernel.ticks);
        expect(kernel.check(), `at tick ${kernel.tick}`).toEqual([]);
      }
    }),
    { numRuns: Number(process.env["IOPATH_RUNS"] ?? 25) },
  );
}, 120_000);
