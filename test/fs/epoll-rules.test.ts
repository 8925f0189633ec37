import { describe, expect, test } from "vitest";
import { ADD, DEL, ET, EXCLUSIVE, HUP, IN, MOD, NONBLOCK, ONESHOT, OUT, SLEEPS, Threads, u64 } from "./threads.ts";
import { type EpitemObject, type EventpollObject, objectsOf } from "../../lib/see/objects.ts";
import { CLONE_FILES, CLONE_VM, type Kernel, type Program } from "../../lib/index.ts";
import { Sockets } from "../net/sockets.ts";
import { boot } from "../support/boot.ts";

const PRI = 0x2;
const WRBAND = 0x200;
const WAKEUP = 1 << 29;
const ENOSPC = 28;

/** The eventpoll of a descriptor, as it is. */
function eventpoll(t: Threads, epfd: number): EventpollObject {
  const address = t.kernel.memory.get("File", t.file(epfd), "private_data");
  return objectsOf(t.kernel.inspect(), "Eventpoll").find((ep) => ep.address === address)!;
}

/** The items of an eventpoll, in the order of its tree. */
function items(t: Threads, epfd: number): EpitemObject[] {
  const all = objectsOf(t.kernel.inspect(), "Epitem");
  return eventpoll(t, epfd).tree.map(({ address }) => all.find((item) => item.address === address)!);
}

/** What an eventpoll watches: number, mask and data of each item. */
const watched = (t: Threads, epfd: number) => items(t, epfd).map(({ fd, events, data }) => [fd, events, data]);

/** Arguments of the events of a kind since a tick. */
const calls = (t: Threads, event: "ep_poll_callback" | "__wake_up_common", since: number) =>
  Array.from(t.kernel.trace.filter({ event, from: since + 1 })).map(({ args }) => args);

const idle = (t: Threads) => t.now(0, "eventfd2", 0, NONBLOCK);
const readable = (t: Threads) => t.now(0, "eventfd2", 1, NONBLOCK);

describe("a wake-up", () => {
  test("A-1: calls the entries of the list from its head, each with the key", async () => {
    const t = await Threads.boot();
    const fd = idle(t);
    const eps = [t.watching(IN, fd), t.watching(IN | EXCLUSIVE, fd), t.watching(IN, fd)];
    const item = eps.map((epfd) => items(t, epfd)[0]!.address);
    const before = t.kernel.tick;
    t.signal(0, fd, 1n);
    expect(calls(t, "ep_poll_callback", before).map(([epi, key]) => [epi, key])).toEqual([
      [item[2], IN],
      [item[0], IN],
      [item[1], IN],
    ]);
  });

  test("A-8: takes a sleeper that it has woken off the queue before that one runs", async () => {
    const t = await Threads.boot(3);
    const [r, w] = t.pipe();
    for (const thread of [1, 2]) expect(t.read(thread, r, 4)).toBe(SLEEPS);
    const waiting = () =>
      objectsOf(t.kernel.inspect(), "PipeInodeInfo")[0]!.waitQueues.map(({ waiters }) => waiters.length);
    expect(waiting()).toContain(2);
    t.tasks[0]!.submit("write", w, { in: "data" }, 4);
    expect(waiting()).toContain(1);
    expect(waiting()).not.toContain(2);
    t.kernel.settle();
    expect(t.woken()).toEqual([[1, 4]]);
  });
});

/**
 * Two sleepers in epoll_wait on one eventpoll, the newer one with a deadline; a task that keeps the only CPU busy beyond
 * it, and then makes an event.
 */
async function deadlineMeetsEvent(flags: number) {
  const results: Record<string, number> = {};
  const program: Program = function* (sys) {
    const fd = yield* sys.eventfd(0, NONBLOCK);
    const epfd = yield* sys.epoll_create1(0);
    yield* sys.epoll_ctl(epfd, ADD, fd, { events: (IN | flags) >>> 0, data: { fd } });
    const sleeper = (name: string, timeout: number): Program =>
      function* (task) {
        results[name] = yield* task.epoll_wait(epfd, task.epoll_events(4), 4, timeout);
      };
    yield* sys.clone(CLONE_VM | CLONE_FILES, sleeper("older", -1));
    yield* sys.nanosleep({ sec: 0, nsec: 100_000 });
    yield* sys.clone(CLONE_VM | CLONE_FILES, sleeper("newer", 1));
    yield* sys.nanosleep({ sec: 0, nsec: 100_000 });
    yield* sys.compute(2_000_000);
    yield* sys.write(fd, u64(1n));
  };
  const kernel = await boot();
  kernel.spawn("main", program);
  kernel.run();
  return { kernel, results };
}

