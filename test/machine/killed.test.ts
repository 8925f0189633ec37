import { describe, expect, test } from "vitest";
import {
  AF_INET,
  AF_UNIX,
  CLONE_FILES,
  CLONE_SIGHAND,
  CLONE_THREAD,
  CLONE_VM,
  EPOLLIN,
  EPOLL_CTL_ADD,
  type Program,
  SIGCONT,
  SIGKILL,
  SIGSTOP,
  SIGTERM,
  SIGUSR1,
  SIG_BLOCK,
  SOCK_DGRAM,
  SOCK_NONBLOCK,
  SOCK_STREAM,
  type Sys,
} from "../../lib/index.ts";
import { bootFigures, findLeaks } from "../../lib/fuzz/leaks.ts";
import { boot } from "../support/boot.ts";

const THREAD = CLONE_VM | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD;
const MSG_WAITALL = 0x100;
const PORT = 7000;

type Steps<T> = ReturnType<Program> extends Generator<infer Y, unknown, infer N> ? Generator<Y, T, N> : never;
type Sleep = (sys: Sys) => Steps<unknown>;

function* pipe(sys: Sys): Steps<[number, number]> {
  const fds: number[] = [];
  yield* sys.pipe2(fds, 0);
  return [fds[0]!, fds[1]!];
}

function* pair(sys: Sys, type: number = SOCK_STREAM): Steps<[number, number]> {
  const fds: number[] = [];
  yield* sys.socketpair(AF_UNIX, type, 0, fds);
  return [fds[0]!, fds[1]!];
}

function* listener(sys: Sys, backlog = 5): Steps<number> {
  const fd = yield* sys.socket(AF_INET, SOCK_STREAM, 0);
  yield* sys.bind(fd, { port: PORT });
  yield* sys.listen(fd, backlog);
  return fd;
}

