import {
  AF_INET,
  AF_UNIX,
  F_DUPFD,
  F_GETFD,
  F_GETFL,
  F_SETFD,
  F_SETFL,
  IN,
  O_NONBLOCK,
  SOCK_NONBLOCK,
  SOCK_STREAM,
  type Scenario,
  scenario,
} from "../scenario.ts";
import { pipe, read, unixPair, watching } from "./helpers.ts";

const BAD = 900;

/** Descriptor numbers, flags, and the errnos of wrong descriptors, in the order in which Linux looks. */
export const descriptors: Scenario[] = [
  scenario("B-1: a new descriptor gets the lowest free number", function* (sys) {
    const [reader, writer] = yield* pipe(sys);
    const third = yield* sys.eventfd(0, 0);
    yield* sys.close(reader);
    yield* sys.epoll_create1(0);
    yield* sys.close(third);
    yield* sys.close(writer);
    yield* sys.pipe2([], 0);
    yield* sys.dup(reader);
  }),
  scenario("B-5, B-4: dup, dup2 and F_DUPFD name the same open file, and share its flags", function* (sys) {
    const [reader, writer] = yield* pipe(sys, 0);
    const copy = yield* sys.dup(reader);
    yield* sys.fcntl(copy, F_SETFL, O_NONBLOCK);
    yield* sys.fcntl(reader, F_GETFL);
    const high = yield* sys.fcntl(reader, F_DUPFD, 50);
    yield* sys.fcntl(reader, F_DUPFD, 50);
    yield* sys.dup2(reader, writer);
    yield* read(sys, writer);
    yield* read(sys, high);
    yield* sys.dup2(reader, reader);
  }),
  scenario("B-7, B-9: a pipe ends only when the last descriptor of its write end is closed", function* (sys) {
    const [reader, writer] = yield* pipe(sys);
    const copy = yield* sys.dup(writer);
    yield* sys.close(writer);
    yield* read(sys, reader);
    yield* sys.dup2(reader, copy);
    yield* read(sys, reader);
  }),
  scenario("B-3, B-4: numbers that are not open, or beyond the limit, are EBADF or EINVAL", function* (sys) {
    const fd = yield* sys.eventfd(0, 0);
    yield* sys.dup(BAD);
    yield* sys.dup(-1);
    yield* sys.dup2(BAD, fd);
    yield* sys.dup2(fd, -1);
    yield* sys.dup2(fd, 1_000_000);
    yield* sys.dup2(BAD, BAD);
    yield* sys.fcntl(fd, F_DUPFD, -1);
    yield* sys.fcntl(fd, F_DUPFD, 1_000_000);
    yield* sys.fcntl(BAD, F_GETFL);
    yield* sys.fcntl(fd, 999);
    yield* sys.close(BAD);
    yield* sys.close(fd);
    yield* sys.close(fd);
  }),
  scenario("B-5: close-on-exec belongs to the descriptor, O_NONBLOCK to the file", function* (sys) {
    const fd = yield* sys.eventfd(0, 0x80000);
    const copy = yield* sys.dup(fd);
    yield* sys.fcntl(fd, F_GETFD);
    yield* sys.fcntl(copy, F_GETFD);
    yield* sys.fcntl(copy, F_SETFD, 0xff);
    yield* sys.fcntl(copy, F_GETFD);
    yield* sys.fcntl(fd, F_SETFL, O_NONBLOCK);
    yield* sys.fcntl(copy, F_GETFL);
  }),
  scenario("F_SETFL changes only O_APPEND, O_NONBLOCK and their like, and F_GETFL shows the mode", function* (sys) {
    const [reader, writer] = yield* pipe(sys, 0);
    const socket = yield* sys.socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    for (const fd of [reader, writer, socket, yield* sys.eventfd(0, 0), yield* sys.epoll_create1(0)]) {
      yield* sys.fcntl(fd, F_GETFL);
      for (const flags of [O_NONBLOCK, 0x400, 0x1 | 0x2 | 0x80000, 0x1000, 0]) {
        yield* sys.fcntl(fd, F_SETFL, flags);
        yield* sys.fcntl(fd, F_GETFL);
      }
    }
  }),
  scenario("socket checks flags and type, then the domain, then the protocol", function* (sys) {
    yield* sys.socket(99, 99, 0);
    yield* sys.socket(99, SOCK_STREAM, 0);
    yield* sys.socket(-1, SOCK_STREAM, 0);
    yield* sys.socket(AF_INET, SOCK_STREAM | 0x400, 0);
    yield* sys.socket(AF_INET, 0, 0);
    yield* sys.socket(AF_INET, 4, 0);
    yield* sys.socket(AF_INET, SOCK_STREAM, 17);
    yield* sys.socket(AF_INET, SOCK_STREAM, 6);
    yield* sys.socket(AF_UNIX, SOCK_STREAM, 6);
    yield* sys.socket(AF_UNIX, SOCK_STREAM, 1);
  }),
  scenario("socket calls on other files are ENOTSOCK, but connect looks at the address before", function* (sys) {
    const [reader] = yield* pipe(sys);
    const epfd = yield* sys.epoll_create1(0);
    for (const fd of [reader, epfd, BAD]) {
      yield* sys.bind(fd, 1);
      yield* sys.listen(fd, 1);
      yield* sys.accept4(fd, 1);
      yield* sys.accept4(fd, 0);
      yield* sys.connect(fd, 1);
      yield* sys.connect(fd, { port: 1 });
      yield* sys.shutdown(fd, 9);
      yield* sys.send(fd, 1, 8, 0);
      yield* sys.recv(fd, 1, 8, 0);
    }
  }),
  scenario("an epoll is neither read nor written", function* (sys) {
    const [a] = yield* unixPair(sys);
    const epfd = yield* watching(sys, IN, a);
    yield* read(sys, epfd);
    yield* sys.write(epfd, "x");
    yield* sys.read(epfd, 1, 0);
    yield* sys.epoll_create1(1);
    yield* sys.epoll_create1(O_NONBLOCK);
    yield* sys.epoll_create1(0x80000);
  }),
];
