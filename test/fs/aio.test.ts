import {
  EINVAL,
  EIO,
  EAGAIN,
  IOCB_CMD_POLL,
  IOCB_CMD_PREAD,
  IOCB_CMD_PWRITE,
  type IoEvent,
  Kernel,
  O_DIRECT,
  O_NONBLOCK,
  O_RDWR,
  type Program,
} from "../../lib/index.ts";
import { describe, expect, test } from "vitest";

const IN = 1;
const PAGE = 4096;
const NOW = { sec: 0, nsec: 0 };

/** A machine with a file of 64 pages that has run a program. */
async function ran(
  program: (sys: Parameters<Program>[0], kernel: Kernel) => ReturnType<Program>,
  cpus = 1,
): Promise<Kernel> {
  const kernel = await Kernel.boot({ cpus });
  kernel.world.file("/file", { size: 64 * PAGE, seed: 7 });
  kernel.spawn("main", (sys) => program(sys, kernel));
  kernel.run();
  expect(kernel.check()).toEqual([]);
  return kernel;
}

/** How many objects of these kinds are left. */
function left(kernel: Kernel): number {
  const kinds = ["Kioctx", "AioKiocb", "IomapDio", "File"];
  return kernel.inspect().objects.filter(({ struct }) => kinds.includes(struct)).length;
}

describe("AI-4, OD-3: direct and asynchronous", () => {
  test("never touches the page cache: the disk moves the bytes into the program's pages, and no CPU does", async () => {
    const ended = await ran(function* (sys, kernel) {
      const fd = yield* sys.open("/file", O_RDWR | O_DIRECT);
      const buffer = sys.buffer(16 * PAGE);
      buffer.set(new Uint8Array(16 * PAGE));
      const ctx = { value: 0 };
      yield* sys.io_setup(16, ctx);
      const iocbs = Array.from({ length: 16 }, (_, i) =>
        sys.iocb({ opcode: IOCB_CMD_PREAD, fd, buf: buffer.at(i * PAGE), nbytes: PAGE, offset: i * PAGE, data: i }),
      );
      const before = { ...kernel.counters };
      expect(yield* sys.io_submit(ctx, iocbs)).toBe(16);
      expect(kernel.check()).toEqual([]);
      const events: IoEvent[] = [];
      expect(yield* sys.io_getevents(ctx, 16, 16, events)).toBe(16);
      expect(events.every(({ res }) => res === PAGE)).toBe(true);
      const { counters } = kernel;
      expect(counters.cpuCopies - before.cpuCopies).toBe(0);
      expect(counters.cacheHits + counters.cacheMisses).toBe(0);
      expect(counters.dmaBytes - before.dmaBytes).toBe(16 * PAGE);
      const direct = buffer.bytes();
      const plain = yield* sys.open("/file", O_RDWR);
      const copy = sys.buffer(16 * PAGE);
      yield* sys.pread64(plain, copy, 16 * PAGE, 0);
      expect(copy.bytes()).toEqual(direct);
    });
    expect(left(ended)).toBe(0);
  });

  test("an error of the disk is the request's result, and of a call that waits", async () => {
    const ended = await ran(function* (sys, kernel) {
      const fd = yield* sys.open("/file", O_RDWR | O_DIRECT);
      const buf = sys.buffer(PAGE);
      const ctx = { value: 0 };
      yield* sys.io_setup(4, ctx);
      kernel.world.disk.failNext({ operation: "read", count: 1 });
      yield* sys.io_submit(ctx, [sys.iocb({ opcode: IOCB_CMD_PREAD, fd, buf })]);
      const events: IoEvent[] = [];
      yield* sys.io_getevents(ctx, 1, 1, events);
      expect(events[0]?.res).toBe(-EIO);
      kernel.world.disk.failNext({ operation: "write", count: 1 });
      expect(yield* sys.pwrite64(fd, buf, PAGE, 0)).toBe(-EIO);
      expect(yield* sys.pwrite64(fd, buf, PAGE, 0)).toBe(PAGE);
    });
    expect(left(ended)).toBe(0);
  });

  test("a process that ends waits for what the disk is at, and leaves nothing", async () => {
    const ended = await ran(function* (sys) {
      const fd = yield* sys.open("/file", O_RDWR | O_DIRECT);
      const ctx = { value: 0 };
      yield* sys.io_setup(4, ctx);
      const read = sys.iocb({ opcode: IOCB_CMD_PREAD, fd, buf: sys.buffer(PAGE) });
      const write = sys.iocb({ opcode: IOCB_CMD_PWRITE, fd, buf: sys.buffer(PAGE), offset: PAGE });
      expect(yield* sys.io_submit(ctx, [read, write, read])).toBe(3);
    });
    expect(left(ended)).toBe(0);
  });
});

