import {
  AF_INET,
  IOCB_CMD_POLL,
  POLLIN,
  SOCK_NONBLOCK,
  SOCK_STREAM,
  type IoEvent,
  type Kernel,
  type Program,
} from "../../../lib/index.ts";

/**
 * What Linux's own asynchronous requests do for sockets: IOCB_CMD_POLL tells that one is ready, once. A read()
 * copies. IOCB_CMD_PREAD of a socket would sleep inside io_submit().
 */
const server: Program = function* (sys) {
  const listener = yield* sys.socket(AF_INET, SOCK_STREAM);
  yield* sys.bind(listener, { port: 80 });
  yield* sys.listen(listener, 8);
  const fds: number[] = [];
  while (fds.length < 3) fds.push(yield* sys.accept4(listener, SOCK_NONBLOCK));
  const buffer = sys.buffer(64);
  const context = { value: 0 };
  yield* sys.io_setup(8, context);
  const requests = fds.map((fd, i) => sys.iocb({ opcode: IOCB_CMD_POLL, fd, buf: POLLIN, data: i }));
  yield* sys.io_submit(context, requests);
  const events: IoEvent[] = [];
  for (let answered = 0; answered < 3;) {
    const { head, tail } = sys.aio_ring(context); // the ring of completions is the program's own memory
    if (head === tail) {
      yield* sys.compute(20_000);
      continue;
    }
    yield* sys.io_getevents(context, 1, 8, events);
    for (const { data } of events) {
      const fd = fds[Number(data)]!;
      const got = yield* sys.read(fd, buffer); // the second phase
      yield* sys.write(fd, buffer, got);
      yield* sys.io_submit(context, [requests[Number(data)]!]);
      answered++;
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
