import { EPOLL_CTL_ADD, EPOLL_CTL_DEL, IN, O_NONBLOCK, type Sys, scenario, type Scenario } from "../scenario.ts";
import { u64, wait, watch, watching } from "./helpers.ts";

type Steps<T> = Generator<unknown, T, unknown>;

/** Epolls of which each watches the one before. */
function* chain(sys: Sys, length: number): Steps<number[]> {
  const epfds = [yield* sys.epoll_create1(0)];
  while (epfds.length < length) epfds.push(yield* watching(sys, IN, epfds.at(-1) ?? -1));
  return epfds;
}

/** `count` fresh epolls try to watch a descriptor. */
function* watchers(sys: Sys, count: number, fd: number): Steps<void> {
  for (let i = 0; i < count; i++) yield* watching(sys, IN, fd);
}

/** How epolls may be nested. */
export const epollLimits: Scenario[] = [
  scenario("L-10: a chain of epolls has five at most, counted above and below the new link", function* (sys) {
    const five = yield* chain(sys, 5);
    const [alone = -1] = yield* chain(sys, 1);
    yield* watch(sys, alone, five[4] ?? -1, IN);
    yield* watch(sys, five[0] ?? -1, alone, IN);
    const three = yield* chain(sys, 3);
    const other = yield* chain(sys, 3);
    yield* watch(sys, three[0] ?? -1, other[2] ?? -1, IN);
    yield* watch(sys, three[1] ?? -1, other[2] ?? -1, IN);
    yield* watch(sys, other[0] ?? -1, three[2] ?? -1, IN);
  }),
  scenario("L-10: a ring is ELOOP, however it would come about", function* (sys) {
    const three = yield* chain(sys, 3);
    yield* watch(sys, three[0] ?? -1, three[2] ?? -1, IN);
    yield* watch(sys, three[0] ?? -1, three[1] ?? -1, IN);
    yield* watch(sys, three[2] ?? -1, three[0] ?? -1, IN);
    yield* sys.epoll_ctl(three[1] ?? -1, EPOLL_CTL_DEL, three[0] ?? -1, null);
    yield* watch(sys, three[0] ?? -1, three[2] ?? -1, IN);
    yield* sys.epoll_ctl(three[2] ?? -1, EPOLL_CTL_DEL, three[0] ?? -1, null);
    yield* watch(sys, three[0] ?? -1, three[2] ?? -1, IN);
  }),
  scenario("L-11: a file may be watched at the bottom of a chain of five, and is told of at the top", function* (sys) {
    const five = yield* chain(sys, 5);
    const fd = yield* sys.eventfd(0, O_NONBLOCK);
    yield* watch(sys, five[0] ?? -1, fd, IN);
    yield* wait(sys, five[4] ?? -1);
    yield* sys.write(fd, u64(1n));
    for (const epfd of five.toReversed()) yield* wait(sys, epfd);
  }),
  scenario("N-8: depth and rings are looked at by ADD alone; a link that exists stays good", function* (sys) {
    const three = yield* chain(sys, 3);
    const [below = -1] = yield* chain(sys, 1);
    const fd = yield* sys.eventfd(1, O_NONBLOCK);
    yield* watch(sys, below, fd, IN);
    yield* watch(sys, three[0] ?? -1, below, IN);
    yield* sys.close(three[1] ?? -1);
    yield* wait(sys, three[2] ?? -1);
    yield* wait(sys, three[0] ?? -1);
    yield* watch(sys, below, three[2] ?? -1, IN);
    yield* watch(sys, below, three[0] ?? -1, IN);
  }),
  scenario("L-12, I-3: from one file lead at most 100, 50 and 10 ways of 3, 4 and 5 links", function* (sys) {
    const fd = yield* sys.eventfd(0, O_NONBLOCK);
    const four = yield* chain(sys, 4);
    yield* watch(sys, four[0] ?? -1, fd, IN);
    for (const [i, limit] of [10, 50, 100].entries()) yield* watchers(sys, limit + 1, four[3 - i] ?? -1);
  }),
  scenario("L-12: at most 500 ways of 2 links, and any number of 1", function* (sys) {
    const fd = yield* sys.eventfd(0, O_NONBLOCK);
    const inner = yield* watching(sys, IN, fd);
    const outer: number[] = [];
    for (let i = 0; i < 502; i++) outer.push(yield* sys.epoll_create1(0));
    for (const epfd of outer) yield* watch(sys, epfd, inner, IN);
    const other = yield* sys.eventfd(1, O_NONBLOCK);
    for (const epfd of outer) yield* watch(sys, epfd, other, IN);
    // One that is refused leaves nothing behind: a place that becomes free can be taken.
    yield* sys.epoll_ctl(outer[0] ?? -1, EPOLL_CTL_DEL, inner, null);
    for (const epfd of outer.slice(500)) {
      yield* sys.epoll_ctl(epfd, EPOLL_CTL_ADD, inner, { events: IN, data: { fd: inner } });
    }
    yield* wait(sys, outer[501] ?? -1);
  }),
];
