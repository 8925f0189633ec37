import { expect, test } from "vitest";
import {
  CLONE_FILES,
  CLONE_VM,
  CLOCK_MONOTONIC,
  EBADF,
  EFAULT,
  EINVAL,
  EPOLLET,
  EPOLLIN,
  EPOLLOUT,
  EPOLL_CTL_ADD,
  EPOLL_CTL_MOD,
  F_GETFL,
  O_NONBLOCK,
  O_RDWR,
  SEEK_END,
  SEEK_SET,
  SIGSEGV,
} from "../../lib/index.ts";
import type { Program, Sys, UserBuffer } from "../../lib/index.ts";
import { boot, runProgram } from "../support/boot.ts";

const resultOf = async (program: Program) => (await runProgram(program)).result;

test("arrays and objects are filled as C fills them through pointers, and only on success", async () => {
  const result = await resultOf(function* (sys) {
    const fds: number[] = [];
    const time = { sec: 0, nsec: 0 };
    const bad: number[] = [];
    return [
      yield* sys.pipe2(fds, O_NONBLOCK),
      fds,
      yield* sys.pipe2(bad, 1),
      bad,
      yield* sys.clock_gettime(CLOCK_MONOTONIC, time),
      time.sec,
      time.nsec > 0,
      yield* sys.fcntl(fds[1]!, F_GETFL),
    ];
  });
  expect(result).toEqual([0, [3, 4], -EINVAL, [], 0, 0, true, 1 | O_NONBLOCK]);
});

test("a buffer, a part of one, a text, bytes, and a raw address are all memory to write", async () => {
  const result = await resultOf(function* (sys) {
    const fds: number[] = [];
    yield* sys.pipe2(fds, O_NONBLOCK);
    const [from, to] = fds as [number, number];
    const buf = sys.buffer(100).set("0123456789");
    const out = sys.buffer(100);
    const calls = [
      yield* sys.write(to, buf, 3),
      yield* sys.write(to, buf.at(5), 2),
      yield* sys.write(to, "é"),
      yield* sys.write(to, Uint8Array.of(65, 66)),
      yield* sys.write(to, buf.address + 9, 1),
      yield* sys.writev(to, ["a", { base: buf.address, length: 1 }, buf.at(98)]),
      yield* sys.write(to, 0, 1),
      yield* sys.write(to, -4096, 1),
      yield* sys.write(to, 0xffff_8000_0000_0000n, 1),
    ];
    const got = yield* sys.read(from, out);
    return { calls, text: out.text(got) };
  });
  expect(result).toEqual({ calls: [3, 2, 2, 2, 1, 4, -EFAULT, -EFAULT, -EFAULT], text: "01256éAB9a0\0\0" });
});

test("epoll_wait reports the program's own data in every form", async () => {
  const result = await resultOf(function* (sys) {
    const epfd = yield* sys.epoll_create1();
    const events = sys.epoll_events(4);
    const efd = yield* sys.eventfd(1);
    yield* sys.epoll_ctl(epfd, EPOLL_CTL_ADD, efd, {
      events: EPOLLIN | EPOLLET,
      data: { u64: 0x1234_5678_9abc_def0n },
    });
    const first = yield* sys.epoll_wait(epfd, events, 4, 0);
    const seen = [events[0]!.events, events[0]!.data.u64, events[0]!.data.u32, events[0]!.data.fd];
    yield* sys.epoll_ctl(epfd, EPOLL_CTL_MOD, efd, { events: EPOLLIN | EPOLLOUT, data: { fd: -7 } });
    const second = yield* sys.epoll_pwait2(epfd, events, 4, { sec: 0, nsec: 0 });
    return [first, ...seen, second, events[0]!.events, events[0]!.data.fd, events.length];
  });
  expect(result).toEqual([
    1,
    EPOLLIN,
    0x1234_5678_9abc_def0n,
    0x9abc_def0,
    0x9abc_def0 | 0,
    1,
    EPOLLIN | EPOLLOUT,
    -7,
    4,
  ]);
});

test("EPOLLET is a positive number, as in C", () => {
  expect(EPOLLET).toBe(0x8000_0000);
});

