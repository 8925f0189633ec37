import { ET, EXCLUSIVE, IN, MOD, NONBLOCK, ONESHOT, SLEEPS, Threads } from "./threads.ts";
import { describe, expect, test } from "vitest";

const NS_PER_MS = 1_000_000;

/** Threads that sleep in epoll_wait() on one eventpoll, which watches a pipe. */
async function sleepers(count: number, events: number) {
  const t = await Threads.boot(count + 1);
  const [r, w] = t.pipe(NONBLOCK);
  const epfd = t.watching(events, r);
  for (let thread = 1; thread <= count; thread++) expect(t.wait(thread, epfd, 64, -1)).toBe(SLEEPS);
  return { t, r, w, epfd };
}

/** An eventfd that is watched by one eventpoll for each thread but the first, and these threads. */
async function herd(count: number, events: number) {
  const t = await Threads.boot(count + 1);
  const fd = t.now(0, "eventfd2", 0, NONBLOCK);
  const eps = Array.from({ length: count }, () => t.watching(events, fd));
  return { t, fd, eps };
}

describe("one eventpoll, several sleepers", () => {
  test("an edge wakes one, the newest, and it alone as long as it comes back in time", async () => {
    const { t, w, epfd } = await sleepers(3, IN | ET);
    for (let i = 0; i < 3; i++) {
      t.write(0, w, "x");
      expect(t.woken()).toEqual([[3, 1]]);
      t.wait(3, epfd, 64, -1);
    }
  });

  test("a level-triggered event that nobody consumes wakes them all, one after the other", async () => {
    const { t, w } = await sleepers(3, IN);
    t.write(0, w, "x");
    expect(t.woken()).toEqual([
      [3, 1],
      [2, 1],
      [1, 1],
    ]);
  });

  test("a one-shot event wakes one", async () => {
    const { t, w } = await sleepers(3, IN | ONESHOT);
    t.write(0, w, "x");
    t.write(0, w, "x");
    expect(t.woken()).toEqual([[3, 1]]);
  });

  test("MOD wakes a sleeper if the file is ready; DEL and close do not", async () => {
    const t = await Threads.boot(3);
    const fd = t.now(0, "eventfd2", 1, NONBLOCK);
    const epfd = t.watching(0, fd);
    for (const thread of [1, 2]) t.wait(thread, epfd, 64, -1);
    t.ctl(epfd, MOD, fd, IN | ET);
    expect(t.woken()).toEqual([[2, 1]]);
    t.now(0, "close", fd);
    expect(t.woken()).toEqual([]);
    expect(t.kernel.check()).toEqual([]);
  });

  test("I-11: a sleeper keeps the eventpoll open, though its descriptor is closed", async () => {
    const { t, w, epfd } = await sleepers(1, IN);
    t.now(0, "close", epfd);
    t.write(0, w, "x");
    expect(t.woken()).toEqual([[1, 1]]);
    expect(t.fs).toMatchObject({ nr_files: 2, epoll_watches: 0 });
  });
});

describe("several eventpolls", () => {
  test("without EPOLLEXCLUSIVE each of them wakes a sleeper, the last one added first", async () => {
    const { t, fd, eps } = await herd(3, IN);
    eps.forEach((epfd, i) => t.wait(i + 1, epfd, 64, -1));
    t.signal(0, fd, 1n);
    expect(t.woken()).toEqual([
      [3, 1],
      [2, 1],
      [1, 1],
    ]);
  });

  test("with EPOLLEXCLUSIVE the first one added that has a sleeper wins, every time", async () => {
    const { t, fd, eps } = await herd(3, IN | ET | EXCLUSIVE);
    eps.forEach((epfd, i) => t.wait(i + 1, epfd, 64, -1));
    for (let i = 0; i < 4; i++) {
      t.signal(0, fd, 1n);
      expect(t.woken()).toEqual([[1, 1]]);
      t.wait(1, eps[0]!, 64, -1);
    }
  });

  test("those before the winner have the event too, those behind it were never told", async () => {
    const { t, fd, eps } = await herd(3, IN | EXCLUSIVE);
    t.wait(2, eps[1]!, 64, -1);
    t.signal(0, fd, 1n);
    expect(t.woken()).toEqual([[2, 1]]);
    expect(t.ready(eps[0]!)).toEqual([fd]);
    expect(t.ready(eps[2]!)).toEqual([]);
  });

  test("a wake-up goes through an inner eventpoll to the outer one: both wake their sleeper", async () => {
    const t = await Threads.boot(3);
    const fd = t.now(0, "eventfd2", 0, NONBLOCK);
    const inner = t.watching(IN, fd);
    const outer = t.watching(IN | ET, inner);
    t.wait(1, inner, 64, -1);
    t.wait(2, outer, 64, -1);
    t.signal(0, fd, 1n);
    expect(
      t
        .woken()
        .map(([thread]) => thread)
        .toSorted((a, b) => a - b),
    ).toEqual([1, 2]);
    t.wait(2, outer, 64, -1);
    t.signal(0, fd, 1n);
    expect(t.woken()).toEqual([[2, 1]]);
  });
});

