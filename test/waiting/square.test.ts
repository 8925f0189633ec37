import { describe, expect, test } from "vitest";
import { type FirstPhase, type SecondPhase, placeOf, placed } from "../../lib/waiting/square.ts";
import { WAYS_OF_WAITING } from "../../lib/waiting/all.ts";
import { watchClients } from "../../lib/waiting/watch.ts";

const LOAD = { connections: 4, active: 1, rounds: 3 };

async function watched(id: string, works: boolean, load: object = LOAD) {
  const way = WAYS_OF_WAITING.find((one) => one.id === id)!;
  return (await watchClients(way, { ...LOAD, ...load, works })).watched;
}

/** Where the ways stand when each program has work of its own, and sleeps only where it must. */
const WORKING: readonly [string, FirstPhase, SecondPhase][] = [
  ["blocking", "blocking", "synchronous"],
  ["non-blocking", "non-blocking", "synchronous"],
  ["select", "blocking", "synchronous"],
  ["poll", "blocking", "synchronous"],
  ["epoll-lt", "blocking", "synchronous"],
  ["epoll-et", "blocking", "synchronous"],
  ["signal", "non-blocking", "synchronous"],
  ["libaio", "non-blocking", "synchronous"],
  ["posix-aio", "non-blocking", "asynchronous"],
  ["io_uring", "non-blocking", "asynchronous"],
];

test.each(WORKING)("with work of its own, %s is %s and %s, by each of its messages", async (id, first, second) => {
  const { messages } = await watched(id, true);
  expect(placed(messages)).toEqual({ first, second, agree: 3, of: 3 });
});

test.each(WORKING)(
  "with nothing else to do, %s sleeps, but for the one that asks over and over",
  async (id, _, second) => {
    const { messages } = await watched(id, false);
    const first = id === "non-blocking" ? "non-blocking" : "blocking";
    expect(placed(messages)).toEqual({ first, second, agree: 3, of: 3 });
  },
);

describe("evidence", () => {
  test("the call in which a task sleeps through the first phase, and the one that copies, are named", async () => {
    const named = async (id: string, works: boolean) => {
      const [{ ready, copied } = undefined!] = (await watched(id, works)).messages;
      return [ready.asleep, copied.call];
    };
    expect(await named("blocking", false)).toEqual(["read", "read"]);
    expect(await named("poll", false)).toEqual(["poll", "read"]);
    expect(await named("epoll-et", false)).toEqual(["epoll_wait", "read"]);
    expect(await named("signal", false)).toEqual(["rt_sigsuspend", "read"]);
    expect(await named("signal", true)).toEqual([null, "read"]);
    expect(await named("libaio", false)).toEqual(["io_getevents", "read"]);
    expect(await named("io_uring", false)).toEqual(["io_uring_enter", "io_uring_enter"]);
  });

  test("posix-aio: another task copies than answers, blocked in its own read", async () => {
    for (const { copied, answered, length } of (await watched("posix-aio", false)).messages) {
      expect(copied).toMatchObject({ call: "read", result: length });
      expect(copied.pid).not.toBe(answered.pid);
    }
  });

  test("each message is sent, is ready, is copied and answered, in this order, in its round", async () => {
    for (const { id } of WAYS_OF_WAITING) {
      const { messages, span } = await watched(id, false, { connections: 8, active: 3, rounds: 2 });
      expect(
        messages.map(({ round }) => round),
        id,
      ).toEqual([0, 0, 0, 1, 1, 1]);
      for (const { sent, ready, copied, answered } of messages) {
        const times = [span.start, sent, ready.time, copied.time, answered.time, span.end];
        expect(times, id).toEqual(times.toSorted((a, b) => a - b));
      }
    }
  });
});

test("a message whose call returns what it has copied is synchronous, if the task is the one that answers", () => {
  const message = {
    round: 0,
    length: 64,
    sent: 0,
    ready: { tick: 1, time: 1, asleep: "read" },
    copied: { tick: 2, time: 2, pid: 1, call: "read", result: 64 },
    answered: { tick: 3, time: 3, pid: 1 },
  };
  expect(placeOf(message)).toEqual({ first: "blocking", second: "synchronous" });
  expect(placeOf({ ...message, answered: { ...message.answered, pid: 2 } }).second).toBe("asynchronous");
  expect(placeOf({ ...message, copied: { ...message.copied, result: 1 } }).second).toBe("asynchronous");
  expect(placed([])).toBeNull();
});

test("what tasks do lies within the time that is shown, and a CPU does one thing at a time", async () => {
  for (const { id } of WAYS_OF_WAITING) {
    const { tasks, span, interrupts } = await watched(id, false);
    expect(tasks.length, id).toBeGreaterThan(0);
    expect(interrupts.length, id).toBeGreaterThan(0);
    const running = tasks.flatMap(({ spans }) =>
      spans.filter(({ doing }) => doing === "program" || doing === "kernel"),
    );
    const onCpu = [...running, ...interrupts].toSorted((a, b) => a.start - b.start || a.end - b.end);
    for (const [i, { start, end }] of onCpu.entries()) {
      expect(start, id).toBeGreaterThanOrEqual(i === 0 ? span.start : onCpu[i - 1]!.end);
      expect(end, id).toBeLessThanOrEqual(span.end);
    }
  }
});

test("a task that is asleep is so in a call, and one that works is in its program most of the time", async () => {
  const [sleeper] = (await watched("epoll-lt", false)).tasks;
  const asleep = sleeper!.spans.filter(({ doing }) => doing === "sleeping");
  expect(asleep.map(({ call }) => call)).toEqual(asleep.map(() => "epoll_wait"));
  const { tasks, span } = await watched("signal", true);
  const worked = tasks[0]!.spans.filter(({ doing }) => doing === "program").map(({ start, end }) => end - start);
  expect(worked.reduce((sum, time) => sum + time, 0)).toBeGreaterThan((span.end - span.start) / 2);
});
