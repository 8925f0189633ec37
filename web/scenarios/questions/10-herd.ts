import {
  CLONE_FILES,
  CLONE_VM,
  EPOLLEXCLUSIVE,
  EPOLLIN,
  EPOLL_CTL_ADD,
  O_NONBLOCK,
  SOCK_NONBLOCK,
  type Program,
} from "../../../lib/index.ts";
import { type Question, connecting, listening, othersAsleep, watching } from "./question.ts";

const WORKERS = 4;
const CONNECTIONS = 10;
const ONE = new Uint8Array([1, 0, 0, 0, 0, 0, 0, 0]);

/** Each worker has an epoll of its own, which watches the common listener. */
export const herd: Question = {
  id: "thundering-herd",
  cpus: 2,
  program: function* (sys) {
    const facts: Record<string, number> = {};
    for (const [name, flags, port] of [
      ["plain", 0, 7070],
      ["exclusive", EPOLLEXCLUSIVE, 7071],
    ] as const) {
      const listener = yield* listening(sys, SOCK_NONBLOCK, port);
      const stop = yield* sys.eventfd(0, O_NONBLOCK);
      let [wakeups, accepted] = [0, 0];
      const worker = (epfd: number): Program =>
        function* (own) {
          const events = own.epoll_events(1);
          for (;;) {
            yield* own.epoll_wait(epfd, events, 1, -1);
            if (events[0]!.data.fd === stop) return;
            wakeups++;
            if ((yield* own.accept4(listener, SOCK_NONBLOCK)) >= 0) accepted++;
          }
        };
      for (let i = 0; i < WORKERS; i++) {
        const epfd = yield* watching(sys, EPOLLIN | flags, listener);
        yield* sys.epoll_ctl(epfd, EPOLL_CTL_ADD, stop, { events: EPOLLIN, data: { fd: stop } });
        yield* sys.clone(CLONE_VM | CLONE_FILES, worker(epfd));
        yield* othersAsleep(sys);
      }
      for (let i = 0; i < CONNECTIONS; i++) {
        yield* connecting(sys, port);
        yield* othersAsleep(sys);
      }
      yield* sys.write(stop, ONE);
      yield* othersAsleep(sys);
      yield* sys.close(listener);
      facts[`${name}: accepted`] = accepted;
      facts[`${name}: wake-ups`] = wakeups;
    }
    return facts;
  },
  expected: {
    "plain: accepted": CONNECTIONS,
    "plain: wake-ups": [CONNECTIONS, WORKERS * CONNECTIONS],
    "exclusive: accepted": CONNECTIONS,
    "exclusive: wake-ups": CONNECTIONS,
  },
};
