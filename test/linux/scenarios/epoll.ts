import {
  EPOLL_CTL_ADD,
  EPOLL_CTL_DEL,
  EPOLL_CTL_MOD,
  ERR,
  ET,
  HUP,
  IN,
  ONESHOT,
  OUT,
  RDNORM,
  type Scenario,
  type Sys,
  WRNORM,
  scenario,
} from "../scenario.ts";
import { pipe, read, u64, unixPair, wait, watch, watching } from "./helpers.ts";

/** `count` eventfds that are ready to be read. */
function* counters(sys: Sys, count: number, initval = 1): Generator<unknown, number[], unknown> {
  const fds: number[] = [];
  for (let i = 0; i < count; i++) fds.push(yield* sys.eventfd(initval, 0x800));
  return fds;
}

/** Delivery by one epoll without sleeping: level, edge, one-shot, order, batches. */
export const epoll: Scenario[] = [
  scenario("S-6: level-triggered reports as long as there is something to read", function* (sys) {
    const [a, b] = yield* unixPair(sys);
    const epfd = yield* watching(sys, IN, b);
    yield* sys.write(a, "xy");
    yield* wait(sys, epfd);
    yield* read(sys, b, 1);
    yield* wait(sys, epfd);
    yield* read(sys, b, 1);
    yield* wait(sys, epfd);
  }),
  scenario("S-7: edge-triggered reports once, and again when something new arrives", function* (sys) {
    const [a, b] = yield* unixPair(sys);
    const epfd = yield* watching(sys, IN | ET, b);
    yield* sys.write(a, "x");
    yield* wait(sys, epfd);
    yield* wait(sys, epfd);
    yield* sys.write(a, "y");
    yield* wait(sys, epfd);
  }),
  scenario("S-14, S-15: two writes before one wait are one edge, and bytes read before it are none", function* (sys) {
    const [a, b] = yield* unixPair(sys);
    const epfd = yield* watching(sys, IN | ET, b);
    yield* sys.write(a, "x");
    yield* sys.write(a, "y");
    yield* wait(sys, epfd);
    yield* wait(sys, epfd);
    yield* sys.write(a, "z");
    yield* read(sys, b);
    yield* wait(sys, epfd);
  }),
  scenario("S-5, P-1: one-shot reports once and is silent until it is modified", function* (sys) {
    const [a, b] = yield* unixPair(sys);
    const epfd = yield* watching(sys, IN | ONESHOT, b);
    yield* sys.write(a, "x");
    yield* wait(sys, epfd);
    yield* sys.write(a, "y");
    yield* wait(sys, epfd);
    yield* sys.epoll_ctl(epfd, EPOLL_CTL_MOD, b, { events: IN | ONESHOT, data: { u32: 77 } });
    yield* wait(sys, epfd);
    yield* sys.close(a);
    yield* wait(sys, epfd);
    yield* sys.epoll_ctl(epfd, EPOLL_CTL_MOD, b, { events: 0, data: { u32: 78 } });
    yield* wait(sys, epfd);
  }),
  scenario("I-7, I-8: adding or modifying what is ready makes an event, even edge-triggered", function* (sys) {
    const [fd = -1] = yield* counters(sys, 1);
    const epfd = yield* watching(sys, IN | ET, fd);
    yield* wait(sys, epfd);
    yield* wait(sys, epfd);
    yield* sys.epoll_ctl(epfd, EPOLL_CTL_MOD, fd, { events: IN | ET, data: { u64: 1n << 63n } });
    yield* wait(sys, epfd);
    yield* wait(sys, epfd);
  }),
  scenario("S-12, S-13: the mask is that of the moment of delivery, cut to what was asked for", function* (sys) {
    const [a, b] = yield* unixPair(sys);
    const epfd = yield* watching(sys, IN | OUT | ET, b);
    yield* wait(sys, epfd);
    yield* sys.write(a, "x");
    yield* wait(sys, epfd);
    yield* sys.epoll_ctl(epfd, EPOLL_CTL_MOD, b, { events: RDNORM | WRNORM, data: { fd: b } });
    yield* wait(sys, epfd);
    yield* sys.epoll_ctl(epfd, EPOLL_CTL_MOD, b, { events: 0, data: { fd: b } });
    yield* wait(sys, epfd);
    yield* sys.close(a);
    yield* wait(sys, epfd);
  }),
  scenario("I-12, L-15: ERR and HUP are reported without being asked for", function* (sys) {
    const [reader, writer] = yield* pipe(sys);
    const [reader2, writer2] = yield* pipe(sys);
    const epfd = yield* watching(sys, 0, reader, writer2);
    yield* wait(sys, epfd);
    yield* sys.close(writer);
    yield* sys.close(reader2);
    yield* wait(sys, epfd);
    yield* sys.epoll_ctl(epfd, EPOLL_CTL_MOD, reader, { events: ERR | HUP | ET, data: { fd: reader } });
    yield* wait(sys, epfd);
    yield* wait(sys, epfd);
  }),
  scenario("P-4: events come in the order in which they became ready", function* (sys) {
    const fds = yield* counters(sys, 4, 0);
    const epfd = yield* watching(sys, IN, ...fds);
    for (const i of [2, 0, 3, 1, 2]) yield* sys.write(fds[i] ?? -1, u64(1n));
    yield* wait(sys, epfd);
    yield* wait(sys, epfd);
    yield* read(sys, fds[0] ?? -1, 8);
    yield* sys.write(fds[0] ?? -1, u64(1n));
    yield* wait(sys, epfd);
  }),
  scenario(
    "S-11: fewer slots than events: the rest comes next, and what was reported goes to the end",
    function* (sys) {
      const epfd = yield* watching(sys, IN, ...(yield* counters(sys, 5)));
      for (let i = 0; i < 6; i++) yield* wait(sys, epfd, 2);
      yield* wait(sys, epfd, 3);
      yield* wait(sys, epfd, 8);
    },
  ),
  scenario("fewer slots than edges: each is reported once, in order", function* (sys) {
    const epfd = yield* watching(sys, IN | ET, ...(yield* counters(sys, 5)));
    for (let i = 0; i < 4; i++) yield* wait(sys, epfd, 2);
  }),
  scenario("S-2: an item that is no longer ready is dropped, and comes back at the end of the list", function* (sys) {
    const fds = yield* counters(sys, 3);
    const epfd = yield* watching(sys, IN, ...fds);
    yield* read(sys, fds[0] ?? -1, 8);
    yield* wait(sys, epfd);
    yield* sys.write(fds[0] ?? -1, u64(1n));
    yield* wait(sys, epfd);
  }),
  scenario("S-4, W-3: a bad buffer loses no event, not even an edge", function* (sys) {
    const [fd = -1, other = -1] = yield* counters(sys, 2);
    const epfd = yield* watching(sys, IN | ET, fd, other);
    yield* sys.epoll_wait(epfd, 0, 4, 0);
    yield* sys.epoll_wait(epfd, 1, 4, 0);
    yield* wait(sys, epfd);
    yield* wait(sys, epfd);
  }),
  scenario("S-3: data comes back as it was given, all 64 bits", function* (sys) {
    const [fd = -1] = yield* counters(sys, 1);
    const epfd = yield* sys.epoll_create1(0);
    for (const data of [{ u64: 0x0123456789abcdefn }, { u32: 0xffffffff }, { fd: -1 }, { u64: (1n << 64n) - 1n }]) {
      yield* sys.epoll_ctl(epfd, EPOLL_CTL_ADD, fd, { events: IN, data });
      yield* wait(sys, epfd);
      yield* sys.epoll_ctl(epfd, EPOLL_CTL_DEL, fd, null);
    }
  }),
  scenario("two epolls that watch one file are both told", function* (sys) {
    const [fd = -1] = yield* counters(sys, 1, 0);
    const first = yield* watching(sys, IN | ET, fd);
    const second = yield* watching(sys, IN, fd);
    yield* sys.write(fd, u64(1n));
    yield* wait(sys, first);
    yield* wait(sys, second);
    yield* read(sys, fd, 8);
    yield* wait(sys, second);
  }),
  scenario("N-2: an epoll in an epoll is ready while one of its items is", function* (sys) {
    const [fd = -1] = yield* counters(sys, 1, 0);
    const inner = yield* watching(sys, IN | ET, fd);
    const outer = yield* watching(sys, IN, inner);
    yield* wait(sys, outer);
    yield* sys.write(fd, u64(1n));
    yield* wait(sys, outer);
    yield* wait(sys, outer);
    yield* wait(sys, inner);
    yield* wait(sys, outer);
    yield* watch(sys, outer, fd, IN);
    yield* wait(sys, outer);
  }),
  scenario(
    "L-5, L-10: an epoll cannot watch itself, nor one that watches it, nor a chain that is too deep",
    function* (sys) {
      const chain: number[] = [yield* sys.epoll_create1(0)];
      yield* watch(sys, chain[0] ?? -1, chain[0] ?? -1, IN);
      for (let i = 0; i < 6; i++) {
        const next = yield* sys.epoll_create1(0);
        yield* watch(sys, next, chain.at(-1) ?? -1, IN);
        yield* watch(sys, chain[0] ?? -1, next, IN);
        chain.push(next);
      }
    },
  ),
];
