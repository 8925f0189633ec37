import {
  AF_UNIX,
  IN,
  MSG_DONTWAIT,
  MSG_PEEK,
  MSG_TRUNC,
  OUT,
  RDHUP,
  SHUT_RD,
  SHUT_RDWR,
  SHUT_WR,
  SOCK_DGRAM,
  SOCK_NONBLOCK,
  SOCK_SEQPACKET,
  SOCK_STREAM,
  CLONE_FILES,
  CLONE_VM,
  type FilledAddress,
  type ReceivedMessage,
  type Sys,
  type Scenario,
  scenario,
} from "../scenario.ts";
import { read, unixPair, wait, watching } from "./helpers.ts";

type Steps<T> = Generator<unknown, T, unknown>;

const ALL = IN | OUT | RDHUP;

/** A socket for messages with a name. */
function* named(sys: Sys, path: string, type = SOCK_DGRAM, flags = SOCK_NONBLOCK): Steps<number> {
  const fd = yield* sys.socket(AF_UNIX, type | flags, 0);
  yield* sys.bind(fd, { path });
  return fd;
}

/** A pair of sockets for messages. */
const pair = (sys: Sys, type = SOCK_DGRAM, flags = SOCK_NONBLOCK) => unixPair(sys, flags, type);

/** One message with its sender's name. */
function* receive(sys: Sys, fd: number, count = 64, flags = 0): Steps<number> {
  return yield* sys.recvfrom(fd, sys.buffer(count), count, flags, {} as FilledAddress);
}

/** The same by recvmsg(). */
function* receiveMessage(sys: Sys, fd: number, count = 64, flags = 0): Steps<number> {
  const message: ReceivedMessage = { name: {}, iov: [sys.buffer(count)], control: [] };
  return yield* sys.recvmsg(fd, message, flags);
}

