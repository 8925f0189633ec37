import {
  AF_INET,
  AF_INET6,
  AF_UNIX,
  MSG_ERRQUEUE,
  MSG_DONTWAIT,
  MSG_MORE,
  MSG_NOSIGNAL,
  MSG_PEEK,
  MSG_ZEROCOPY,
  SO_ERROR,
  SO_ZEROCOPY,
  SOCK_DGRAM,
  SOCK_NONBLOCK,
  SOCK_STREAM,
  SOL_SOCKET,
  type ControlMessage,
  ERR,
  ET,
  IN,
  OUT,
  type Scenario,
  type Sys,
  scenario,
} from "../scenario.ts";
import { PORT, connecting, listening, read, tcpPair, unixPair, wait, watching } from "./helpers.ts";

type Steps<T> = Generator<unknown, T, unknown>;

/** Reads the error queue. */
function* notified(sys: Sys, fd: number, flags = 0, controllen = 256): Steps<number> {
  const control: ControlMessage[] = [];
  return yield* sys.recvmsg(fd, { iov: [sys.buffer(16)], control, controllen, name: {} }, MSG_ERRQUEUE | flags);
}

/** A connection whose client may send pages. */
function* zerocopyPair(sys: Sys): Steps<{ listener: number; client: number; server: number }> {
  const pair = yield* tcpPair(sys);
  yield* sys.setsockopt(pair.client, SOL_SOCKET, SO_ZEROCOPY, { value: 1 });
  return pair;
}

