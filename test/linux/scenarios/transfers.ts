import {
  AF_UNIX,
  CLONE_FILES,
  CLONE_VM,
  IOCB_CMD_PREAD,
  IOCB_CMD_PWRITE,
  O_APPEND,
  O_CREAT,
  O_DIRECT,
  O_NONBLOCK,
  O_RDWR,
  SIGKILL,
  SIGUSR1,
  SOCK_STREAM,
  type Scenario,
  type Sys,
  scenario,
} from "../scenario.ts";
import { pattern, pipe, read } from "./helpers.ts";
import { file } from "./splice-files.ts";

type Steps<T> = Generator<unknown, T, unknown>;

const FILE = "/disk/f";
const SHARED = CLONE_VM | CLONE_FILES;
const [SEEK_SET, SEEK_CUR] = [0, 1];
const [PAGE, RW, MAP_SHARED, OWN] = [4096, 3, 0x10_0001, 0x10_0022];
/** Where programs map, and an address where nothing is. */
const [AT, BAD] = [0x1000_0000, 8];

/** Two pages of memory, the second of which is not there. */
function* halfMapped(sys: Sys): Steps<void> {
  yield* sys.mmap(AT, 2 * PAGE, RW, OWN, -1, 0);
  yield* sys.munmap(AT + PAGE, PAGE);
}

/** A file with `length` bytes that are on the disk, open as well past the page cache. */
function* onDisk(sys: Sys, length: number, flags = 0): Steps<[fd: number, direct: number]> {
  const fd = yield* file(sys, FILE, length);
  yield* sys.fsync(fd);
  return [fd, yield* sys.open(FILE, O_RDWR | O_DIRECT | flags)];
}