test("a thread shares memory and descriptors, a child of fork has copies", async () => {
  const { kernel, task } = await runProgram(function* (sys) {
    const shared = sys.buffer(8).set("before");
    const fd = yield* sys.eventfd(0);
    const thread = yield* sys.clone(CLONE_FILES | CLONE_VM, function* (own) {
      shared.set("thread");
      return yield* own.close(fd);
    });
    yield* sys.nanosleep({ sec: 1, nsec: 0 });
    const seen = [shared.text(6), yield* sys.close(fd)];
    const kept = yield* sys.eventfd(0);
    const child = yield* sys.fork(function* (own) {
      shared.set("child!");
      yield* own.close(kept);
      return shared.text(6);
    });
    yield* sys.nanosleep({ sec: 1, nsec: 0 });
    return [thread, child, ...seen, shared.text(6), yield* sys.close(kept)];
  });
  expect(task.result).toEqual([2, 3, "thread", -EBADF, "thread", 0]);
  expect(kernel.tasks.map((each) => "result" in each && each.result)).toEqual([task.result, 0, "child!"]);
  expect(kernel.check()).toEqual([]);
});

test("load() and store() touch memory; what is not mapped ends the program with SIGSEGV", async () => {
  const result = await resultOf(function* (sys) {
    const buf = sys.buffer(8);
    return [yield* sys.store(buf, "abc"), yield* sys.load(buf.address + 1, 2)];
  });
  expect(result).toEqual([3, new TextEncoder().encode("bc")]);
  const { task } = await runProgram(function* (sys) {
    yield* sys.store(sys.buffer(8).address + 4094, "abc");
  });
  expect([task.exitCode, task.termSignal]).toEqual([128 + SIGSEGV, SIGSEGV]);
});

test("compute() takes virtual time in user mode", async () => {
  const { kernel, task } = await runProgram(function* (sys) {
    return yield* sys.compute(123_456);
  });
  expect(task.result).toBe(0);
  expect(kernel.now).toBeGreaterThan(123_456);
});

test("files are opened, read at a place, and sought in", async () => {
  const kernel = await boot();
  kernel.world.file("/data", { size: 100, seed: 3 });
  const task = kernel.spawn("reader", function* (sys) {
    const fd = yield* sys.open("/data", O_RDWR);
    const whole = sys.buffer(100);
    const part = sys.buffer(10);
    const read = yield* sys.read(fd, whole);
    const there = yield* sys.pread64(fd, part, 10, 50);
    return [
      fd,
      read,
      there,
      part.text() === whole.at(50).text(10),
      yield* sys.lseek(fd, 0, SEEK_END),
      yield* sys.lseek(fd, -1, SEEK_SET),
      yield* sys.close(fd),
    ];
  });
  kernel.run();
  expect(task.result).toEqual([3, 100, 10, true, 100, -EINVAL, 0]);
});

test("a call by name or number takes raw arguments", async () => {
  const result = await resultOf(function* (sys) {
    return [yield* sys.syscall("getpid"), yield* sys.syscall(39), yield* sys.syscall(511), yield* sys.syscall(-1)];
  });
  expect(result).toEqual([1, 1, -38, -38]);
});

test("exit() ends a task in the middle of its program", async () => {
  const { task } = await runProgram(function* (sys) {
    yield* sys.exit(7);
    throw new Error("unreachable");
  });
  expect([task.state, task.exitCode, task.result, task.error]).toEqual(["zombie", 7, undefined, undefined]);
});

