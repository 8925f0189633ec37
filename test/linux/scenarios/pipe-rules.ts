import {
  CLONE_FILES,
  CLONE_VM,
  ET,
  FIONREAD,
  IN,
  O_DIRECT,
  O_NONBLOCK,
  O_RDWR,
  OUT,
  RDHUP,
  RDNORM,
  type Scenario,
  WRNORM,
  scenario,
} from "../scenario.ts";
import { pattern, pipe, read, wait, watch, watching, unixPair } from "./helpers.ts";

const F_SETPIPE_SZ = 1031;
const F_GETPIPE_SZ = 1032;
const MIB = 1 << 20;

/** Pipes: sizes, packets, wake-ups. */
export const pipeRules: Scenario[] = [
  scenario(
    "PI-1: a pipe has 64 KiB; its size is rounded up to a power of two of pages, 1 MiB at most",
    function* (sys) {
      const [reader, writer] = yield* pipe(sys);
      yield* sys.fcntl(reader, F_GETPIPE_SZ);
      for (const size of [1, 4096, 4097, 70_000, 131_072, MIB - 1, MIB]) yield* sys.fcntl(writer, F_SETPIPE_SZ, size);
      yield* sys.fcntl(reader, F_GETPIPE_SZ);
      for (const size of [MIB + 1, 2 ** 31, 2 ** 31 + 1, -1]) yield* sys.fcntl(writer, F_SETPIPE_SZ, size);
      yield* sys.fcntl(writer, F_SETPIPE_SZ, 0);
      yield* sys.fcntl(writer, F_GETPIPE_SZ);
      const other = yield* sys.eventfd(0, 0);
      yield* sys.fcntl(other, F_GETPIPE_SZ);
      yield* sys.fcntl(other, F_SETPIPE_SZ, 4096);
    },
  ),
  scenario("PI-1: a pipe is not made smaller than what it holds, counted in slots", function* (sys) {
    const [reader, writer] = yield* pipe(sys);
    for (let i = 0; i < 3; i++) yield* sys.write(writer, pattern(2049));
    yield* sys.fcntl(reader, F_SETPIPE_SZ, 8192);
    yield* sys.fcntl(reader, F_SETPIPE_SZ, 16_384);
    yield* sys.write(writer, pattern(4096));
    yield* sys.write(writer, pattern(4096));
    yield* read(sys, reader, 2049);
    yield* sys.write(writer, pattern(4096, 9));
    yield* sys.fcntl(reader, F_SETPIPE_SZ, 65_536);
    yield* read(sys, reader, 65_536);
  }),
  scenario("PI-1: a pipe that is made larger lets a writer that waits go on", function* (sys) {
    const [reader, writer] = yield* pipe(sys, 0);
    yield* sys.write(writer, pattern(65_536));
    yield* sys.clone(CLONE_VM | CLONE_FILES, function* (task) {
      yield* task.write(writer, pattern(5000));
    });
    yield* sys.asleep();
    yield* sys.fcntl(reader, F_SETPIPE_SZ, 131_072);
    yield* sys.asleep();
    yield* sys.ioctl(reader, FIONREAD, { value: 0 });
  }),
  scenario("PI-12: who watches the write end hears nothing of writes", function* (sys) {
    const [reader, writer] = yield* pipe(sys);
    const epfd = yield* watching(sys, OUT | ET, writer);
    yield* wait(sys, epfd);
    yield* sys.write(writer, "x");
    yield* wait(sys, epfd);
    yield* read(sys, reader);
    yield* wait(sys, epfd);
  }),
  scenario("PI-11: a write wakes with IN and RDNORM, a read of a full pipe with OUT and WRNORM", function* (sys) {
    const [reader, writer] = yield* pipe(sys);
    const epfd = yield* sys.epoll_create1(0);
    yield* watch(sys, epfd, reader, RDNORM | ET);
    yield* watch(sys, epfd, writer, WRNORM | ET);
    yield* wait(sys, epfd);
    yield* sys.write(writer, pattern(65_536));
    yield* wait(sys, epfd);
    yield* read(sys, reader, 4096);
    yield* wait(sys, epfd);
  }),
  scenario("PI-13: the last of one side tells both queues, whatever they wait for", function* (sys) {
    for (const side of [0, 1]) {
      const ends = yield* pipe(sys);
      const other = ends[1 - side]!;
      const epfd = yield* watching(sys, RDHUP | ET, other);
      yield* wait(sys, epfd);
      const copy = yield* sys.dup(ends[side]!);
      yield* sys.close(ends[side]!);
      yield* wait(sys, epfd);
      yield* sys.close(copy);
      yield* wait(sys, epfd);
    }
  }),
  scenario("PI-14: a full pipe without readers has ERR and no OUT; RDHUP is never true", function* (sys) {
    const [reader, writer] = yield* pipe(sys);
    yield* sys.write(writer, pattern(65_536));
    const epfd = yield* watching(sys, IN | OUT | RDHUP, writer);
    yield* wait(sys, epfd);
    yield* sys.close(reader);
    yield* wait(sys, epfd);
  }),
  scenario("PI-17: with O_DIRECT a write is a packet, and a short read throws its rest away", function* (sys) {
    const [reader, writer] = yield* pipe(sys, O_DIRECT | O_NONBLOCK);
    yield* sys.write(writer, "first");
    yield* sys.write(writer, "second");
    yield* sys.ioctl(reader, FIONREAD, { value: 0 });
    yield* read(sys, reader, 2);
    yield* sys.ioctl(reader, FIONREAD, { value: 0 });
    yield* read(sys, reader);
    yield* read(sys, reader);
    yield* sys.write(writer, pattern(5000));
    yield* read(sys, reader, 10_000);
    yield* read(sys, reader, 10_000);
    for (let i = 0; i < 17; i++) yield* sys.write(writer, "x");
    yield* sys.write(writer, "");
    yield* read(sys, reader);
  }),
  scenario("PI-17: O_DIRECT can be turned on and off for a pipe that is there", function* (sys) {
    const F_SETFL = 4;
    const [reader, writer] = yield* pipe(sys);
    yield* sys.write(writer, "merges ");
    yield* sys.write(writer, "well");
    yield* sys.fcntl(writer, F_SETFL, O_DIRECT | O_NONBLOCK);
    yield* sys.write(writer, "packet");
    yield* sys.write(writer, "another");
    yield* read(sys, reader);
    yield* read(sys, reader);
    yield* sys.fcntl(writer, F_SETFL, O_NONBLOCK);
    yield* sys.write(writer, " and more");
    yield* read(sys, reader);
    yield* read(sys, reader);
  }),
  scenario("PI-18: pipe2 knows O_NONBLOCK, O_CLOEXEC and O_DIRECT; pipes have no position", function* (sys) {
    for (const flags of [O_RDWR, 1, 0x400, 0x80, O_NONBLOCK | 0x80000]) yield* sys.pipe2([], flags);
    const [reader] = yield* pipe(sys);
    for (const whence of [0, 1, 2, 9]) yield* sys.lseek(reader, 0, whence);
  }),
  scenario("PI-18: FIONREAD adds the slots up, at either end", function* (sys) {
    const [reader, writer] = yield* pipe(sys);
    yield* sys.ioctl(reader, FIONREAD, { value: 0 });
    yield* sys.write(writer, pattern(3000));
    yield* sys.write(writer, pattern(3000));
    yield* read(sys, reader, 100);
    yield* sys.ioctl(reader, FIONREAD, { value: 0 });
    yield* sys.ioctl(writer, FIONREAD, { value: 0 });
  }),
  scenario("B-6: two opens of a file have two positions, a copy shares one", function* (sys) {
    const O_CREAT = 0x40;
    const first = yield* sys.open("/file", O_RDWR | O_CREAT, 0o600);
    yield* sys.write(first, "0123456789");
    const second = yield* sys.open("/file", O_RDWR);
    yield* read(sys, second, 3);
    yield* read(sys, first, 3);
    const copy = yield* sys.dup(second);
    yield* read(sys, copy, 3);
    yield* read(sys, second, 3);
    yield* sys.lseek(copy, 1, 0);
    yield* read(sys, second, 3);
  }),
  scenario(
    "B-8: close() does not wake who sleeps in a call on the descriptor; the call keeps the file",
    function* (sys) {
      const [reader, writer] = yield* pipe(sys, 0);
      yield* sys.clone(CLONE_VM | CLONE_FILES, function* (task) {
        yield* read(task, reader);
        yield* read(task, reader);
      });
      yield* sys.asleep();
      yield* sys.close(reader);
      yield* sys.asleep();
      yield* sys.write(writer, "still");
      yield* sys.asleep();
      yield* sys.write(writer, "gone");
    },
  ),
  scenario("what goes with close() is gone when it returns", function* (sys) {
    const [a, b] = yield* unixPair(sys);
    const epfd = yield* watching(sys, IN, a, b);
    yield* sys.write(a, "x");
    yield* sys.close(a);
    yield* wait(sys, epfd);
    yield* read(sys, b);
    yield* read(sys, b);
    yield* sys.close(b);
    yield* wait(sys, epfd);
  }),
  scenario("EV-6: an eventfd wakes with IN and OUT alone: RDNORM and WRNORM are never true", function* (sys) {
    const fd = yield* sys.eventfd(0, O_NONBLOCK);
    const epfd = yield* watching(sys, RDNORM | WRNORM, fd);
    yield* sys.write(fd, new Uint8Array([1, 0, 0, 0, 0, 0, 0, 0]));
    yield* wait(sys, epfd);
    yield* read(sys, fd, 8);
    yield* wait(sys, epfd);
  }),
];
