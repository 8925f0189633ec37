import { describe, expect, test } from "vitest";
import {
  CLONE_FILES,
  CLONE_VM,
  EINTR,
  EINVAL,
  EPOLLET,
  EPOLLIN,
  EPOLL_CTL_ADD,
  type Kernel,
  O_NONBLOCK,
  type Program,
  SA_RESTART,
  SIGCONT,
  SIGKILL,
  SIGSTOP,
  SIGUSR1,
  SIG_BLOCK,
  SIG_SETMASK,
  type Sys,
} from "../../lib/index.ts";
import { objectsOf } from "../../lib/see/objects.ts";
import { runProgram } from "../support/boot.ts";
import { u64 } from "./threads.ts";

const OTHERS = { sec: 0, nsec: 1_000_000 };

type Steps<T> = ReturnType<Program> extends Generator<infer Y, unknown, infer N> ? Generator<Y, T, N> : never;

/** An eventfd and an epoll that watches it. */
function* watched(sys: Sys, flags = 0): Steps<{ fd: number; epfd: number }> {
  const fd = yield* sys.eventfd(0, O_NONBLOCK);
  const epfd = yield* sys.epoll_create1(0);
  yield* sys.epoll_ctl(epfd, EPOLL_CTL_ADD, fd, { events: (EPOLLIN | flags) >>> 0, data: { fd } });
  return { fd, epfd };
}

/** Runs a program, and looks whether the machine is well afterwards. */
async function run<T>(program: Program): Promise<T> {
  const { kernel, result } = await runProgram<T>(program);
  expect((kernel as Kernel).check()).toEqual([]);
  return result;
}

/** Has SIGUSR1 counted. */
function* counting(sys: Sys, flags = 0): Steps<{ handled: number }> {
  const count = { handled: 0 };
  yield* sys.sigaction(SIGUSR1, {
    handler: function* (own) {
      count.handled++;
      yield* own.getpid();
    },
    flags,
  });
  return count;
}

describe("an event and a signal that is let through", () => {
  const both = (ready: boolean, timeout: number): Program =>
    function* (sys) {
      const { fd, epfd } = yield* watched(sys);
      const count = yield* counting(sys);
      yield* sys.sigprocmask(SIG_BLOCK, [SIGUSR1]);
      yield* sys.kill(yield* sys.getpid(), SIGUSR1);
      if (ready) yield* sys.write(fd, u64(1n));
      const value = yield* sys.epoll_pwait(epfd, sys.epoll_events(1), 1, timeout, []);
      const pending: number[] = [];
      yield* sys.sigpending(pending);
      return [value, count.handled, pending];
    };

  test("W-5: the event is told, and the signal waits on", async () => {
    expect(await run(both(true, -1))).toEqual([1, 0, [SIGUSR1]]);
    expect(await run(both(true, 0))).toEqual([1, 0, [SIGUSR1]]);
  });

  test("W-6: a timeout of 0 is 0, and the signal waits on", async () => {
    expect(await run(both(false, 0))).toEqual([0, 0, [SIGUSR1]]);
  });

  test("W-10: with nothing ready epoll_pwait's mask lets it in: EINTR, and the mask is the old one again", async () => {
    expect(await run(both(false, -1))).toEqual([-EINTR, 1, []]);
    const mask = await run(function* (sys) {
      const { epfd } = yield* watched(sys);
      yield* sys.sigprocmask(SIG_BLOCK, [SIGUSR1]);
      yield* sys.epoll_pwait(epfd, sys.epoll_events(1), 1, 1, []);
      const old: number[] = [];
      yield* sys.sigprocmask(SIG_SETMASK, null, old);
      return old;
    });
    expect(mask).toEqual([SIGUSR1]);
  });

  test("W-10: a set of signals has 8 bytes", async () => {
    const results = await run<number[]>(function* (sys) {
      const { epfd } = yield* watched(sys);
      const events = sys.epoll_events(1);
      const set = sys.buffer(16);
      const answers: number[] = [];
      for (const size of [0, 4, 8, 16]) {
        answers.push(yield* sys.syscall("epoll_pwait", epfd, events.address, 1, 0, set, size));
      }
      return answers;
    });
    expect(results).toEqual([-EINVAL, -EINVAL, 0, -EINVAL]);
  });
});

