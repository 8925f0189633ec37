import { describe, expect, test } from "vitest";
import { type Kernel, O_DIRECT, O_RDWR, type Program } from "../../lib/index.ts";
import { boot } from "../support/boot.ts";

const [PAGE, RW, PRIVATE_ANONYMOUS] = [4096, 3, 0x22];
const FILE = "/f";

/** A machine with a cold file of 8 pages, after all has ended that the programs have begun. */
async function machine(...programs: Program[]): Promise<Kernel> {
  const kernel = await boot({ seed: 1 });
  kernel.world.file(FILE, { size: 8 * PAGE, seed: 3 });
  programs.forEach((program, i) => kernel.spawn(`task ${i}`, program));
  expect(kernel.run().sleeping).toEqual([]);
  expect(kernel.check()).toEqual([]);
  return kernel;
}

describe("a file that is cut", () => {
  test("is let go by truncate(), though its name is taken away while the call sleeps", async () => {
    const seen: unknown[] = [];
    await machine(
      function* (sys) {
        seen.push(yield* sys.truncate(FILE, 5));
      },
      function* (sys) {
        const fd = yield* sys.open(FILE, O_RDWR);
        yield* sys.unlink(FILE);
        seen.push(yield* sys.write(fd, "abc"), yield* sys.lseek(fd, 0, 2));
      },
    );
    expect(seen).toEqual([0, 3, 5]);
  });

  test("is cut once the disk is done with what is read past the page cache: the reader gets what was there", async () => {
    const seen: unknown[] = [];
    await machine(
      function* (sys) {
        const fd = yield* sys.open(FILE, O_RDWR);
        const kept = sys.buffer(PAGE);
        yield* sys.pread64(fd, kept, PAGE, 4 * PAGE);
        const direct = yield* sys.open(FILE, O_RDWR | O_DIRECT);
        const at = yield* sys.mmap(0, PAGE, RW, PRIVATE_ANONYMOUS, -1, 0);
        seen.push(yield* sys.pread64(direct, at, PAGE, 4 * PAGE));
        const read = yield* sys.load(at, PAGE);
        seen.push(Buffer.compare(read, kept.bytes()));
      },
      function* (sys) {
        const fd = yield* sys.open(FILE, O_RDWR);
        yield* sys.nanosleep({ sec: 0, nsec: 100_000 });
        for (let i = 0; i < 50; i++) {
          yield* sys.nanosleep({ sec: 0, nsec: 5000 });
          yield* sys.ftruncate(fd, 3 * PAGE);
          yield* sys.ftruncate(fd, 8 * PAGE);
        }
      },
    );
    expect(seen).toEqual([PAGE, 0]);
  });

  test("does not grow again when a write past the page cache ends that had begun before", async () => {
    const seen: unknown[] = [];
    await machine(function* (sys) {
      const fd = yield* sys.open(FILE, O_RDWR | O_DIRECT);
      const at = yield* sys.mmap(0, PAGE, RW, PRIVATE_ANONYMOUS, -1, 0);
      const ctx = { value: 0 };
      yield* sys.io_setup(4, ctx);
      yield* sys.io_submit(ctx, [sys.iocb({ opcode: 1, fd, buf: at, nbytes: PAGE, offset: 6 * PAGE })]);
      yield* sys.ftruncate(fd, 0);
      const events: { res: number }[] = [];
      yield* sys.io_getevents(ctx, 1, 1, events as never, null);
      seen.push(events[0]?.res, yield* sys.lseek(fd, 0, 2));
    });
    expect(seen).toEqual([PAGE, 0]);
  });
});
