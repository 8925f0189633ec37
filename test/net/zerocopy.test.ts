import {
  AF_INET,
  IPPROTO_TCP,
  TCP_CORK,
  MSG_ERRQUEUE,
  MSG_ZEROCOPY,
  SOCK_STREAM,
  SOL_SOCKET,
  SO_ZEROCOPY,
  digestOf,
} from "../../lib/index.ts";
import type {
  BootOptions,
  ControlMessage,
  ExtendedError,
  Kernel,
  KernelObject,
  Peer,
  Sys,
  UserBuffer,
} from "../../lib/index.ts";
import { describe, expect, test } from "vitest";
import { boot } from "../support/boot.ts";

const PORT = 80;
const SIZE = 100_000;
/** Bytes that tell where in a stream they are. */
const pattern = (length: number) => Uint8Array.from({ length }, (_, i) => (i * 31) ^ (i >> 7));

/** Accepts one client that may be sent pages. */
function* accepted(sys: Sys) {
  const lfd = yield* sys.socket(AF_INET, SOCK_STREAM);
  yield* sys.bind(lfd, { port: PORT });
  yield* sys.listen(lfd);
  yield* sys.setsockopt(lfd, SOL_SOCKET, SO_ZEROCOPY, { value: 1 });
  return yield* sys.accept(lfd);
}

/** Reads the error queue. */
function* notified(sys: Sys, fd: number) {
  const control: ControlMessage[] = [];
  const result = yield* sys.recvmsg(fd, { iov: [], control }, MSG_ERRQUEUE);
  return result < 0 ? result : control[0]!.error!;
}

interface Run {
  readonly kernel: Kernel;
  readonly peer: Peer;
  readonly before: ExtendedError | number;
  readonly after: ExtendedError | number;
}

/** A server sends its pages to a client outside, changes them at once if it is told to, and reads the error queue. */
async function sendPages(
  options: BootOptions = {},
  change: (page: UserBuffer) => void = () => undefined,
): Promise<Run> {
  const kernel = await boot(options);
  const told: (ExtendedError | number)[] = [];
  kernel.spawn("server", function* (sys) {
    const fd = yield* accepted(sys);
    const pages = sys.buffer(SIZE);
    pages.set(pattern(SIZE));
    yield* sys.send(fd, pages, SIZE, MSG_ZEROCOPY);
    change(pages);
    told.push(yield* notified(sys, fd));
    yield* sys.nanosleep({ sec: 1, nsec: 0 });
    told.push(yield* notified(sys, fd));
    yield* sys.close(fd);
  });
  kernel.run();
  const peer = kernel.world.connect(PORT);
  kernel.run();
  expect(kernel.check()).toEqual([]);
  return { kernel, peer, before: told[0]!, after: told[1]! };
}

