import { describe, expect, test } from "vitest";
import {
  AF_INET,
  type CacheState,
  Kernel,
  O_CREAT,
  O_RDWR,
  ROADS,
  type Road,
  SOCK_STREAM,
  digestOf,
  walkRoad,
} from "../../lib/index.ts";

/** What a road takes: mode switches, copies by the CPU, transfers by DMA from the disk's end to the wire's. */
type Takes = readonly [modeSwitches: number, cpuCopies: number, dmaTransfers: number];

/** A file that is not cached. Of a cached one, the first transfer by DMA is not needed. */
const TAKES: Readonly<Record<string, Takes>> = {
  "PIO read + write": [4, 4, 0],
  "read + write": [4, 2, 2],
  "mmap + write": [4, 1, 2],
  sendfile: [2, 1, 2],
  "sendfile + SG": [2, 0, 2],
  MSG_ZEROCOPY: [8, 1, 2],
  "O_DIRECT + AIO": [6, 1, 2],
  io_uring: [2, 2, 2],
};

const SIZES = [64, 100, 511, 2000, 4095, 4096, 4097, 10_000, 65536, 300_001, 1 << 20];

function find(name: string): Road {
  const road = ROADS.find((candidate) => candidate.name === name);
  if (!road) throw new Error(`there is no road called ${name}`);
  return road;
}

describe.each(Object.keys(TAKES))("%s", (name) => {
  const [modeSwitches, cpuCopies, dmaTransfers] = TAKES[name]!;
  const cases = SIZES.flatMap((size) => (["cold", "warm"] as const).map((cache) => [size, cache] as const));

  test.each(cases)("a file of %i bytes, %s cache, takes what it is known to take", async (size, cache) => {
    const { figures } = await walkRoad(find(name), { size, cache });
    const counted = [figures.modeSwitches, figures.cpuCopies, figures.dmaTransfers];
    expect(counted).toEqual([modeSwitches, cpuCopies - saved(name, cache)[0], dmaTransfers - saved(name, cache)[1]]);
  });
});

/** What a warm cache saves: the CPU's way from the disk, or that of DMA; direct I/O goes to the disk all the same. */
function saved(name: string, cache: CacheState): readonly [cpuCopies: number, dmaTransfers: number] {
  if (cache === "cold" || name === "O_DIRECT + AIO") return [0, 0];
  return name === "PIO read + write" ? [1, 0] : [0, 1];
}

describe.each(ROADS.map((road) => road.name))("%s", (name) => {
  test("what arrives is the file, and the machine is sound", async () => {
    const { kernel, digest } = await walkRoad(find(name), { size: 123_457, cache: "cold" });
    expect(digest).toBe(digestOf(kernel.world.disk.read("/file")));
    kernel.run();
    expect(kernel.check()).toEqual([]);
  });

  test("leads over the loopback device as well", async () => {
    const { figures } = await walkRoad(find(name), { size: 100_000, cache: "warm", over: "loopback" });
    expect(figures.cpuTime).toBeGreaterThan(0);
  });
});

test("CC-1: read + write in pieces switches modes four times for each", async () => {
  const { figures } = await walkRoad(find("read + write"), { size: 1 << 20, cache: "cold", chunk: 65536 });
  expect(figures.modeSwitches).toBe(4 * 16);
  expect(figures.cpuCopies).toBe(2);
});

test("splice switches modes four times for what a pipe holds, and the CPU copies nothing", async () => {
  const { figures } = await walkRoad(find("splice"), { size: 1 << 20, cache: "cold" });
  expect(figures.modeSwitches).toBe(4 * 16);
  expect(figures.cpuCopies).toBe(0);
  expect(figures.dmaTransfers).toBe(2);
});

test("OD-3: direct, asynchronous reading never touches the page cache", async () => {
  const { figures } = await walkRoad(find("O_DIRECT + AIO"), { size: 1 << 20, cache: "cold" });
  expect(figures.cacheHits).toBe(0);
  expect(figures.cacheMisses).toBe(0);
});

test("mapped pages that are cached are faulted in sixteen at a time", async () => {
  const { figures } = await walkRoad(find("mmap + write"), { size: 64 * 4096, cache: "warm" });
  expect(figures.faults).toBe(4);
  expect(figures.majorFaults).toBe(0);
});

test("CC-2: over the loopback device the receiver copies, and no card moves anything", async () => {
  const kernel = await Kernel.boot({ trace: false });
  const task = kernel.spawn("both", function* (sys) {
    const listener = yield* sys.socket(AF_INET, SOCK_STREAM);
    yield* sys.bind(listener, { port: 80 });
    yield* sys.listen(listener);
    const near = yield* sys.socket(AF_INET, SOCK_STREAM);
    yield* sys.connect(near, { port: 80 });
    const far = yield* sys.accept(listener);
    const file = yield* sys.open("/file", O_CREAT | O_RDWR, 0o600);
    yield* sys.pwrite64(file, new Uint8Array(4096).fill(1), 4096, 0);
    const copied = [kernel.counters.cpuCopiedBytes];
    yield* sys.sendfile(near, file, null, 4096);
    copied.push(kernel.counters.cpuCopiedBytes);
    yield* sys.read(far, sys.buffer(4096), 4096);
    copied.push(kernel.counters.cpuCopiedBytes);
    return [copied[1]! - copied[0]!, copied[2]! - copied[1]!];
  });
  kernel.run({ until: () => task.result !== undefined });
  expect(task.result).toEqual([0, 4096]);
  expect(kernel.counters.dmaBytes).toBe(0);
});
