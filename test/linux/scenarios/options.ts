import {
  AF_INET,
  AF_UNIX,
  ET,
  FIONREAD,
  IN,
  OUT,
  RDHUP,
  SOCK_NONBLOCK,
  SOCK_STREAM,
  SOL_SOCKET,
  SO_ACCEPTCONN,
  SO_ERROR,
  SO_LINGER,
  SO_RCVLOWAT,
  SO_REUSEADDR,
  SO_SNDBUF,
  SO_TYPE,
  type Scenario,
  scenario,
} from "../scenario.ts";
import { connecting, listening, pattern, pipe, PORT, read, tcpPair, unixPair, wait, watching } from "./helpers.ts";

const ALL = IN | OUT | RDHUP;
/** struct linger { 1, 0 }: close sends a reset. */
const ABORT = Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0);

/** Options of sockets, FIONREAD, and reading and writing in pieces. */
export const options: Scenario[] = [
  scenario("SO_ERROR tells of a refused connection once", function* (sys) {
    const fd = yield* connecting(sys, 7071);
    const epfd = yield* watching(sys, ALL, fd);
    for (let i = 0; i < 2; i++) {
      yield* wait(sys, epfd);
      yield* sys.getsockopt(fd, SOL_SOCKET, SO_ERROR, {});
    }
    yield* read(sys, fd);
    yield* sys.connect(fd, { port: PORT });
  }),
  scenario("TC-10: SO_LINGER without time makes close a reset, and what was sent before can be read", function* (sys) {
    const { client, server } = yield* tcpPair(sys);
    const epfd = yield* watching(sys, ALL, client);
    yield* sys.setsockopt(server, SOL_SOCKET, SO_LINGER, ABORT);
    yield* sys.write(server, "last words");
    yield* sys.close(server);
    yield* wait(sys, epfd);
    yield* read(sys, client);
    yield* read(sys, client);
    yield* wait(sys, epfd);
    yield* read(sys, client);
    yield* sys.write(client, "x");
  }),
  scenario("SO_ERROR takes the reset away from read and write", function* (sys) {
    const { client, server } = yield* tcpPair(sys);
    yield* sys.setsockopt(server, SOL_SOCKET, SO_LINGER, ABORT);
    yield* sys.close(server);
    yield* sys.getsockopt(client, SOL_SOCKET, SO_ERROR, {});
    yield* sys.getsockopt(client, SOL_SOCKET, SO_ERROR, {});
    yield* read(sys, client);
    yield* sys.write(client, "x");
  }),
  scenario("SO_REUSEADDR of both lets two sockets be bound, but only one listen", function* (sys) {
    const first = yield* sys.socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    const second = yield* sys.socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    for (const fd of [first, second]) {
      yield* sys.setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, { value: 1 });
      yield* sys.getsockopt(fd, SOL_SOCKET, SO_REUSEADDR, {});
      yield* sys.bind(fd, { port: PORT });
    }
    yield* sys.listen(first, 1);
    yield* sys.listen(second, 1);
    yield* sys.close(first);
    yield* sys.listen(second, 1);
  }),
  scenario("TC-2: SO_RCVLOWAT keeps IN away until so many bytes are there", function* (sys) {
    const { client, server } = yield* tcpPair(sys);
    const epfd = yield* watching(sys, IN, server);
    yield* sys.setsockopt(server, SOL_SOCKET, SO_RCVLOWAT, { value: 5 });
    yield* sys.write(client, "four");
    yield* wait(sys, epfd);
    yield* sys.write(client, "!");
    yield* wait(sys, epfd);
    yield* read(sys, server, 1);
    yield* wait(sys, epfd);
    yield* sys.setsockopt(server, SOL_SOCKET, SO_RCVLOWAT, { value: 1 });
    yield* wait(sys, epfd);
  }),
  scenario("setting SO_RCVLOWAT is an edge once the other side has ended", function* (sys) {
    const { client, server } = yield* tcpPair(sys);
    const epfd = yield* watching(sys, IN | OUT | ET, client);
    yield* sys.setsockopt(client, SOL_SOCKET, SO_RCVLOWAT, { value: 5 });
    yield* wait(sys, epfd);
    yield* sys.close(server);
    yield* wait(sys, epfd);
    yield* sys.setsockopt(client, SOL_SOCKET, SO_RCVLOWAT, { value: 5 });
    yield* wait(sys, epfd);
  }),
  scenario("SO_SNDBUF sets how much a UNIX socket takes: twice the value, and 4608 at least", function* (sys) {
    for (const value of [0, 5000, 100_000]) {
      const [a] = yield* unixPair(sys);
      yield* sys.setsockopt(a, SOL_SOCKET, SO_SNDBUF, { value });
      yield* sys.getsockopt(a, SOL_SOCKET, SO_SNDBUF, {});
      const epfd = yield* watching(sys, OUT, a);
      for (let i = 0; i < 4; i++) {
        yield* sys.write(a, pattern(70_000));
        yield* wait(sys, epfd);
      }
    }
  }),
  scenario("options tell what a socket is", function* (sys) {
    const listener = yield* listening(sys);
    const unix = yield* sys.socket(AF_UNIX, SOCK_STREAM, 0);
    for (const fd of [listener, unix]) {
      for (const name of [SO_TYPE, SO_ACCEPTCONN, SO_ERROR, 9999]) yield* sys.getsockopt(fd, SOL_SOCKET, name, {});
      yield* sys.getsockopt(fd, SOL_SOCKET, SO_TYPE, 1);
      yield* sys.setsockopt(fd, SOL_SOCKET, SO_LINGER, { value: 1 });
      yield* sys.setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, Uint8Array.of(1, 0));
    }
    const [reader] = yield* pipe(sys);
    yield* sys.getsockopt(reader, SOL_SOCKET, SO_TYPE, {});
  }),
  scenario("FIONREAD counts what can be read", function* (sys) {
    const [reader, writer] = yield* pipe(sys);
    const [a, b] = yield* unixPair(sys);
    const { listener, client, server } = yield* tcpPair(sys);
    for (const [to, from] of [
      [writer, reader],
      [a, b],
      [client, server],
    ] as const) {
      yield* sys.ioctl(from, FIONREAD, { value: -1 });
      yield* sys.write(to, "four");
      yield* sys.write(to, "more");
      yield* sys.ioctl(from, FIONREAD, { value: -1 });
      yield* read(sys, from, 3);
      yield* sys.ioctl(from, FIONREAD, { value: -1 });
      yield* sys.close(to);
      yield* sys.ioctl(from, FIONREAD, { value: -1 });
      yield* sys.ioctl(from, FIONREAD, 1);
      yield* sys.ioctl(from, 0x1234, 0);
    }
    yield* sys.ioctl(listener, FIONREAD, { value: -1 });
    yield* sys.ioctl(yield* sys.eventfd(1, 0), FIONREAD, { value: -1 });
    yield* sys.ioctl(yield* sys.epoll_create1(0), FIONREAD, { value: -1 });
  }),
  scenario("readv and writev go through their pieces in order", function* (sys) {
    const [reader, writer] = yield* pipe(sys);
    const { client, server } = yield* tcpPair(sys);
    const [a, b] = yield* unixPair(sys);
    for (const [to, from] of [
      [writer, reader],
      [a, b],
      [client, server],
    ] as const) {
      yield* sys.writev(to, ["one", "", "three"]);
      yield* sys.readv(from, [sys.buffer(2), sys.buffer(4), sys.buffer(64)]);
      yield* sys.readv(from, [sys.buffer(2)]);
      yield* sys.writev(from, []);
    }
  }),
  scenario("dup3 takes only O_CLOEXEC, and refuses a number that is the same", function* (sys) {
    const fd = yield* sys.eventfd(0, 0);
    yield* sys.dup3(fd, fd, 0);
    yield* sys.dup3(900, 900, 0);
    yield* sys.dup3(fd, 20, 1);
    yield* sys.dup3(fd, 20, 0x80000);
    yield* sys.fcntl(20, 1);
    yield* sys.dup3(900, 21, 0);
    yield* sys.dup3(fd, -1, 0);
  }),
];