describe("a deadline that meets an event", () => {
  test("W-14: who is called by the wake-up looks once more, though its time is over", async () => {
    const { kernel, results } = await deadlineMeetsEvent(0);
    expect(results["newer"]).toBe(1);
    expect(kernel.check()).toEqual([]);
  });

  test("A-10: it was awake already, so that the wake-up goes on to the next sleeper", async () => {
    const { results } = await deadlineMeetsEvent(0);
    expect(results["older"]).toBe(1);
    const { kernel, results: edge } = await deadlineMeetsEvent(ET);
    expect(edge).toEqual({ newer: 1 });
    expect(wakeups(kernel)).toBe(2);
  });
});

/** How often a sleeper of epoll_wait was called. */
const wakeups = (kernel: Kernel) => Array.from(kernel.trace.filter({ event: "ep_autoremove_wake_function" })).length;

describe("an eventpoll in memory", () => {
  test("C-6: has a tree of all items, a list of ready ones, and two wait queues", async () => {
    const t = await Threads.boot(2);
    const fds = [readable(t), idle(t), readable(t)];
    const epfd = t.watching(IN, ...fds);
    t.watching(IN, epfd);
    const empty = t.watching(IN);
    t.wait(1, empty, 1, -1);
    const ep = eventpoll(t, epfd);
    expect(
      items(t, epfd)
        .map(({ fd }) => fd)
        .toSorted((a, b) => a - b),
    ).toEqual(fds);
    expect(
      items(t, epfd)
        .filter(({ ready }) => ready)
        .map(({ fd }) => fd),
    ).toEqual([fds[0], fds[2]]);
    expect([ep.batch, ep.overflow]).toEqual([[], []]);
    expect(ep.waitQueues.map(({ name, waiters }) => [name, waiters.map(({ func }) => func)])).toEqual([
      ["wq", []],
      ["poll_wait", ["ep_poll_callback"]],
    ]);
    expect(eventpoll(t, empty).waitQueues[0]!.waiters).toMatchObject([
      { func: "ep_autoremove_wake_function", exclusive: true },
    ]);
  });

  test("K-10: its items are ordered by the address of their file, then by number", async () => {
    const t = await Threads.boot();
    const fds = [idle(t), idle(t), idle(t)];
    const copies = fds.map((fd) => t.now(0, "dup", fd));
    const epfd = t.watching(IN, ...copies.toReversed(), ...fds);
    const keys = items(t, epfd).map(({ file, fd }): [number, number] => [file, fd]);
    expect(keys).toEqual(keys.toSorted(([a, i], [b, j]) => a - b || i - j));
    expect(keys).toHaveLength(6);
  });

  test("L-4, L-15, L-19, S-5: shows what it watches: masks with ERR and HUP, without WAKEUP, empty after a shot", async () => {
    const t = await Threads.boot();
    const fd = readable(t);
    const epfd = t.watching(IN | ET | WAKEUP, fd);
    expect(watched(t, epfd)).toEqual([[fd, "EPOLLIN|EPOLLERR|EPOLLHUP|EPOLLET", String(fd)]]);
    t.ctl(epfd, MOD, fd, OUT | ONESHOT | WAKEUP);
    expect(watched(t, epfd)).toEqual([[fd, "EPOLLOUT|EPOLLERR|EPOLLHUP|EPOLLONESHOT", String(fd)]]);
    expect(t.ready(epfd)).toEqual([fd]);
    expect(watched(t, epfd)).toEqual([[fd, "EPOLLONESHOT", String(fd)]]);
  });
});

