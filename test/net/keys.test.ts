import { describe, expect, test } from "vitest";
import { ERR, IN, NONBLOCK, OUT, RDHUP, RDNORM, Threads, WRNORM, u64 } from "../fs/threads.ts";
import { Sockets } from "./sockets.ts";

const PRI = 0x2;
const RDBAND = 0x80;
const WRBAND = 0x200;
/** What sockets say when data has come. */
const DATA = IN | PRI | RDNORM | RDBAND;
const ROOM = OUT | WRNORM | WRBAND;
const [SHUT_WR] = [1];

/** The keys with which the epitem of a descriptor is called meanwhile. */
function keys(t: Threads, fd: number, act: () => void): number[] {
  const epfd = t.watching(IN | OUT | RDHUP, fd);
  const before = t.kernel.tick;
  act();
  t.kernel.settle();
  const called = Array.from(t.kernel.trace.filter({ event: "ep_poll_callback", from: before + 1 }));
  t.now(0, "close", epfd);
  return called.map(({ args }) => args[1]);
}

describe("the key of a wake-up", () => {
  test("PI-11, PI-12: a write tells readers IN|RDNORM and writers nothing; a read the other way round", async () => {
    const t = await Threads.boot();
    const [r, w] = t.pipe(NONBLOCK);
    expect(keys(t, r, () => t.write(0, w, "x"))).toEqual([IN | RDNORM]);
    expect(keys(t, w, () => t.write(0, w, "x"))).toEqual([]);
    t.write(0, w, "x".repeat(65_536));
    const readAll = () => t.read(0, r, 65_536);
    expect(keys(t, w, readAll)).toEqual([OUT | WRNORM]);
    t.write(0, w, "x".repeat(65_536));
    t.write(0, w, "x".repeat(4096));
    expect(keys(t, r, readAll)).toEqual([]);
  });

  test("PI-13: the end of either side has none", async () => {
    const t = await Threads.boot();
    const [r, w] = t.pipe(NONBLOCK);
    expect(keys(t, r, () => t.now(0, "close", w))).toEqual([0]);
    const [r2, w2] = t.pipe(NONBLOCK);
    expect(keys(t, w2, () => t.now(0, "close", r2))).toEqual([0]);
  });

  test("EV-6: of an eventfd is IN for a write and OUT for a read, without NORM", async () => {
    const t = await Threads.boot();
    const fd = t.now(0, "eventfd2", 0, NONBLOCK);
    expect(keys(t, fd, () => t.signal(0, fd, 1n))).toEqual([IN]);
    expect(keys(t, fd, () => t.now(0, "read", fd, { out: 8 }, 8))).toEqual([OUT]);
    expect(keys(t, fd, () => t.call(0, "write", fd, { in: u64(0n) }, 8))).toEqual([IN]);
  });

  test("TC-5: of TCP says data, a new connection, an error; an end has none", async () => {
    const s = await Sockets.boot();
    const listener = s.listening(7100);
    const client = s.socket();
    s.t.now(0, "fcntl", client, 4, NONBLOCK);
    expect(keys(s.t, listener, () => s.connect(client, 7100))).toEqual([DATA]);
    const server = s.t.now(0, "accept4", listener, 0, 0, NONBLOCK);
    expect(keys(s.t, server, () => s.t.write(0, client, "data"))).toEqual([DATA]);
    expect(keys(s.t, server, () => s.t.now(0, "shutdown", client, SHUT_WR))).toContain(0);
    const other = s.socket();
    s.connect(other, 7100);
    const reset = s.t.now(0, "accept4", listener, 0, 0, NONBLOCK);
    s.t.write(0, reset, "unread");
    const seen = keys(s.t, reset, () => s.t.now(0, "close", other));
    expect(seen).toEqual(expect.arrayContaining([0, ERR]));
  });

  test("UX-4: of a UNIX socket says data and room; an end has none", async () => {
    const s = await Sockets.boot();
    const [a, b] = s.pair();
    expect(keys(s.t, b, () => s.t.write(0, a, "data"))).toEqual([DATA]);
    expect(keys(s.t, a, () => s.t.read(0, b, 4))).toEqual([ROOM]);
    expect(keys(s.t, b, () => s.t.now(0, "shutdown", a, SHUT_WR))).toEqual([0]);
    expect(keys(s.t, b, () => s.t.now(0, "close", a))).toEqual([0]);
  });
});
