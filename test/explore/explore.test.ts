import { acceptor, contest, edgeTriggered, oneWinner, twoThreads } from "./programs.ts";
import { describe, expect, test } from "vitest";
import {
  CLONE_FILES,
  CLONE_VM,
  type ExploreResult,
  Kernel,
  type Sys,
  type Task,
  everyTaskEnded,
} from "../../lib/index.ts";
import { boot } from "../support/boot.ts";

/** What is true of every counterexample: its journal leads to the same machine, on which all rules hold. */
async function expectBroken(result: ExploreResult<Kernel>): Promise<void> {
  expect(result).toMatchObject({ broken: true, complete: false });
  const again = await Kernel.replay(result.journal!);
  expect(again.digest()).toBe(result.kernel!.digest());
  expect(again.check()).toEqual([]);
}

describe("edge-triggered, one read for an event", () => {
  test("a byte stays unread while the server sleeps for ever: the lost wake-up is found", async () => {
    const result = await (await boot()).explore(edgeTriggered(false), everyTaskEnded);
    await expectBroken(result);
    expect(result.message).toBe("server (1) sleeps in epoll_wait() for ever");
    expect(result.story().at(-1)).toMatch(/^server \(1\): epoll_wait\(.*\) sleeps$/);
    expect(result.story("zh-CN").at(-1)).toMatch(/^server \(1\)：epoll_wait\(.*\)，进入睡眠$/);
  });

  test("reading until EAGAIN loses nothing, in any order", async () => {
    const result = await (await boot()).explore(edgeTriggered(true), everyTaskEnded);
    expect(result).toMatchObject({ broken: false, complete: true, journal: null, kernel: null });
    expect(result.story()).toEqual([]);
  });
});

describe("two threads, one eventpoll, one file", () => {
  test("without EPOLLONESHOT both can be at the file at once: the race is found", async () => {
    const result = await (await boot()).explore(twoThreads(false), (_, { overlapped }) => !overlapped);
    await expectBroken(result);
    expect(result.message).toBe("the property does not hold");
  });

  test("with EPOLLONESHOT, armed again after the work, never, in any order", async () => {
    const result = await (await boot()).explore(twoThreads(true), (_, { overlapped }) => !overlapped);
    expect(result).toMatchObject({ broken: false, complete: true });
  });
});

describe("AC-13: an edge-triggered listening socket", () => {
  test("one accept for an event leaves a client waiting, if two come before it", async () => {
    const result = await (await boot()).explore(acceptor(false), everyTaskEnded);
    await expectBroken(result);
    expect(result.message).toBe("server (1) sleeps in epoll_wait() for ever");
  });

  test("accepting until EAGAIN leaves none, in any order, however slow the server is", async () => {
    const result = await (await boot()).explore(acceptor(true), everyTaskEnded);
    expect(result).toMatchObject({ broken: false, complete: true });
  });
});

describe("check, then act", () => {
  test("two tasks that look whether a pipe is empty and then write can both win, with one forced switch", async () => {
    const result = await (await boot()).explore(contest(false), oneWinner);
    await expectBroken(result);
    expect(result).toMatchObject({ message: "2 tasks have won", switches: 1 });
  });

  test("taking from an eventfd is one step: one wins, in any order", async () => {
    const result = await (await boot()).explore(contest(true), oneWinner);
    expect(result).toMatchObject({ broken: false, complete: true });
  });
});

