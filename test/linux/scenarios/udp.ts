import {
  AF_INET,
  AF_INET6,
  CLONE_FILES,
  CLONE_VM,
  ET,
  FIONREAD,
  IN,
  MSG_DONTWAIT,
  MSG_OOB,
  MSG_PEEK,
  MSG_TRUNC,
  OUT,
  RDHUP,
  SHUT_RD,
  SHUT_RDWR,
  SOCK_DGRAM,
  SOCK_NONBLOCK,
  SOL_SOCKET,
  SO_ERROR,
  SO_REUSEADDR,
  type Scenario,
  type Sys,
  scenario,
} from "../scenario.ts";
import { PORT, read, wait, watching } from "./helpers.ts";

type Steps<T> = Generator<unknown, T, unknown>;

const ALL = IN | OUT | RDHUP;
const NOBODY = 7079;

/** A socket for messages. */
function* socket(sys: Sys, flags = SOCK_NONBLOCK): Steps<number> {
  return yield* sys.socket(AF_INET, SOCK_DGRAM | flags, 0);
}

/** One with a port. */
function* bound(sys: Sys, port = PORT, flags = SOCK_NONBLOCK): Steps<number> {
  const fd = yield* socket(sys, flags);
  yield* sys.bind(fd, { port });
  return fd;
}

/** One message with its sender's address. */
function* receive(sys: Sys, fd: number, count = 64, flags = 0): Steps<number> {
  return yield* sys.recvfrom(fd, sys.buffer(count), count, flags, {});
}

