import {
  AF_INET,
  F_SETFL,
  F_SETOWN,
  F_SETSIG,
  O_ASYNC,
  O_NONBLOCK,
  SIGRTMIN,
  SOCK_NONBLOCK,
  SOCK_STREAM,
  type Kernel,
  type Program,
} from "../../../lib/index.ts";

/** The program works; a signal with the descriptor comes for each arrival, and its handler reads. */
const server: Program = function* (sys) {
  const listener = yield* sys.socket(AF_INET, SOCK_STREAM);
  yield* sys.bind(listener, { port: 80 });
  yield* sys.listen(listener, 8);
  const fds: number[] = [];
  while (fds.length < 3) fds.push(yield* sys.accept4(listener, SOCK_NONBLOCK));
  let answered = 0;
  const buffer = sys.buffer(64);
  yield* sys.sigaction(SIGRTMIN, function* (own, _signo, { fd }) {
    const got = yield* own.read(fd, buffer); // the first phase is over: the second is a call as ever
    yield* own.write(fd, buffer, got);
    answered++;
  });
  const pid = yield* sys.getpid();
  for (const fd of fds) {
    yield* sys.fcntl(fd, F_SETOWN, pid);
    yield* sys.fcntl(fd, F_SETSIG, SIGRTMIN); // SIGIO would be kept once, and says no descriptor
    yield* sys.fcntl(fd, F_SETFL, O_ASYNC | O_NONBLOCK);
  }
  while (answered < 3) yield* sys.compute(20_000);
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
