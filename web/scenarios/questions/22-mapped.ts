import { MAP_SHARED, O_CREAT, O_RDWR, PROT_READ, SIGBUS, SignalJump } from "../../../lib/index.ts";
import { type Question, pipe } from "./question.ts";

const PAGE = 4096;

/** A file is mapped, and cut while it is. */
export const mapped: Question = {
  number: 22,
  id: "mmap-sigbus",
  question: {
    en: "mmap is faster than read, isn't it? Why SIGBUS?",
    "zh-CN": "mmap 比 read 快，不是吗？为什么会收到 SIGBUS？",
  },
  prediction: {
    en: "mmap is always faster, as nothing is copied; and behind the end of the file there is the end, as with read.",
    "zh-CN": "mmap 不用拷贝，总是更快；越过文件末尾，就像 read 一样读到文件尾而已。",
  },
  verdict: {
    en: "mmap saves the copy, and pays for it with page faults (one for up to 16 pages loaded, one for each page stored to) and with the mapping itself: for small files, or what is read once, read is often faster. A load has no return value: where the file has no page any more, or the disk fails, the answer is SIGBUS, and EFAULT for a system call that is given such an address. read just says 0.",
    "zh-CN":
      "mmap 省下一次拷贝，代价是缺页（读时一次最多映射 16 页，写时每页一次），还有建立和拆除映射的开销：小文件、只读一遍的文件，往往 read 更快。访存指令没有返回值：文件已被截短、那一页不存在了，或者磁盘出错，就只能收到 SIGBUS；把这样的地址交给系统调用则得到 EFAULT。而 read 只是返回 0。",
  },
  myth: true,
  program: function* (sys) {
    let code = 0;
    yield* sys.sigaction(SIGBUS, function* (own, _signo, info) {
      code = info.code;
      yield* own.getpid();
      own.siglongjmp();
    });
    const file = yield* sys.open("file", O_CREAT | O_RDWR, 0o600);
    yield* sys.write(file, sys.buffer(PAGE).set("one"));
    yield* sys.write(file, sys.buffer(PAGE).set("two"));
    const at = yield* sys.mmap(0, 2 * PAGE, PROT_READ, MAP_SHARED, file, 0);
    const before = String.fromCharCode(...(yield* sys.load(at + PAGE, 3)));

    yield* sys.ftruncate(file, PAGE);
    const kept = String.fromCharCode(...(yield* sys.load(at, 3)));
    let after = "loaded";
    try {
      yield* sys.load(at + PAGE, 3);
    } catch (error) {
      if (!(error instanceof SignalJump)) throw error;
      after = `SIGBUS, code ${code}`;
    }
    const [, writer] = yield* pipe(sys, 0);
    return {
      before,
      kept,
      after,
      byRead: yield* sys.pread64(file, sys.buffer(3), 3, PAGE),
      byWrite: yield* sys.write(writer, at + PAGE, 3),
    };
  },
  expected: { before: "two", kept: "one", after: "SIGBUS, code 2", byRead: 0, byWrite: -14 },
};
