import { IOCB_CMD_PREAD, type IoEvent, type Kernel, O_DIRECT, O_RDONLY, type Program } from "../../../lib/index.ts";

const BLOCK = 8192;

/** Has four pieces of a file read at once, into its own memory, past the page cache. */
const program: Program = function* (sys) {
  const fd = yield* sys.open("/table", O_RDONLY | O_DIRECT);
  const context = { value: 0 };
  yield* sys.io_setup(4, context);
  const requests = [0, 1, 2, 3].map((i) =>
    sys.iocb({ opcode: IOCB_CMD_PREAD, fd, buf: sys.buffer(BLOCK), offset: 2 * i * BLOCK }),
  );
  yield* sys.io_submit(context.value, requests); // comes back at once: the disk has them all
  yield* sys.compute(20_000); // meanwhile the program computes
  const events: IoEvent[] = [];
  for (let done = 0; done < 4;) {
    const got = yield* sys.io_getevents(context.value, 1, 4, events); // tells of what is done: no copy is left to make
    if (got <= 0) break;
    done += got;
  }
  yield* sys.io_destroy(context.value);
  yield* sys.close(fd);
};

/** The machine: one task, and a file on the disk. */
export function start(kernel: Kernel): void {
  kernel.world.file("/table", { size: 16 * BLOCK, seed: 1 });
  kernel.spawn("program", program);
}
