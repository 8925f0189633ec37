import { EPOLLIN, MAP_SHARED, O_NONBLOCK, PROT_READ } from "../../../lib/index.ts";
import { type Question, count, maskText, pipe, textOf, watching } from "./question.ts";

const EVENTS = 3;
/** More than the events need. Unit: bytes. */
const ROOM = 48;

/** An epoll is mapped; then three events are waited for, and afterwards what they were about is read. */
export const sharedMemory: Question = {
  id: "epoll-mmap",
  program: function* (sys) {
    const readers: number[] = [];
    for (let i = 0; i < EVENTS; i++) {
      const [reader, writer] = yield* pipe(sys, O_NONBLOCK);
      yield* sys.write(writer, "hello");
      readers.push(reader);
    }
    const epfd = yield* watching(sys, EPOLLIN, ...readers);
    const mmap = yield* sys.mmap(0, 4096, PROT_READ, MAP_SHARED, epfd, 0);

    const memory = sys.buffer(ROOM).set(new Uint8Array(ROOM).fill(0xff));
    const told = yield* sys.epoll_wait(epfd, memory.address, 4, 0);
    const copied = memory.bytes(ROOM).findLastIndex((byte) => byte !== 0xff) + 1;
    const badAddress = yield* sys.epoll_wait(epfd, 1, 4, 0);

    const data = sys.buffer(5);
    for (const fd of readers) yield* sys.read(fd, data);
    const now = yield* count(sys, epfd);
    const inTheCopy = maskText(memory.bytes(ROOM)[0]!);
    return { mmap, told, bytesOfEvents: copied, badAddress, byRead: textOf(data), toldAfterRead: now, inTheCopy };
  },
  expected: {
    mmap: -19,
    told: EVENTS,
    bytesOfEvents: 12 * EVENTS,
    badAddress: -14,
    byRead: "hello",
    toldAfterRead: 0,
    inTheCopy: "IN",
  },
};