describe("a sleeper of epoll_wait", () => {
  /** What a thread's epoll_wait answers when `disturb` is done to it while it sleeps, and how often its handler ran. */
  const disturbed = (flags: number, disturb: (sys: Sys, pid: number) => Steps<void>): Program =>
    function* (sys) {
      const { epfd } = yield* watched(sys);
      const count = yield* counting(sys, flags);
      let answer: number | null = null;
      const pid = yield* sys.fork(function* (own) {
        answer = yield* own.epoll_wait(epfd, own.epoll_events(1), 1, -1);
      });
      yield* sys.nanosleep(OTHERS);
      yield* disturb(sys, pid);
      yield* sys.nanosleep(OTHERS);
      return [answer, count.handled];
    };

  test("W-7: is ended by a signal with a handler, and not made again, SA_RESTART or not", async () => {
    for (const flags of [0, SA_RESTART]) {
      const signalled = disturbed(flags, function* (sys, pid) {
        yield* sys.kill(pid, SIGUSR1);
      });
      expect(await run(signalled)).toEqual([-EINTR, 1]);
    }
  });

  test("W-8: is ended by stop and continue, without any handler", async () => {
    const stopped = disturbed(0, function* (sys, pid) {
      yield* sys.kill(pid, SIGSTOP);
      yield* sys.nanosleep(OTHERS);
      yield* sys.kill(pid, SIGCONT);
    });
    expect(await run(stopped)).toEqual([-EINTR, 0]);
  });

  test("W-9: is not ended by a blocked signal", async () => {
    const result = await run(function* (sys) {
      const { epfd } = yield* watched(sys);
      const count = yield* counting(sys);
      const answers: number[] = [];
      const tid = yield* sys.clone(CLONE_VM | CLONE_FILES, function* (own) {
        yield* own.sigprocmask(SIG_BLOCK, [SIGUSR1]);
        answers.push(yield* own.epoll_wait(epfd, own.epoll_events(1), 1, 10));
      });
      yield* sys.nanosleep(OTHERS);
      yield* sys.tkill(tid, SIGUSR1);
      yield* sys.nanosleep(OTHERS);
      const before = answers.length;
      yield* sys.nanosleep({ sec: 0, nsec: 20_000_000 });
      return [before, answers, count.handled];
    });
    expect(result).toEqual([0, [0], 0]);
  });

  test("W-15: that is killed before it runs takes no event along", async () => {
    const left = await run(function* (sys) {
      const { fd, epfd } = yield* watched(sys, EPOLLET);
      const pid = yield* sys.fork(function* (own) {
        yield* own.epoll_wait(epfd, own.epoll_events(1), 1, -1);
      });
      yield* sys.nanosleep(OTHERS);
      yield* sys.write(fd, u64(1n));
      yield* sys.kill(pid, SIGKILL);
      yield* sys.nanosleep(OTHERS);
      return yield* sys.epoll_wait(epfd, sys.epoll_events(1), 1, 0);
    });
    expect(left).toBe(1);
  });
});

test("PS-11: poll and select are ended by a signal too, SA_RESTART or not", async () => {
  const sleeping: readonly ((sys: Sys, fd: number) => Steps<number>)[] = [
    function* (sys, fd) {
      return yield* sys.poll([{ fd, events: EPOLLIN }], -1);
    },
    function* (sys, fd) {
      return yield* sys.select(fd + 1, { read: [fd] }, null);
    },
  ];
  for (const sleep of sleeping) {
    const answer = await run(function* (sys) {
      const fd = yield* sys.eventfd(0, O_NONBLOCK);
      yield* counting(sys, SA_RESTART);
      let value: number | null = null;
      const pid = yield* sys.fork(function* (own) {
        value = yield* sleep(own, fd);
      });
      yield* sys.nanosleep(OTHERS);
      yield* sys.kill(pid, SIGUSR1);
      yield* sys.nanosleep(OTHERS);
      return value;
    });
    expect(answer).toBe(-EINTR);
  }
});

test("P-9: an item lets go of a wait queue that ends before its file does, as that of a signalfd", async () => {
  const { kernel } = await runProgram(function* (sys) {
    const epfd = yield* sys.epoll_create1(0);
    const fd = yield* sys.signalfd(-1, [SIGUSR1], 0);
    yield* sys.fork(function* (own) {
      // The signals are those of whoever adds it: the queue is the child's.
      yield* own.epoll_ctl(epfd, EPOLL_CTL_ADD, fd, { events: EPOLLIN, data: { fd } });
      yield* own.nanosleep({ sec: 1, nsec: 0 });
    });
    yield* sys.nanosleep(OTHERS);
    yield* sys.wait4(-1);
    yield* sys.pause();
  });
  const queues = (tick: number) => {
    kernel.seek(tick);
    return objectsOf(kernel.inspect(), "EppollEntry").map(({ whead }) => whead !== 0);
  };
  const [added] = kernel.trace.filter({ event: "ep_ptable_queue_proc" });
  expect(queues(added!.tick + 20)).toEqual([true]);
  expect(queues(kernel.ticks)).toEqual([false]);
  expect(kernel.check()).toEqual([]);
});
