import { EPOLLIN, EPOLLOUT, EPOLL_CTL_ADD, O_CREAT, O_RDWR } from "../../../lib/index.ts";
import { type Question, maskText, watching } from "./question.ts";

/** A file with a name is watched by epoll, and asked about by poll. */
export const regularFiles: Question = {
  number: 16,
  id: "regular-files",
  question: {
    en: "Can epoll watch ordinary files? Why do event loops use threads for them?",
    "zh-CN": "epoll 能监听普通文件吗？为什么事件循环要用线程来读写它们？",
  },
  prediction: {
    en: "epoll tells when a file's data has come from the disk.",
    "zh-CN": "文件数据从磁盘读上来时，epoll 会通知。",
  },
  verdict: {
    en: "No: a regular file has nothing to wait on, so EPOLL_CTL_ADD is EPERM. poll and select call it ready at any time, which says nothing about the disk. Hence threads, asynchronous I/O or io_uring.",
    "zh-CN":
      "不能：普通文件没有可等待的东西，EPOLL_CTL_ADD 返回 EPERM。poll 和 select 说它随时就绪，但这与磁盘无关。所以要用线程、异步 I/O 或 io_uring。",
  },
  myth: true,
  program: function* (sys) {
    const file = yield* sys.open("file", O_CREAT | O_RDWR, 0o600);
    const epfd = yield* watching(sys, EPOLLIN);
    const add = yield* sys.epoll_ctl(epfd, EPOLL_CTL_ADD, file, { events: EPOLLIN, data: { fd: file } });
    const entries = [{ fd: file, events: EPOLLIN | EPOLLOUT, revents: 0 }];
    const polled = yield* sys.poll(entries, 0);
    const sets = { read: [file] };
    return {
      add,
      polled,
      poll: maskText(entries[0]!.revents),
      select: yield* sys.select(file + 1, sets, { sec: 0, usec: 0 }),
    };
  },
  expected: { add: -1, polled: 1, poll: "IN|OUT", select: 1 },
};
