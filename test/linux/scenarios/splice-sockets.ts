import {
  CLONE_FILES,
  CLONE_VM,
  ET,
  FIONREAD,
  IN,
  O_NONBLOCK,
  O_RDWR,
  OUT,
  AF_INET,
  SOCK_DGRAM,
  SOCK_NONBLOCK,
  SPLICE_F_NONBLOCK,
  type Scenario,
  scenario,
} from "../scenario.ts";
import { listening, pattern, pipe, read, tcpPair, unixPair, wait, watching } from "./helpers.ts";
import { file, overwrite } from "./splice-files.ts";

const SHARED = CLONE_VM | CLONE_FILES;
const SIGPIPE = 13;

/** Pages that go into sockets and come out of them. */
export const spliceSockets: Scenario[] = [
  scenario("SF-9: what splice() and sendfile() refuse of sockets", function* (sys) {
    const { listener, client } = yield* tcpPair(sys);
    const [reader, writer] = yield* pipe(sys);
    const fd = yield* file(sys, "/f", 100);
    yield* sys.write(writer, "hello");
    yield* sys.splice(client, { value: 0 }, writer, null, 5, 0);
    yield* sys.splice(reader, null, client, { value: 0 }, 5, 0);
    yield* sys.splice(client, null, client, null, 5, 0);
    yield* sys.splice(client, null, fd, null, 5, 0);
    yield* sys.splice(client, null, writer, null, 5, 0);
    yield* sys.splice(client, null, writer, null, 5, SPLICE_F_NONBLOCK);
    yield* sys.splice(listener, null, writer, null, 5, 0);
    yield* sys.sendfile(client, client, null, 5);
    yield* sys.sendfile(fd, client, null, 5);
    yield* sys.sendfile(fd, client, { value: 0 }, 5);
    yield* sys.sendfile(writer, client, null, 5);
    yield* sys.sendfile(client, reader, null, 5);
    yield* sys.copy_file_range(fd, null, client, null, 5, 0);
    yield* read(sys, reader);
  }),
  scenario("SF-13: what is written to the file after sendfile() to TCP, the receiver sees", function* (sys) {
    const { client, server } = yield* tcpPair(sys);
    const fd = yield* file(sys, "/f", 20_000);
    yield* sys.sendfile(client, fd, null, 20_000);
    yield* overwrite(sys, fd, 3000, 10_000, 77);
    yield* read(sys, server, 100_000);
  }),
  scenario("SF-13: what is written to the file after splice() to TCP, the receiver sees", function* (sys) {
    const { client, server } = yield* tcpPair(sys);
    const [reader, writer] = yield* pipe(sys);
    const fd = yield* file(sys, "/f", 20_000);
    yield* sys.splice(fd, null, writer, null, 20_000, 0);
    yield* sys.splice(reader, null, client, null, 20_000, 0);
    yield* overwrite(sys, fd, 3000, 10_000, 77);
    yield* read(sys, server, 100_000);
  }),
  scenario("SF-13: the same of a UNIX stream", function* (sys) {
    const [a, b] = yield* unixPair(sys);
    const fd = yield* file(sys, "/f", 20_000);
    yield* sys.sendfile(a, fd, null, 20_000);
    yield* overwrite(sys, fd, 3000, 10_000, 77);
    yield* read(sys, b, 100_000);
  }),
  scenario("SF-13: not so after read() and write()", function* (sys) {
    const { client, server } = yield* tcpPair(sys);
    const [a, b] = yield* unixPair(sys);
    const fd = yield* file(sys, "/f", 20_000);
    const buffer = sys.buffer(20_000);
    yield* sys.read(fd, buffer);
    yield* sys.write(client, buffer);
    yield* sys.write(a, buffer);
    yield* overwrite(sys, fd, 3000, 10_000, 77);
    yield* read(sys, server, 100_000);
    yield* read(sys, b, 100_000);
  }),
  scenario("SF-7, SF-13: a program's page in a socket shows what is stored later", function* (sys) {
    const { client, server } = yield* tcpPair(sys);
    const [reader, writer] = yield* pipe(sys);
    const buffer = sys.buffer(9000);
    buffer.set(pattern(9000));
    yield* sys.vmsplice(writer, [buffer], 0);
    yield* sys.splice(reader, null, client, null, 9000, 0);
    buffer.set(pattern(5000, 99));
    yield* read(sys, server, 100_000);
  }),
  scenario("SF-12: sendfile() to a socket that does not wait is short, then EAGAIN", function* (sys) {
    const [a, b] = yield* unixPair(sys);
    const fd = yield* file(sys, "/f", 1_000_000);
    const first = yield* sys.unrecorded.sendfile(a, fd, null, 1_000_000);
    yield* sys.sendfile(a, fd, null, 1_000_000);
    let got = 0;
    while (got < first) got += yield* sys.unrecorded.read(b, sys.buffer(100_000), 100_000);
    yield* sys.read(b, sys.buffer(10), got === first ? 10 : 9);
    const position = yield* sys.unrecorded.lseek(fd, 0, 1);
    yield* sys.lseek(fd, position === first ? 0 : 1, 0);
  }),
  scenario("SF-8: sendfile() to a socket waits for room, and moves all", function* (sys) {
    const [a, b] = yield* unixPair(sys, 0);
    const fd = yield* file(sys, "/f", 700_000);
    yield* sys.clone(SHARED, function* (task) {
      yield* task.sendfile(a, fd, null, 800_000);
      yield* task.lseek(fd, 0, 1);
      yield* task.close(a);
    });
    yield* sys.asleep();
    const buffer = sys.buffer(700_000);
    let got = 0;
    while (got < 700_000) {
      const n = yield* sys.unrecorded.read(b, buffer, 700_000);
      if (n <= 0) break;
      got += n;
    }
    yield* sys.asleep();
    yield* sys.read(b, buffer, got === 700_000 ? 20 : 21);
  }),
  scenario("SF-8: so it does over TCP", function* (sys) {
    const listener = yield* listening(sys, 8, 7070, 0);
    const client = yield* sys.socket(AF_INET, 1, 0);
    yield* sys.connect(client, { port: 7070 });
    const server = yield* sys.accept4(listener, 0);
    const fd = yield* file(sys, "/f", 9_000_000);
    yield* sys.clone(SHARED, function* (task) {
      yield* task.sendfile(client, fd, { value: 1000 }, 9_000_000);
      yield* task.close(client);
    });
    yield* sys.asleep();
    const buffer = sys.buffer(1_000_000);
    let got = 0;
    for (;;) {
      const n = yield* sys.unrecorded.read(server, buffer, 1_000_000);
      if (n <= 0) break;
      got += n;
    }
    yield* sys.asleep();
    yield* sys.read(server, buffer, got === 8_999_000 ? 20 : 21);
  }),
  scenario("splice() from a socket takes what has arrived, and waits for it", function* (sys) {
    const [a, b] = yield* unixPair(sys, 0);
    const [reader, writer] = yield* pipe(sys);
    yield* sys.clone(SHARED, function* (task) {
      yield* task.splice(b, null, writer, null, 100, 0);
      yield* task.splice(b, null, writer, null, 100, 0);
      yield* task.splice(b, null, writer, null, 100, 0);
    });
    yield* sys.asleep();
    yield* sys.write(a, "first");
    yield* sys.asleep();
    yield* sys.write(a, pattern(5000));
    yield* sys.asleep();
    yield* sys.splice(b, null, writer, null, 50_000, SPLICE_F_NONBLOCK);
    yield* sys.splice(b, null, writer, null, 50_000, SPLICE_F_NONBLOCK);
    yield* sys.close(a);
    yield* sys.asleep();
    yield* sys.splice(b, null, writer, null, 50, 0);
    yield* read(sys, reader, 10_000);
  }),
  scenario("splice() from TCP: bytes, EAGAIN, the end, a reset", function* (sys) {
    const { client, server } = yield* tcpPair(sys);
    const [reader, writer] = yield* pipe(sys);
    yield* sys.splice(server, null, writer, null, 100, 0);
    yield* sys.write(client, pattern(6000));
    yield* sys.splice(server, null, writer, null, 100, 0);
    yield* sys.splice(server, null, writer, null, 50_000, 0);
    yield* sys.splice(server, null, writer, null, 50_000, 0);
    yield* sys.ioctl(reader, FIONREAD, { value: 0 });
    yield* sys.shutdown(client, 1);
    yield* sys.splice(server, null, writer, null, 50_000, 0);
    yield* sys.splice(server, null, writer, null, 50_000, 0);
    yield* read(sys, reader, 10_000);
    yield* sys.write(server, "unread");
    yield* sys.close(client);
    yield* sys.splice(server, null, writer, null, 5, 0);
    yield* sys.splice(server, null, writer, null, 5, 0);
  }),
  scenario("from socket to socket through a pipe", function* (sys) {
    const { client, server } = yield* tcpPair(sys);
    const [a, b] = yield* unixPair(sys);
    const [reader, writer] = yield* pipe(sys);
    yield* sys.write(client, pattern(20_000));
    yield* sys.splice(server, null, writer, null, 30_000, 0);
    yield* sys.tee(reader, writer, 5, 0);
    yield* sys.splice(reader, null, a, null, 30_000, 0);
    yield* sys.splice(b, null, writer, null, 10_000, 0);
    yield* sys.splice(reader, null, server, null, 10_000, 0);
    yield* read(sys, client, 30_000);
    yield* read(sys, b, 30_000);
  }),
  scenario("splice() into a closed connection is EPIPE, with the signal", function* (sys) {
    const [a, b] = yield* unixPair(sys);
    const { client, server } = yield* tcpPair(sys);
    const [reader, writer] = yield* pipe(sys);
    const fd = yield* file(sys, "/f", 1000);
    yield* sys.sigaction(SIGPIPE, function* () {});
    yield* sys.write(writer, "hello");
    yield* sys.close(b);
    yield* sys.splice(reader, null, a, null, 5, 0);
    yield* sys.sendfile(a, fd, null, 5);
    yield* sys.lseek(fd, 0, 1);
    yield* sys.shutdown(client, 1);
    yield* sys.splice(reader, null, client, null, 5, 0);
    yield* sys.sendfile(client, fd, null, 5);
    yield* sys.shutdown(server, 0);
    yield* read(sys, reader);
    const unconnected = yield* sys.socket(AF_INET, 1, 0);
    yield* sys.sendfile(unconnected, fd, null, 5);
  }),
  scenario("SF-12: what is left stays in the pipe when the socket is full", function* (sys) {
    const [a] = yield* unixPair(sys);
    const [reader, writer] = yield* pipe(sys);
    yield* sys.write(writer, pattern(60_000));
    let moved = 0;
    for (;;) {
      const n = yield* sys.unrecorded.splice(reader, null, a, null, 60_000, 0);
      if (n < 0) break;
      moved += n;
      yield* sys.unrecorded.write(writer, pattern(n));
    }
    yield* sys.splice(reader, null, a, null, moved > 0 ? 60_000 : 1, 0);
    yield* sys.ioctl(reader, FIONREAD, { value: 0 });
    yield* read(sys, reader, 100_000);
  }),
  scenario("messages: splice() sends one, and receives one", function* (sys) {
    const sender = yield* sys.socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);
    const receiver = yield* sys.socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);
    yield* sys.bind(receiver, { port: 7070 });
    yield* sys.connect(sender, { port: 7070 });
    const [reader, writer] = yield* pipe(sys);
    const fd = yield* file(sys, "/f", 3000);
    yield* sys.sendfile(sender, fd, null, 2000);
    yield* sys.write(writer, "message");
    yield* sys.splice(reader, null, sender, null, 100, 0);
    yield* sys.splice(receiver, null, writer, null, 1000, 0);
    yield* sys.splice(receiver, null, writer, null, 1000, 0);
    yield* sys.splice(receiver, null, writer, null, 1000, 0);
    yield* read(sys, reader, 10_000);
  }),
  scenario("epoll hears of what is spliced into sockets and out of them", function* (sys) {
    const [a, b] = yield* unixPair(sys);
    const [reader, writer] = yield* pipe(sys);
    const epfd = yield* watching(sys, IN | OUT | ET, a, b, reader, writer);
    yield* wait(sys, epfd);
    yield* sys.write(writer, "hello");
    yield* wait(sys, epfd);
    yield* sys.splice(reader, null, a, null, 5, 0);
    yield* wait(sys, epfd);
    yield* sys.splice(b, null, writer, null, 5, 0);
    yield* wait(sys, epfd);
    const nothing = yield* sys.open("/dev/null", O_RDWR | O_NONBLOCK);
    yield* sys.splice(reader, null, nothing, null, 5, 0);
    yield* wait(sys, epfd);
  }),
];
