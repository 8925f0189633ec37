import { ET, F_SETFL, IN, OUT, O_NONBLOCK, type Scenario, scenario } from "../scenario.ts";
import { pattern, pipe, read, wait, watching } from "./helpers.ts";

/** Pipes without sleeping: slots, merging, fullness, ends. */
export const pipes: Scenario[] = [
  scenario(
    "PI-8: an empty pipe gives EAGAIN, then its bytes in order, then 0 once its writer is gone",
    function* (sys) {
      const [reader, writer] = yield* pipe(sys);
      yield* read(sys, reader);
      yield* sys.write(writer, "one ");
      yield* sys.write(writer, "two");
      yield* read(sys, reader, 5);
      yield* read(sys, reader);
      yield* sys.close(writer);
      yield* read(sys, reader);
    },
  ),
  scenario("PI-7: writing to a pipe without reader is EPIPE, except zero bytes", function* (sys) {
    const [reader, writer] = yield* pipe(sys);
    yield* sys.close(reader);
    yield* sys.write(writer, "x");
    yield* sys.write(writer, "");
  }),
  scenario("PI-3: a pipe is full at sixteen slots: sixteen writes of 2049 bytes, not 64 KiB", function* (sys) {
    const [reader, writer] = yield* pipe(sys);
    for (let i = 0; i < 17; i++) yield* sys.write(writer, pattern(2049, i));
    yield* read(sys, reader, 65_536);
  }),
  scenario("PI-2: small writes merge into the newest page: 65536 single bytes fit", function* (sys) {
    const [reader, writer] = yield* pipe(sys);
    for (let i = 0; i < 64; i++) yield* sys.write(writer, pattern(1000, i));
    for (let i = 0; i < 4; i++) yield* sys.write(writer, pattern(500, i));
    yield* read(sys, reader, 70_000);
  }),
  scenario("PI-5, PI-6: a write of up to PIPE_BUF is whole or EAGAIN; a larger one may be short", function* (sys) {
    const [reader, writer] = yield* pipe(sys);
    yield* sys.write(writer, pattern(65_536 - 4096));
    yield* sys.write(writer, pattern(5000));
    yield* sys.write(writer, pattern(1));
    yield* read(sys, reader, 4096);
    yield* sys.write(writer, pattern(100));
    yield* sys.write(writer, pattern(4096));
    yield* sys.write(writer, pattern(4097));
    yield* sys.write(writer, pattern(3996));
    yield* sys.write(writer, pattern(70_000));
  }),
  scenario("PI-8, PI-9: reading a part of a page does not free its slot", function* (sys) {
    const [reader, writer] = yield* pipe(sys);
    yield* sys.write(writer, pattern(70_000));
    const epfd = yield* watching(sys, OUT, writer);
    yield* read(sys, reader, 4095);
    yield* wait(sys, epfd);
    yield* sys.write(writer, pattern(1));
    yield* read(sys, reader, 1);
    yield* wait(sys, epfd);
    yield* sys.write(writer, pattern(8000));
  }),
  scenario(
    "PI-4, PI-6: a small write merges into a full pipe's last page although epoll says not writable",
    function* (sys) {
      const [, writer] = yield* pipe(sys);
      for (let i = 0; i < 16; i++) yield* sys.write(writer, pattern(2049, i));
      const epfd = yield* watching(sys, OUT, writer);
      yield* wait(sys, epfd);
      yield* sys.write(writer, pattern(2047));
      yield* sys.write(writer, pattern(1));
    },
  ),
  scenario("PI-14: the ends report IN, HUP, OUT and ERR", function* (sys) {
    const [reader, writer] = yield* pipe(sys);
    const epfd = yield* watching(sys, IN | OUT, reader, writer);
    yield* wait(sys, epfd);
    yield* sys.write(writer, "bytes");
    yield* wait(sys, epfd);
    yield* sys.close(writer);
    yield* wait(sys, epfd);
    yield* read(sys, reader);
    yield* wait(sys, epfd);
    const [reader2, writer2] = yield* pipe(sys);
    yield* sys.close(reader2);
    const epfd2 = yield* watching(sys, IN | OUT, writer2);
    yield* wait(sys, epfd2);
  }),
  scenario("PI-10: an edge-triggered reader of a pipe is told of every write", function* (sys) {
    const [reader, writer] = yield* pipe(sys);
    const epfd = yield* watching(sys, IN | ET, reader);
    for (let i = 0; i < 3; i++) {
      yield* sys.write(writer, "x");
      yield* wait(sys, epfd);
      yield* wait(sys, epfd);
    }
    yield* read(sys, reader, 1);
    yield* wait(sys, epfd);
  }),
  scenario("PI-9: an edge-triggered writer is told only when a full pipe gets a free slot", function* (sys) {
    const [reader, writer] = yield* pipe(sys);
    const epfd = yield* watching(sys, OUT | ET, writer);
    yield* wait(sys, epfd);
    yield* sys.write(writer, pattern(65_536));
    yield* wait(sys, epfd);
    yield* read(sys, reader, 1);
    yield* wait(sys, epfd);
    yield* read(sys, reader, 4095);
    yield* wait(sys, epfd);
    yield* read(sys, reader, 4096);
    yield* wait(sys, epfd);
  }),
  scenario("reading the write end and writing the read end are EBADF, even of zero bytes", function* (sys) {
    const [reader, writer] = yield* pipe(sys);
    yield* read(sys, writer);
    yield* sys.write(reader, "x");
    yield* sys.write(reader, "");
    yield* sys.read(writer, sys.buffer(1), 0);
    yield* sys.read(reader, sys.buffer(1), 0);
    yield* sys.write(writer, "");
  }),
  scenario("a bad address loses no byte of a pipe", function* (sys) {
    const [reader, writer] = yield* pipe(sys);
    yield* sys.read(reader, 1, 8);
    yield* sys.write(writer, 1, 8);
    yield* sys.write(writer, "kept");
    yield* sys.read(reader, 1, 8);
    yield* sys.read(reader, -4096, 8);
    yield* read(sys, reader);
  }),
  scenario(
    "PI-18: pipe2 refuses unknown flags before it looks at the address, and opens nothing when it fails",
    function* (sys) {
      yield* sys.pipe2(1, 0x1);
      yield* sys.pipe2(0, 0);
      yield* sys.pipe2(1, O_NONBLOCK);
      yield* sys.pipe2([], 0x400);
      yield* sys.eventfd(0, 0);
    },
  ),
  scenario("one end of a pipe can block while the other does not", function* (sys) {
    const [reader, writer] = yield* pipe(sys, 0);
    yield* sys.fcntl(reader, F_SETFL, O_NONBLOCK);
    yield* read(sys, reader);
    yield* sys.write(writer, "x");
    yield* read(sys, reader);
  }),
];
