import { O_CREAT, O_RDWR } from "../../../lib/index.ts";
import { type Question, pair, textOf } from "./question.ts";

/** A file is changed after it was handed to a socket, and before the other side has read it. */
export const inFlight: Question = {
  number: 21,
  id: "sendfile-in-flight",
  question: {
    en: "Is sendfile always safe, and always a gain?",
    "zh-CN": "sendfile 总是安全、总是更快吗？",
  },
  prediction: {
    en: "Once sendfile has returned, the file may be changed: what was sent is on its way.",
    "zh-CN": "sendfile 返回之后就可以改文件了：数据已经发走。",
  },
  verdict: {
    en: "What is on its way are the file's own pages, by reference: a change that comes before they are read changes what arrives. read + write sends a copy, and is safe. There is no gain where the bytes have to be transformed on the way, as TLS does.",
    "zh-CN":
      "在途的是文件自己的页（按引用传递）：对方读走之前改文件，收到的内容也会变。read + write 发出的是副本，所以安全。如果途中要变换数据（如 TLS），sendfile 也没有好处。",
  },
  myth: true,
  program: function* (sys) {
    const [near, far] = yield* pair(sys);
    const file = yield* sys.open("file", O_CREAT | O_RDWR, 0o600);
    yield* sys.write(file, "old old old!");
    yield* sys.sendfile(near, file, { value: 0 }, 12);
    yield* sys.pwrite64(file, "NEW", 3, 0);
    const arrived = sys.buffer(12);
    yield* sys.read(far, arrived);
    const bySendfile = textOf(arrived);

    yield* sys.pwrite64(file, "old", 3, 0);
    const buffer = sys.buffer(12);
    yield* sys.pread64(file, buffer, 12, 0);
    yield* sys.write(near, buffer);
    yield* sys.pwrite64(file, "NEW", 3, 0);
    yield* sys.read(far, arrived);
    return { bySendfile, byWrite: textOf(arrived) };
  },
  expected: { bySendfile: "NEW old old!", byWrite: "old old old!" },
};
