import { EPOLLET, EPOLLIN, RLIMIT_NOFILE, SOCK_NONBLOCK } from "../../../lib/index.ts";
import { type Question, connecting, count, listening, watching } from "./question.ts";

/** A connection waits, and there is no descriptor left for it. */
export const emfile: Question = {
  id: "accept-emfile",
  program: function* (sys) {
    const listener = yield* listening(sys, SOCK_NONBLOCK);
    const level = yield* watching(sys, EPOLLIN, listener);
    const edge = yield* watching(sys, EPOLLIN | EPOLLET, listener);
    yield* connecting(sys);
    const spare = yield* sys.dup(listener);
    const limit = { rlim_cur: 0, rlim_max: 0 };
    yield* sys.getrlimit(RLIMIT_NOFILE, limit);
    yield* sys.setrlimit(RLIMIT_NOFILE, { ...limit, rlim_cur: spare + 1 });
    let [told, edges, refused] = [0, 0, 0];
    for (let i = 0; i < 5; i++) {
      told += yield* count(sys, level);
      edges += yield* count(sys, edge);
      if ((yield* sys.accept4(listener, SOCK_NONBLOCK)) === -24) refused++;
    }
    yield* sys.close(spare);
    const accepted = yield* sys.accept4(listener, SOCK_NONBLOCK);
    return {
      told,
      edges,
      refused,
      bySpare: accepted === spare ? "accepted" : accepted,
      afterwards: yield* count(sys, level),
    };
  },
  expected: { told: 5, edges: 1, refused: 5, bySpare: "accepted", afterwards: 0 },
};
