import { EPOLLET, EPOLLIN, RLIMIT_NOFILE, SOCK_NONBLOCK } from "../../../lib/index.ts";
import { type Question, connecting, count, listening, watching } from "./question.ts";

/** A connection waits, and there is no descriptor left for it. */
export const emfile: Question = {
  number: 18,
  id: "accept-emfile",
  question: {
    en: "accept fails with EMFILE, and the loop spins. What now?",
    "zh-CN": "accept 返回 EMFILE，事件循环空转，怎么办？",
  },
  prediction: {
    en: "The connection that could not be accepted is gone, or the epoll stops telling of it.",
    "zh-CN": "没能 accept 的连接会丢掉，或者 epoll 不再报告它。",
  },
  verdict: {
    en: "The connection stays in the queue, so level-triggered tells of it for ever. Keep a spare descriptor: close it, accept, close, open it again. Edge-triggered tells once, and then the connection is forgotten instead.",
    "zh-CN":
      "连接仍留在队列里，所以 LT 会一直报告。预留一个备用描述符：关掉它、accept、关闭连接、再打开它。ET 只报告一次，空转就变成了遗忘。",
  },
  myth: true,
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
