import {
  AF_INET,
  AF_UNIX,
  CLONE_FILES,
  CLONE_VM,
  EAGAIN,
  EFD_NONBLOCK,
  EPOLLET,
  EPOLLIN,
  EPOLLONESHOT,
  EPOLL_CTL_ADD,
  EPOLL_CTL_MOD,
  type Kernel,
  O_NONBLOCK,
  SOCK_NONBLOCK,
  SOCK_STREAM,
} from "../../lib/index.ts";

const THREAD = CLONE_VM | CLONE_FILES;
const FIONREAD = 0x541b;

/** A server that watches one end of a socket pair with EPOLLET, and two threads that write a byte each. */
export function edgeTriggered(drains: boolean) {
  return (kernel: Kernel): void => {
    kernel.spawn("server", function* (sys) {
      const fds: number[] = [];
      yield* sys.socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds);
      const [mine, theirs] = fds as [number, number];
      const epfd = yield* sys.epoll_create1(0);
      yield* sys.epoll_ctl(epfd, EPOLL_CTL_ADD, mine, { events: EPOLLIN | EPOLLET, data: { fd: mine } });
      const events = sys.epoll_events(4);
      const buf = sys.buffer(1);
      for (const letter of ["a", "b"]) {
        yield* sys.clone(THREAD, function* (thread) {
          yield* thread.write(theirs, letter);
        });
      }
      for (let got = 0; got < 2;) {
        yield* sys.epoll_wait(epfd, events, 4, -1);
        do {
          const n = yield* sys.read(mine, buf);
          if (n === -EAGAIN) break;
          got += n;
        } while (drains);
      }
    });
  };
}

/** What the two threads of {@link twoThreads} share: how many of them handle the file, and whether it ever were two. */
export interface Handling {
  busy: number;
  overlapped: boolean;
}

/** Two threads that wait for one file with one eventpoll, and handle it by reading a byte; a third that writes two. */
export function twoThreads(oneshot: boolean) {
  const mode = oneshot ? EPOLLONESHOT : EPOLLET;
  return (kernel: Kernel): Handling => {
    const handling: Handling = { busy: 0, overlapped: false };
    kernel.spawn("main", function* (sys) {
      const fds: number[] = [];
      yield* sys.pipe2(fds, O_NONBLOCK);
      const [reading, writing] = fds as [number, number];
      const epfd = yield* sys.epoll_create1(0);
      const event = { events: EPOLLIN | mode, data: { fd: reading } };
      yield* sys.epoll_ctl(epfd, EPOLL_CTL_ADD, reading, event);
      for (let i = 0; i < 2; i++) {
        yield* sys.clone(THREAD, function* (thread) {
          const events = thread.epoll_events(1);
          const buf = thread.buffer(1);
          for (;;) {
            yield* thread.epoll_wait(epfd, events, 1, -1);
            handling.busy++;
            handling.overlapped ||= handling.busy > 1;
            yield* thread.read(reading, buf);
            handling.busy--;
            if (oneshot) yield* thread.epoll_ctl(epfd, EPOLL_CTL_MOD, reading, event);
          }
        });
      }
      for (const letter of ["a", "b"]) yield* sys.write(writing, letter);
    });
    return handling;
  };
}

/** A server that watches its listening socket with EPOLLET and greets clients; two of them come from outside. */
export function acceptor(drains: boolean) {
  return (kernel: Kernel): void => {
    kernel.spawn("server", function* (sys) {
      const lfd = yield* sys.socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
      yield* sys.bind(lfd, { port: 80 });
      yield* sys.listen(lfd, 8);
      const epfd = yield* sys.epoll_create1(0);
      yield* sys.epoll_ctl(epfd, EPOLL_CTL_ADD, lfd, { events: EPOLLIN | EPOLLET, data: { fd: lfd } });
      const events = sys.epoll_events(4);
      for (let accepted = 0; accepted < 2;) {
        yield* sys.epoll_wait(epfd, events, 4, -1);
        do {
          const cfd = yield* sys.accept4(lfd, 0);
          if (cfd === -EAGAIN) break;
          accepted++;
        } while (drains);
      }
    });
    kernel.run({ choose: (_, pids) => pids[0]! });
    for (let i = 0; i < 2; i++) kernel.world.connect(80);
  };
}

/** Two tasks of which one is to win: by looking whether a pipe is empty and then writing, or by taking from an eventfd. */
export function contest(atomic: boolean) {
  return (kernel: Kernel): void => {
    kernel.spawn("main", function* (sys) {
      const fds: number[] = [];
      yield* sys.pipe2(fds, O_NONBLOCK);
      const [reading, writing] = fds as [number, number];
      const token = yield* sys.eventfd(1, EFD_NONBLOCK);
      for (let i = 0; i < 2; i++) {
        yield* sys.clone(THREAD, function* (thread) {
          const buf = thread.buffer(8);
          if (atomic) return (yield* thread.read(token, buf)) === 8 ? "won" : "lost";
          const waiting = { value: 0 };
          yield* thread.ioctl(reading, FIONREAD, waiting);
          if (waiting.value > 0) return "lost";
          yield* thread.write(writing, "x");
          return "won";
        });
      }
    });
  };
}

/** Whether at most one task has won. */
export function oneWinner(kernel: Kernel): boolean | string {
  const winners = kernel.tasks.filter((task) => "result" in task && task.result === "won");
  return winners.length === 1 || `${winners.length} tasks have won`;
}
