import { describe, expect, test } from "vitest";
import {
  AF_UNIX,
  CLONE_FILES,
  CLONE_VM,
  EAGAIN,
  EPOLLIN,
  EPOLL_CTL_ADD,
  Kernel,
  O_NONBLOCK,
  POLLIN,
  SOCK_STREAM,
  type Program,
  type Sys,
} from "../../lib/index.ts";

const THREAD = CLONE_VM | CLONE_FILES;
const LATER = { sec: 0, nsec: 1_000_000 };

type Reader = (sys: Sys, fd: number) => ReturnType<Program>;

/** Lets a thread read while another one writes a little later. */
async function inPhases(flags: number, reader: Reader): Promise<{ kernel: Kernel; seen: string[] }> {
  const kernel = await Kernel.boot({ seed: 1 });
  kernel.spawn("writer", function* (sys) {
    const fds: number[] = [];
    yield* sys.pipe2(fds, flags);
    yield* sys.clone(THREAD, (task) => reader(task, fds[0]!));
    yield* sys.nanosleep(LATER);
    yield* sys.write(fds[1]!, "hello");
  });
  kernel.run();
  expect(kernel.check()).toEqual([]);
  return { kernel, seen: story(kernel) };
}

/** What the reader does, and when the phases end: calls, sleeps, phases. */
function story(kernel: Kernel): string[] {
  const READER = 2;
  const told: string[] = [];
  for (const record of kernel.trace) {
    if (record.phase) told.push(`${record.phase} (in task ${record.pid})`);
    if (record.pid !== READER) continue;
    if (record.event === "schedule") told.push("sleeps");
    if (record.event === "sys_enter") told.push(`enters ${record.sentence().match(/system call (\w+)/)?.[1]}`);
    if (record.event === "sys_exit") told.push("returns");
  }
  return told;
}

describe("the two phases of an input", () => {
  test("a blocking read sleeps through the first phase and copies in the second, all in one call", async () => {
    const { seen } = await inPhases(0, function* (sys, fd) {
      yield* sys.read(fd, sys.buffer(16));
    });
    expect(seen.slice(0, 5)).toEqual(["enters read", "sleeps", "ready (in task 1)", "copied (in task 2)", "returns"]);
  });

  test("a non-blocking read never sleeps: it fails during the first phase, and copies once that is over", async () => {
    const { seen } = await inPhases(O_NONBLOCK, function* (sys, fd) {
      const buffer = sys.buffer(16);
      while ((yield* sys.read(fd, buffer)) === -EAGAIN) yield* sys.compute(400_000);
    });
    expect(seen.slice(0, 4)).toEqual(["enters read", "returns", "enters read", "returns"]);
    expect(seen.slice(-4)).toEqual(["enters read", "copied (in task 2)", "returns", "enters exit"]);
    expect(seen.indexOf("ready (in task 1)")).toBeLessThan(seen.indexOf("copied (in task 2)"));
    expect(seen).not.toContain("sleeps");
  });

  test("with epoll the first phase is slept through in epoll_wait, and read does the second", async () => {
    const { seen } = await inPhases(O_NONBLOCK, function* (sys, fd) {
      const epfd = yield* sys.epoll_create1(0);
      yield* sys.epoll_ctl(epfd, EPOLL_CTL_ADD, fd, { events: EPOLLIN, data: { fd } });
      yield* sys.epoll_wait(epfd, sys.epoll_events(4), 4, -1);
      yield* sys.read(fd, sys.buffer(16));
    });
    expect(seen.slice(seen.indexOf("enters epoll_wait"))).toEqual([
      "enters epoll_wait",
      "sleeps",
      "ready (in task 1)",
      "returns",
      "enters read",
      "copied (in task 2)",
      "returns",
      "enters exit",
    ]);
  });

  test("poll and select are like epoll in that: they wait, and read copies", async () => {
    for (const wait of [
      (sys: Sys, fd: number) => sys.poll([{ fd, events: POLLIN }], -1),
      (sys: Sys, fd: number) => sys.select(fd + 1, { read: [fd] }, null),
    ]) {
      const { seen } = await inPhases(0, function* (sys, fd) {
        yield* wait(sys, fd);
        yield* sys.read(fd, sys.buffer(16));
      });
      const phases = seen.filter((line) => !/returns|exit/.test(line));
      expect(phases.slice(1)).toEqual(["sleeps", "ready (in task 1)", "enters read", "copied (in task 2)"]);
    }
  });

  test("sockets, eventfds and timerfds have the same two phases", async () => {
    const kernel = await Kernel.boot({ seed: 1 });
    kernel.spawn("reader", function* (sys) {
      const pair: number[] = [];
      yield* sys.socketpair(AF_UNIX, SOCK_STREAM, 0, pair);
      const efd = yield* sys.eventfd(0, 0);
      const tfd = yield* sys.timerfd_create(1, 0);
      yield* sys.write(pair[0]!, "hello");
      yield* sys.write(efd, Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0));
      yield* sys.timerfd_settime(tfd, 0, { it_interval: { sec: 0, nsec: 0 }, it_value: LATER });
      for (const fd of [pair[1]!, efd, tfd]) yield* sys.read(fd, sys.buffer(8));
    });
    kernel.run();
    const phases = [...kernel.trace].filter(({ phase }) => phase !== null);
    expect(phases.map(({ phase, args }) => `${phase} ${args[1]}`)).toEqual([
      "ready 5",
      "ready 8",
      "copied 5",
      "copied 8",
      "ready 8",
      "copied 8",
    ]);
  });

  test("the sentence says which phase it is, in both languages", async () => {
    const { kernel } = await inPhases(0, function* (sys, fd) {
      yield* sys.read(fd, sys.buffer(16));
    });
    const tell = (phase: string, language: "en" | "zh-CN") => {
      const { tick } = [...kernel.trace].find((record) => record.phase === phase)!;
      kernel.seek(tick);
      return kernel.trace.at(tick)!.sentence(language);
    };
    expect(tell("ready", "en")).toContain("data ready");
    expect(tell("ready", "zh-CN")).toContain("数据就绪");
    expect(tell("copied", "en")).toContain("data copied");
    expect(tell("copied", "zh-CN")).toContain("数据复制");
  });
});
