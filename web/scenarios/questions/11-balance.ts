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
  number: 11,
  id: "one-worker-gets-all",
  question: {
    en: "With EPOLLEXCLUSIVE one worker gets all the load. Why?",
    "zh-CN": "用了 EPOLLEXCLUSIVE，负载却全在一个 worker 上，为什么？",
  },
  prediction: {
    en: "The kernel shares the connections out, or takes the newest sleeper first.",
    "zh-CN": "内核会轮流分配连接，或者优先唤醒最新的睡眠者（LIFO）。",
  },
  verdict: {
    en: "It is the order of the wait queue: the epoll that was added first and has a sleeper gets it, always the same one. Workers that block in accept stand in a queue and are served in turn; SO_REUSEPORT spreads by hash. EPOLLEXCLUSIVE goes with neither ONESHOT nor RDHUP nor MOD.",
    "zh-CN":
      "这是等待队列的顺序：最先加入且有睡眠者的 epoll 总是中选。阻塞在 accept 的 worker 排队轮流得到连接；SO_REUSEPORT 按哈希分散。EPOLLEXCLUSIVE 不能与 ONESHOT、RDHUP、MOD 合用。",
  },
  myth: true,
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
