import { EPOLLIN, EPOLLONESHOT, EPOLL_CTL_ADD, EPOLL_CTL_MOD, type Kernel, type Program } from "../../../lib/index.ts";

/** EPOLLONESHOT: after one event the item is switched off, until EPOLL_CTL_MOD switches it on again. */
const reader: Program = function* (sys) {
  const fds: number[] = [];
  yield* sys.pipe2(fds, 0);
  const [readEnd, writeEnd] = fds as [number, number];
  const epfd = yield* sys.epoll_create1(0);
  const interest = { events: EPOLLIN | EPOLLONESHOT, data: { fd: readEnd } };
  yield* sys.epoll_ctl(epfd, EPOLL_CTL_ADD, readEnd, interest);
  const events = sys.epoll_events(4);

  yield* sys.write(writeEnd, "one");
  yield* sys.epoll_wait(epfd, events, 4, 0); // 1: told once
  yield* sys.write(writeEnd, "two");
  yield* sys.epoll_wait(epfd, events, 4, 0); // 0: switched off, although there is data
  yield* sys.epoll_ctl(epfd, EPOLL_CTL_MOD, readEnd, interest); // switched on: looks at once
  yield* sys.epoll_wait(epfd, events, 4, 0); // 1: told again
  const buf = sys.buffer(16);
  yield* sys.read(readEnd, buf);
};

/** The machine: one task. */
export function start(kernel: Kernel): void {
  kernel.spawn("reader", reader);
}
