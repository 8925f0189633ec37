import { AF_INET, SOCK_NONBLOCK, SOCK_STREAM, type Kernel, type Program } from "../../../lib/index.ts";

/**
 * One task asks each connection in turn, over and over. It never sleeps: where nothing is there, read() answers
 * EAGAIN.
 */
const server: Program = function* (sys) {
  const listener = yield* sys.socket(AF_INET, SOCK_STREAM);
  yield* sys.bind(listener, { port: 80 });
  yield* sys.listen(listener, 8);
  const fds: number[] = [];
  while (fds.length < 3) fds.push(yield* sys.accept4(listener, SOCK_NONBLOCK));
  const buffer = sys.buffer(64);
  for (let answered = 0; answered < 3;) {
    for (const fd of fds) {
      const got = yield* sys.read(fd, buffer); // mostly -EAGAIN
      if (got <= 0) continue;
      yield* sys.write(fd, buffer, got);
      answered++;
    }
    yield* sys.compute(20_000); // meanwhile the program does something of its own
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
