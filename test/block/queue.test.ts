import { describe, expect, test } from "vitest";
import { BLOCK, FLUSH, READ, WRITE, disk, run, ticket } from "./disk-machine.ts";
import { Kernel, O_RDONLY, POSIX_FADV_RANDOM } from "../../lib/index.ts";
import { boot } from "../support/boot.ts";
import { kernelWith } from "../support/kernel-with.ts";

describe("bios become requests", () => {
  test("a bio that lies right behind or before a waiting request becomes part of it: one command, one transfer", async () => {
    const { kernel, result } = await run(function* (calls) {
      const extent = yield* calls.extent(1, 1 << 20);
      yield* calls.plug(true);
      const tickets = [];
      for (const block of [10, 11, 9, 12]) tickets.push(yield* calls.submit(READ, extent, block * BLOCK, BLOCK));
      yield* calls.plug(false);
      yield* calls.waitAll();
      return tickets;
    });
    expect(disk(kernel).queue).toMatchObject({ nr_bios: 4n, nr_merged: 3n, nr_issued: 1n, nr_completed: 1n });
    expect(kernel.counters).toMatchObject({ dmaTransfers: 1, dmaBytes: 4 * 4096, interrupts: 1 });
    // They end in the order of their sectors.
    expect(result.map((at) => ticket(kernel, at).rank)).toEqual([1, 2, 0, 3]);
  });

  test("what is no neighbour, goes the other way, or lies in another extent, is a request of its own", async () => {
    const { kernel } = await run(function* (calls) {
      const [first, second] = [yield* calls.extent(), yield* calls.extent()];
      yield* calls.plug(true);
      yield* calls.submit(READ, first, 0, BLOCK);
      yield* calls.submit(WRITE, first, BLOCK, BLOCK);
      yield* calls.submit(READ, first, 2 * BLOCK, BLOCK);
      yield* calls.submit(READ, second, BLOCK, BLOCK);
      yield* calls.plug(false);
    });
    expect(disk(kernel).queue).toMatchObject({ nr_merged: 0n, nr_issued: 4n });
  });

  test("nothing joins a request past a flush", async () => {
    const { kernel } = await run(function* (calls) {
      const extent = yield* calls.extent();
      yield* calls.plug(true);
      yield* calls.submit(WRITE, extent, 0, BLOCK);
      yield* calls.submit(FLUSH, extent, 0, 0);
      yield* calls.submit(WRITE, extent, BLOCK, BLOCK);
      yield* calls.plug(false);
    });
    expect(disk(kernel).queue).toMatchObject({ nr_merged: 0n, nr_issued: 3n });
  });

  test("who waits by looking waits for what is plugged as well", async () => {
    const { kernel, result } = await run(function* (calls) {
      const extent = yield* calls.extent(1, 1 << 20);
      yield* calls.plug(true);
      const at = yield* calls.submit(READ, extent, 0, BLOCK);
      const moved = yield* calls.poll();
      yield* calls.plug(false);
      return [moved, at];
    });
    expect(result[0]).toBe(1);
    expect(ticket(kernel, result[1]!)).toMatchObject({ done: true, status: 0 });
  });

  test("a request grows to 1280 KiB and no further", async () => {
    const { kernel } = await run(function* (calls) {
      const extent = yield* calls.extent();
      yield* calls.plug(true);
      for (let i = 0; i < 11; i++) yield* calls.submit(READ, extent, i * 256, 256);
      yield* calls.plug(false);
    });
    expect(disk(kernel).queue).toMatchObject({ nr_merged: 9n, nr_issued: 2n });
    expect(kernel.counters).toMatchObject({ dmaTransfers: 2, dmaBytes: 11 * 131_072 });
  });

  test("the disk has at most so many commands at once; those that wait may still grow", async () => {
    const { kernel } = await run(
      function* (calls) {
        const extent = yield* calls.extent();
        for (let i = 0; i < 10; i++) yield* calls.submit(READ, extent, 1000 * i, BLOCK);
        yield* calls.submit(READ, extent, 1000 * 9 + BLOCK, BLOCK);
      },
      { device: { disk: { queueDepth: 3 } } },
    );
    expect(disk(kernel).queue).toMatchObject({ queue_depth: 3, nr_issued: 10n, nr_merged: 1n });
    const issued = [...kernel.trace].filter(({ event }) => event === "disk_queue_rq");
    const transfers = [...kernel.trace].filter(({ event }) => event === "disk_transfer");
    expect(issued).toHaveLength(10);
    expect(issued.filter(({ tick }) => tick < transfers[0]!.tick)).toHaveLength(3);
  });

  test("bios wait when there is no free request, and none is forgotten", async () => {
    const { kernel, result } = await run(
      function* (calls) {
        const extent = yield* calls.extent(7, 1 << 20);
        const tickets = [];
        for (let i = 0; i < 150; i++) tickets.push(yield* calls.submit(READ, extent, 1000 * i, 1));
        yield* calls.waitAll();
        return tickets;
      },
      { device: { disk: { queueDepth: 1 } } },
    );
    expect(disk(kernel).queue).toMatchObject({ nr_issued: 150n, nr_completed: 150n });
    expect(result.map((at) => ticket(kernel, at).rank)).toEqual(result.map((_, i) => i));
  });
});

