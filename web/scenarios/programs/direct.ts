import {
  IOCB_CMD_PREAD,
  type IoEvent,
  type Kernel,
  O_DIRECT,
  O_NONBLOCK,
  O_RDONLY,
  type Program,
} from "../../../lib/index.ts";

const BLOCK = 8192;

/** Past the page cache and asynchronous are two things: each of the two can be had without the other. */
const program: Program = function* (sys) {
  const buf = sys.buffer(BLOCK);
  const direct = yield* sys.open("/table", O_RDONLY | O_DIRECT);
  yield* sys.pread64(direct, buf, BLOCK, 0); // direct, and the program sleeps until the disk is done
  yield* sys.pread64(direct, buf, BLOCK, 0); // nothing was kept: the disk again

  const cached = yield* sys.open("/table", O_RDONLY | O_NONBLOCK); // means nothing to a file on a disk
  yield* sys.pread64(cached, buf, BLOCK, 4 * BLOCK); // sleeps nevertheless
  const context = { value: 0 };
  yield* sys.io_setup(2, context);
  const events: IoEvent[] = [];
  const request = (fd: number) => [sys.iocb({ opcode: IOCB_CMD_PREAD, fd, buf, offset: 12 * BLOCK })];
  yield* sys.io_submit(context.value, request(cached)); // asynchronous in name: it is done when this returns
  yield* sys.io_getevents(context.value, 1, 1, events);
  yield* sys.io_submit(context.value, request(direct)); // both: comes back at once
  yield* sys.compute(20_000);
  yield* sys.io_getevents(context.value, 1, 1, events);
  yield* sys.io_destroy(context.value);
};

/** The machine: one task, and a file on the disk. */
export function start(kernel: Kernel): void {
  kernel.world.file("/table", { size: 16 * BLOCK, seed: 1 });
  kernel.spawn("program", program);
}
