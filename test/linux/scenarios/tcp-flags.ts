import {
  CLONE_FILES,
  CLONE_VM,
  IN,
  MSG_DONTWAIT,
  MSG_NOSIGNAL,
  MSG_PEEK,
  MSG_TRUNC,
  MSG_WAITALL,
  OUT,
  RDHUP,
  SHUT_RDWR,
  SHUT_WR,
  SOL_SOCKET,
  SO_RCVLOWAT,
  SO_RCVTIMEO,
  SO_SNDTIMEO,
  type Scenario,
  type Sys,
  scenario,
} from "../scenario.ts";
import { connecting, listening, read, tcpPair, unixPair, wait, watching } from "./helpers.ts";

type Steps<T> = Generator<unknown, T, unknown>;

/** A connection whose accepted end waits. */
function* blockingPair(sys: Sys): Steps<{ client: number; server: number }> {
  const listener = yield* listening(sys);
  const client = yield* connecting(sys);
  return { client, server: yield* sys.accept4(listener, 0) };
}

/** Another task receives once. */
function* receiver(sys: Sys, fd: number, count: number, flags: number): Steps<void> {
  yield* sys.clone(CLONE_VM | CLONE_FILES, function* (own) {
    yield* own.recv(fd, own.buffer(count), count, flags);
  });
  yield* sys.asleep();
}

/** A struct timeval. */
function timeval(sec: number, usec: number): Uint8Array {
  return new Uint8Array(BigInt64Array.of(BigInt(sec), BigInt(usec)).buffer);
}

