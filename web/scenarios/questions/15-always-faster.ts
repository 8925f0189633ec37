import { EPOLLIN, EPOLL_CTL_ADD, O_NONBLOCK } from "../../../lib/index.ts";
import { type Question, pair, watching } from "./question.ts";

const CONNECTIONS = 4;
const IDLE = 31;
const ROUNDS = 5;
const ONE = new Uint8Array([1, 0, 0, 0, 0, 0, 0, 0]);

/** The same work by epoll and by poll, and how many calls it took: what each call has returned is kept in a list. */
export const alwaysFaster: Question = {
  id: "always-faster",
  program: function* (sys) {
    const eight = sys.buffer(8);
    const asked = (fd: number) => ({ fd, events: EPOLLIN, revents: 0 });

    // Short connections: one message each, and the end.
    const short = { epoll: [] as number[], poll: [] as number[] };
    const server = yield* watching(sys, EPOLLIN);
    for (let i = 0; i < CONNECTIONS; i++) {
      for (const way of ["epoll", "poll"] as const) {
        const [near, far] = yield* pair(sys);
        yield* sys.write(far, "hello");
        const made = short[way];
        if (way === "epoll") {
          made.push(yield* sys.epoll_ctl(server, EPOLL_CTL_ADD, near, { events: EPOLLIN, data: { fd: near } }));
          made.push(yield* sys.epoll_wait(server, sys.epoll_events(1), 1, 0));
        } else {
          made.push(yield* sys.poll([asked(near)], 0));
        }
        made.push(yield* sys.read(near, eight));
        made.push(yield* sys.close(near));
      }
    }

    // All are active. They are added once, before, as long connections are.
    const busy = { epoll: [] as number[], poll: [] as number[] };
    const fds: number[] = [];
    for (let i = 0; i <= IDLE; i++) fds.push(yield* sys.eventfd(1, O_NONBLOCK));
    const epfd = yield* watching(sys, EPOLLIN, ...fds);
    busy.epoll.push(yield* sys.epoll_wait(epfd, sys.epoll_events(fds.length), fds.length, 0));
    for (const fd of fds) busy.epoll.push(yield* sys.read(fd, eight));
    for (const fd of fds) yield* sys.write(fd, ONE);
    busy.poll.push(yield* sys.poll(fds.map(asked), 0));
    for (const fd of fds) busy.poll.push(yield* sys.read(fd, eight));

    // One is active, the others are idle.
    const entries = { epoll: 0, poll: 0 };
    for (let round = 0; round < ROUNDS; round++) {
      yield* sys.write(fds[IDLE]!, ONE);
      entries.epoll += yield* sys.epoll_wait(epfd, sys.epoll_events(8), 8, 0);
      const all = fds.map(asked);
      if ((yield* sys.poll(all, 0)) === 1) entries.poll += all.length;
      yield* sys.read(fds[IDLE]!, eight);
    }
    return {
      "short connections, epoll: calls": short.epoll.length,
      "short connections, poll: calls": short.poll.length,
      "all active, epoll: calls": busy.epoll.length,
      "all active, poll: calls": busy.poll.length,
      "all active, epoll: told": busy.epoll[0]!,
      "all active, poll: told": busy.poll[0]!,
      "one active, epoll: entries passed": entries.epoll,
      "one active, poll: entries passed": entries.poll,
    };
  },
  expected: {
    "short connections, epoll: calls": 4 * CONNECTIONS,
    "short connections, poll: calls": 3 * CONNECTIONS,
    "all active, epoll: calls": IDLE + 2,
    "all active, poll: calls": IDLE + 2,
    "all active, epoll: told": IDLE + 1,
    "all active, poll: told": IDLE + 1,
    "one active, epoll: entries passed": ROUNDS,
    "one active, poll: entries passed": ROUNDS * (IDLE + 1),
  },
};
