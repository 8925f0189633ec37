import { DIRECT, EBUSY, EPIPE, ET, IN, NONBLOCK, OUT, SLEEPS, Threads } from "./threads.ts";
import { describe, expect, test } from "vitest";
import { layout } from "../../lib/layout.gen.ts";

const { EAGAIN, EINVAL, EPERM } = layout.enums.Errno.values;
const { GETPIPE_SZ, SETPIPE_SZ } = layout.enums.FcntlCommand.values;
const PAGE = 4096;

/** A text of a length. */
const bytes = (length: number) => "x".repeat(length);

describe("slots", () => {
  test("small writes share a slot as long as each fits into it as a whole", async () => {
    const t = await Threads.boot();
    const [, w] = t.pipe(NONBLOCK);
    for (const length of [100, 4000, 96, 4000, 90]) t.write(0, w, bytes(length));
    expect(t.object("PipeInodeInfo", w)).toMatchObject({ head: 3, tail: 0 });
  });

  test("a pipe is full when its slots are, however few bytes are in them", async () => {
    const t = await Threads.boot();
    const [r, w] = t.pipe(NONBLOCK);
    for (let i = 0; i < 16; i++) expect(t.write(0, w, bytes(2049))).toBe(2049);
    expect(t.write(0, w, bytes(2049))).toBe(-EAGAIN);
    expect(t.write(0, w, bytes(2047))).toBe(2047);
    expect(t.read(0, r, 70_000)).toHaveLength(16 * 2049 + 2047);
  });

  test("PI-19: the pages of slots that were read are kept for the next two", async () => {
    const t = await Threads.boot();
    const [r, w] = t.pipe();
    t.write(0, w, bytes(3 * PAGE));
    t.read(0, r, 3 * PAGE);
    const kept = t.object("PipeInodeInfo", r);
    expect([kept.tmp_page_0, kept.tmp_page_1].every((page) => page > 0)).toBe(true);
    t.write(0, w, bytes(2 * PAGE));
    expect(t.object("PipeInodeInfo", r)).toMatchObject({ tmp_page_0: 0, tmp_page_1: 0 });
    expect(t.kernel.check()).toEqual([]);
  });

  test("PI-17: a packet is read as a whole or cut off, and never shares a slot", async () => {
    const t = await Threads.boot();
    const [r, w] = t.pipe(NONBLOCK | DIRECT);
    for (const packet of ["abc", "de", "f"]) t.write(0, w, packet);
    expect([t.read(0, r, 2), t.read(0, r, 100), t.read(0, r, 100), t.read(0, r, 100)]).toEqual([
      "ab",
      "de",
      "f",
      -EAGAIN,
    ]);
  });

  test("PI-1: another size is a power of two of pages that holds what is in the pipe, which stays in order", async () => {
    const t = await Threads.boot();
    const [r, w] = t.pipe(NONBLOCK);
    const size = (command: number, argument = 0) => t.now(0, "fcntl", w, command, argument);
    for (let i = 0; i < 5; i++) t.write(0, w, String(i).repeat(PAGE));
    t.read(0, r, PAGE);
    expect(size(SETPIPE_SZ, 3 * PAGE)).toBe(4 * PAGE);
    expect(t.write(0, w, "no")).toBe(-EAGAIN);
    expect(size(SETPIPE_SZ, 2 * PAGE)).toBe(-EBUSY);
    expect([size(SETPIPE_SZ, -1), size(SETPIPE_SZ, 1048577)]).toEqual([-EINVAL, -EPERM]);
    expect(size(SETPIPE_SZ, 20 * PAGE)).toBe(32 * PAGE);
    expect(size(GETPIPE_SZ)).toBe(32 * PAGE);
    t.write(0, w, "5");
    expect(t.read(0, r, 70_000)).toBe([1, 2, 3, 4].map((i) => String(i).repeat(PAGE)).join("") + "5");
  });
});

