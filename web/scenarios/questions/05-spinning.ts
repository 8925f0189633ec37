import { AF_INET, EPOLLIN, EPOLLOUT, EPOLL_CTL_MOD, SOCK_NONBLOCK, SOCK_STREAM } from "../../../lib/index.ts";
import { type Question, connection, count, mask, watching } from "./question.ts";

/** A connection on which nothing happens is watched for EPOLLOUT. */
export const spinning: Question = {
  number: 5,
  id: "epollout-spin",
  question: {
    en: "epoll_wait returns at once, all the time, with nothing to do: 100 % CPU. Why?",
    "zh-CN": "epoll_wait 总是立刻返回却没事可做，CPU 100%，为什么？",
  },
  prediction: { en: "An idle socket makes no events.", "zh-CN": "空闲的套接字不会有事件。" },
  verdict: {
    en: "An idle socket can nearly always be written to, so level-triggered EPOLLOUT never ends. Ask for it after a write has said EAGAIN, and drop it afterwards. A socket that was never connected says OUT and HUP.",
    "zh-CN":
      "空闲的套接字几乎总是可写，所以水平触发（LT）的 EPOLLOUT 会一直返回。只在 write 返回 EAGAIN 之后才关注它，写完就去掉。从未连接的套接字会报告 OUT 和 HUP。",
  },
  myth: true,
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
