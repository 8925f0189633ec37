import { describe, expect, test } from "vitest";
import { BLOCK, EIO, FLUSH, READ, WRITE, disk, run, seeded, ticket } from "../block/disk-machine.ts";
import type { BootOptions } from "../../lib/index.ts";

/** Nothing but the disk takes time. */
const FREE = {
  modeSwitch: 0,
  contextSwitch: 0,
  wakeup: 0,
  copy: 0,
  copy64k: 0,
  function: 0,
  interrupt: 0,
  softInterrupt: 0,
  diskCommand: 0,
  diskDoorbell: 0,
  pioWord: 0,
} as const;

/** Hands bios in at the same time, and tells how long each has taken. */
async function durations(
  bios: readonly (readonly [op: number, sector: number, sectors: number])[],
  device: NonNullable<BootOptions["device"]>,
) {
  const { kernel, result } = await run(
    function* (calls) {
      const extent = yield* calls.extent(1, 2 ** 40);
      const tickets = [];
      for (const [op, sector, sectors] of bios) tickets.push(yield* calls.submit(op, extent, sector, sectors));
      yield* calls.waitAll();
      return tickets;
    },
    { device, costs: FREE },
  );
  return result.map((at) => ticket(kernel, at)).map(({ begun, ended }) => ended - begun);
}

describe("a flash disk", () => {
  const disk = { latency: 1000, bandwidth: 65_536_000 };

  test("answers after its latency, and then moves the bytes at its bandwidth", async () => {
    expect(await durations([[READ, 0, 128]], { disk })).toEqual([1000 + 1_000_000]);
    expect(await durations([[WRITE, 0, 8]], { disk })).toEqual([1000 + 62_500]);
  });

  test("works on several commands at once, whose bytes take one way", async () => {
    expect(
      await durations(
        [
          [READ, 0, 8],
          [READ, 100, 8],
          [READ, 200, 8],
        ],
        { disk },
      ),
    ).toEqual([63_500, 126_000, 188_500]);
  });

  test("with a queue of one begins with a command when the one before is done", async () => {
    const one = { ...disk, queueDepth: 1 };
    expect(
      await durations(
        [
          [READ, 0, 8],
          [READ, 100, 8],
        ],
        { disk: one },
      ),
    ).toEqual([63_500, 127_000]);
  });

  test("has 16 channels: the 17th command waits for the first", async () => {
    const slow = { latency: 1_000_000, bandwidth: 1e15 };
    const bios = Array.from({ length: 17 }, (_, i) => [READ, 100 * i, 8] as const);
    expect(await durations(bios, { disk: slow })).toEqual([...Array.from({ length: 16 }, () => 1_000_000), 2_000_000]);
  });

  test("is done with a flush when all that came before is written", async () => {
    const [write, flush] = await durations(
      [
        [WRITE, 0, 128],
        [FLUSH, 0, 0],
      ],
      { disk },
    );
    expect(flush).toBeGreaterThanOrEqual(write!);
  });
});

describe("a rotating disk", () => {
  /** 1000 turns a second; a track of 1000 sectors. */
  const disk = {
    kind: "rotating",
    seek: 5_000_000,
    rotation: 1_000_000,
    bandwidth: 512_000_000,
    queueDepth: 32,
  } as const;

  test("waits until a sector comes along: where the platters stand follows from the time", async () => {
    const [first] = await durations([[READ, 500, 8]], { disk });
    expect(first).toBeGreaterThan(490_000);
    expect(first).toBeLessThan(520_000);
    // Right behind the head when it is read: nearly a whole turn.
    const [before] = await durations([[READ, 999, 1]], { disk });
    expect(before).toBeGreaterThan(990_000);
  });

  test("moves its head to another track, farther in more time", async () => {
    const near = (await durations([[READ, 1000 * 1000, 1]], { disk }))[0]!;
    const far = (await durations([[READ, 220_000 * 1000, 1]], { disk }))[0]!;
    expect(near).toBeGreaterThan(500_000);
    expect(near).toBeLessThan(2_000_000);
    expect(far).toBeGreaterThanOrEqual(5_000_000);
    expect(far).toBeLessThan(6_010_000);
  });

  test("takes the command first that the head reaches first, if it may have several", async () => {
    const bios = [
      [READ, 900, 8],
      [READ, 600, 8],
      [READ, 300, 8],
    ] as const;
    const [late, middle, early] = await durations(bios, { disk });
    // The first one is begun at once; of those that wait, the nearer ones of the next turn go first.
    expect(early).toBeLessThan(middle!);
    expect(late).toBeLessThan(1_000_000);
    const inOrder = await durations(bios, { disk: { ...disk, queueDepth: 1 } });
    expect(inOrder[1]).toBeLessThan(inOrder[2]!);
    expect(Math.max(...inOrder)).toBeGreaterThan(Math.max(late!, middle!, early!));
  });

  test("reads neighbours in one go at the speed of the platters", async () => {
    const [whole] = await durations([[READ, 0, 2000]], { disk });
    expect(whole).toBe(2_000_000);
  });
});

