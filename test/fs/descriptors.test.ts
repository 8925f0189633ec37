import { CLOEXEC, EBADF, EBUSY, EINVAL, EMFILE, EPERM, IN, NONBLOCK, ADD, SLEEPS, Threads } from "./threads.ts";
import { describe, expect, test } from "vitest";
import { layout } from "../../lib/layout.gen.ts";

const { DUPFD, DUPFD_CLOEXEC, GETFD, SETFD, GETFL, SETFL } = layout.enums.FcntlCommand.values;
const EAGAIN = layout.enums.Errno.values.EAGAIN;
const LIMIT = 524288;

describe("numbers", () => {
  test("a new descriptor is the lowest free one, also after holes were made in any order", async () => {
    const t = await Threads.boot();
    const made = () => t.now(0, "eventfd2", 0, 0);
    expect(Array.from({ length: 6 }, made)).toEqual([0, 1, 2, 3, 4, 5]);
    for (const fd of [4, 1, 3]) t.now(0, "close", fd);
    expect(Array.from({ length: 4 }, made)).toEqual([1, 3, 4, 6]);
    expect(t.now(0, "fcntl", 0, DUPFD, 5)).toBe(7);
    expect(made()).toBe(8);
  });

  test("B-2: the table begins with 64 slots, doubles as needed, and does not shrink", async () => {
    const t = await Threads.boot();
    t.now(0, "eventfd2", 0, 0);
    const sizes = [63, 64, 127, 128, 1000].map((fd) => {
      expect(t.now(0, "dup2", 0, fd)).toBe(fd);
      return t.files.max_fds;
    });
    expect(sizes).toEqual([64, 128, 128, 256, 1024]);
    t.now(0, "close", 1000);
    expect(t.files.max_fds).toBe(1024);
    expect(t.now(0, "fcntl", 64, GETFD)).toBe(0);
    expect(t.kernel.check()).toEqual([]);
  });

  test("the greatest number works, the next one does not", async () => {
    const t = await Threads.boot();
    t.now(0, "eventfd2", 0, 0);
    expect(t.now(0, "fcntl", 0, DUPFD, LIMIT - 1)).toBe(LIMIT - 1);
    expect(t.now(0, "fcntl", 0, DUPFD, LIMIT - 1)).toBe(-EMFILE);
    expect(t.now(0, "fcntl", 0, DUPFD, LIMIT)).toBe(-EINVAL);
    expect([t.now(0, "dup2", 0, LIMIT), t.now(0, "dup2", 0, -1)]).toEqual([-EBADF, -EBADF]);
    expect(t.now(0, "close", LIMIT - 1)).toBe(0);
    expect(t.kernel.check()).toEqual([]);
  });
});

describe("copies", () => {
  test("copies of a descriptor share the file's flags, but each has its own close-on-exec", async () => {
    const t = await Threads.boot();
    const fd = t.now(0, "eventfd2", 0, 0);
    const copy = t.now(0, "fcntl", fd, DUPFD_CLOEXEC, 10);
    t.now(0, "fcntl", copy, SETFL, NONBLOCK);
    expect(t.now(0, "fcntl", fd, GETFL)).toBe(NONBLOCK | 2);
    expect([t.now(0, "fcntl", fd, GETFD), t.now(0, "fcntl", copy, GETFD)]).toEqual([0, 1]);
    t.now(0, "dup3", copy, 20, CLOEXEC);
    t.now(0, "fcntl", 20, SETFD, 0);
    expect([20, copy].map((each) => t.now(0, "fcntl", each, GETFD))).toEqual([0, 1]);
  });

  test("B-4: dup2 closes what was there, and is nothing when both are the same; dup3 refuses that", async () => {
    const t = await Threads.boot();
    const [r, w] = t.pipe(NONBLOCK);
    const other = t.now(0, "eventfd2", 0, 0);
    expect(t.now(0, "dup2", other, w)).toBe(w);
    expect(t.read(0, r, 1)).toBe("");
    expect([t.now(0, "dup2", w, w), t.now(0, "dup3", w, w, 0), t.now(0, "dup2", 99, 99)]).toEqual([w, -EINVAL, -EBADF]);
    expect(t.fs.nr_files).toBe(2);
  });

  test("a forked process has the same files under the same numbers, until it closes or ends", async () => {
    const t = await Threads.boot();
    const [r, w] = t.pipe(NONBLOCK);
    const child = t.kernel.adopt("child", { parent: t.tasks[0]!, files: "copied" });
    t.now(0, "close", w);
    expect(t.read(0, r, 1)).toBe(-EAGAIN);
    expect(child.submit("write", w, { in: "hi" }, 2)).toMatchObject({ value: 2 });
    expect(t.read(0, r, 9)).toBe("hi");
    child.exit(0);
    expect(t.read(0, r, 1)).toBe("");
    expect(t.fs.nr_files).toBe(1);
    expect(t.kernel.check()).toEqual([]);
  });

  test("the flags that a file shows are those that it was opened with or that can be set", async () => {
    const t = await Threads.boot();
    const [r, w] = t.pipe();
    const flags = (fd: number, set: number) => [t.now(0, "fcntl", fd, SETFL, set), t.now(0, "fcntl", fd, GETFL)];
    expect(flags(r, -1)).toEqual([0, 0x46c00]);
    expect(flags(w, 0x803)).toEqual([0, 0x801]);
    const fd = t.now(0, "eventfd2", 0, 0);
    expect(flags(fd, 0x4000)).toEqual([-EINVAL, 2]);
    expect(flags(fd, 0x2c00)).toEqual([0, 0xc02]);
  });
});

