import {
  CLOCK_MONOTONIC,
  EPOLLIN,
  EPOLL_CTL_ADD,
  TFD_NONBLOCK,
  type Kernel,
  type Program,
} from "../../../lib/index.ts";

/** A timer that expires every 100 µs, as one more descriptor of an event loop. Nobody has to count time for it. */
const loop: Program = function* (sys) {
  const period = { sec: 0, nsec: 100_000 };
  const tfd = yield* sys.timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK);
  yield* sys.timerfd_settime(tfd, 0, { it_value: period, it_interval: period });
  const epfd = yield* sys.epoll_create1(0);
  yield* sys.epoll_ctl(epfd, EPOLL_CTL_ADD, tfd, { events: EPOLLIN, data: { fd: tfd } });
  const events = sys.epoll_events(4);
  const expirations = sys.buffer(8);
  for (let round = 0; round < 3; round++) {
    yield* sys.epoll_wait(epfd, events, 4, -1);
    yield* sys.read(tfd, expirations); // how often it has expired since the last read
    if (round === 0) yield* sys.compute(250_000); // too slow: the next read tells of the periods that were missed
  }
  yield* sys.close(tfd);
};

/** The machine: one task. */
export function start(kernel: Kernel): void {
  kernel.spawn("loop", loop);
}
