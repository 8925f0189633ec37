import { acceptor, contest, edgeTriggered, oneWinner, twoThreads } from "./programs.ts";
import { describe, expect, test } from "vitest";
import { type ExploreResult, Kernel, everyTaskEnded } from "../../lib/index.ts";
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
