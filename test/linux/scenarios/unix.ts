import {
  AF_INET,
  AF_UNIX,
  ET,
  IN,
  MSG_PEEK,
  OUT,
  RDHUP,
  SHUT_RD,
  SHUT_RDWR,
  SHUT_WR,
  SOCK_NONBLOCK,
  SOCK_STREAM,
  type Scenario,
  type Sys,
  scenario,
} from "../scenario.ts";
import { pattern, read, unixPair, wait, watching } from "./helpers.ts";

const ALL = IN | OUT | RDHUP;

/** A UNIX socket that listens under an abstract name. */
function* unixListener(sys: Sys, path: string, backlog: number): Generator<unknown, number, unknown> {
  const fd = yield* sys.socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
  yield* sys.bind(fd, { path });
  yield* sys.listen(fd, backlog);
  return fd;
}

/** UNIX stream sockets without sleeping. */
export const unix: Scenario[] = [
  scenario("a UNIX pair carries bytes both ways, without boundaries", function* (sys) {
    const [a, b] = yield* unixPair(sys);
    yield* sys.write(a, "one");
    yield* sys.write(a, "two");
    yield* sys.write(b, "three");
    yield* read(sys, b, 4);
    yield* read(sys, b);
    yield* read(sys, a);
    yield* read(sys, a);
  }),
  scenario("MSG_PEEK leaves the bytes where they are", function* (sys) {
    const [a, b] = yield* unixPair(sys);
    yield* sys.send(a, "peeked", 6, 0);
    yield* sys.recv(b, sys.buffer(4), 4, MSG_PEEK);
    yield* sys.recv(b, sys.buffer(64), 64, MSG_PEEK);
    yield* sys.recv(b, sys.buffer(64), 64, 0);
    yield* sys.recv(b, sys.buffer(64), 64, MSG_PEEK);
  }),
  scenario(
    "UX-2, U.full: a UNIX socket takes 44 writes of 4096 bytes, and has no OUT until a quarter is left",
    function* (sys) {
      const [a, b] = yield* unixPair(sys);
      for (let i = 0; i < 46; i++) yield* sys.write(a, pattern(4096, i));
      const epfd = yield* watching(sys, OUT, a);
      for (let i = 0; i < 36; i++) {
        yield* read(sys, b, 4096);
        yield* wait(sys, epfd);
      }
    },
  ),
  scenario("a large write to a UNIX socket is cut in pieces of 36544 bytes and may be short", function* (sys) {
    const [a, b] = yield* unixPair(sys);
    yield* sys.write(a, pattern(300_000));
    yield* sys.write(a, "x");
    yield* read(sys, b, 36_543);
    yield* sys.write(a, pattern(40_000));
    yield* read(sys, b, 1);
    yield* sys.write(a, pattern(40_000));
    yield* read(sys, b, 300_000);
    yield* read(sys, b, 300_000);
  }),
  scenario("one byte costs 768 bytes of send memory: 278 single-byte writes fill the socket", function* (sys) {
    const [a, b] = yield* unixPair(sys);
    for (let i = 0; i < 280; i++) yield* sys.write(a, "x");
    yield* read(sys, b, 1);
    yield* sys.write(a, "y");
    yield* sys.write(a, "z");
  }),
  scenario("U.fin, U.both: SHUT_WR gives the peer IN|RDHUP and end of file; both give HUP", function* (sys) {
    const [a, b] = yield* unixPair(sys);
    const epfd = yield* watching(sys, ALL, a, b);
    yield* sys.write(a, "last");
    yield* sys.shutdown(a, SHUT_WR);
    yield* wait(sys, epfd);
    yield* read(sys, b);
    yield* read(sys, b);
    yield* sys.write(a, "x");
    yield* sys.write(b, "still");
    yield* sys.shutdown(b, SHUT_WR);
    yield* wait(sys, epfd);
    yield* read(sys, a);
  }),
  scenario(
    "UX-1, U.shrd: SHUT_RD makes the peer's write EPIPE at once, and what was there can still be read",
    function* (sys) {
      const [a, b] = yield* unixPair(sys);
      const epfd = yield* watching(sys, ALL, a, b);
      yield* sys.write(b, "before");
      yield* sys.shutdown(a, SHUT_RD);
      yield* sys.write(b, "after");
      yield* wait(sys, epfd);
      yield* read(sys, a, 3);
      yield* read(sys, a);
      yield* read(sys, a);
    },
  ),
  scenario("shutdown of a connected UNIX socket may be repeated; bad directions are EINVAL", function* (sys) {
    const [a, b] = yield* unixPair(sys);
    yield* sys.shutdown(a, SHUT_RDWR);
    yield* sys.shutdown(a, SHUT_RDWR);
    yield* sys.shutdown(b, SHUT_WR);
    yield* sys.shutdown(a, 3);
    yield* sys.shutdown(a, -1);
    yield* read(sys, a);
    yield* sys.write(b, "x");
  }),
  scenario("U.close: closing gives the peer IN|RDHUP|HUP, 0 and EPIPE", function* (sys) {
    const [a, b] = yield* unixPair(sys);
    const epfd = yield* watching(sys, ALL, a);
    yield* sys.write(b, "left");
    yield* sys.close(b);
    yield* wait(sys, epfd);
    yield* read(sys, a);
    yield* read(sys, a);
    yield* sys.write(a, "x");
  }),
  scenario(
    "U.closeunread: closing with the peer's bytes unread resets it: ERR, one ECONNRESET, then 0",
    function* (sys) {
      const [a, b] = yield* unixPair(sys);
      const epfd = yield* watching(sys, ALL, a);
      yield* sys.write(a, "never read");
      yield* sys.write(b, "read first");
      yield* sys.close(b);
      yield* wait(sys, epfd);
      yield* read(sys, a);
      yield* wait(sys, epfd);
      yield* read(sys, a);
      yield* wait(sys, epfd);
      yield* read(sys, a);
    },
  ),
  scenario("UX-3: an edge-triggered OUT watcher of a UNIX socket is told of every read by its peer", function* (sys) {
    const [a, b] = yield* unixPair(sys);
    const epfd = yield* watching(sys, OUT | ET, a);
    yield* wait(sys, epfd);
    yield* sys.write(a, "x");
    yield* wait(sys, epfd);
    yield* read(sys, b);
    yield* wait(sys, epfd);
    yield* sys.write(b, "y");
    yield* wait(sys, epfd);
  }),
  scenario("UX-5, U.backlog: a UNIX listener takes backlog + 1 connections, then EAGAIN", function* (sys) {
    const path = "\0iopath-backlog";
    const listener = yield* unixListener(sys, path, 1);
    const epfd = yield* watching(sys, ALL, listener);
    for (let i = 0; i < 3; i++) {
      const fd = yield* sys.socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
      yield* sys.connect(fd, { path });
      yield* wait(sys, epfd);
    }
    for (let i = 0; i < 3; i++) yield* sys.accept4(listener, SOCK_NONBLOCK);
  }),
  scenario("bytes may be sent to a UNIX socket before it is accepted", function* (sys) {
    const path = "\0iopath-early";
    const listener = yield* unixListener(sys, path, 4);
    const client = yield* sys.socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
    yield* sys.connect(client, { path });
    yield* sys.write(client, "early");
    const server = yield* sys.accept4(listener, SOCK_NONBLOCK);
    yield* read(sys, server);
    yield* sys.connect(client, { path });
    yield* sys.close(listener);
    yield* sys.write(server, "late");
    yield* read(sys, client);
  }),
  scenario("socketpair knows only UNIX, and checks the type, the protocol and then the pair", function* (sys) {
    yield* sys.socketpair(AF_INET, SOCK_STREAM, 0, []);
    yield* sys.socketpair(AF_INET, SOCK_STREAM, 17, []);
    yield* sys.socketpair(AF_INET, 99, 0, []);
    yield* sys.socketpair(99, SOCK_STREAM, 0, []);
    yield* sys.socketpair(AF_UNIX, 0, 0, []);
    yield* sys.socketpair(AF_UNIX, SOCK_STREAM | 0x10, 0, []);
    yield* sys.socketpair(AF_UNIX, SOCK_STREAM, 6, []);
    yield* sys.socketpair(AF_UNIX, SOCK_STREAM, 0, 1);
    yield* sys.socketpair(AF_UNIX, SOCK_STREAM, 1, []);
  }),
  scenario("U.new: an unconnected UNIX socket: EINVAL to read, ENOTCONN to write, OUT|HUP", function* (sys) {
    const fd = yield* sys.socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
    yield* read(sys, fd);
    yield* sys.read(fd, 1, 0);
    yield* sys.write(fd, "x");
    yield* sys.listen(fd, 1);
    yield* sys.accept4(fd, 0);
    const epfd = yield* watching(sys, ALL, fd);
    yield* wait(sys, epfd);
    yield* sys.connect(fd, { path: "\0iopath-nobody" });
    yield* sys.shutdown(fd, SHUT_RD);
    yield* wait(sys, epfd);
  }),
];
