import {
  AF_INET,
  type Changed,
  type Kernel,
  O_RDWR,
  ROADS,
  SOCK_STREAM,
  type Sys,
  canChange,
  changeInFlight,
} from "../../lib/index.ts";
import { expect, test } from "vitest";
import { boot } from "../support/boot.ts";

const SIZE = 14_000;
const FIRST_PAGE = 4096;

type Steps = ReturnType<Sys["store"]>;

/** What happens to a file whose pages wait in a socket, and what the receiver sees if these are the file's own. */
const CHANGES: Readonly<Record<string, { change: (sys: Sys, fd: number) => Steps; seen: (old: Uint8Array) => void }>> =
  {
    "it is overwritten: what was written": {
      *change(sys, fd) {
        return yield* sys.pwrite64(fd, new Uint8Array(3000).fill(7), 3000, 6000);
      },
      seen: (bytes) => bytes.fill(7, 6000, 9000),
    },
    "it is cut short: zeros up to the end of the page that it ends in": {
      *change(sys, fd) {
        return yield* sys.ftruncate(fd, 6000);
      },
      seen: (bytes) => bytes.fill(0, 6000, 8192),
    },
    "it is cut short, made longer and written: what its pages held": {
      *change(sys, fd) {
        yield* sys.ftruncate(fd, 0);
        yield* sys.ftruncate(fd, SIZE);
        return yield* sys.pwrite64(fd, new Uint8Array(SIZE).fill(9), SIZE, 0);
      },
      seen: () => undefined,
    },
    "it is unlinked and closed: all of it": {
      *change(sys, fd) {
        yield* sys.unlink("/file");
        return yield* sys.close(fd);
      },
      seen: () => undefined,
    },
  };

/** Sends a file to a client outside that has stopped reading, changes it, and lets the client read on. */
async function send(scatterGather: boolean, change: (sys: Sys, fd: number) => Steps): Promise<[Kernel, Uint8Array]> {
  const kernel = await boot({ device: { scatterGather } });
  kernel.world.file("/file", { size: SIZE, seed: 4 });
  const sender = kernel.spawn("sender", function* (sys) {
    const listener = yield* sys.socket(AF_INET, SOCK_STREAM);
    yield* sys.bind(listener, { port: 80 });
    yield* sys.listen(listener);
    const socket = yield* sys.accept(listener);
    const fd = yield* sys.open("/file", O_RDWR);
    const sent = yield* sys.sendfile(socket, fd, null, SIZE);
    yield* change(sys, fd);
    yield* sys.pause();
    return sent;
  });
  kernel.run();
  const peer = kernel.world.connect(80, { window: 1 });
  kernel.run();
  expect(sender.state).toBe("interruptible");
  peer.window = 0;
  kernel.run();
  expect(kernel.check()).toEqual([]);
  return [kernel, peer.received.bytes()];
}

/** What is in the file at first. */
async function content(): Promise<Uint8Array<ArrayBuffer>> {
  const kernel = await boot();
  kernel.world.file("/file", { size: SIZE, seed: 4 });
  return kernel.world.disk.read("/file");
}

test.each(Object.entries(CHANGES))("SF-13: a file on its way to the card: %s is seen", async (_, { change, seen }) => {
  const expected = await content();
  seen(expected);
  const [, received] = await send(true, change);
  expect(received.length).toBe(SIZE);
  expect(received.subarray(FIRST_PAGE)).toEqual(expected.subarray(FIRST_PAGE));
});

test.each(Object.entries(CHANGES))("SF-14: without gathering the bytes were copied: %s is not seen", async (_, all) => {
  const [, received] = await send(false, all.change);
  expect(received).toEqual(await content());
});

/** What goes by reference, and is seen to change on its way. */
const SEEN: Readonly<Record<string, Changed>> = { splice: "file", "sendfile + SG": "file", MSG_ZEROCOPY: "buffer" };

const changes = ROADS.flatMap((road) =>
  (["file", "buffer"] as const).flatMap((what) => (canChange(road, what) ? [[road.name, what, road] as const] : [])),
);

test.each(changes)(
  "%s: the receiver sees a change of the %s only if that goes by reference",
  async (name, what, road) => {
    const size = 12_288;
    const { arrived, left, kernel, text } = await changeInFlight(road, { what, size, boot: { poison: true } });
    const seen = SEEN[name] === what;
    expect(arrived).toEqual(
      seen
        ? [
            { from: 0, to: left, are: "old" },
            { from: left, to: size, are: "new" },
          ]
        : [{ from: 0, to: size, are: "old" }],
    );
    expect(left).toBeLessThan(4);
    expect(text).toBe(seen ? "oEW+NEW+NEW+NEW+" : "old-old-old-old-");
    expect(kernel.check()).toEqual([]);
  },
);

test("a road on which no memory of the program is cannot have that changed", async () => {
  const road = ROADS.find(({ name }) => name === "sendfile + SG")!;
  await expect(changeInFlight(road, { what: "buffer", size: 1 })).rejects.toThrow("no memory of the program");
  await expect(changeInFlight(road, { what: "disk" as Changed, size: 1 })).rejects.toThrow('not "disk"');
});
