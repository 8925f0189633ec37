import { O_CREAT, O_RDWR } from "../../../lib/index.ts";
import { type Question, pair, pipe } from "./question.ts";

/** A file goes to a socket in three ways; what each call takes on either side is part of the answer. */
export const copies: Question = {
  number: 20,
  id: "copies",
  question: {
    en: "How many copies and switches do read + write, mmap + write, sendfile and splice take?",
    "zh-CN": "read + write、mmap + write、sendfile、splice 各要几次拷贝、几次切换？",
  },
  prediction: {
    en: "Zero-copy means that nothing is copied at all, whichever files are at the two ends.",
    "zh-CN": "零拷贝就是完全不拷贝，两端是什么文件都可以。",
  },
  verdict: {
    en: "read + write: 4 switches, 2 copies by the CPU, 2 by DMA. mmap + write: 4 (and page faults), 1, 2. sendfile: 2 switches, no copy by the CPU if the card gathers, else 1; the 2 transfers by DMA remain. sendfile wants a file to read from that has pages, splice a pipe at one end.",
    "zh-CN":
      "read + write：4 次切换，CPU 拷贝 2 次，DMA 2 次。mmap + write：4 次（另有缺页），1 次，2 次。sendfile：2 次切换，网卡支持 SG 时 CPU 不拷贝，否则拷贝 1 次；2 次 DMA 总在。sendfile 的来源要有页缓存，splice 的一端必须是管道。",
  },
  myth: true,
  program: function* (sys) {
    const [near, far] = yield* pair(sys);
    const [reader, writer] = yield* pipe(sys, 0);
    const file = yield* sys.open("from", O_CREAT | O_RDWR, 0o600);
    const copy = yield* sys.open("to", O_CREAT | O_RDWR, 0o600);
    yield* sys.write(file, "0123456789");
    const begin = () => ({ value: 0 });
    return {
      fileToSocket: yield* sys.sendfile(near, file, begin(), 10),
      fileToFile: yield* sys.sendfile(copy, file, begin(), 10),
      fromSocket: yield* sys.sendfile(copy, far, null, 10),
      withoutPipe: yield* sys.splice(file, begin(), near, null, 10, 0),
      intoPipe: yield* sys.splice(file, begin(), writer, null, 10, 0),
      outOfPipe: yield* sys.splice(reader, null, near, null, 10, 0),
      received: yield* sys.read(far, sys.buffer(100)),
    };
  },
  expected: {
    fileToSocket: 10,
    fileToFile: 10,
    fromSocket: -22,
    withoutPipe: -22,
    intoPipe: 10,
    outOfPipe: 10,
    received: 20,
  },
};
