import { EPOLLIN, EPOLLOUT, EPOLLRDHUP, SHUT_WR, SOCK_NONBLOCK, SOL_SOCKET, SO_LINGER } from "../../../lib/index.ts";
import { type Question, connecting, connection, mask, watching } from "./question.ts";

const EVENTS = EPOLLIN | EPOLLOUT | EPOLLRDHUP;
/** struct linger: on, 0 seconds: close resets. */
const RESET = new Uint8Array([1, 0, 0, 0, 0, 0, 0, 0]);

/** A TCP connection ends in every way. */
export const hangUps: Question = {
  id: "rdhup-hup-err",
  program: function* (sys) {
    const { listener, client, server } = yield* connection(sys);
    const epfd = yield* watching(sys, EVENTS, server);
    yield* sys.shutdown(client, SHUT_WR);
    const peerEnds = yield* mask(sys, epfd);
    yield* sys.shutdown(server, SHUT_WR);
    const bothEnd = yield* mask(sys, epfd);

    const closing = yield* connecting(sys);
    const closed = yield* sys.accept4(listener, SOCK_NONBLOCK);
    const epfd2 = yield* watching(sys, EVENTS, closed);
    yield* sys.close(closing);
    const peerCloses = yield* mask(sys, epfd2);
    yield* sys.write(closed, "x");
    const afterWrite = yield* mask(sys, epfd2);

    const resetting = yield* connecting(sys);
    const reset = yield* sys.accept4(listener, SOCK_NONBLOCK);
    const epfd3 = yield* watching(sys, EVENTS, reset);
    yield* sys.setsockopt(resetting, SOL_SOCKET, SO_LINGER, RESET);
    yield* sys.close(resetting);
    return { peerEnds, bothEnd, peerCloses, afterWrite, reset: yield* mask(sys, epfd3) };
  },
  expected: {
    peerEnds: "IN|OUT|RDHUP",
    bothEnd: "IN|OUT|HUP|RDHUP",
    peerCloses: "IN|OUT|RDHUP",
    afterWrite: "IN|OUT|ERR|HUP|RDHUP",
    reset: "IN|OUT|ERR|HUP|RDHUP",
  },
};
