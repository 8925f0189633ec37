import { ADD, DEL, EEXIST, EINVAL, ENOENT, EPERM, ERR, ET, EXCLUSIVE, HUP, IN, MOD, NONBLOCK } from "./threads.ts";
import { ONESHOT, OUT, Threads } from "./threads.ts";
import { describe, expect, test } from "vitest";
import { structLayout } from "../../lib/machine/struct_layout.ts";

/** An eventfd that is readable, and can be read for ever. */
const readable = (t: Threads) => t.now(0, "eventfd2", 1, NONBLOCK);
/** An eventfd that is not readable. */
const idle = (t: Threads) => t.now(0, "eventfd2", 0, NONBLOCK);

describe("delivery", () => {
  test("a level-triggered item is told as long as it is ready", async () => {
    const t = await Threads.boot();
    const [r, w] = t.pipe(NONBLOCK);
    const epfd = t.watching(IN, r);
    t.write(0, w, "ab");
    expect(t.ready(epfd)).toEqual([r]);
    t.read(0, r, 1);
    expect(t.ready(epfd)).toEqual([r]);
    t.read(0, r, 1);
    expect(t.ready(epfd)).toEqual([]);
  });

  test("an edge-triggered item is told once for what has happened; MOD has it looked at again", async () => {
    const t = await Threads.boot();
    const [r, w] = t.pipe(NONBLOCK);
    const epfd = t.watching(IN | ET, r);
    t.write(0, w, "ab");
    t.write(0, w, "cd");
    expect([t.ready(epfd), t.ready(epfd)]).toEqual([[r], []]);
    t.read(0, r, 1);
    expect(t.ready(epfd)).toEqual([]);
    t.ctl(epfd, MOD, r, IN | ET);
    expect([t.ready(epfd), t.ready(epfd)]).toEqual([[r], []]);
  });

  test("a one-shot item is switched off by being told, errors included, until MOD", async () => {
    const t = await Threads.boot();
    const [r, w] = t.pipe(NONBLOCK);
    const epfd = t.watching(IN | ONESHOT, r);
    t.write(0, w, "a");
    expect(t.ready(epfd)).toEqual([r]);
    t.write(0, w, "b");
    t.now(0, "close", w);
    expect(t.ready(epfd)).toEqual([]);
    t.ctl(epfd, MOD, r, IN | ONESHOT);
    expect(t.events(epfd)).toEqual([[r, IN | HUP]]);
  });

  test("what an event says is what is true at delivery, not what has queued the item", async () => {
    const t = await Threads.boot();
    const [r, w] = t.pipe(NONBLOCK);
    const epfd = t.watching(IN | OUT | ET, r);
    t.write(0, w, "a");
    t.now(0, "close", w);
    expect(t.events(epfd)).toEqual([[r, IN | HUP]]);
  });

  test("fewer places than ready items: everyone has its turn", async () => {
    const t = await Threads.boot();
    const fds = Array.from({ length: 4 }, () => readable(t));
    const epfd = t.watching(IN, ...fds);
    const turns = Array.from({ length: 8 }, () => t.ready(epfd, 1)[0]);
    expect(turns).toEqual([...fds, ...fds]);
    expect(t.ready(epfd, 3)).toEqual(fds.slice(0, 3));
    expect(t.ready(epfd, 3)).toEqual([fds[3], fds[0], fds[1]]);
  });

  test("S-8: after a scan the ready list begins with what it did not reach, then has what stays ready", async () => {
    const t = await Threads.boot();
    const fds = Array.from({ length: 5 }, () => readable(t));
    const epfd = t.watching(IN, ...fds);
    t.ready(epfd, 2);
    const { memory } = t.kernel;
    const ep = memory.get("File", t.file(epfd), "private_data");
    const list = memory.list(memory.embedded(ep as never, "Eventpoll", "rdllist"), "Epitem", "rdllink");
    const order = [...list].map((epi) => memory.get("Epitem", epi, "ffd_fd"));
    expect(order).toEqual([fds[2], fds[3], fds[4], fds[0], fds[1]]);
  });

  test("S-4: an event that cannot be copied out is not lost, not even an edge", async () => {
    const t = await Threads.boot();
    const fds = [readable(t), readable(t)];
    const epfd = t.watching(IN | ET, ...fds);
    expect(t.now(0, "epoll_wait", epfd, 8, 2, 0)).toBe(-14);
    expect(t.now(0, "epoll_wait", epfd, { out: 12, atEnd: true }, 2, 0)).toBe(1);
    expect(t.ready(epfd)).toEqual([fds[1]]);
  });

  test("W-17: epoll_wait looks at the ready items alone, however many are watched", async () => {
    const t = await Threads.boot();
    const fds = Array.from({ length: 300 }, () => idle(t));
    const epfd = t.watching(IN, ...fds);
    for (const i of [7, 150, 299]) t.signal(0, fds[i]!, 1n);
    const before = t.kernel.tick;
    expect(t.ready(epfd)).toEqual([fds[7], fds[150], fds[299]]);
    expect(t.happened(before).filter((event) => event === "ep_item_poll")).toHaveLength(3);
    expect(t.kernel.check()).toEqual([]);
  });
});

describe("items", () => {
  test("an item is a file and a number: a copy of a descriptor is another one, told first", async () => {
    const t = await Threads.boot();
    const fd = idle(t);
    const copy = t.now(0, "dup", fd);
    const epfd = t.watching(IN, fd, copy);
    t.signal(0, fd, 1n);
    expect(t.ready(epfd)).toEqual([copy, fd]);
    expect([t.ctl(epfd, ADD, fd, IN), t.ctl(epfd, DEL, copy, 0), t.ctl(epfd, DEL, copy, 0)]).toEqual([
      -EEXIST,
      0,
      -ENOENT,
    ]);
  });

  test("it lives as long as the file, and goes with its last descriptor from everywhere", async () => {
    const t = await Threads.boot();
    const fd = readable(t);
    const copy = t.now(0, "dup", fd);
    const eps = [t.watching(IN, fd), t.watching(IN, fd)];
    t.now(0, "close", fd);
    for (const epfd of eps) expect(t.ready(epfd)).toEqual([fd]);
    t.now(0, "close", copy);
    for (const epfd of eps) expect(t.ready(epfd)).toEqual([]);
    expect(t.fs.epoll_watches).toBe(0);
    expect(t.kernel.check()).toEqual([]);
  });

  test("what was registered as exclusive cannot be modified, and asks for no one-shot", async () => {
    const t = await Threads.boot();
    const fd = readable(t);
    const epfd = t.watching(IN | EXCLUSIVE, fd);
    expect(t.ctl(epfd, MOD, fd, IN)).toBe(-EINVAL);
    const [other] = t.pipe();
    expect(t.ctl(epfd, ADD, other, IN | EXCLUSIVE | ONESHOT)).toBe(-EINVAL);
    expect(t.ctl(epfd, ADD, other, EXCLUSIVE | ERR)).toBe(0);
  });

  test("regular files are refused: they are always ready", async () => {
    const t = await Threads.boot();
    t.kernel.world.file("/data", { size: 10 });
    const fd = t.now(0, "open", { in: "/data\0" }, 0);
    expect(t.ctl(t.watching(IN), ADD, fd, IN)).toBe(-EPERM);
  });

  test("one costs 92 bytes, and its file 40", () => {
    const sizes = (["Epitem", "EppollEntry", "File"] as const).map((struct) => structLayout(struct).stride);
    expect(sizes).toEqual([64, 28, 40]);
  });
});
