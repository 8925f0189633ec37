import { MAP_SHARED, O_CREAT, O_RDWR, PROT_READ, SIGBUS, SignalJump } from "../../../lib/index.ts";
import { type Question, pipe } from "./question.ts";

const PAGE = 4096;

/** A file is mapped, and cut while it is. */
export const mapped: Question = {
  id: "mmap-sigbus",
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