describe("closing", () => {
  test("a call that sleeps on a file goes on with it, whatever its number stands for by then", async () => {
    const t = await Threads.boot(2);
    const [r, w] = t.pipe();
    const [other] = t.pipe();
    t.read(1, r, 10);
    t.now(0, "dup2", other, r);
    t.write(0, w, "for thread 1");
    expect(t.woken()).toEqual([[1, 10]]);
  });

  test("the end of a process closes everything, and gives all memory of it back", async () => {
    const t = await Threads.boot();
    const before = t.kernel.inspect().objects.length;
    const child = t.kernel.adopt("child");
    for (let i = 0; i < 70; i++) child.submit("pipe2", { out: 8 }, 0);
    child.submit("epoll_create1", 0);
    child.exit(0);
    expect(t.fs.nr_files).toBe(0);
    // What is left of it is a zombie.
    expect(t.kernel.inspect().objects.length - before).toBeLessThan(4);
    expect(t.kernel.check()).toEqual([]);
  });
});

describe("numbers taken by something outside", () => {
  test("are passed over, can be closed and copied, and answer nothing", async () => {
    const t = await Threads.boot();
    const task = t.tasks[0]!;
    expect([0, 1, 2, 70].map((fd) => task.reserve(fd))).toEqual([0, 0, 0, 0]);
    expect([task.reserve(1), task.reserve(-1), task.reserve(LIMIT)]).toEqual([-EBUSY, -EBADF, -EBADF]);
    const epfd = t.watching(IN);
    expect(epfd).toBe(3);
    expect(t.read(0, 0, 1)).toBe(-EINVAL);
    expect(t.ctl(epfd, ADD, 1, IN)).toBe(-EPERM);
    expect(t.now(0, "dup", 2)).toBe(4);
    expect([t.now(0, "close", 1), t.now(0, "dup", 0)]).toEqual([0, 1]);
  });
});

test("reading and writing look at the descriptor, its mode, the buffer and the length, in this order", async () => {
  const t = await Threads.boot();
  const [r, w] = t.pipe(NONBLOCK);
  const BAD = 0xffff_8000_0000_0000n;
  expect(t.now(0, "read", 99, BAD, 1)).toBe(-EBADF);
  expect(t.now(0, "read", w, BAD, 1)).toBe(-EBADF);
  expect(t.now(0, "read", t.watching(IN), BAD, 1)).toBe(-EINVAL);
  expect(t.now(0, "read", r, BAD, 0)).toBe(-14);
  expect(t.now(0, "read", r, 8, 1)).toBe(-EAGAIN);
  expect(t.now(0, "write", w, 8, 0)).toBe(0);
  expect(t.now(0, "write", w, 8, 1)).toBe(-14);
  expect(t.call(0, "readv", r, 8, 1)).not.toBe(SLEEPS);
  expect([t.now(0, "readv", r, 8, 1), t.now(0, "readv", r, 8, 1025), t.now(0, "readv", r, 8, 0)]).toEqual([
    -14,
    -EINVAL,
    0,
  ]);
});
