import {
  F_GETFD,
  IN,
  MSG_CMSG_CLOEXEC,
  MSG_PEEK,
  MSG_WAITALL,
  SCM_RIGHTS,
  SOCK_DGRAM,
  SOCK_NONBLOCK,
  SOCK_STREAM,
  SOL_SOCKET,
  AF_INET,
  OUT,
  F_SETFL,
  F_GETFL,
  O_NONBLOCK,
  type ControlMessage,
  type Sys,
  type Scenario,
  scenario,
} from "../scenario.ts";
import { pipe, read, unixPair, wait, watching } from "./helpers.ts";

type Steps<T> = Generator<unknown, T, unknown>;

/** Control data with descriptors. */
function rights(...fds: number[]): ControlMessage[] {
  return [{ level: SOL_SOCKET, type: SCM_RIGHTS, fds }];
}

/** Sends a text with descriptors. */
function* send(sys: Sys, fd: number, text: string, ...fds: number[]): Steps<number> {
  return yield* sys.sendmsg(fd, { iov: [text], control: rights(...fds) }, 0);
}

/** Receives a message with room for descriptors. @returns the descriptors. */
function* receive(sys: Sys, fd: number, count = 16, flags = 0, controllen = 256): Steps<readonly number[]> {
  const control: ControlMessage[] = [];
  yield* sys.recvmsg(fd, { iov: [sys.buffer(count)], control, controllen }, flags);
  return control[0]?.fds ?? [];
}

/** A pair of sockets for messages. */
const messages = (sys: Sys) => unixPair(sys, SOCK_NONBLOCK, SOCK_DGRAM);

