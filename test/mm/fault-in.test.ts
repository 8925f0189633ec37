import { describe, expect, test } from "vitest";
import {
  AF_INET,
  AF_UNIX,
  Kernel,
  MAP_SHARED,
  O_RDONLY,
  O_RDWR,
  PROT_READ,
  PROT_WRITE,
  SOCK_STREAM,
  type Sys,
} from "../../lib/index.ts";
import type { PendingCall } from "../../lib/machine/call.ts";

const SIZE = 5 * 4096;
/** A flash disk answers after 80 us: who waits on the CPU spends more than this. Unit: ns of virtual time. */
const ASLEEP = 40_000;

type Stretch = Generator<PendingCall, number, number>;

/** Where bytes can be written that a program has mapped. */
const SINKS: Readonly<Record<string, (sys: Sys, kernel: Kernel) => Stretch>> = {
  *"a pipe"(sys) {
    const ends: number[] = [];
    yield* sys.pipe2(ends, 0);
    return ends[1]!;
  },
  *"a UNIX socket"(sys) {
    const ends: number[] = [];
    yield* sys.socketpair(AF_UNIX, SOCK_STREAM, 0, ends);
    return ends[1]!;
  },
  *"a TCP socket"(sys, kernel) {
    const listener = yield* sys.socket(AF_INET, SOCK_STREAM);
    yield* sys.bind(listener, { port: 80 });
    yield* sys.listen(listener);
    kernel.world.connect(80);
    return yield* sys.accept(listener);
  },
  *"another file"(sys, kernel) {
    kernel.world.file("/other", { size: 0 });
    return yield* sys.open("/other", O_RDWR);
  },
};

describe("a program whose pages are still on the disk sleeps until they are there", () => {
  test.each(Object.keys(SINKS))("when it writes them to %s", async (name) => {
    const kernel = await Kernel.boot({ trace: false });
    kernel.world.file("/file", { size: SIZE, seed: 1 });
    const task = kernel.spawn("writer", function* (sys) {
      const fd = yield* SINKS[name]!(sys, kernel);
      const address = yield* sys.mmap(0, SIZE, PROT_READ, MAP_SHARED, yield* sys.open("/file", O_RDONLY), 0);
      const before = task.cpuTime;
      const written = yield* sys.write(fd, address, SIZE);
      return [written, task.cpuTime - before < ASLEEP];
    });
    kernel.run();
    expect(task.result).toEqual([SIZE, true]);
    expect(task.counters.majorFaults).toBeGreaterThan(0);
    expect(kernel.check()).toEqual([]);
  });

  test("when it reads into them", async () => {
    const kernel = await Kernel.boot({ trace: false });
    kernel.world.file("/from", { size: SIZE, seed: 1 });
    kernel.world.file("/to", { size: SIZE, seed: 2 });
    const task = kernel.spawn("reader", function* (sys) {
      const from = yield* sys.open("/from", O_RDONLY);
      const to = yield* sys.open("/to", O_RDWR);
      const address = yield* sys.mmap(0, SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, to, 0);
      const before = task.cpuTime;
      const got = yield* sys.read(from, address, SIZE);
      const spent = task.cpuTime - before;
      yield* sys.fsync(to);
      return [got, spent < ASLEEP];
    });
    kernel.run();
    expect(task.result).toEqual([SIZE, true]);
    expect(kernel.world.disk.read("/to")).toEqual(kernel.world.disk.read("/from"));
    expect(kernel.check()).toEqual([]);
  });
});
