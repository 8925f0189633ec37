import { describe, expect, test } from "vitest";
import {
  CLD_EXITED,
  CLONE_FILES,
  CLONE_SIGHAND,
  CLONE_THREAD,
  CLONE_VM,
  EBADF,
  ECHILD,
  EINTR,
  EINVAL,
  EPIPE,
  ESRCH,
  Kernel,
  type Program,
  type Sys,
  type SystemCall,
  SA_NODEFER,
  SA_RESETHAND,
  SA_RESTART,
  SIGCHLD,
  SIGCONT,
  SIGINT,
  SIGKILL,
  SIGPIPE,
  SIGRTMIN,
  SIGSTOP,
  SIGTERM,
  SIGUSR1,
  SIGUSR2,
  SIG_BLOCK,
  SIG_DFL,
  SIG_IGN,
  SIG_SETMASK,
  SIG_UNBLOCK,
  WNOHANG,
  type SignalHandler,
} from "../../lib/index.ts";
import { boot, runProgram } from "../support/boot.ts";

/** A handler that notes its signal. */
function noting(log: number[]): SignalHandler {
  return function* (sys, signo) {
    log.push(signo);
    yield* sys.getpid();
    return 0;
  };
}

/** Every rule of the machine's structures holds. */
function expectClean(kernel: Kernel): void {
  expect(kernel.check()).toEqual([]);
}

/** Reads from an empty pipe while another process sends a signal, and later writes a byte. */
function interruptedRead(flags: number, log: number[]): Program {
  return function* (sys) {
    const fds: number[] = [];
    yield* sys.pipe2(fds, 0);
    yield* sys.sigaction(SIGUSR1, { handler: noting(log), flags });
    const parent = yield* sys.getpid();
    yield* sys.fork(function* (child) {
      yield* child.nanosleep({ sec: 0, nsec: 1_000_000 });
      yield* child.kill(parent, SIGUSR1);
      yield* child.nanosleep({ sec: 0, nsec: 1_000_000 });
      yield* child.write(fds[1]!, "x");
      return 0;
    });
    return yield* sys.read(fds[0]!, sys.buffer(8), 8);
  };
}

