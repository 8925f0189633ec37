import type { Kernel, Program } from "../../lib/index.ts";
import {
  EPOLLIN,
  EPOLL_CTL_ADD,
  EAGAIN,
  O_NONBLOCK,
  SOCK_NONBLOCK,
  AF_INET,
  SOCK_STREAM,
  CLONE_FILES,
  CLONE_VM,
} from "../../lib/index.ts";

/** The echo server of the documentation. */
export const echoServer: Program = function* (sys) {
  const lfd = yield* sys.socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  yield* sys.bind(lfd, { port: 8080 });
  yield* sys.listen(lfd, 128);
  const epfd = yield* sys.epoll_create1(0);
  yield* sys.epoll_ctl(epfd, EPOLL_CTL_ADD, lfd, { events: EPOLLIN, data: { fd: lfd } });
  const events = sys.epoll_events(64);
  const buf = sys.buffer(4096);
  for (;;) {
    const n = yield* sys.epoll_wait(epfd, events, 64, -1);
    for (let i = 0; i < n; i++) {
      const { fd } = events[i]!.data;
      if (fd === lfd) {
        const cfd = yield* sys.accept4(lfd, SOCK_NONBLOCK);
        if (cfd >= 0) yield* sys.epoll_ctl(epfd, EPOLL_CTL_ADD, cfd, { events: EPOLLIN, data: { fd: cfd } });
      } else {
        const got = yield* sys.read(fd, buf);
        if (got > 0) yield* sys.write(fd, buf, got);
        else if (got !== -EAGAIN) yield* sys.close(fd);
      }
    }
  }
};

/** Two threads that hand numbers to each other through two pipes, `rounds` times, and then end. */
export function pingPong(rounds: number): Program {
  return function* (sys) {
    const there: number[] = [];
    const back: number[] = [];
    yield* sys.pipe2(there, 0);
    yield* sys.pipe2(back, 0);
    yield* sys.clone(CLONE_FILES | CLONE_VM, function* (thread) {
      const buf = thread.buffer(16);
      for (let i = 0; i < rounds; i++) {
        const got = yield* thread.read(there[0]!, buf);
        yield* thread.write(back[1]!, buf, got);
      }
      return "pong";
    });
    const buf = sys.buffer(16);
    for (let i = 0; i < rounds; i++) {
      yield* sys.write(there[1]!, `round ${i}`);
      const got = yield* sys.read(back[0]!, buf);
      if (buf.text(got) !== `round ${i}`) throw new Error(`round ${i} came back as ${buf.text(got)}`);
    }
    return "ping";
  };
}

/** A task that sleeps, writes, and reads its own pipe dry, `rounds` times. */
export function sleeper(rounds: number): Program {
  return function* (sys) {
    const fds: number[] = [];
    yield* sys.pipe2(fds, O_NONBLOCK);
    const buf = sys.buffer(64);
    let total = 0;
    for (let i = 0; i < rounds; i++) {
      yield* sys.nanosleep({ sec: 0, nsec: 1000 * (i + 1) });
      yield* sys.write(fds[1]!, "x".repeat(i + 1));
      for (;;) {
        const got = yield* sys.read(fds[0]!, buf);
        if (got < 0) break;
        total += got;
      }
    }
    return total;
  };
}

/** A machine with some of everything: threads, pipes, sleep. */
export function populate(kernel: Kernel): void {
  kernel.spawn("ping", pingPong(5));
  kernel.spawn("sleeper", sleeper(4));
}
