import { EPOLLIN, EPOLL_CTL_ADD, EPOLL_CTL_DEL, O_NONBLOCK } from "../../../lib/index.ts";
import type { Question } from "./question.ts";

const ONE = new Uint8Array([1, 0, 0, 0, 0, 0, 0, 0]);

/** What epoll_create does with its size, what the key of an item is, and in which order events come. */
export const tree: Question = {
  id: "tree-or-hash",
  program: function* (sys) {
    const size0 = yield* sys.epoll_create(0);
    const epfd = yield* sys.epoll_create(1);
    const asked = (fd: number) => ({ events: EPOLLIN, data: { fd } });
    const fds: number[] = [];
    for (let i = 0; i < 8; i++) {
      const fd = yield* sys.eventfd(0, O_NONBLOCK);
      const added = yield* sys.epoll_ctl(epfd, EPOLL_CTL_ADD, fd, asked(fd));
      if (added === 0) fds.push(fd);
    }
    const sameAgain = yield* sys.epoll_ctl(epfd, EPOLL_CTL_ADD, fds[0]!, asked(fds[0]!));
    const copy = yield* sys.dup(fds[0]!);
    const itsDup = yield* sys.epoll_ctl(epfd, EPOLL_CTL_ADD, copy, asked(copy));
    const delDup = yield* sys.epoll_ctl(epfd, EPOLL_CTL_DEL, copy, null);
    const delAgain = yield* sys.epoll_ctl(epfd, EPOLL_CTL_DEL, copy, null);

    for (const place of [6, 1, 4]) yield* sys.write(fds[place]!, ONE);
    const events = sys.epoll_events(8);
    const told = yield* sys.epoll_wait(epfd, events, 8, 0);
    const order = Array.from({ length: told }, (_, i) => fds.indexOf(events[i]!.data.fd));
    return { size0, addedWithSize1: fds.length, sameAgain, itsDup, delDup, delAgain, order: order.join() };
  },
  expected: { size0: -22, addedWithSize1: 8, sameAgain: -17, itsDup: 0, delDup: 0, delAgain: -2, order: "6,1,4" },
};