describe("what lies on the disk", () => {
  test("is made from the seed until it is written, and is zeros behind what the file was born with", async () => {
    const { kernel, result } = await run(function* (calls) {
      const extent = yield* calls.extent(99, 10_000);
      const before = yield* calls.submit(READ, extent, 0, 3 * BLOCK);
      yield* calls.waitAll();
      yield* calls.submit(WRITE, extent, 9, 2, 0x77);
      yield* calls.waitAll();
      const after = yield* calls.submit(READ, extent, 0, 3 * BLOCK);
      yield* calls.waitAll();
      return { before, after, blocks: yield* calls.blocks(extent) };
    });
    const expected = new Uint8Array(3 * 4096);
    expected.set(seeded(99, 0, 10_000));
    expect(ticket(kernel, result.before).bytes).toEqual(expected);
    expected.fill(0x77, 9 * 512, 11 * 512);
    expect(ticket(kernel, result.after).bytes).toEqual(expected);
    expect(disk(kernel).state).toMatchObject({ stored: 1, bytes_read: 24_576n, bytes_written: 1024n });
    expect(result.blocks).toBe(3);
  });

  test("is gone when the file is cut off or freed, and its frames are given back", async () => {
    const { kernel, result } = await run(function* (calls) {
      const extent = yield* calls.extent(5, 50_000);
      for (const block of [0, 1, 5, 2000, 3_000_000]) yield* calls.submit(WRITE, extent, block * BLOCK, BLOCK, 0x11);
      yield* calls.waitAll();
      yield* calls.truncate(extent, 5 * 4096 + 100);
      const cut = yield* calls.submit(READ, extent, 5 * BLOCK, 2 * BLOCK);
      yield* calls.waitAll();
      const other = yield* calls.extent();
      yield* calls.submit(WRITE, other, 0, BLOCK, 1);
      yield* calls.waitAll();
      yield* calls.freeExtent(extent);
      yield* calls.freeExtent(other);
      const gone = yield* calls.submit(READ, extent, 0, BLOCK);
      yield* calls.waitAll();
      return { cut, gone };
    });
    const bytes = new Uint8Array(2 * 4096);
    bytes.fill(0x11, 0, 100);
    expect(ticket(kernel, result.cut).bytes).toEqual(bytes);
    expect(ticket(kernel, result.gone).status).toBe(EIO);
    expect(disk(kernel).state.stored).toBe(0);
    const zone = kernel.memory.read("Zone", kernel.memory.get("Kernel", 0x20000 as never, "device_zone"));
    expect(zone.free_pages).toBe(zone.managed_pages);
    expect(zone.allocated).toBe(zone.freed);
  });

  test("does not count against the machine's memory", async () => {
    const { kernel } = await run(
      function* (calls) {
        const extent = yield* calls.extent();
        for (let i = 0; i < 64; i++) {
          const at = yield* calls.submit(WRITE, extent, i * 256, 256, i);
          yield* calls.waitAll();
          yield* calls.free(at);
        }
      },
      { memoryLimit: 6 << 20, trace: false },
    );
    expect(disk(kernel).state.stored).toBe(64 * 32);
  });
});

