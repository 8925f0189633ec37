import { EPOLLET, EPOLLIN, EPOLL_CTL_MOD } from "../../../lib/index.ts";
import { type Question, count, pair, watching } from "./question.ts";

/** Ten bytes come, four are read. */
export const partRead: Question = {
  id: "et-part-read",
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
