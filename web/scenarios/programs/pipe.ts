import type { Kernel, Program } from "../../../lib/index.ts";

/** A reader that waits for a writer which comes late, by way of a pipe. */
const reader: Program = function* (sys) {
  const fds: number[] = [];
  yield* sys.pipe2(fds, 0);
  const [readEnd, writeEnd] = fds as [number, number];
  yield* sys.fork(function* (child) {
    yield* child.close(readEnd);
    yield* child.nanosleep({ sec: 0, nsec: 200_000 });
    yield* child.write(writeEnd, "first line\n");
    yield* child.write(writeEnd, "second line\n");
    yield* child.close(writeEnd);
  });
  yield* sys.close(writeEnd);
  const buf = sys.buffer(64);
  for (;;) {
    const got = yield* sys.read(readEnd, buf); // sleeps while the pipe is empty
    if (got <= 0) break; // 0: the last writer has gone
  }
  yield* sys.close(readEnd);
};

/** The machine: one task, which makes the other. */
export function start(kernel: Kernel): void {
  kernel.spawn("reader", reader);
}
