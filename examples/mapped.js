// A file is mapped: the first touch of a page is a fault, cached pages come sixteen at a time, and private changes are
// the program's own.
//
//   node examples/mapped.js
import { Kernel, MAP_PRIVATE, MAP_SHARED, O_RDWR, PROT_READ, PROT_WRITE } from "iopath";

const PAGES = 64;
const SIZE = PAGES * 4096;

const kernel = await Kernel.boot({ trace: false });
kernel.world.file("/file", { size: SIZE, seed: 1 });
const program = kernel.spawn("program", function* (sys) {
  const fd = yield* sys.open("/file", O_RDWR);
  const faults = () => ({ minor: program.counters.minorFaults, major: program.counters.majorFaults });
  const touchAll = function* (at) {
    const before = faults();
    for (let page = 0; page < PAGES; page++) yield* sys.load(at + page * 4096, 1);
    const after = faults();
    return { minor: after.minor - before.minor, major: after.major - before.major };
  };
  const cold = yield* sys.mmap(0, SIZE, PROT_READ, MAP_SHARED, fd, 0);
  console.log("64 pages that are on the disk:", yield* touchAll(cold));
  const warm = yield* sys.mmap(0, SIZE, PROT_READ, MAP_SHARED, fd, 0);
  console.log("the same, cached:             ", yield* touchAll(warm));

  const own = yield* sys.mmap(0, SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
  yield* sys.store(own, "mine");
  const buffer = sys.buffer(4);
  yield* sys.pread64(fd, buffer, 4, 0);
  console.log("a private change reaches the file:", buffer.text() === "mine");
  const shared = yield* sys.mmap(0, SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  yield* sys.store(shared, "ours");
  yield* sys.pread64(fd, buffer, 4, 0);
  console.log("a shared one does:                ", buffer.text() === "ours");
});
kernel.run();
