import { EPOLLIN, IOCB_CMD_PREAD, O_CREAT, O_RDWR, type IoEvent } from "../../../lib/index.ts";
import { type Question, count, pipe, textOf, watching } from "./question.ts";

/** The same five bytes are waited for in two ways: until they can be read, and until they have been read. */
export const completion: Question = {
  number: 17,
  id: "ready-or-done",
  question: {
    en: "Is epoll asynchronous? And how do blocking and non-blocking differ from synchronous and asynchronous?",
    "zh-CN": "epoll 是异步的吗？阻塞/非阻塞与同步/异步有什么区别？",
  },
  prediction: {
    en: "epoll is asynchronous: when it reports an event, the data is in the program's buffer.",
    "zh-CN": "epoll 是异步的：它报告事件时，数据已经在程序的缓冲区里了。",
  },
  verdict: {
    en: "epoll reports that data can be read; the program's own read copies it: that is synchronous, blocking or not. AIO and io_uring report that the data is in the buffer. Blocking says who waits in the first phase, synchronous who copies in the second. io_uring gains by many requests in one call, little by one at a time.",
    "zh-CN":
      "epoll 报告的是“可以读了”，拷贝仍由程序自己的 read 完成，所以是同步的，无论阻塞与否。AIO 和 io_uring 报告的是“已经读好了”。阻塞与否看第一阶段谁在等，同步与否看第二阶段谁来拷贝。io_uring 的好处在于一次调用提交许多请求，一次一个则收益很小。",
  },
  myth: true,
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
