import { EPOLL_CTL_DEL, O_NONBLOCK } from "../../../lib/index.ts";
import { type Question, mask, pipe, watching } from "./question.ts";

/** Both ends of pipes are watched for nothing, and the other ends close. */
export const noEvents: Question = {
  id: "events-0",
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
