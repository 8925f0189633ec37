import { type AdoptedTask, EINTR, EMFILE, Kernel, type SubmitArgument } from "../../lib/index.ts";
import { expect, test } from "vitest";
import { boot } from "../support/boot.ts";
import { catchSignal } from "../support/signals.ts";

const [RDONLY, WRONLY, RDWR, NONBLOCK] = [0, 1, 2, 0x800];
const SA_RESTART = 0x1000_0000;
const SIGUSR1 = 10;
const name = { in: "/fifo\0" };
const mkfifo = (task: AdoptedTask) => task.submit("mknod", name, 0o10666, 0);

/** What a call that does not sleep comes to. */
function now(task: AdoptedTask, call: string, ...args: SubmitArgument[]): number {
  const submission = task.submit(call, ...args);
  if (!submission.done) throw new Error(`${call}() sleeps`);
  return submission.value;
}

/** Objects of a kind that are in use. */
const objects = (kernel: Kernel, struct: string) =>
  [...kernel.inspect().objects.values()].filter((object) => object.struct === struct);

test.each([
  [RDONLY, WRONLY],
  [WRONLY, RDONLY],
])("a signal breaks a waiting open() off, and nothing of it is left (access mode %i)", async (mode, other) => {
  const kernel = await boot();
  const task = kernel.adopt("opener");
  catchSignal(task, SIGUSR1);
  mkfifo(task);
  let result: number | null = null;
  task.onComplete = ({ value }) => (result = value);
  expect(task.submit("open", name, mode).done).toBe(false);
  expect(objects(kernel, "PipeInodeInfo")).toHaveLength(1);
  expect(kernel.check()).toEqual([]);
  task.signal(SIGUSR1);
  kernel.settle();
  expect(result).toBe(-EINTR);
  expect(objects(kernel, "PipeInodeInfo")).toEqual([]);
  expect(objects(kernel, "File")).toEqual([]);
  expect(kernel.check()).toEqual([]);
  // The descriptor that was reserved is free again, and nobody is there whom the other side could meet.
  expect(now(task, "eventfd2", 0, 0)).toBe(0);
  expect(task.submit("open", name, other).done).toBe(false);
});

test("a handler with SA_RESTART lets a waiting open() go on", async () => {
  const kernel = await boot();
  const task = kernel.adopt("opener");
  const writer = kernel.adopt("writer");
  catchSignal(task, SIGUSR1, SA_RESTART);
  mkfifo(task);
  let result: number | null = null;
  task.onComplete = ({ value }) => (result = value);
  task.submit("open", name, RDONLY);
  task.signal(SIGUSR1);
  kernel.settle();
  expect(result).toBe(null);
  expect(now(writer, "open", name, WRONLY | NONBLOCK)).toBe(0);
  kernel.settle();
  expect(result).toBe(0);
  expect(kernel.check()).toEqual([]);
});

test("a task that is killed while it waits in open() leaves nothing behind", async () => {
  const kernel = await boot();
  const task = kernel.adopt("opener");
  mkfifo(task);
  task.submit("open", name, WRONLY);
  const SIGKILL = 9;
  task.signal(SIGKILL);
  kernel.settle();
  expect(objects(kernel, "PipeInodeInfo")).toEqual([]);
  expect(objects(kernel, "File")).toEqual([]);
  expect(kernel.check()).toEqual([]);
});

test("with the name and the last descriptor a FIFO is gone, in whatever order they go", async () => {
  const kernel = await boot();
  const task = kernel.adopt("task");
  const before = objects(kernel, "Inode").length;
  for (const first of ["unlink", "close"]) {
    mkfifo(task);
    const fd = now(task, "open", name, RDWR);
    expect(objects(kernel, "Inode")).toHaveLength(before + 1);
    if (first === "unlink") now(task, "unlink", name);
    now(task, "close", fd);
    if (first === "close") now(task, "unlink", name);
    expect(objects(kernel, "Inode")).toHaveLength(before);
    expect(kernel.check()).toEqual([]);
  }
});

test("an unlinked file keeps its bytes for who has it open, and frees their pages then", async () => {
  const kernel = await boot();
  kernel.world.file("/www/index.html", "<html>hello</html>");
  const task = kernel.adopt("task");
  const path = { in: "/www/index.html\0" };
  const fd = now(task, "open", path, RDWR);
  now(task, "unlink", path);
  let read = task.submit("read", fd, { out: 100 }, 100);
  task.onComplete = (completion) => (read = completion);
  while (kernel.elapse()) kernel.settle();
  if (!read.done) throw new Error("read() sleeps for ever");
  expect(new TextDecoder().decode(read.out[0]!.subarray(0, read.value))).toBe("<html>hello</html>");
  now(task, "close", fd);
  expect(kernel.check()).toEqual([]);
});

test("a file from outside holds the bytes that it was given, however many, and a journal has them too", async () => {
  const kernel = await boot();
  const bytes = Uint8Array.from({ length: 200_000 }, (_, i) => (i * 7 + (i >> 8)) & 0xff);
  kernel.world.file("/large", bytes);
  kernel.world.file("/empty", "");
  const program = kernel.spawn("reader", function* (sys) {
    const buffer = sys.buffer(300_000);
    const fd = yield* sys.open("/large", RDONLY);
    const got = yield* sys.read(fd, buffer);
    const empty = yield* sys.read(yield* sys.open("/empty", RDONLY), sys.buffer(8));
    return { bytes: buffer.bytes(got), empty };
  });
  kernel.run();
  expect(program.result).toEqual({ bytes, empty: 0 });
  using again = await Kernel.replay(kernel.journal);
  expect(again.digest()).toBe(kernel.digest());
  expect(() => kernel.world.file("/large", "again")).toThrow("EEXIST");
});

test("a task may begin with few descriptors; its children have as few", async () => {
  const kernel = await boot();
  const results: number[] = [];
  kernel.spawn(
    "few",
    function* (sys) {
      results.push(yield* sys.eventfd(0, 0), yield* sys.eventfd(0, 0));
      const limit = {};
      yield* sys.getrlimit(7, limit);
      expect(limit).toEqual({ rlim_cur: 4, rlim_max: 4 });
      yield* sys.close(3);
      yield* sys.fork(function* (child) {
        results.push(yield* child.eventfd(0, 0), yield* child.eventfd(0, 0));
      });
    },
    { rlimit_nofile: 4 },
  );
  kernel.run();
  expect(results).toEqual([3, -EMFILE, 3, -EMFILE]);
  expect(() => kernel.adopt("none", { rlimit_nofile: -1 })).toThrow(RangeError);
});
