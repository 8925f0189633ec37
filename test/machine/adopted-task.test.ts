import { expect, test } from "vitest";
import { CLONE_FILES, CLONE_VM, EAGAIN, EBADF, EFAULT, Kernel, O_NONBLOCK } from "../../lib/index.ts";
import type { Completion } from "../../lib/index.ts";
import { boot } from "../support/boot.ts";

const pair = (bytes: Uint8Array) => [...new Int32Array(bytes.slice().buffer)] as [number, number];

test("an adopted task's calls are done at once, or later", async () => {
  const kernel = await boot();
  const task = kernel.adopt("server");
  const made = task.submit("pipe2", { out: 8 }, 0) as Completion;
  expect(made).toMatchObject({ done: true, value: 0 });
  const [read, write] = pair(made.out[0]!);
  const completions: Completion[] = [];
  task.onComplete = (completion) => completions.push(completion);
  expect(task.submit("read", read, { out: 5 }, 5)).toEqual({ done: false });
  expect(task.pending).toBe("read");
  expect(() => task.submit("close", read)).toThrow(/still in read\(\)/);
  expect(kernel.settle().sleeping).toMatchObject([{ name: "server", call: "read" }]);
  const other = kernel.adopt("worker", { parent: task, files: "shared" });
  expect(other.submit("write", write, { in: "hello" }, 5)).toMatchObject({ done: true, value: 5 });
  expect(completions).toEqual([]);
  kernel.settle();
  expect(completions).toHaveLength(1);
  expect(new TextDecoder().decode(completions[0]!.out[0])).toBe("hello");
  expect(completions[0]!.value).toBe(5);
  expect(task.pending).toBeNull();
  expect(kernel.check()).toEqual([]);
});

test("arguments may be numbers, bad addresses, vectors, and end where memory ends", async () => {
  const kernel = await boot();
  const task = kernel.adopt("task");
  const made = task.submit(293, { out: 8 }, O_NONBLOCK) as Completion;
  const [read, write] = pair(made.out[0]!);
  expect(task.submit("write", write, 1, 5)).toMatchObject({ value: -EFAULT });
  expect(task.submit("write", write, 0xffff_8000_0000_0000n, 5)).toMatchObject({ value: -EFAULT });
  expect(task.submit("write", 99, { in: "x" }, 1)).toMatchObject({ value: -EBADF });
  expect(task.submit("writev", write, { iov: [{ in: "ab" }, { in: "cde" }] }, 2)).toMatchObject({ value: 5 });
  const vector = task.submit("readv", read, { iov: [{ out: 1 }, { out: 10 }] }, 2) as Completion;
  expect(vector.value).toBe(5);
  expect(new TextDecoder().decode(vector.out[1]!.subarray(0, 4))).toBe("bcde");
  // A pipe takes what can be read, and then tells of the fault only if that was nothing.
  expect(task.submit("write", write, { in: "xyz", atEnd: true }, 3)).toMatchObject({ value: 3 });
  expect(task.submit("write", write, { in: "xyz", atEnd: true }, 4)).toMatchObject({ value: -EFAULT });
  expect(task.submit("read", read, { out: 3, atEnd: true }, 3)).toMatchObject({ value: 3 });
  expect(task.submit("read", read, { out: 3, atEnd: true }, 3)).toMatchObject({ value: -EAGAIN });
  expect(() => task.submit("no_such_call")).toThrow(TypeError);
});

test("time passes for adopted tasks when they are told, not before", async () => {
  const kernel = await boot();
  const sleeper = kernel.adopt("sleeper");
  const holder = kernel.adopt("holder");
  const done: number[] = [];
  sleeper.onComplete = ({ value }) => done.push(value);
  const time = new Uint8Array(new BigInt64Array([1n, 0n]).buffer);
  expect(sleeper.submit("nanosleep", { in: time }, 0)).toEqual({ done: false });
  expect(kernel.run().reason).toBe("idle");
  expect(done).toEqual([]);
  expect(kernel.elapse()).toBe(true);
  kernel.settle();
  expect(done).toEqual([0]);
  expect(kernel.now).toBeGreaterThanOrEqual(1_000_000_000);
  expect(kernel.elapse()).toBe(false);
  expect(sleeper.submit("nanosleep", { in: time }, 0)).toEqual({ done: false });
  holder.holdsClock = false;
  kernel.run();
  expect(done).toEqual([0, 0]);
});

test("descriptors can be reserved, tasks cloned and ended", async () => {
  const kernel = await boot();
  const task = kernel.adopt("task");
  expect(task.reserve(0)).toBe(0);
  expect(task.reserve(1)).toBe(0);
  expect(task.submit("eventfd2", 0, 0)).toMatchObject({ value: 2 });
  const cloned = task.submit("clone", CLONE_FILES | CLONE_VM) as Completion;
  expect(cloned.value).toBe(2);
  const child = kernel.task(2);
  expect(child).toMatchObject({ name: "task", state: "running" });
  task.exit(3);
  expect(task).toMatchObject({ state: "zombie", exitCode: 3 });
  expect(() => task.submit("close", 0)).toThrow(/has ended/);
  expect(() => kernel.adopt("orphan", { parent: task })).toThrow(/has ended/);
  expect(kernel.check()).toEqual([]);
});

test("programs and adopted tasks live in one machine", async () => {
  const kernel = await boot();
  const task = kernel.adopt("outside");
  const program = kernel.spawn("inside", function* (sys) {
    const fds: number[] = [];
    yield* sys.pipe2(fds, 0);
    yield* sys.write(fds[1]!, "abc");
    return yield* sys.read(fds[0]!, sys.buffer(10));
  });
  expect(task.submit("eventfd2", 1, 0)).toMatchObject({ done: true, value: 0 });
  kernel.settle();
  expect(program.result).toBe(3);
  expect(task.submit("close", 0)).toMatchObject({ done: true, value: 0 });
  const again = kernel.branch();
  expect(again.digest()).toBe(kernel.digest());
});

test("an argument that is no whole number is refused, and leaves no trace in the journal", async () => {
  const kernel = await boot();
  const task = kernel.adopt("task");
  const { inputs } = kernel;
  expect(() => task.submit("write", 7, 8, 0.5)).toThrow(RangeError);
  expect(kernel.inputs).toBe(inputs);
  const program = kernel.spawn("main", function* (sys) {
    return yield* sys.syscall("close");
  });
  task.holdsClock = false;
  kernel.run();
  expect(program.result).toBe(0);
  expect((await Kernel.replay(kernel.journal)).digest()).toBe(kernel.digest());
});

test.each([["x"], [{ iov: 5 }], [null], [undefined], [{ in: 5 }], [{ message: [{ out: "3" }] }]])(
  "submit() with %j as an argument says what it takes",
  async (argument) => {
    const kernel = await boot();
    const task = kernel.adopt("task");
    const { inputs } = kernel;
    const submit = () => task.submit("read", 0, argument as never);
    expect(submit).toThrow(TypeError);
    expect(submit).toThrow(/read\(\): argument 2 is .*; it takes a whole number, a bigint, \{ in: bytes \}/);
    expect(kernel.inputs).toBe(inputs);
    expect(task.submit("getpid")).toMatchObject({ done: true, value: 1 });
  },
);
