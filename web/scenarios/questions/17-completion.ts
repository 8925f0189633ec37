import { EPOLLIN, IOCB_CMD_PREAD, O_CREAT, O_RDWR, type IoEvent } from "../../../lib/index.ts";
import { type Question, count, pipe, textOf, watching } from "./question.ts";

/** The same five bytes are waited for in two ways: until they can be read, and until they have been read. */
export const completion: Question = {
  id: "ready-or-done",
  program: function* (sys) {
    const [reader, writer] = yield* pipe(sys, 0);
    const epfd = yield* watching(sys, EPOLLIN, reader);
    yield* sys.write(writer, "hello");
    const ready = sys.buffer(5);
    const told = yield* count(sys, epfd);
    const whenTold = textOf(ready).replaceAll("\0", ".");
    yield* sys.read(reader, ready);

    const file = yield* sys.open("file", O_CREAT | O_RDWR, 0o600);
    yield* sys.write(file, "hello");
    const context = { value: 0 };
    yield* sys.io_setup(1, context);
    const done = sys.buffer(5);
    const events: IoEvent[] = [];
    yield* sys.io_submit(context.value, [sys.iocb({ opcode: IOCB_CMD_PREAD, fd: file, buf: done })]);
    const completed = yield* sys.io_getevents(context.value, 1, 1, events);
    return { told, whenTold, afterRead: textOf(ready), completed, whenCompleted: textOf(done) };
  },
  expected: { told: 1, whenTold: ".....", afterRead: "hello", completed: 1, whenCompleted: "hello" },
};
