import {
  AF_INET,
  AF_UNIX,
  CLONE_FILES,
  CLONE_SIGHAND,
  CLONE_THREAD,
  CLONE_VM,
  EPOLLET,
  EPOLLIN,
  EPOLL_CTL_ADD,
  Kernel,
  SOCK_STREAM,
} from "../../lib/index.ts";

/** Shares everything, as a thread does. */
const THREAD = CLONE_VM | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD;

/**
 * A machine with one of everything that a pipe, an eventfd and an epoll instance bring along: a task that sleeps in
 * epoll_wait with an alarm, one that sleeps in a read, items in the tree of which one is ready, bytes in a pipe.
 */
export async function busyMachine(pipes = 4): Promise<Kernel> {
  const kernel = await Kernel.boot({ seed: 1 });
  kernel.spawn("watcher", function* (sys) {
    const epfd = yield* sys.epoll_create1(0);
    const ends: number[] = [];
    for (let i = 0; i < pipes; i++) {
      const fds: number[] = [];
      yield* sys.pipe2(fds, 0);
      const [read, write] = fds as [number, number];
      ends.push(read, write);
      yield* sys.epoll_ctl(epfd, EPOLL_CTL_ADD, read, { events: EPOLLIN | EPOLLET, data: { fd: read } });
    }
    yield* sys.clone(THREAD, function* (inner) {
      const events = inner.epoll_events(4);
      const other = yield* inner.epoll_create1(0);
      yield* inner.epoll_wait(other, events, 4, 1_000);
    });
    yield* sys.clone(THREAD, function* (inner) {
      yield* inner.read(ends[2]!, inner.buffer(8), 8);
    });
    yield* sys.clone(THREAD, function* (inner) {
      yield* inner.nanosleep({ sec: 5, nsec: 0 });
    });
    yield* sys.sched_yield();
    yield* sys.write(ends[1]!, "hello");
    yield* sys.write(ends[5]!, "world");
    for (;;) yield* sys.nanosleep({ sec: 3, nsec: 0 });
  });
  kernel.settle();
  return kernel;
}

/**
 * A machine with one of everything that sockets bring along: a listening one with a connection that nobody has accepted,
 * established ones with unread data and with data that is not acknowledged, and a pair of UNIX sockets.
 */
export async function socketMachine(): Promise<Kernel> {
  const kernel = await Kernel.boot({ seed: 1 });
  kernel.spawn("server", function* (sys) {
    const lfd = yield* sys.socket(AF_INET, SOCK_STREAM, 0);
    yield* sys.bind(lfd, { port: 8080 });
    yield* sys.listen(lfd, 8);
    const cfd = yield* sys.accept4(lfd, 0);
    const pair: number[] = [];
    yield* sys.socketpair(AF_UNIX, SOCK_STREAM, 0, pair);
    yield* sys.write(pair[0]!, "from one end to the other");
    yield* sys.write(cfd, "welcome");
    for (;;) yield* sys.nanosleep({ sec: 1, nsec: 0 });
  });
  const first = kernel.world.connect(8080);
  first.send("unread");
  kernel.world.connect(8080).send("nobody has accepted me");
  kernel.run({ until: 2_000_000 });
  return kernel;
}