/** Descriptors that go along with messages. */
export const scmRights: Scenario[] = [
  scenario("B-5: SCM_RIGHTS gives another descriptor of the same open file", function* (sys) {
    const [a, b] = yield* unixPair(sys);
    const [reader, writer] = yield* pipe(sys);
    yield* send(sys, a, "fds", reader, writer);
    const [, second = -1] = yield* receive(sys, b);
    yield* sys.write(second, "through");
    yield* read(sys, reader);
    yield* sys.fcntl(second, F_SETFL, 0);
    yield* sys.fcntl(writer, F_GETFL);
    yield* sys.fcntl(second, F_SETFL, O_NONBLOCK);
    yield* sys.fcntl(second, F_GETFD);
  }),
  scenario("B-7: a file on its way stays open after its descriptor is closed", function* (sys) {
    const [a, b] = yield* unixPair(sys);
    const [reader, writer] = yield* pipe(sys);
    const epfd = yield* watching(sys, IN, reader);
    yield* send(sys, a, "w", writer);
    yield* sys.close(writer);
    yield* wait(sys, epfd);
    const [arrived = -1] = yield* receive(sys, b);
    yield* sys.write(arrived, "alive");
    yield* wait(sys, epfd);
    yield* sys.close(arrived);
    yield* wait(sys, epfd);
  }),
  scenario("B-7: files in a message that nobody reads are closed with the socket", function* (sys) {
    const [a, b] = yield* unixPair(sys);
    const [reader, writer] = yield* pipe(sys);
    yield* send(sys, a, "w", writer);
    yield* sys.close(writer);
    yield* read(sys, reader);
    yield* sys.close(b);
    yield* read(sys, reader);
  }),
  scenario("a plain read closes the files that came along", function* (sys) {
    const [a, b] = yield* unixPair(sys);
    const [reader, writer] = yield* pipe(sys);
    yield* send(sys, a, "w", writer);
    yield* sys.close(writer);
    yield* read(sys, b);
    yield* read(sys, reader);
  }),
  scenario(
    "MSG_CTRUNC: the descriptors that do not fit are closed, MSG_CMSG_CLOEXEC sets close-on-exec",
    function* (sys) {
      const [a, b] = yield* unixPair(sys);
      const [reader, writer] = yield* pipe(sys);
      yield* send(sys, a, "two", reader, writer);
      const [fd = -1] = yield* receive(sys, b, 16, MSG_CMSG_CLOEXEC, 20);
      yield* sys.fcntl(fd, F_GETFD);
      yield* send(sys, a, "none", reader);
      yield* receive(sys, b, 16, 0, 16);
      yield* send(sys, a, "none", reader);
      yield* sys.recvmsg(b, { iov: [sys.buffer(8)] }, 0);
      yield* send(sys, a, "three", reader, writer, a);
      yield* receive(sys, b, 16, 0, 31);
      yield* send(sys, a, "two", reader, writer);
      yield* receive(sys, b, 16, 0, 24);
    },
  ),
  scenario("MSG_PEEK gives descriptors of its own, and leaves the files where they are", function* (sys) {
    const [a, b] = yield* unixPair(sys);
    const [reader, writer] = yield* pipe(sys);
    yield* send(sys, a, "w", writer);
    yield* receive(sys, b, 16, MSG_PEEK);
    yield* receive(sys, b);
    yield* sys.close(writer);
    yield* read(sys, reader);
  }),
  scenario("a read of a stream ends behind a piece that files came with", function* (sys) {
    const [a, b] = yield* unixPair(sys);
    const [reader] = yield* pipe(sys);
    yield* sys.write(a, "before ");
    yield* send(sys, a, "with", reader);
    yield* sys.write(a, " behind");
    yield* receive(sys, b, 64);
    yield* receive(sys, b, 64);
    yield* send(sys, a, "again", reader);
    yield* receive(sys, b, 2);
    yield* receive(sys, b, 64, MSG_WAITALL);
  }),
  scenario(
    "files go along with messages of every kind, without any data too on a socket for messages",
    function* (sys) {
      const [a, b] = yield* messages(sys);
      const [reader, writer] = yield* pipe(sys);
      yield* sys.sendmsg(a, { iov: [""], control: rights(writer) }, 0);
      yield* sys.sendmsg(a, { iov: ["cut here"], control: rights(writer, reader) }, 0);
      yield* receive(sys, b);
      yield* receive(sys, b, 3);
      const [c, d] = yield* unixPair(sys);
      yield* sys.sendmsg(c, { iov: [""], control: rights(writer) }, 0);
      yield* receive(sys, d);
    },
  ),
  scenario("what cannot be sent: EBADF, too many are EINVAL, unknown control data is EINVAL", function* (sys) {
    const [a, b] = yield* unixPair(sys);
    yield* send(sys, a, "x", 99);
    yield* sys.sendmsg(a, { iov: ["x"], control: rights(...Array<number>(254).fill(a)) }, 0);
    yield* sys.sendmsg(a, { iov: ["x"], control: [{ level: SOL_SOCKET, type: 77, data: new Uint8Array(4) }] }, 0);
    yield* sys.sendmsg(a, { iov: ["y"], control: [{ level: 77, type: 1, data: new Uint8Array(4) }] }, 0);
    yield* sys.sendmsg(a, { iov: ["z"], control: [...rights(a), ...rights(b)] }, 0);
    yield* receive(sys, b, 1);
    yield* receive(sys, b, 1);
    yield* receive(sys, b, 1);
  }),
  scenario("a socket may be sent over itself, and read back", function* (sys) {
    const [a, b] = yield* unixPair(sys);
    yield* send(sys, a, "b", b);
    const [again = -1] = yield* receive(sys, b);
    yield* sys.close(b);
    yield* sys.write(a, "still there");
    yield* read(sys, again);
  }),
  scenario(
    "sockets that only wait in each other's queues are given up, and what waits there with them",
    function* (sys) {
      // A socket in its own queue; two in each other's; one that waits to be accepted by one that is in its queue.
      const [reader, writer] = yield* pipe(sys, 0);
      const [a, b] = yield* unixPair(sys);
      yield* send(sys, b, "itself", a, writer);
      const [c, d] = yield* unixPair(sys);
      const [e, f] = yield* messages(sys);
      yield* send(sys, d, "e", e, writer);
      yield* send(sys, f, "c", c);
      for (const fd of [a, b, c, e, f, writer]) yield* sys.close(fd);
      yield* read(sys, reader);
      // Linux gives them up in the background.
      yield* sys.unrecorded.nanosleep({ sec: 0, nsec: 20_000_000 });
      yield* read(sys, d);
    },
  ),
  scenario("a socket on its way to somebody who can still receive it is not given up", function* (sys) {
    const [reader, writer] = yield* pipe(sys);
    const [a, b] = yield* unixPair(sys);
    const [c, d] = yield* messages(sys);
    yield* send(sys, d, "w", writer, d);
    yield* send(sys, b, "c", c);
    for (const fd of [b, c, d, writer]) yield* sys.close(fd);
    yield* read(sys, reader);
    const [again = -1] = yield* receive(sys, a);
    const [last = -1] = yield* receive(sys, again);
    yield* sys.write(last, "alive");
    yield* read(sys, reader);
  }),
  scenario("a TCP socket takes no descriptors along", function* (sys) {
    const fd = yield* sys.socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    yield* send(sys, fd, "x", fd);
    const epfd = yield* watching(sys, OUT, fd);
    yield* wait(sys, epfd);
  }),
];
