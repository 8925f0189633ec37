import { Kernel, O_DIRECT, O_RDONLY, ROADS, walkRoad } from "../../../lib/index.ts";
import { type Figure, best } from "../measure.ts";

const MIB = 1 << 20;
const GIB = 1 << 30;
const PIECE = MIB;
const PIECES = 64;
const SAMPLES = 7;

/** How fast bytes go, and what single calls on their road take. */
export async function bytes(): Promise<Figure[]> {
  return [...(await bandwidth()), await gibibyte()];
}

/** Reads a file again and again, from the page cache or past it. @returns ns a byte. */
async function reading(flags: number): Promise<number> {
  const kernel = await Kernel.boot({ trace: false });
  const content = new Uint8Array(PIECE * PIECES).fill(7);
  kernel.world.file("/file", content);
  let least = Infinity;
  kernel.spawn("reader", function* (sys) {
    const fd = yield* sys.open("/file", O_RDONLY | flags);
    const buffer = sys.buffer(PIECE);
    for (let sample = 0; sample <= SAMPLES; sample++) {
      const start = process.hrtime.bigint();
      for (let i = 0; i < PIECES; i++) yield* sys.pread64(fd, buffer, PIECE, i * PIECE);
      const took = Number(process.hrtime.bigint() - start) / content.length;
      // The first time fills the cache.
      if (sample > 0) least = Math.min(least, took);
    }
  });
  kernel.run();
  return least;
}

/** A copy inside a Wasm memory. @returns ns a byte. */
function copying(): number {
  const memory = new Uint8Array(new WebAssembly.Memory({ initial: 2048 }).buffer);
  memory.fill(7);
  return best(SAMPLES, PIECE * PIECES, () => {
    for (let i = 0; i < PIECES; i++) memory.copyWithin(0, (1 + i) * PIECE, (2 + i) * PIECE);
  });
}

async function bandwidth(): Promise<Figure[]> {
  const plain = copying();
  const ways = [
    ["copies by the CPU, read() of cached pages", await reading(0)],
    ["transfers by DMA, read() with O_DIRECT", await reading(O_DIRECT)],
  ] as const;
  return ways.map(([name, took]) => ({
    name: `${name}, beside memory.copy`,
    value: plain / took,
    unit: "of its bandwidth",
    least: 0.6,
    detail: `pieces of 1 MiB, ${PIECES} MiB in all: ${gigabytes(took)}, memory.copy ${gigabytes(plain)}`,
  }));
}

function gigabytes(nsPerByte: number): string {
  return `${(1 / nsPerByte).toFixed(1)} GB/s`;
}

/** 1 GiB from a disk to a client outside, on a machine with far less memory. */
async function gibibyte(): Promise<Figure> {
  const road = ROADS.find(({ name }) => name === "sendfile + SG")!;
  const start = process.hrtime.bigint();
  const { figures } = await walkRoad(road, { size: GIB, cache: "cold", boot: { memoryLimit: 256 * MIB } });
  const seconds = Number(process.hrtime.bigint() - start) / 1e9;
  return {
    name: "1 GiB streamed by sendfile + SG",
    value: seconds,
    unit: "s",
    goal: 1,
    detail: `a machine of 256 MiB, tracing off; ${figures.syscalls} system calls, ${figures.cpuCopies} copies by the CPU, ${(figures.wallTime / 1e9).toFixed(2)} s of virtual time`,
  };
}