describe("AI-2, AI-8: slots and ends", () => {
  test("two CPUs hand out 120 of 127 slots, and taking events gives them back", async () => {
    await ran(function* (sys) {
      const fds: number[] = [];
      yield* sys.pipe2(fds, O_NONBLOCK);
      const ctx = { value: 0 };
      yield* sys.io_setup(4, ctx);
      const iocb = sys.iocb({ opcode: IOCB_CMD_PREAD, fd: fds[0]!, buf: sys.buffer(8) });
      let count = 0;
      while ((yield* sys.io_submit(ctx, [iocb])) === 1) count++;
      expect(count).toBe(120);
      expect(yield* sys.io_submit(ctx, [iocb])).toBe(-EAGAIN);
      expect(yield* sys.io_getevents(ctx, 0, 50, [], NOW)).toBe(50);
      expect(yield* sys.io_submit(ctx, [iocb])).toBe(1);
      expect(sys.aio_ring(ctx)).toMatchObject({ nr: 127, head: 50, tail: 121 });
    }, 2);
  });

  test("requests that poll end with their context, and with their process", async () => {
    const ended = await ran(function* (sys, kernel) {
      const fds: number[] = [];
      yield* sys.pipe2(fds, O_NONBLOCK);
      const [a, b] = [{ value: 0 }, { value: 0 }];
      yield* sys.io_setup(4, a);
      yield* sys.io_setup(4, b);
      const iocb = sys.iocb({ opcode: IOCB_CMD_POLL, fd: fds[0]!, buf: IN });
      expect(yield* sys.io_submit(a, [iocb, iocb])).toBe(2);
      expect(yield* sys.io_submit(b, [iocb])).toBe(1);
      expect(kernel.check()).toEqual([]);
      expect(yield* sys.io_destroy(a)).toBe(0);
      expect(yield* sys.io_destroy(a)).toBe(-EINVAL);
    });
    expect(left(ended)).toBe(0);
  });

  test("destroying a context waits for the request at which another task sleeps", async () => {
    const order: string[] = [];
    const ended = await ran(function* (sys, kernel) {
      const fds: number[] = [];
      yield* sys.pipe2(fds);
      const ctx = { value: 0 };
      yield* sys.io_setup(4, ctx);
      yield* sys.clone(0x500, function* (task) {
        yield* task.io_submit(ctx, [task.iocb({ opcode: IOCB_CMD_PREAD, fd: fds[0]!, buf: task.buffer(8) })]);
        order.push("submitted");
      });
      yield* sys.nanosleep({ sec: 0, nsec: 1_000_000 });
      yield* sys.clone(0x500, function* (task) {
        expect(yield* task.io_destroy(ctx)).toBe(0);
        order.push("destroyed");
      });
      yield* sys.nanosleep({ sec: 0, nsec: 1_000_000 });
      expect(order).toEqual([]);
      expect(kernel.check()).toEqual([]);
      yield* sys.write(fds[1]!, "x");
    });
    expect(order.toSorted()).toEqual(["destroyed", "submitted"]);
    expect(left(ended)).toBe(0);
  });
});