describe("MSG_ZEROCOPY over the network card", () => {
  test("no CPU copies, and the program is told once the other side has everything", async () => {
    const { kernel, peer, before, after } = await sendPages();
    expect(Buffer.compare(peer.received.bytes(), pattern(SIZE))).toBe(0);
    expect(kernel.counters.cpuCopiedBytes).toBeLessThan(500);
    expect(kernel.counters).toMatchObject({ dmaTransfers: 2, dmaBytes: SIZE });
    expect(before).toBe(-11);
    expect(after).toEqual({ ee_errno: 0, ee_origin: 5, ee_type: 0, ee_code: 0, ee_info: 0, ee_data: 0 });
  });

  test("who changes pages before the card has read them changes what arrives", async () => {
    const { peer } = await sendPages({}, (pages) => pages.set(new Uint8Array(SIZE)));
    expect(peer.received.length).toBe(SIZE);
    expect(peer.received.bytes().every((byte) => byte === 0)).toBe(true);
  });

  test("SF-14: a card that does not gather, or not sum, has the bytes copied at once, and the program is told so", async () => {
    for (const device of [{ scatterGather: false }, { checksum: false }]) {
      const { kernel, peer, before, after } = await sendPages({ device }, (pages) => pages.set(new Uint8Array(SIZE)));
      expect(Buffer.compare(peer.received.bytes(), pattern(SIZE))).toBe(0);
      expect(kernel.counters.cpuCopiedBytes).toBeGreaterThanOrEqual(SIZE);
      expect(before).toMatchObject({ ee_code: 1, ee_info: 0, ee_data: 0 });
      expect(after).toBe(-11);
    }
  });

  test("CC-3: summing costs time, and no copy", async () => {
    const [summed, not] = await Promise.all([
      sendPages({ device: { checksum: false } }),
      sendPages({ device: { checksum: false }, costs: { checksum64k: 0 } }),
    ]);
    expect(summed.kernel.counters.cpuCopies).toBe(not.kernel.counters.cpuCopies);
    const time = ({ kernel }: typeof not) => kernel.tasks.reduce((sum, { cpuTime }) => sum + cpuTime, 0);
    expect(time(summed)).toBeGreaterThan(time(not));
  });

  test("pages that were lost are sent again, and told of only then", async () => {
    const kernel = await boot();
    const told: (ExtendedError | number)[] = [];
    kernel.spawn("server", function* (sys) {
      const fd = yield* accepted(sys);
      const pages = sys.buffer(SIZE);
      pages.set(pattern(SIZE));
      kernel.world.nic.drop(2);
      yield* sys.send(fd, pages, SIZE, MSG_ZEROCOPY);
      yield* sys.nanosleep({ sec: 0, nsec: 100_000_000 });
      told.push(yield* notified(sys, fd));
      yield* sys.nanosleep({ sec: 1, nsec: 0 });
      told.push(yield* notified(sys, fd));
    });
    kernel.run();
    const peer = kernel.world.connect(PORT, { keep: false });
    kernel.run();
    expect(peer.received.digest).toBe(digestOf(pattern(SIZE)));
    expect(told).toMatchObject([-11, { ee_code: 0 }]);
    expect(kernel.check()).toEqual([]);
  });

  test("a packet shows whose pages it holds, and a call who holds it", async () => {
    const kernel = await boot();
    let seen: readonly KernelObject[] = [];
    kernel.spawn("server", function* (sys) {
      const fd = yield* accepted(sys);
      yield* sys.send(fd, sys.buffer(8192), 8192, MSG_ZEROCOPY);
      seen = kernel.inspect().objects;
      yield* sys.nanosleep({ sec: 1, nsec: 0 });
    });
    kernel.run();
    kernel.world.connect(PORT);
    kernel.run();
    const call = seen.find(({ struct }) => struct === "UbufInfoMsgzc");
    expect(call).toMatchObject({ title: "MSG_ZEROCOPY calls 0 to 0", refcnt: 1, copied: false, queued: false });
    const packets = seen.filter(({ struct }) => struct === "SkBuff");
    expect(packets).toContainEqual(
      expect.objectContaining({
        zerocopy: call!.address,
        fragments: [expect.objectContaining({ size: 4096 }), expect.objectContaining({ size: 4096 })],
      }),
    );
    kernel.run();
    expect(kernel.check()).toEqual([]);
  });

  test("a socket that is closed first takes its notifications along; nothing stays behind", async () => {
    const kernel = await boot();
    kernel.spawn("server", function* (sys) {
      const fd = yield* accepted(sys);
      for (let i = 0; i < 3; i++) yield* sys.send(fd, sys.buffer(5000), 5000, MSG_ZEROCOPY);
      yield* sys.close(fd);
    });
    kernel.run();
    const peer = kernel.world.connect(PORT);
    peer.shutdown();
    kernel.run();
    expect(peer.received.length).toBe(15_000);
    const kinds = kernel.inspect().objects.map(({ struct }) => struct);
    expect(kinds).not.toContain("UbufInfoMsgzc");
    expect(kinds).not.toContain("SkBuff");
    expect(kernel.check()).toEqual([]);
  });
});

describe("pages of files in packets", () => {
  test("SF-13: what is written behind a file's page goes into another frame, never into the file", async () => {
    const kernel = await boot();
    kernel.world.file("/page", "file");
    let left = "";
    kernel.spawn("server", function* (sys) {
      const fd = yield* accepted(sys);
      const file = yield* sys.open("/page", 0);
      yield* sys.setsockopt(fd, IPPROTO_TCP, TCP_CORK, { value: 1 });
      yield* sys.sendfile(fd, file, null, 4);
      yield* sys.write(fd, " and bytes");
      yield* sys.setsockopt(fd, IPPROTO_TCP, TCP_CORK, { value: 0 });
      const page = sys.buffer(64);
      const n = yield* sys.pread64(file, page, 64, 0);
      left = page.text().slice(0, n);
    });
    kernel.run();
    const peer = kernel.world.connect(PORT);
    kernel.run();
    expect(peer.received.text()).toBe("file and bytes");
    expect(left).toBe("file");
    expect(kernel.check()).toEqual([]);
  });
});
