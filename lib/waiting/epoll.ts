import { EPOLLET, EPOLLIN, EPOLL_CTL_ADD, SOCK_NONBLOCK } from "../machine/constants.ts";
import type { Service, Stretch, WayOfWaiting } from "./way.ts";
import type { Sys } from "../machine/sys.ts";

/** How many events a call takes at most. */
const EVENTS = 64;

/** An event loop. @param events  what each connection is watched for. */
function* loop(sys: Sys, { fds, length, isMessage, empty, prepared }: Service, events: number): Stretch<never> {
  const buffer = sys.buffer(length);
  const epfd = yield* sys.epoll_create1(0);
  for (const fd of fds) yield* sys.epoll_ctl(epfd, EPOLL_CTL_ADD, fd, { events, data: { fd } });
  const ready = sys.epoll_events(EVENTS);
  prepared();
  for (;;) {
    const count = yield* sys.epoll_wait(epfd, ready, EVENTS, -1);
    if (count <= 0) empty();
    for (let i = 0; i < count; i++) {
      const { fd } = ready[i]!.data;
      // Edge-triggered: there is no second event for what is left, so it reads until nothing is.
      let got: number;
      do {
        got = yield* sys.read(fd, buffer);
        if (isMessage(got)) yield* sys.write(fd, buffer, got);
      } while (events & EPOLLET && got > 0);
    }
  }
}

/** The kernel keeps the set and a list of what is ready. */
export const level: WayOfWaiting = {
  id: "epoll-lt",
  name: "epoll, level-triggered",
  about: "the kernel keeps the set: a message puts its connection on the ready list, and only that is asked",
  flags: SOCK_NONBLOCK,
  most: null,
  limit: null,
  spins: false,
  serve: (sys, service) => loop(sys, service, EPOLLIN),
};

/** The same, told once of each arrival. */
export const edge: WayOfWaiting = {
  ...level,
  id: "epoll-et",
  name: "epoll, edge-triggered",
  about:
    "told once of each arrival: it reads until EAGAIN, one call more, and a connection is not put on the list again",
  serve: (sys, service) => loop(sys, service, EPOLLIN | EPOLLET),
};
