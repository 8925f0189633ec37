import {
  CLONE_FILES,
  CLONE_VM,
  FIONREAD,
  O_APPEND,
  O_CREAT,
  O_NONBLOCK,
  O_RDONLY,
  O_RDWR,
  O_WRONLY,
  SPLICE_F_NONBLOCK,
  type Scenario,
  type Sys,
  scenario,
} from "../scenario.ts";
import { pattern, pipe, read } from "./helpers.ts";

type Steps<T> = Generator<unknown, T, unknown>;

const [SEEK_SET, SEEK_CUR] = [0, 1];
const SHARED = CLONE_VM | CLONE_FILES;

/** A file with `length` bytes, at its beginning. */
export function* file(sys: Sys, path: string, length: number, start = 0): Steps<number> {
  const fd = yield* sys.open(path, O_RDWR | O_CREAT, 0o600);
  if (length > 0) yield* sys.write(fd, pattern(length, start));
  yield* sys.lseek(fd, 0, SEEK_SET);
  return fd;
}

/** Overwrites the file from a position on. */
export function* overwrite(sys: Sys, fd: number, position: number, length: number, start: number): Steps<void> {
  yield* sys.lseek(fd, position, SEEK_SET);
  yield* sys.write(fd, pattern(length, start));
}

/** Pages of files in pipes, and back into files. */
export const spliceFiles: Scenario[] = [
  scenario("SF-1: what splice() between a file and a pipe refuses, and in which order", function* (sys) {
    const [reader, writer] = yield* pipe(sys);
    const fd = yield* file(sys, "/f", 10_000);
    const [readable, appending] = [yield* sys.open("/f", O_RDONLY), yield* sys.open("/f", O_WRONLY | O_APPEND)];
    yield* sys.write(writer, "hello");
    yield* sys.splice(fd, null, fd, null, 5, 0);
    yield* sys.splice(fd, 8, fd, null, 5, 0);
    yield* sys.splice(fd, { value: 0 }, writer, { value: 0 }, 5, 0);
    yield* sys.splice(fd, 8, writer, null, 5, 0);
    yield* sys.splice(reader, null, fd, 8, 5, 0);
    yield* sys.splice(reader, { value: 0 }, fd, null, 5, 0);
    yield* sys.splice(reader, null, readable, null, 5, 0);
    yield* sys.splice(appending, null, writer, null, 5, 0);
    yield* sys.splice(reader, null, appending, null, 5, 0);
    yield* sys.splice(reader, null, appending, { value: 0 }, 5, 0);
    yield* sys.splice(reader, null, fd, { value: -5 }, 5, 0);
    yield* sys.splice(fd, { value: -5 }, writer, null, 5, 0);
    yield* sys.splice(reader, null, fd, { value: 0 }, -1, 0);
    yield* sys.splice(fd, { value: 0 }, writer, null, -1, 0);
    yield* sys.tee(fd, writer, 5, 0);
    yield* sys.tee(reader, fd, 5, 0);
    yield* read(sys, reader);
  }),
  scenario("SF-1: neither counters nor epolls can be spliced; /dev/null takes all, /dev/zero gives", function* (sys) {
    const [reader, writer] = yield* pipe(sys);
    yield* sys.write(writer, "hello");
    const event = yield* sys.eventfd(3, O_NONBLOCK);
    const epfd = yield* sys.epoll_create1(0);
    const [nothing, zero] = [yield* sys.open("/dev/null", O_RDWR), yield* sys.open("/dev/zero", O_RDWR)];
    for (const fd of [event, epfd, nothing]) yield* sys.splice(fd, null, writer, null, 8, 0);
    for (const fd of [event, epfd]) yield* sys.splice(reader, null, fd, null, 8, 0);
    yield* sys.splice(reader, null, nothing, null, 3, 0);
    yield* sys.splice(reader, null, nothing, { value: 7 }, 1, 0);
    yield* sys.splice(reader, null, zero, null, 10, 0);
    yield* sys.splice(reader, null, zero, null, 10, 0);
    yield* sys.splice(zero, null, writer, null, 5000, 0);
    yield* sys.splice(zero, null, writer, null, 500_000, 0);
    yield* sys.splice(zero, null, writer, null, 5, 0);
    yield* read(sys, reader, 100_000);
  }),
  scenario("SF-3: a file fills the free slots: a part of a page takes one as well", function* (sys) {
    const [reader, writer] = yield* pipe(sys);
    const fd = yield* file(sys, "/f", 200_000);
    yield* sys.splice(fd, null, writer, null, 200_000, 0);
    yield* sys.lseek(fd, 0, SEEK_CUR);
    yield* sys.splice(fd, null, writer, null, 1, 0);
    yield* read(sys, reader, 100_000);
    const offset = { value: 100 };
    yield* sys.splice(fd, offset, writer, null, 200_000, 0);
    yield* sys.lseek(fd, 0, SEEK_CUR);
    yield* read(sys, reader, 5000);
    yield* sys.splice(fd, offset, writer, null, 200_000, 0);
    yield* read(sys, reader, 100_000);
    yield* sys.lseek(fd, 199_990, SEEK_SET);
    yield* sys.splice(fd, null, writer, null, 4096, 0);
    yield* sys.splice(fd, null, writer, null, 4096, 0);
    yield* sys.splice(fd, { value: 500_000 }, writer, null, 4096, 0);
    yield* read(sys, reader, 100_000);
  }),
  scenario("SF-4: what is written to the file before the pipe is read, the reader sees", function* (sys) {
    const [reader, writer] = yield* pipe(sys);
    const fd = yield* file(sys, "/f", 10_000);
    yield* sys.splice(fd, { value: 0 }, writer, null, 10_000, 0);
    yield* overwrite(sys, fd, 3000, 3000, 91);
    yield* read(sys, reader, 100_000);
  }),
  scenario("SF-4, SF-6: so does who has it from tee()", function* (sys) {
    const [reader, writer] = yield* pipe(sys);
    const [sink, out] = yield* pipe(sys);
    const fd = yield* file(sys, "/f", 10_000);
    yield* sys.splice(fd, { value: 0 }, writer, null, 10_000, 0);
    yield* sys.tee(reader, out, 5000, 0);
    yield* read(sys, reader, 100_000);
    yield* overwrite(sys, fd, 3000, 3000, 91);
    yield* read(sys, sink, 100_000);
  }),
  scenario("SF-5: a write takes a new slot and never alters the file", function* (sys) {
    const [reader, writer] = yield* pipe(sys);
    const fd = yield* file(sys, "/f", 100);
    yield* sys.splice(fd, { value: 0 }, writer, null, 50, 0);
    yield* sys.write(writer, "behind it");
    yield* sys.write(writer, "and again");
    yield* read(sys, fd, 100);
    yield* sys.ioctl(reader, FIONREAD, { value: 0 });
    yield* read(sys, reader, 100);
  }),
  scenario("SF-4: a file cut short, and unlinked, leaves in the pipe what was in its pages", function* (sys) {
    const [reader, writer] = yield* pipe(sys);
    const fd = yield* file(sys, "/f", 10_000);
    yield* sys.splice(fd, { value: 0 }, writer, null, 10_000, 0);
    yield* sys.unlink("/f");
    yield* sys.close(fd);
    yield* read(sys, reader, 100_000);
  }),
  scenario("SF-1: from a pipe to a file, at its position or at another", function* (sys) {
    const [reader, writer] = yield* pipe(sys);
    const fd = yield* file(sys, "/f", 100);
    yield* sys.write(writer, pattern(9000, 3));
    yield* sys.splice(reader, null, fd, null, 10, 0);
    yield* sys.lseek(fd, 0, SEEK_CUR);
    const offset = { value: 8190 };
    yield* sys.splice(reader, null, fd, offset, 5000, 0);
    yield* sys.splice(reader, null, fd, offset, 100_000, 0);
    yield* sys.lseek(fd, 0, SEEK_CUR);
    yield* sys.splice(reader, null, fd, offset, 5, 0);
    yield* sys.splice(reader, null, fd, null, 5, SPLICE_F_NONBLOCK);
    yield* sys.lseek(fd, 0, SEEK_SET);
    yield* read(sys, fd, 100_000);
  }),
  scenario("SF-5: from file to file through a pipe: the other file has pages of its own", function* (sys) {
    const [reader, writer] = yield* pipe(sys);
    const from = yield* file(sys, "/a", 20_000);
    const to = yield* file(sys, "/b", 0);
    yield* sys.splice(from, null, writer, null, 20_000, 0);
    yield* sys.splice(reader, null, to, null, 20_000, 0);
    yield* overwrite(sys, from, 0, 5000, 33);
    yield* sys.lseek(to, 0, SEEK_SET);
    yield* read(sys, to, 30_000);
  }),
  scenario("SF-2: splice() to a file waits for bytes, and answers what there is", function* (sys) {
    const [reader, writer] = yield* pipe(sys, 0);
    const fd = yield* file(sys, "/f", 0);
    yield* sys.clone(SHARED, function* (task) {
      yield* task.splice(reader, null, fd, null, 1000, 0);
      yield* task.splice(reader, null, fd, null, 1000, 0);
    });
    yield* sys.asleep();
    yield* sys.write(writer, "first");
    yield* sys.asleep();
    yield* sys.close(writer);
    yield* sys.asleep();
    yield* sys.lseek(fd, 0, SEEK_SET);
    yield* read(sys, fd, 100);
  }),
  scenario("SF-2: a pipe without readers: EPIPE, whatever is asked", function* (sys) {
    const [reader, writer] = yield* pipe(sys);
    const fd = yield* file(sys, "/f", 100);
    yield* sys.close(reader);
    yield* sys.splice(fd, null, writer, null, 10, 0);
    yield* sys.splice(fd, { value: 5000 }, writer, null, 10, 0);
    yield* sys.sendfile(writer, fd, null, 10);
  }),
  scenario("SF-9: what sendfile() refuses, and in which order", function* (sys) {
    const [reader, writer] = yield* pipe(sys);
    const fd = yield* file(sys, "/f", 1000);
    const [readable, appending] = [yield* sys.open("/f", O_RDONLY), yield* sys.open("/f", O_WRONLY | O_APPEND)];
    const event = yield* sys.eventfd(0, O_NONBLOCK);
    yield* sys.sendfile(99, 98, 8, 5);
    yield* sys.sendfile(99, 98, null, 5);
    yield* sys.sendfile(99, fd, null, 5);
    yield* sys.sendfile(99, appending, null, 5);
    yield* sys.sendfile(readable, fd, null, 5);
    yield* sys.sendfile(99, fd, { value: -1 }, 5);
    yield* sys.sendfile(99, fd, null, -1);
    yield* sys.sendfile(writer, reader, { value: 0 }, 5);
    yield* sys.sendfile(writer, reader, null, 5);
    yield* sys.sendfile(fd, reader, null, 5);
    yield* sys.sendfile(fd, event, null, 5);
    yield* sys.sendfile(appending, fd, null, 5);
    yield* sys.sendfile(appending, fd, null, 0);
    yield* sys.sendfile(event, fd, null, 5);
    yield* sys.sendfile(event, fd, null, 0);
    yield* sys.sendfile(event, fd, { value: 5000 }, 5);
    yield* sys.sendfile(writer, fd, { value: 2 ** 43 }, 5);
  }),
  scenario("SF-10: with an offset the position stays, without one it moves", function* (sys) {
    const [reader, writer] = yield* pipe(sys);
    const fd = yield* file(sys, "/f", 1000);
    yield* sys.sendfile(writer, fd, { value: 100 }, 50);
    yield* sys.lseek(fd, 0, SEEK_CUR);
    yield* sys.sendfile(writer, fd, null, 70);
    yield* sys.lseek(fd, 0, SEEK_CUR);
    yield* sys.sendfile(writer, fd, { value: 990 }, 50);
    yield* sys.sendfile(writer, fd, { value: 1000 }, 50);
    yield* sys.sendfile(writer, fd, { value: 2000 }, 50);
    yield* sys.sendfile(writer, fd, { value: 0 }, 0);
    yield* read(sys, reader, 1000);
  }),
  scenario("SF-8: sendfile() to a pipe fills it; O_NONBLOCK of the pipe counts", function* (sys) {
    const [reader, writer] = yield* pipe(sys);
    const fd = yield* file(sys, "/f", 100_000);
    yield* sys.sendfile(writer, fd, null, 100_000);
    yield* sys.sendfile(writer, fd, null, 100_000);
    yield* read(sys, reader, 4097);
    yield* sys.sendfile(writer, fd, null, 100_000);
    yield* sys.lseek(fd, 0, SEEK_CUR);
    yield* read(sys, reader, 100_000);
  }),
  scenario("SF-8, SF-11: sendfile() from file to file goes on to the end", function* (sys) {
    const from = yield* file(sys, "/a", 200_000);
    const to = yield* file(sys, "/b", 10);
    yield* sys.lseek(from, 100, SEEK_SET);
    yield* sys.sendfile(to, from, null, 150_000);
    yield* sys.sendfile(to, from, null, 2 ** 40);
    yield* sys.lseek(from, 0, SEEK_CUR);
    yield* sys.lseek(to, 0, SEEK_CUR);
    yield* sys.lseek(to, 0, SEEK_SET);
    yield* read(sys, to, 300_000);
  }),
  scenario("SF-9: sendfile() from devices, and within one file", function* (sys) {
    const fd = yield* file(sys, "/f", 6000);
    const [nothing, zero] = [yield* sys.open("/dev/null", O_RDWR), yield* sys.open("/dev/zero", O_RDWR)];
    const [reader, writer] = yield* pipe(sys);
    yield* sys.sendfile(writer, nothing, null, 5);
    yield* sys.sendfile(fd, nothing, null, 5);
    yield* sys.sendfile(writer, zero, null, 5);
    yield* sys.sendfile(nothing, fd, null, 5000);
    yield* sys.lseek(fd, 3000, SEEK_SET);
    yield* sys.sendfile(fd, zero, null, 5000);
    yield* sys.sendfile(fd, fd, { value: 0 }, 9000);
    yield* sys.lseek(fd, 0, SEEK_CUR);
    yield* sys.lseek(fd, 0, SEEK_SET);
    yield* read(sys, fd, 100_000);
    yield* read(sys, reader, 100);
  }),
  scenario("copy_file_range(): what it refuses, and in which order", function* (sys) {
    const [reader, writer] = yield* pipe(sys);
    const fd = yield* file(sys, "/f", 1000);
    const other = yield* file(sys, "/g", 0);
    const [readable, appending] = [yield* sys.open("/f", O_RDONLY), yield* sys.open("/g", O_WRONLY | O_APPEND)];
    const event = yield* sys.eventfd(0, O_NONBLOCK);
    const nothing = yield* sys.open("/dev/null", O_RDWR);
    yield* sys.copy_file_range(99, null, 98, null, 5, 1);
    yield* sys.copy_file_range(fd, null, 98, null, 5, 1);
    yield* sys.copy_file_range(fd, 8, other, null, 5, 1);
    yield* sys.copy_file_range(fd, null, other, 8, 5, 1);
    yield* sys.copy_file_range(reader, null, writer, null, 5, 1);
    yield* sys.copy_file_range(reader, null, other, null, 5, 0);
    yield* sys.copy_file_range(fd, null, writer, null, 5, 0);
    yield* sys.copy_file_range(fd, null, event, null, 5, 0);
    yield* sys.copy_file_range(fd, null, nothing, null, 5, 0);
    yield* sys.copy_file_range(appending, null, other, null, 5, 0);
    yield* sys.copy_file_range(fd, null, readable, null, 5, 0);
    yield* sys.copy_file_range(fd, null, appending, null, 5, 0);
    yield* sys.copy_file_range(fd, { value: -1 }, other, null, 5, 0);
    yield* sys.copy_file_range(fd, null, other, { value: -1 }, 5, 0);
    yield* sys.copy_file_range(fd, { value: -10 }, other, null, 5, 0);
    yield* sys.copy_file_range(fd, { value: 2000 }, other, null, -1, 0);
    yield* sys.copy_file_range(fd, { value: 1000 }, other, null, 5, 0);
    yield* sys.copy_file_range(fd, null, other, null, 0, 0);
    yield* sys.copy_file_range(fd, { value: 0 }, fd, { value: 100 }, 101, 0);
    yield* sys.copy_file_range(fd, { value: 100 }, fd, { value: 0 }, 101, 0);
    yield* sys.copy_file_range(fd, { value: 100 }, fd, { value: 100 }, 1, 0);
    yield* sys.copy_file_range(fd, { value: 100 }, fd, { value: 100 }, 0, 0);
  }),
  scenario("copy_file_range(): positions, offsets, ends, and within one file", function* (sys) {
    const from = yield* file(sys, "/a", 150_000);
    const to = yield* file(sys, "/b", 100);
    yield* sys.copy_file_range(from, null, to, null, 70_000, 0);
    yield* sys.lseek(from, 0, SEEK_CUR);
    yield* sys.lseek(to, 0, SEEK_CUR);
    yield* sys.copy_file_range(from, { value: 149_000 }, to, null, 5000, 0);
    yield* sys.copy_file_range(from, null, to, { value: 200_000 }, 10, 0);
    yield* sys.copy_file_range(from, { value: 140_000 }, from, { value: 10_000 }, 2 ** 40, 0);
    yield* sys.copy_file_range(from, { value: 0 }, from, { value: 150_000 }, 20_000, 0);
    yield* sys.lseek(from, 0, SEEK_SET);
    yield* read(sys, from, 300_000);
    yield* sys.lseek(to, 0, SEEK_SET);
    yield* read(sys, to, 300_000);
  }),
];
