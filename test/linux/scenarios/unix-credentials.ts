import {
  AF_UNIX,
  CLONE_FILES,
  CLONE_VM,
  MSG_PEEK,
  MSG_WAITALL,
  SHUT_WR,
  SOCK_DGRAM,
  SOCK_NONBLOCK,
  SOCK_SEQPACKET,
  SOCK_STREAM,
  SOL_SOCKET,
  SO_PASSCRED,
  type Sys,
  type Scenario,
  scenario,
} from "../scenario.ts";
import { read, unixPair } from "./helpers.ts";

type Steps<T> = Generator<unknown, T, unknown>;

/** From now on the socket tells who has sent what it receives. */
function* askWho(sys: Sys, fd: number): Steps<void> {
  yield* sys.setsockopt(fd, SOL_SOCKET, SO_PASSCRED, { value: 1 });
}

/** Receives a message, with room for control data. */
function* receive(sys: Sys, fd: number, controllen = 100, flags = 0, count = 16): Steps<void> {
  yield* sys.recvmsg(fd, { iov: [sys.buffer(count)], control: [], controllen }, flags);
}

/** A socket that does not wait. */
function* unixSocket(sys: Sys, type: number, path?: string): Steps<number> {
  const fd = yield* sys.socket(AF_UNIX, type | SOCK_NONBLOCK, 0);
  if (path !== undefined) yield* sys.bind(fd, { path });
  return fd;
}

/** SO_PASSCRED: a socket tells who has sent what it receives. */
export const unixCredentials: Scenario[] = [
  scenario(
    "what was sent before the receiver asked who sends is not read together with what came then",
    function* (sys) {
      const [a, b] = yield* unixPair(sys);
      yield* sys.write(a, "before");
      yield* askWho(sys, b);
      yield* sys.write(a, "after");
      yield* receive(sys, b, 100, MSG_PEEK);
      yield* receive(sys, b);
      yield* receive(sys, b);
    },
  ),
  scenario("the end of a stream says who has sent it, too; it was nobody", function* (sys) {
    const [a, b] = yield* unixPair(sys);
    yield* askWho(sys, b);
    yield* receive(sys, b);
    yield* sys.shutdown(a, SHUT_WR);
    yield* receive(sys, b);
  }),
  scenario("who has sent a message is told as far as there is room", function* (sys) {
    const [a, b] = yield* unixPair(sys);
    yield* askWho(sys, b);
    for (const room of [0, 15, 16, 20, 27, 28, 31, 32, 33]) {
      yield* sys.write(a, "x");
      yield* receive(sys, b, room);
    }
  }),
  scenario("MSG_WAITALL waits for more from the same process only, and says which it was", function* (sys) {
    const [a, b] = yield* unixPair(sys, 0);
    yield* askWho(sys, b);
    yield* sys.clone(CLONE_VM | CLONE_FILES, function* (sys) {
      for (let i = 0; i < 3; i++) yield* receive(sys, b, 100, MSG_WAITALL, 10);
    });
    yield* sys.asleep();
    yield* sys.write(a, "abc");
    yield* sys.asleep();
    yield* sys.fork(function* (sys) {
      yield* sys.write(a, "def");
    });
    yield* sys.asleep();
    yield* sys.write(a, "ghi");
    yield* sys.asleep();
    yield* sys.shutdown(a, SHUT_WR);
    yield* sys.asleep();
  }),
  scenario("a socket that asks who sends gets a name of its own when it connects or sends", function* (sys) {
    for (const type of [SOCK_STREAM, SOCK_DGRAM, SOCK_SEQPACKET]) {
      const path = `\0receiver ${type}`;
      const receiver = yield* unixSocket(sys, type, path);
      if (type !== SOCK_DGRAM) yield* sys.listen(receiver, 2);
      const sender = yield* unixSocket(sys, type);
      yield* askWho(sys, sender);
      yield* sys.connect(sender, { path });
      yield* sys.getpeername(sender, {});
      yield* sys.send(sender, "x");
      if (type === SOCK_DGRAM) yield* read(sys, receiver);
    }
    const receiver = yield* unixSocket(sys, SOCK_DGRAM, "\0receiver");
    const sender = yield* unixSocket(sys, SOCK_DGRAM);
    yield* askWho(sys, sender);
    yield* sys.sendto(sender, "hello", 5, 0, { path: "\0receiver" });
    yield* read(sys, receiver);
    yield* read(sys, sender);
  }),
  scenario("a connection asks who sends if its listener did so when it was made", function* (sys) {
    const listener = yield* unixSocket(sys, SOCK_STREAM, "\0listener");
    yield* sys.listen(listener, 4);
    const path = "\0listener";
    yield* sys.connect(yield* unixSocket(sys, SOCK_STREAM), { path });
    yield* askWho(sys, listener);
    const client = yield* unixSocket(sys, SOCK_STREAM);
    yield* sys.connect(client, { path });
    yield* sys.write(client, "x");
    for (let i = 0; i < 2; i++) {
      const server = yield* sys.accept4(listener, SOCK_NONBLOCK);
      yield* sys.getsockopt(server, SOL_SOCKET, SO_PASSCRED, {});
      yield* receive(sys, server);
    }
  }),
];