describe("an interrupted call", () => {
  test("ends with EINTR behind a handler without SA_RESTART", async () => {
    const log: number[] = [];
    const { kernel, result } = await runProgram(interruptedRead(0, log));
    expect([result, log]).toEqual([-EINTR, [SIGUSR1]]);
    expectClean(kernel);
  });

  test("PS-11: is made again behind a handler with SA_RESTART, and then reads", async () => {
    const log: number[] = [];
    const { kernel, result } = await runProgram(interruptedRead(SA_RESTART, log));
    expect([result, log]).toEqual([1, [SIGUSR1]]);
    expectClean(kernel);
  });

  /** What a call answers that a handler with SA_RESTART interrupts. */
  async function withRestart(call: (sys: Sys, epfd: number) => SystemCall): Promise<number> {
    const { kernel, result } = await runProgram<number>(function* (sys) {
      yield* sys.sigaction(SIGUSR1, { handler: noting([]), flags: SA_RESTART });
      const parent = yield* sys.getpid();
      const epfd = yield* sys.epoll_create1(0);
      yield* sys.fork(function* (child) {
        yield* child.nanosleep({ sec: 0, nsec: 1_000_000 });
        yield* child.kill(parent, SIGUSR1);
        return 0;
      });
      return yield* call(sys, epfd);
    });
    expectClean(kernel);
    return result;
  }

  test("W-7: epoll_wait, poll, select, nanosleep and pause end with EINTR, SA_RESTART or not", async () => {
    const calls: ((sys: Sys, epfd: number) => SystemCall)[] = [
      (sys, epfd) => sys.epoll_wait(epfd, sys.epoll_events(1), 1, -1),
      (sys) => sys.poll([], -1),
      (sys) => sys.select(0, {}, null),
      (sys) => sys.nanosleep({ sec: 5, nsec: 0 }),
      (sys) => sys.pause(),
      (sys) => sys.sigsuspend([]),
    ];
    for (const call of calls) expect(await withRestart(call)).toBe(-EINTR);
  });

  test("W-5: a ready event beats a pending signal; W-6: so does a timeout of 0", async () => {
    const { result } = await runProgram(function* (sys) {
      const log: number[] = [];
      yield* sys.sigaction(SIGUSR1, noting(log));
      const epfd = yield* sys.epoll_create1(0);
      const efd = yield* sys.eventfd(0, 0);
      yield* sys.epoll_ctl(epfd, 1, efd, { events: 1, data: { fd: efd } });
      yield* sys.sigprocmask(SIG_BLOCK, [SIGUSR1]);
      yield* sys.kill(yield* sys.getpid(), SIGUSR1);
      const events = sys.epoll_events(1);
      const none = yield* sys.epoll_pwait(epfd, events, 1, 0, []);
      const after = [...log];
      yield* sys.sigprocmask(SIG_BLOCK, [SIGUSR1]);
      yield* sys.kill(yield* sys.getpid(), SIGUSR1);
      yield* sys.write(efd, Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0));
      const one = yield* sys.epoll_pwait(epfd, events, 1, -1, []);
      return [none, after, one, log];
    });
    expect(result).toEqual([0, [], 1, []]);
  });

  test("W-10: epoll_pwait lets a blocked signal come for the call only; W-9: a blocked one does not interrupt", async () => {
    const { result } = await runProgram(function* (sys) {
      const log: number[] = [];
      yield* sys.sigaction(SIGUSR1, noting(log));
      yield* sys.sigprocmask(SIG_BLOCK, [SIGUSR1]);
      yield* sys.kill(yield* sys.getpid(), SIGUSR1);
      const epfd = yield* sys.epoll_create1(0);
      const events = sys.epoll_events(1);
      const blocked = yield* sys.epoll_wait(epfd, events, 1, 1);
      const let_in = yield* sys.epoll_pwait(epfd, events, 1, -1, []);
      const mask: number[] = [];
      yield* sys.sigprocmask(SIG_BLOCK, null, mask);
      return [blocked, let_in, log, mask];
    });
    expect(result).toEqual([0, -EINTR, [SIGUSR1], [SIGUSR1]]);
  });

  test("W-8: SIGSTOP and SIGCONT make epoll_wait return EINTR, and nanosleep go on to its end", async () => {
    const kernel = await boot();
    const results: number[] = [];
    const sleeper = kernel.spawn("sleeper", function* (sys) {
      const epfd = yield* sys.epoll_create1(0);
      results.push(yield* sys.epoll_wait(epfd, sys.epoll_events(1), 1, -1));
      results.push(yield* sys.nanosleep({ sec: 1, nsec: 0 }));
      results.push(yield* sys.poll([], 500));
      return 0;
    });
    kernel.settle();
    for (const time of [0.1e9, 0.6e9, 1.3e9]) {
      kernel.world.at(time, () => sleeper.signal(SIGSTOP));
      kernel.world.at(time + 1e6, () => sleeper.signal(SIGCONT));
    }
    kernel.run({ until: { time: 0.1e9 } });
    kernel.settle();
    expect(sleeper.state).toBe("stopped");
    kernel.run();
    expect(results).toEqual([-EINTR, 0, 0]);
    expect(kernel.now).toBeGreaterThan(1.6e9);
    expectClean(kernel);
  });
});

