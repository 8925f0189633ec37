import { EFD_NONBLOCK, EPOLLIN, EPOLL_CTL_ADD, EPOLL_CTL_DEL, type Kernel, type Program } from "../../../lib/index.ts";

const WATCHED = 15;

/** Many descriptors in one epoll, added in the order of their keys: a tree that were not balanced would be a list. */
const program: Program = function* (sys) {
  const epfd = yield* sys.epoll_create1(0);
  const fds: number[] = [];
  for (let i = 0; i < WATCHED; i++) {
    const fd = yield* sys.eventfd(0, EFD_NONBLOCK);
    yield* sys.epoll_ctl(epfd, EPOLL_CTL_ADD, fd, { events: EPOLLIN, data: { fd } });
    fds.push(fd);
  }
  yield* sys.epoll_ctl(epfd, EPOLL_CTL_ADD, fds[7]!, { events: EPOLLIN, data: { fd: fds[7]! } }); // EEXIST: found
  yield* sys.write(fds[11]!, Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0)); // becomes ready: no search
  yield* sys.epoll_wait(epfd, sys.epoll_events(4), 4, -1); // takes it from the ready list: no search
  for (const fd of fds.slice(0, 4)) yield* sys.epoll_ctl(epfd, EPOLL_CTL_DEL, fd);
};

/** The machine: one task. */
export function start(kernel: Kernel): void {
  kernel.spawn("program", program);
}
