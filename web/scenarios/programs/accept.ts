import { AF_INET, CLONE_FILES, CLONE_VM, SOCK_STREAM, type Kernel, type Program } from "../../../lib/index.ts";

/** Two threads block in accept() on one listening socket. They wait exclusively: each connection wakes only one. */
const server: Program = function* (sys) {
  const lfd = yield* sys.socket(AF_INET, SOCK_STREAM, 0);
  yield* sys.bind(lfd, { port: 8080 });
  yield* sys.listen(lfd, 16);
  const worker: Program = function* (own) {
    const buf = own.buffer(32);
    for (;;) {
      const cfd = yield* own.accept4(lfd, 0); // sleeps while the accept queue is empty
      if (cfd < 0) break;
      const got = yield* own.read(cfd, buf); // sleeps until there is data
      if (got > 0) yield* own.write(cfd, buf, got);
      yield* own.close(cfd);
    }
  };
  yield* sys.clone(CLONE_FILES | CLONE_VM, worker);
  yield* worker(sys);
};

/** The machine, and what happens outside of it. Times are in ns. */
export function start(kernel: Kernel): void {
  kernel.spawn("worker", server);
  const { world } = kernel;
  world.at(100_000, () => {
    const ada = world.connect(8080);
    world.at(400_000, () => ada.send("ping"));
  });
  world.at(120_000, () => {
    const bob = world.connect(8080);
    world.at(300_000, () => bob.send("pong"));
  });
}
