import {
  AF_INET,
  IN,
  MSG_NOSIGNAL,
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
import { connecting, listening, PORT, read, tcpPair, wait, watching } from "./helpers.ts";

const ALL = IN | OUT | RDHUP;
const NOBODY = 7071;

/** Looks at a socket in every way, errors first. */
function* examine(sys: Sys, epfd: number, fd: number): Generator<unknown, void, unknown> {
  yield* wait(sys, epfd);
  yield* read(sys, fd);
  yield* wait(sys, epfd);
  yield* read(sys, fd);
  yield* sys.write(fd, "x");
  yield* sys.send(fd, "x", 1, MSG_NOSIGNAL);
  yield* wait(sys, epfd);
}

/** TCP over loopback when something is in the way: refusals, resets, wrong states, addresses that are taken. */
export const tcpFailures: Scenario[] = [
  scenario(
    "TC-8, T.refused: a non-blocking connect to nobody is EINPROGRESS; the refusal is read once, then 0 and EPIPE",
    function* (sys) {
      const fd = yield* connecting(sys, NOBODY);
      yield* examine(sys, yield* watching(sys, ALL, fd), fd);
    },
  ),
  scenario("connect tells of the refusal too, and may then be tried again", function* (sys) {
    const fd = yield* connecting(sys, NOBODY);
    const epfd = yield* watching(sys, ALL, fd);
    yield* sys.connect(fd, { port: NOBODY });
    yield* wait(sys, epfd);
    yield* listening(sys);
    yield* sys.connect(fd, { port: PORT });
    yield* wait(sys, epfd);
    yield* sys.connect(fd, { port: PORT });
  }),
  scenario("after the refusal was read, connect is ECONNABORTED once", function* (sys) {
    const fd = yield* connecting(sys, NOBODY);
    yield* read(sys, fd);
    yield* sys.connect(fd, { port: NOBODY });
    yield* sys.connect(fd, { port: NOBODY });
  }),
  scenario("a blocking connect to nobody is ECONNREFUSED every time", function* (sys) {
    const fd = yield* sys.socket(AF_INET, SOCK_STREAM, 0);
    yield* sys.connect(fd, { port: NOBODY });
    yield* sys.connect(fd, { port: NOBODY });
    yield* read(sys, fd);
    yield* sys.write(fd, "x");
  }),
  scenario("TC-11: the first write after the peer's close succeeds and brings the reset", function* (sys) {
    const { client, server } = yield* tcpPair(sys);
    const epfd = yield* watching(sys, ALL, client);
    yield* sys.close(server);
    yield* wait(sys, epfd);
    yield* read(sys, client);
    yield* sys.write(client, "x");
    yield* examine(sys, epfd, client);
  }),
  scenario(
    "TC-10, T.rst: closing with unread bytes resets the peer: ECONNRESET once, then 0 and EPIPE",
    function* (sys) {
      const { client, server } = yield* tcpPair(sys);
      yield* sys.write(client, "unread");
      yield* sys.close(server);
      yield* examine(sys, yield* watching(sys, ALL, client), client);
    },
  ),
  scenario("TC-9: bytes that came before the reset can be read first", function* (sys) {
    const { client, server } = yield* tcpPair(sys);
    yield* sys.write(client, "unread");
    yield* sys.write(server, "before");
    yield* sys.close(server);
    yield* read(sys, client, 2);
    yield* examine(sys, yield* watching(sys, ALL, client), client);
  }),
  scenario("the reset takes the bytes away from a write that meets it first", function* (sys) {
    const { client, server } = yield* tcpPair(sys);
    yield* sys.write(client, "unread");
    yield* sys.close(server);
    yield* sys.write(client, "x");
    yield* examine(sys, yield* watching(sys, ALL, client), client);
  }),
  scenario("TC-7: a reset in CLOSE_WAIT is EPIPE, and the end of file comes before it", function* (sys) {
    const { client, server } = yield* tcpPair(sys);
    yield* sys.write(client, "unread");
    yield* sys.shutdown(server, SHUT_WR);
    yield* sys.close(server);
    yield* examine(sys, yield* watching(sys, ALL, client), client);
  }),
  scenario("after a shutdown of both sides the connection is gone: shutdown is ENOTCONN", function* (sys) {
    const { client, server } = yield* tcpPair(sys);
    yield* sys.shutdown(client, SHUT_WR);
    yield* sys.shutdown(server, SHUT_WR);
    const epfd = yield* watching(sys, ALL, client, server);
    yield* wait(sys, epfd);
    yield* sys.shutdown(client, SHUT_RD);
    yield* sys.shutdown(server, SHUT_RDWR);
    yield* read(sys, client);
    yield* sys.write(server, "x");
  }),
  scenario("AC-12: closing a listener resets the connections that were not accepted, and no others", function* (sys) {
    const { listener, client, server } = yield* tcpPair(sys);
    const waiting = yield* connecting(sys);
    yield* sys.close(listener);
    yield* examine(sys, yield* watching(sys, ALL, waiting), waiting);
    yield* sys.write(client, "alive");
    yield* read(sys, server);
  }),
  scenario("T.lshut: SHUT_RD makes a listener an unconnected socket, which may listen again", function* (sys) {
    const listener = yield* listening(sys);
    yield* connecting(sys);
    const epfd = yield* watching(sys, ALL, listener);
    yield* sys.shutdown(listener, SHUT_WR);
    yield* wait(sys, epfd);
    yield* sys.shutdown(listener, SHUT_RD);
    yield* wait(sys, epfd);
    yield* sys.accept4(listener, SOCK_NONBLOCK);
    yield* sys.listen(listener, 2);
    yield* wait(sys, epfd);
    yield* sys.accept4(listener, SOCK_NONBLOCK);
  }),
  scenario("AC-11: a client that is gone is still accepted: its bytes, then its end", function* (sys) {
    const listener = yield* listening(sys);
    const client = yield* connecting(sys);
    yield* sys.write(client, "hello");
    yield* sys.close(client);
    const server = yield* sys.accept4(listener, SOCK_NONBLOCK);
    yield* read(sys, server);
    yield* examine(sys, yield* watching(sys, ALL, server), server);
  }),
  scenario("an address that is taken is EADDRINUSE until its owner is closed", function* (sys) {
    const first = yield* sys.socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    const second = yield* sys.socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    yield* sys.bind(first, { port: PORT });
    yield* sys.bind(second, { port: PORT });
    yield* sys.listen(first, 1);
    yield* sys.bind(second, { port: PORT });
    yield* sys.close(first);
    yield* sys.bind(second, { port: PORT });
    yield* sys.bind(second, { port: PORT });
    yield* sys.listen(second, 1);
    yield* sys.bind(second, { port: NOBODY });
  }),
  scenario(
    "T.new: a new socket: ENOTCONN to read and shut down, EPIPE to write, EINVAL to accept, OUT|HUP",
    function* (sys) {
      const fd = yield* sys.socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
      const epfd = yield* watching(sys, ALL, fd);
      yield* wait(sys, epfd);
      yield* read(sys, fd);
      yield* sys.write(fd, "x");
      yield* sys.write(fd, "");
      yield* sys.accept4(fd, 0);
      yield* sys.shutdown(fd, SHUT_RDWR);
      yield* sys.shutdown(fd, 5);
      yield* wait(sys, epfd);
    },
  ),
  scenario("a listener does not read, write or connect", function* (sys) {
    const fd = yield* listening(sys);
    yield* read(sys, fd);
    yield* sys.write(fd, "x");
    yield* sys.connect(fd, { port: NOBODY });
    yield* sys.bind(fd, { port: NOBODY });
    yield* sys.listen(fd, 2);
    yield* sys.accept4(fd, SOCK_NONBLOCK);
  }),
];
