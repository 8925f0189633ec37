import { AF_INET, EPOLLIN, EPOLL_CTL_ADD, Kernel, SOCK_NONBLOCK, SOCK_STREAM } from "../../../lib/index.ts";
import { type Figure, median } from "../measure.ts";

const CONNECTIONS = 100_000;
const WAITS = 20_000;

/** A server that accepts everything and watches it, and then waits for one of its connections again and again. */
async function crowd(connections: number): Promise<{ bytes: number; wait: number }> {
  const kernel = await Kernel.boot({ trace: false });
  const before = kernel.view("Kernel", 0x20000).high_water;
  let wait = Number.NaN;
  kernel.spawn("server", function* (sys) {
    const listener = yield* sys.socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    yield* sys.bind(listener, { port: 80 });
    yield* sys.listen(listener, 4096);
    const epfd = yield* sys.epoll_create1(0);
    yield* sys.epoll_ctl(epfd, EPOLL_CTL_ADD, listener, { events: EPOLLIN, data: { fd: listener } });
    const events = sys.epoll_events(64);
    for (let accepted = 0; accepted < connections;) {
      yield* sys.epoll_wait(epfd, events, 64, -1);
      for (;;) {
        const fd = yield* sys.accept4(listener, SOCK_NONBLOCK);
        if (fd < 0) break;
        accepted++;
        yield* sys.epoll_ctl(epfd, EPOLL_CTL_ADD, fd, { events: EPOLLIN, data: { fd } });
      }
    }
    const ready = yield* sys.eventfd(1, 0);
    yield* sys.epoll_ctl(epfd, EPOLL_CTL_ADD, ready, { events: EPOLLIN, data: { fd: ready } });
    const start = process.hrtime.bigint();
    for (let i = 0; i < WAITS; i++) yield* sys.epoll_wait(epfd, events, 64, -1);
    wait = Number(process.hrtime.bigint() - start) / WAITS;
    // Stays as it is: ending would close everything.
    yield* sys.read(yield* sys.eventfd(0, 0), sys.buffer(8), 8);
  });
  for (let made = 0; made < connections; made += 1000) {
    kernel.world.connectMany(80, Math.min(1000, connections - made));
    kernel.run({ until: kernel.now + 20_000_000, maxInputs: Infinity });
  }
  kernel.run({ maxInputs: Infinity });
  const after = kernel.view("Kernel", 0x20000).high_water;
  kernel[Symbol.dispose]();
  return { bytes: (after - before) / connections, wait };
}

/** A hundred thousand connections in one epoll. */
export async function connections(): Promise<Figure[]> {
  const many = await crowd(CONNECTIONS);
  const small = [await crowd(10), await crowd(10), await crowd(10)];
  const few = median(small.map(({ wait }) => wait));
  return [
    {
      name: "memory a connection",
      value: many.bytes,
      unit: "bytes",
      goal: 1024,
      detail: `${CONNECTIONS} connections accepted and registered in one epoll, all memory of the machine and the world`,
    },
    {
      name: `epoll_wait with ${CONNECTIONS} connections, beside 10`,
      value: many.wait / few,
      unit: "ratio",
      detail: `one ready descriptor: ${many.wait.toFixed(0)} ns with ${CONNECTIONS}, ${few.toFixed(0)} ns with 10`,
    },
  ];
}
