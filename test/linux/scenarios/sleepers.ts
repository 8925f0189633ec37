import {
  CLONE_FILES,
  CLONE_VM,
  EFD_SEMAPHORE,
  EPOLL,
  EPOLL_CTL_ADD,
  EPOLL_CTL_DEL,
  EPOLL_CTL_MOD,
  ET,
  F_SETFL,
  IN,
  ONESHOT,
  OUT,
  O_NONBLOCK,
  type Program,
  SHUT_RD,
  type Scenario,
  type Sys,
  anyOf,
  scenario,
} from "../scenario.ts";
import { connecting, listening, pattern, pipe, read, u64, unixPair, wait, watch, watching } from "./helpers.ts";

const { EXCLUSIVE } = EPOLL;

/** Starts a thread for each program, one after the other, each asleep before the next. */
function* sleepers(sys: Sys, ...programs: readonly Program[]): Generator<unknown, void, unknown> {
  for (const program of programs) {
    yield* sys.clone(CLONE_VM | CLONE_FILES, program);
    yield* sys.asleep();
  }
}

/** The same program so many times. */
const times = (count: number, program: Program): Program[] => Array.from({ length: count }, () => program);

/** Who is woken, of several that sleep. */
export const moreSleepers: Scenario[] = [
  scenario("I-6: ADD of what is ready wakes one sleeper, and so does MOD", function* (sys) {
    const [first, second] = [yield* sys.eventfd(1, O_NONBLOCK), yield* sys.eventfd(0, O_NONBLOCK)];
    const epfd = yield* watching(sys, IN | ET, second);
    yield* sleepers(sys, ...times(3, (task) => wait(task, epfd, 4, -1)));
    yield* watch(sys, epfd, first, IN | ET);
    yield* sys.asleep();
    yield* sys.epoll_ctl(epfd, EPOLL_CTL_MOD, second, { events: (IN | ET) >>> 0, data: { u32: 1 } });
    yield* sys.asleep();
    yield* sys.epoll_ctl(epfd, EPOLL_CTL_MOD, second, { events: (OUT | ET) >>> 0, data: { u32: 2 } });
    yield* sys.asleep();
    yield* sys.write(second, u64(1n));
    yield* sys.asleep();
    yield* sys.epoll_ctl(epfd, EPOLL_CTL_MOD, first, { events: IN, data: { u32: 3 } });
    yield* sys.asleep();
  }),
  scenario("I-10: DEL of what is ready, and its close, leave every sleeper asleep", function* (sys) {
    const [a, b] = yield* unixPair(sys);
    const epfd = yield* watching(sys, IN | ONESHOT, b);
    yield* sys.write(a, "x");
    yield* wait(sys, epfd);
    yield* sleepers(sys, (task) => wait(task, epfd, 4, -1));
    yield* sys.epoll_ctl(epfd, EPOLL_CTL_DEL, b, null);
    yield* sys.asleep();
    yield* sys.epoll_ctl(epfd, EPOLL_CTL_ADD, b, { events: ONESHOT, data: { fd: b } });
    yield* sys.close(b);
    yield* sys.asleep();
    yield* watch(sys, epfd, a, OUT);
    yield* sys.asleep();
  }),
  scenario("X-12: blocked writers of a pipe are served in the order in which they came", function* (sys) {
    const [reader, writer] = yield* pipe(sys, 0);
    for (let i = 0; i < 16; i++) yield* sys.write(writer, pattern(4096, i));
    yield* sleepers(sys, ...["first", "second", "third"].map((text) => (task: Sys) => write(task, writer, text)));
    for (let i = 0; i < 3; i++) {
      yield* read(sys, reader, 4096);
      yield* sys.asleep();
    }
    yield* read(sys, reader, 65_536);
  }),
  scenario("X-12: a writer that leaves room behind wakes the next writer", function* (sys) {
    const [reader, writer] = yield* pipe(sys, 0);
    for (let i = 0; i < 16; i++) yield* sys.write(writer, pattern(4096, i));
    yield* sleepers(sys, ...["first", "second"].map((text) => (task: Sys) => write(task, writer, text)));
    yield* read(sys, reader, 8192);
    yield* sys.asleep();
  }),
  anyOf("X-13, A-6: when the last reader goes, every blocked writer gets EPIPE", function* (sys) {
    const [reader, writer] = yield* pipe(sys, 0);
    yield* sys.write(writer, pattern(65_536));
    yield* sleepers(sys, ...times(3, (task) => write(task, writer, "more")));
    yield* sys.close(reader);
    yield* sys.asleep();
  }),
  anyOf(
    "X-14, X-18: a write wakes every blocked reader of an eventfd; whoever is first takes all of it",
    function* (sys) {
      const fd = yield* sys.eventfd(0, 0);
      yield* sleepers(sys, ...times(3, (task) => read(task, fd, 8)));
      for (const count of [5n, 6n, 7n]) {
        yield* sys.write(fd, u64(count));
        yield* sys.asleep();
      }
    },
  ),
  anyOf("X-14: of a semaphore each takes one, as long as there are", function* (sys) {
    const fd = yield* sys.eventfd(0, EFD_SEMAPHORE);
    yield* sleepers(sys, ...times(4, (task) => read(task, fd, 8)));
    yield* sys.write(fd, u64(3n));
    yield* sys.asleep();
    yield* sys.write(fd, u64(2n));
    yield* sys.asleep();
    yield* sys.fcntl(fd, F_SETFL, O_NONBLOCK);
    yield* read(sys, fd, 8);
    yield* read(sys, fd, 8);
  }),
  scenario("X-16: shutdown of a listener ends every blocked accept with EINVAL; close ends none", function* (sys) {
    const listener = yield* listening(sys, 8, 7070, 0);
    yield* sleepers(sys, ...times(2, (task) => accept(task, listener)));
    const copy = yield* sys.dup(listener);
    yield* sys.close(listener);
    yield* sys.asleep();
    yield* connecting(sys);
    yield* sys.asleep();
    yield* sys.shutdown(copy, SHUT_RD);
    yield* sys.asleep();
  }),
  scenario(
    "P-6, A-2: an exclusive epoll that wants the other direction leaves the wake-up to the next",
    function* (sys) {
      const fd = yield* sys.eventfd(0, O_NONBLOCK);
      const epfds: number[] = [];
      yield* sys.write(fd, u64(0xfffffffffffffffen));
      for (const events of [IN, OUT, IN, OUT]) epfds.push(yield* watching(sys, EXCLUSIVE | ET | events, fd));
      yield* wait(sys, epfds[0] ?? -1);
      yield* wait(sys, epfds[2] ?? -1);
      yield* sleepers(sys, ...epfds.map((epfd) => (task: Sys) => wait(task, epfd, 1, -1)));
      yield* read(sys, fd, 8);
      yield* sys.asleep();
      yield* sys.write(fd, u64(1n));
      yield* sys.asleep();
      for (const epfd of epfds) yield* wait(sys, epfd);
      yield* read(sys, fd, 8);
      yield* sys.asleep();
      yield* sys.write(fd, u64(1n));
      yield* sys.asleep();
    },
  ),
  scenario(
    "P-6, P-7, A-2: exclusive epolls without a sleeper are told and passed; plain ones never count",
    function* (sys) {
      const fd = yield* sys.eventfd(0, O_NONBLOCK);
      const epfds: number[] = [];
      for (const flags of [EXCLUSIVE, EXCLUSIVE, 0, EXCLUSIVE, EXCLUSIVE, 0]) {
        epfds.push(yield* watching(sys, flags | IN | ET, fd));
      }
      yield* sleepers(sys, ...[1, 2, 4].map((i) => (task: Sys) => wait(task, epfds[i] ?? -1, 1, -1)));
      yield* sys.write(fd, u64(1n));
      yield* sys.asleep();
      for (const epfd of epfds) yield* wait(sys, epfd);
      yield* sys.write(fd, u64(1n));
      yield* sys.asleep();
      for (const epfd of epfds) yield* wait(sys, epfd);
    },
  ),
  scenario("N-5, P-8: a wake-up goes through every level of a nest, and finds a sleeper on each", function* (sys) {
    const fd = yield* sys.eventfd(0, O_NONBLOCK);
    const epfds = [yield* watching(sys, IN, fd)];
    while (epfds.length < 4) epfds.push(yield* watching(sys, IN, epfds.at(-1) ?? -1));
    yield* sleepers(sys, ...epfds.map((epfd) => (task: Sys) => wait(task, epfd, 1, -1)));
    yield* sys.write(fd, u64(1n));
    yield* sys.asleep();
  }),
  scenario(
    "W-1, W-11: a time of 0 does not wait, one in the past neither, and a bad one is refused first",
    function* (sys) {
      const [a, b] = yield* unixPair(sys);
      const epfd = yield* watching(sys, IN, b);
      const events = sys.epoll_events(2);
      const bad = [
        { sec: 0, nsec: 1_000_000_000 },
        { sec: 0, nsec: -1 },
        { sec: -1, nsec: 0 },
      ];
      for (const time of bad) {
        yield* sys.epoll_pwait2(epfd, events, 2, time);
        yield* sys.epoll_pwait2(900, events, 2, time);
      }
      for (const fd of [epfd, b, 900]) {
        yield* sys.epoll_pwait2(fd, events, 2, { sec: 0, nsec: 0 });
        yield* sys.epoll_pwait2(fd, events, 0, { sec: 0, nsec: 0 });
      }
      yield* sys.epoll_pwait2(epfd, events, 2, { sec: 0, nsec: 1 });
      yield* sys.epoll_pwait2(epfd, events, 2, { sec: 0, nsec: 1_500_000 });
      yield* sleepers(sys, function* (task) {
        yield* task.epoll_pwait2(epfd, task.epoll_events(2), 2, null);
        yield* wait(task, epfd, 2, -1_000_000);
        yield* task.epoll_pwait2(epfd, task.epoll_events(2), 2, { sec: 60, nsec: 0 });
      });
      yield* sys.write(a, "x");
      yield* sys.asleep();
      yield* sys.epoll_pwait2(epfd, events, 2, { sec: 0, nsec: 0 });
      yield* sys.epoll_pwait2(epfd, events, 2, null);
    },
  ),
  scenario("W-13: a wake-up in vain is not seen by the sleeper", function* (sys) {
    const fd = yield* sys.eventfd(0, O_NONBLOCK);
    const epfd = yield* watching(sys, IN, fd);
    yield* sleepers(sys, (task) => wait(task, epfd, 4, -1));
    for (let i = 0; i < 3; i++) {
      // Adding nothing tells all watchers, who find nothing.
      yield* sys.write(fd, u64(0n));
      yield* sys.asleep();
    }
    yield* sys.write(fd, u64(1n));
    yield* sys.asleep();
  }),
  scenario("W-16: what is always ready is never missed, however many ask", function* (sys) {
    const fd = yield* sys.eventfd(1, O_NONBLOCK);
    const epfd = yield* watching(sys, IN, fd);
    const asking: Program = function* (task) {
      for (let i = 0; i < 20; i++) yield* wait(task, epfd, 1);
    };
    for (let i = 0; i < 4; i++) yield* sys.clone(CLONE_VM | CLONE_FILES, asking);
    yield* sys.asleep();
  }),
];

function* write(sys: Sys, fd: number, text: string): Generator<unknown, void, unknown> {
  yield* sys.write(fd, text);
}

function* accept(sys: Sys, fd: number): Generator<unknown, void, unknown> {
  yield* sys.accept4(fd, 0);
}