describe("waiting", () => {
  test("a write wakes one reader, the one that has waited longest; what it leaves is for the next", async () => {
    const t = await Threads.boot(4);
    const [r, w] = t.pipe();
    for (const thread of [1, 2, 3]) expect(t.read(thread, r, 10)).toBe(SLEEPS);
    t.write(0, w, "abc");
    expect(t.woken()).toEqual([[1, 3]]);
    t.write(0, w, bytes(15));
    expect(t.woken()).toEqual([
      [2, 10],
      [3, 5],
    ]);
  });

  test("all readers get 0 when the last writer goes", async () => {
    const t = await Threads.boot(4);
    const [r, w] = t.pipe();
    const copy = t.now(0, "dup", w);
    for (const thread of [1, 2, 3]) t.read(thread, r, 10);
    t.now(0, "close", w);
    expect(t.woken()).toEqual([]);
    t.now(0, "close", copy);
    expect(t.woken()).toEqual([
      [1, 0],
      [2, 0],
      [3, 0],
    ]);
  });

  test("a writer waits for a free slot, not for a free byte", async () => {
    const t = await Threads.boot(2);
    const [r, w] = t.pipe();
    t.write(0, w, bytes(16 * PAGE));
    expect(t.write(1, w, "late")).toBe(SLEEPS);
    t.read(0, r, PAGE - 1);
    expect(t.woken()).toEqual([]);
    t.read(0, r, 1);
    expect(t.woken()).toEqual([[1, 4]]);
  });

  test("a large write goes on slot by slot and returns when all of it is written", async () => {
    const t = await Threads.boot(2);
    const [r, w] = t.pipe();
    const text = Array.from({ length: 100_000 }, (_, i) => String.fromCharCode(97 + (i % 26))).join("");
    expect(t.write(1, w, text)).toBe(SLEEPS);
    let got = "";
    while (t.woken().length === 0) got += t.read(0, r, 5000);
    expect(got.length).toBeGreaterThan(100_000 - 16 * PAGE - 1);
    expect(got + t.read(0, r, 70_000)).toBe(text);
  });

  test("a write that was cut short by the end of all readers tells how far it got", async () => {
    const t = await Threads.boot(2);
    const [r, w] = t.pipe();
    t.write(1, w, bytes(70_000));
    t.now(0, "close", r);
    expect(t.woken()).toEqual([[1, 65_536]]);
    expect(t.write(1, w, "x")).toBe(-EPIPE);
  });

  test("a reader keeps its end open while it sleeps, though its descriptor is closed", async () => {
    const t = await Threads.boot(2);
    const [r, w] = t.pipe();
    t.read(1, r, 10);
    expect(t.now(0, "close", r)).toBe(0);
    expect(t.write(0, w, "still there")).toBe(11);
    expect(t.woken()).toEqual([[1, 10]]);
    expect(t.write(0, w, "x")).toBe(-EPIPE);
    expect(t.fs.nr_files).toBe(1);
  });
});

describe("who is told", () => {
  test("every write is an edge for who watches the read end, once anybody has polled the pipe", async () => {
    const t = await Threads.boot();
    const [r, w] = t.pipe(NONBLOCK);
    const epfd = t.watching(IN | ET, r);
    for (const text of ["a", "b", "c"]) {
      t.write(0, w, text);
      expect(t.ready(epfd)).toEqual([r]);
      expect(t.ready(epfd)).toEqual([]);
    }
  });

  test("a read is an edge for who watches the write end only if the pipe was full", async () => {
    const t = await Threads.boot();
    const [r, w] = t.pipe(NONBLOCK);
    const epfd = t.watching(OUT | ET, w);
    expect(t.ready(epfd)).toEqual([w]);
    t.write(0, w, bytes(16 * PAGE));
    t.read(0, r, 1);
    expect(t.ready(epfd)).toEqual([]);
    t.read(0, r, PAGE - 1);
    expect(t.ready(epfd)).toEqual([w]);
    t.read(0, r, PAGE);
    expect(t.ready(epfd)).toEqual([]);
  });
});
