// One big file pushes the hot ones out of the page cache, unless it goes round it.
//
//   node examples/page-cache.js
import { Kernel, MAP_SHARED, O_DIRECT, O_RDONLY, POSIX_FADV_DONTNEED, PROT_READ } from "iopath";

const MIB = 2 ** 20;
const HOT = 2 * MIB;
const STREAM = 64 * MIB;
const PIECE = 65536;

/** Reads a file from beginning to end; `forget` drops each piece from the cache once it was read. */
function* readAll(sys, path, size, flags, forget) {
  const fd = yield* sys.open(path, O_RDONLY | flags);
  const buffer = sys.buffer(PIECE);
  for (let done = 0; done < size; done += PIECE) {
    yield* sys.read(fd, buffer);
    if (forget) yield* sys.fadvise64(fd, done, PIECE, POSIX_FADV_DONTNEED);
  }
  yield* sys.close(fd);
}

/** How many pages of a file are in the page cache. */
function* cachedPages(sys, path, size) {
  const fd = yield* sys.open(path, O_RDONLY);
  const at = yield* sys.mmap(0, size, PROT_READ, MAP_SHARED, fd, 0);
  const pages = sys.buffer(size / 4096);
  yield* sys.mincore(at, size, pages);
  return pages.bytes().filter((page) => page & 1).length;
}

const ways = [
  ["read", 0, false],
  ["read, and POSIX_FADV_DONTNEED behind it", 0, true],
  ["read with O_DIRECT", O_DIRECT, false],
];

for (const [name, flags, forget] of ways) {
  const kernel = await Kernel.boot({ memoryLimit: 16 * MIB, trace: false });
  kernel.world.file("/hot", { size: HOT, seed: 1 });
  kernel.world.file("/stream", { size: STREAM, seed: 2 });
  const task = kernel.spawn("reader", function* (sys) {
    yield* readAll(sys, "/hot", HOT, 0, false);
    const before = yield* cachedPages(sys, "/hot", HOT);
    yield* readAll(sys, "/stream", STREAM, flags, forget);
    const after = yield* cachedPages(sys, "/hot", HOT);
    const { dmaBytes } = kernel.counters;
    yield* readAll(sys, "/hot", HOT, 0, false);
    return [before, after, kernel.counters.dmaBytes - dmaBytes];
  });
  kernel.run();
  const [before, after, again] = task.result;
  console.log(`${name}: of ${HOT / 4096} hot pages, ${before} were cached before the big file, ${after} after it;`);
  console.log(`  reading them again takes ${again} bytes from the disk`);
}
