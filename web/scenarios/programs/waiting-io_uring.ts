import { AF_INET, IORING_ENTER_GETEVENTS, SOCK_STREAM, type Kernel, type Program } from "../../../lib/index.ts";

/**
 * Requests to receive wait in the kernel, which copies what arrives, and then tells. The program looks into the
 * ring of completions, which is its own memory.
 */
const server: Program = function* (sys) {
  const listener = yield* sys.socket(AF_INET, SOCK_STREAM);
  yield* sys.bind(listener, { port: 80 });
  yield* sys.listen(listener, 8);
  const fds: number[] = [];
  while (fds.length < 3) fds.push(yield* sys.accept4(listener, 0));
  const buffers = fds.map(() => sys.buffer(64));
  const ring = sys.io_uring();
  yield* ring.queue_init(8);
  fds.forEach((fd, i) => ring.prep_recv(fd, buffers[i]!, 64, 0, { user_data: i }));
  yield* ring.submit();
  for (let answered = 0; answered < 3;) {
    for (const { user_data: i, res } of ring.take_cqes()) {
      if (i >= fds.length) continue; // an answer has been sent
      ring.prep_send(fds[i]!, buffers[i]!, res, 0, { user_data: fds.length });
      answered++;
    }
    if (ring.sq_ready() > 0) yield* ring.submit();
    yield* sys.compute(20_000);
    yield* sys.io_uring_enter(ring.fd, 0, 0, IORING_ENTER_GETEVENTS); // does what has become possible, waits for nothing
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
