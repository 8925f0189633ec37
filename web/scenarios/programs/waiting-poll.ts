import { AF_INET, POLLIN, SOCK_NONBLOCK, SOCK_STREAM, type Kernel, type Program } from "../../../lib/index.ts";

/** As select(), with a list in place of the set: all files are asked before the sleep, and all again after it. */
const server: Program = function* (sys) {
  const listener = yield* sys.socket(AF_INET, SOCK_STREAM);
  yield* sys.bind(listener, { port: 80 });
  yield* sys.listen(listener, 8);
  const fds: number[] = [];
  while (fds.length < 3) fds.push(yield* sys.accept4(listener, SOCK_NONBLOCK));
  const buffer = sys.buffer(64);
  const asked = sys.pollfds(fds.map((fd) => ({ fd, events: POLLIN })));
  for (let answered = 0; answered < 3;) {
    yield* sys.poll(asked, -1); // the first phase
    for (const { fd, revents } of asked) {
      if (revents === 0) continue;
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
