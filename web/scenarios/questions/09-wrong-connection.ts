import { EPOLLIN, EPOLL_CTL_ADD, O_NONBLOCK } from "../../../lib/index.ts";
import { type Question, pipe, watching } from "./question.ts";

/** A number is closed while its file lives on, and is then used for another file. */
export const wrongConnection: Question = {
  number: 9,
  id: "fd-reuse",
  question: {
    en: "Events arrive on the wrong connection. How can that be?",
    "zh-CN": "事件跑到了错误的连接上，怎么会这样？",
  },
  prediction: {
    en: "A number stands for one connection, so the event for 5 belongs to 5.",
    "zh-CN": "一个编号代表一个连接，5 的事件就属于 5。",
  },
  verdict: {
    en: "The key of an item is file and number. When a number is used again the old item can still be there, and both report the same number. Put a generation into the 64 bits of data, and drop what is left of a batch when you close.",
    "zh-CN":
      "条目的键是（文件，编号）。编号被重用时旧条目可能还在，两者会报告同一个编号。在 64 位的 data 里放上代数（generation），关闭时丢弃本批剩余的事件。",
  },
  myth: true,
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
