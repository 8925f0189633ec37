import { O_RDWR, type Scenario, SIGBUS, SIGSEGV, type Sys, scenario } from "../scenario.ts";
import { AT, PAGE, PATH, attempt, file, surviving } from "./mmap-helpers.ts";
import { pattern } from "./helpers.ts";

const [NONE, READ, WRITE] = [0, 1, 2];
const RW = READ | WRITE;
const [SHARED, PRIVATE, FIXED, ANONYMOUS, POPULATE] = [1, 2, 0x10, 0x20, 0x8000];
const OWN = PRIVATE | ANONYMOUS | FIXED;
const SYNC = 4;
const [RANDOM, SEQUENTIAL, DONTNEED] = [1, 2, 4];
const FADV_DONTNEED = 4;

/** Loads or stores to all of some pages, and says what faults that took. */
function* touch(sys: Sys, address: number, pages: number, stores = false) {
  if (stores) yield* sys.store(address, pattern(pages * PAGE, 3));
  else yield* sys.load(address, pages * PAGE);
  sys.faults();
}

/** A file of some pages, each a folio, that are in memory; or on the disk alone. */
function* cached(sys: Sys, pages: number, cold = false) {
  const fd = yield* file(sys, 0);
  for (let page = 0; page < pages; page++) yield* sys.unrecorded.write(fd, pattern(PAGE, page));
  yield* sys.fsync(fd);
  if (cold) yield* sys.fadvise64(fd, 0, 0, FADV_DONTNEED);
  return fd;
}

