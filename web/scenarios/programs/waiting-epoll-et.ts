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

/** As level-triggered, but told once of each arrival: so it reads until there is nothing left. */
const server: Program = function* (sys) {
  const listener = yield* sys.socket(AF_INET, SOCK_STREAM);
  yield* sys.bind(listener, { port: 80 });
  yield* sys.listen(listener, 8);
  const fds: number[] = [];
  while (fds.length < 3) fds.push(yield* sys.accept4(listener, SOCK_NONBLOCK));
  const buffer = sys.buffer(64);
  const epfd = yield* sys.epoll_create1(0);
  for (const fd of fds) {
    yield* sys.epoll_ctl(epfd, EPOLL_CTL_ADD, fd, { events: EPOLLIN | EPOLLET, data: { fd } });
  }
  const events = sys.epoll_events(8);
  for (let answered = 0; answered < 3;) {
    const n = yield* sys.epoll_wait(epfd, events, 8, -1); // the first phase
    for (let i = 0; i < n; i++) {
      const { data } = events[i]!;
      for (;;) {
        const got = yield* sys.read(data.fd, buffer); // the second
        if (got <= 0) break; // -EAGAIN: all was read
        yield* sys.write(data.fd, buffer, got);
        answered++;
      }
    }
  }
};

/** The machine, and three clients outside. Times are in ns. */
export function start(kernel: Kernel): void {
  kernel.spawn("server", server);
  const { world } = kernel;
  world.at(50_000, () => {
    const clients = world.connectMany(80, 3);
    world.at(500_000, () => clients[1]!.send("hello"));
    world.at(700_000, () => clients[0]!.send("hello"));
    world.at(900_000, () => clients[2]!.send("hello"));
  });
}
