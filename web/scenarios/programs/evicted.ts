import { type Kernel, O_DIRECT, O_RDONLY, type Program, type Sys } from "../../../lib/index.ts";

const PAGE = 4096;
const PIECE = 16 * PAGE;

/** Reads a whole file, piece by piece. */
function* readAll(sys: Sys, path: string, flags: number) {
  const fd = yield* sys.open(path, O_RDONLY | flags);
  const buf = sys.buffer(PIECE);
  while ((yield* sys.read(fd, buf)) > 0);
  yield* sys.close(fd);
}

/** A little memory; a file read twice, one read once, and then one that is larger than all the memory there is. */
const program: Program = function* (sys) {
  yield* readAll(sys, "/hot", 0);
  yield* readAll(sys, "/hot", 0); // the second time makes its pages active
  yield* readAll(sys, "/once", 0);
  yield* readAll(sys, "/film", O_DIRECT); // past the page cache: nobody has to go
  yield* readAll(sys, "/film", 0); // through the page cache: it pushes out what was used once
};

/** The machine: one task, and three files on the disk. */
export function start(kernel: Kernel): void {
  kernel.world.file("/hot", { size: PIECE, seed: 1 });
  kernel.world.file("/once", { size: PIECE, seed: 2 });
  kernel.world.file("/film", { size: 28 * PIECE, seed: 3 });
  kernel.spawn("program", program);
}

/** What the machine is booted with. */
export const boot = { memoryLimit: 3 * 1024 * 1024 };
