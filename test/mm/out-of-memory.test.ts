import { describe, expect, test } from "vitest";
import { Kernel, O_DIRECT, O_NONBLOCK, O_RDWR, type Program } from "../../lib/index.ts";
import { boot } from "../support/boot.ts";

const [PAGE, RW, SHARED, PRIVATE_ANONYMOUS, MS_SYNC, DRAIN_NEXT] = [4096, 3, 1, 0x22, 4, 4];
const FILE = "/f";

/** What programs do with a cold file of 100 pages: whatever their calls answer, they go on. */
const programs: Record<string, Program> = {
  *reading(sys) {
    const fd = yield* sys.open(FILE, O_RDWR);
    const at = yield* sys.mmap(0, 100 * PAGE, RW, PRIVATE_ANONYMOUS, -1, 0);
    yield* sys.read(fd, at, 50 * PAGE);
    yield* sys.pread64(fd, at, PAGE, 80 * PAGE);
    yield* sys.pwrite64(fd, at, 3 * PAGE, 100);
    yield* sys.fsync(fd);
    yield* sys.ftruncate(fd, 5000);
  },
  *mapping(sys) {
    const fd = yield* sys.open(FILE, O_RDWR);
    const at = yield* sys.mmap(0, 100 * PAGE, RW, SHARED, fd, 0);
    yield* sys.write(fd, at + 50 * PAGE, 10 * PAGE);
    yield* sys.read(fd, at + 70 * PAGE, 3 * PAGE);
    yield* sys.msync(at, 100 * PAGE, MS_SYNC);
    yield* sys.ftruncate(fd, 30 * PAGE);
  },
  *splicing(sys) {
    const fd = yield* sys.open(FILE, O_RDWR);
    const [pipe, pair] = [[-1, -1] as number[], [-1, -1] as number[]];
    yield* sys.pipe2(pipe, O_NONBLOCK);
    yield* sys.sendfile(pipe[1]!, fd, null, 30 * PAGE);
    yield* sys.splice(pipe[0]!, null, fd, { value: 90 * PAGE }, 30 * PAGE, 0);
    yield* sys.socketpair(1, 1 | O_NONBLOCK, 0, pair);
    yield* sys.sendfile(pair[0]!, fd, null, 90 * PAGE);
    yield* sys.copy_file_range(fd, { value: 0 }, fd, { value: 50 * PAGE }, 20 * PAGE, 0);
  },
  *directly(sys) {
    const fd = yield* sys.open(FILE, O_RDWR | O_DIRECT);
    const at = yield* sys.mmap(0, 20 * PAGE, RW, PRIVATE_ANONYMOUS, -1, 0);
    yield* sys.read(fd, at, 16 * PAGE);
    yield* sys.pwrite64(fd, at, 16 * PAGE, 96 * PAGE);
  },
  *ringing(sys) {
    const [fd, direct] = [yield* sys.open(FILE, O_RDWR), yield* sys.open(FILE, O_RDWR | O_DIRECT)];
    const at = yield* sys.mmap(0, 20 * PAGE, RW, PRIVATE_ANONYMOUS, -1, 0);
    const ring = sys.io_uring();
    if ((yield* ring.queue_init(8)) < 0) return;
    ring.prep_read(fd, at, 2 * PAGE, 0);
    ring.prep_write(fd, at, 900, 50_000, { flags: DRAIN_NEXT });
    ring.prep_read(direct, at + 4 * PAGE, PAGE, PAGE);
    ring.prep_write(direct, at, PAGE, 100 * PAGE);
    yield* ring.submit_and_wait(2);
    ring.prep_read(direct, at + 4 * PAGE, PAGE, PAGE);
    yield* ring.submit();
  },
};

/** A machine whose n-th allocation of a kind fails, after the program has ended. Null if the host was refused memory. */
async function afterFailure(program: Program, of: "objects" | "frames", nth: number): Promise<Kernel | null> {
  const kernel = await boot({ seed: 1, memory: 32 << 20 });
  kernel.world.file(FILE, { size: 100 * PAGE, seed: 1 });
  kernel.spawn("main", program);
  kernel.faults.failAllocation({ nth, of });
  try {
    kernel.run({ maxInputs: 20_000 });
  } catch (error) {
    if (error instanceof Error && /has no memory for|could be stored/.test(error.message)) return null;
    throw error;
  }
  return kernel;
}

describe("any allocation may fail while a file is", () => {
  for (const [name, program] of Object.entries(programs)) {
    test.each(["objects", "frames"] as const)(`${name}: %s`, { timeout: 120_000 }, async (of) => {
      for (let nth = 1; nth <= 60; nth += 2) {
        const kernel = await afterFailure(program, of, nth);
        expect(kernel?.check() ?? [], `allocation ${nth}`).toEqual([]);
      }
    });
  }
});
