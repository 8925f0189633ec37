import {
  CLONE_FILES,
  CLONE_VM,
  EPOLLET,
  EPOLLIN,
  EPOLLONESHOT,
  EPOLL_CTL_ADD,
  O_NONBLOCK,
  type Program,
} from "../../../lib/index.ts";
import { type Question, othersAsleep, pipe, watching } from "./question.ts";

const THREADS = 4;
const WRITES = 10;
const ONE = new Uint8Array([1, 0, 0, 0, 0, 0, 0, 0]);

/** Threads share one epoll; and then two of them meet at one descriptor. */
export const threads: Question = {
  id: "threads-one-epoll",
  cpus: 2,
  program: function* (sys) {
    const facts: Record<string, number> = {};
    for (const [name, flags] of [
      ["level", 0],
      ["edge", EPOLLET],
    ] as const) {
      const fd = yield* sys.eventfd(0, O_NONBLOCK);
      const stop = yield* sys.eventfd(0, O_NONBLOCK);
      const epfd = yield* watching(sys, EPOLLIN | flags, fd);
      yield* sys.epoll_ctl(epfd, EPOLL_CTL_ADD, stop, { events: EPOLLIN, data: { fd: stop } });
      const wakeups = Array.from({ length: THREADS }, () => 0);
      const worker = (i: number): Program =>
        function* (own) {
          const events = own.epoll_events(1);
          for (;;) {
            yield* own.epoll_wait(epfd, events, 1, -1);
            if (events[0]!.data.fd === stop) return;
            wakeups[i]!++;
            yield* own.read(fd, own.buffer(8));
          }
        };
      for (let i = 0; i < THREADS; i++) {
        yield* sys.clone(CLONE_VM | CLONE_FILES, worker(i));
        yield* othersAsleep(sys);
      }
      for (let i = 0; i < WRITES; i++) {
        yield* sys.write(fd, ONE);
        yield* othersAsleep(sys);
      }
      yield* sys.write(stop, ONE);
      yield* othersAsleep(sys);
      facts[`${name}: wake-ups`] = wakeups.reduce((sum, n) => sum + n, 0);
      facts[`${name}: of the busiest`] = Math.max(...wakeups);
    }
    for (const [name, flags] of [
      ["edge", EPOLLET],
      ["one-shot", EPOLLONESHOT],
    ] as const) {
      const fd = yield* sys.eventfd(0, O_NONBLOCK);
      const [reader, writer] = yield* pipe(sys, 0);
      const epfd = yield* watching(sys, EPOLLIN | flags, fd);
      let atWork = 0;
      for (let i = 0; i < 2; i++) {
        yield* sys.clone(CLONE_VM | CLONE_FILES, function* (own) {
          if ((yield* own.epoll_wait(epfd, own.epoll_events(1), 1, -1)) > 0) atWork++;
          yield* own.read(reader, own.buffer(1));
        });
        yield* othersAsleep(sys);
      }
      for (let i = 0; i < 2; i++) {
        yield* sys.write(fd, ONE);
        yield* othersAsleep(sys);
      }
      facts[`${name}: threads at one descriptor`] = atWork;
      yield* watching(sys, 0, fd);
      yield* sys.epoll_ctl(epfd, EPOLL_CTL_ADD, writer, { events: 4, data: { fd: writer } });
      yield* sys.write(writer, "ab");
      yield* othersAsleep(sys);
    }
    return facts;
  },
  expected: {
    "level: wake-ups": [WRITES, THREADS * WRITES],
    "level: of the busiest": [Math.ceil(WRITES / THREADS), WRITES],
    "edge: wake-ups": WRITES,
    "edge: of the busiest": WRITES,
    "edge: threads at one descriptor": 2,
    "one-shot: threads at one descriptor": 1,
  },
};
