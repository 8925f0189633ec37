import {
  MAP_SHARED,
  O_CREAT,
  O_RDWR,
  type PendingCall,
  POSIX_FADV_DONTNEED,
  PROT_READ,
  SPLICE_F_MOVE,
  type Sys,
} from "../../../lib/index.ts";
import { type Question, listening, othersAsleep, pipe } from "./question.ts";

const SIZE = 4096;

/** The file leaves the page cache: whoever wants it next fetches it from the disk. */
function* forget(sys: Sys, file: number): Generator<PendingCall, void, number> {
  yield* othersAsleep(sys);
  yield* sys.lseek(file, 0, 0);
  yield* sys.fsync(file);
  yield* sys.fadvise64(file, 0, 0, POSIX_FADV_DONTNEED);
}

/** A file goes to a client outside on four roads, each time from the disk: the counters tell what each takes. */
export const copies: Question = {
  id: "copies",
  client: 7070,
  program: function* (sys) {
    const listener = yield* listening(sys, 0);
    const socket = yield* sys.accept4(listener, 0);
    const [reader, writer] = yield* pipe(sys, 0);
    const file = yield* sys.open("file", O_CREAT | O_RDWR, 0o600);
    const buffer = sys.buffer(SIZE);
    yield* sys.write(file, "0123456789abcdef".repeat(SIZE / 16));

    yield* forget(sys, file);
    const got = yield* sys.read(file, buffer);
    const readWrite = yield* sys.write(socket, buffer, got);

    yield* forget(sys, file);
    const address = yield* sys.mmap(0, SIZE, PROT_READ, MAP_SHARED, file, 0);
    const mmapWrite = yield* sys.write(socket, address, SIZE);
    yield* sys.munmap(address, SIZE);

    yield* forget(sys, file);
    const sendfile = yield* sys.sendfile(socket, file, null, SIZE);

    yield* forget(sys, file);
    const held = yield* sys.splice(file, null, writer, null, SIZE, SPLICE_F_MOVE);
    const splice = yield* sys.splice(reader, null, socket, null, held, SPLICE_F_MOVE);

    yield* forget(sys, file);
    return {
      readWrite,
      mmapWrite,
      sendfile,
      splice,
      spliceWithoutPipe: yield* sys.splice(file, null, socket, null, SIZE, 0),
      sendfileFromSocket: yield* sys.sendfile(file, socket, null, SIZE),
    };
  },
  expected: {
    readWrite: 4096,
    mmapWrite: 4096,
    sendfile: 4096,
    splice: 4096,
    spliceWithoutPipe: -22,
    sendfileFromSocket: -22,
  },
};
