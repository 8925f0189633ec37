import {
  EAGAIN,
  EPOLLIN,
  EPOLL_CTL_ADD,
  AF_INET,
  SOCK_NONBLOCK,
  SOCK_STREAM,
  type Kernel,
  type Program,
} from "../../../lib/index.ts";

/** An echo server, level-triggered: epoll_wait tells of a socket as long as there is something to read. */
const server: Program = function* (sys) {
  const lfd = yield* sys.socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  yield* sys.bind(lfd, { port: 8080 });
  yield* sys.listen(lfd, 128);
  const epfd = yield* sys.epoll_create1(0);
  yield* sys.epoll_ctl(epfd, EPOLL_CTL_ADD, lfd, { events: EPOLLIN, data: { fd: lfd } });
  const events = sys.epoll_events(8);
  const buf = sys.buffer(64);
  for (;;) {
    const n = yield* sys.epoll_wait(epfd, events, 8, -1);
    for (let i = 0; i < n; i++) {
      const fd = events[i]!.data.fd;
      if (fd === lfd) {
        const cfd = yield* sys.accept4(lfd, SOCK_NONBLOCK);
        if (cfd >= 0) yield* sys.epoll_ctl(epfd, EPOLL_CTL_ADD, cfd, { events: EPOLLIN, data: { fd: cfd } });
        continue;
      }
      const got = yield* sys.read(fd, buf);
      if (got > 0) yield* sys.write(fd, buf, got);
      else if (got !== -EAGAIN) yield* sys.close(fd);
    }
  }
};

/** The machine, and what happens outside of it. Times are in ns. */
export function start(kernel: Kernel): void {
  kernel.spawn("server", server);
  const { world } = kernel;
  world.at(50_000, () => {
    const ada = world.connect(8080);
    world.at(250_000, () => ada.send("hello"));
    world.at(600_000, () => ada.send("goodbye"));
    world.at(900_000, () => ada.close());
  });
  world.at(100_000, () => {
    const bob = world.connect(8080);
    world.at(252_000, () => bob.send("hi"));
    world.at(950_000, () => bob.close());
  });
}
