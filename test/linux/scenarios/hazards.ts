import {
  MSG_ZEROCOPY,
  SOL_SOCKET,
  SO_ZEROCOPY,
  SPLICE_F_NONBLOCK,
  type Scenario,
  type Sys,
  scenario,
} from "../scenario.ts";
import { file, overwrite } from "./splice-files.ts";
import { pattern, pipe, read, tcpPair, unixPair } from "./helpers.ts";

type Steps<T> = Generator<unknown, T, unknown>;

/** More than three pages, and a part of one. Unit: bytes. */
const SIZE = 14_000;

/** Ways on which pages of a file are under way until somebody reads: each answers where from. */
const WAYS: Readonly<Record<string, (sys: Sys, fd: number) => Steps<number>>> = {
  *"sendfile() to TCP"(sys, fd) {
    const { client, server } = yield* tcpPair(sys);
    yield* sys.sendfile(client, fd, { value: 0 }, SIZE);
    return server;
  },
  *"splice() to TCP"(sys, fd) {
    const { client, server } = yield* tcpPair(sys);
    const [reader, writer] = yield* pipe(sys);
    yield* sys.splice(fd, { value: 0 }, writer, null, SIZE, 0);
    yield* sys.splice(reader, null, client, null, SIZE, SPLICE_F_NONBLOCK);
    return server;
  },
  *"sendfile() to a UNIX stream"(sys, fd) {
    const [a, b] = yield* unixPair(sys);
    yield* sys.sendfile(a, fd, { value: 0 }, SIZE);
    return b;
  },
  *"sendfile() to a pipe"(sys, fd) {
    const [reader, writer] = yield* pipe(sys);
    yield* sys.sendfile(writer, fd, { value: 0 }, SIZE);
    return reader;
  },
};

/** What may happen to the file meanwhile. */
const CHANGES: Readonly<Record<string, (sys: Sys, fd: number) => Steps<void>>> = {
  *"overwritten in part, the receiver sees it"(sys, fd) {
    yield* overwrite(sys, fd, 3000, 7000, 99);
  },
  *"cut short inside a page, the receiver sees zeros up to the end of that page"(sys, fd) {
    yield* sys.ftruncate(fd, 5000);
  },
  *"cut short, made longer and written anew, the receiver sees what was in the old pages"(sys, fd) {
    yield* sys.ftruncate(fd, 0);
    yield* sys.ftruncate(fd, SIZE);
    yield* overwrite(sys, fd, 0, SIZE, 50);
  },
  *"cut short inside a page and made longer, that page is still the one under way"(sys, fd) {
    yield* sys.ftruncate(fd, 5000);
    yield* sys.ftruncate(fd, SIZE);
    yield* overwrite(sys, fd, 4500, 8000, 50);
  },
  *"unlinked and closed, the receiver gets all of it"(sys, fd) {
    yield* sys.unlink("/f");
    yield* sys.close(fd);
  },
};

function* hazard(sys: Sys, way: string, change: string): Steps<void> {
  const fd = yield* file(sys, "/f", SIZE);
  const receiver = yield* WAYS[way]!(sys, fd);
  yield* CHANGES[change]!(sys, fd);
  yield* read(sys, receiver, 20_000);
}

/** Files that are changed while their pages are under way. */
export const hazards: Scenario[] = [
  ...Object.keys(WAYS).flatMap((way) =>
    Object.keys(CHANGES).map((change) =>
      scenario(`SF-4, SF-13: under way by ${way}, ${change}`, function* (sys) {
        yield* hazard(sys, way, change);
      }),
    ),
  ),
  scenario("SF-15: a buffer that is changed after MSG_ZEROCOPY over loopback: it was copied", function* (sys) {
    const { client, server } = yield* tcpPair(sys);
    yield* sys.setsockopt(client, SOL_SOCKET, SO_ZEROCOPY, { value: 1 });
    const buffer = sys.buffer(SIZE);
    buffer.set(pattern(SIZE));
    yield* sys.send(client, buffer, SIZE, MSG_ZEROCOPY);
    buffer.set(pattern(SIZE, 77));
    yield* read(sys, server, 20_000);
  }),
  scenario("a buffer that is changed after MSG_ZEROCOPY to a UNIX stream: it was copied", function* (sys) {
    const [a, b] = yield* unixPair(sys);
    const buffer = sys.buffer(SIZE);
    buffer.set(pattern(SIZE));
    yield* sys.send(a, buffer, SIZE, MSG_ZEROCOPY);
    buffer.set(pattern(SIZE, 77));
    yield* read(sys, b, 20_000);
  }),
];