/** UNIX sockets for messages: by name, connected, in pairs. */
export const unixDgram: Scenario[] = [
  scenario("a message goes to a name, and tells the sender's if it has one", function* (sys) {
    const a = yield* named(sys, "\0a");
    const b = yield* named(sys, "\0b");
    const nameless = yield* sys.socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0);
    yield* sys.sendto(a, "from a", 6, 0, { path: "\0b" });
    yield* sys.sendto(nameless, "from nobody", 11, 0, { path: "\0b" });
    yield* sys.sendto(b, "to myself", 9, 0, { path: "\0b" });
    yield* receive(sys, b);
    yield* receive(sys, b);
    yield* receiveMessage(sys, b);
    yield* receive(sys, b);
    yield* sys.getsockname(a, {});
    yield* sys.getsockname(nameless, {});
    yield* sys.getpeername(a, {});
  }),
  scenario(
    "who names nobody: ENOTCONN without a peer, ECONNREFUSED for an abstract name, ENOENT for a path",
    function* (sys) {
      const fd = yield* sys.socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0);
      yield* sys.write(fd, "x");
      yield* sys.sendto(fd, "x", 1, 0, { path: "\0nobody" });
      yield* sys.sendto(fd, "x", 1, 0, { path: "/nonexistent/iopath" });
      yield* sys.sendto(fd, "x", 1, 0, { port: 1, host: "127.0.0.1" });
      yield* sys.connect(fd, { path: "\0nobody" });
      yield* read(sys, fd);
    },
  ),
  scenario("an abstract name belongs to one type of socket; another type may have it too", function* (sys) {
    yield* named(sys, "\0shared");
    yield* named(sys, "\0shared", SOCK_STREAM);
    yield* named(sys, "\0shared");
    const seqpacket = yield* sys.socket(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK, 0);
    yield* sys.connect(seqpacket, { path: "\0shared" });
  }),
  scenario("bind without a name gives one, once", function* (sys) {
    const fd = yield* sys.socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0);
    yield* sys.bind(fd, { path: "" });
    yield* sys.bind(fd, { path: "" });
    yield* sys.getsockname(fd, {});
    yield* sys.bind(fd, { path: "\0second" });
  }),
  scenario("a connected socket takes messages from its peer only: others get EPERM", function* (sys) {
    const a = yield* named(sys, "\0a");
    const b = yield* named(sys, "\0b");
    const c = yield* named(sys, "\0c");
    yield* sys.connect(a, { path: "\0b" });
    yield* sys.getpeername(a, {});
    yield* sys.write(a, "one");
    yield* receive(sys, b);
    yield* sys.sendto(c, "x", 1, 0, { path: "\0a" });
    yield* sys.connect(c, { path: "\0a" });
    yield* sys.sendto(b, "back", 4, 0, { path: "\0a" });
    yield* receive(sys, a);
    // Another address may still be named.
    yield* sys.sendto(a, "to c", 4, 0, { path: "\0c" });
    yield* receive(sys, c);
  }),
  scenario("connecting to another socket drops what the former peer has sent", function* (sys) {
    const a = yield* named(sys, "\0a");
    const b = yield* named(sys, "\0b");
    yield* named(sys, "\0c");
    yield* sys.connect(a, { path: "\0b" });
    yield* sys.connect(b, { path: "\0a" });
    yield* sys.write(b, "dropped");
    const epfd = yield* watching(sys, ALL, a, b);
    yield* wait(sys, epfd);
    yield* sys.connect(a, { path: "\0c" });
    yield* wait(sys, epfd);
    yield* read(sys, a);
    yield* read(sys, b);
    yield* sys.write(b, "x");
    yield* wait(sys, epfd);
  }),
  scenario("eleven messages may wait; then it is EAGAIN, and OUT only for who is not connected", function* (sys) {
    const server = yield* named(sys, "\0server");
    const client = yield* sys.socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0);
    const other = yield* sys.socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0);
    yield* sys.connect(client, { path: "\0server" });
    for (let i = 0; i < 12; i++) yield* sys.write(client, `${i}`);
    yield* sys.sendto(other, "x", 1, 0, { path: "\0server" });
    const epfd = yield* watching(sys, OUT, client, other);
    yield* wait(sys, epfd);
    yield* read(sys, server);
    yield* wait(sys, epfd);
    yield* sys.write(client, "again");
    yield* sys.write(client, "too much");
    yield* wait(sys, epfd);
  }),
  scenario("an edge-triggered OUT watcher is told when the full receiver has read", function* (sys) {
    const server = yield* named(sys, "\0server");
    const client = yield* sys.socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0);
    yield* sys.connect(client, { path: "\0server" });
    const epfd = yield* watching(sys, OUT | 0x80000000, client);
    yield* wait(sys, epfd);
    for (let i = 0; i < 12; i++) yield* sys.write(client, `${i}`);
    yield* wait(sys, epfd);
    yield* read(sys, server);
    yield* wait(sys, epfd);
    yield* read(sys, server);
    yield* wait(sys, epfd);
    yield* sys.close(server);
    yield* wait(sys, epfd);
    yield* sys.write(client, "x");
    yield* sys.write(client, "x");
  }),
  scenario("a pair does not count messages: it is full by its memory", function* (sys) {
    const [a, b] = yield* pair(sys);
    for (let i = 0; i < 12; i++) yield* sys.write(a, `${i}`);
    const epfd = yield* watching(sys, OUT | IN, a, b);
    yield* wait(sys, epfd);
  }),
  scenario("UX-7: a pair for messages tells nothing when one end is closed; sending is ECONNREFUSED", function* (sys) {
    const [a, b] = yield* pair(sys);
    yield* sys.write(b, "kept");
    const epfd = yield* watching(sys, ALL, a);
    yield* sys.close(b);
    yield* wait(sys, epfd);
    yield* read(sys, a);
    yield* wait(sys, epfd);
    yield* sys.write(a, "x");
    yield* sys.write(a, "x");
    yield* read(sys, a);
    yield* wait(sys, epfd);
  }),
  scenario("closing the receiver of a connected socket is ECONNREFUSED once, then ENOTCONN", function* (sys) {
    const server = yield* named(sys, "\0server");
    const client = yield* sys.socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0);
    yield* sys.connect(client, { path: "\0server" });
    yield* sys.close(server);
    const epfd = yield* watching(sys, ALL, client);
    yield* wait(sys, epfd);
    yield* sys.write(client, "x");
    yield* sys.write(client, "x");
    yield* wait(sys, epfd);
  }),
  scenario("a message that does not fit is cut: MSG_TRUNC says so, and tells its length when asked", function* (sys) {
    const [a, b] = yield* pair(sys);
    for (const text of ["first one", "second", "third", "fourth"]) yield* sys.write(a, text);
    yield* receiveMessage(sys, b, 3, MSG_PEEK);
    yield* receiveMessage(sys, b, 3);
    yield* receiveMessage(sys, b, 3, MSG_TRUNC);
    yield* read(sys, b, 2);
    yield* sys.recv(b, sys.buffer(2), 0, 0);
    yield* read(sys, b);
  }),
  scenario("an empty message is a message; reading it is 0", function* (sys) {
    const [a, b] = yield* pair(sys);
    const epfd = yield* watching(sys, IN, b);
    yield* sys.send(a, "", 0, 0);
    yield* wait(sys, epfd);
    yield* receiveMessage(sys, b);
    yield* wait(sys, epfd);
    yield* read(sys, b);
  }),
  scenario("a message may not be longer than the buffer of its sender: EMSGSIZE", function* (sys) {
    const [a, b] = yield* pair(sys);
    yield* sys.write(a, sys.buffer(212_961));
    yield* sys.write(a, sys.buffer(40_000));
    yield* sys.recv(b, sys.buffer(50_000), 50_000, 0);
  }),
  scenario("shutdown of a pair for messages is its own: EPIPE to write, 0 or EAGAIN to read", function* (sys) {
    const [a, b] = yield* pair(sys);
    yield* sys.shutdown(a, SHUT_RD);
    const epfd = yield* watching(sys, ALL, a, b);
    yield* wait(sys, epfd);
    yield* sys.write(b, "x");
    yield* read(sys, a);
    yield* sys.shutdown(b, SHUT_WR);
    yield* sys.write(b, "x");
    yield* wait(sys, epfd);
    yield* sys.shutdown(b, SHUT_RDWR);
    yield* read(sys, b);
    yield* wait(sys, epfd);
  }),
  scenario("seqpacket: messages over a connection, with the end of a stream", function* (sys) {
    const [a, b] = yield* pair(sys, SOCK_SEQPACKET);
    yield* sys.write(a, "one");
    yield* sys.write(a, "second");
    yield* receiveMessage(sys, b);
    yield* receiveMessage(sys, b, 3);
    yield* sys.sendto(a, "x", 1, 0, { path: "\0nobody" });
    yield* sys.shutdown(a, SHUT_WR);
    const epfd = yield* watching(sys, ALL, a, b);
    yield* wait(sys, epfd);
    yield* read(sys, b);
    yield* read(sys, b);
    yield* sys.close(a);
    yield* wait(sys, epfd);
    yield* sys.write(b, "x");
  }),
  scenario("seqpacket: a listener takes connections, and each is its own socket", function* (sys) {
    const listener = yield* named(sys, "\0listener", SOCK_SEQPACKET);
    yield* sys.listen(listener, 1);
    const client = yield* sys.socket(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK, 0);
    yield* sys.write(client, "x");
    yield* read(sys, client);
    yield* sys.connect(client, { path: "\0listener" });
    yield* sys.write(client, "hello");
    const server = yield* sys.accept4(listener, SOCK_NONBLOCK);
    yield* receiveMessage(sys, server);
    yield* read(sys, server);
  }),
  scenario("a stream tells the name of the sender too, and takes no address to send to", function* (sys) {
    const listener = yield* named(sys, "\0listener", SOCK_STREAM);
    yield* sys.listen(listener, 1);
    const client = yield* named(sys, "\0client", SOCK_STREAM);
    yield* sys.connect(client, { path: "\0listener" });
    const server = yield* sys.accept4(listener, SOCK_NONBLOCK);
    yield* sys.getpeername(server, {});
    yield* sys.getsockname(server, {});
    yield* sys.write(client, "hello");
    yield* sys.write(server, "hi");
    yield* receive(sys, server);
    yield* receive(sys, client);
    yield* sys.sendto(client, "x", 1, 0, { path: "\0listener" });
    const alone = yield* sys.socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
    yield* sys.sendto(alone, "x", 1, 0, { path: "\0listener" });
  }),
  scenario("a sender that waits for a full receiver goes on when that reads, or is closed", function* (sys) {
    const server = yield* named(sys, "\0server", SOCK_DGRAM, 0);
    const sender = (last: string) =>
      function* (own: Sys): Steps<void> {
        const fd = yield* own.socket(AF_UNIX, SOCK_DGRAM, 0);
        yield* own.connect(fd, { path: "\0server" });
        for (let i = 0; i < 11; i++) yield* own.send(fd, `${i}`, 1, MSG_DONTWAIT);
        yield* own.write(fd, last);
        yield* own.write(fd, "after");
      };
    yield* sys.clone(CLONE_VM | CLONE_FILES, sender("late"));
    yield* sys.asleep();
    yield* read(sys, server);
    yield* sys.asleep();
    yield* sys.close(server);
    yield* sys.asleep();
  }),
  scenario("receivers that wait for messages are served in order, one for each", function* (sys) {
    const [a, b] = yield* pair(sys, SOCK_DGRAM, 0);
    for (let i = 0; i < 2; i++) {
      yield* sys.clone(CLONE_VM | CLONE_FILES, function* (own) {
        yield* read(own, b);
      });
      yield* sys.asleep();
    }
    yield* sys.write(a, "first");
    yield* sys.asleep();
    yield* sys.write(a, "second");
    yield* sys.asleep();
  }),
];
