import { describe, expect, test } from "vitest";
import {
  EPOLLET,
  EPOLLIN,
  EPOLL_CTL_ADD,
  O_NONBLOCK,
  type Kernel,
  type Peer,
  type Program,
  SOCK_NONBLOCK,
  SOCK_STREAM,
  AF_INET,
} from "../../lib/index.ts";
import { type EventpollObject, objectsOf } from "../../lib/see/objects.ts";
import { boot } from "../support/boot.ts";

/** What the program watches, in this order: an always ready file or a connection, and whether edge-triggered. */
const WATCHED = [
  ["level 0", "file", 0],
  ["edge 0", "file", EPOLLET],
  ["level 1", "talking", 0],
  ["edge 1", "talking", EPOLLET],
  ["rest 0", "file", 0],
  ["rest 1", "file", 0],
  ["silent 0", "silent", 0],
  ["silent 1", "silent", EPOLLET],
] as const;
const PLACES = 4;
/** Copying an event takes so long that packets arrive meanwhile. Unit: ns. */
const COPY = 400_000;
/** The wire is so long that a client sends before the server looks. Unit: ns. */
const WIRE = 5_000_000;
const PORT = 8080;
/** When the clients connect, and half of when they talk: all long before the server looks. Unit: ns. */
const CONNECTED = 100_000_000;

/** Has everything ready, looks once with too few places, and then once more. */
const server: Program = function* (sys) {
  const listener = yield* sys.socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  yield* sys.bind(listener, { port: PORT });
  yield* sys.listen(listener, 8);
  const epfd = yield* sys.epoll_create1(0);
  yield* sys.nanosleep({ sec: 1, nsec: 0 });
  for (const [i, [, kind, flags]] of WATCHED.entries()) {
    const fd = yield* kind === "file" ? sys.eventfd(1, O_NONBLOCK) : sys.accept4(listener, 0);
    yield* sys.epoll_ctl(epfd, EPOLL_CTL_ADD, fd, { events: (EPOLLIN | flags) >>> 0, data: { fd: i } });
  }
  const events = sys.epoll_events(16);
  const told: string[][] = [];
  for (const places of [PLACES, 16]) {
    const count = yield* sys.epoll_wait(epfd, events, places, 0);
    told.push(Array.from({ length: count }, (_, i) => WATCHED[events[i]!.data.fd]![0]));
  }
  return told;
};

/** Runs it. @param sends  when which connection gets data, after the beginning of the first wait. Unit: ns. */
async function run(sends: readonly (readonly [name: string, delay: number])[], start = 0) {
  const kernel = await boot({ costs: { copy: COPY, wireLatency: WIRE } });
  const task = kernel.spawn("server", server);
  const peers = new Map<string, Peer>();
  kernel.world.at(CONNECTED, (world) => {
    for (const [name, kind] of WATCHED) if (kind !== "file") peers.set(name, world.connect(PORT));
  });
  kernel.world.at(2 * CONNECTED, () => {
    for (const [name, kind] of WATCHED) if (kind === "talking") peers.get(name)?.send("hello");
  });
  for (const [name, delay] of sends) kernel.world.at(start + delay, () => peers.get(name)?.send("more"));
  kernel.run();
  return { kernel, told: task.result as string[][] };
}

/** Names of items, by their addresses. */
function named(kernel: Kernel, items: readonly number[]): string[] {
  const epitems = objectsOf(kernel.inspect(), "Epitem");
  return items.map((item) => WATCHED[Number(epitems.find(({ address }) => address === item)?.data)]?.[0] ?? "?");
}

/** The eventpoll, at a tick. */
function eventpollAt(kernel: Kernel, tick: number): EventpollObject {
  kernel.seek(tick);
  return objectsOf(kernel.inspect(), "Eventpoll")[0]!;
}

describe("a scan that is interrupted", () => {
  const arrivals = ["silent 1", "edge 1", "level 1", "silent 0"];

  /** As run(), with data that arrives while the events are copied, one connection after the other. */
  async function interrupted() {
    const { kernel: before } = await run([]);
    const [scan] = before.trace.filter({ event: "ep_start_scan" });
    return run(
      arrivals.map((name, i): [string, number] => [name, 3.2 * COPY + i * 20_000 - WIRE]),
      scan!.time,
    );
  }

  test("S-1: it has taken the whole list; P-4: what becomes ready is put aside, and each once", async () => {
    const { kernel } = await interrupted();
    const overflow = Array.from(kernel.trace.filter({ event: "ep_overflow" }));
    const ep = eventpollAt(kernel, overflow.at(-1)!.tick);
    const aside = overflow.map(({ args }) => args[0]);
    expect(named(kernel, aside)).toEqual(arrivals);
    expect(named(kernel, ep.overflow)).toEqual(arrivals.toReversed());
    expect(named(kernel, ep.batch)).toEqual(expect.arrayContaining(["rest 0", "rest 1"]));
    expect(ep.ready.length).toBeLessThanOrEqual(2);
    expect(kernel.check()).toEqual([]);
  });

  test("S-8, S-9: then come what it did not reach, what was put aside, and what it has told and keeps", async () => {
    const { kernel, told } = await interrupted();
    expect(told[0]).toEqual(["level 0", "edge 0", "level 1", "edge 1"]);
    expect(told[1]).toEqual(["rest 0", "rest 1", "silent 1", "edge 1", "silent 0", "level 0", "level 1"]);
    expect(kernel.check()).toEqual([]);
  });

  test("S-8: without an interruption the rest and what is kept are all", async () => {
    const { told } = await run([]);
    expect(told[1]).toEqual(["rest 0", "rest 1", "level 0", "level 1"]);
  });
});
