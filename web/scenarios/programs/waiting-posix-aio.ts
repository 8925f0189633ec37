import {
  AF_INET,
  CLONE_FILES,
  CLONE_FS,
  CLONE_SIGHAND,
  CLONE_THREAD,
  CLONE_VM,
  SIGRTMIN,
  SIG_BLOCK,
  SIG_UNBLOCK,
  SOCK_STREAM,
  type Kernel,
  type Program,
} from "../../../lib/index.ts";

/** As pthread_create(3) makes a thread. */
const THREAD = CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD;

/** Two CPUs: the helpers need not wait until the one that works is tired. */
export const boot = { cpus: 2 };

/**
 * What a C library makes of aio_read(): a helper thread blocks in read(), and sends a signal when the data is in
 * the program's memory. The thread that asked goes on with its work.
 */
const server: Program = function* (sys) {
  const listener = yield* sys.socket(AF_INET, SOCK_STREAM);
  yield* sys.bind(listener, { port: 80 });
  yield* sys.listen(listener, 8);
  const fds: number[] = [];
  while (fds.length < 3) fds.push(yield* sys.accept4(listener, 0));
  let answered = 0;
  const pid = yield* sys.getpid();
  const buffers = fds.map(() => sys.buffer(64));
  yield* sys.sigaction(SIGRTMIN, function* (own, _signo, { value }) {
    const i = Number(value);
    yield* own.write(fds[i]!, buffers[i]!, 5); // both phases are over
    answered++;
  });
  yield* sys.sigprocmask(SIG_BLOCK, [SIGRTMIN]); // the helpers inherit it: the signal is not for them
  for (const [i, fd] of fds.entries()) {
    yield* sys.clone(THREAD, function* (child) {
      yield* child.read(fd, buffers[i]!);
      yield* child.sigqueue(pid, SIGRTMIN, i);
    });
  }
  yield* sys.sigprocmask(SIG_UNBLOCK, [SIGRTMIN]);
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
