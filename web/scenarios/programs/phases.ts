import {
  EAGAIN,
  F_SETFL,
  F_SETOWN,
  O_ASYNC,
  O_NONBLOCK,
  SIGIO,
  type Kernel,
  type Program,
  type SignalHandler,
} from "../../../lib/index.ts";

/**
 * Every read has two phases: the data comes to be there, and a CPU copies it to the program. The three ways differ in
 * who waits for the first. The second is the same: the copy is made inside the program's own read().
 */
const reader: Program = function* (sys) {
  const fds: number[] = [];
  yield* sys.pipe2(fds, 0);
  const [readEnd, writeEnd] = fds as [number, number];
  yield* sys.fork(function* (child) {
    for (const text of ["first", "second", "third"]) {
      yield* child.nanosleep({ sec: 0, nsec: 150_000 });
      yield* child.write(writeEnd, text);
    }
  });
  const buf = sys.buffer(64);

  yield* sys.read(readEnd, buf); // blocking: sleeps through the first phase in this very call

  yield* sys.fcntl(readEnd, F_SETFL, O_NONBLOCK);
  while ((yield* sys.read(readEnd, buf)) === -EAGAIN) {
    yield* sys.compute(60_000); // non-blocking: asks now and then, and does something else meanwhile
  }

  const handler: SignalHandler = function* (own) {
    yield* own.read(readEnd, buf); // signal-driven: called when the first phase is over
  };
  yield* sys.sigaction(SIGIO, handler);
  yield* sys.fcntl(readEnd, F_SETOWN, yield* sys.getpid());
  yield* sys.fcntl(readEnd, F_SETFL, O_ASYNC | O_NONBLOCK);
  yield* sys.pause();
};

/** The machine: one task, which makes the one that writes. */
export function start(kernel: Kernel): void {
  kernel.spawn("reader", reader);
}
