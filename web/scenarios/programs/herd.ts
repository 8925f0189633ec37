import {
  AF_INET,
  CLONE_FILES,
  CLONE_VM,
  EPOLLIN,
  EPOLL_CTL_ADD,
  SOCK_NONBLOCK,
  SOCK_STREAM,
  type Kernel,
  type Program,
} from "../../../lib/index.ts";

/** Two threads sleep in epoll_wait on one eventpoll. One connection comes: who wakes? */
const server: Program = function* (sys) {
  const lfd = yield* sys.socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  yield* sys.bind(lfd, { port: 8080 });
  yield* sys.listen(lfd, 128);
  const epfd = yield* sys.epoll_create1(0);
  yield* sys.epoll_ctl(epfd, EPOLL_CTL_ADD, lfd, { events: EPOLLIN, data: { fd: lfd } });

  const worker: Program = function* (own) {
    const events = own.epoll_events(4);
    for (;;) {
      const n = yield* own.epoll_wait(epfd, events, 4, -1);
      if (n <= 0) break;
      // Level-triggered: while this thread has not accepted yet, the other one may be woken as well, in vain.
      const cfd = yield* own.accept4(lfd, SOCK_NONBLOCK);
      if (cfd >= 0) yield* own.close(cfd);
    }
  };
  yield* sys.clone(CLONE_FILES | CLONE_VM, worker);
  yield* worker(sys);
};

/** The machine, and what happens outside of it. Times are in ns. */
export function start(kernel: Kernel): void {
  kernel.spawn("worker", server);
  const { world } = kernel;
  world.at(100_000, () => world.connect(8080));
  world.at(500_000, () => world.connectMany(8080, 2));
}

/** What the machine is booted with. */
export const boot = { cpus: 2 };
