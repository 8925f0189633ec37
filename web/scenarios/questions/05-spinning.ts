import { AF_INET, EPOLLIN, EPOLLOUT, EPOLL_CTL_MOD, SOCK_NONBLOCK, SOCK_STREAM } from "../../../lib/index.ts";
import { type Question, connection, count, mask, watching } from "./question.ts";

/** A connection on which nothing happens is watched for EPOLLOUT. */
export const spinning: Question = {
  id: "epollout-spin",
  program: function* (sys) {
    const { client } = yield* connection(sys);
    const epfd = yield* watching(sys, EPOLLIN | EPOLLOUT, client);
    let inVain = 0;
    for (let i = 0; i < 5; i++) inVain += yield* count(sys, epfd);
    yield* sys.epoll_ctl(epfd, EPOLL_CTL_MOD, client, { events: EPOLLIN, data: { fd: client } });
    const without = yield* count(sys, epfd);
    const fresh = yield* sys.socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    return { inVain, without, unconnected: yield* mask(sys, yield* watching(sys, EPOLLIN | EPOLLOUT, fresh)) };
  },
  expected: { inVain: 5, without: 0, unconnected: "OUT|HUP" },
};
