import { EPOLLIN, EPOLL_CTL_DEL } from "../../../lib/index.ts";
import { type Question, count, pair, watching } from "./question.ts";

/** A watched descriptor is closed, but a copy of it is not. */
export const closed: Question = {
  number: 8,
  id: "closed-fd",
  question: {
    en: "I closed the descriptor, and still get events for it. Why?",
    "zh-CN": "描述符已经关闭，为什么还收到它的事件？",
  },
  prediction: { en: "close() takes it out of every epoll.", "zh-CN": "close() 会把它从所有 epoll 中移除。" },
  verdict: {
    en: "epoll watches the open file, not the number. A dup, a fork or a passed descriptor keeps the file open, and then the old number cannot even be removed. EPOLL_CTL_DEL before close.",
    "zh-CN":
      "epoll 关注的是打开的文件，而不是描述符编号。dup、fork 或传递出去的描述符都会让文件保持打开，这时用旧编号连 DEL 都做不到。先 EPOLL_CTL_DEL，再 close。",
  },
  myth: true,
  program: function* (sys) {
    const [near, far] = yield* pair(sys);
    const epfd = yield* watching(sys, EPOLLIN, far);
    const copy = yield* sys.dup(far);
    yield* sys.close(far);
    yield* sys.write(near, "x");
    const events = sys.epoll_events(1);
    const told = yield* sys.epoll_wait(epfd, events, 1, 0);
    const forTheOldNumber = events[0]!.data.fd === far ? "yes" : "no";
    const del = yield* sys.epoll_ctl(epfd, EPOLL_CTL_DEL, far, null);
    const delOfCopy = yield* sys.epoll_ctl(epfd, EPOLL_CTL_DEL, copy, null);
    yield* sys.close(copy);
    return { told, forTheOldNumber, del, delOfCopy, afterLastClose: yield* count(sys, epfd) };
  },
  expected: { told: 1, forTheOldNumber: "yes", del: -9, delOfCopy: -2, afterLastClose: 0 },
};