test.each<[string, Program, RegExp]>([
  [
    "forgetting yield*",
    function* (sys) {
      sys.getpid();
      yield* sys.gettid();
    },
    /sys\.getpid\(\) was called without yield\*/,
  ],
  [
    "forgetting yield* at the end",
    function* (sys) {
      yield* sys.getpid();
      sys.close(3);
    },
    /sys\.close\(\) was called without yield\*/,
  ],
  [
    "yielding something else",
    function* () {
      yield 5 as never;
    },
    /this one yielded 5/,
  ],
  [
    "an argument that is no number",
    function* (sys) {
      yield* sys.close("3" as never);
    },
    /close\(\): argument 1 is "3"/,
  ],
  [
    "an argument that is no whole number",
    function* (sys) {
      yield* sys.close(0.5);
    },
    /close\(\): argument 1 is 0.5/,
  ],
  [
    "a number beyond 2^53",
    function* (sys) {
      yield* sys.close(2 ** 60);
    },
    /write it as a bigint/,
  ],
  [
    "no length for a raw address",
    function* (sys) {
      yield* sys.read(0, 4096);
    },
    /read\(\): say how many bytes/,
  ],
  [
    "an unknown call",
    function* (sys) {
      yield* sys.syscall("frobnicate");
    },
    /no system call is called frobnicate/,
  ],
  [
    "an empty buffer",
    function* (sys) {
      sys.buffer(0);
      yield* sys.getpid();
    },
    /at least 1, not 0/,
  ],
  [
    "setting too much",
    function* (sys) {
      sys.buffer(2).set("abc");
      yield* sys.getpid();
    },
    /3 bytes at offset 0 .* 2 bytes/,
  ],
  [
    "a bad port",
    function* (sys) {
      yield* sys.bind(0, { port: 70_000 });
    },
    /port .* 70000/,
  ],
  [
    "a bad host",
    function* (sys) {
      yield* sys.connect(0, { port: 1, host: "localhost" });
    },
    /127\.0\.0\.1/,
  ],
  [
    "a misspelt member as an argument",
    function* (sys) {
      const events = sys.epoll_events(1);
      yield* sys.close((events[0]!.data as unknown as { df: number }).df);
    },
    /close\(\): argument 1 is undefined/,
  ],
  [
    "epoll data that is none of the three",
    function* (sys) {
      yield* sys.epoll_ctl(3, EPOLL_CTL_ADD, 3, { events: EPOLLIN, data: 3 as never });
    },
    /data is \{ fd \}, \{ u32 \} or \{ u64 \} \(a bigint\), not 3/,
  ],
  [
    "a port as text",
    function* (sys) {
      yield* sys.bind(0, { port: "8080" as never });
    },
    /port .* not "8080"/,
  ],
  [
    "a misspelt part of an address",
    function* (sys) {
      yield* sys.connect(0, { prot: 8080 } as never);
    },
    /no part of an address is called prot; there are port, host/,
  ],
  [
    "an object that is no memory",
    function* (sys) {
      yield* sys.read(0, { length: 3 } as never, 3);
    },
    /memory is what sys\.buffer\(\) gives, or an address, not \{"length":3\}/,
  ],
  [
    "clone() without flags",
    function* (sys) {
      yield* (sys.clone.bind(sys) as unknown as (program: Program) => ReturnType<Sys["clone"]>)(function* () {});
    },
    /clone\(flags, program\)/,
  ],
  [
    "clone() of a function that is no program",
    function* (sys) {
      yield* sys.clone(CLONE_VM, (() => 5) as never);
    },
    /function\* \(sys\) \{ \.\.\. \}; this function has returned 5/,
  ],
  [
    "work beyond the end of time",
    function* (sys) {
      for (let i = 0; i < 3000; i++) yield* sys.compute(Number.MAX_SAFE_INTEGER);
    },
    /beyond the end of virtual time/,
  ],
  [
    "a list with a number that is no byte",
    function* (sys) {
      sys.buffer(2).set([1, 256]);
      yield* sys.getpid();
    },
    /byte 1 is a whole number from 0 to 255, not 256/,
  ],
])("%s is a mistake that run() tells of", async (_, program, message) => {
  const kernel = await boot();
  kernel.spawn("main", program);
  expect(() => kernel.run()).toThrow(message);
  expect(kernel.run().reason).toBe("idle");
  expect(kernel.check()).toEqual([]);
});

test("exhausted memory is -ENOMEM or an error for who asked for it, and the machine stays whole", async () => {
  const { kernel, task } = await runProgram(
    function* (sys) {
      const buffers: UserBuffer[] = [];
      let failure: unknown;
      try {
        for (;;) buffers.push(sys.buffer(1 << 20).set(new Uint8Array(1 << 20)));
      } catch (error) {
        failure = error;
      }
      const fds: number[] = [];
      return [String(failure), yield* sys.pipe2(fds, 0), yield* sys.getpid()];
    },
    { memoryLimit: 6 << 20 },
  );
  const [failure, piped, pid] = task.result as [string, number, number];
  expect(failure).toMatch(/RangeError/);
  expect([0, -12, -23]).toContain(piped);
  expect(pid).toBe(1);
  expect(kernel.check()).toEqual([]);
});

test("a buffer is of no use after its program has ended", async () => {
  let kept: UserBuffer | undefined;
  let calls: Sys | undefined;
  await runProgram(function* (sys) {
    kept = sys.buffer(4);
    calls = sys;
    yield* sys.getpid();
  });
  expect(() => kept!.bytes()).toThrow(/0 of 4 bytes/);
  expect(() => kept!.set("a")).toThrow(RangeError);
  expect(() => calls!.buffer(1)).toThrow(RangeError);
});

test("a buffer is set with text, bytes, or a list of numbers", async () => {
  const result = await resultOf(function* (sys) {
    const buf = sys.buffer(6).set("ab").set(Uint8Array.of(99), 2).set([100, 101], 3).set(Uint16Array.of(102), 5);
    yield* sys.getpid();
    return buf.text();
  });
  expect(result).toBe("abcdef");
});
