import { F_DUPFD, O_NONBLOCK, RLIMIT_NOFILE } from "../../../lib/index.ts";
import type { Question } from "./question.ts";

/** Size of a C library's fd_set: 1,024 bits. Unit: bytes. */
const FD_SET = 128;
/** A number that has no bit in it. */
const NUMBER = 1030;
const [BYTE, BIT] = [NUMBER >> 3, 1 << (NUMBER & 7)];

/** What FD_SET() does with the number 1030, and what select() then does. */
export const select1024: Question = {
  id: "select-1024",
  program: function* (sys) {
    const limit = { rlim_cur: 0, rlim_max: 0 };
    yield* sys.getrlimit(RLIMIT_NOFILE, limit);
    yield* sys.setrlimit(RLIMIT_NOFILE, { ...limit, rlim_cur: 2048 });
    const counter = yield* sys.eventfd(1, O_NONBLOCK);
    const fd = yield* sys.fcntl(counter, F_DUPFD, NUMBER);
    // An fd_set, and behind it something else of the program.
    const memory = sys.buffer(2 * FD_SET);
    const bytes = new Uint8Array(2 * FD_SET);
    bytes[BYTE] = BIT;
    const now = { sec: 0, usec: 0 };
    memory.set(bytes);
    const upTo1024 = yield* sys.select(1024, { read: memory.address }, { ...now });
    const ready = yield* sys.select(fd + 1, { read: memory.address }, { ...now });
    yield* sys.read(counter, sys.buffer(8));
    const notReady = yield* sys.select(fd + 1, { read: memory.address }, { ...now });
    const behind = memory.bytes(2 * FD_SET)[BYTE]!;
    return { behindTheSet: BYTE - FD_SET, upTo1024, ready, notReady, overwritten: behind === BIT ? "no" : "yes" };
  },
  expected: { behindTheSet: 0, upTo1024: 0, ready: 1, notReady: 0, overwritten: "yes" },
};
