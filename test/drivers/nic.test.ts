import { describe, expect, test } from "vitest";
import { AF_INET, type BootOptions, SOCK_STREAM } from "../../lib/index.ts";
import { boot } from "../support/boot.ts";

/** What a client sends to a program that sends it back. */
const BYTES = Uint8Array.from({ length: 20_000 }, (_, i) => (i * 7) & 0xff);

async function echo(options: BootOptions) {
  const kernel = await boot(options);
  const server = kernel.spawn("server", function* (sys) {
    const listening = yield* sys.socket(AF_INET, SOCK_STREAM);
    yield* sys.bind(listening, { port: 80 });
    yield* sys.listen(listening, 1);
    const fd = yield* sys.accept(listening);
    const buffer = sys.buffer(4096);
    for (let read = yield* sys.read(fd, buffer, 4096); read > 0; read = yield* sys.read(fd, buffer, 4096)) {
      for (let done = 0; done < read;) done += yield* sys.write(fd, buffer, read - done);
    }
    yield* sys.close(fd);
    yield* sys.close(listening);
  });
  kernel.run();
  const client = kernel.world.connect(80);
  client.send(BYTES);
  client.shutdown();
  kernel.run();
  expect(server.state).toBe("zombie");
  expect(client.received.bytes()).toEqual(BYTES);
  expect(kernel.check()).toEqual([]);
  return kernel;
}

describe("a network card without DMA", () => {
  test("has a CPU move every word of every packet, both ways", async () => {
    const dma = (await echo({})).counters;
    const pio = (await echo({ device: { dma: false } })).counters;
    expect(dma).toMatchObject({ pioWords: 0, dmaBytes: 2 * BYTES.length });
    expect(pio).toMatchObject({ dmaTransfers: 0, dmaBytes: 0 });
    // The data both ways, and the headers of all packets.
    expect(pio.pioWords).toBeGreaterThan((2 * BYTES.length) / 4);
    expect(pio.cpuCopiedBytes).toBe(dma.cpuCopiedBytes + 2 * BYTES.length);
  });

  test("takes the CPU's time for it", async () => {
    const without = await echo({ device: { dma: false } });
    const quick = await echo({ device: { dma: false }, costs: { pioWord: 0 } });
    expect(without.now - quick.now).toBeGreaterThan(((2 * BYTES.length) / 4) * 200);
  });

  test("loses nothing when memory is exhausted for a while", async () => {
    const kernel = await boot({ device: { dma: false } });
    const server = kernel.spawn("server", function* (sys) {
      const listening = yield* sys.socket(AF_INET, SOCK_STREAM);
      yield* sys.bind(listening, { port: 80 });
      yield* sys.listen(listening, 1);
      const fd = yield* sys.accept(listening);
      let sent = 0;
      for (let i = 0; i < 20; i++) sent += Math.max(0, yield* sys.write(fd, "x".repeat(500)));
      return sent;
    });
    kernel.run();
    const client = kernel.world.connect(80);
    kernel.run({ until: () => client.state === "established" });
    for (const of of ["objects", "frames"] as const) kernel.faults.failAllocation({ probability: 0.2, of });
    kernel.run({ until: { time: kernel.now + 50_000_000 } });
    kernel.faults.clear();
    kernel.run();
    expect(server.result).toBeGreaterThan(500);
    expect(client.received.text()).toBe("x".repeat(server.result as number));
    expect(kernel.check()).toEqual([]);
  });
});
