import {
  AF_INET,
  MADV_SEQUENTIAL,
  MAP_SHARED,
  O_DIRECT,
  O_RDONLY,
  POSIX_FADV_DONTNEED,
  POSIX_FADV_NOREUSE,
  PROT_READ,
  SOCK_STREAM,
} from "../machine/constants.ts";
import { PAGE, usedBuffer } from "./buffer.ts";
import { all } from "../roads/road.ts";
import type { StreamWay } from "./way.ts";

const read: StreamWay = {
  name: "read",
  about: "read() into a buffer, through the page cache",
  *read(sys, { path, size, chunk }) {
    const file = yield* sys.open(path, O_RDONLY);
    const buffer = usedBuffer(sys, chunk);
    return yield* all(size, () => sys.read(file, buffer, chunk));
  },
};

const direct: StreamWay = {
  name: "O_DIRECT",
  about: "read() of a file opened with O_DIRECT: the disk moves it into the program's own pages, past the page cache",
  *read(sys, { path, size, chunk }) {
    const file = yield* sys.open(path, O_RDONLY | O_DIRECT);
    const buffer = usedBuffer(sys, chunk);
    return yield* all(size, () => sys.read(file, buffer, chunk));
  },
};

const dontNeed: StreamWay = {
  name: "POSIX_FADV_DONTNEED",
  about: "read(), and after each piece posix_fadvise(POSIX_FADV_DONTNEED): its pages go at once",
  *read(sys, { path, size, chunk }) {
    const file = yield* sys.open(path, O_RDONLY);
    const buffer = usedBuffer(sys, chunk);
    return yield* all(size, function* (done) {
      const got = yield* sys.read(file, buffer, chunk);
      // From the beginning on: where a folio has many pages, it goes only if all of it lies in the range.
      if (got > 0) yield* sys.fadvise64(file, 0, done + got, POSIX_FADV_DONTNEED);
      return got;
    });
  },
};

const noReuse: StreamWay = {
  name: "POSIX_FADV_NOREUSE",
  about: "posix_fadvise(POSIX_FADV_NOREUSE), then read(): the page cache is used as without it",
  *read(sys, { path, size, chunk }) {
    const file = yield* sys.open(path, O_RDONLY);
    yield* sys.fadvise64(file, 0, 0, POSIX_FADV_NOREUSE);
    const buffer = usedBuffer(sys, chunk);
    return yield* all(size, () => sys.read(file, buffer, chunk));
  },
};

const mapped: StreamWay = {
  name: "MADV_SEQUENTIAL",
  about: "mmap() with madvise(MADV_SEQUENTIAL), and a load from each page: a use through the mapping does not count",
  *read(sys, { path, size }) {
    const file = yield* sys.open(path, O_RDONLY);
    const map = yield* sys.mmap(0, size, PROT_READ, MAP_SHARED, file, 0);
    if (map < 0) return map;
    yield* sys.madvise(map, size, MADV_SEQUENTIAL);
    for (let at = 0; at < size; at += PAGE) yield* sys.load(map + at, 1);
    return size;
  },
};

const sendfile: StreamWay = {
  name: "sendfile",
  about: "sendfile() to a client outside: packets refer to pages of the page cache until they have left",
  *read(sys, { path, size, chunk, server }) {
    const file = yield* sys.open(path, O_RDONLY);
    const socket = yield* sys.socket(AF_INET, SOCK_STREAM);
    const connected = yield* sys.connect(socket, server);
    if (connected < 0) return connected;
    return yield* all(size, () => sys.sendfile(socket, file, null, chunk));
  },
};

/** The ways in which a program reads a big file. */
export const STREAM_WAYS: readonly StreamWay[] = [read, direct, dontNeed, noReuse, mapped, sendfile];

/** The way of a name. @throws RangeError if there is none. */
export function streamWay(name: string): StreamWay {
  const found = STREAM_WAYS.find((way) => way.name === name);
  if (found) return found;
  throw new RangeError(`ways are ${STREAM_WAYS.map((way) => way.name).join(", ")}, not ${JSON.stringify(name)}`);
}