describe("a disk without DMA", () => {
  test("has a CPU move every word, and interrupts for every 4 KiB; with DMA it interrupts once", async () => {
    for (const op of [READ, WRITE]) {
      const program = function* (calls: Parameters<Parameters<typeof run>[0]>[0]) {
        const extent = yield* calls.extent(1, 1 << 20);
        return yield* calls.submit(op, extent, 8, 4 * BLOCK, 0x55);
      };
      const pio = await run(program, { device: { dma: false } });
      expect(pio.kernel.counters).toMatchObject({
        dmaTransfers: 0,
        dmaBytes: 0,
        pioWords: 4096,
        interrupts: 4,
        cpuCopies: 4,
        cpuCopiedBytes: 16_384,
      });
      const dma = await run(program);
      expect(dma.kernel.counters).toMatchObject({
        dmaTransfers: 1,
        dmaBytes: 16_384,
        pioWords: 0,
        interrupts: 1,
        cpuCopies: 0,
      });
      expect(ticket(pio.kernel, pio.result).bytes).toEqual(ticket(dma.kernel, dma.result).bytes);
      // 4 bytes each 240 ns.
      expect(pio.kernel.now).toBeGreaterThan(dma.kernel.now + 4096 * 200);
    }
  });

  test("writes what a read then finds", async () => {
    const { kernel, result } = await run(
      function* (calls) {
        const extent = yield* calls.extent(1, 1 << 20);
        yield* calls.submit(WRITE, extent, 3, 21, 0x42);
        yield* calls.waitAll();
        const at = yield* calls.submit(READ, extent, 0, 4 * BLOCK);
        yield* calls.waitAll();
        return at;
      },
      { device: { dma: false } },
    );
    const expected = seeded(1, 0, 4 * 4096).fill(0x42, 3 * 512, 24 * 512);
    expect(ticket(kernel, result).bytes).toEqual(expected);
  });

  test("counts for the task that has asked", async () => {
    for (const dma of [true, false]) {
      const { kernel } = await run(
        function* (calls) {
          yield* calls.submit(READ, yield* calls.extent(), 0, BLOCK);
          yield* calls.waitAll();
        },
        { device: { dma } },
      );
      const { dmaBytes, pioWords } = kernel.counters;
      expect(kernel.tasks[0]!.counters).toMatchObject({ dmaBytes, pioWords });
      expect([dmaBytes, pioWords]).toEqual(dma ? [4096, 0] : [0, 1024]);
    }
  });
});

describe("sectors that cannot be read or written", () => {
  test.each([true, false])("fail as often as asked, and only the bios that touch them (dma: %s)", async (dma) => {
    const { kernel, result } = await run(
      function* (calls) {
        const extent = yield* calls.extent(1, 1 << 20);
        yield* calls.fail(READ, extent, 12, 13, 2);
        const rounds = [];
        for (let round = 0; round < 3; round++) {
          const tickets = [];
          yield* calls.plug(true);
          for (const block of [0, 1, 2]) tickets.push(yield* calls.submit(READ, extent, block * BLOCK, BLOCK));
          yield* calls.plug(false);
          yield* calls.waitAll();
          rounds.push(tickets);
        }
        rounds.push([yield* calls.submit(WRITE, extent, 12, 1)]);
        return rounds;
      },
      { device: { dma } },
    );
    const status = result.map((tickets) => tickets.map((at) => ticket(kernel, at).status));
    expect(status).toEqual([[0, EIO, 0], [0, EIO, 0], [0, 0, 0], [0]]);
    const bytes = dma ? kernel.counters.dmaBytes : kernel.counters.pioWords * 4;
    expect(bytes).toBe(7 * 4096 + 512);
  });

  test("keep what was there when a write fails", async () => {
    const { kernel, result } = await run(function* (calls) {
      const extent = yield* calls.extent(8, 4096);
      yield* calls.fail(WRITE, extent, 0, 0);
      const write = yield* calls.submit(WRITE, extent, 0, BLOCK, 0x99);
      yield* calls.waitAll();
      const read = yield* calls.submit(READ, extent, 0, BLOCK);
      yield* calls.waitAll();
      return { write, read };
    });
    expect(ticket(kernel, result.write).status).toBe(EIO);
    expect(ticket(kernel, result.read).bytes).toEqual(seeded(8, 0, 4096));
  });
});
