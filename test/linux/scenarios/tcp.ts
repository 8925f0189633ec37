import {
  AF_INET,
  ET,
  IN,
  MSG_DONTWAIT,
  MSG_PEEK,
  OUT,
  RDHUP,
  SHUT_RD,
  SHUT_WR,
  SOCK_NONBLOCK,
  SOCK_STREAM,
  type Scenario,
  scenario,
} from "../scenario.ts";
import { connecting, listening, pattern, PORT, read, tcpPair, wait, watching } from "./helpers.ts";

const ALL = IN | OUT | RDHUP;

/** TCP over loopback while all goes well: connecting, accepting, data, closing in order. */
export const tcp: Scenario[] = [
  scenario("a TCP connection carries bytes both ways, without boundaries", function* (sys) {
    const { client, server } = yield* tcpPair(sys);
    yield* sys.write(client, "one");
    yield* sys.send(client, "two", 3, 0);
    yield* read(sys, server, 4);
    yield* read(sys, server);
    yield* read(sys, server);
    yield* sys.write(server, pattern(20_000));
    yield* read(sys, client, 30_000);
  }),
  scenario("MSG_PEEK and MSG_DONTWAIT work on TCP as they say", function* (sys) {
    const { client, server } = yield* tcpPair(sys);
    yield* sys.write(client, "peeked");
    yield* sys.recv(server, sys.buffer(4), 4, MSG_PEEK);
    yield* sys.recv(server, sys.buffer(64), 64, MSG_DONTWAIT);
    yield* sys.recv(server, sys.buffer(64), 64, MSG_PEEK | MSG_DONTWAIT);
    yield* sys.send(server, "", 0, 0);
    yield* sys.recv(server, sys.buffer(1), 0, 0);
    yield* sys.read(server, 1, 0);
  }),
  scenario("TC-13: a non-blocking connect is EINPROGRESS, the next one 0, then EISCONN", function* (sys) {
    yield* listening(sys);
    const fd = yield* sys.socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    const epfd = yield* watching(sys, ALL, fd);
    yield* wait(sys, epfd);
    for (let i = 0; i < 3; i++) {
      yield* sys.connect(fd, { port: PORT });
      yield* wait(sys, epfd);
    }
  }),
  scenario("a blocking connect to a listener returns 0 before the connection is accepted", function* (sys) {
    const listener = yield* listening(sys);
    const fd = yield* sys.socket(AF_INET, SOCK_STREAM, 0);
    yield* sys.connect(fd, { port: PORT });
    yield* sys.write(fd, "early");
    const server = yield* sys.accept4(listener, SOCK_NONBLOCK);
    yield* read(sys, server);
  }),
  scenario("AC-6: connections are accepted in the order in which they came", function* (sys) {
    const listener = yield* listening(sys);
    for (const name of ["first", "second", "third"]) {
      const fd = yield* connecting(sys);
      yield* sys.write(fd, name);
    }
    for (let i = 0; i < 4; i++) {
      const server = yield* sys.accept4(listener, SOCK_NONBLOCK);
      if (server >= 0) yield* read(sys, server);
    }
  }),
  scenario("AC-7: listen(n) lets n + 1 connections wait; the next client stays in SYN_SENT", function* (sys) {
    const listener = yield* listening(sys, 1);
    const clients: number[] = [];
    for (let i = 0; i < 3; i++) clients.push(yield* connecting(sys));
    const epfd = yield* watching(sys, ALL, ...clients);
    yield* wait(sys, epfd);
    yield* sys.connect(clients[2] ?? -1, { port: PORT });
    yield* sys.write(clients[2] ?? -1, "x");
    yield* read(sys, clients[2] ?? -1);
    for (let i = 0; i < 3; i++) yield* sys.accept4(listener, SOCK_NONBLOCK);
  }),
  scenario(
    "AC-14, T.listen: a listener reports IN while a connection waits, and an edge for every new one",
    function* (sys) {
      const listener = yield* listening(sys);
      const level = yield* watching(sys, ALL, listener);
      const edge = yield* watching(sys, IN | ET, listener);
      yield* wait(sys, level);
      yield* connecting(sys);
      yield* wait(sys, level);
      yield* wait(sys, edge);
      yield* connecting(sys);
      yield* wait(sys, edge);
      yield* sys.accept4(listener, SOCK_NONBLOCK);
      yield* wait(sys, edge);
      yield* wait(sys, level);
      yield* sys.accept4(listener, SOCK_NONBLOCK);
      yield* wait(sys, level);
    },
  ),
  scenario("T.fin, T.fin2: SHUT_WR gives the peer IN|RDHUP and 0, and the way back stays open", function* (sys) {
    const { client, server } = yield* tcpPair(sys);
    const epfd = yield* watching(sys, ALL, client, server);
    yield* sys.write(client, "last");
    yield* sys.shutdown(client, SHUT_WR);
    yield* wait(sys, epfd);
    yield* read(sys, server);
    yield* read(sys, server);
    yield* sys.write(client, "x");
    yield* sys.write(server, "back");
    yield* read(sys, client);
    yield* sys.shutdown(server, SHUT_WR);
    yield* wait(sys, epfd);
    yield* read(sys, client);
    yield* sys.shutdown(client, SHUT_WR);
  }),
  scenario(
    "TC-12, T.shrd: SHUT_RD is local: the peer notices nothing, and what it sends can still be read",
    function* (sys) {
      const { client, server } = yield* tcpPair(sys);
      const epfd = yield* watching(sys, ALL, client, server);
      yield* sys.shutdown(client, SHUT_RD);
      yield* wait(sys, epfd);
      yield* read(sys, client);
      yield* sys.write(server, "still");
      yield* read(sys, client);
      yield* read(sys, client);
    },
  ),
  scenario(
    "TC-6: an edge-triggered OUT watcher is told of the end of the other side but not of its bytes",
    function* (sys) {
      const { client, server } = yield* tcpPair(sys);
      const epfd = yield* watching(sys, OUT | ET, client);
      yield* wait(sys, epfd);
      yield* sys.write(server, "bytes");
      yield* wait(sys, epfd);
      yield* sys.shutdown(server, SHUT_WR);
      yield* wait(sys, epfd);
    },
  ),
  scenario("an edge-triggered watcher sees new bytes once, and a rest that is left behind not again", function* (sys) {
    const { client, server } = yield* tcpPair(sys);
    const epfd = yield* watching(sys, IN | ET, server);
    yield* sys.write(client, "some bytes");
    yield* wait(sys, epfd);
    yield* read(sys, server, 4);
    yield* wait(sys, epfd);
    yield* sys.write(client, "more");
    yield* wait(sys, epfd);
  }),
  scenario("a TCP socket can be connected to itself", function* (sys) {
    const fd = yield* sys.socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    yield* sys.bind(fd, { port: PORT });
    yield* sys.connect(fd, { port: PORT });
    const epfd = yield* watching(sys, ALL, fd);
    yield* wait(sys, epfd);
    yield* sys.write(fd, "echo");
    yield* wait(sys, epfd);
    yield* read(sys, fd);
  }),
  scenario(
    "AC-1, AC-4: accept4 takes CLOEXEC and NONBLOCK; the flags of the listener are not inherited",
    function* (sys) {
      const listener = yield* listening(sys);
      yield* connecting(sys);
      yield* connecting(sys);
      yield* sys.accept4(listener, 1);
      const blocking = yield* sys.accept4(listener, 0);
      const F_GETFL = 3;
      yield* sys.fcntl(listener, F_GETFL);
      yield* sys.fcntl(blocking, F_GETFL);
      yield* sys.fcntl(yield* sys.accept4(listener, SOCK_NONBLOCK), F_GETFL);
      yield* sys.accept4(listener, 0);
    },
  ),
];
