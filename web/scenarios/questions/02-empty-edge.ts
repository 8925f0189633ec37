import { EPOLLET, EPOLLIN, O_NONBLOCK } from "../../../lib/index.ts";
import { type Question, connection, count, pair, pipe, watching } from "./question.ts";

const ONE = new Uint8Array([1, 0, 0, 0, 0, 0, 0, 0]);

/** New data comes while the old is still unread. */
export const emptyEdge: Question = {
  number: 2,
  id: "et-not-empty",
  question: {
    en: "Does edge-triggered fire only when the buffer goes from empty to non-empty?",
    "zh-CN": "边缘触发（ET）只在缓冲区从空变为非空时触发吗？",
  },
  prediction: {
    en: "Only then: as long as something is unread there are no further events.",
    "zh-CN": "只有那时：只要还有数据没读，就不会再有事件。",
  },
  verdict: {
    en: "No. Every wake-up by the file, such as new data, queues the item again, though old data is unread. Rely neither on more than one event nor on none.",
    "zh-CN":
      "不是。文件的每次唤醒（例如来了新数据）都会让条目再次进入就绪链表，即使旧数据还没读。不要指望多次事件，也不要指望没有事件。",
  },
  myth: true,
  program: function* (sys) {
    const [reader, writer] = yield* pipe(sys, O_NONBLOCK);
    const [near, far] = yield* pair(sys);
    const { client, server } = yield* connection(sys);
    const counter = yield* sys.eventfd(0, O_NONBLOCK);
    const facts: Record<string, number> = {};
    for (const [name, to, from] of [
      ["pipe", writer, reader],
      ["unix", near, far],
      ["tcp", client, server],
      ["eventfd", counter, counter],
    ] as const) {
      const epfd = yield* watching(sys, EPOLLIN | EPOLLET, from);
      yield* sys.write(to, ONE);
      yield* count(sys, epfd);
      yield* sys.write(to, ONE);
      facts[name] = yield* count(sys, epfd);
      facts[`${name}, nothing new`] = yield* count(sys, epfd);
    }
    facts["ADD of what is ready"] = yield* count(sys, yield* watching(sys, EPOLLIN | EPOLLET, reader));
    return facts;
  },
  expected: {
    pipe: 1,
    "pipe, nothing new": 0,
    unix: 1,
    "unix, nothing new": 0,
    tcp: 1,
    "tcp, nothing new": 0,
    eventfd: 1,
    "eventfd, nothing new": 0,
    "ADD of what is ready": 1,
  },
};
