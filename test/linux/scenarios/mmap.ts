import { O_PATH, O_RDONLY, O_WRONLY, type Scenario, scenario } from "../scenario.ts";
import { AT, PAGE, PATH, file, look, put } from "./mmap-helpers.ts";
import { pipe } from "./helpers.ts";

const [NONE, READ, WRITE, EXEC] = [0, 1, 2, 4];
const RW = READ | WRITE;
const [SHARED, PRIVATE, VALIDATE, FIXED, ANONYMOUS, NOREPLACE] = [1, 2, 3, 0x10, 0x20, 0x10_0000];
const OWN = PRIVATE | ANONYMOUS | FIXED;
const [ASYNC, INVALIDATE, SYNC] = [1, 2, 4];
const [NORMAL, RANDOM, SEQUENTIAL, DONTNEED, FREE, POPULATE_READ, POPULATE_WRITE] = [0, 1, 2, 4, 8, 22, 23];

/** mmap(2) and its relatives; the bytes are looked at by system calls, so that what would end a program is EFAULT. */
export const mmaps: Scenario[] = [
  scenario("mmap refuses in order: offset, descriptor, length, address, rights, kind of file", function* (sys) {
    const fd = yield* file(sys, 3 * PAGE);
    const [ro, wo] = [yield* sys.open(PATH, O_RDONLY), yield* sys.open(PATH, O_WRONLY)];
    const path = yield* sys.open(PATH, O_PATH);
    const [end] = yield* pipe(sys);
    const attempts: [number, number, number, number, number, number][] = [
      [0, 0, RW, PRIVATE | ANONYMOUS, -1, 0],
      [0, PAGE, RW, PRIVATE, fd, 100],
      [0, 0, RW, PRIVATE, 99, 100],
      [0, 0, RW, PRIVATE, 99, 0],
      [0, PAGE, RW, ANONYMOUS, -1, 0],
      [0, PAGE, RW, 0, fd, 0],
      [0, PAGE, RW, VALIDATE | ANONYMOUS, -1, 0],
      [0, PAGE, RW, VALIDATE | 0x80_0000, fd, 0],
      [0, PAGE, RW, SHARED, ro, 0],
      [0, PAGE, WRITE, SHARED, wo, 0],
      [0, PAGE, READ, PRIVATE, wo, 0],
      [0, PAGE, READ, PRIVATE, end, 0],
      [0, PAGE, RW, SHARED, end, 0],
      [0, PAGE, READ, PRIVATE, path, 0],
      [0, 2 ** 47, RW, PRIVATE | ANONYMOUS, -1, 0],
      [AT + 1, PAGE, RW, OWN, -1, 0],
      [0x7fff_ffff_f000, PAGE, RW, OWN, -1, 0],
      [0, PAGE, RW, PRIVATE, fd, -4096],
    ];
    for (const [address, length, prot, flags, file, offset] of attempts)
      yield* sys.mmap(address, length, prot, flags, file, offset);
    yield* sys.mmap(AT, PAGE, RW, PRIVATE | ANONYMOUS | NOREPLACE, -1, 0);
    yield* sys.mmap(AT, PAGE, RW, PRIVATE | ANONYMOUS | NOREPLACE, -1, 0);
    yield* sys.munmap(AT, PAGE);
  }),
  scenario("munmap divides areas and minds no holes; mprotect, madvise, mlock, mincore do", function* (sys) {
    yield* sys.mmap(AT, 8 * PAGE, RW, OWN, -1, 0);
    for (const [address, length] of [
      [AT + 1, PAGE],
      [AT, 0],
      [AT, -1],
      [2 ** 50, PAGE],
      [AT + 3 * PAGE, 1],
      [AT + 3 * PAGE, PAGE],
    ] as const)
      yield* sys.munmap(address, length);
    const vec = sys.buffer(8);
    for (const [address, length] of [
      [AT + 1, PAGE],
      [AT, 0],
      [AT, 3 * PAGE],
      [AT, 5 * PAGE],
      [AT + 3 * PAGE, PAGE],
      [AT + 4 * PAGE, 4 * PAGE],
    ] as const) {
      yield* sys.mprotect(address, length, RW);
      yield* sys.madvise(address, length, NORMAL);
      yield* sys.mincore(address, length, vec);
      yield* sys.msync(address, length, ASYNC);
    }
    for (const prot of [0x10, 8, 0x300_0000]) yield* sys.mprotect(AT, PAGE, prot);
    for (const flags of [ASYNC | SYNC, 8, 0, INVALIDATE]) yield* sys.msync(AT, PAGE, flags);
    for (const advice of [5, 99, RANDOM, SEQUENTIAL, FREE]) yield* sys.madvise(AT, PAGE, advice);
    yield* sys.mincore(AT, PAGE, 8);
    yield* sys.munmap(AT, 8 * PAGE);
  }),
  scenario(
    "MF-8: what was never stored reads as zeros, and is there for mincore() once it was looked at",
    function* (sys) {
      yield* sys.mmap(AT, 4 * PAGE, RW, OWN, -1, 0);
      const vec = sys.buffer(4);
      yield* sys.mincore(AT, 4 * PAGE, vec);
      yield* look(sys, AT + PAGE - 4);
      yield* sys.mincore(AT, 4 * PAGE, vec);
      yield* put(sys, AT + 3 * PAGE, "stored");
      yield* look(sys, AT + 3 * PAGE);
      yield* sys.mincore(AT, 4 * PAGE, vec);
      yield* sys.madvise(AT, 4 * PAGE, DONTNEED);
      yield* sys.mincore(AT, 4 * PAGE, vec);
      yield* look(sys, AT + 3 * PAGE);
      yield* sys.munmap(AT, 4 * PAGE);
    },
  ),
  scenario(
    "rights: EFAULT where they do not allow it; what may be written may be read; bytes survive PROT_NONE",
    function* (sys) {
      yield* sys.mmap(AT, 2 * PAGE, RW, OWN, -1, 0);
      yield* put(sys, AT, "kept");
      for (const prot of [NONE, READ, WRITE, EXEC, READ | EXEC, RW]) {
        yield* sys.mprotect(AT, PAGE, prot);
        if (prot !== EXEC) yield* look(sys, AT, 4);
        yield* put(sys, AT, "new?");
      }
      yield* look(sys, AT, 4);
      yield* sys.munmap(AT, 2 * PAGE);
    },
  ),
  scenario(
    "MF-7: shared stores are the file's, private ones are not; the file shows through until then",
    function* (sys) {
      const fd = yield* file(sys, 2 * PAGE);
      yield* sys.mmap(AT, 2 * PAGE, RW, SHARED | FIXED, fd, 0);
      yield* sys.mmap(AT + 4 * PAGE, 2 * PAGE, RW, PRIVATE | FIXED, fd, 0);
      yield* look(sys, AT + 4 * PAGE);
      yield* put(sys, AT, "shared");
      yield* look(sys, AT + 4 * PAGE);
      yield* put(sys, AT + 4 * PAGE, "mine");
      const buffer = sys.buffer(8);
      yield* sys.lseek(fd, 0, 0);
      yield* sys.read(fd, buffer);
      yield* sys.lseek(fd, 0, 0);
      yield* sys.write(fd, "written");
      yield* look(sys, AT);
      yield* look(sys, AT + 4 * PAGE);
      yield* sys.madvise(AT + 4 * PAGE, PAGE, DONTNEED);
      yield* look(sys, AT + 4 * PAGE);
      yield* sys.msync(AT, 2 * PAGE, SYNC);
      yield* sys.close(fd);
      yield* look(sys, AT);
      yield* sys.munmap(AT, 8 * PAGE);
    },
  ),
  scenario(
    "MF-10: behind the page in which the file ends there is nothing; up to there there are zeros",
    function* (sys) {
      const fd = yield* file(sys, PAGE + 100);
      yield* sys.mmap(AT, 4 * PAGE, RW, SHARED | FIXED, fd, 0);
      yield* look(sys, AT + PAGE + 96);
      yield* put(sys, AT + PAGE + 100, "behind the end");
      yield* look(sys, AT + PAGE + 100);
      const buffer = sys.buffer(200);
      yield* sys.lseek(fd, PAGE, 0);
      yield* sys.read(fd, buffer);
      yield* look(sys, AT + 2 * PAGE);
      yield* put(sys, AT + 2 * PAGE, "x");
      yield* sys.madvise(AT, 4 * PAGE, POPULATE_READ);
      yield* sys.madvise(AT, 4 * PAGE, POPULATE_WRITE);
      yield* sys.mlock(AT, 4 * PAGE);
      yield* sys.munmap(AT, 4 * PAGE);
    },
  ),
  scenario("pages are locked: they are there, DONTNEED and MS_INVALIDATE refuse them", function* (sys) {
    yield* sys.mmap(AT, 4 * PAGE, RW, OWN, -1, 0);
    const vec = sys.buffer(4);
    yield* sys.mlock(AT + 1, PAGE);
    yield* sys.mincore(AT, 4 * PAGE, vec);
    yield* sys.madvise(AT, PAGE, DONTNEED);
    yield* sys.msync(AT, PAGE, INVALIDATE);
    yield* sys.munlock(AT, 2 * PAGE);
    yield* sys.madvise(AT, PAGE, DONTNEED);
    for (const [address, length] of [
      [AT, 0],
      [AT, -1],
      [AT, -PAGE],
      [AT + 3 * PAGE, 2 * PAGE],
      [2 ** 50, PAGE],
    ] as const)
      yield* sys.mlock(address, length);
    yield* sys.mprotect(AT, PAGE, NONE);
    yield* sys.mlock(AT, PAGE);
    yield* sys.madvise(AT, PAGE, POPULATE_READ);
    yield* sys.munmap(AT, 4 * PAGE);
  }),
];