describe("handlers", () => {
  test("run before the program goes on, innermost first, and are told what is known of the signal", async () => {
    const { kernel, task, result } = await runProgram(function* (sys) {
      const log: unknown[] = [];
      const me = yield* sys.getpid();
      yield* sys.sigaction(SIGUSR1, function* (inner, signo, info) {
        log.push([signo, info.pid, info.code]);
        const sent = yield* inner.kill(me, SIGUSR2);
        log.push(["sent", sent]);
        return 0;
      });
      yield* sys.sigaction(SIGUSR2, function* (inner, signo) {
        log.push([signo, yield* inner.getpid()]);
        return 0;
      });
      log.push(["kill", yield* sys.kill(me, SIGUSR1)]);
      return log;
    });
    expect(result).toEqual([
      [SIGUSR1, 1, 0],
      [SIGUSR2, 1],
      ["sent", 0],
      ["kill", 0],
    ]);
    expect(task.exitCode).toBe(0);
    expectClean(kernel);
  });

  test("keep their own signal away meanwhile, unless SA_NODEFER; their mask keeps others", async () => {
    const run = (flags: number, mask: number[]) =>
      runProgram<unknown[]>(function* (sys) {
        const log: string[] = [];
        const me = yield* sys.getpid();
        let first = true;
        yield* sys.sigaction(SIGUSR1, {
          flags,
          mask,
          handler: function* (inner, signo) {
            log.push(`begin ${signo}`);
            if (first) {
              first = false;
              yield* inner.kill(me, SIGUSR1);
              yield* inner.kill(me, SIGUSR2);
            }
            log.push(`end ${signo}`);
            return 0;
          },
        });
        yield* sys.sigaction(SIGUSR2, function* (inner, signo) {
          log.push(`${signo}`);
          yield* inner.getpid();
          return 0;
        });
        yield* sys.kill(me, SIGUSR1);
        return log;
      }).then(({ result }) => result);
    expect(await run(0, [])).toEqual(["begin 10", "12", "end 10", "begin 10", "end 10"]);
    expect(await run(SA_NODEFER, [])).toEqual(["begin 10", "begin 10", "end 10", "12", "end 10"]);
    expect(await run(0, [SIGUSR2])).toEqual(["begin 10", "end 10", "begin 10", "end 10", "12"]);
  });

  test("with SA_RESETHAND are good for one signal: the next one terminates", async () => {
    const log: number[] = [];
    const kernel = await boot();
    const task = kernel.spawn("once", function* (sys) {
      const old = {};
      yield* sys.sigaction(SIGUSR1, { handler: noting(log), flags: SA_RESETHAND }, old);
      expect(old).toEqual({ handler: SIG_DFL, flags: 0, mask: [] });
      const me = yield* sys.getpid();
      yield* sys.kill(me, SIGUSR1);
      yield* sys.kill(me, SIGUSR1);
      return "survived";
    });
    kernel.run();
    expect([log, task.termSignal, task.exitCode, task.result]).toEqual([[SIGUSR1], SIGUSR1, 138, undefined]);
    expectClean(kernel);
  });

  test("standard signals that wait are one; real-time ones queue, with their values", async () => {
    const { kernel, result } = await runProgram(function* (sys) {
      const log: unknown[] = [];
      const me = yield* sys.getpid();
      const handler: SignalHandler = function* (inner, signo, info) {
        log.push([signo, Number(info.value)]);
        yield* inner.getpid();
        return 0;
      };
      yield* sys.sigaction(SIGUSR1, handler);
      yield* sys.sigaction(SIGRTMIN, handler);
      yield* sys.sigprocmask(SIG_BLOCK, [SIGUSR1, SIGRTMIN]);
      for (let i = 1; i <= 3; i++) {
        yield* sys.kill(me, SIGUSR1);
        yield* sys.sigqueue(me, SIGRTMIN, i);
      }
      const pending: number[] = [];
      yield* sys.sigpending(pending);
      log.push(pending);
      yield* sys.sigprocmask(SIG_UNBLOCK, [SIGRTMIN]);
      yield* sys.sigprocmask(SIG_SETMASK, []);
      return log;
    });
    expect(result).toEqual([
      [SIGUSR1, SIGRTMIN],
      [SIGRTMIN, 1],
      [SIGRTMIN, 2],
      [SIGRTMIN, 3],
      [SIGUSR1, 0],
    ]);
    expectClean(kernel);
  });

  test("are copied by fork, and shared by CLONE_SIGHAND", async () => {
    const { result } = await runProgram(function* (sys) {
      const log: string[] = [];
      yield* sys.sigaction(SIGUSR1, function* (inner) {
        log.push(`handler in ${yield* inner.gettid()}`);
        return 0;
      });
      const child = yield* sys.fork(function* (forked) {
        yield* forked.sigaction(SIGUSR1, SIG_IGN);
        yield* forked.kill(yield* forked.getpid(), SIGUSR1);
        return 0;
      });
      yield* sys.wait4(child);
      yield* sys.kill(yield* sys.getpid(), SIGUSR1);
      yield* sys.clone(CLONE_VM | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD, function* (thread) {
        yield* thread.sigaction(SIGUSR1, SIG_IGN);
        return 0;
      });
      yield* sys.nanosleep({ sec: 0, nsec: 1000 });
      yield* sys.kill(yield* sys.getpid(), SIGUSR1);
      return log;
    });
    expect(result).toEqual(["handler in 1"]);
  });
});