/** Every way in which a call can sleep. */
const SLEEPS: Readonly<Record<string, Sleep>> = {
  *"read of a pipe"(sys) {
    const [reader] = yield* pipe(sys);
    yield* sys.read(reader, sys.buffer(8));
  },
  *"write to a full pipe"(sys) {
    const [, writer] = yield* pipe(sys);
    yield* sys.write(writer, new Uint8Array(100_000));
  },
  *"read of an eventfd"(sys) {
    yield* sys.read(yield* sys.eventfd(0, 0), sys.buffer(8));
  },
  *"read of a timerfd"(sys) {
    const fd = yield* sys.timerfd_create(1, 0);
    yield* sys.timerfd_settime(fd, 0, { it_interval: { sec: 0, nsec: 0 }, it_value: { sec: 1000, nsec: 0 } });
    yield* sys.read(fd, sys.buffer(8));
  },
  *"read of a signalfd"(sys) {
    yield* sys.sigprocmask(SIG_BLOCK, [SIGUSR1]);
    yield* sys.read(yield* sys.signalfd(-1, [SIGUSR1], 0), sys.buffer(128));
  },
  *epoll_wait(sys) {
    const [reader] = yield* pipe(sys);
    const epfd = yield* sys.epoll_create1(0);
    yield* sys.epoll_ctl(epfd, EPOLL_CTL_ADD, reader, { events: EPOLLIN, data: { fd: reader } });
    yield* sys.epoll_wait(epfd, sys.epoll_events(1), 1, 1_000_000);
  },
  *"epoll_pwait of a signalfd"(sys) {
    yield* sys.sigprocmask(SIG_BLOCK, [SIGUSR1]);
    const fd = yield* sys.signalfd(-1, [SIGUSR1], 0);
    const epfd = yield* sys.epoll_create1(0);
    yield* sys.epoll_ctl(epfd, EPOLL_CTL_ADD, fd, { events: EPOLLIN, data: { fd } });
    yield* sys.epoll_pwait(epfd, sys.epoll_events(1), 1, -1, [SIGTERM]);
  },
  *ppoll(sys) {
    const [reader, writer] = yield* pair(sys);
    yield* sys.ppoll(
      [reader, reader, writer].map((fd) => ({ fd, events: EPOLLIN })),
      null,
      [SIGUSR1],
    );
  },
  *"poll of an eventpoll and a signalfd"(sys) {
    const epfd = yield* sys.epoll_create1(0);
    const fd = yield* sys.signalfd(-1, [SIGUSR1], 0);
    yield* sys.poll(
      [epfd, fd].map((each) => ({ fd: each, events: EPOLLIN })),
      -1,
    );
  },
  *select(sys) {
    const [reader] = yield* pipe(sys);
    yield* sys.select(reader + 1, { read: [reader] }, { sec: 1000, usec: 0 });
  },
  *accept(sys) {
    yield* sys.accept4(yield* listener(sys), 0);
  },
  *"recv of a TCP socket, all of it"(sys) {
    const lfd = yield* listener(sys);
    const fd = yield* sys.socket(AF_INET, SOCK_STREAM, 0);
    yield* sys.connect(fd, { port: PORT });
    const peer = yield* sys.accept4(lfd, 0);
    yield* sys.write(peer, "part");
    yield* sys.recv(fd, sys.buffer(100), 100, MSG_WAITALL);
  },
  *"send to a TCP socket that nobody reads"(sys) {
    const lfd = yield* listener(sys);
    const fd = yield* sys.socket(AF_INET, SOCK_STREAM, 0);
    yield* sys.connect(fd, { port: PORT });
    yield* sys.accept4(lfd, 0);
    for (;;) yield* sys.send(fd, new Uint8Array(200_000));
  },
  *"connect to a TCP socket whose queue is full"(sys) {
    yield* listener(sys, 0);
    for (let i = 0; i < 3; i++) {
      const fd = yield* sys.socket(AF_INET, SOCK_STREAM, 0);
      yield* sys.connect(fd, { port: PORT });
    }
  },
  *"recvfrom of a UDP socket"(sys) {
    const fd = yield* sys.socket(AF_INET, SOCK_DGRAM, 0);
    yield* sys.bind(fd, { port: PORT });
    yield* sys.recvfrom(fd, sys.buffer(10), 10, 0, {});
  },
  *"recvmsg of a UNIX socket, with files on their way"(sys) {
    const [a, b] = yield* pair(sys);
    yield* sys.sendmsg(b, { iov: ["x"], control: [{ level: 1, type: 1, fds: [a, b] }] }, 0);
    yield* sys.recvmsg(a, { iov: [sys.buffer(100)], controllen: 0 }, 0);
    yield* sys.recvmsg(a, { iov: [sys.buffer(100)], controllen: 100 }, 0);
  },
  *"write to a UNIX socket that is full"(sys) {
    const [a] = yield* pair(sys);
    for (;;) yield* sys.write(a, new Uint8Array(50_000));
  },
  *"send to a UNIX datagram socket whose queue is full"(sys) {
    const [a] = yield* pair(sys, SOCK_DGRAM);
    for (;;) yield* sys.send(a, "x");
  },
  *"connect to a UNIX socket whose queue is full"(sys) {
    const lfd = yield* sys.socket(AF_UNIX, SOCK_STREAM, 0);
    yield* sys.bind(lfd, { path: "\0name" });
    yield* sys.listen(lfd, 0);
    for (let i = 0; i < 3; i++) {
      const fd = yield* sys.socket(AF_UNIX, SOCK_STREAM, 0);
      yield* sys.connect(fd, { path: "\0name" });
    }
  },
  *"accept of a UNIX socket"(sys) {
    const lfd = yield* sys.socket(AF_UNIX, SOCK_STREAM, 0);
    yield* sys.bind(lfd, { path: "\0name" });
    yield* sys.listen(lfd, 0);
    yield* sys.accept4(lfd, SOCK_NONBLOCK);
  },
  *"open of a FIFO to read"(sys) {
    yield* sys.mkfifo("/fifo");
    yield* sys.open("/fifo", 0);
  },
  *"open of a FIFO to write, whose name is gone"(sys) {
    yield* sys.mkfifo("/fifo");
    yield* sys.clone(THREAD, function* (thread) {
      yield* thread.open("/fifo", 1);
    });
    yield* sys.nanosleep({ sec: 0, nsec: 1000 });
    yield* sys.unlink("/fifo");
    yield* sys.pause();
  },
  *nanosleep(sys) {
    yield* sys.nanosleep({ sec: 1000, nsec: 0 });
  },
  *"pause in a handler"(sys) {
    yield* sys.sigaction(SIGUSR1, function* (own) {
      yield* own.pause();
    });
    yield* sys.kill(yield* sys.getpid(), SIGUSR1);
  },
  *sigsuspend(sys) {
    yield* sys.sigsuspend([SIGUSR1]);
  },
  *sigtimedwait(sys) {
    yield* sys.sigprocmask(SIG_BLOCK, [SIGUSR1, SIGTERM]);
    yield* sys.sigqueue(yield* sys.getpid(), SIGTERM, 5);
    yield* sys.sigtimedwait([SIGUSR1], null, { sec: 1000, nsec: 0 });
  },
  *wait4(sys) {
    yield* sys.fork(function* (child) {
      yield* child.pause();
    });
    yield* sys.wait4(-1);
  },
};

