import { O_CREAT, O_RDWR } from "../../../lib/index.ts";
import { type Question, pair, pipe } from "./question.ts";

/** A file goes to a socket in three ways; what each call takes on either side is part of the answer. */
export const copies: Question = {
  id: "copies",
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
