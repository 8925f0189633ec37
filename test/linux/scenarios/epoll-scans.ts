import {
  EPOLL,
  EPOLL_CTL_ADD,
  EPOLL_CTL_DEL,
  EPOLL_CTL_MOD,
  ET,
  IN,
  ONESHOT,
  OUT,
  O_NONBLOCK,
  RDHUP,
  RDNORM,
  SHUT_WR,
  type Scenario,
  WRNORM,
  scenario,
} from "../scenario.ts";
import { pipe, read, tcpPair, u64, unixPair, wait, watch, watching } from "./helpers.ts";

/** What queues an item, what a scan does with it, and what is an edge. */
export const epollScans: Scenario[] = [
  scenario(
    "A-7, P-3: news that says what it is passes by who wants something else; news that does not, reaches all",
    function* (sys) {
      const { client, server } = yield* tcpPair(sys);
      const epfd = yield* watching(sys, OUT | ET, server);
      yield* wait(sys, epfd);
      yield* sys.write(client, "data");
      yield* wait(sys, epfd);
      yield* sys.shutdown(client, SHUT_WR);
      yield* wait(sys, epfd);
      yield* wait(sys, epfd);
    },
  ),
  scenario("P-2: what an item does not wait for does not queue it", function* (sys) {
    const fd = yield* sys.eventfd(0, O_NONBLOCK);
    const epfd = yield* watching(sys, OUT | ET, fd);
    yield* wait(sys, epfd);
    yield* sys.write(fd, u64(1n));
    yield* wait(sys, epfd);
    yield* read(sys, fd, 8);
    yield* wait(sys, epfd);
    const readers = yield* watching(sys, IN | ET, fd);
    yield* sys.write(fd, u64(1n));
    yield* wait(sys, readers);
    yield* read(sys, fd, 8);
    yield* wait(sys, readers);
  }),
  scenario("P-1: an item that has told its one shot hears nothing, whatever happens", function* (sys) {
    const [reader, writer] = yield* pipe(sys);
    const epfd = yield* watching(sys, IN | ONESHOT | ET, reader);
    const outer = yield* watching(sys, IN | ET, epfd);
    yield* sys.write(writer, "x");
    yield* wait(sys, outer);
    yield* wait(sys, epfd);
    yield* sys.write(writer, "y");
    yield* sys.close(writer);
    yield* wait(sys, outer);
    yield* wait(sys, epfd);
  }),
  scenario("S-16: a part that is read is no edge, whatever is left; new data is", function* (sys) {
    const [reader, writer] = yield* pipe(sys);
    const [a, b] = yield* unixPair(sys);
    const { client, server } = yield* tcpPair(sys);
    for (const [to, from] of [
      [writer, reader],
      [a, b],
      [client, server],
    ] as const) {
      const epfd = yield* watching(sys, IN | ET, from);
      yield* sys.write(to, "0123456789");
      yield* wait(sys, epfd);
      yield* read(sys, from, 4);
      yield* wait(sys, epfd);
      yield* read(sys, from, 4);
      yield* wait(sys, epfd);
      yield* sys.write(to, "more");
      yield* wait(sys, epfd);
      yield* wait(sys, epfd);
    }
  }),
  scenario("S-12: the mask is made at delivery: what has queued the item may be over", function* (sys) {
    const fd = yield* sys.eventfd(1, O_NONBLOCK);
    const [reader, writer] = yield* pipe(sys);
    const epfd = yield* watching(sys, IN | OUT | ET, fd, reader);
    yield* read(sys, fd, 8);
    yield* sys.write(writer, "x");
    yield* sys.close(writer);
    yield* wait(sys, epfd);
    yield* wait(sys, epfd);
  }),
  scenario(
    "S-13, L-15: RDNORM and WRNORM are told to who asks, IN, OUT and RDHUP not to who does not",
    function* (sys) {
      const [a, b] = yield* unixPair(sys);
      yield* sys.write(a, "x");
      yield* sys.shutdown(a, SHUT_WR);
      const epfd = yield* sys.epoll_create1(0);
      for (const events of [0, IN, OUT, RDHUP, RDNORM, WRNORM, IN | OUT | RDHUP | RDNORM | WRNORM]) {
        yield* sys.epoll_ctl(epfd, EPOLL_CTL_ADD, b, { events, data: { fd: b } });
        yield* wait(sys, epfd);
        yield* sys.epoll_ctl(epfd, EPOLL_CTL_DEL, b, null);
      }
      yield* sys.close(a);
      yield* watch(sys, epfd, b, 0);
      yield* wait(sys, epfd);
    },
  ),
  scenario("I-8: MOD has an edge and a shot told again as long as the condition holds", function* (sys) {
    const [a, b] = yield* unixPair(sys);
    yield* sys.write(a, "x");
    for (const flags of [ET, ONESHOT, ET | ONESHOT]) {
      const epfd = yield* watching(sys, IN | flags, b);
      yield* wait(sys, epfd);
      yield* wait(sys, epfd);
      yield* sys.epoll_ctl(epfd, EPOLL_CTL_MOD, b, { events: (IN | flags) >>> 0, data: { u32: 1 } });
      yield* wait(sys, epfd);
      yield* wait(sys, epfd);
      yield* sys.epoll_ctl(epfd, EPOLL_CTL_MOD, b, { events: (OUT | flags) >>> 0, data: { u32: 2 } });
      yield* wait(sys, epfd);
      yield* sys.epoll_ctl(epfd, EPOLL_CTL_MOD, b, { events: (EPOLL.PRI | flags) >>> 0, data: { u32: 3 } });
      yield* wait(sys, epfd);
    }
  }),
  scenario("I-9: MOD to what is not true leaves a queued item queued; the next scan drops it", function* (sys) {
    const [first, second] = [yield* sys.eventfd(1, O_NONBLOCK), yield* sys.eventfd(1, O_NONBLOCK)];
    const epfd = yield* watching(sys, IN, first, second);
    yield* sys.epoll_ctl(epfd, EPOLL_CTL_MOD, first, { events: EPOLL.PRI, data: { u32: 1 } });
    yield* sys.epoll_ctl(epfd, EPOLL_CTL_MOD, first, { events: IN, data: { u32: 2 } });
    // It has kept its place in front of the second, since it has never left the list.
    yield* wait(sys, epfd);
    yield* sys.epoll_ctl(epfd, EPOLL_CTL_MOD, first, { events: EPOLL.PRI, data: { u32: 3 } });
    yield* wait(sys, epfd);
    yield* sys.epoll_ctl(epfd, EPOLL_CTL_MOD, first, { events: IN, data: { u32: 4 } });
    yield* wait(sys, epfd);
  }),
  scenario("S-8: after a scan what it did not reach comes first, then what it has delivered", function* (sys) {
    const fds: number[] = [];
    for (let i = 0; i < 6; i++) fds.push(yield* sys.eventfd(i < 5 ? 1 : 0, O_NONBLOCK));
    const epfd = yield* watching(sys, IN, ...fds);
    yield* wait(sys, epfd, 2);
    yield* sys.write(fds[5] ?? -1, u64(1n));
    yield* wait(sys, epfd, 3);
    yield* wait(sys, epfd, 8);
  }),
  scenario("L-4: WAKEUP is taken and has no effect", function* (sys) {
    const fd = yield* sys.eventfd(1, O_NONBLOCK);
    const WAKEUP = 1 << 29;
    const epfd = yield* watching(sys, IN | WAKEUP, fd);
    yield* wait(sys, epfd);
    yield* sys.epoll_ctl(epfd, EPOLL_CTL_MOD, fd, { events: (IN | ET | WAKEUP) >>> 0, data: { fd } });
    yield* wait(sys, epfd);
    yield* wait(sys, epfd);
  }),
  scenario("N-1: an epoll polls as IN and RDNORM and nothing else", function* (sys) {
    const fd = yield* sys.eventfd(0, O_NONBLOCK);
    const inner = yield* watching(sys, IN, fd);
    const everything = Object.values(EPOLL).reduce((mask, bit) => mask | bit, 0) & 0xffff;
    const outer = yield* watching(sys, everything, inner);
    yield* wait(sys, outer);
    yield* sys.write(fd, u64(1n));
    yield* wait(sys, outer);
    yield* sys.close(fd);
    yield* wait(sys, outer);
  }),
  scenario(
    "N-2: looking at an inner epoll drops what is not ready, and keeps an edge for who reads it",
    function* (sys) {
      const [first, second] = [yield* sys.eventfd(0, O_NONBLOCK), yield* sys.eventfd(0, O_NONBLOCK)];
      const inner = yield* watching(sys, IN | ET, first, second);
      const outer = yield* watching(sys, IN, inner);
      yield* sys.write(first, u64(1n));
      yield* sys.write(second, u64(1n));
      yield* read(sys, first, 8);
      yield* wait(sys, outer);
      // Had it not been dropped, it would be queued in front of the second.
      yield* sys.write(first, u64(1n));
      yield* wait(sys, outer);
      yield* wait(sys, inner);
      yield* wait(sys, outer);
    },
  ),
  scenario(
    "N-3, N-4: each event of an inner epoll is an edge for the outer one; reading the inner is none",
    function* (sys) {
      const fd = yield* sys.eventfd(0, O_NONBLOCK);
      const inner = yield* watching(sys, IN, fd);
      const outer = yield* watching(sys, IN | ET, inner);
      for (let i = 0; i < 2; i++) {
        yield* sys.write(fd, u64(1n));
        yield* wait(sys, outer);
        yield* wait(sys, outer);
      }
      yield* wait(sys, inner);
      yield* wait(sys, outer);
      yield* read(sys, fd, 8);
      yield* wait(sys, outer);
    },
  ),
];
