import { EPOLLET, EPOLLIN, SOCK_NONBLOCK } from "../../../lib/index.ts";
import { type Question, connecting, count, listening, watching } from "./question.ts";

/** Three clients connect before the server looks. */
export const lostClients: Question = {
  number: 3,
  id: "et-listener",
  question: {
    en: "With an edge-triggered listener some clients are never accepted. Why?",
    "zh-CN": "监听套接字用了 ET，有些客户端一直没被 accept，为什么？",
  },
  prediction: { en: "Three connections are three events.", "zh-CN": "三个连接就是三次事件。" },
  verdict: {
    en: "Several connections can be one event, and those that are left make none. Accept until EAGAIN, or watch the listener level-triggered.",
    "zh-CN":
      "多个连接可能只有一次事件，剩下的连接不会再触发。要一直 accept 到 EAGAIN，或者监听套接字改用水平触发（LT）。",
  },
  myth: true,
  program: function* (sys) {
    const listener = yield* listening(sys, SOCK_NONBLOCK);
    const edge = yield* watching(sys, EPOLLIN | EPOLLET, listener);
    const level = yield* watching(sys, EPOLLIN, listener);
    for (let i = 0; i < 3; i++) yield* connecting(sys);
    const events = yield* count(sys, edge);
    yield* sys.accept4(listener, SOCK_NONBLOCK);
    const afterOne = yield* count(sys, edge);
    const levelAfterOne = yield* count(sys, level);
    let stranded = 0;
    while ((yield* sys.accept4(listener, SOCK_NONBLOCK)) >= 0) stranded++;
    return { events, afterOne, levelAfterOne, stranded };
  },
  expected: { events: 1, afterOne: 0, levelAfterOne: 1, stranded: 2 },
};
