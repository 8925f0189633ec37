import { EPOLLIN, EPOLL_CTL_DEL } from "../../../lib/index.ts";
import { type Question, count, pair, watching } from "./question.ts";

/** A watched descriptor is closed, but a copy of it is not. */
export const closed: Question = {
  id: "closed-fd",
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
