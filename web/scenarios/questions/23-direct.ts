import { O_CREAT, O_DIRECT, O_RDWR } from "../../../lib/index.ts";
import type { Question } from "./question.ts";

/** The same file is read past the page cache in ways that fit the disk's blocks, and in ways that do not. */
export const direct: Question = {
  id: "direct-alignment",
  program: function* (sys) {
    const file = yield* sys.open("file", O_CREAT | O_RDWR | O_DIRECT, 0o600);
    const page = sys.buffer(8192);
    return {
      page: yield* sys.pwrite64(file, page, 8192, 0),
      block: yield* sys.pread64(file, page, 512, 512),
      oddLength: yield* sys.pread64(file, page, 100, 0),
      oddOffset: yield* sys.pread64(file, page, 512, 100),
      atEnd: yield* sys.pread64(file, page, 512, 8192),
    };
  },
  expected: { page: 8192, block: 512, oddLength: -22, oddOffset: -22, atEnd: 0 },
};
