import { describe, expect, test } from "vitest";
import {
  CLONE_FILES,
  CLONE_SIGHAND,
  CLONE_THREAD,
  CLONE_VM,
  EAGAIN,
  EINVAL,
  EPOLLIN,
  EPOLL_CTL_ADD,
  F_SETFL,
  POLLIN,
  SFD_NONBLOCK,
  SIGCHLD,
  SIGNALFD_SIGINFO_SIZE,
  SIGRTMIN,
  SIGUSR1,
  SIG_BLOCK,
} from "../../lib/index.ts";
import { runProgram } from "../support/boot.ts";

/** The signals and values of a run of struct signalfd_siginfo. */
function readSignals(bytes: Uint8Array): [signo: number, code: number, pid: number, int: number][] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: bytes.length / SIGNALFD_SIGINFO_SIZE }, (_, i) => {
    const at = i * SIGNALFD_SIGINFO_SIZE;
    return [
      view.getUint32(at, true),
      view.getInt32(at + 8, true),
      view.getUint32(at + 12, true),
      view.getInt32(at + 44, true),
    ];
  });
}

describe("a signalfd", () => {
  test("hands out the signals that wait, lowest first, as many as there is room for", async () => {
    const { kernel, result } = await runProgram(function* (sys) {
      const me = yield* sys.getpid();
      yield* sys.sigprocmask(SIG_BLOCK, [SIGUSR1, SIGRTMIN]);
      const fd = yield* sys.signalfd(-1, [SIGUSR1, SIGRTMIN], SFD_NONBLOCK);
      const buf = sys.buffer(4 * SIGNALFD_SIGINFO_SIZE);
      const before = [yield* sys.read(fd, buf), yield* sys.read(fd, buf, 100)];
      yield* sys.sigqueue(me, SIGRTMIN, 7);
      yield* sys.kill(me, SIGUSR1);
      yield* sys.kill(me, SIGUSR1);
      yield* sys.sigqueue(me, SIGRTMIN, 8);
      const one = yield* sys.read(fd, buf, 200);
      const first = readSignals(buf.bytes().subarray(0, one));
      const rest = yield* sys.read(fd, buf);
      const wrong = [yield* sys.write(fd, buf, 128), yield* sys.lseek(fd, 0, 0)];
      yield* sys.close(fd);
      return [before, first, readSignals(buf.bytes().subarray(0, rest)), wrong];
    });
    expect(result).toEqual([
      [-EAGAIN, -EINVAL],
      [[SIGUSR1, 0, 1, 0]],
      [
        [SIGRTMIN, -1, 0, 7],
        [SIGRTMIN, -1, 0, 8],
      ],
      [-EINVAL, 0],
    ]);
    expect(kernel.check()).toEqual([]);
  });

  test("lets a reader sleep on that began to before O_NONBLOCK was set, when another thread takes the signal", async () => {
    const { kernel, result } = await runProgram(function* (sys) {
      const me = yield* sys.getpid();
      yield* sys.sigprocmask(SIG_BLOCK, [SIGUSR1]);
      const fd = yield* sys.signalfd(-1, [SIGUSR1]);
      const log: number[] = [];
      yield* sys.clone(CLONE_VM | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD, function* (thread) {
        log.push(yield* thread.read(fd, thread.buffer(SIGNALFD_SIGINFO_SIZE)));
      });
      yield* sys.nanosleep({ sec: 0, nsec: 1000 });
      yield* sys.fcntl(fd, F_SETFL, SFD_NONBLOCK);
      yield* sys.tgkill(me, me, SIGUSR1);
      yield* sys.nanosleep({ sec: 0, nsec: 1000 });
      log.push(0);
      yield* sys.kill(me, SIGUSR1);
      yield* sys.nanosleep({ sec: 0, nsec: 1000 });
      return log;
    });
    expect(result).toEqual([0, SIGNALFD_SIGINFO_SIZE]);
    expect(kernel.check()).toEqual([]);
  });

  test("wakes its reader, poll and epoll_wait, and takes another set", async () => {
    const { kernel, result } = await runProgram(function* (sys) {
      const me = yield* sys.getpid();
      yield* sys.sigprocmask(SIG_BLOCK, [SIGUSR1, SIGCHLD]);
      const fd = yield* sys.signalfd(-1, [SIGUSR1]);
      const epfd = yield* sys.epoll_create1(0);
      yield* sys.epoll_ctl(epfd, EPOLL_CTL_ADD, fd, { events: EPOLLIN, data: { fd } });
      const log: unknown[] = [];
      const buf = sys.buffer(SIGNALFD_SIGINFO_SIZE);
      for (let i = 0; i < 3; i++) {
        yield* sys.fork(function* (child) {
          yield* child.nanosleep({ sec: 0, nsec: 1000 });
          yield* child.kill(me, SIGUSR1);
          return 0;
        });
        const pollfds = [{ fd, events: POLLIN, revents: 0 }];
        if (i === 1) log.push(yield* sys.poll(pollfds, -1), pollfds[0]!.revents);
        if (i === 2) log.push(yield* sys.epoll_wait(epfd, sys.epoll_events(1), 1, -1));
        log.push(yield* sys.read(fd, buf), readSignals(buf.bytes())[0]![0]);
      }
      log.push(yield* sys.epoll_wait(epfd, sys.epoll_events(1), 1, 0));
      log.push((yield* sys.signalfd(fd, [SIGCHLD])) === fd);
      log.push(yield* sys.epoll_wait(epfd, sys.epoll_events(1), 1, 0));
      return log;
    });
    expect(result).toEqual([128, SIGUSR1, 1, POLLIN, 128, SIGUSR1, 1, 128, SIGUSR1, 0, true, 1]);
    expect(kernel.check()).toEqual([]);
  });

  test("in an eventpoll outlives the task whose signals it watched", async () => {
    const { kernel, result } = await runProgram(function* (sys) {
      const epfd = yield* sys.epoll_create1(0);
      const child = yield* sys.fork(function* (forked) {
        const fd = yield* forked.signalfd(-1, [SIGUSR1]);
        yield* forked.epoll_ctl(epfd, EPOLL_CTL_ADD, fd, { events: EPOLLIN, data: { fd } });
        return 0;
      });
      yield* sys.wait4(child);
      return yield* sys.epoll_wait(epfd, sys.epoll_events(1), 1, 0);
    });
    expect(result).toBe(0);
    expect(kernel.check()).toEqual([]);
  });
});
