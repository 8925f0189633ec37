import { EPOLLIN, EPOLLOUT, EPOLL_CTL_ADD, O_CREAT, O_RDWR } from "../../../lib/index.ts";
import { type Question, maskText, watching } from "./question.ts";

/** A file with a name is watched by epoll, and asked about by poll. */
export const regularFiles: Question = {
  id: "regular-files",
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
