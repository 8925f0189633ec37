import { describe, expect, test } from "vitest";
import {
  CLONE_FILES,
  CLONE_VM,
  EFAULT,
  ENOMEM,
  type Itimerspec,
  Kernel,
  POLLIN,
  type Program,
} from "../../lib/index.ts";
import { objectsOf } from "../../lib/see/inspect.ts";

const THREAD = CLONE_VM | CLONE_FILES;
const NONE = { sec: 0, nsec: 0 };

/** Runs one program; the machine must be healthy afterwards. */
async function run(program: Program): Promise<Kernel> {
  const kernel = await Kernel.boot({ seed: 1, poison: true });
  const task = kernel.spawn("program", program);
  kernel.run();
  if (task.error) throw task.error;
  expect(kernel.check()).toEqual([]);
  return kernel;
}

describe("what poll and select cost", () => {
  test("every call asks about every descriptor again: poll methods are called n times", async () => {
    for (const n of [10, 100, 1000]) {
      const asked: number[] = [];
      const kernel = await Kernel.boot({ seed: 1, trace: false });
      kernel.spawn("program", function* (sys) {
        const fds: number[] = [];
        for (let i = 0; i < n; i++) fds.push(yield* sys.eventfd(0, 0));
        const entries = sys.pollfds(fds.map((fd) => ({ fd, events: POLLIN })));
        let before = kernel.counters.polls;
        const note = () => asked.push(kernel.counters.polls - before) && (before = kernel.counters.polls);
        yield* sys.poll(entries, 0);
        note();
        yield* sys.select(fds.at(-1)! + 1, { read: [...fds] }, { sec: 0, usec: 0 });
        note();
        // Asleep once: all are asked before and after.
        yield* sys.poll(entries, 1);
        note();
      });
      kernel.run();
      expect(asked).toEqual([n, n, 2 * n]);
    }
  });
});

describe("a call of poll that sleeps", () => {
  test("can be seen: its table, and a place in the wait queue of each file", async () => {
    const kernel = await run(function* (sys) {
      const fds: number[] = [];
      yield* sys.pipe2(fds, 0);
      const efd = yield* sys.eventfd(0, 0);
      yield* sys.poll(
        [
          { fd: fds[0]!, events: POLLIN },
          { fd: efd, events: POLLIN },
        ],
        -1,
      );
    });
    const inspection = kernel.inspect();
    const [table] = objectsOf(inspection, "PollWqueues");
    expect(table).toMatchObject({ nfds: 2, triggered: false });
    const entries = objectsOf(inspection, "PollTableEntry");
    expect(entries.map(({ key }) => key)).toEqual(Array(2).fill("EPOLLIN|EPOLLERR|EPOLLHUP"));
    const [pipe] = objectsOf(inspection, "PipeInodeInfo");
    const waiting = pipe!.waitQueues.flatMap(({ waiters }) => waiters);
    expect(waiting).toMatchObject([{ func: "pollwake", struct: "PollTableEntry", exclusive: false }]);
    expect(table!.entries).toContain(waiting[0]!.owner);
  });

  test("gives everything back when it ends, whichever way", async () => {
    const kernel = await run(function* (sys) {
      const [one, other] = [yield* sys.eventfd(0, 0), yield* sys.eventfd(0, 0)];
      yield* sys.clone(THREAD, function* (task) {
        yield* task.poll([{ fd: one, events: POLLIN }], -1);
        yield* task.select(other + 1, { read: [other] }, { sec: 0, usec: 1000 });
      });
      yield* sys.nanosleep({ sec: 0, nsec: 1000 });
      yield* sys.write(one, Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0));
      yield* sys.nanosleep({ sec: 0, nsec: 5_000_000 });
      yield* sys.poll(16, 3, 0);
    });
    expect(objectsOf(kernel.inspect(), "PollWqueues")).toEqual([]);
    expect(objectsOf(kernel.inspect(), "PollTableEntry")).toEqual([]);
  });

  test("gives everything back when its task is killed, or its process ends", async () => {
    const SIGKILL = 9;
    const kernel = await Kernel.boot({ seed: 1, poison: true });
    const sleeper: Program = function* (sys) {
      const efd = yield* sys.eventfd(0, 0);
      yield* sys.clone(THREAD, function* (task) {
        yield* task.select(efd + 1, { read: [efd] }, { sec: 100, usec: 0 });
      });
      yield* sys.poll([{ fd: efd, events: POLLIN }], -1);
    };
    const tasks = [kernel.spawn("one", sleeper), kernel.spawn("other", sleeper)];
    kernel.run({ until: 1_000_000 });
    expect(objectsOf(kernel.inspect(), "PollWqueues").length).toBe(4);
    for (const task of tasks) task.signal(SIGKILL);
    kernel.run();
    expect(kernel.check()).toEqual([]);
    expect(objectsOf(kernel.inspect(), "PollWqueues")).toEqual([]);
    expect(objectsOf(kernel.inspect(), "PollTableEntry")).toEqual([]);
  });

  test("fails with ENOMEM, and leaves nothing behind, if there is no memory for what it keeps", async () => {
    for (let nth = 1; nth <= 5; nth++) {
      const kernel = await Kernel.boot({ seed: 1, poison: true });
      let result: number | undefined;
      kernel.spawn("program", function* (sys) {
        const efd = yield* sys.eventfd(0, 0);
        const entries = sys.pollfds([efd, efd, efd].map((fd) => ({ fd, events: POLLIN })));
        kernel.faults.failAllocation({ nth });
        result = yield* sys.poll(entries, 10);
      });
      kernel.run();
      expect(result).toBe(-ENOMEM);
      expect(kernel.check()).toEqual([]);
      expect(objectsOf(kernel.inspect(), "PollTableEntry")).toEqual([]);
    }
  });

  test("knows what it was asked when it began, though the program changes its memory meanwhile", async () => {
    await run(function* (sys) {
      const [one, other] = [yield* sys.eventfd(0, 0), yield* sys.eventfd(0, 0)];
      const entries = sys.pollfds([{ fd: one, events: POLLIN }]);
      yield* sys.clone(THREAD, function* (task) {
        expect(yield* task.poll(entries, -1)).toBe(1);
      });
      yield* sys.nanosleep({ sec: 0, nsec: 1000 });
      entries[0]!.fd = other;
      yield* sys.write(one, Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0));
      yield* sys.nanosleep({ sec: 0, nsec: 100_000 });
      entries.filled();
      expect(entries[0]).toMatchObject({ fd: other, revents: POLLIN });
    });
  });
});

