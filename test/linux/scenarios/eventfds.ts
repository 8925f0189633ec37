import { EFD_NONBLOCK, EFD_SEMAPHORE, ET, IN, OUT, type Scenario, scenario } from "../scenario.ts";
import { read, u64, wait, watching } from "./helpers.ts";

const MAX = (1n << 64n) - 2n;

/** Counters without sleeping. */
export const eventfds: Scenario[] = [
  scenario("EV-1: an eventfd adds what is written and gives it all to one read", function* (sys) {
    const fd = yield* sys.eventfd(3, EFD_NONBLOCK);
    yield* sys.write(fd, u64(4n));
    yield* read(sys, fd, 8);
    yield* read(sys, fd, 8);
    yield* sys.write(fd, u64(0n));
    yield* read(sys, fd, 8);
  }),
  scenario("EV-1: a semaphore eventfd gives one at a time", function* (sys) {
    const fd = yield* sys.eventfd(2, EFD_NONBLOCK | EFD_SEMAPHORE);
    for (let i = 0; i < 3; i++) yield* read(sys, fd, 8);
  }),
  scenario(
    "EV-3, EV-5: an eventfd holds up to 2^64-2: more is EAGAIN, ~0 is EINVAL, OUT goes when it is full",
    function* (sys) {
      const fd = yield* sys.eventfd(0, EFD_NONBLOCK);
      const epfd = yield* watching(sys, IN | OUT, fd);
      yield* wait(sys, epfd);
      yield* sys.write(fd, u64(MAX - 1n));
      yield* wait(sys, epfd);
      yield* sys.write(fd, u64(2n));
      yield* sys.write(fd, u64(1n));
      yield* wait(sys, epfd);
      yield* sys.write(fd, u64(MAX + 1n));
      yield* sys.write(fd, u64(0n));
      yield* read(sys, fd, 8);
      yield* wait(sys, epfd);
    },
  ),
  scenario("EV-2: an eventfd reads 8 bytes or more, and writes exactly 8", function* (sys) {
    const fd = yield* sys.eventfd(1, EFD_NONBLOCK);
    yield* read(sys, fd, 7);
    yield* read(sys, fd, 16);
    yield* sys.write(fd, u64(1n), 4);
    yield* sys.write(fd, new Uint8Array(16));
    yield* sys.write(fd, 1, 8);
    yield* sys.write(fd, new Uint8Array(0));
    yield* sys.read(fd, 1, 0);
  }),
  scenario("a read of an eventfd into bad memory is EFAULT and takes the count all the same", function* (sys) {
    const fd = yield* sys.eventfd(1, EFD_NONBLOCK);
    yield* sys.read(fd, 1, 8);
    yield* read(sys, fd, 8);
  }),
  scenario("EV-4, EV-7: an edge-triggered watcher of an eventfd is told of every write, even of zero", function* (sys) {
    const fd = yield* sys.eventfd(0, EFD_NONBLOCK);
    const epfd = yield* watching(sys, IN | ET, fd);
    for (const value of [1n, 1n, 0n]) {
      yield* sys.write(fd, u64(value));
      yield* wait(sys, epfd);
      yield* wait(sys, epfd);
    }
    yield* read(sys, fd, 8);
    yield* sys.write(fd, u64(0n));
    yield* wait(sys, epfd);
  }),
  scenario("EV-8: eventfd takes SEMAPHORE, CLOEXEC and NONBLOCK, and no other flag", function* (sys) {
    for (const flags of [0, 1, 2, 4, 0x400, 0x800, 0x80000, 0x80801, -1]) yield* sys.eventfd(0, flags);
    yield* sys.eventfd(-1, EFD_NONBLOCK);
  }),
];
