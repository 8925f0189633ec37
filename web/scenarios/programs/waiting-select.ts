import { AF_INET, SOCK_NONBLOCK, SOCK_STREAM, type Kernel, type Program } from "../../../lib/index.ts";

/**
 * The set of all descriptors is handed over in each call. The task sleeps there, on all files at once; a read()
 * copies.
 */
const server: Program = function* (sys) {
  const listener = yield* sys.socket(AF_INET, SOCK_STREAM);
  yield* sys.bind(listener, { port: 80 });
  yield* sys.listen(listener, 8);
  const fds: number[] = [];
  while (fds.length < 3) fds.push(yield* sys.accept4(listener, SOCK_NONBLOCK));
  const buffer = sys.buffer(64);
  for (let answered = 0; answered < 3;) {
    const read = [...fds];
    yield* sys.select(Math.max(...fds) + 1, { read }, null); // the first phase
    for (const fd of read) {
      const got = yield* sys.read(fd, buffer); // the second
      yield* sys.write(fd, buffer, got);
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
