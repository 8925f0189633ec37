import {
  AF_INET,
  AF_UNIX,
  CLONE_FILES,
  CLONE_VM,
  IN,
  MSG_NOSIGNAL,
  MSG_OOB,
  OUT,
  PRI,
  RDHUP,
  SHUT_RDWR,
  SHUT_WR,
  SOCK_NONBLOCK,
  SOCK_SEQPACKET,
  SOCK_STREAM,
  SOL_SOCKET,
  SO_PASSCRED,
  type Sys,
  type Scenario,
  scenario,
} from "../scenario.ts";
import { tcpPair, unixPair } from "./helpers.ts";

type Steps<T> = Generator<unknown, T, unknown>;

/** Everything that poll() tells of a socket. */
function* look(sys: Sys, fd: number): Steps<void> {
  yield* sys.poll([{ fd, events: IN | PRI | OUT | RDHUP }], 0);
}

/** Two connected sockets for messages. */
const pair = (sys: Sys) => unixPair(sys, SOCK_NONBLOCK, SOCK_SEQPACKET);

/** What comes too late, what nobody has read, and who still waits. */
export const endings: Scenario[] = [
  scenario(
    "an urgent byte that comes after both sides were shut resets the connection, and is kept aside",
    function* (sys) {
      for (const ended of [true, false]) {
        const { listener, client, server } = yield* tcpPair(sys);
        if (ended) yield* sys.shutdown(client, SHUT_WR);
        yield* sys.shutdown(server, SHUT_RDWR);
        yield* sys.send(client, "u", 1, MSG_OOB | MSG_NOSIGNAL);
        yield* look(sys, server);
        yield* look(sys, client);
        yield* sys.recv(server, sys.buffer(4), 4, MSG_OOB);
        yield* sys.close(listener);
        yield* sys.close(client);
        yield* sys.close(server);
      }
    },
  ),
  scenario("one empty message that nobody has read is no reset when the socket is closed, two are", function* (sys) {
    for (const messages of [[""], ["", ""], ["", "x"], ["x"], []]) {
      const [a, b] = yield* pair(sys);
      for (const message of messages) yield* sys.send(a, message, message.length, 0);
      yield* sys.close(b);
      yield* look(sys, a);
      yield* sys.close(a);
    }
  }),
  scenario("a longer queue lets those in who wait to connect to a UNIX socket", function* (sys) {
    const path = "\0long";
    const listener = yield* sys.socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
    yield* sys.bind(listener, { path });
    yield* sys.listen(listener, 0);
    yield* sys.connect(yield* sys.socket(AF_UNIX, SOCK_STREAM, 0), { path });
    for (let i = 0; i < 3; i++) {
      yield* sys.clone(CLONE_VM | CLONE_FILES, function* (sys) {
        const fd = yield* sys.socket(AF_UNIX, SOCK_STREAM, 0);
        yield* sys.connect(fd, { path });
      });
      yield* sys.asleep();
    }
    yield* sys.listen(listener, 2);
    yield* sys.asleep();
    yield* sys.listen(listener, 1);
    yield* sys.asleep();
    yield* sys.close(listener);
    yield* sys.asleep();
  }),
  scenario("only UNIX sockets can tell who sends", function* (sys) {
    const fd = yield* sys.socket(AF_INET, SOCK_STREAM, 0);
    yield* sys.getsockopt(fd, SOL_SOCKET, SO_PASSCRED, {});
    yield* sys.setsockopt(fd, SOL_SOCKET, SO_PASSCRED, { value: 1 });
  }),
];