/** A process of three threads that sleep, and a child of which two threads are left that sleep too. */
function crowd(sleep: Sleep): Program {
  return function* (sys) {
    yield* sys.fork(function* (child) {
      yield* child.clone(THREAD, sleep);
      yield* child.exit(0);
    });
    yield* sys.fork(function* (child) {
      yield* child.fork(function* (orphan) {
        yield* orphan.clone(THREAD, sleep);
        yield* orphan.pause();
      });
      yield* child.exit(0);
    });
    for (let i = 0; i < 2; i++) yield* sys.clone(THREAD, sleep);
    yield* sleep(sys);
    yield* sys.pause();
  };
}

describe("a task that is killed while it sleeps in", () => {
  test.each(Object.entries(SLEEPS))("%s leaves nothing behind", async (_, sleep) => {
    for (const how of ["killed", "stopped first", "terminated by a thread"] as const) {
      const kernel = await boot({ seed: 1 });
      const figures = bootFigures(kernel.memory);
      const task = kernel.spawn("main", crowd(sleep));
      kernel.run({ until: 50_000_000 });
      expect(kernel.check()).toEqual([]);
      if (how === "stopped first") {
        for (const each of kernel.tasks) if (each.state !== "zombie") each.signal(SIGSTOP);
        kernel.run({ until: 60_000_000 });
        expect(kernel.check()).toEqual([]);
        for (const each of kernel.tasks) if (each.state !== "zombie") each.signal(SIGCONT);
        kernel.run({ until: 70_000_000 });
      }
      expect(kernel.check()).toEqual([]);
      for (const each of kernel.tasks) each.signal(how === "terminated by a thread" ? SIGTERM : SIGKILL);
      kernel.run({ until: 80_000_000 });
      for (const each of kernel.tasks) each.signal(SIGKILL);
      kernel.run();
      expect(kernel.check()).toEqual([]);
      expect(kernel.tasks.filter(({ state }) => state !== "zombie" && state !== "gone")).toEqual([]);
      // What has ended of a TCP connection stays until somebody looks for a port.
      const leaks = findLeaks(kernel.memory, figures).filter((leak) => !/^Inet(TimewaitSock|BindBucket)/.test(leak));
      expect(leaks).toEqual([]);
      expect(task.termSignal).not.toBe(null);
    }
  });
});

test("run() says which tasks a signal has ended, and by which", async () => {
  const kernel = await boot();
  kernel.spawn("faulty", function* (sys) {
    yield* sys.load(0, 1);
  });
  kernel.spawn("sound", function* (sys) {
    yield* sys.getpid();
  });
  const { reason, killed } = kernel.run();
  expect({ reason, killed }).toEqual({ reason: "idle", killed: [{ pid: 1, name: "faulty", signal: "SIGSEGV" }] });
});
