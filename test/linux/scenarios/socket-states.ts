import {
  AF_INET,
  AF_UNIX,
  EPOLL_CTL_ADD,
  EPOLL_CTL_DEL,
  IN,
  OUT,
  RDHUP,
  RDNORM,
  SHUT_RDWR,
  SHUT_WR,
  SOCK_NONBLOCK,
  SOCK_STREAM,
  SOL_SOCKET,
  SO_ERROR,
  SO_LINGER,
  type Scenario,
  type Sys,
  WRBAND,
  WRNORM,
  scenario,
} from "../scenario.ts";
import { connecting, listening, read, tcpPair, unixPair, wait } from "./helpers.ts";

const EVERYTHING = IN | OUT | RDHUP | RDNORM | WRNORM | WRBAND;

/** What a fresh epoll says of sockets, one after the other. */
function* states(sys: Sys, epfd: number, ...fds: readonly number[]): Generator<unknown, void, unknown> {
  for (const fd of fds) {
    yield* sys.epoll_ctl(epfd, EPOLL_CTL_ADD, fd, { events: EVERYTHING, data: { fd } });
    yield* wait(sys, epfd);
    yield* sys.epoll_ctl(epfd, EPOLL_CTL_DEL, fd, null);
  }
}

/** What sockets say of themselves in each of their states. */
export const socketStates: Scenario[] = [
  scenario("T.new, T.bound, T.listen, T.synsent: before there is a connection", function* (sys) {
    const epfd = yield* sys.epoll_create1(0);
    const fd = yield* sys.socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    yield* states(sys, epfd, fd);
    yield* sys.bind(fd, { port: 7070 });
    yield* states(sys, epfd, fd);
    yield* sys.listen(fd, 0);
    yield* states(sys, epfd, fd);
    const first = yield* connecting(sys);
    yield* states(sys, epfd, fd, first);
    // The queue takes one: the next client gets no answer.
    const second = yield* connecting(sys);
    yield* states(sys, epfd, second);
    yield* sys.shutdown(fd, SHUT_RDWR);
    yield* states(sys, epfd, fd);
  }),
  scenario("T.est, T.data, T.fin, T.fin2, TC-1: connected, with data, and ended on either side", function* (sys) {
    const epfd = yield* sys.epoll_create1(0);
    const { client, server } = yield* tcpPair(sys);
    yield* states(sys, epfd, client, server);
    yield* sys.write(client, "data");
    yield* states(sys, epfd, client, server);
    yield* read(sys, server);
    yield* states(sys, epfd, server);
    yield* sys.shutdown(client, SHUT_WR);
    yield* states(sys, epfd, client, server);
    yield* sys.shutdown(server, SHUT_WR);
    yield* states(sys, epfd, client, server);
  }),
  scenario("T.shrw, TC-1: both own sides shut: HUP here, RDHUP there", function* (sys) {
    const epfd = yield* sys.epoll_create1(0);
    const { client, server } = yield* tcpPair(sys);
    yield* sys.shutdown(client, SHUT_RDWR);
    yield* states(sys, epfd, client, server);
  }),
  scenario("T.rst, T.rst3: reset: ERR until the error is taken, HUP for ever", function* (sys) {
    const epfd = yield* sys.epoll_create1(0);
    const listener = yield* listening(sys);
    for (const take of ["read", "option"]) {
      const client = yield* connecting(sys);
      const server = yield* sys.accept4(listener, SOCK_NONBLOCK);
      yield* sys.setsockopt(client, SOL_SOCKET, SO_LINGER, new Uint8Array([1, 0, 0, 0, 0, 0, 0, 0]));
      yield* sys.close(client);
      yield* states(sys, epfd, server);
      if (take === "read") yield* read(sys, server);
      else yield* sys.getsockopt(server, SOL_SOCKET, SO_ERROR, {});
      yield* states(sys, epfd, server);
      yield* read(sys, server);
      yield* sys.write(server, "x");
    }
  }),
  scenario("U.new, U.idle, U.data, U.listen: UNIX sockets with and without a connection", function* (sys) {
    const epfd = yield* sys.epoll_create1(0);
    const [a, b] = yield* unixPair(sys);
    yield* states(sys, epfd, a, b);
    yield* sys.write(a, "data");
    yield* states(sys, epfd, a, b);
    const listener = yield* sys.socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
    yield* states(sys, epfd, listener);
    yield* sys.bind(listener, { path: "\0iopath-states" });
    yield* sys.listen(listener, 4);
    yield* states(sys, epfd, listener);
    const client = yield* sys.socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
    yield* sys.connect(client, { path: "\0iopath-states" });
    yield* states(sys, epfd, listener, client);
  }),
];
