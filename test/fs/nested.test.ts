import { ADD, EINVAL, ELOOP, ET, EXCLUSIVE, IN, NONBLOCK, RDNORM, Threads } from "./threads.ts";
import { describe, expect, test } from "vitest";

/** Eventpolls of which each watches the next. */
function chain(t: Threads, length: number): number[] {
  const eps = Array.from({ length }, () => t.watching(IN));
  for (let i = 0; i + 1 < length; i++) expect(t.ctl(eps[i]!, ADD, eps[i + 1]!, IN)).toBe(0);
  return eps;
}

describe("what may be nested", () => {
  test("no eventpoll watches itself, also not by way of others or of a copied descriptor", async () => {
    const t = await Threads.boot();
    const eps = chain(t, 3);
    const [first, , last] = eps as [number, number, number];
    expect(t.ctl(last, ADD, first, IN)).toBe(-ELOOP);
    expect(t.ctl(first, ADD, first, IN)).toBe(-EINVAL);
    expect(t.ctl(first, ADD, t.now(0, "dup", first), IN)).toBe(-EINVAL);
    expect(t.kernel.check()).toEqual([]);
  });

  test("a chain has at most five, wherever the new link is; files do not count", async () => {
    const t = await Threads.boot();
    const five = chain(t, 5);
    const [alone] = chain(t, 1) as [number];
    expect(t.ctl(alone, ADD, five[0]!, IN)).toBe(-ELOOP);
    expect(t.ctl(five[4]!, ADD, alone, IN)).toBe(-ELOOP);
    expect(t.ctl(five[4]!, ADD, t.now(0, "eventfd2", 0, NONBLOCK), IN)).toBe(0);
    const [upper, lower] = [chain(t, 3), chain(t, 3)];
    expect(t.ctl(upper[2]!, ADD, lower[0]!, IN)).toBe(-ELOOP);
    expect(t.ctl(upper[1]!, ADD, lower[0]!, IN)).toBe(0);
  });

  test("L-12, I-3: from a file at most 500 ways of length two lead up; the one too many leaves nothing behind", async () => {
    const t = await Threads.boot(1, { trace: false });
    const fd = t.now(0, "eventfd2", 0, NONBLOCK);
    const inner = t.watching(IN, fd);
    const outer = () => t.ctl(t.watching(IN), ADD, inner, IN);
    expect(Array.from({ length: 500 }, outer).every((result) => result === 0)).toBe(true);
    const watches = t.fs.epoll_watches;
    expect(outer()).toBe(-EINVAL);
    expect(t.fs.epoll_watches).toBe(watches);
    expect(t.kernel.check()).toEqual([]);
  });

  test("an eventpoll cannot be watched as exclusive", async () => {
    const t = await Threads.boot();
    const [inner, outer] = [t.watching(IN), t.watching(IN)];
    expect(t.ctl(outer, ADD, inner, IN | EXCLUSIVE)).toBe(-EINVAL);
  });
});

describe("what is told", () => {
  test("an eventpoll is readable while one of its items is ready, through all levels", async () => {
    const t = await Threads.boot();
    const eps = chain(t, 5);
    const fd = t.now(0, "eventfd2", 0, NONBLOCK);
    t.ctl(eps[4]!, ADD, fd, IN);
    expect(t.events(eps[0]!)).toEqual([]);
    t.signal(0, fd, 1n);
    for (const [i, epfd] of eps.slice(0, 4).entries()) expect(t.events(epfd)).toEqual([[eps[i + 1], IN]]);
    t.now(0, "read", fd, { out: 8 }, 8);
    for (const epfd of eps) expect(t.events(epfd)).toEqual([]);
  });

  test("asking the outer one leaves an edge of the inner one where it is", async () => {
    const t = await Threads.boot();
    const fd = t.now(0, "eventfd2", 0, NONBLOCK);
    const inner = t.watching(IN | ET, fd);
    const outer = t.watching(IN | RDNORM, inner);
    t.signal(0, fd, 1n);
    expect(t.events(outer)).toEqual([[inner, IN | RDNORM]]);
    expect(t.events(outer)).toEqual([[inner, IN | RDNORM]]);
    expect(t.ready(inner)).toEqual([fd]);
    expect(t.events(outer)).toEqual([]);
  });

  test("every event of an inner one is an edge for the outer one", async () => {
    const t = await Threads.boot();
    const fd = t.now(0, "eventfd2", 0, NONBLOCK);
    const inner = t.watching(IN, fd);
    const outer = t.watching(IN | ET, inner);
    for (let i = 0; i < 3; i++) {
      t.signal(0, fd, 1n);
      expect([t.ready(outer), t.ready(outer)]).toEqual([[inner], []]);
    }
  });

  test("a closed inner one is gone from the outer one", async () => {
    const t = await Threads.boot();
    const fd = t.now(0, "eventfd2", 1, NONBLOCK);
    const inner = t.watching(IN, fd);
    const outer = t.watching(IN, inner);
    t.now(0, "close", inner);
    expect(t.ready(outer)).toEqual([]);
    expect(t.fs.epoll_watches).toBe(0);
  });
});
