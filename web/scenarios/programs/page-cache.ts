import { type Kernel, O_RDWR, type Program } from "../../../lib/index.ts";

const PAGE = 4096;

/** Reads a file from front to back in small pieces, then changes three pages of it. */
const program: Program = function* (sys) {
  const fd = yield* sys.open("/log", O_RDWR);
  const buf = sys.buffer(2 * PAGE);
  for (let i = 0; i < 12; i++) {
    yield* sys.read(fd, buf); // the windows of read-ahead grow: the disk is ahead of the reader
  }
  yield* sys.pwrite64(fd, buf, 2 * PAGE, 0); // done as soon as the page cache has it: dirty pages
  yield* sys.pwrite64(fd, buf, PAGE, 8 * PAGE);
  yield* sys.fsync(fd); // sleeps until the disk has them
  yield* sys.pread64(fd, buf, PAGE, 0); // no disk: the page is cached
  yield* sys.close(fd);
};

/** The machine: one task, and a file on the disk. */
export function start(kernel: Kernel): void {
  kernel.world.file("/log", { size: 32 * PAGE, seed: 1 });
  kernel.spawn("program", program);
}
