import { APPEND, CREAT, EEXIST, EINVAL, ENOENT, EXCL, Threads, TRUNC } from "./threads.ts";
import { describe, expect, test } from "vitest";

const RDWR = 2;
const [SET, CUR, END] = [0, 1, 2];

/** Opens a file by name. */
const open = (t: Threads, name: string, flags = RDWR) => t.now(0, "open", { in: `${name}\0` }, flags, 0o644);

/** Bytes of a file at a position. */
function bytesAt(t: Threads, fd: number, offset: number, count: number): Uint8Array {
  const value = t.soon(0, "pread64", fd, { out: count }, count, offset);
  return t.out[0]!.slice(0, Math.max(0, value));
}

describe("what is in a file", () => {
  test("the same seed gives the same bytes, however they are read; another seed gives others", async () => {
    const t = await Threads.boot();
    for (const [name, seed] of Object.entries({ "/a": 1, "/b": 1, "/c": 2 })) {
      t.kernel.world.file(name, { size: 10_000, seed });
    }
    const [a, b, c] = ["/a", "/b", "/c"].map((name) => open(t, name)) as [number, number, number];
    const all = bytesAt(t, a, 0, 20_000);
    expect(all).toHaveLength(10_000);
    expect(new Set(all).size).toBe(256);
    expect(bytesAt(t, b, 0, 20_000)).toEqual(all);
    expect(bytesAt(t, a, 4090, 20)).toEqual(all.slice(4090, 4110));
    expect(bytesAt(t, c, 0, 20_000)).not.toEqual(all);
  });

  test("a write changes the bytes that it covers and no others", async () => {
    const t = await Threads.boot();
    t.kernel.world.file("/a", { size: 10_000, seed: 1 });
    const fd = open(t, "/a");
    const expected = bytesAt(t, fd, 0, 10_000);
    expect(t.soon(0, "pwrite64", fd, { in: "x".repeat(5000) }, 5000, 4000)).toBe(5000);
    expected.fill(120, 4000, 9000);
    expect(bytesAt(t, fd, 0, 20_000)).toEqual(expected);
  });

  test("what lies behind the end is zero once the file reaches there", async () => {
    const t = await Threads.boot();
    t.kernel.world.file("/a", { size: 100, seed: 1 });
    const fd = open(t, "/a");
    t.soon(0, "pwrite64", fd, { in: "end" }, 3, 10_000);
    expect(bytesAt(t, fd, 100, 20_000)).toHaveLength(9903);
    expect(bytesAt(t, fd, 100, 9900).every((byte) => byte === 0)).toBe(true);
  });
});

describe("opening", () => {
  test("a name is found, made, refused or emptied as the flags say", async () => {
    const t = await Threads.boot();
    expect(open(t, "/a")).toBe(-ENOENT);
    const fd = open(t, "/a", RDWR | CREAT);
    expect(open(t, "/a", RDWR | CREAT | EXCL)).toBe(-EEXIST);
    t.write(0, fd, "abc");
    expect(t.now(0, "lseek", fd, 0, END)).toBe(3);
    open(t, "/a", RDWR | TRUNC);
    expect(t.now(0, "lseek", fd, 0, END)).toBe(0);
    expect(open(t, "")).toBe(-ENOENT);
    expect(t.kernel.check()).toEqual([]);
  });

  test("B-6: every open() has a position of its own; copies of a descriptor share one", async () => {
    const t = await Threads.boot();
    const fd = open(t, "/a", RDWR | CREAT);
    const other = open(t, "/a");
    const copy = t.now(0, "dup", fd);
    t.write(0, fd, "0123456789");
    expect(t.read(0, other, 3)).toBe("012");
    expect(t.now(0, "lseek", copy, 0, CUR)).toBe(10);
    expect(t.now(0, "lseek", copy, -4, CUR)).toBe(6);
    expect(t.read(0, fd, 9)).toBe("6789");
    expect(t.now(0, "lseek", fd, -1, SET)).toBe(-EINVAL);
  });

  test("a file opened to append is written at its end, wherever the position is", async () => {
    const t = await Threads.boot();
    const fd = open(t, "/a", RDWR | CREAT | APPEND);
    t.write(0, fd, "one");
    t.now(0, "lseek", fd, 0, SET);
    t.write(0, fd, "two");
    t.now(0, "lseek", fd, 0, SET);
    expect(t.read(0, fd, 10)).toBe("onetwo");
  });
});