describe("ADD", () => {
  test("I-1, I-2: counts an item, copies the event, links it to the file and into the tree", async () => {
    const t = await Threads.boot();
    const fd = idle(t);
    const [first, second] = [t.watching(IN, fd), t.watching(OUT | ET, fd)];
    expect(t.fs.epoll_watches).toBe(2);
    expect([watched(t, first)[0]![1], watched(t, second)[0]![1]]).toEqual([
      "EPOLLIN|EPOLLERR|EPOLLHUP",
      "EPOLLOUT|EPOLLERR|EPOLLHUP|EPOLLET",
    ]);
    const { memory } = t.kernel;
    const head = memory.get("File", t.file(fd), "f_ep_first");
    const links = [first, second].map((epfd) =>
      memory.embedded(items(t, epfd)[0]!.address as never, "Epitem", "fllink"),
    );
    expect([head, memory.get("Epitem", items(t, second)[0]!.address as never, "fllink_next")]).toEqual([
      links[1],
      links[0],
    ]);
    expect([first, second].map((epfd) => eventpoll(t, epfd).tree.length)).toEqual([1, 1]);
  });

  test("I-5: hangs one entry into each wait queue of the file, an exclusive one at the end", async () => {
    const t = await Threads.boot();
    const [r] = t.pipe();
    const exclusive = t.watching(IN | EXCLUSIVE, r);
    const plain = t.watching(IN, r);
    expect([exclusive, plain].map((epfd) => items(t, epfd)[0]!.entries.length)).toEqual([1, 1]);
    const { waitQueues } = objectsOf(t.kernel.inspect(), "PipeInodeInfo")[0]!;
    const queue = waitQueues.find(({ waiters }) => waiters.length > 0)!;
    expect(queue.waiters.map(({ owner, exclusive: alone }) => [owner, alone])).toEqual([
      [items(t, plain)[0]!.entries[0], false],
      [items(t, exclusive)[0]!.entries[0], true],
    ]);
  });

  test("L-9: alone looks for rings and ways up, and only if an eventpoll is watched", async () => {
    const t = await Threads.boot();
    const fd = idle(t);
    const checks = (act: () => void) => {
      const before = t.kernel.tick;
      act();
      return t.happened(before).filter((event) => event === "ep_loop_check" || event === "reverse_path_check");
    };
    const [inner, outer] = [t.watching(IN), t.watching(IN)];
    expect(checks(() => t.ctl(inner, ADD, fd, IN))).toEqual([]);
    expect(checks(() => t.ctl(outer, ADD, inner, IN))).toEqual(["ep_loop_check", "reverse_path_check"]);
    expect(checks(() => t.ctl(outer, MOD, inner, IN))).toEqual([]);
    expect(checks(() => t.ctl(inner, ADD, readable(t), IN))).toEqual(["reverse_path_check"]);
    expect(checks(() => t.ctl(outer, DEL, inner, 0))).toEqual([]);
    expect(checks(() => t.ctl(inner, DEL, fd, 0))).toEqual([]);
  });

  test("L-16: is ENOSPC when a 25th of the memory would go to items, and can be done again after a DEL", async () => {
    const t = await Threads.boot(1, { memoryLimit: 6 << 20, trace: false });
    const most = t.fs.max_user_watches;
    expect(most).toBe(Math.floor((6 << 20) / 25 / 184));
    const fds = Array.from({ length: 40 }, () => idle(t));
    const eps = Array.from({ length: Math.ceil((most + 1) / fds.length) }, () => t.watching(IN));
    const results = eps.flatMap((epfd) => fds.map((fd) => t.ctl(epfd, ADD, fd, IN)));
    expect(results.indexOf(-ENOSPC)).toBe(most);
    expect(new Set(results)).toEqual(new Set([0, -ENOSPC]));
    expect(t.ctl(eps[0]!, DEL, fds[0]!, 0)).toBe(0);
    expect([t.ctl(eps[0]!, ADD, fds[0]!, IN), t.ctl(eps.at(-1)!, ADD, fds.at(-1)!, IN)]).toEqual([0, -ENOSPC]);
    expect(t.kernel.check()).toEqual([]);
  });
});

