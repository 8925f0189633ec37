import {
  EPOLL_CTL_ADD,
  EPOLL_CTL_DEL,
  EPOLL_CTL_MOD,
  ET,
  IN,
  OUT,
  O_CREAT,
  O_NONBLOCK,
  O_RDWR,
  type Scenario,
  scenario,
} from "../scenario.ts";
import { listening, pipe, read, u64, unixPair, wait, watch, watching } from "./helpers.ts";

const BAD = 900;

/** What an epoll item is: an open file and a number; and the errnos of epoll_ctl and epoll_wait, in order. */
export const epollItems: Scenario[] = [
  scenario("K-1, A-3: one file may be watched under two numbers; both report, the later one first", function* (sys) {
    const fd = yield* sys.eventfd(0, 0x800);
    const copy = yield* sys.dup(fd);
    const epfd = yield* watching(sys, IN, fd, copy);
    yield* sys.write(fd, u64(1n));
    yield* wait(sys, epfd);
  }),
  scenario(
    "K-2, K-3: an item outlives its number while the file is open elsewhere, and can then not be removed",
    function* (sys) {
      const [a, b] = yield* unixPair(sys);
      const epfd = yield* watching(sys, IN, b);
      const copy = yield* sys.dup(b);
      yield* sys.close(b);
      yield* sys.write(a, "x");
      yield* wait(sys, epfd);
      yield* sys.epoll_ctl(epfd, EPOLL_CTL_DEL, b, null);
      yield* sys.epoll_ctl(epfd, EPOLL_CTL_DEL, copy, null);
      yield* wait(sys, epfd);
      yield* sys.close(copy);
      yield* wait(sys, epfd);
    },
  ),
  scenario("another file under a number that was used before is another item", function* (sys) {
    const [a, b] = yield* unixPair(sys);
    const epfd = yield* watching(sys, IN, b);
    const copy = yield* sys.dup(b);
    yield* sys.close(b);
    const reused = yield* sys.eventfd(1, 0x800);
    yield* sys.epoll_ctl(epfd, EPOLL_CTL_ADD, reused, { events: IN, data: { u32: 1000 } });
    yield* sys.write(a, "x");
    yield* wait(sys, epfd);
    yield* sys.epoll_ctl(epfd, EPOLL_CTL_DEL, reused, null);
    yield* wait(sys, epfd);
    yield* sys.dup2(copy, reused);
    yield* sys.epoll_ctl(epfd, EPOLL_CTL_DEL, reused, null);
    yield* wait(sys, epfd);
  }),
  scenario("closing the last descriptor of a file removes its item, even if it was ready", function* (sys) {
    const fd = yield* sys.eventfd(1, 0x800);
    const epfd = yield* watching(sys, IN, fd);
    yield* sys.close(fd);
    yield* wait(sys, epfd);
    const again = yield* sys.eventfd(1, 0x800);
    yield* watch(sys, epfd, again, IN);
    yield* wait(sys, epfd);
  }),
  scenario("N-7, I-11: a closed epoll is gone from the epoll that watched it", function* (sys) {
    const fd = yield* sys.eventfd(1, 0x800);
    const inner = yield* watching(sys, IN, fd);
    const outer = yield* watching(sys, IN, inner);
    yield* wait(sys, outer);
    yield* sys.close(inner);
    yield* wait(sys, outer);
  }),
  scenario("L-5, C-7: an epoll is the same under every number that it has", function* (sys) {
    const fd = yield* sys.eventfd(1, 0x800);
    const epfd = yield* watching(sys, IN | ET, fd);
    const copy = yield* sys.dup(epfd);
    yield* sys.close(epfd);
    yield* wait(sys, copy);
    yield* wait(sys, copy);
    yield* sys.epoll_ctl(copy, EPOLL_CTL_ADD, fd, { events: IN, data: { fd } });
    const other = yield* sys.dup(copy);
    yield* sys.epoll_ctl(copy, EPOLL_CTL_ADD, other, { events: IN, data: { fd } });
  }),
  scenario(
    "L-13: ADD twice is EEXIST, MOD and DEL of what is not there are ENOENT, another op is EINVAL",
    function* (sys) {
      const [reader] = yield* pipe(sys);
      const event = { events: IN, data: { fd: reader } };
      const epfd = yield* sys.epoll_create1(0);
      yield* sys.epoll_ctl(epfd, EPOLL_CTL_MOD, reader, event);
      yield* sys.epoll_ctl(epfd, EPOLL_CTL_DEL, reader, event);
      yield* sys.epoll_ctl(epfd, EPOLL_CTL_ADD, reader, event);
      yield* sys.epoll_ctl(epfd, EPOLL_CTL_ADD, reader, event);
      for (const op of [0, 4, -1]) yield* sys.epoll_ctl(epfd, op, reader, event);
      yield* sys.epoll_ctl(epfd, EPOLL_CTL_DEL, reader, 1);
      yield* sys.epoll_ctl(epfd, EPOLL_CTL_DEL, reader, null);
    },
  ),
  scenario(
    "L-1, L-2, L-5: epoll_ctl looks at the event first, then at the descriptors, then at what they are",
    function* (sys) {
      const [reader] = yield* pipe(sys);
      const event = { events: IN, data: { fd: reader } };
      const epfd = yield* sys.epoll_create1(0);
      yield* sys.epoll_ctl(BAD, 9, BAD, 1);
      yield* sys.epoll_ctl(BAD, EPOLL_CTL_ADD, reader, null);
      yield* sys.epoll_ctl(BAD, EPOLL_CTL_DEL, BAD, 1);
      yield* sys.epoll_ctl(BAD, EPOLL_CTL_ADD, reader, event);
      yield* sys.epoll_ctl(epfd, EPOLL_CTL_ADD, BAD, event);
      yield* sys.epoll_ctl(reader, EPOLL_CTL_ADD, BAD, event);
      yield* sys.epoll_ctl(reader, EPOLL_CTL_ADD, epfd, event);
      yield* sys.epoll_ctl(reader, EPOLL_CTL_ADD, reader, event);
      yield* sys.epoll_ctl(epfd, EPOLL_CTL_ADD, epfd, event);
      yield* sys.epoll_ctl(epfd, 9, epfd, event);
    },
  ),
  scenario(
    "W-2, W-3: epoll_wait looks at the descriptor, the count, the address range and then at what it is",
    function* (sys) {
      const [reader] = yield* pipe(sys);
      const epfd = yield* sys.epoll_create1(0);
      for (const fd of [BAD, reader, epfd]) {
        const events = sys.epoll_events(1);
        yield* sys.epoll_wait(fd, events, 0, 0);
        yield* sys.epoll_wait(fd, events, -1, 0);
        yield* sys.epoll_wait(fd, events, 178_956_971, 0);
        yield* sys.epoll_wait(fd, -4096, 1, 0);
        yield* sys.epoll_wait(fd, 0, 1, 0);
        yield* sys.epoll_wait(fd, events, 1, 0);
      }
    },
  ),
  scenario("L-3, L-17: what has no way to wait for it is EPERM, before the epoll is looked at", function* (sys) {
    const epfd = yield* sys.epoll_create1(0);
    const [reader, writer] = yield* pipe(sys);
    const [a] = yield* unixPair(sys);
    const file = yield* sys.open("file", O_CREAT | O_RDWR, 0o600);
    const none = yield* sys.open("/dev/null", O_RDWR);
    const zero = yield* sys.open("/dev/zero", O_RDWR);
    const counter = yield* sys.eventfd(0, O_NONBLOCK);
    const tcp = yield* listening(sys);
    for (const fd of [file, none, zero, reader, writer, a, counter, tcp]) yield* watch(sys, epfd, fd, IN);
    for (const fd of [file, none]) {
      const event = { events: IN, data: { fd } };
      yield* sys.epoll_ctl(epfd, EPOLL_CTL_MOD, fd, event);
      yield* sys.epoll_ctl(epfd, EPOLL_CTL_DEL, fd, null);
      yield* sys.epoll_ctl(epfd, 9, fd, event);
      yield* sys.epoll_ctl(reader, EPOLL_CTL_ADD, fd, event);
      yield* sys.epoll_ctl(BAD, EPOLL_CTL_ADD, fd, event);
      yield* sys.epoll_ctl(fd, EPOLL_CTL_ADD, fd, event);
    }
    yield* sys.epoll_ctl(file, EPOLL_CTL_ADD, reader, { events: IN, data: { fd: reader } });
  }),
  scenario("DEL of a ready item takes its event away", function* (sys) {
    const fd = yield* sys.eventfd(1, 0x800);
    const [a, b] = yield* unixPair(sys);
    const epfd = yield* watching(sys, IN | OUT, fd, a);
    yield* sys.epoll_ctl(epfd, EPOLL_CTL_DEL, fd, null);
    yield* wait(sys, epfd);
    yield* sys.close(b);
    yield* wait(sys, epfd);
    yield* read(sys, a);
  }),
];
