import {
  O_APPEND,
  O_CREAT,
  O_RDONLY,
  O_RDWR,
  O_TRUNC,
  O_WRONLY,
  type Scenario,
  type Sys,
  scenario,
} from "../scenario.ts";
import { pattern, pipe, read } from "./helpers.ts";

const [SET, CUR, DATA, HOLE] = [0, 1, 3, 4];
const [RWF_DSYNC, RWF_SYNC, RWF_NOWAIT, RWF_APPEND, RWF_NOAPPEND, RWF_ATOMIC] = [2, 4, 8, 0x10, 0x20, 0x40];
const [NORMAL, RANDOM, SEQUENTIAL, WILLNEED, DONTNEED, NOREUSE] = [0, 1, 2, 3, 4, 5];
const PAGE = 4096;

/** Bytes at a position. */
function* at(sys: Sys, fd: number, count: number, offset: number): Generator<unknown, void, unknown> {
  yield* sys.pread64(fd, sys.buffer(count), count, offset);
}

/** A new file. */
function* file(sys: Sys, flags = O_RDWR): Generator<unknown, number, unknown> {
  return yield* sys.open("/disk/file", flags | O_CREAT, 0o644);
}

/** Reading and writing regular files: positions, ends, holes, and what is refused. */
export const files: Scenario[] = [
  scenario(
    "a read ends at the end of the file, one behind it is 0; pread and pwrite leave the position",
    function* (sys) {
      const fd = yield* file(sys);
      yield* sys.write(fd, pattern(5000));
      yield* at(sys, fd, 20, 4990);
      yield* at(sys, fd, 20, 5000);
      yield* at(sys, fd, 20, 1_000_000);
      yield* at(sys, fd, 20, -1);
      yield* sys.lseek(fd, 0, CUR);
      yield* sys.pwrite64(fd, "inside", 6, 4094);
      yield* at(sys, fd, 10, 4092);
      yield* sys.lseek(fd, 4990, SET);
      yield* read(sys, fd, 64);
      yield* read(sys, fd, 64);
      yield* sys.lseek(fd, 0, CUR);
    },
  ),
  scenario(
    "what is written behind the end leaves zeros before it; a file has pages where it was written",
    function* (sys) {
      const fd = yield* file(sys);
      yield* sys.write(fd, "abc");
      yield* sys.pwrite64(fd, "end", 3, 3 * PAGE + 100);
      yield* at(sys, fd, 8, 0);
      yield* at(sys, fd, 8, PAGE - 4);
      yield* at(sys, fd, 16, 3 * PAGE + 94);
      yield* sys.fstat(fd, {});
      for (const offset of [0, 1, PAGE, 2 * PAGE + 5, 3 * PAGE, 3 * PAGE + 103]) {
        yield* sys.lseek(fd, offset, DATA);
        yield* sys.lseek(fd, offset, HOLE);
      }
      yield* sys.lseek(fd, -1, DATA);
    },
  ),
  scenario("a file that is cut loses what lies behind, and finds zeros there if it grows again", function* (sys) {
    const fd = yield* file(sys);
    yield* sys.write(fd, pattern(3 * PAGE));
    yield* sys.ftruncate(fd, PAGE + 10);
    yield* sys.fstat(fd, {});
    yield* at(sys, fd, 20, PAGE);
    yield* sys.ftruncate(fd, 2 * PAGE);
    yield* sys.fstat(fd, {});
    yield* at(sys, fd, 20, PAGE);
    yield* at(sys, fd, 20, 2 * PAGE - 10);
    yield* sys.write(fd, "behind");
    yield* sys.fstat(fd, {});
    yield* sys.truncate("/disk/file", 5);
    yield* at(sys, fd, 20, 0);
    yield* sys.pwrite64(fd, "!", 1, 10);
    yield* at(sys, fd, 20, 0);
    yield* sys.open("/disk/file", O_WRONLY | O_TRUNC);
    yield* sys.fstat(fd, {});
    yield* at(sys, fd, 20, 0);
  }),
  scenario("truncate and ftruncate refuse in their order", function* (sys) {
    const fd = yield* file(sys);
    const readOnly = yield* sys.open("/disk/file", O_RDONLY);
    const [reader, writer] = yield* pipe(sys);
    yield* sys.mkfifo("/disk/fifo");
    yield* sys.ftruncate(fd, -1);
    yield* sys.ftruncate(900, -1);
    yield* sys.ftruncate(900, 0);
    yield* sys.ftruncate(readOnly, 0);
    yield* sys.ftruncate(reader, 0);
    yield* sys.ftruncate(writer, 0);
    yield* sys.ftruncate(fd, 0);
    yield* sys.truncate("/disk/file", -1);
    yield* sys.truncate("/disk/none", 0);
    yield* sys.truncate("/disk/fifo", 0);
    yield* sys.truncate(0, 0);
  }),
  scenario("a file opened to append is written at its end, whatever the position; pwrite there too", function* (sys) {
    const fd = yield* file(sys, O_RDWR | O_APPEND);
    yield* sys.write(fd, "one");
    yield* sys.pwrite64(fd, "two", 3, 0);
    yield* sys.lseek(fd, 1, SET);
    yield* sys.write(fd, "three");
    yield* sys.lseek(fd, 0, CUR);
    yield* at(sys, fd, 20, 0);
    yield* sys.pwritev2(fd, ["X"], 0, RWF_NOAPPEND);
    yield* at(sys, fd, 20, 0);
  }),
  scenario("a bad buffer is EFAULT, or ends the call where the good one ends", function* (sys) {
    const fd = yield* file(sys);
    yield* sys.write(fd, pattern(100));
    yield* sys.pread64(fd, 1, 10, 0);
    yield* sys.pwrite64(fd, 1, 10, 0);
    yield* sys.pread64(fd, 1, 10, 100);
    yield* sys.pread64(fd, 1, 0, 0);
    yield* sys.preadv(fd, 1, 0);
    yield* sys.pwritev(fd, 1, 0);
    yield* at(sys, fd, 10, 0);
  }),
  scenario("reading what is open for writing, and the reverse, is EBADF", function* (sys) {
    const fd = yield* file(sys, O_WRONLY);
    const readOnly = yield* sys.open("/disk/file", O_RDONLY);
    yield* read(sys, fd);
    yield* at(sys, fd, 1, 0);
    yield* sys.preadv2(fd, [sys.buffer(1)], 0, 0x1000);
    yield* sys.write(readOnly, "x");
    yield* sys.pwrite64(readOnly, "x", 1, 0);
    yield* sys.pwritev2(readOnly, ["x"], -1);
    yield* sys.readahead(fd, 0, 10);
  }),
  scenario(
    "preadv2 and pwritev2: position -1 is the file's own, and flags that are not known are refused",
    function* (sys) {
      const fd = yield* file(sys);
      yield* sys.pwritev2(fd, ["one", "two"], -1);
      yield* sys.lseek(fd, 0, CUR);
      yield* sys.pwritev2(fd, ["THREE"], 10, RWF_DSYNC);
      yield* sys.pwritev2(fd, ["four"], 0, RWF_APPEND | RWF_SYNC);
      yield* sys.lseek(fd, 2, SET);
      yield* sys.preadv2(fd, [sys.buffer(3), sys.buffer(20)], -1);
      yield* sys.lseek(fd, 0, CUR);
      yield* sys.preadv2(fd, [sys.buffer(4)], -2);
      yield* sys.preadv2(900, [sys.buffer(4)], -2);
      yield* sys.preadv2(fd, [sys.buffer(4)], 0, RWF_ATOMIC);
      yield* sys.preadv2(fd, [sys.buffer(4)], 0, 0x1000);
      yield* sys.preadv2(fd, [], 0, 0x1000);
      yield* sys.pwritev2(fd, ["x"], 0, RWF_NOWAIT);
      yield* sys.pwritev2(fd, ["x"], 0, RWF_APPEND | RWF_NOAPPEND);
      yield* sys.preadv(fd, [sys.buffer(4)], -1);
      yield* sys.pwritev(fd, ["x"], -1);
    },
  ),
  scenario("PC-10: reading without waiting finds what is in the page cache", function* (sys) {
    const fd = yield* file(sys);
    yield* sys.write(fd, pattern(2 * PAGE));
    yield* sys.preadv2(fd, [sys.buffer(8)], PAGE - 4, RWF_NOWAIT);
    yield* sys.preadv2(fd, [sys.buffer(8)], 2 * PAGE, RWF_NOWAIT);
    const [reader, writer] = yield* pipe(sys, 0);
    yield* sys.preadv2(reader, [sys.buffer(8)], 0, RWF_NOWAIT);
    yield* sys.pwritev2(writer, ["x"], 0);
  }),
  scenario("PC-8, PC-9: advice is taken or refused by kind of file, then by advice", function* (sys) {
    const fd = yield* file(sys);
    const writeOnly = yield* sys.open("/disk/file", O_WRONLY);
    const [reader] = yield* pipe(sys);
    const event = yield* sys.eventfd(0, 0);
    yield* sys.write(fd, pattern(3 * PAGE));
    for (const advice of [NORMAL, RANDOM, SEQUENTIAL, WILLNEED, DONTNEED, NOREUSE, 6, -1]) {
      yield* sys.fadvise64(fd, 0, 0, advice);
      yield* sys.fadvise64(event, 0, 0, advice);
    }
    yield* sys.fadvise64(reader, 0, -1, 9);
    yield* sys.fadvise64(900, 0, -1, 9);
    yield* sys.fadvise64(fd, 0, -1, NORMAL);
    yield* sys.fadvise64(fd, -1, 10, WILLNEED);
    yield* sys.fadvise64(writeOnly, 0, 10, WILLNEED);
    yield* sys.readahead(fd, 0, 10);
    yield* sys.readahead(fd, 2 ** 50, 10);
    yield* sys.readahead(fd, 0, -1);
    yield* sys.readahead(reader, 0, 1);
    yield* sys.readahead(event, 0, 1);
    yield* sys.readahead(900, 0, 1);
    yield* at(sys, fd, 8, 2 * PAGE - 4);
  }),
  scenario("fallocate makes room, and makes the file larger unless it is told not to", function* (sys) {
    const fd = yield* file(sys);
    const readOnly = yield* sys.open("/disk/file", O_RDONLY);
    const [, writer] = yield* pipe(sys);
    yield* sys.fallocate(fd, 0, 0, 10_000);
    yield* sys.fstat(fd, {});
    yield* at(sys, fd, 8, 9996);
    yield* sys.fallocate(fd, 1, 20_000, 10_000);
    yield* sys.fstat(fd, {});
    yield* sys.fallocate(readOnly, 0, 0, 0);
    yield* sys.fallocate(readOnly, 0x100, 0, 1);
    yield* sys.fallocate(readOnly, 0, 0, 1);
    yield* sys.fallocate(writer, 0, 0, 1);
    yield* sys.fallocate(900, 0, -1, 1);
    yield* sys.fallocate(fd, 0, -1, 1);
    yield* sys.fallocate(yield* sys.eventfd(0, 0), 0, 0, 1);
  }),
];
