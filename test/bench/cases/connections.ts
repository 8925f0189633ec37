import { AF_INET, EPOLLIN, EPOLL_CTL_ADD, Kernel, type Peer, SOCK_NONBLOCK, SOCK_STREAM } from "../../../lib/index.ts";
import { type Figure, median } from "../measure.ts";

const CONNECTIONS = 1_000_000;
/** The number of connections that the million is compared with. */
const FEW = 1_000;
/** So many connections have something to be read. */
const READY = 100;
const WAITS = 2_000;
/** No process has more descriptors: a million connections take several, which share the epoll instance. */
const PER_PROCESS = 500_000;
const BATCH = 1_000;

/** A server that accepts everything and watches it, and then waits for the same hundred connections again and again. */
async function crowd(connections: number): Promise<{ bytes: number; wait: number }> {
  const kernel = await Kernel.boot({ trace: false });
  const before = kernel.view("Kernel", 0x20000).high_water;
  let wait = Number.NaN;
  let accepted = 0;
  let ready = false;
  type Sys = Parameters<Parameters<Kernel["spawn"]>[1]>[0];
  const accept = function* (sys: Sys, listener: number, epfd: number) {
    const own = yield* sys.epoll_create1(0);
    yield* sys.epoll_ctl(own, EPOLL_CTL_ADD, listener, { events: EPOLLIN, data: { fd: listener } });
    const events = sys.epoll_events(1);
    for (const end = Math.min(accepted + PER_PROCESS, connections); accepted < end;) {
      yield* sys.epoll_wait(own, events, 1, -1);
      while (accepted < end) {
        const fd = yield* sys.accept4(listener, SOCK_NONBLOCK);
        if (fd < 0) break;
        accepted++;
        yield* sys.epoll_ctl(epfd, EPOLL_CTL_ADD, fd, { events: EPOLLIN, data: { fd } });
      }
    }
    yield* sys.close(own);
  };
  kernel.spawn("server", function* (sys) {
    const listener = yield* sys.socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    yield* sys.bind(listener, { port: 80 });
    yield* sys.listen(listener, 4096);
    const epfd = yield* sys.epoll_create1(0);
    yield* accept(sys, listener, epfd);
    while (accepted < connections) {
      const more = accepted + PER_PROCESS;
      yield* sys.fork(function* (worker) {
        for (let fd = epfd + 1; fd <= epfd + PER_PROCESS; fd++) yield* worker.close(fd);
        yield* accept(worker, listener, epfd);
        // Stays as it is: ending would close everything.
        yield* worker.read(yield* worker.eventfd(0, 0), worker.buffer(8), 8);
      });
      while (accepted < Math.min(more, connections)) yield* sys.nanosleep({ sec: 0, nsec: 1_000_000 });
    }
    while (!ready) yield* sys.nanosleep({ sec: 0, nsec: 1_000_000 });
    const events = sys.epoll_events(2 * READY);
    const times: number[] = [];
    for (let i = 0; i < WAITS; i++) {
      const start = process.hrtime.bigint();
      const count = yield* sys.epoll_wait(epfd, events, 2 * READY, -1);
      times.push(Number(process.hrtime.bigint() - start));
      if (count !== READY) throw new Error(`${count} connections are ready, not ${READY}`);
    }
    wait = median(times);
    yield* sys.read(yield* sys.eventfd(0, 0), sys.buffer(8), 8);
  });
  const talkative: Peer[] = [];
  for (let made = 0; made < connections; made += BATCH) {
    const peers = kernel.world.connectMany(80, Math.min(BATCH, connections - made));
    talkative.push(...peers.slice(0, Math.ceil((READY * BATCH) / connections)));
    kernel.run({ until: kernel.now + 20_000_000, maxInputs: Infinity });
  }
  const after = kernel.view("Kernel", 0x20000).high_water;
  for (const peer of talkative.slice(0, READY)) peer.send("x");
  kernel.run({ until: kernel.now + 20_000_000, maxInputs: Infinity });
  ready = true;
  kernel.run({ until: kernel.now + 60_000_000_000, maxInputs: Infinity });
  kernel[Symbol.dispose]();
  return { bytes: (after - before) / connections, wait };
}

/** A million connections in one epoll. */
export async function connections(): Promise<Figure[]> {
  const few = await crowd(FEW);
  const many = await crowd(CONNECTIONS);
  return [
    {
      name: "memory a connection",
      value: many.bytes,
      unit: "bytes",
      goal: 512,
      detail: `${CONNECTIONS} connections accepted and registered in one epoll, all memory of the machine and the world`,
    },
    {
      name: `epoll_wait with ${READY} ready of ${CONNECTIONS}, beside ${READY} of ${FEW}`,
      value: many.wait / few.wait,
      unit: "ratio",
      goal: 1.3,
      detail: `median of ${WAITS} calls: ${many.wait.toFixed(0)} ns with ${CONNECTIONS} connections, ${few.wait.toFixed(0)} ns with ${FEW}`,
    },
  ];
}
