import {
  ET,
  FIONREAD,
  IN,
  MSG_DONTWAIT,
  MSG_OOB,
  MSG_PEEK,
  MSG_TRUNC,
  MSG_WAITALL,
  OUT,
  RDHUP,
  SHUT_WR,
  SIOCATMARK,
  SOL_SOCKET,
  SO_OOBINLINE,
  type Scenario,
  type Sys,
  scenario,
} from "../scenario.ts";
import { read, tcpPair, wait, watching } from "./helpers.ts";

const PRI = 0x2;
const ALL = IN | OUT | PRI | RDHUP;

/** Sends urgent data. */
function* urgent(sys: Sys, fd: number, text: string): Generator<unknown, number, unknown> {
  return yield* sys.send(fd, text, text.length, MSG_OOB);
}

/** Asks for the urgent byte. */
function* readUrgent(sys: Sys, fd: number, flags = 0): Generator<unknown, number, unknown> {
  return yield* sys.recv(fd, sys.buffer(4), 4, MSG_OOB | flags);
}

/** Where reading stands: at the mark, and how much comes before it. */
function* mark(sys: Sys, fd: number): Generator<unknown, void, unknown> {
  yield* sys.ioctl(fd, SIOCATMARK, { value: 0 });
  yield* sys.ioctl(fd, FIONREAD, { value: 0 });
}

/** Urgent data of TCP. */
export const tcpUrgent: Scenario[] = [
  scenario("T.oob: an urgent byte is PRI and not IN; it is read with MSG_OOB, once", function* (sys) {
    const { client, server } = yield* tcpPair(sys);
    const epfd = yield* watching(sys, ALL, server);
    yield* readUrgent(sys, server);
    yield* urgent(sys, client, "!");
    yield* wait(sys, epfd);
    yield* mark(sys, server);
    yield* readUrgent(sys, server, MSG_PEEK);
    yield* readUrgent(sys, server);
    yield* readUrgent(sys, server);
    yield* wait(sys, epfd);
    yield* sys.write(client, "after");
    yield* wait(sys, epfd);
    yield* read(sys, server);
    yield* wait(sys, epfd);
    yield* mark(sys, server);
    yield* readUrgent(sys, server);
  }),
  scenario("reading stops at the urgent byte, and goes on behind it", function* (sys) {
    const { client, server } = yield* tcpPair(sys);
    yield* sys.write(client, "before");
    yield* urgent(sys, client, "mid!");
    yield* sys.write(client, "behind");
    const epfd = yield* watching(sys, ALL, server);
    yield* wait(sys, epfd);
    yield* mark(sys, server);
    yield* read(sys, server);
    yield* mark(sys, server);
    yield* wait(sys, epfd);
    yield* read(sys, server);
    yield* mark(sys, server);
    yield* readUrgent(sys, server);
    yield* wait(sys, epfd);
  }),
  scenario("a read in the middle of which the urgent byte lies is short, even with MSG_WAITALL", function* (sys) {
    const { client, server } = yield* tcpPair(sys);
    yield* urgent(sys, client, "ab!");
    yield* sys.write(client, "cdef");
    yield* sys.recv(server, sys.buffer(8), 8, MSG_PEEK);
    yield* sys.recv(server, sys.buffer(4), 4, MSG_WAITALL);
    yield* readUrgent(sys, server);
    yield* sys.recv(server, sys.buffer(8), 8, MSG_PEEK);
    yield* read(sys, server);
  }),
  scenario("SO_OOBINLINE leaves the urgent byte in its place; MSG_OOB is EINVAL then", function* (sys) {
    const { client, server } = yield* tcpPair(sys);
    yield* sys.setsockopt(server, SOL_SOCKET, SO_OOBINLINE, { value: 1 });
    const epfd = yield* watching(sys, ALL, server);
    yield* sys.write(client, "ab");
    yield* urgent(sys, client, "c!");
    yield* sys.write(client, "de");
    yield* wait(sys, epfd);
    yield* mark(sys, server);
    yield* readUrgent(sys, server);
    yield* read(sys, server);
    yield* mark(sys, server);
    yield* wait(sys, epfd);
    yield* read(sys, server);
    yield* mark(sys, server);
    yield* wait(sys, epfd);
  }),
  scenario("a second urgent byte right behind the first takes its place: the first is lost", function* (sys) {
    const { client, server } = yield* tcpPair(sys);
    yield* urgent(sys, client, "1");
    yield* urgent(sys, client, "2");
    const epfd = yield* watching(sys, ALL, server);
    yield* wait(sys, epfd);
    yield* readUrgent(sys, server);
    yield* read(sys, server);
    yield* read(sys, server);
    yield* wait(sys, epfd);
  }),
  scenario("an edge-triggered watcher is told of the urgent byte", function* (sys) {
    const { client, server } = yield* tcpPair(sys);
    const epfd = yield* watching(sys, PRI | ET, server);
    const both = yield* watching(sys, IN | ET, server);
    yield* urgent(sys, client, "x!");
    yield* wait(sys, epfd);
    yield* wait(sys, both);
    yield* urgent(sys, client, "!");
    yield* wait(sys, epfd);
    yield* wait(sys, both);
    yield* sys.write(client, "y");
    yield* wait(sys, epfd);
    yield* wait(sys, both);
  }),
  scenario("urgent data and the end of the stream", function* (sys) {
    const { client, server } = yield* tcpPair(sys);
    yield* urgent(sys, client, "!");
    yield* sys.shutdown(client, SHUT_WR);
    const epfd = yield* watching(sys, ALL, server);
    yield* wait(sys, epfd);
    yield* mark(sys, server);
    yield* read(sys, server);
    yield* readUrgent(sys, server);
    yield* read(sys, server);
    yield* wait(sys, epfd);
  }),
  scenario("MSG_OOB does not wait and takes MSG_TRUNC and no room", function* (sys) {
    const { client, server } = yield* tcpPair(sys);
    yield* urgent(sys, client, "!");
    yield* sys.recv(server, sys.buffer(1), 0, MSG_OOB | MSG_PEEK);
    yield* sys.recvmsg(server, { iov: [sys.buffer(4)] }, MSG_OOB | MSG_PEEK);
    yield* readUrgent(sys, server, MSG_TRUNC | MSG_DONTWAIT);
    yield* sys.close(client);
    yield* readUrgent(sys, server);
    yield* read(sys, server);
  }),
];
