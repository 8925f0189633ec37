import { EPOLLET, EPOLLIN, SOCK_NONBLOCK } from "../../../lib/index.ts";
import { type Question, connecting, count, listening, watching } from "./question.ts";

/** Three clients connect before the server looks. */
export const lostClients: Question = {
  id: "et-listener",
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
