import {
  CLONE_FILES,
  CLONE_VM,
  ET,
  FIONREAD,
  IN,
  O_CREAT,
  O_DIRECT,
  O_NONBLOCK,
  O_RDWR,
  OUT,
  SIGUSR1,
  SPLICE_F_GIFT,
  SPLICE_F_MORE,
  SPLICE_F_MOVE,
  SPLICE_F_NONBLOCK,
  type Scenario,
  scenario,
} from "../scenario.ts";
import { pattern, pipe, read, wait, watching } from "./helpers.ts";

const SHARED = CLONE_VM | CLONE_FILES;
const UNKNOWN_FLAG = 0x10;

/** Slots that move from pipe to pipe, and pages of programs in pipes. */
export const splicePipes: Scenario[] = [
  scenario("SF-1: what splice() between pipes refuses, and in which order", function* (sys) {
    const [reader, writer] = yield* pipe(sys);
    const [, other] = yield* pipe(sys);
    yield* sys.splice(99, null, 98, null, 0, UNKNOWN_FLAG);
    yield* sys.splice(99, null, 98, null, 1, UNKNOWN_FLAG);
    yield* sys.splice(99, null, other, null, 1, 0);
    yield* sys.splice(reader, null, 98, null, 1, 0);
    yield* sys.splice(reader, { value: 0 }, other, null, 1, 0);
    yield* sys.splice(reader, null, other, { value: 0 }, 1, 0);
    yield* sys.splice(reader, 8, other, 8, 1, 0);
    yield* sys.splice(writer, { value: 0 }, reader, null, 1, 0);
    yield* sys.splice(writer, null, reader, null, 1, 0);
    yield* sys.splice(reader, null, writer, null, 1, 0);
    yield* sys.splice(reader, null, other, null, -1, 0);
    yield* sys.splice(reader, null, other, null, 1, SPLICE_F_MOVE | SPLICE_F_MORE | SPLICE_F_GIFT);
  }),
  scenario("SF-6: what tee() refuses, and in which order", function* (sys) {
    const [reader, writer] = yield* pipe(sys);
    const [, other] = yield* pipe(sys);
    const event = yield* sys.eventfd(0, O_NONBLOCK);
    yield* sys.tee(99, 98, 0, UNKNOWN_FLAG);
    yield* sys.tee(99, 98, 0, 0);
    yield* sys.tee(99, other, 1, 0);
    yield* sys.tee(reader, 98, 1, 0);
    yield* sys.tee(writer, reader, 1, 0);
    yield* sys.tee(reader, writer, 1, 0);
    yield* sys.tee(event, writer, 1, 0);
    yield* sys.tee(reader, event, 1, 0);
    yield* sys.tee(reader, other, 1, 0);
  }),
  scenario("SF-7: what vmsplice() refuses, and in which order", function* (sys) {
    const [reader, writer] = yield* pipe(sys);
    const file = yield* sys.open("/f", O_RDWR | O_CREAT, 0o600);
    const buffer = sys.buffer(10);
    yield* sys.vmsplice(99, 8, UNKNOWN_FLAG);
    yield* sys.vmsplice(99, [buffer], 0);
    yield* sys.vmsplice(writer, 8, 0);
    yield* sys.vmsplice(file, 8, 0);
    yield* sys.vmsplice(file, [buffer], 0);
    yield* sys.vmsplice(file, [], 0);
    yield* sys.vmsplice(writer, [], 0);
    yield* sys.vmsplice(reader, [buffer], SPLICE_F_NONBLOCK);
  }),
  scenario("SF-2: an empty pipe without writers is at its end, one with writers answers EAGAIN", function* (sys) {
    const [reader, writer] = yield* pipe(sys, 0);
    const [sink, out] = yield* pipe(sys, 0);
    yield* sys.splice(reader, null, out, null, 10, SPLICE_F_NONBLOCK);
    yield* sys.tee(reader, out, 10, SPLICE_F_NONBLOCK);
    yield* sys.vmsplice(reader, [sys.buffer(4)], SPLICE_F_NONBLOCK);
    yield* sys.close(writer);
    yield* sys.splice(reader, null, out, null, 10, SPLICE_F_NONBLOCK);
    yield* sys.splice(reader, null, out, null, 10, 0);
    yield* sys.tee(reader, out, 10, 0);
    yield* sys.vmsplice(reader, [sys.buffer(4)], 0);
    yield* sys.close(sink);
    yield* sys.splice(reader, null, out, null, 10, 0);
    yield* sys.tee(reader, out, 10, 0);
    yield* sys.vmsplice(out, [sys.buffer(4)], 0);
  }),
  scenario("SF-2: either pipe's O_NONBLOCK is enough; vmsplice() looks at its flag alone", function* (sys) {
    const [reader] = yield* pipe(sys, 0);
    const [, out] = yield* pipe(sys, O_NONBLOCK);
    yield* sys.splice(reader, null, out, null, 10, 0);
    yield* sys.tee(reader, out, 10, 0);
    yield* sys.write(out, pattern(65_536));
    const [busy, source] = yield* pipe(sys, 0);
    yield* sys.write(source, "abc");
    yield* sys.splice(busy, null, out, null, 10, 0);
    yield* sys.tee(busy, out, 10, 0);
    yield* sys.vmsplice(out, [sys.buffer(4)], SPLICE_F_NONBLOCK);
  }),
  scenario("SF-1: slots move as they are, the last one in part", function* (sys) {
    const [reader, writer] = yield* pipe(sys);
    const [sink, out] = yield* pipe(sys);
    for (const bytes of [100, 4096, 5000]) yield* sys.write(writer, pattern(bytes, bytes));
    yield* sys.splice(reader, null, out, null, 4000, 0);
    yield* sys.ioctl(reader, FIONREAD, { value: 0 });
    yield* sys.ioctl(sink, FIONREAD, { value: 0 });
    yield* sys.write(out, "appended");
    yield* sys.splice(reader, null, out, null, 100_000, 0);
    yield* sys.write(out, "and this");
    yield* sys.write(writer, "more");
    yield* read(sys, sink, 3000);
    yield* read(sys, sink, 100_000);
    yield* read(sys, reader, 100);
  }),
  scenario("SF-1: a packet stays a packet", function* (sys) {
    const [reader, writer] = yield* pipe(sys, O_NONBLOCK | O_DIRECT);
    const [sink, out] = yield* pipe(sys);
    yield* sys.write(writer, "first packet");
    yield* sys.write(writer, "second packet");
    yield* sys.splice(reader, null, out, null, 16, 0);
    yield* read(sys, sink, 5);
    yield* read(sys, sink, 2);
    yield* read(sys, sink, 64);
    yield* read(sys, reader, 64);
  }),
  scenario("SF-6: tee() copies references and takes nothing away", function* (sys) {
    const [reader, writer] = yield* pipe(sys);
    const [sink, out] = yield* pipe(sys);
    yield* sys.write(writer, pattern(6000));
    yield* sys.write(writer, "tail");
    yield* sys.tee(reader, out, 5000, 0);
    yield* sys.write(out, "x");
    yield* sys.write(writer, "y");
    yield* sys.tee(reader, out, 100_000, 0);
    yield* sys.ioctl(sink, FIONREAD, { value: 0 });
    yield* read(sys, sink, 100_000);
    yield* read(sys, reader, 100_000);
  }),
  scenario("SF-6: tee() goes as far as there are free slots", function* (sys) {
    const [reader, writer] = yield* pipe(sys);
    const [sink, out] = yield* pipe(sys);
    for (let i = 0; i < 12; i++) yield* sys.write(writer, pattern(4096, i));
    yield* sys.tee(reader, out, 100_000, 0);
    yield* sys.tee(reader, out, 100_000, 0);
    yield* sys.tee(reader, out, 100_000, 0);
    yield* read(sys, sink, 4096);
    yield* sys.tee(reader, out, 100, 0);
    yield* read(sys, sink, 100_000);
    yield* read(sys, reader, 100_000);
  }),
  scenario("SF-7: the reader sees what the program stores after vmsplice()", function* (sys) {
    const [reader, writer] = yield* pipe(sys);
    const buffer = sys.buffer(9000);
    buffer.set(pattern(9000));
    yield* sys.vmsplice(writer, [buffer], 0);
    yield* sys.ioctl(reader, FIONREAD, { value: 0 });
    buffer.set(pattern(5000, 77));
    yield* sys.write(writer, "kept apart");
    yield* read(sys, reader, 4000);
    buffer.set(pattern(9000, 123));
    yield* read(sys, reader, 20_000);
  }),
  scenario("SF-7: vmsplice() takes several buffers, also empty ones, and a gift", function* (sys) {
    const [reader, writer] = yield* pipe(sys);
    const buffers = [10, 5000, 1].map((length) => sys.buffer(length));
    buffers.forEach((buffer, i) => buffer.set(pattern(buffer.length, i)));
    yield* sys.vmsplice(writer, buffers, SPLICE_F_GIFT);
    yield* read(sys, reader, 20_000);
  }),
  scenario("SF-7: vmsplice() fills the free slots and says how far it came", function* (sys) {
    const [reader, writer] = yield* pipe(sys);
    yield* sys.write(writer, pattern(4096 * 14));
    const small = [1, 2, 3, 4].map((length) => sys.buffer(length));
    small.forEach((buffer, i) => buffer.set(pattern(buffer.length, i)));
    yield* sys.vmsplice(writer, small, SPLICE_F_NONBLOCK);
    yield* sys.vmsplice(writer, small, SPLICE_F_NONBLOCK);
    yield* read(sys, reader, 100_000);
  }),
  scenario("SF-7: from a pipe, vmsplice() copies", function* (sys) {
    const [reader, writer] = yield* pipe(sys);
    yield* sys.write(writer, pattern(10_000));
    yield* sys.vmsplice(reader, [sys.buffer(3000), sys.buffer(10), sys.buffer(2000)], 0);
    yield* sys.vmsplice(reader, [sys.buffer(20_000)], 0);
    yield* sys.vmsplice(reader, [sys.buffer(20_000)], SPLICE_F_NONBLOCK);
  }),
  scenario("SF-2: splice() waits for bytes; a writer lets it go on", function* (sys) {
    const [reader, writer] = yield* pipe(sys, 0);
    const [sink, out] = yield* pipe(sys, 0);
    yield* sys.clone(SHARED, function* (task) {
      yield* task.splice(reader, null, out, null, 1000, 0);
      yield* task.tee(reader, out, 1000, 0);
      yield* task.vmsplice(reader, [task.buffer(2), task.buffer(30)], 0);
    });
    yield* sys.asleep();
    yield* sys.write(writer, "one");
    yield* sys.asleep();
    yield* sys.write(writer, "two");
    yield* sys.asleep();
    yield* read(sys, sink);
  }),
  scenario("SF-2: splice() waits for a free slot; a reader lets it go on", function* (sys) {
    const [reader, writer] = yield* pipe(sys, 0);
    const [sink, out] = yield* pipe(sys, 0);
    yield* sys.write(writer, pattern(9000));
    yield* sys.write(out, pattern(65_536));
    yield* sys.clone(SHARED, function* (task) {
      yield* task.splice(reader, null, out, null, 9000, 0);
      yield* task.tee(reader, out, 9000, 0);
      yield* task.vmsplice(out, [task.buffer(2)], 0);
    });
    yield* sys.asleep();
    yield* read(sys, sink, 100);
    yield* sys.asleep();
    yield* read(sys, sink, 4096);
    yield* sys.asleep();
    yield* read(sys, sink, 8192);
    yield* sys.asleep();
    yield* read(sys, sink, 8192);
    yield* sys.asleep();
    yield* sys.ioctl(sink, FIONREAD, { value: 0 });
  }),
  scenario("SF-2: a reader and a writer that sleep are woken by splice()", function* (sys) {
    const [reader, writer] = yield* pipe(sys, 0);
    const [sink, out] = yield* pipe(sys, 0);
    yield* sys.write(writer, pattern(65_536));
    yield* sys.clone(SHARED, function* (task) {
      yield* task.write(writer, pattern(5000, 5));
    });
    yield* sys.clone(SHARED, function* (task) {
      yield* task.read(sink, task.buffer(100_000), 100_000);
    });
    yield* sys.asleep();
    yield* sys.splice(reader, null, out, null, 3000, 0);
    yield* sys.asleep();
    yield* sys.splice(reader, null, out, null, 9000, 0);
    yield* sys.asleep();
    yield* sys.ioctl(sink, FIONREAD, { value: 0 });
  }),
  scenario("SF-2: the last reader or writer that goes ends the wait", function* (sys) {
    const [reader, writer] = yield* pipe(sys, 0);
    const [sink, out] = yield* pipe(sys, 0);
    yield* sys.sigaction(13, 1);
    yield* sys.clone(SHARED, function* (task) {
      yield* task.splice(reader, null, out, null, 1000, 0);
      yield* task.write(out, pattern(65_536));
      yield* task.vmsplice(out, [task.buffer(8)], 0);
    });
    yield* sys.asleep();
    yield* sys.close(writer);
    yield* sys.asleep();
    yield* sys.close(sink);
    yield* sys.asleep();
  }),
  scenario("SF-2: a signal ends the wait", function* (sys) {
    const [reader] = yield* pipe(sys, 0);
    const [, out] = yield* pipe(sys, 0);
    yield* sys.sigaction(SIGUSR1, function* () {});
    const child = yield* sys.clone(SHARED, function* (task) {
      yield* task.splice(reader, null, out, null, 1000, 0);
      yield* task.tee(reader, out, 1000, 0);
      yield* task.vmsplice(reader, [task.buffer(8)], 0);
    });
    for (let i = 0; i < 3; i++) {
      yield* sys.asleep();
      yield* sys.unrecorded.tkill(child, SIGUSR1);
    }
    yield* sys.asleep();
  }),
  scenario("SF-2: epoll hears of what moves: edges at both ends", function* (sys) {
    const [reader, writer] = yield* pipe(sys);
    const [sink, out] = yield* pipe(sys);
    const epfd = yield* watching(sys, IN | OUT | ET, reader, writer, sink, out);
    yield* wait(sys, epfd);
    yield* sys.write(writer, pattern(65_536));
    yield* wait(sys, epfd);
    yield* sys.splice(reader, null, out, null, 100, 0);
    yield* wait(sys, epfd);
    yield* sys.splice(reader, null, out, null, 4096, 0);
    yield* wait(sys, epfd);
    yield* sys.tee(reader, out, 4096, 0);
    yield* wait(sys, epfd);
    yield* sys.vmsplice(out, [sys.buffer(10)], 0);
    yield* wait(sys, epfd);
    yield* sys.vmsplice(sink, [sys.buffer(10)], 0);
    yield* wait(sys, epfd);
    yield* sys.vmsplice(sink, [sys.buffer(100_000)], 0);
    yield* wait(sys, epfd);
  }),
];