/** UDP over the loopback device. */
export const udp: Scenario[] = [
  scenario("UDP: messages go to a port, and tell where they come from", function* (sys) {
    const server = yield* bound(sys);
    const client = yield* bound(sys, PORT + 1);
    const epfd = yield* watching(sys, ALL, server, client);
    yield* wait(sys, epfd);
    yield* sys.sendto(client, "one", 3, 0, { port: PORT });
    yield* sys.sendto(client, "", 0, 0, { port: PORT });
    yield* sys.sendto(client, "third", 5, 0, { port: PORT });
    yield* wait(sys, epfd);
    yield* sys.ioctl(server, FIONREAD, { value: 0 });
    yield* receive(sys, server);
    yield* receive(sys, server);
    yield* sys.recvmsg(server, { name: {}, iov: [sys.buffer(2)] }, MSG_PEEK);
    yield* receive(sys, server, 2, MSG_TRUNC);
    yield* receive(sys, server);
    yield* wait(sys, epfd);
  }),
  scenario("UDP: connect says where messages go, and keeps others away", function* (sys) {
    const server = yield* bound(sys);
    const client = yield* bound(sys, PORT + 1);
    const other = yield* bound(sys, PORT + 2);
    yield* sys.write(client, "x");
    yield* sys.getpeername(client, {});
    yield* sys.connect(client, { port: PORT });
    yield* sys.getpeername(client, {});
    yield* sys.getsockname(client, {});
    yield* sys.write(client, "hello");
    yield* receive(sys, server);
    yield* sys.sendto(other, "ignored", 7, 0, { port: PORT + 1 });
    yield* sys.sendto(server, "taken", 5, 0, { port: PORT + 1 });
    yield* receive(sys, client);
    yield* receive(sys, client);
    yield* sys.sendto(client, "elsewhere", 9, 0, { port: PORT + 2 });
    yield* receive(sys, other);
  }),
  scenario("UDP: a port where nobody listens is ECONNREFUSED later, for who is connected", function* (sys) {
    const loose = yield* socket(sys);
    yield* sys.sendto(loose, "x", 1, 0, { port: NOBODY });
    const client = yield* socket(sys);
    yield* sys.connect(client, { port: NOBODY });
    const epfd = yield* watching(sys, ALL, loose, client);
    yield* wait(sys, epfd);
    yield* sys.write(client, "x");
    yield* wait(sys, epfd);
    yield* sys.getsockopt(client, SOL_SOCKET, SO_ERROR, { value: 0 });
    yield* wait(sys, epfd);
    yield* sys.write(client, "x");
    yield* sys.write(client, "x");
    yield* sys.write(client, "x");
    yield* read(sys, client);
    yield* read(sys, client);
  }),
  scenario("UDP: 65507 bytes at most; nothing to accept and no place in a queue", function* (sys) {
    const server = yield* bound(sys);
    yield* sys.sendto(server, sys.buffer(65_507), 65_507, 0, { port: PORT });
    yield* sys.recv(server, sys.buffer(65_536), 65_536, 0);
    yield* sys.sendto(server, sys.buffer(65_508), 65_508, 0, { port: PORT });
    yield* sys.sendto(server, sys.buffer(65_536), 65_536, 0, { port: PORT });
    yield* sys.sendto(server, "x", 1, MSG_OOB, { port: PORT });
    yield* sys.sendto(server, "x", 1, 0, { port: 0 });
    yield* sys.sendto(server, "x", 1, 0, { path: "\0somewhere-far-away" });
    yield* sys.listen(server, 1);
    yield* sys.accept4(server, 0);
  }),
  scenario("AC-5, TC-16: listen, accept and shutdown of a UDP socket", function* (sys) {
    const fd = yield* socket(sys);
    yield* sys.listen(fd, 1);
    yield* sys.accept4(fd, 0);
    const epfd = yield* watching(sys, ALL, fd);
    yield* sys.shutdown(fd, SHUT_RD);
    yield* wait(sys, epfd);
    yield* sys.connect(fd, { port: NOBODY });
    yield* sys.shutdown(fd, SHUT_RDWR);
    yield* wait(sys, epfd);
    yield* read(sys, fd);
    yield* sys.write(fd, "x");
  }),
  scenario(
    "UDP: a port is one socket's, or everybody's with SO_REUSEADDR: the newest gets the messages",
    function* (sys) {
      yield* bound(sys);
      yield* bound(sys);
      const shared: number[] = [];
      for (let i = 0; i < 2; i++) {
        const fd = yield* socket(sys);
        yield* sys.setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, { value: 1 });
        yield* sys.bind(fd, { port: PORT + 1 });
        shared.push(fd);
      }
      yield* sys.sendto(shared[0]!, "for the newest", 14, 0, { port: PORT + 1 });
      yield* read(sys, shared[0]!);
      yield* read(sys, shared[1]!);
    },
  ),
  scenario("UDP: a full receive buffer loses what comes, and the sender notices nothing", function* (sys) {
    const server = yield* bound(sys);
    const client = yield* socket(sys);
    yield* sys.connect(client, { port: PORT });
    for (let i = 0; i < 300; i++) yield* sys.unrecorded.write(client, "x");
    yield* sys.write(client, "lost");
    let count = 0;
    while ((yield* sys.unrecorded.read(server, sys.buffer(8))) >= 0) count++;
    yield* sys.shutdown(-1, count);
    yield* read(sys, server);
  }),
  scenario("UDP: an edge for every message; a blocked reader gets one", function* (sys) {
    const server = yield* bound(sys, PORT, 0);
    const client = yield* socket(sys);
    yield* sys.connect(client, { port: PORT });
    const epfd = yield* watching(sys, (IN | ET) >>> 0, server);
    for (const text of ["one", "two"]) {
      yield* sys.write(client, text);
      yield* wait(sys, epfd);
      yield* wait(sys, epfd);
    }
    yield* sys.recv(server, sys.buffer(8), 8, MSG_DONTWAIT);
    yield* sys.recv(server, sys.buffer(8), 8, MSG_DONTWAIT);
    for (let i = 0; i < 2; i++) {
      yield* sys.clone(CLONE_VM | CLONE_FILES, function* (own) {
        yield* read(own, server);
      });
      yield* sys.asleep();
    }
    yield* sys.write(client, "first");
    yield* sys.asleep();
    yield* sys.write(client, "second");
    yield* sys.asleep();
  }),
  scenario("UDP: version 6 takes messages of version 4, too", function* (sys) {
    const server = yield* sys.socket(AF_INET6, SOCK_DGRAM | SOCK_NONBLOCK, 0);
    yield* sys.bind(server, { port: 17180, host: "::" });
    const four = yield* bound(sys, 17181);
    yield* sys.sendto(four, "from four", 9, 0, { port: 17180 });
    const six = yield* sys.socket(AF_INET6, SOCK_DGRAM | SOCK_NONBLOCK, 0);
    yield* sys.sendto(six, "from six", 8, 0, { port: 17180, host: "::1" });
    yield* receive(sys, server);
    yield* receive(sys, server);
    yield* sys.sendto(server, "back", 4, 0, { port: 17181, host: "::ffff:7f00:1" });
  }),
];
