import { EPOLLET, EPOLLIN, O_NONBLOCK } from "../../../lib/index.ts";
import { type Question, connection, count, pair, pipe, watching } from "./question.ts";

const ONE = new Uint8Array([1, 0, 0, 0, 0, 0, 0, 0]);

/** New data comes while the old is still unread. */
export const emptyEdge: Question = {
  id: "et-not-empty",
  program: function* (sys) {
    const [reader, writer] = yield* pipe(sys, O_NONBLOCK);
    const [near, far] = yield* pair(sys);
    const { client, server } = yield* connection(sys);
    const counter = yield* sys.eventfd(0, O_NONBLOCK);
    const facts: Record<string, number> = {};
    for (const [name, to, from] of [
      ["pipe", writer, reader],
      ["unix", near, far],
      ["tcp", client, server],
      ["eventfd", counter, counter],
    ] as const) {
      const epfd = yield* watching(sys, EPOLLIN | EPOLLET, from);
      yield* sys.write(to, ONE);
      yield* count(sys, epfd);
      yield* sys.write(to, ONE);
      facts[name] = yield* count(sys, epfd);
      facts[`${name}, nothing new`] = yield* count(sys, epfd);
    }
    facts["ADD of what is ready"] = yield* count(sys, yield* watching(sys, EPOLLIN | EPOLLET, reader));
    return facts;
  },
  expected: {
    pipe: 1,
    "pipe, nothing new": 0,
    unix: 1,
    "unix, nothing new": 0,
    tcp: 1,
    "tcp, nothing new": 0,
    eventfd: 1,
    "eventfd, nothing new": 0,
    "ADD of what is ready": 1,
  },
};
