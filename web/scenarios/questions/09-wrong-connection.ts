import { EPOLLIN, EPOLL_CTL_ADD, O_NONBLOCK } from "../../../lib/index.ts";
import { type Question, pipe, watching } from "./question.ts";

/** A number is closed while its file lives on, and is then used for another file. */
export const wrongConnection: Question = {
  id: "fd-reuse",
  program: function* (sys) {
    const [reader, writer] = yield* pipe(sys, O_NONBLOCK);
    const epfd = yield* watching(sys, EPOLLIN, reader);
    yield* sys.dup(reader);
    yield* sys.close(reader);
    const [reused] = yield* pipe(sys, O_NONBLOCK);
    const add = yield* sys.epoll_ctl(epfd, EPOLL_CTL_ADD, reused, {
      events: EPOLLIN,
      data: { u64: (1n << 32n) | BigInt(reused) },
    });
    yield* sys.write(writer, "for the old one");
    const events = sys.epoll_events(4);
    const told = yield* sys.epoll_wait(epfd, events, 4, 0);
    return {
      sameNumber: reused === reader ? "yes" : "no",
      add,
      told,
      number: events[0]!.data.fd === reused ? "the new one's" : "another",
      generation: Number(events[0]!.data.u64 >> 32n),
      readOfTheNewOne: yield* sys.read(reused, sys.buffer(64)),
    };
  },
  expected: {
    sameNumber: "yes",
    add: 0,
    told: 1,
    number: "the new one's",
    generation: 0,
    readOfTheNewOne: -11,
  },
};