describe("descriptors beyond 1023 and select", () => {
  test("FD_SET of 1024 writes behind the set: it is the neighbour's memory that changes, and nobody is told", async () => {
    await run(function* (sys) {
      const memory = sys.buffer(256);
      const set = sys.fd_set([3], memory);
      expect(
        memory
          .bytes(256)
          .subarray(128)
          .every((byte) => byte === 0),
      ).toBe(true);
      set.set(1024).set(1030);
      expect([...memory.at(128).bytes(1)]).toEqual([0b0100_0001]);
      expect(set.fds).toEqual([3]);
      expect(yield* sys.getpid()).toBeGreaterThan(0);
    });
  });

  test("the kernel itself knows no such limit: it reads and writes as many bits as it is told", async () => {
    await run(function* (sys) {
      const memory = sys.buffer(256);
      const efd = yield* sys.eventfd(1, 0);
      expect(yield* sys.dup2(efd, 1030)).toBe(1030);
      const set = sys.fd_set([], memory).set(1030);
      memory.set([0xff], 128 + 7);
      expect(yield* sys.select(1031, { read: set }, { sec: 0, usec: 0 })).toBe(1);
      // The answer is written in whole words: what lay behind the last bit is gone.
      expect([...memory.at(128).bytes(8)]).toEqual([0b0100_0000, 0, 0, 0, 0, 0, 0, 0]);
    });
  });

  test("a set that lies at the end of what is mapped cannot be written behind", async () => {
    await run(function* (sys) {
      const set = sys.fd_set([], sys.buffer(128));
      expect(() => set.set(1_000_000)).toThrow(/segmentation fault/);
      expect(yield* sys.select(1_000_000, { read: 16 }, null)).toBe(-EFAULT);
    });
  });
});

describe("timerfds", () => {
  test("TF-3: a reader is told of all periods that have passed, those it did not see too", async () => {
    await run(function* (sys) {
      const fd = yield* sys.timerfd_create(1, 0);
      const buffer = sys.buffer(8);
      const period = { sec: 0, nsec: 1_000_000 };
      yield* sys.timerfd_settime(fd, 0, { it_value: period, it_interval: period });
      yield* sys.nanosleep({ sec: 0, nsec: 7_500_000 });
      yield* sys.read(fd, buffer);
      expect(buffer.bytes()[0]).toBe(7);
      const left: Partial<Itimerspec> = {};
      yield* sys.timerfd_gettime(fd, left);
      expect(Number(left.it_value!.nsec)).toBeLessThan(500_000);
      yield* sys.read(fd, buffer);
      expect(buffer.bytes()[0]).toBe(1);
      yield* sys.timerfd_settime(fd, 0, { it_value: NONE, it_interval: NONE });
    });
  });

  test("TF-6: a timer that is set for ever tells so", async () => {
    await run(function* (sys) {
      const fd = yield* sys.timerfd_create(1, 0);
      yield* sys.timerfd_settime(fd, 0, { it_value: { sec: 2 ** 40, nsec: 0 }, it_interval: NONE });
      const left: Partial<Itimerspec> = {};
      yield* sys.timerfd_gettime(fd, left);
      expect(Number(left.it_value!.sec)).toBeGreaterThan(9_000_000_000);
    });
  });

  test("a closed timerfd does not expire any more", async () => {
    const kernel = await run(function* (sys) {
      const fd = yield* sys.timerfd_create(1, 0);
      yield* sys.timerfd_settime(fd, 0, { it_value: { sec: 1, nsec: 0 }, it_interval: NONE });
      yield* sys.close(fd);
    });
    expect(kernel.now).toBeLessThan(1_000_000_000);
    expect(objectsOf(kernel.inspect(), "TimerfdCtx")).toEqual([]);
  });
});
