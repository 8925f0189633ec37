import {
  EINTR,
  EPOLLIN,
  EPOLL_CTL_ADD,
  O_NONBLOCK,
  SIGUSR1,
  type Kernel,
  type Program,
  type SignalHandler,
} from "../../../lib/index.ts";

/**
 * An event loop that a signal interrupts. epoll_wait() is not made again after a handler, not even with SA_RESTART: it
 * returns EINTR, which is no failure, and the loop goes on.
 */
const loop: Program = function* (sys) {
  let told = false;
  const handler: SignalHandler = function* (own) {
    told = true; // as little as possible
    yield* own.getpid();
  };
  yield* sys.sigaction(SIGUSR1, handler);
  const fds: number[] = [];
  yield* sys.pipe2(fds, O_NONBLOCK);
  const [readEnd, writeEnd] = fds as [number, number];
  const pid = yield* sys.getpid();
  yield* sys.fork(function* (child) {
    yield* child.nanosleep({ sec: 0, nsec: 100_000 });
    yield* child.kill(pid, SIGUSR1);
    yield* child.nanosleep({ sec: 0, nsec: 100_000 });
    yield* child.write(writeEnd, "data");
  });
  const epfd = yield* sys.epoll_create1(0);
  yield* sys.epoll_ctl(epfd, EPOLL_CTL_ADD, readEnd, { events: EPOLLIN, data: { fd: readEnd } });
  const events = sys.epoll_events(4);
  for (;;) {
    const n = yield* sys.epoll_wait(epfd, events, 4, -1);
    if (n === -EINTR && told) continue; // the handler has run: wait again
    yield* sys.read(readEnd, sys.buffer(16));
    break;
  }
};

/** The machine: one task, which makes the one that sends the signal. */
export function start(kernel: Kernel): void {
  kernel.spawn("loop", loop);
}