describe("children", () => {
  test("are waited for: ECHILD, WNOHANG, the status, SIGCHLD", async () => {
    const { kernel, result } = await runProgram(function* (sys) {
      const log: unknown[] = [];
      yield* sys.sigaction(SIGCHLD, function* (inner, signo, info) {
        log.push([signo, info.code, info.status]);
        yield* inner.getpid();
        return 0;
      });
      log.push(yield* sys.wait4(-1));
      const child = yield* sys.fork(function* (forked) {
        yield* forked.nanosleep({ sec: 0, nsec: 1000 });
        yield* forked.exit(3);
      });
      log.push(yield* sys.wait4(-1, null, WNOHANG));
      const status: { value?: number } = {};
      const ended = yield* sys.wait4(child, status);
      log.push(ended === child, status.value);
      log.push(yield* sys.wait4(child, status));
      return log;
    });
    expect(result).toEqual([-ECHILD, 0, [SIGCHLD, CLD_EXITED, 3], true, 3 << 8, -ECHILD]);
    expect(kernel.tasks.map(({ state }) => state)).toEqual(["zombie", "gone"]);
    expectClean(kernel);
  });

  test("whose parent ignores SIGCHLD leave nothing behind, and wait4 ends with ECHILD once they are gone", async () => {
    const { kernel, result } = await runProgram(function* (sys) {
      yield* sys.sigaction(SIGCHLD, SIG_IGN);
      yield* sys.fork(function* (forked) {
        yield* forked.nanosleep({ sec: 0, nsec: 1000 });
        return 0;
      });
      return yield* sys.wait4(-1);
    });
    expect(result).toBe(-ECHILD);
    expectClean(kernel);
  });

  test("that a signal has ended say so, and their parent's number is theirs to ask for", async () => {
    const { result } = await runProgram(function* (sys) {
      const child = yield* sys.fork(function* (forked) {
        expect(yield* forked.getppid()).toBe(1);
        yield* forked.pause();
        return 0;
      });
      yield* sys.nanosleep({ sec: 0, nsec: 1000 });
      const killed = yield* sys.kill(child, SIGKILL);
      const status: { value?: number } = {};
      yield* sys.wait4(child, status);
      return [killed, status.value, yield* sys.kill(child, 0), yield* sys.kill(child, 65)];
    });
    expect(result).toEqual([0, SIGKILL, -ESRCH, -ESRCH]);
  });
});