describe("the search itself", () => {
  test("stops at its bounds, and says that it is not complete", async () => {
    const kernel = await boot();
    expect(await kernel.explore(contest(true), oneWinner, { maxRuns: 3 })).toMatchObject({
      broken: false,
      complete: false,
      explored: { runs: 3 },
    });
    // The race needs one forced switch.
    expect(await kernel.explore(contest(false), oneWinner, { maxSwitches: 0 })).toMatchObject({
      broken: false,
      complete: false,
    });
    const forEver = function* (sys: Sys) {
      for (;;) yield* sys.sched_yield();
    };
    const endless = await kernel.explore((k) => void k.spawn("spins", forEver), everyTaskEnded, { maxInputs: 50 });
    expect(endless).toMatchObject({ broken: false, complete: false });
  });

  test("asks after every step, if it is to, and stops at the first at which the property does not hold", async () => {
    const kernel = await boot();
    const few = (k: Kernel) => k.counters.syscalls < 4 || "four calls";
    const result = await kernel.explore(contest(true), few, { always: true });
    expect(result).toMatchObject({ broken: true, message: "four calls" });
    expect(result.kernel!.counters.syscalls).toBe(4);
    expect(result.story()).toHaveLength(4);
  });

  test("takes what a program throws for a broken property", async () => {
    const result = await (
      await boot()
    ).explore(
      (kernel) =>
        void kernel.spawn("main", function* (sys) {
          yield* sys.getpid();
          throw new Error("that should not be");
        }),
      () => true,
    );
    await expectBroken(result);
    expect(result.message).toBe("that should not be");
  });

  test("finds out that programs share what setup() does not return", async () => {
    const setup = (kernel: Kernel) => {
      let turns = 0;
      for (const name of ["a", "b"]) {
        kernel.spawn(name, function* (sys) {
          yield* sys.getpid();
          if (++turns === 1) yield* sys.gettid();
          else yield* sys.getpid();
        });
      }
    };
    await expect((await boot()).explore(setup, everyTaskEnded)).rejects.toThrow(
      /^[ab] \(task [12]\) makes another call, get[pt]id\(\), than it did after the same results: return from setup\(\)/,
    );
  });

  test("tells how far it has come, and ends when it is told to", async () => {
    const kernel = await boot();
    const controller = new AbortController();
    const runs: number[] = [];
    await kernel.explore(edgeTriggered(true), everyTaskEnded, { onProgress: (progress) => runs.push(progress.runs) });
    expect(runs.length).toBeGreaterThan(0);
    expect(runs).toEqual(runs.toSorted((a, b) => a - b));
    controller.abort(new Error("enough"));
    const search = kernel.explore(edgeTriggered(true), everyTaskEnded, { signal: controller.signal });
    await expect(search).rejects.toThrow("enough");
  });

  test("leaves the machine as it is, which must be a fresh one", async () => {
    const kernel = await boot();
    const before = kernel.digest();
    await kernel.explore(contest(false), oneWinner);
    expect(kernel.digest()).toBe(before);
    kernel.elapse();
    kernel.world.connect(80);
    await expect(kernel.explore(contest(false), oneWinner)).rejects.toThrow(
      "explore() wants a machine without inputs, not one with 1",
    );
  });

  test("refuses options and verdicts that there are not", async () => {
    const kernel = await boot();
    const explore = (options: object) => kernel.explore(contest(true), oneWinner, options);
    await expect(explore({ maxRun: 3 })).rejects.toThrow("no option of explore() is called maxRun; there are always");
    await expect(explore({ maxRuns: -1 })).rejects.toThrow("maxRuns is a whole number >= 0, not -1");
    await expect(explore({ always: 1 })).rejects.toThrow("always is true or false, not 1");
    await expect(kernel.explore(contest(true), () => undefined as never)).rejects.toThrow(
      "a property returns true, false or what is wrong in words, not undefined",
    );
  });
});

describe("what may be searched", () => {
  test("a program alone, which makes its threads itself", async () => {
    const result = await (
      await boot()
    ).explore(
      function* (sys: Sys) {
        const fds: number[] = [];
        yield* sys.pipe2(fds, 0);
        yield* sys.clone(CLONE_VM | CLONE_FILES, function* (thread) {
          yield* thread.close(fds[1] ?? -1);
        });
        return yield* sys.write(fds[1] ?? -1, "x");
      },
      ({ tasks }) => (tasks[0] as Task).result === 1,
    );
    await expectBroken(result);
    expect(result).toMatchObject({ switches: 1 });
  });

  test("what programs share behind the machine's back is found by the runs that are not given up", async () => {
    let overlapped = false;
    const setup = twoThreads(false);
    const result = await (
      await boot()
    ).explore(
      (kernel) => {
        const handling = setup(kernel);
        Object.defineProperty(handling, "overlapped", {
          get: () => overlapped,
          set(to: boolean) {
            overlapped = to;
          },
        });
        overlapped = false;
      },
      () => !overlapped,
    );
    expect(result.broken).toBe(true);
  });
});
