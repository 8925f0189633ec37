import {
  AF_INET,
  EPOLLET,
  EPOLLIN,
  EPOLL_CTL_ADD,
  SOCK_NONBLOCK,
  SOCK_STREAM,
  type Kernel,
  type Program,
} from "../../../lib/index.ts";

/** The famous hang: edge-triggered, but it reads once instead of until EAGAIN. */
const server: Program = function* (sys) {
  const lfd = yield* sys.socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  yield* sys.bind(lfd, { port: 8080 });
  yield* sys.listen(lfd, 128);
  const epfd = yield* sys.epoll_create1(0);
  yield* sys.epoll_ctl(epfd, EPOLL_CTL_ADD, lfd, { events: EPOLLIN, data: { fd: lfd } });
  const events = sys.epoll_events(8);
  const buf = sys.buffer(4);
  for (;;) {
    const n = yield* sys.epoll_wait(epfd, events, 8, -1);
    for (let i = 0; i < n; i++) {
      const fd = events[i]!.data.fd;
      if (fd === lfd) {
        const cfd = yield* sys.accept4(lfd, SOCK_NONBLOCK);
        if (cfd >= 0) yield* sys.epoll_ctl(epfd, EPOLL_CTL_ADD, cfd, { events: EPOLLIN | EPOLLET, data: { fd: cfd } });
      } else {
        // Ten bytes have come, four are read. The other six stay in the queue, and no edge will ever tell of them.
        const got = yield* sys.read(fd, buf);
        if (got > 0) yield* sys.write(fd, buf, got);
      }
    }
  }
};

/** The machine, and what happens outside of it. Times are in ns. The client waits for its ten bytes for ever. */
export function start(kernel: Kernel): void {
  kernel.spawn("server", server);
  const { world } = kernel;
  world.at(50_000, () => {
    const ada = world.connect(8080);
    world.at(300_000, () => ada.send("ten bytes!"));
  });
}
