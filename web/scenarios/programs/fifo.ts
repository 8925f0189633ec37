import { O_RDONLY, O_WRONLY, type Kernel, type Program } from "../../../lib/index.ts";

/** Two processes that know nothing but a name. The open() of each end sleeps until the other end is opened. */
const reader: Program = function* (sys) {
  const path = "/run/fifo";
  yield* sys.mkfifo(path);
  yield* sys.fork(function* (child) {
    yield* child.nanosleep({ sec: 0, nsec: 100_000 });
    const out = yield* child.open(path, O_WRONLY);
    yield* child.write(out, "hello");
    yield* child.close(out);
  });
  const fd = yield* sys.open(path, O_RDONLY); // sleeps until somebody opens it for writing
  const buf = sys.buffer(16);
  while ((yield* sys.read(fd, buf)) > 0); // 0: the last writer has closed it
  yield* sys.close(fd);
  yield* sys.unlink(path);
};

/** The machine: one task, which makes the other. */
export function start(kernel: Kernel): void {
  kernel.spawn("reader", reader);
}
