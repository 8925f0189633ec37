import { AF_INET, EPOLLIN, EPOLL_CTL_ADD, type Kernel, type Program, SOCK_STREAM } from "../../../lib/index.ts";

/** A server of your own: change anything, and run it. Each yield* is a system call; what it returns is the kernel's. */
const server: Program = function* (sys) {
  const listener = yield* sys.socket(AF_INET, SOCK_STREAM, 0);
  yield* sys.bind(listener, { port: 8080 });
  yield* sys.listen(listener, 16);
  const epfd = yield* sys.epoll_create1(0);
  yield* sys.epoll_ctl(epfd, EPOLL_CTL_ADD, listener, { events: EPOLLIN, data: { fd: listener } });
  const events = sys.epoll_events(4);
  const n = yield* sys.epoll_wait(epfd, events, 4, -1);
  console.log("epoll_wait returned", n);
  const client = yield* sys.accept4(listener, 0);
  const buf = sys.buffer(64);
  const got = yield* sys.read(client, buf);
  yield* sys.write(client, `you said ${buf.text(got)}`);
  yield* sys.close(client);
};

/** The machine, and what happens outside of it. Times are in ns. */
export function start(kernel: Kernel): void {
  kernel.spawn("server", server);
  kernel.world.at(50_000, (world) => {
    const client = world.connect(8080);
    world.at(200_000, () => client.send("hello"));
  });
}
