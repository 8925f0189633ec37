import {
  CLONE_FILES,
  CLONE_VM,
  EFD_NONBLOCK,
  O_NONBLOCK,
  POLLIN,
  type Kernel,
  type Program,
} from "../../../lib/index.ts";

/**
 * Three descriptors, one of which calls. poll() asks all three, hangs into three wait queues, and once it is woken asks
 * all three again. The next call begins from nothing. select() is no better: it looks at every number below the greatest.
 */
const reader: Program = function* (sys) {
  const [first, second]: number[][] = [[], []];
  yield* sys.pipe2(first!, O_NONBLOCK);
  yield* sys.pipe2(second!, O_NONBLOCK);
  const counter = yield* sys.eventfd(0, EFD_NONBLOCK);
  const fds = [first![0]!, second![0]!, counter];
  yield* sys.clone(CLONE_FILES | CLONE_VM, function* (own) {
    for (let i = 0; i < 2; i++) {
      yield* own.nanosleep({ sec: 0, nsec: 100_000 });
      yield* own.write(second![1]!, "hi");
    }
  });
  const buf = sys.buffer(16);

  const asked = sys.pollfds(fds.map((fd) => ({ fd, events: POLLIN })));
  yield* sys.poll(asked, -1);
  for (const { fd, revents } of asked) if (revents & POLLIN) yield* sys.read(fd, buf);

  const read = [...fds]; // select() leaves in it those that are ready
  yield* sys.select(Math.max(...fds) + 1, { read }, null);
  for (const fd of read) yield* sys.read(fd, buf);
};

/** The machine: one task, which makes the thread that writes. */
export function start(kernel: Kernel): void {
  kernel.spawn("reader", reader);
}
