import { EPOLL_CTL_DEL, O_NONBLOCK } from "../../../lib/index.ts";
import { type Question, mask, pipe, watching } from "./question.ts";

/** Both ends of pipes are watched for nothing, and the other ends close. */
export const noEvents: Question = {
  number: 6,
  id: "events-0",
  question: {
    en: "I asked for no events at all, and it still spins with HUP or ERR. Why?",
    "zh-CN": "events 设成 0，为什么还是不停返回 HUP 或 ERR？",
  },
  prediction: { en: "events = 0 switches a descriptor off.", "zh-CN": "events = 0 就等于关闭了这个描述符。" },
  verdict: {
    en: "HUP and ERR are always asked for; they cannot be masked. Read to the end and close, or take the descriptor out by EPOLL_CTL_DEL.",
    "zh-CN": "HUP 和 ERR 总是被关注，屏蔽不掉。读到末尾后关闭，或者用 EPOLL_CTL_DEL 移除。",
  },
  myth: true,
  program: function* (sys) {
    const [reader, writer] = yield* pipe(sys, O_NONBLOCK);
    const [reader2, writer2] = yield* pipe(sys, O_NONBLOCK);
    const ofReader = yield* watching(sys, 0, reader);
    const ofWriter = yield* watching(sys, 0, writer2);
    const before = yield* mask(sys, ofReader);
    yield* sys.close(writer);
    yield* sys.close(reader2);
    const [once, again] = [yield* mask(sys, ofReader), yield* mask(sys, ofReader)];
    const readerGone = yield* mask(sys, ofWriter);
    yield* sys.epoll_ctl(ofReader, EPOLL_CTL_DEL, reader, null);
    return { before, writerGone: once, again, readerGone, afterDel: yield* mask(sys, ofReader) };
  },
  expected: { before: "-", writerGone: "HUP", again: "HUP", readerGone: "ERR", afterDel: "-" },
};