describe("time", () => {
  test("W-1: a timeout of 0 never sleeps, a negative one never ends", async () => {
    const { t, epfd } = await sleepers(1, IN);
    expect(t.wait(0, epfd, 64, 0)).toBe(0);
    expect(t.elapse()).toBe(false);
    expect(t.woken()).toEqual([]);
  });

  test("W-12: a sleeper wakes when its time is up, not earlier, and is then off the queue", async () => {
    const t = await Threads.boot(1);
    const epfd = t.watching(IN);
    const start = t.kernel.now;
    expect(t.wait(0, epfd, 64, 25)).toBe(SLEEPS);
    expect(t.elapse()).toBe(true);
    expect(t.woken()).toEqual([[0, 0]]);
    expect(t.kernel.now - start).toBeGreaterThanOrEqual(25 * NS_PER_MS);
    expect(t.kernel.now - start).toBeLessThan(26 * NS_PER_MS);
    expect(t.elapse()).toBe(false);
    expect(t.kernel.check()).toEqual([]);
  });

  test("an event stops the alarm", async () => {
    const t = await Threads.boot(2);
    const fd = t.now(0, "eventfd2", 0, NONBLOCK);
    const epfd = t.watching(IN, fd);
    t.wait(1, epfd, 64, 25);
    t.signal(0, fd, 1n);
    expect(t.woken()).toEqual([[1, 1]]);
    expect(t.elapse()).toBe(false);
  });

  test("W-13: a sleeper that is woken in vain keeps its first deadline", async () => {
    const t = await Threads.boot(3);
    const fd = t.now(0, "eventfd2", 0, NONBLOCK);
    const start = t.kernel.now;
    t.wait(1, t.watching(IN, fd), 64, 25);
    t.wait(2, t.watching(IN), 64, 10);
    t.elapse();
    expect(t.woken()).toEqual([[2, 0]]);
    t.signal(0, fd, 0n);
    expect(t.woken()).toEqual([]);
    expect(t.kernel.counters.wakeupsInVain).toBe(1);
    t.elapse();
    expect(t.woken()).toEqual([[1, 0]]);
    expect(t.kernel.now - start).toBeLessThan(26 * NS_PER_MS);
  });

  test("W-11: epoll_pwait2 takes its time in ns; a bad one is refused before the descriptor is looked at", async () => {
    const t = await Threads.boot(1);
    const epfd = t.watching(IN);
    const pwait2 = (fd: number, seconds: bigint, nanoseconds: bigint) =>
      t.call(0, "epoll_pwait2", fd, { out: 12 }, 1, { in: timespec(seconds, nanoseconds) }, 0, 8);
    expect(pwait2(99, 0n, 1_000_000_000n)).toBe(-22);
    expect(pwait2(99, -1n, 0n)).toBe(-22);
    expect(pwait2(99, 0n, 0n)).toBe(-9);
    expect(pwait2(epfd, 0n, 0n)).toBe(0);
    const start = t.kernel.now;
    expect(pwait2(epfd, 0n, 1500n)).toBe(SLEEPS);
    t.elapse();
    expect(t.woken()).toEqual([[0, 0]]);
    expect(t.kernel.now - start).toBeLessThan(10_000);
  });
});

function timespec(seconds: bigint, nanoseconds: bigint): Uint8Array {
  return new Uint8Array(BigInt64Array.of(seconds, nanoseconds).buffer);
}
