import { EPOLLET, EPOLLIN, EPOLL_CTL_MOD } from "../../../lib/index.ts";
import { type Question, count, pair, watching } from "./question.ts";

/** Ten bytes come, four are read. */
export const partRead: Question = {
  number: 1,
  id: "et-part-read",
  question: {
    en: "My edge-triggered handler reads a part and then hangs. Why?",
    "zh-CN": "边缘触发（ET）只读了一部分就卡住了，为什么？",
  },
  prediction: {
    en: "The bytes that are left make another event.",
    "zh-CN": "剩下的字节会再触发一次事件。",
  },
  verdict: {
    en: "What is left makes no event: an edge-triggered item is not put back on the ready list. Read until EAGAIN, which is why the descriptor must not block; EPOLL_CTL_MOD has it looked at again.",
    "zh-CN":
      "剩下的字节不会产生事件：ET 的条目不会放回就绪链表。要一直读到 EAGAIN，所以描述符必须是非阻塞的；EPOLL_CTL_MOD 会让内核再检查一次。",
  },
  myth: true,
  program: function* (sys) {
    const [near, far] = yield* pair(sys);
    const epfd = yield* watching(sys, EPOLLIN | EPOLLET, far);
    yield* sys.write(near, "ten bytes!");
    const told = yield* count(sys, epfd);
    yield* sys.read(far, sys.buffer(4));
    const afterFour = yield* count(sys, epfd);
    yield* sys.epoll_ctl(epfd, EPOLL_CTL_MOD, far, { events: (EPOLLIN | EPOLLET) >>> 0, data: { fd: far } });
    const afterMod = yield* count(sys, epfd);
    const rest = yield* sys.read(far, sys.buffer(64));
    return { told, afterFour, afterMod, rest, last: yield* sys.read(far, sys.buffer(64)) };
  },
  expected: { told: 1, afterFour: 0, afterMod: 1, rest: 6, last: -11 },
};
