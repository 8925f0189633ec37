import {
  type Kernel,
  MAP_ANONYMOUS,
  MAP_POPULATE,
  MAP_PRIVATE,
  O_RDONLY,
  PROT_READ,
  PROT_WRITE,
} from "../../../lib/index.ts";
import type { Program, Sys } from "../../../lib/index.ts";

const PAGE = 4096;
const MIB = 1 << 20;

/** Reads a file of one page, as a server does: opens it, reads it, closes it. */
function* readHot(sys: Sys, path: string) {
  const fd = yield* sys.open(path, O_RDONLY);
  const buf = sys.buffer(PAGE);
  const got = yield* sys.read(fd, buf);
  yield* sys.close(fd);
  return got;
}

/** Hot files, some used twice and some once; then a big file goes through the little that is left of the memory. */
const program: Program = function* (sys) {
  // Memory of its own, which cannot be taken away: so few frames are left that the page cache has to choose.
  yield* sys.mmap(0, 2 * MIB, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE);
  for (const path of ["/hot/a", "/hot/b", "/hot/c"]) {
    yield* readHot(sys, path);
    yield* readHot(sys, path); // the second use makes the page active
  }
  for (const path of ["/hot/x", "/hot/y", "/hot/z"]) yield* readHot(sys, path); // used once: inactive
  const fd = yield* sys.open("/stream", O_RDONLY);
  const buf = sys.buffer(4 * PAGE);
  let got = 1;
  while (got > 0) got = yield* sys.read(fd, buf); // each page is used once; kswapd takes away what came first
  yield* sys.close(fd);
  for (const path of ["/hot/a", "/hot/b", "/hot/c"]) yield* readHot(sys, path); // still there
  for (const path of ["/hot/x", "/hot/y", "/hot/z"]) yield* readHot(sys, path); // from the disk again
};

/** What the machine is booted with. */
export const boot = { memoryLimit: 4 * MIB };

/** The machine: one task, six hot files of a page each, and a big one. */
export function start(kernel: Kernel): void {
  for (const name of ["a", "b", "c", "x", "y", "z"]) kernel.world.file(`/hot/${name}`, { size: PAGE, seed: 1 });
  kernel.world.file("/stream", { size: MIB, seed: 2 });
  kernel.spawn("program", program);
}