describe("waiting for the disk by looking at it", () => {
  test("lets time pass to the end of a command, takes no interrupt, and says when there is nothing to wait for", async () => {
    const { kernel, result } = await run(function* (calls, sys) {
      const extent = yield* calls.extent();
      const before = yield* calls.poll();
      const at = yield* calls.submit(READ, extent, 0, BLOCK);
      const polled = [yield* calls.poll(), yield* calls.poll()];
      yield* sys.getpid();
      return { at, before, polled };
    });
    expect(result).toMatchObject({ before: 0, polled: [1, 0] });
    expect(ticket(kernel, result.at)).toMatchObject({ done: true, status: 0 });
    expect(kernel.counters).toMatchObject({ interrupts: 0, dmaTransfers: 1 });
    expect(kernel.now).toBeGreaterThan(80_000);
  });

  test("moves the words of a disk without DMA, piece by piece", async () => {
    const { kernel, result } = await run(
      function* (calls) {
        const extent = yield* calls.extent();
        yield* calls.submit(READ, extent, 0, 3 * BLOCK);
        let rounds = 0;
        while ((yield* calls.poll()) === 1) rounds++;
        return rounds;
      },
      { device: { dma: false } },
    );
    expect(result).toBe(3);
    expect(kernel.counters).toMatchObject({ interrupts: 0, dmaTransfers: 0, pioWords: 3 * 1024 });
  });
});

test("the journal of a machine with a disk gives the same machine again, byte for byte", async () => {
  for (const device of [{}, { dma: false }, { disk: { kind: "rotating", queueDepth: 4 } }] as const) {
    const { kernel } = await run(
      function* (calls) {
        const extent = yield* calls.extent(3, 1 << 22);
        yield* calls.fail(WRITE, extent, 100, 200);
        for (let i = 0; i < 20; i++) yield* calls.submit(i % 2, extent, ((i * 37) % 100) * BLOCK, BLOCK, i);
      },
      { device },
    );
    const again = await Kernel.replay(kernel.journal, { wasm: await kernelWith("test/assembly/disk.ts") });
    expect(again.digest()).toBe(kernel.digest());
    expect(again.now).toBe(kernel.now);
  }
});

test("what the disk moves in one transfer for two tasks counts as the part of each", async () => {
  const kernel = await boot({ device: { disk: { queueDepth: 1 } } });
  kernel.world.file("/file", { size: 1 << 20, seed: 1 });
  // The first keeps the disk busy, while the requests of the others become one.
  const tasks = [100, 0, 1, 2].map((page) =>
    kernel.spawn(`reader ${page}`, function* (sys) {
      const fd = yield* sys.open("/file", O_RDONLY);
      yield* sys.fadvise64(fd, 0, 0, POSIX_FADV_RANDOM);
      return yield* sys.pread64(fd, sys.buffer(4096), 4096, page * 4096);
    }),
  );
  kernel.run();
  expect(kernel.counters).toMatchObject({ dmaTransfers: 2, dmaBytes: 4 * 4096 });
  for (const { counters } of tasks) expect(counters).toMatchObject({ dmaTransfers: 1, dmaBytes: 4096 });
});
