import { AF_INET, Kernel, SOCK_STREAM, digestOf } from "../../lib/index.ts";
import type { Peer, Program, World } from "../../lib/index.ts";
import { describe, expect, test } from "vitest";
import { boot } from "../support/boot.ts";
import fc from "fast-check";

const PORT = 80;
const NOTHING_LOST = { direction: "out", count: 0 } as const;
/** Bytes that tell where in a stream they are. */
const pattern = (length: number) => Uint8Array.from({ length }, (_, i) => (i * 31) ^ (i >> 7));

/** Waits for one client and writes the bytes to it, in calls of so many. */
function sender(bytes: Uint8Array, step: number): Program {
  return function* (sys) {
    const lfd = yield* sys.socket(AF_INET, SOCK_STREAM);
    yield* sys.bind(lfd, { port: PORT });
    yield* sys.listen(lfd);
    const fd = yield* sys.accept(lfd);
    for (let done = 0; done < bytes.length; done += step) yield* sys.write(fd, bytes.subarray(done, done + step));
    yield* sys.close(fd);
  };
}

/** A machine that has sent the bytes to a client outside. */
async function sent(
  bytes: Uint8Array,
  step: number,
  keep = true,
  before: (world: World) => void = () => undefined,
): Promise<{ kernel: Kernel; peer: Peer }> {
  const kernel = await boot();
  kernel.spawn("server", sender(bytes, step));
  kernel.run();
  const peer = kernel.world.connect(PORT, { keep });
  kernel.run();
  before(kernel.world);
  kernel.run();
  return { kernel, peer };
}

describe("packets", () => {
  test("a large write goes out in packets of up to 15 frames, each one transfer of its data", async () => {
    const bytes = pattern(150_000);
    const { kernel, peer } = await sent(bytes, bytes.length);
    expect(Buffer.compare(peer.received.bytes(), bytes)).toBe(0);
    expect(kernel.counters).toMatchObject({ dmaTransfers: 3, dmaBytes: bytes.length });
    expect(kernel.check()).toEqual([]);
  });

  test("a peer that does not keep what it receives counts and digests it, however it was cut", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 70_000 }), fc.integer({ min: 1, max: 9000 }), async (size, step) => {
        const bytes = pattern(size);
        const { kernel, peer } = await sent(bytes, step, false);
        expect(peer.received.length).toBe(size);
        expect(peer.received.digest).toBe(digestOf(bytes));
        expect(() => peer.received.bytes()).toThrow("no bytes");
        expect(kernel.check()).toEqual([]);
      }),
      { numRuns: 12 },
    );
  });

  test("the connections of a server outside can be such peers, and others have no digest", async () => {
    const kernel = await boot();
    const quiet = kernel.world.listen(PORT, { keep: false });
    const keeping = kernel.world.listen(PORT + 1);
    kernel.spawn("client", function* (sys) {
      for (const port of [PORT, PORT + 1]) {
        const fd = yield* sys.socket(AF_INET, SOCK_STREAM);
        yield* sys.connect(fd, { port, host: "10.1.0.1" });
        yield* sys.write(fd, "hello");
      }
    });
    kernel.run();
    expect(quiet.peers[0]!.received.digest).toBe(digestOf(new TextEncoder().encode("hello")));
    expect(keeping.peers[0]!.received.text()).toBe("hello");
    expect(() => keeping.peers[0]!.received.digest).toThrow("keeps what it receives");
  });
});

describe("loss", () => {
  test("whatever is lost in whichever direction, everything arrives exactly, sent again after 200 ms", async () => {
    const loss = fc.record({ direction: fc.constantFrom("in", "out"), count: fc.integer({ min: 0, max: 4 }) });
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 200_000 }), loss, loss, async (size, first, second) => {
        const bytes = pattern(size);
        const kernel = await boot();
        kernel.spawn("server", sender(bytes, 50_000));
        kernel.run();
        kernel.world.nic.drop(first as typeof NOTHING_LOST);
        const peer = kernel.world.connect(PORT);
        kernel.world.at(kernel.now + 1_000_000, (world) => world.nic.drop(second as typeof NOTHING_LOST));
        kernel.run();
        expect(Buffer.compare(peer.received.bytes(), bytes)).toBe(0);
        expect(kernel.check()).toEqual([]);
      }),
      { numRuns: 30 },
    );
  });

  test("one lost packet costs the time until it is sent again", async () => {
    const bytes = pattern(3000);
    const { kernel } = await sent(bytes, bytes.length);
    const lossy = await boot();
    lossy.spawn("server", sender(bytes, bytes.length));
    lossy.run();
    lossy.world.nic.drop({ direction: "in", count: 1 });
    const peer = lossy.world.connect(PORT);
    lossy.run();
    expect(Buffer.compare(peer.received.bytes(), bytes)).toBe(0);
    expect(lossy.now - kernel.now).toBeGreaterThan(900_000_000);
  });

  test("losses are journalled: the machine can be made again from its past", async () => {
    const bytes = pattern(3000);
    const { kernel } = await sent(bytes, bytes.length, true, (world) => world.nic.drop(2));
    const again = await Kernel.replay(kernel.journal.toString());
    expect(again.digest()).toBe(kernel.digest());
  });

  test("what cannot be lost is refused with words", async () => {
    const { world } = await boot();
    expect(() => world.nic.drop({ direction: "up" as "in", count: 1 })).toThrow('direction is "in" or "out"');
    expect(() => world.nic.drop(-1)).toThrow("count is a whole number");
  });
});
