import {
  CLONE_FILES,
  CLONE_VM,
  EPOLLEXCLUSIVE,
  EPOLLIN,
  EPOLLONESHOT,
  EPOLLRDHUP,
  EPOLL_CTL_ADD,
  EPOLL_CTL_MOD,
  O_NONBLOCK,
  SHUT_RDWR,
  SOCK_NONBLOCK,
  type Program,
} from "../../../lib/index.ts";
import { type Question, connecting, listening, othersAsleep, watching } from "./question.ts";

const WORKERS = 4;
const CONNECTIONS = 12;
const ONE = new Uint8Array([1, 0, 0, 0, 0, 0, 0, 0]);

/** Connections come one after the other; workers share them by EPOLLEXCLUSIVE, or block in accept. */
export const balance: Question = {
  id: "one-worker-gets-all",
  program: function* (sys) {
    const listener = yield* listening(sys, SOCK_NONBLOCK);
    const stop = yield* sys.eventfd(0, O_NONBLOCK);
    const exclusive = Array.from({ length: WORKERS }, () => 0);
    const waiting = (epfd: number, i: number): Program =>
      function* (own) {
        const events = own.epoll_events(1);
        for (;;) {
          yield* own.epoll_wait(epfd, events, 1, -1);
          if (events[0]!.data.fd === stop) return;
          if ((yield* own.accept4(listener, SOCK_NONBLOCK)) >= 0) exclusive[i]!++;
        }
      };
    for (let i = 0; i < WORKERS; i++) {
      const epfd = yield* watching(sys, EPOLLIN | EPOLLEXCLUSIVE, listener);
      yield* sys.epoll_ctl(epfd, EPOLL_CTL_ADD, stop, { events: EPOLLIN, data: { fd: stop } });
      yield* sys.clone(CLONE_VM | CLONE_FILES, waiting(epfd, i));
      yield* othersAsleep(sys);
    }
    for (let i = 0; i < CONNECTIONS; i++) {
      yield* connecting(sys);
      yield* othersAsleep(sys);
    }
    yield* sys.write(stop, ONE);
    yield* othersAsleep(sys);

    const epfd = yield* watching(sys, EPOLLIN | EPOLLEXCLUSIVE, stop);
    const other = yield* sys.eventfd(0, O_NONBLOCK);
    const add = (events: number) => sys.epoll_ctl(epfd, EPOLL_CTL_ADD, other, { events, data: { fd: other } });
    const oneshot = yield* add(EPOLLIN | EPOLLEXCLUSIVE | EPOLLONESHOT);
    const rdhup = yield* add(EPOLLIN | EPOLLEXCLUSIVE | EPOLLRDHUP);
    const mod = yield* sys.epoll_ctl(epfd, EPOLL_CTL_MOD, stop, { events: EPOLLIN, data: { fd: stop } });
    yield* sys.close(listener);

    const blocking = yield* listening(sys, 0, 7071);
    const accept = Array.from({ length: WORKERS }, () => 0);
    const accepting = (i: number): Program =>
      function* (own) {
        while ((yield* own.accept4(blocking, 0)) >= 0) accept[i]!++;
      };
    for (let i = 0; i < WORKERS; i++) {
      yield* sys.clone(CLONE_VM | CLONE_FILES, accepting(i));
      yield* othersAsleep(sys);
    }
    for (let i = 0; i < CONNECTIONS; i++) {
      yield* connecting(sys, 7071);
      yield* othersAsleep(sys);
    }
    yield* sys.shutdown(blocking, SHUT_RDWR);
    yield* othersAsleep(sys);
    return { exclusive: exclusive.join(), accept: accept.join(), oneshot, rdhup, mod };
  },
  expected: { exclusive: "12,0,0,0", accept: "3,3,3,3", oneshot: -22, rdhup: -22, mod: -22 },
};
