import { EAGAIN, EINVAL, ET, IN, NONBLOCK, OUT, SLEEPS, Threads, u64 } from "./threads.ts";
import { describe, expect, test } from "vitest";

const SEMAPHORE = 1;
const MOST = 2n ** 64n - 2n;

/** What the last read() has taken. */
const taken = (t: Threads) => new DataView(t.out[0]!.buffer, t.out[0]!.byteOffset).getBigUint64(0, true);

describe("counting", () => {
  test("writes add up, one read takes it all, and then there is nothing", async () => {
    const t = await Threads.boot();
    const fd = t.now(0, "eventfd2", 5, NONBLOCK);
    t.signal(0, fd, 7n);
    expect(t.now(0, "read", fd, { out: 8 }, 8)).toBe(8);
    expect(taken(t)).toBe(12n);
    expect(t.now(0, "read", fd, { out: 8 }, 8)).toBe(-EAGAIN);
  });

  test("a semaphore gives one at a time", async () => {
    const t = await Threads.boot();
    const fd = t.now(0, "eventfd2", 2, NONBLOCK | SEMAPHORE);
    for (const expected of [8, 8, -EAGAIN]) expect(t.now(0, "read", fd, { out: 8 }, 8)).toBe(expected);
    expect(t.object("EventfdCtx", fd).count).toBe(0n);
  });

  test("the counter stops one short of overflowing", async () => {
    const t = await Threads.boot();
    const fd = t.now(0, "eventfd2", 1, NONBLOCK);
    expect(t.signal(0, fd, MOST)).toBe(-EAGAIN);
    expect(t.signal(0, fd, MOST - 1n)).toBe(8);
    expect(t.signal(0, fd, 1n)).toBe(-EAGAIN);
    expect(t.signal(0, fd, 0n)).toBe(8);
    expect(t.signal(0, fd, 2n ** 64n - 1n)).toBe(-EINVAL);
    expect(t.object("EventfdCtx", fd).count).toBe(MOST);
  });

  test("a write has exactly 8 bytes; several buffers are several writes", async () => {
    const t = await Threads.boot();
    const fd = t.now(0, "eventfd2", 0, NONBLOCK);
    for (const length of [0, 7, 9]) {
      expect(t.now(0, "write", fd, { in: new Uint8Array(length) }, length)).toBe(-EINVAL);
    }
    const [one, two, none] = [{ in: u64(1n) }, { in: u64(2n) }, { in: "" }];
    expect(t.now(0, "writev", fd, { iov: [one, none, two] }, 3)).toBe(16);
    expect(t.now(0, "writev", fd, { iov: [one, { in: "half" }] }, 2)).toBe(8);
    expect(t.now(0, "writev", fd, { iov: [none, one] }, 2)).toBe(-EINVAL);
    expect(t.object("EventfdCtx", fd).count).toBe(4n);
  });
});

describe("waiting", () => {
  test("a write wakes all readers; the one that has waited longest takes it, the others sleep on", async () => {
    const t = await Threads.boot(4);
    const fd = t.now(0, "eventfd2", 0, 0);
    for (const thread of [1, 2, 3]) expect(t.call(thread, "read", fd, { out: 8 }, 8)).toBe(SLEEPS);
    const vainly = t.kernel.counters.wakeupsInVain;
    t.signal(0, fd, 3n);
    expect(t.woken()).toEqual([[1, 8]]);
    expect(t.kernel.counters.wakeupsInVain - vainly).toBe(2);
    t.signal(0, fd, 3n);
    expect(t.woken()).toEqual([[2, 8]]);
  });

  test("each reader of a semaphore takes one", async () => {
    const t = await Threads.boot(4);
    const fd = t.now(0, "eventfd2", 0, SEMAPHORE);
    for (const thread of [1, 2, 3]) t.call(thread, "read", fd, { out: 8 }, 8);
    t.signal(0, fd, 2n);
    expect(t.woken()).toEqual([
      [1, 8],
      [2, 8],
    ]);
  });

  test("a writer waits until its number fits", async () => {
    const t = await Threads.boot(2);
    const fd = t.now(0, "eventfd2", 0, 0);
    t.signal(0, fd, MOST);
    expect(t.signal(1, fd, 5n)).toBe(SLEEPS);
    t.now(0, "read", fd, { out: 8 }, 8);
    expect(t.woken()).toEqual([[1, 8]]);
    expect(t.object("EventfdCtx", fd).count).toBe(5n);
  });
});

test("every write is an edge, also if the counter was not 0, or does not change", async () => {
  const t = await Threads.boot();
  const fd = t.now(0, "eventfd2", 1, NONBLOCK);
  const epfd = t.watching(IN | ET, fd);
  expect(t.ready(epfd)).toEqual([fd]);
  for (const value of [1n, 0n]) {
    t.signal(0, fd, value);
    expect(t.ready(epfd)).toEqual([fd]);
  }
});

test("it can be read from 1 on, and written until it is full", async () => {
  const t = await Threads.boot();
  const fd = t.now(0, "eventfd2", 0, NONBLOCK);
  const epfd = t.watching(IN | OUT, fd);
  expect(t.events(epfd)).toEqual([[fd, OUT]]);
  t.signal(0, fd, 1n);
  expect(t.events(epfd)).toEqual([[fd, IN | OUT]]);
  t.signal(0, fd, MOST - 1n);
  expect(t.events(epfd)).toEqual([[fd, IN]]);
});