describe("an item", () => {
  test("I-10: leaves tree, lists and wait queues with DEL, and nothing of it stays", async () => {
    const t = await Threads.boot();
    const [r, w] = t.pipe(NONBLOCK);
    const epfd = t.watching(IN, r);
    t.write(0, w, "x");
    expect(eventpoll(t, epfd).ready).toHaveLength(1);
    expect(t.ctl(epfd, DEL, r, 0)).toBe(0);
    const now = t.kernel.inspect();
    expect(eventpoll(t, epfd)).toMatchObject({ tree: [], ready: [], root: 0 });
    expect([objectsOf(now, "Epitem"), objectsOf(now, "EppollEntry")]).toEqual([[], []]);
    expect(objectsOf(now, "PipeInodeInfo")[0]!.waitQueues.flatMap(({ waiters }) => waiters)).toEqual([]);
    expect(t.fs.epoll_watches).toBe(0);
  });

  test("I-9: that MOD has made unready stays on the list until a scan drops it", async () => {
    const t = await Threads.boot();
    const fd = readable(t);
    const epfd = t.watching(IN, fd);
    t.ctl(epfd, MOD, fd, PRI);
    expect(eventpoll(t, epfd).ready).toHaveLength(1);
    expect(t.ready(epfd)).toEqual([]);
    expect(eventpoll(t, epfd).ready).toHaveLength(0);
  });

  test("P-3: is queued by news without a key though nothing that it wants is true, and wakes a sleeper in vain", async () => {
    const s = await Sockets.boot(2);
    const [client, server] = s.connection();
    const epfd = s.t.watching(WRBAND, server);
    s.t.wait(1, epfd, 4, -1);
    s.t.write(0, client, "data");
    expect(s.t.kernel.counters.wakeupsInVain).toBe(0);
    const before = s.t.kernel.tick;
    s.t.now(0, "shutdown", client, 1);
    expect(s.t.happened(before)).toEqual(expect.arrayContaining(["ep_ready", "ep_unready"]));
    expect(s.t.woken()).toEqual([]);
    expect(s.t.kernel.counters.wakeupsInVain).toBe(1);
  });

  test("P-4, P-5: keeps its place when it is queued already, and each event wakes a further sleeper", async () => {
    const t = await Threads.boot(4);
    const fd = idle(t);
    const epfd = t.watching(IN | ET, fd);
    for (const thread of [1, 2, 3]) t.wait(thread, epfd, 4, -1);
    // Nobody runs between the two writes: the item is still queued when the second one comes.
    for (let i = 0; i < 2; i++) t.tasks[0]!.submit("write", fd, { in: u64(1n) }, 8);
    expect(eventpoll(t, epfd).ready).toHaveLength(1);
    expect(eventpoll(t, epfd).waitQueues[0]!.waiters).toHaveLength(1);
    t.kernel.settle();
    expect(t.woken()).toEqual([[3, 1]]);
    expect(t.kernel.counters.wakeupsInVain).toBe(1);
    // The one that came in vain sleeps again, in front.
    t.signal(0, fd, 1n);
    expect(t.woken()).toEqual([[2, 1]]);
  });

  test("S-3: tells 12 bytes: the mask, and 64 bits of data without a gap", async () => {
    const t = await Threads.boot();
    const [r, w] = t.pipe(NONBLOCK);
    t.write(0, w, "x");
    t.now(0, "close", w);
    const epfd = t.watching(IN);
    const event = new DataView(new ArrayBuffer(12));
    event.setUint32(0, IN, true);
    event.setBigUint64(4, 0x0123_4567_89ab_cdefn, true);
    t.now(0, "epoll_ctl", epfd, ADD, r, { in: new Uint8Array(event.buffer) });
    expect(t.now(0, "epoll_wait", epfd, { out: 24 }, 2, 0)).toBe(1);
    event.setUint32(0, IN | HUP, true);
    expect([...t.out[0]!.subarray(0, 12)]).toEqual([...new Uint8Array(event.buffer)]);
  });
});

describe("waiting", () => {
  test("W-4: looks first, then at its time, then sleeps in front; woken, it looks before it asks for the time", async () => {
    const t = await Threads.boot(3);
    const fd = readable(t);
    const epfd = t.watching(IN, fd);
    expect(t.wait(1, epfd, 1, 0)).toBe(1);
    t.now(0, "read", fd, { out: 8 }, 8);
    expect(t.wait(1, epfd, 1, 0)).toBe(0);
    for (const thread of [1, 2]) expect(t.wait(thread, epfd, 1, 5)).toBe(SLEEPS);
    const tasks = objectsOf(t.kernel.inspect(), "TaskStruct");
    const { waiters } = eventpoll(t, epfd).waitQueues[0]!;
    expect(waiters.map(({ owner }) => tasks.find(({ address }) => address === owner)?.title)).toEqual([
      expect.stringContaining("thread 2"),
      expect.stringContaining("thread 1"),
    ]);
    expect(waiters.every(({ exclusive }) => exclusive)).toBe(true);
    t.signal(0, fd, 1n);
    expect(t.woken()).toEqual([
      [2, 1],
      [1, 1],
    ]);
  });

  test("W-12: never ends too early, and virtual time knows no slack: not a tick of 50 us late either", async () => {
    const t = await Threads.boot();
    const epfd = t.watching(IN);
    for (const ms of [1, 10, 1000, 100_000]) {
      const start = t.kernel.now;
      expect(t.wait(0, epfd, 1, ms)).toBe(SLEEPS);
      t.elapse();
      expect(t.woken()).toEqual([[0, 0]]);
      const slept = t.kernel.now - start;
      expect(slept).toBeGreaterThanOrEqual(ms * 1e6);
      expect(slept).toBeLessThan(ms * 1e6 + 50_000);
    }
  });
});
