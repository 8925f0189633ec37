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

test("io_uring sends all of a file that takes a worker to be sent", async () => {
  const { kernel, digest } = await walkRoad(find("io_uring"), { size: 20 << 20, cache: "warm" });
  expect(digest).toBe(kernel.world.disk.digest("/file"));
});

test("a walk of more than a million inputs comes to its end", async () => {
  const { kernel, figures } = await walkRoad(find("read + write"), { size: 1 << 19, cache: "warm", chunk: 1 });
  expect(kernel.inputs).toBeGreaterThan(1_000_000);
  expect(figures.syscalls).toBe(2 << 19);
});

describe("a road is refused that", () => {
  const whole = find("read + write");
  const broken = (prepare: Road["prepare"]): Road => ({ ...whole, prepare });
  const size = 10_000;

  test("says that it has sent another number of bytes than it has", async () => {
    const road = broken(function* (sys, way) {
      const prepared = whole.prepare(sys, way);
      const walk = typeof prepared === "function" ? prepared : yield* prepared;
      return function* () {
        return (yield* walk()) - 1;
      };
    });
    const message = "read + write: 10000 of 10000 bytes have arrived; the sender: it returned 9999";
    await expect(walkRoad(road, { size, cache: "warm" })).rejects.toThrow(message);
  });

  test("sends as many bytes, but not those of the file", async () => {
    const road = broken(
      (sys, { socket }) =>
        () =>
          sys.write(socket, new Uint8Array(size), size),
    );
    await expect(walkRoad(road, { size, cache: "warm" })).rejects.toThrow("they are not those of the file");
  });

  test("sends more than the file", async () => {
    const road = broken(
      (sys, { socket }) =>
        function* () {
          return (yield* sys.write(socket, new Uint8Array(size + 1), size + 1)) - 1;
        },
    );
    await expect(walkRoad(road, { size, cache: "warm" })).rejects.toThrow("10001 of 10000 bytes have arrived");
  });
});

test.each([
  ["a name", "sendfile", { size: 1, cache: "cold" }, /a road is one of ROADS, .* not "sendfile"/],
  ["no options", ROADS[0], undefined, /stands in an object, not in undefined/],
  ["no cache", ROADS[0], { size: 1 }, /cache is "cold" or "warm", not undefined/],
  ["another cache", ROADS[0], { size: 1, cache: "hot" }, /cache is "cold" or "warm", not "hot"/],
  ["another receiver", ROADS[0], { size: 1, cache: "cold", over: "lo" }, /over is "wire" or "loopback", not "lo"/],
  ["no bytes", ROADS[0], { size: 0, cache: "cold" }, /size is a whole number of bytes, at least 1, not 0/],
  ["a size as text", ROADS[0], { size: "1", cache: "cold" }, /size is a number of bytes, not "1"/],
  ["no piece", ROADS[0], { size: 1, cache: "cold", chunk: 0 }, /chunk is a whole number of bytes, at least 1, not 0/],
  ["a negative piece", ROADS[0], { size: 1, cache: "cold", chunk: -1 }, /chunk is .* not -1/],
  ["a slip", ROADS[0], { sise: 1, cache: "cold" }, /no option of walkRoad\(\) is called sise; there are size, cache/],
])("walkRoad() refuses %s", async (_, road, walk, message) => {
  await expect(walkRoad(road as Road, walk as never)).rejects.toThrow(message);
});

test("a piece that is larger than the file is the file", async () => {
  const { figures } = await walkRoad(find("O_DIRECT + AIO"), { size: 5000, cache: "cold", chunk: 1e12 });
  expect(figures.syscalls).toBe(3);
});

test("every road says how it goes", () => {
  expect(ROADS.filter(({ about = "" }) => about.length < 40)).toEqual([]);
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