/** What a program's own loads and stores do: page faults, counted, and signals. */
export const mmapAccesses: Scenario[] = [
  scenario("SIGSEGV: nothing there is code 1, rights that do not allow it code 2; with the address", function* (sys) {
    yield* surviving(sys);
    yield* sys.mmap(AT, 3 * PAGE, RW, OWN, -1, 0);
    yield* sys.store(AT + PAGE - 2, "abcd");
    yield* sys.mprotect(AT + PAGE, PAGE, READ);
    yield* sys.mprotect(AT + 2 * PAGE, PAGE, NONE);
    yield* sys.load(AT + PAGE - 2, 8);
    yield* attempt(sys.store(AT + PAGE + 5, "x"));
    yield* attempt(sys.store(AT + PAGE - 2, "wxyz"));
    yield* sys.load(AT + PAGE - 2, 4);
    yield* attempt(sys.load(AT + 2 * PAGE + 7, 1));
    yield* attempt(sys.load(AT + 3 * PAGE, 1));
    yield* attempt(sys.load(AT - 1, 1));
    yield* attempt(sys.load(8, 1));
    yield* sys.munmap(AT, 3 * PAGE);
    yield* attempt(sys.load(AT, 1));
  }),
  scenario("a handler that repairs what was wrong lets the access go on", function* (sys) {
    yield* sys.sigaction(SIGSEGV, function* (own) {
      yield* own.mprotect(AT, PAGE, RW);
    });
    yield* sys.mmap(AT, PAGE, NONE, OWN, -1, 0);
    yield* sys.store(AT, "stored after all");
    yield* sys.load(AT, 16);
  }),
  scenario("without a handler, or with the signal ignored, a bad load is the program's end", function* (sys) {
    for (const handler of [0, 1]) {
      yield* sys.fork(function* (child) {
        yield* child.sigaction(SIGSEGV, handler);
        yield* child.load(AT, 1);
        yield* child.getpid();
      });
      yield* sys.wait4(-1, {}, 0);
    }
    const fd = yield* file(sys, PAGE);
    yield* sys.fork(function* (child) {
      yield* child.mmap(AT, 2 * PAGE, READ, SHARED | FIXED, fd, 0);
      yield* child.load(AT, 4);
      yield* child.load(AT + PAGE, 1);
    });
    yield* sys.wait4(-1, {}, 0);
  }),
  scenario(
    "MF-9, MF-10: SIGBUS behind the page in which the file ends; once cut, in mapped pages too",
    function* (sys) {
      yield* surviving(sys);
      const fd = yield* file(sys, 4 * PAGE);
      yield* sys.mmap(AT, 6 * PAGE, RW, SHARED | FIXED, fd, 0);
      yield* sys.mmap(AT + 8 * PAGE, 6 * PAGE, RW, PRIVATE | FIXED, fd, 0);
      yield* sys.load(AT + 3 * PAGE, 4);
      yield* attempt(sys.load(AT + 4 * PAGE + 3, 1));
      yield* attempt(sys.store(AT + 5 * PAGE, "x"));
      yield* sys.store(AT + 10 * PAGE, "a copy of its own");
      yield* sys.ftruncate(fd, PAGE + 50);
      yield* sys.load(AT + PAGE + 46, 8);
      yield* attempt(sys.load(AT + 2 * PAGE, 1));
      yield* attempt(sys.store(AT + 3 * PAGE, "x"));
      // The copy that was made goes with the page that it is of.
      yield* attempt(sys.load(AT + 10 * PAGE, 4));
      yield* sys.store(AT + PAGE + 48, "over the end");
      yield* sys.ftruncate(fd, 3 * PAGE);
      yield* sys.load(AT + PAGE + 46, 16);
      yield* sys.load(AT + 2 * PAGE, 4);
      yield* sys.load(AT + 10 * PAGE, 4);
      const buffer = sys.buffer(16);
      yield* sys.pread64(fd, buffer, 16, PAGE + 46);
    },
  ),
  scenario("fork: private memory is one's own from the first store on, shared memory is both's", function* (sys) {
    yield* sys.mmap(AT, 2 * PAGE, RW, OWN, -1, 0);
    yield* sys.mmap(AT + 4 * PAGE, PAGE, RW, SHARED | ANONYMOUS | FIXED, -1, 0);
    const fd = yield* file(sys, PAGE);
    yield* sys.mmap(AT + 8 * PAGE, PAGE, RW, SHARED | FIXED, fd, 0);
    yield* sys.mmap(AT + 12 * PAGE, PAGE, RW, PRIVATE | FIXED, fd, 0);
    for (const page of [0, 1, 4, 8, 12]) yield* sys.store(AT + page * PAGE, "parent");
    yield* sys.fork(function* (child) {
      for (const page of [0, 4, 8, 12]) yield* child.store(AT + page * PAGE, `child ${page}`);
      for (const page of [0, 1, 4, 8, 12]) yield* child.load(AT + page * PAGE, 8);
      yield* child.munmap(AT, 16 * PAGE);
    });
    yield* sys.wait4(-1, {}, 0);
    for (const page of [0, 1, 4, 8, 12]) yield* sys.load(AT + page * PAGE, 8);
  }),
  scenario("MF-8: a load of new memory is a fault, the store that follows another one", function* (sys) {
    yield* sys.mmap(AT, 8 * PAGE, RW, OWN, -1, 0);
    yield* touch(sys, AT, 8);
    yield* touch(sys, AT, 8);
    yield* touch(sys, AT, 8, true);
    yield* touch(sys, AT, 8, true);
    yield* sys.madvise(AT, 4 * PAGE, DONTNEED);
    yield* touch(sys, AT, 8, true);
    yield* sys.mprotect(AT, 8 * PAGE, READ);
    yield* touch(sys, AT, 8);
    yield* sys.mprotect(AT, 8 * PAGE, RW);
    yield* touch(sys, AT, 8, true);
  }),
  scenario("copy-on-write after fork: one fault for each page stored to, none for loads", function* (sys) {
    yield* sys.mmap(AT, 8 * PAGE, RW, OWN, -1, 0);
    yield* touch(sys, AT, 8, true);
    yield* sys.fork(function* (child) {
      yield* touch(child, AT, 8);
      yield* touch(child, AT, 4, true);
      yield* touch(child, AT, 8, true);
    });
    yield* sys.wait4(-1, {}, 0);
    yield* touch(sys, AT, 8);
    yield* touch(sys, AT, 8, true);
  }),
  scenario("MF-2: loads of a cached file map the 16 pages around, aligned", function* (sys) {
    const fd = yield* cached(sys, 64);
    yield* sys.mmap(AT, 64 * PAGE, RW, SHARED | FIXED, fd, 0);
    for (const page of [20, 16, 31, 15, 0, 32, 63, 47, 48]) yield* touch(sys, AT + page * PAGE, 1);
    yield* touch(sys, AT, 64);
  }),
  scenario("MF-4, MF-6: stores to a shared mapping are a fault for each page, also after loads", function* (sys) {
    const fd = yield* cached(sys, 64);
    yield* sys.mmap(AT, 64 * PAGE, RW, SHARED | FIXED, fd, 0);
    yield* touch(sys, AT, 64, true);
    yield* sys.munmap(AT, 64 * PAGE);
    yield* sys.fsync(fd);
    yield* sys.mmap(AT, 64 * PAGE, RW, SHARED | FIXED, fd, 0);
    yield* touch(sys, AT, 64);
    yield* touch(sys, AT, 64, true);
    yield* touch(sys, AT, 64, true);
  }),
  scenario("MF-5: once it was written to the disk, a page's next store is a fault again", function* (sys) {
    const fd = yield* cached(sys, 8);
    yield* sys.mmap(AT, 8 * PAGE, RW, SHARED | FIXED, fd, 0);
    yield* touch(sys, AT, 8, true);
    yield* touch(sys, AT, 8, true);
    yield* sys.fsync(fd);
    yield* touch(sys, AT, 8);
    yield* touch(sys, AT, 8, true);
    yield* sys.msync(AT, 4 * PAGE, SYNC);
    yield* touch(sys, AT, 8, true);
  }),
  scenario("MF-7: a store to a private mapping is a fault and a copy for each page", function* (sys) {
    const fd = yield* cached(sys, 32);
    yield* sys.mmap(AT, 32 * PAGE, RW, PRIVATE | FIXED, fd, 0);
    yield* touch(sys, AT, 8, true);
    yield* touch(sys, AT, 32);
    yield* touch(sys, AT, 32, true);
    const buffer = sys.buffer(PAGE);
    yield* sys.pread64(fd, buffer, PAGE, 8 * PAGE);
  }),
  scenario("MF-9: with MAP_POPULATE no fault is left, but a shared mapping's first stores", function* (sys) {
    const fd = yield* cached(sys, 8);
    yield* sys.mmap(AT, 8 * PAGE, RW, SHARED | FIXED | POPULATE, fd, 0);
    yield* touch(sys, AT, 8);
    yield* sys.mmap(AT, 8 * PAGE, RW, PRIVATE | FIXED | POPULATE, fd, 0);
    yield* touch(sys, AT, 8, true);
    yield* sys.mmap(AT, 8 * PAGE, RW, OWN | POPULATE, -1, 0);
    yield* touch(sys, AT, 8, true);
  }),
  scenario("MF-3: with MADV_RANDOM a page that is on the disk alone is read without any other", function* (sys) {
    const fd = yield* cached(sys, 64, true);
    yield* sys.mmap(AT, 64 * PAGE, READ, SHARED | FIXED, fd, 0);
    yield* sys.madvise(AT, 64 * PAGE, RANDOM);
    const vec = sys.buffer(64);
    for (const page of [20, 3, 21, 20, 63]) {
      yield* touch(sys, AT + page * PAGE, 1);
      yield* sys.mincore(AT, 64 * PAGE, vec);
    }
  }),
  scenario("MF-3: with MADV_SEQUENTIAL what follows is read, and nothing in front", function* (sys) {
    const fd = yield* cached(sys, 32, true);
    yield* sys.mmap(AT, 32 * PAGE, READ, SHARED | FIXED, fd, 0);
    yield* sys.madvise(AT, 32 * PAGE, SEQUENTIAL);
    const vec = sys.buffer(32);
    for (const page of [20, 31, 7, 19, 0]) {
      yield* touch(sys, AT + page * PAGE, 1);
      yield* sys.mincore(AT, 32 * PAGE, vec);
    }
  }),
  scenario("MF-3: after more than a hundred faults that found nothing, a page is read alone", function* (sys) {
    const fd = yield* cached(sys, 16);
    yield* sys.mmap(AT, 16 * PAGE, RW, PRIVATE | FIXED, fd, 0);
    const vec = sys.buffer(16);
    const look = function* (page: number, quiet = false) {
      const own = quiet ? sys.unrecorded : sys;
      yield* own.madvise(AT, 16 * PAGE, DONTNEED);
      yield* own.fadvise64(fd, 0, 0, FADV_DONTNEED);
      yield* own.store(AT + page * PAGE, "x");
      if (!quiet) yield* sys.mincore(AT, 16 * PAGE, vec);
    };
    yield* look(8);
    for (let miss = 1; miss < 99; miss++) yield* look(8, true);
    yield* look(8);
    yield* look(8);
    yield* look(3);
    // Pages that a load finds around are counted against the misses, also those that are mapped already.
    yield* sys.load(AT, PAGE);
    yield* sys.mincore(AT, 16 * PAGE, vec);
    yield* sys.load(AT + PAGE, PAGE);
    // Waits for all that this has asked of the disk.
    yield* sys.load(AT, 16 * PAGE);
    yield* sys.mincore(AT, 16 * PAGE, vec);
    yield* look(8);
  }),
  scenario("MF-1: a page that is on the disk alone is one major fault, however much is read with it", function* (sys) {
    const fd = yield* cached(sys, 16, true);
    yield* sys.mmap(AT, 16 * PAGE, READ, SHARED | FIXED, fd, 0);
    yield* touch(sys, AT + 8 * PAGE, 1);
    yield* touch(sys, AT + 8 * PAGE, 1);
    yield* touch(sys, AT, 16);
    const vec = sys.buffer(16);
    yield* sys.mincore(AT, 16 * PAGE, vec);
  }),
  scenario("mincore sees what read() has brought, and what was stored; files opened anew too", function* (sys) {
    const fd = yield* cached(sys, 16, true);
    yield* sys.mmap(AT, 16 * PAGE, RW, SHARED | FIXED, fd, 0);
    const vec = sys.buffer(16);
    yield* sys.mincore(AT, 16 * PAGE, vec);
    const FADV_RANDOM = 1;
    yield* sys.fadvise64(fd, 0, 0, FADV_RANDOM);
    yield* sys.pread64(fd, sys.buffer(100), 100, 5 * PAGE);
    yield* sys.mincore(AT, 16 * PAGE, vec);
    yield* sys.pwrite64(fd, pattern(PAGE), PAGE, 9 * PAGE);
    yield* sys.mincore(AT, 16 * PAGE, vec);
    const other = yield* sys.open(PATH, O_RDWR);
    yield* sys.readahead(other, 0, 16 * PAGE);
    yield* sys.load(AT, 16 * PAGE);
    yield* sys.mincore(AT, 16 * PAGE, vec);
  }),
  scenario("a file's own memory as what is written to it, and as where it is read to", function* (sys) {
    const fd = yield* file(sys, 4 * PAGE);
    yield* sys.mmap(AT, 6 * PAGE, RW, SHARED | FIXED, fd, 0);
    yield* sys.pwrite64(fd, AT, PAGE, PAGE);
    yield* sys.pread64(fd, AT + 2 * PAGE, PAGE, PAGE + 3);
    yield* sys.load(AT, 4 * PAGE);
    yield* sys.pwrite64(fd, AT + 3 * PAGE + 2048, 4096, 0);
    yield* sys.pread64(fd, AT + 3 * PAGE + 2048, 4096, 0);
    yield* sys.pread64(fd, AT + 5 * PAGE, 10, 0);
    yield* sys.pwrite64(fd, AT + 5 * PAGE, 10, 0);
    yield* sys.load(AT, 4 * PAGE);
    yield* sys.sigaction(SIGBUS, 1);
    yield* sys.pread64(fd, AT + 5 * PAGE, 10, 0);
  }),
];
