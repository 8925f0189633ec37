import { O_CREAT, O_RDWR } from "../../../lib/index.ts";
import { type Question, pair, textOf } from "./question.ts";

/** A file is changed after it was handed to a socket, and before the other side has read it. */
export const inFlight: Question = {
  id: "sendfile-in-flight",
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
