import { CLONE_VM, EPOLL_CTL_ADD, EPOLL_CTL_DEL, IN, O_NONBLOCK, scenario, type Scenario } from "../scenario.ts";
import { pipe, read, u64, unixPair, wait, watch, watching } from "./helpers.ts";

/** An epoll item is an open file and a number: what that means when descriptors are copied, closed and used again. */
export const epollIdentity: Scenario[] = [
  scenario("K-4, K-5, K-6: a number that is used again is another item, beside the old one", function* (sys) {
    const [a, b] = yield* unixPair(sys);
    const [c, d] = yield* unixPair(sys);
    const epfd = yield* watching(sys, IN, b);
    const copy = yield* sys.dup(b);
    yield* sys.dup2(d, b);
    yield* sys.epoll_ctl(epfd, EPOLL_CTL_ADD, b, { events: IN, data: { u32: 1000 } });
    yield* sys.write(a, "to the old file");
    yield* sys.write(c, "to the new file");
    yield* wait(sys, epfd);
    yield* sys.epoll_ctl(epfd, EPOLL_CTL_DEL, b, null);
    yield* wait(sys, epfd);
    yield* sys.epoll_ctl(epfd, EPOLL_CTL_DEL, b, null);
    yield* sys.dup2(copy, b);
    yield* sys.epoll_ctl(epfd, EPOLL_CTL_DEL, b, null);
    yield* wait(sys, epfd);
  }),
  scenario("K-7: with the last descriptor of a file its items go, from every epoll, ready or not", function* (sys) {
    const fd = yield* sys.eventfd(1, O_NONBLOCK);
    const copy = yield* sys.dup(fd);
    const epfds: number[] = [];
    for (let i = 0; i < 3; i++) epfds.push(yield* watching(sys, IN, fd, copy));
    yield* wait(sys, epfds[0] ?? -1);
    yield* sys.close(fd);
    for (const epfd of epfds) yield* wait(sys, epfd);
    yield* sys.close(copy);
    for (const epfd of epfds) yield* wait(sys, epfd);
  }),
  scenario("K-8: a child's copy of a descriptor keeps the item alive until the child ends", function* (sys) {
    const [a, b] = yield* unixPair(sys);
    const [reader, writer] = yield* pipe(sys, 0);
    const epfd = yield* watching(sys, IN, b);
    yield* sys.clone(CLONE_VM, function* (child) {
      yield* child.close(a);
      yield* read(child, reader, 1);
      yield* read(child, b);
      yield* read(child, reader, 1);
    });
    yield* sys.asleep();
    yield* sys.close(b);
    yield* sys.write(a, "x");
    yield* wait(sys, epfd);
    yield* sys.epoll_ctl(epfd, EPOLL_CTL_DEL, b, null);
    yield* sys.write(writer, "1");
    yield* sys.asleep();
    yield* wait(sys, epfd);
    yield* sys.write(a, "y");
    yield* wait(sys, epfd);
    yield* sys.write(writer, "2");
    yield* sys.asleep();
    yield* wait(sys, epfd);
    yield* sys.write(a, "z");
  }),
  scenario("K-9: a child adds a file of its own to a common epoll; the item ends with it", function* (sys) {
    const epfd = yield* sys.epoll_create1(0);
    const [reader, writer] = yield* pipe(sys, 0);
    yield* sys.clone(CLONE_VM, function* (child) {
      const own = yield* child.eventfd(0, O_NONBLOCK);
      yield* child.epoll_ctl(epfd, EPOLL_CTL_ADD, own, { events: IN, data: { u32: 4711 } });
      yield* child.write(own, u64(1n));
      yield* read(child, reader, 1);
    });
    yield* sys.asleep();
    yield* wait(sys, epfd);
    const same = yield* sys.eventfd(1, O_NONBLOCK);
    yield* watch(sys, epfd, same, IN);
    yield* wait(sys, epfd);
    yield* sys.write(writer, "x");
    yield* sys.asleep();
    yield* wait(sys, epfd);
  }),
];