describe("the end of a process", () => {
  test("exit_group ends all its threads, wherever they are", async () => {
    const kernel = await boot({ cpus: 2 });
    const thread = CLONE_VM | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD;
    const task = kernel.spawn("main", function* (sys) {
      const fds: number[] = [];
      yield* sys.pipe2(fds, 0);
      yield* sys.clone(thread, function* (other) {
        yield* other.read(fds[0]!, other.buffer(1), 1);
      });
      yield* sys.clone(thread, function* (other) {
        for (;;) yield* other.compute(1000);
      });
      yield* sys.nanosleep({ sec: 0, nsec: 10_000 });
      yield* sys.exit_group(7);
    });
    kernel.run({ maxInputs: 10_000 });
    expect([task.exitCode, task.termSignal]).toEqual([7, null]);
    expect(kernel.tasks.map(({ state }) => state)).toEqual(["zombie", "gone", "gone"]);
    expectClean(kernel);
  });

  test("a fatal signal ends all its threads; a thread alone may handle what is sent to it", async () => {
    const kernel = await boot();
    const log: number[] = [];
    const thread = CLONE_VM | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD;
    const task = kernel.spawn("main", function* (sys) {
      const me = yield* sys.getpid();
      yield* sys.sigaction(SIGUSR1, function* (inner) {
        log.push(yield* inner.gettid());
        return 0;
      });
      const other = yield* sys.clone(thread, function* (second) {
        for (;;) yield* second.pause();
      });
      yield* sys.nanosleep({ sec: 0, nsec: 10_000 });
      yield* sys.tgkill(me, other, SIGUSR1);
      yield* sys.nanosleep({ sec: 0, nsec: 10_000 });
      yield* sys.tgkill(me, other, SIGTERM);
      for (;;) yield* sys.pause();
    });
    kernel.run();
    expect([log, task.termSignal]).toEqual([[2], SIGTERM]);
    expect(kernel.tasks.map(({ state }) => state)).toEqual(["zombie", "gone"]);
    expectClean(kernel);
  });
});

describe("SIGPIPE", () => {
  const writer = (action: number | null): Program =>
    function* (sys) {
      if (action !== null) yield* sys.sigaction(SIGPIPE, action);
      const fds: number[] = [];
      yield* sys.pipe2(fds, 0);
      yield* sys.close(fds[0]!);
      return yield* sys.write(fds[1]!, "x");
    };

  test("is ignored by a task that the host has made: write answers EPIPE", async () => {
    expect((await runProgram(writer(null))).result).toBe(-EPIPE);
  });

  test("with its default action terminates", async () => {
    const { task } = await runProgram(writer(SIG_DFL));
    expect(task.termSignal).toBe(SIGPIPE);
  });
});

describe("arguments", () => {
  test("that make no sense are refused in Linux's order", async () => {
    const { result } = await runProgram(function* (sys) {
      const me = yield* sys.getpid();
      return [
        yield* sys.sigaction(SIGKILL, SIG_IGN),
        yield* sys.sigaction(0, SIG_IGN),
        yield* sys.sigaction(65, null),
        yield* sys.sigaction(SIGKILL, null),
        yield* sys.syscall("rt_sigaction", SIGINT, 0, 0, 4),
        yield* sys.sigprocmask(9, [1]),
        yield* sys.sigprocmask(9, null),
        yield* sys.kill(me, 65),
        yield* sys.kill(999, 0),
        yield* sys.tgkill(0, me, SIGINT),
        yield* sys.tgkill(me, 999, SIGINT),
        yield* sys.tkill(-1, SIGINT),
        yield* sys.signalfd(99, [SIGINT]),
        yield* sys.signalfd(0, [SIGINT]),
        yield* sys.signalfd(-1, [SIGINT], 1),
      ];
    });
    expect(result).toEqual([
      -EINVAL,
      -EINVAL,
      -EINVAL,
      0,
      -EINVAL,
      -EINVAL,
      0,
      -EINVAL,
      -ESRCH,
      -EINVAL,
      -ESRCH,
      -EINVAL,
      -EBADF,
      -EINVAL,
      -EINVAL,
    ]);
  });
});

describe("handlers in the life of the machine", () => {
  test("a journal, a seek and a branch go through handlers as the first machine did", async () => {
    const log: number[] = [];
    const kernel = await boot({ cpus: 2 });
    kernel.spawn("main", interruptedRead(SA_RESTART, log));
    const start = kernel.ticks;
    kernel.run();
    const again = await Kernel.replay(kernel.journal);
    expect(again.digest()).toBe(kernel.digest());
    for (let tick = start; tick < kernel.ticks; tick += 17) {
      kernel.seek(tick);
      expect(kernel.check()).toEqual([]);
      const branch = kernel.branch();
      branch.run();
      expect(branch.digest()).toBe(again.digest());
    }
  });
});