/** Flags of recv() and send(), and the options that go with them. */
export const tcpFlags: Scenario[] = [
  scenario("TC-2, T.lowat: SO_RCVLOWAT keeps a blocked read asleep, but not one that does not wait", function* (sys) {
    const { client, server } = yield* blockingPair(sys);
    yield* sys.setsockopt(server, SOL_SOCKET, SO_RCVLOWAT, { value: 4 });
    yield* receiver(sys, server, 8, 0);
    yield* sys.write(client, "ab");
    yield* sys.asleep();
    yield* sys.recv(server, sys.buffer(8), 8, MSG_DONTWAIT | MSG_PEEK);
    yield* sys.write(client, "cd");
    yield* sys.asleep();
    yield* sys.write(client, "ef");
    yield* sys.recv(server, sys.buffer(1), 1, 0);
    yield* sys.recv(server, sys.buffer(8), 8, MSG_DONTWAIT);
  }),
  scenario("MSG_WAITALL waits for the whole buffer, or the end", function* (sys) {
    const { client, server } = yield* blockingPair(sys);
    yield* receiver(sys, server, 6, MSG_WAITALL);
    yield* sys.write(client, "abc");
    yield* sys.asleep();
    yield* sys.write(client, "defgh");
    yield* sys.asleep();
    yield* receiver(sys, server, 6, MSG_WAITALL);
    yield* sys.shutdown(client, SHUT_WR);
    yield* sys.asleep();
  }),
  scenario("MSG_WAITALL with MSG_DONTWAIT takes what is there", function* (sys) {
    const { client, server } = yield* blockingPair(sys);
    yield* sys.recv(server, sys.buffer(8), 8, MSG_WAITALL | MSG_DONTWAIT);
    yield* sys.write(client, "abc");
    yield* sys.recv(server, sys.buffer(8), 8, MSG_WAITALL | MSG_DONTWAIT | MSG_PEEK);
    yield* sys.recv(server, sys.buffer(8), 8, MSG_WAITALL | MSG_DONTWAIT);
  }),
  scenario("MSG_PEEK with MSG_WAITALL waits for more, and leaves it", function* (sys) {
    const { client, server } = yield* blockingPair(sys);
    yield* receiver(sys, server, 6, MSG_WAITALL | MSG_PEEK);
    yield* sys.write(client, "abc");
    yield* sys.asleep();
    yield* sys.write(client, "def");
    yield* sys.asleep();
    yield* sys.recv(server, sys.buffer(8), 8, MSG_DONTWAIT);
  }),
  scenario("MSG_TRUNC on TCP drops bytes without copying them", function* (sys) {
    const { client, server } = yield* tcpPair(sys);
    yield* sys.write(client, "dropped kept");
    yield* sys.recv(server, sys.buffer(8), 8, MSG_TRUNC | MSG_PEEK);
    yield* sys.recv(server, sys.buffer(8), 8, MSG_TRUNC);
    yield* read(sys, server);
  }),
  scenario("MSG_PEEK sees the end behind the bytes only when they are read", function* (sys) {
    const { client, server } = yield* tcpPair(sys);
    yield* sys.write(client, "last");
    yield* sys.shutdown(client, SHUT_WR);
    yield* sys.recv(server, sys.buffer(8), 8, MSG_PEEK);
    yield* read(sys, server);
    yield* sys.recv(server, sys.buffer(8), 8, MSG_PEEK);
    yield* read(sys, server);
  }),
  scenario("MSG_WAITALL on a UNIX stream waits too", function* (sys) {
    const [a, b] = yield* unixPair(sys, 0);
    yield* receiver(sys, b, 6, MSG_WAITALL);
    yield* sys.write(a, "abc");
    yield* sys.asleep();
    yield* sys.write(a, "defgh");
    yield* sys.asleep();
    yield* sys.recv(b, sys.buffer(8), 8, MSG_PEEK | MSG_WAITALL);
  }),
  scenario("SO_RCVTIMEO ends a wait with EAGAIN; what has come by then is returned", function* (sys) {
    const { client, server } = yield* blockingPair(sys);
    yield* sys.setsockopt(server, SOL_SOCKET, SO_RCVTIMEO, timeval(0, 30_000));
    yield* read(sys, server);
    yield* sys.write(client, "abc");
    yield* sys.recv(server, sys.buffer(8), 8, MSG_WAITALL);
    yield* sys.setsockopt(server, SOL_SOCKET, SO_RCVTIMEO, timeval(0, 1_000_000));
    yield* sys.setsockopt(server, SOL_SOCKET, SO_RCVTIMEO, new Uint8Array(8));
  }),
  scenario("SO_RCVTIMEO of a listener ends accept, and SO_SNDTIMEO of a full socket ends write", function* (sys) {
    const listener = yield* listening(sys, 4, 7072, 0);
    yield* sys.setsockopt(listener, SOL_SOCKET, SO_RCVTIMEO, timeval(0, 20_000));
    yield* sys.accept4(listener, 0);
    const [a] = yield* unixPair(sys, 0);
    yield* sys.setsockopt(a, SOL_SOCKET, SO_SNDTIMEO, timeval(0, 20_000));
    for (let full = false; !full;) full = (yield* sys.unrecorded.send(a, "x", 1, MSG_DONTWAIT)) < 0;
    yield* sys.write(a, "x");
  }),
  scenario("TC-15: sending nothing on TCP is 0 and no event", function* (sys) {
    const { client, server } = yield* tcpPair(sys);
    const epfd = yield* watching(sys, IN | RDHUP, server);
    yield* sys.send(client, "", 0, 0);
    yield* wait(sys, epfd);
    yield* sys.write(client, "ab");
    yield* sys.write(client, "cd");
    yield* read(sys, server);
  }),
  scenario(
    "TC-16: shutdown of an unconnected socket is ENOTCONN, but both waiters and poll hear of it",
    function* (sys) {
      const { client, server } = yield* tcpPair(sys);
      yield* sys.shutdown(client, 3);
      yield* sys.listen(server, 1);
      yield* sys.shutdown(0, SHUT_WR);
      const epfd = yield* watching(sys, IN | OUT | RDHUP, client, server);
      yield* sys.shutdown(client, SHUT_RDWR);
      yield* wait(sys, epfd);
      yield* sys.send(client, "x", 1, MSG_NOSIGNAL);
    },
  ),
  scenario("TC-14: a socket watched before connect reports OUT|HUP, then an edge for the connection", function* (sys) {
    yield* listening(sys, 4, 7073);
    const client = yield* sys.socket(2, 1 | 0x800, 0);
    const epfd = yield* watching(sys, (IN | OUT | RDHUP | 0x80000000) >>> 0, client);
    yield* wait(sys, epfd);
    yield* wait(sys, epfd);
    yield* sys.connect(client, { port: 7073 });
    yield* wait(sys, epfd);
    yield* wait(sys, epfd);
  }),
];
