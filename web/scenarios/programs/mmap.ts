import {
  type Kernel,
  MAP_PRIVATE,
  MAP_SHARED,
  O_RDWR,
  PROT_READ,
  PROT_WRITE,
  type Program,
} from "../../../lib/index.ts";

const PAGE = 4096;
const PAGES = 24;

/** Maps a file, and touches it: each first touch is a page fault. */
const program: Program = function* (sys) {
  const fd = yield* sys.open("/data", O_RDWR);
  const shared = yield* sys.mmap(0, PAGES * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  yield* sys.load(shared, 1); // a major fault: the disk is waited for
  yield* sys.load(shared + 4 * PAGE, 1); // no fault: cached pages around are mapped at once
  yield* sys.store(shared, "ours"); // a minor fault: the page becomes dirty
  const own = yield* sys.mmap(0, PAGES * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
  yield* sys.store(own + PAGE, "mine"); // a copy is made: copy on write
  yield* sys.munmap(own, PAGES * PAGE);
  yield* sys.munmap(shared, PAGES * PAGE);
  yield* sys.close(fd);
};

/** The machine: one task, and a file on the disk. */
export function start(kernel: Kernel): void {
  kernel.world.file("/data", { size: PAGES * PAGE, seed: 1 });
  kernel.spawn("program", program);
}
