import {
  CLONE_FILES,
  CLONE_VM,
  EPOLL_CTL_ADD,
  EPOLL_CTL_DEL,
  EPOLL_CTL_MOD,
  ET,
  IN,
  ONESHOT,
  OUT,
  type Program,
  SHUT_RDWR,
  SOCK_NONBLOCK,
  type Scenario,
  type Sys,
  scenario,
} from "../scenario.ts";
import {
  connecting,
  listening,
  pattern,
  pipe,
  read,
  tcpPair,
  u64,
  unixPair,
  wait,
  watch,
  watching,
} from "./helpers.ts";

/** Starts a thread that shares descriptors and memory. */
function* thread(sys: Sys, program: Program): Generator<unknown, void, unknown> {
  yield* sys.clone(CLONE_VM | CLONE_FILES, program);
}

/** Starts `count` threads, one after the other, each asleep before the next. */
function* sleepers(sys: Sys, count: number, program: Program): Generator<unknown, void, unknown> {
  for (let i = 0; i < count; i++) {
    yield* thread(sys, program);
    yield* sys.asleep();
  }
}

/** Tasks that sleep in calls, and what wakes them. The scripts wait for all sleepers before they go on. */
export const wakeups: Scenario[] = [
  scenario("a blocking read of a pipe sleeps until something is written", function* (sys) {
    const [reader, writer] = yield* pipe(sys, 0);
    yield* thread(sys, (task) => read(task, reader));
    yield* sys.asleep();
    yield* sys.write(writer, "awake");
    yield* sys.asleep();
  }),
  scenario(
    "X-11, A-4: blocked readers of a pipe are served in the order in which they came, one for each write",
    function* (sys) {
      const [reader, writer] = yield* pipe(sys, 0);
      yield* sleepers(sys, 3, (task) => read(task, reader));
      for (const text of ["first", "second", "third"]) {
        yield* sys.write(writer, text);
        yield* sys.asleep();
      }
    },
  ),
  scenario("X-11: a reader that leaves bytes behind wakes the next reader", function* (sys) {
    const [reader, writer] = yield* pipe(sys, 0);
    yield* sleepers(sys, 2, (task) => read(task, reader, 2));
    yield* sys.write(writer, "abcd");
    yield* sys.asleep();
  }),
  scenario("X-13, A-6, PI-13: when the last writer goes, every blocked reader gets 0", function* (sys) {
    const [reader, writer] = yield* pipe(sys, 0);
    yield* sleepers(sys, 2, (task) => read(task, reader));
    yield* sys.close(writer);
    yield* sys.asleep();
  }),
  scenario("a blocked write to a full pipe goes on when a slot is free, and ends when all is written", function* (sys) {
    const [reader, writer] = yield* pipe(sys, 0);
    yield* sys.write(writer, pattern(65_536));
    yield* thread(sys, function* (task) {
      yield* task.write(writer, pattern(6000));
    });
    yield* sys.asleep();
    yield* read(sys, reader, 4095);
    yield* sys.asleep();
    yield* read(sys, reader, 1);
    yield* sys.asleep();
    yield* read(sys, reader, 65_536);
    yield* sys.asleep();
    yield* read(sys, reader, 65_536);
  }),
  scenario("a blocked write is EPIPE when the last reader goes", function* (sys) {
    const [reader, writer] = yield* pipe(sys, 0);
    yield* sys.write(writer, pattern(65_536));
    yield* thread(sys, function* (task) {
      yield* task.write(writer, "more");
    });
    yield* sys.asleep();
    yield* sys.close(reader);
    yield* sys.asleep();
  }),
  scenario("a blocked read of a UNIX socket takes what comes, and 0 at the end", function* (sys) {
    const [a, b] = yield* unixPair(sys, 0);
    yield* thread(sys, function* (task) {
      yield* read(task, b);
      yield* read(task, b);
    });
    yield* sys.asleep();
    yield* sys.write(a, "bytes");
    yield* sys.asleep();
    yield* sys.close(a);
    yield* sys.asleep();
  }),
  scenario("a blocked write to a UNIX socket waits until a quarter of the buffer is left", function* (sys) {
    const [a, b] = yield* unixPair(sys, 0);
    for (let i = 0; i < 44; i++) yield* sys.write(a, pattern(4096));
    yield* thread(sys, function* (task) {
      yield* task.write(a, "one more");
    });
    yield* sys.asleep();
    for (let i = 0; i < 36; i++) {
      yield* read(sys, b, 4096);
      yield* sys.asleep();
    }
  }),
  scenario("X-10: accept sleeps until a connection comes; sleepers are served in order", function* (sys) {
    const listener = yield* listening(sys, 8, 7070, 0);
    yield* sleepers(sys, 2, function* (task) {
      const fd = yield* task.accept4(listener, 0);
      yield* task.write(fd, "welcome");
    });
    const first = yield* connecting(sys);
    yield* sys.asleep();
    yield* read(sys, first);
    const second = yield* connecting(sys);
    yield* sys.asleep();
    yield* read(sys, second);
  }),
  scenario("shutdown of a listener wakes a blocked accept with EINVAL", function* (sys) {
    const listener = yield* listening(sys, 8, 7070, 0);
    yield* thread(sys, function* (task) {
      yield* task.accept4(listener, 0);
    });
    yield* sys.asleep();
    yield* sys.shutdown(listener, SHUT_RDWR);
    yield* sys.asleep();
  }),
  scenario("a blocked TCP read gets bytes, the end, or the reset", function* (sys) {
    const { listener, client, server } = yield* tcpPair(sys);
    yield* sys.fcntl(server, 4, 0);
    yield* thread(sys, function* (task) {
      yield* read(task, server);
      yield* read(task, server);
    });
    yield* sys.asleep();
    yield* sys.write(client, "bytes");
    yield* sys.asleep();
    yield* sys.close(client);
    yield* sys.asleep();
    const client2 = yield* connecting(sys);
    const server2 = yield* sys.accept4(listener, 0);
    yield* thread(sys, (task) => read(task, server2));
    yield* sys.asleep();
    yield* sys.write(server2, "unread");
    yield* sys.close(client2);
    yield* sys.asleep();
  }),
  scenario("a write to an eventfd wakes every blocked reader; one takes the count", function* (sys) {
    const fd = yield* sys.eventfd(0, 0);
    yield* thread(sys, (task) => read(task, fd, 8));
    yield* sys.asleep();
    yield* sys.write(fd, u64(5n));
    yield* sys.asleep();
    yield* sys.write(fd, u64(0xfffffffffffffffen));
    yield* thread(sys, function* (task) {
      yield* task.write(fd, u64(1n));
    });
    yield* sys.asleep();
    yield* read(sys, fd, 8);
    yield* sys.asleep();
    yield* read(sys, fd, 8);
  }),
  scenario("X-1, A-5: one edge wakes one of the tasks in epoll_wait: the one that slept last", function* (sys) {
    const [a, b] = yield* unixPair(sys);
    const epfd = yield* watching(sys, IN | ET, b);
    yield* sleepers(sys, 3, (task) => wait(task, epfd, 1, -1));
    for (let i = 0; i < 3; i++) {
      yield* sys.write(a, "x");
      yield* sys.asleep();
    }
  }),
  scenario("X-2: one worker gets every spaced edge, because it sleeps again in front", function* (sys) {
    const [a, b] = yield* unixPair(sys);
    const epfd = yield* watching(sys, IN | ET, b);
    const worker: Program = function* (task) {
      for (let i = 0; i < 3; i++) yield* wait(task, epfd, 1, -1);
    };
    yield* sleepers(sys, 2, worker);
    for (let i = 0; i < 6; i++) {
      yield* sys.write(a, "x");
      yield* sys.asleep();
    }
  }),
  scenario("X-3, S-10: a level that nobody reads wakes every sleeper, one after the other", function* (sys) {
    const [a, b] = yield* unixPair(sys);
    const epfd = yield* watching(sys, IN, b);
    yield* sleepers(sys, 3, (task) => wait(task, epfd, 1, -1));
    yield* sys.write(a, "x");
    yield* sys.asleep();
  }),
  scenario("X-4: one-shot wakes one sleeper, and the next when it is modified", function* (sys) {
    const [a, b] = yield* unixPair(sys);
    const epfd = yield* watching(sys, IN | ONESHOT, b);
    yield* sleepers(sys, 2, (task) => wait(task, epfd, 1, -1));
    yield* sys.write(a, "x");
    yield* sys.asleep();
    yield* sys.write(a, "y");
    yield* sys.asleep();
    yield* sys.epoll_ctl(epfd, EPOLL_CTL_MOD, b, { events: IN | ONESHOT, data: { fd: b } });
    yield* sys.asleep();
  }),
  scenario("X-5: one event wakes a sleeper of every epoll that watches the file", function* (sys) {
    const fd = yield* sys.eventfd(0, 0x800);
    const first = yield* watching(sys, IN, fd);
    const second = yield* watching(sys, IN | ET, fd);
    yield* thread(sys, (task) => wait(task, first, 1, -1));
    yield* sys.asleep();
    yield* thread(sys, (task) => wait(task, second, 1, -1));
    yield* sys.asleep();
    yield* sys.write(fd, u64(1n));
    yield* sys.asleep();
  }),
  scenario(
    "X-17, I-6, I-10: ADD of a ready file and MOD to a ready mask wake a sleeper; DEL and close do not",
    function* (sys) {
      const ready = yield* sys.eventfd(1, 0x800);
      const idle = yield* sys.eventfd(0, 0x800);
      const epfd = yield* watching(sys, IN, idle);
      yield* thread(sys, function* (task) {
        yield* wait(task, epfd, 1, -1);
        yield* task.epoll_ctl(epfd, EPOLL_CTL_DEL, ready, null);
        yield* wait(task, epfd, 1, -1);
      });
      yield* sys.asleep();
      yield* sys.epoll_ctl(epfd, EPOLL_CTL_ADD, ready, { events: IN, data: { u32: 1 } });
      yield* sys.asleep();
      const other = yield* sys.eventfd(0, 0x800);
      yield* watch(sys, epfd, other, IN);
      yield* sys.close(other);
      yield* sys.asleep();
      yield* sys.epoll_ctl(epfd, EPOLL_CTL_MOD, idle, { events: OUT, data: { u32: 2 } });
      yield* sys.asleep();
    },
  ),
  scenario("N-5, P-8: an inner and an outer epoll both wake their sleepers", function* (sys) {
    const fd = yield* sys.eventfd(0, 0x800);
    const inner = yield* watching(sys, IN, fd);
    const outer = yield* watching(sys, IN, inner);
    yield* thread(sys, (task) => wait(task, inner, 1, -1));
    yield* sys.asleep();
    yield* thread(sys, (task) => wait(task, outer, 1, -1));
    yield* sys.asleep();
    yield* sys.write(fd, u64(1n));
    yield* sys.asleep();
  }),
  scenario("B-8: closing a descriptor does not disturb a call that sleeps on its file", function* (sys) {
    const [a, b] = yield* unixPair(sys, 0);
    yield* thread(sys, (task) => read(task, b));
    yield* sys.asleep();
    yield* sys.close(b);
    yield* sys.write(a, "still there");
    yield* sys.asleep();
    yield* sys.write(a, "x");
  }),
  scenario("W-1: epoll_wait returns 0 when its time is over, and an event before that", function* (sys) {
    const [a, b] = yield* unixPair(sys);
    const epfd = yield* watching(sys, IN, b);
    yield* wait(sys, epfd, 1, 3);
    yield* thread(sys, (task) => wait(task, epfd, 1, 60_000));
    yield* sys.asleep();
    yield* sys.write(a, "x");
    yield* sys.asleep();
    yield* sys.nanosleep({ sec: 0, nsec: 1_000_000 });
    yield* sys.nanosleep({ sec: 0, nsec: 0 });
    yield* sys.nanosleep({ sec: 0, nsec: 1_000_000_000 });
    yield* sys.nanosleep({ sec: -1, nsec: 0 });
    yield* sys.nanosleep(1);
  }),
  scenario("threads share descriptors: what one opens the other uses", function* (sys) {
    const fds: number[] = [];
    yield* thread(sys, function* (task) {
      fds.push(...(yield* unixPair(task, 0)));
      yield* read(task, fds[1] ?? -1);
    });
    yield* sys.asleep();
    yield* sys.write(fds[0] ?? -1, "from the other task");
    yield* sys.asleep();
    yield* sys.close(fds[0] ?? -1);
    yield* sys.accept4(fds[1] ?? -1, SOCK_NONBLOCK);
  }),
];