/** What happens to transfers of files that others get in the way of: faults, other ends, signals, closing. */
export const transfers: Scenario[] = [
  scenario("a write that finds nothing to read makes the file reach its position all the same", function* (sys) {
    const fd = yield* file(sys, FILE, 100);
    yield* sys.pwrite64(fd, BAD, 10, 5000);
    yield* sys.fstat(fd, {});
    yield* sys.pwrite64(fd, BAD, 10, 50);
    yield* sys.fstat(fd, {});
    yield* halfMapped(sys);
    for (const position of [5 * PAGE, 10 * PAGE + 1]) {
      yield* sys.pwrite64(fd, AT, 2 * PAGE, position);
      yield* sys.fstat(fd, {});
    }
    const appending = yield* sys.open(FILE, O_RDWR | O_APPEND);
    yield* sys.write(appending, BAD, 10);
    yield* sys.lseek(appending, 0, SEEK_CUR);
    yield* sys.fstat(fd, {});
    yield* read(sys, fd, 100_000);
  }),
  scenario("a write that appends, and fails, leaves the position where it was", function* (sys) {
    yield* file(sys, FILE, 100);
    const fd = yield* sys.open(FILE, O_RDWR | O_APPEND);
    yield* sys.lseek(fd, 7, SEEK_SET);
    yield* sys.write(fd, BAD, 5);
    yield* sys.lseek(fd, 0, SEEK_CUR);
    yield* sys.write(fd, "x");
    yield* sys.lseek(fd, 0, SEEK_CUR);
    yield* sys.writev(fd, []);
    yield* sys.write(fd, BAD, 0);
    yield* sys.lseek(fd, 0, SEEK_CUR);
  }),
  scenario("buffers of which a part is not there: so many bytes are moved as there is room for", function* (sys) {
    const fd = yield* file(sys, FILE, 20_000);
    yield* halfMapped(sys);
    for (const [at, count, position] of [
      [AT, 2 * PAGE, 0],
      [AT + 100, 2 * PAGE, 4000],
      [AT + PAGE - 1, 2, 19_999],
      [AT + PAGE - 1, 2, PAGE - 1],
      [AT + PAGE, 2, 0],
      [AT + PAGE, 2, 20_000],
      [AT + PAGE, 0, 0],
    ] as const) {
      yield* sys.pread64(fd, at, count, position);
      yield* sys.pwrite64(fd, at, count, position);
    }
    yield* sys.fstat(fd, {});
    yield* read(sys, fd, 30_000);
  }),
  scenario("past the page cache it is all or nothing, and what was reserved for it is free again", function* (sys) {
    const [fd, direct] = yield* onDisk(sys, 16 * PAGE);
    yield* halfMapped(sys);
    for (const position of [0, 15 * PAGE, 16 * PAGE]) {
      yield* sys.pread64(direct, AT, 2 * PAGE, position);
      yield* sys.pwrite64(direct, AT, 2 * PAGE, position);
      yield* sys.fstat(direct, {});
    }
    yield* sys.pread64(fd, sys.buffer(100), 100, 16 * PAGE - 100);
  }),
  scenario("past the page cache, to and from a mapping of the same file", function* (sys) {
    const [fd, direct] = yield* onDisk(sys, 4 * PAGE);
    yield* sys.mmap(AT, 4 * PAGE, RW, MAP_SHARED, fd, 0);
    yield* sys.pread64(direct, AT + 2 * PAGE, PAGE, 0);
    yield* sys.pread64(fd, sys.buffer(4 * PAGE), 4 * PAGE, 0);
    yield* sys.pwrite64(direct, AT, PAGE, PAGE);
    yield* sys.pwrite64(direct, AT, 2 * PAGE, 4 * PAGE);
    yield* sys.pread64(fd, sys.buffer(8 * PAGE), 8 * PAGE, 0);
    yield* sys.pread64(direct, AT + 4 * PAGE, PAGE, 0);
  }),
  scenario("past the page cache at an end that is no multiple of anything", function* (sys) {
    const [fd, direct] = yield* onDisk(sys, 5000);
    yield* sys.mmap(AT, 16 * PAGE, RW, OWN, -1, 0);
    for (const position of [PAGE, 4608, 5120, 5000]) yield* sys.pread64(direct, AT, 512, position);
    yield* sys.pwrite64(direct, AT, 512, 51_200);
    yield* sys.fstat(direct, {});
    yield* sys.read(direct, AT, 16 * PAGE);
    yield* sys.lseek(direct, 0, SEEK_CUR);
    yield* sys.ftruncate(fd, 1000);
    yield* sys.lseek(direct, 512, SEEK_SET);
    yield* sys.read(direct, AT, 512);
    yield* sys.lseek(direct, 0, SEEK_CUR);
    yield* sys.read(direct, AT, 512);
  }),
  scenario("what is being read and written is finished though its descriptor is closed", function* (sys) {
    const [, direct] = yield* onDisk(sys, 2 * PAGE);
    yield* sys.mmap(AT, 4 * PAGE, RW, OWN, -1, 0);
    const ctx = { value: 0 };
    yield* sys.io_setup(8, ctx);
    const reading = sys.iocb({ opcode: IOCB_CMD_PREAD, fd: direct, buf: AT, nbytes: PAGE, offset: 0, data: 1 });
    const write = { opcode: IOCB_CMD_PWRITE, fd: direct, buf: AT + 2 * PAGE, nbytes: PAGE, offset: PAGE, data: 2 };
    yield* sys.io_submit(ctx, [reading]);
    yield* sys.io_submit(ctx, [sys.iocb(write)]);
    yield* sys.close(direct);
    yield* sys.io_submit(ctx, [reading]);
    yield* sys.io_destroy(ctx);
    yield* sys.io_destroy(ctx);
  }),
  scenario("sendfile() asleep for a socket goes on though both its files are closed", function* (sys) {
    const fd = yield* file(sys, FILE, 300_000);
    const ends: number[] = [];
    yield* sys.socketpair(AF_UNIX, SOCK_STREAM, 0, ends);
    const [to = -1, from = -1] = ends;
    yield* sys.clone(SHARED, function* (thread) {
      yield* thread.sendfile(to, fd, { value: 0 }, 300_000);
      yield* thread.lseek(fd, 0, SEEK_CUR);
    });
    yield* sys.asleep();
    yield* sys.close(fd);
    yield* sys.close(to);
    for (let i = 0; i < 4; i++) {
      yield* read(sys, from, 100_000);
      yield* sys.asleep();
    }
  }),
  scenario("sendfile() asleep for a pipe finds the file shorter", function* (sys) {
    const fd = yield* file(sys, FILE, 300_000);
    const [reader, writer] = yield* pipe(sys, 0);
    yield* sys.clone(SHARED, function* (thread) {
      const offset = { value: 0 };
      for (let i = 0; i < 3; i++) yield* thread.sendfile(writer, fd, offset, 300_000);
    });
    yield* sys.asleep();
    yield* sys.ftruncate(fd, 70_000);
    for (let i = 0; i < 2; i++) {
      yield* read(sys, reader, 65_536);
      yield* sys.asleep();
    }
  }),
  scenario(
    "a signal ends sendfile() to a full socket with what was sent, and with -EINTR if that was nothing",
    function* (sys) {
      const fd = yield* file(sys, FILE, 600_000);
      const ends: number[] = [];
      yield* sys.socketpair(AF_UNIX, SOCK_STREAM, 0, ends);
      const [to = -1] = ends;
      const child = yield* sys.fork(function* (own) {
        yield* own.sigaction(SIGUSR1, function* () {});
        yield* own.sendfile(to, fd, { value: 0 }, 600_000);
        yield* own.sendfile(to, fd, null, 600_000);
        yield* own.lseek(fd, 0, SEEK_CUR);
      });
      for (let i = 0; i < 2; i++) {
        yield* sys.asleep();
        yield* sys.kill(child, SIGUSR1);
      }
      yield* sys.asleep();
    },
  ),
  scenario("who is killed in sendfile() leaves in the pipe what was moved", function* (sys) {
    const fd = yield* file(sys, FILE, 300_000);
    const [reader, writer] = yield* pipe(sys, 0);
    const child = yield* sys.fork(function* (own) {
      for (let i = 0; i < 2; i++) yield* own.sendfile(writer, fd, { value: 0 }, 300_000);
    });
    yield* sys.asleep();
    yield* sys.kill(child, SIGKILL);
    yield* sys.asleep();
    yield* read(sys, reader, 100_000);
    yield* sys.close(writer);
    yield* read(sys, reader, 100_000);
  }),
  scenario("a child reads pages of a file from its parent's pipe, and changes them", function* (sys) {
    const fd = yield* file(sys, FILE, 10_000);
    const [reader, writer] = yield* pipe(sys, 0);
    yield* sys.splice(fd, { value: 0 }, writer, null, 10_000, 0);
    yield* sys.fork(function* (own) {
      yield* read(own, reader, 5000);
      yield* own.pwrite64(fd, pattern(5, 200), 5, 6000);
      yield* own.splice(fd, { value: 0 }, writer, null, 3000, 0);
    });
    yield* sys.asleep();
    yield* read(sys, reader, 20_000);
  }),
  scenario("sendfile() from a file to itself, from before its end to behind it", function* (sys) {
    const fd = yield* file(sys, FILE, 100);
    const other = yield* sys.open(FILE, O_RDWR | O_CREAT | O_NONBLOCK);
    yield* sys.lseek(other, 100, SEEK_SET);
    for (let i = 0; i < 2; i++) yield* sys.sendfile(other, fd, null, 1000);
    for (const each of [fd, other]) yield* sys.lseek(each, 0, SEEK_CUR);
    yield* sys.lseek(fd, 0, SEEK_SET);
    yield* read(sys, fd, 10_000);
  }),
];