/** MSG_ZEROCOPY over the loopback device, and the error queue. */
export const zerocopy: Scenario[] = [
  scenario("SF-15: MSG_ZEROCOPY is told of on the error queue, as copied over loopback", function* (sys) {
    const { client, server } = yield* zerocopyPair(sys);
    const epfd = yield* watching(sys, IN | OUT, client);
    yield* sys.send(client, "pages", 5, MSG_ZEROCOPY);
    yield* wait(sys, epfd);
    yield* read(sys, server);
    yield* notified(sys, client);
    yield* wait(sys, epfd);
    yield* notified(sys, client);
  }),
  scenario("SF-15: without SO_ZEROCOPY the flag means nothing", function* (sys) {
    const { client } = yield* tcpPair(sys);
    yield* sys.send(client, "copied", 6, MSG_ZEROCOPY);
    yield* notified(sys, client);
    yield* sys.setsockopt(client, SOL_SOCKET, SO_ZEROCOPY, { value: 1 });
    yield* sys.send(client, "pages", 5, MSG_ZEROCOPY);
    yield* sys.setsockopt(client, SOL_SOCKET, SO_ZEROCOPY, { value: 0 });
    yield* sys.send(client, "copied", 6, MSG_ZEROCOPY);
    yield* notified(sys, client);
    yield* notified(sys, client);
  }),
  scenario("SO_ZEROCOPY is 0 or 1, of internet sockets only, and inherited by accepted connections", function* (sys) {
    const stream = yield* sys.socket(AF_INET, SOCK_STREAM, 0);
    const messages = yield* sys.socket(AF_INET, SOCK_DGRAM, 0);
    const [a] = yield* unixPair(sys);
    const local = yield* sys.socket(AF_UNIX, SOCK_DGRAM, 0);
    for (const fd of [stream, messages, a, local]) {
      for (const value of [2, -1, 1]) yield* sys.setsockopt(fd, SOL_SOCKET, SO_ZEROCOPY, { value });
      yield* sys.getsockopt(fd, SOL_SOCKET, SO_ZEROCOPY, {});
    }
    const listener = yield* listening(sys);
    yield* sys.setsockopt(listener, SOL_SOCKET, SO_ZEROCOPY, { value: 1 });
    yield* connecting(sys);
    const accepted = yield* sys.accept4(listener, SOCK_NONBLOCK);
    yield* sys.getsockopt(accepted, SOL_SOCKET, SO_ZEROCOPY, {});
    yield* sys.send(accepted, "x", 1, MSG_ZEROCOPY);
    yield* notified(sys, accepted);
  }),
  scenario("notifications of calls in a row become one, with their range of numbers", function* (sys) {
    const { client } = yield* zerocopyPair(sys);
    for (let i = 0; i < 3; i++) yield* sys.send(client, "abc", 3, MSG_ZEROCOPY);
    yield* notified(sys, client);
    yield* sys.send(client, "abc", 3, MSG_ZEROCOPY);
    yield* sys.send(client, "abc", 3, 0);
    yield* sys.send(client, "abc", 3, MSG_ZEROCOPY);
    yield* notified(sys, client);
    yield* notified(sys, client);
  }),
  scenario("a call of nothing, or with a bad address, has no number", function* (sys) {
    const { client } = yield* zerocopyPair(sys);
    yield* sys.send(client, "", 0, MSG_ZEROCOPY);
    yield* notified(sys, client);
    yield* sys.send(client, 8, 100, MSG_ZEROCOPY);
    yield* notified(sys, client);
    yield* sys.send(client, "x", 1, MSG_ZEROCOPY);
    yield* notified(sys, client);
  }),
  scenario(
    "reading the error queue takes a notification in any case: looking only, or with too little room",
    function* (sys) {
      const { client } = yield* zerocopyPair(sys);
      for (const [flags, room] of [
        [MSG_PEEK, 256],
        [0, 40],
        [0, 15],
        [0, 0],
      ] as const) {
        yield* sys.send(client, "x", 1, MSG_ZEROCOPY);
        yield* notified(sys, client, flags, room);
      }
      yield* sys.send(client, "x", 1, MSG_ZEROCOPY);
      yield* sys.recv(client, sys.buffer(8), 8, MSG_ERRQUEUE);
      yield* notified(sys, client);
    },
  ),
  scenario("a notification is no error: SO_ERROR is 0, and reading goes on", function* (sys) {
    const { client, server } = yield* zerocopyPair(sys);
    yield* sys.send(client, "x", 1, MSG_ZEROCOPY);
    yield* sys.getsockopt(client, SOL_SOCKET, SO_ERROR, {});
    yield* read(sys, client);
    yield* sys.write(server, "answer");
    yield* read(sys, client);
    const epfd = yield* watching(sys, ERR, client);
    yield* wait(sys, epfd);
    yield* notified(sys, client);
    yield* wait(sys, epfd);
  }),
  scenario("pages that wait for more are told of when they have left", function* (sys) {
    const { client, server } = yield* zerocopyPair(sys);
    yield* sys.send(client, "0123456789", 10, MSG_ZEROCOPY | MSG_MORE);
    yield* notified(sys, client);
    yield* sys.send(client, "0123456789", 10, MSG_ZEROCOPY);
    yield* notified(sys, client);
    yield* notified(sys, client);
    yield* read(sys, server);
  }),
  scenario("who changes pages before they have left changes what arrives", function* (sys) {
    const { client, server } = yield* zerocopyPair(sys);
    const page = sys.buffer(4096);
    page.set(new TextEncoder().encode("before"));
    yield* sys.send(client, page, 6, MSG_ZEROCOPY | MSG_MORE);
    page.set(new TextEncoder().encode("AFTER!"));
    yield* sys.send(client, ".", 1, 0);
    page.set(new TextEncoder().encode("later."));
    yield* read(sys, server);
    yield* notified(sys, client);
  }),
  scenario("a connection that is not there, or over, gives its number back", function* (sys) {
    const fd = yield* sys.socket(AF_INET, SOCK_STREAM, 0);
    yield* sys.setsockopt(fd, SOL_SOCKET, SO_ZEROCOPY, { value: 1 });
    yield* sys.send(fd, "x", 1, MSG_ZEROCOPY | MSG_NOSIGNAL);
    yield* notified(sys, fd);
    const { client } = yield* zerocopyPair(sys);
    yield* sys.send(client, "x", 1, MSG_ZEROCOPY);
    yield* sys.shutdown(client, 1);
    yield* sys.send(client, "x", 1, MSG_ZEROCOPY | MSG_NOSIGNAL);
    yield* notified(sys, client);
    yield* notified(sys, client);
  }),
  scenario("every notification is an edge", function* (sys) {
    const { client } = yield* zerocopyPair(sys);
    const epfd = yield* watching(sys, (IN | ET) >>> 0, client);
    yield* sys.send(client, "x", 1, MSG_ZEROCOPY);
    yield* wait(sys, epfd);
    yield* wait(sys, epfd);
    yield* sys.send(client, "x", 1, MSG_ZEROCOPY);
    yield* wait(sys, epfd);
    yield* notified(sys, client);
    yield* wait(sys, epfd);
  }),
  scenario("messages with MSG_ZEROCOPY are told of at once, empty ones too", function* (sys) {
    const receiver = yield* sys.socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);
    yield* sys.bind(receiver, { port: PORT });
    const sender = yield* sys.socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);
    yield* sys.connect(sender, { port: PORT });
    yield* sys.setsockopt(sender, SOL_SOCKET, SO_ZEROCOPY, { value: 1 });
    yield* sys.send(sender, "message", 7, MSG_ZEROCOPY);
    yield* sys.send(sender, "", 0, MSG_ZEROCOPY);
    const epfd = yield* watching(sys, OUT, sender);
    yield* wait(sys, epfd);
    yield* notified(sys, sender);
    yield* notified(sys, sender);
    yield* read(sys, receiver);
  }),
  scenario("the error queues of others: empty, and that of a UNIX socket is its data", function* (sys) {
    const listener = yield* listening(sys);
    yield* notified(sys, listener);
    const fd = yield* sys.socket(AF_INET6, SOCK_STREAM, 0);
    yield* notified(sys, fd);
    const [a, b] = yield* unixPair(sys);
    yield* sys.send(a, "hello", 5, MSG_ZEROCOPY);
    yield* sys.recv(b, sys.buffer(8), 8, MSG_ERRQUEUE | MSG_DONTWAIT);
  }),
  scenario("programs cannot say MSG_SPLICE_PAGES", function* (sys) {
    const { client, server } = yield* tcpPair(sys);
    yield* sys.send(client, "copied", 6, 0x8000000);
    yield* read(sys, server);
  }),
];
