import {
  CLONE_FILES,
  CLONE_VM,
  EFD_NONBLOCK,
  EPOLLIN,
  EPOLL_CTL_ADD,
  type Kernel,
  type Program,
} from "../../../lib/index.ts";

/** How event loops are woken from another thread: an eventfd among the watched files. */
const loop: Program = function* (sys) {
  const efd = yield* sys.eventfd(0, EFD_NONBLOCK);
  const epfd = yield* sys.epoll_create1(0);
  yield* sys.epoll_ctl(epfd, EPOLL_CTL_ADD, efd, { events: EPOLLIN, data: { fd: efd } });
  yield* sys.clone(CLONE_FILES | CLONE_VM, function* (thread) {
    const one = Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0);
    for (let i = 0; i < 3; i++) {
      yield* thread.nanosleep({ sec: 0, nsec: 100_000 });
      yield* thread.write(efd, one); // the counter grows by one, and the sleeper is woken
    }
  });
  const events = sys.epoll_events(4);
  const counter = sys.buffer(8);
  for (let woken = 0; woken < 3; woken++) {
    yield* sys.epoll_wait(epfd, events, 4, -1);
    yield* sys.read(efd, counter); // takes the counter back to zero
  }
};

/** The machine: one task, which makes a thread. */
export function start(kernel: Kernel): void {
  kernel.spawn("loop", loop);
}
