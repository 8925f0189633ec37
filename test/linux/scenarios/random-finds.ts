import {
  AF_INET,
  AF_UNIX,
  CLONE_FILES,
  CLONE_VM,
  ET,
  F_GETOWN,
  F_SETFL,
  F_SETOWN,
  F_SETSIG,
  IN,
  MSG_OOB,
  MSG_PEEK,
  MSG_WAITALL,
  OUT,
  O_ASYNC,
  O_NONBLOCK,
  SIGIO,
  SIGRTMIN,
  SIGURG,
  SIGUSR1,
  SIG_BLOCK,
  SIOCATMARK,
  SOCK_DGRAM,
  SOCK_NONBLOCK,
  SOCK_SEQPACKET,
  SOCK_STREAM,
  SOL_SOCKET,
  SO_REUSEADDR,
  SO_REUSEPORT,
  type Scenario,
  type SignalHandler,
  type Sys,
  scenario,
} from "../scenario.ts";
import { PORT, pipe, read, tcpPair, wait, watching } from "./helpers.ts";

type Steps<T> = Generator<unknown, T, unknown>;

const nothing: SignalHandler = function* () {};

/** A socket on the port, with these options. */
function* sharing(sys: Sys, type: number, ...options: number[]): Steps<number> {
  const fd = yield* sys.socket(AF_INET, type | SOCK_NONBLOCK, 0);
  for (const option of options) yield* sys.setsockopt(fd, SOL_SOCKET, option, { value: 1 });
  yield* sys.bind(fd, { port: PORT });
  return fd;
}

/** What random programs have found: corners where the simulated kernel once answered otherwise. */
export const randomFinds: Scenario[] = [
  scenario("SO_REUSEPORT is compared with who was compared last, not with all that hold the port", function* (sys) {
    yield* sharing(sys, SOCK_STREAM, SO_REUSEADDR);
    yield* sharing(sys, SOCK_STREAM, SO_REUSEADDR, SO_REUSEPORT);
    yield* sharing(sys, SOCK_STREAM, SO_REUSEPORT);
    const last = yield* sharing(sys, SOCK_STREAM, SO_REUSEADDR);
    yield* sys.listen(last, 1);
    yield* sharing(sys, SOCK_STREAM, SO_REUSEADDR);
  }),
  scenario("UDP: the newest socket on a port decides whether another may share it", function* (sys) {
    yield* sharing(sys, SOCK_DGRAM, SO_REUSEADDR);
    yield* sharing(sys, SOCK_DGRAM, SO_REUSEADDR, SO_REUSEPORT);
    const shared = yield* sharing(sys, SOCK_DGRAM, SO_REUSEPORT);
    yield* sys.close(shared);
    yield* sharing(sys, SOCK_DGRAM, SO_REUSEADDR);
    yield* sharing(sys, SOCK_DGRAM, SO_REUSEPORT);
  }),
  scenario("UDP: what is sent is an edge for who watches for room: it has left at once", function* (sys) {
    const fd = yield* sys.socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);
    const epfd = yield* watching(sys, (OUT | ET) >>> 0, fd);
    yield* wait(sys, epfd);
    yield* wait(sys, epfd);
    yield* sys.sendto(fd, "x", 1, 0, { port: PORT });
    yield* wait(sys, epfd);
  }),
  scenario("UDP: one that is connected to no port hears of every port where nobody is", function* (sys) {
    const fd = yield* sys.socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);
    yield* sys.connect(fd, { port: 0 });
    yield* sys.sendto(fd, "x", 1, 0, { port: PORT });
    yield* read(sys, fd);
    yield* read(sys, fd);
  }),
  scenario("MSG_WAITALL for nothing waits for something", function* (sys) {
    const { client } = yield* tcpPair(sys);
    yield* sys.recv(client, sys.buffer(8), 0, MSG_WAITALL);
    yield* sys.recv(client, sys.buffer(8), 0, 0);
  }),
  scenario("who receives nothing of a TCP socket is let go by data that another has taken", function* (sys) {
    const { client, server } = yield* tcpPair(sys);
    yield* sys.fcntl(server, F_SETFL, 0);
    for (const length of [8, 0]) {
      yield* sys.clone(CLONE_VM | CLONE_FILES, function* (own) {
        yield* own.recv(server, own.buffer(8), length, 0);
      });
      yield* sys.asleep();
    }
    yield* sys.write(client, "x");
    yield* sys.asleep();
  }),
  scenario("who looks at all of it passes over an urgent byte once, however often it sleeps", function* (sys) {
    const { client, server } = yield* tcpPair(sys);
    yield* sys.fcntl(server, F_SETFL, 0);
    yield* sys.send(client, "!", 1, MSG_OOB);
    yield* sys.write(client, "a");
    yield* sys.clone(CLONE_VM | CLONE_FILES, function* (own) {
      yield* own.recv(server, own.buffer(8), 5, MSG_PEEK | MSG_WAITALL);
    });
    yield* sys.asleep();
    yield* sys.write(client, "bcd");
    yield* sys.asleep();
    yield* sys.write(client, "efg");
    yield* sys.asleep();
  }),
  scenario("who looks at all of it begins anew when another has read meanwhile", function* (sys) {
    const { client, server } = yield* tcpPair(sys);
    yield* sys.fcntl(server, F_SETFL, 0);
    yield* sys.write(client, "abcd");
    yield* sys.clone(CLONE_VM | CLONE_FILES, function* (own) {
      yield* own.recv(server, own.buffer(8), 8, MSG_PEEK | MSG_WAITALL);
    });
    yield* sys.asleep();
    yield* read(sys, server, 3);
    yield* sys.write(client, "efghijkl");
    yield* sys.asleep();
  }),
  scenario("urgent data sends its owner SIGURG without O_ASYNC, and the signal of F_SETSIG with it", function* (sys) {
    for (const signo of [SIGURG, SIGIO, SIGRTMIN]) yield* sys.sigaction(signo, nothing);
    const { client, server } = yield* tcpPair(sys);
    yield* sys.send(client, "a", 1, MSG_OOB);
    yield* sys.fcntl(server, F_SETOWN, 1);
    yield* sys.fcntl(server, F_GETOWN);
    yield* sys.send(client, "b", 1, MSG_OOB);
    yield* sys.fcntl(server, F_SETFL, O_NONBLOCK | O_ASYNC);
    yield* sys.send(client, "c", 1, MSG_OOB);
    yield* sys.fcntl(server, F_SETSIG, SIGRTMIN);
    yield* sys.send(client, "d", 1, MSG_OOB);
  }),
  scenario("close_range and exit release files backwards, close one by one", function* (sys) {
    const [readers, writers]: [number[], number[]] = [[], []];
    for (let i = 0; i < 3; i++) {
      const [reader, writer] = yield* pipe(sys);
      readers.push(reader);
      writers.push(yield* sys.dup2(writer, 40 + i));
      yield* sys.close(writer);
    }
    const shared = yield* sys.dup2(writers[0]!, 50);
    const epfd = yield* watching(sys, (IN | ET) >>> 0, ...readers);
    const pid = yield* sys.fork(function* (own) {
      yield* own.close(shared);
      yield* own.asleep();
    });
    yield* sys.close_range(40, 50, 0);
    yield* sys.wait4(pid, {});
    yield* wait(sys, epfd);
    const more: number[] = [];
    for (let i = 0; i < 3; i++) {
      const [reader, writer] = yield* pipe(sys);
      more.push(reader);
      yield* sys.dup2(writer, 40 + i);
      yield* sys.close(writer);
    }
    yield* sys.dup2(40, 43);
    const other = yield* watching(sys, (IN | ET) >>> 0, ...more);
    yield* sys.close_range(40, 43, 0);
    yield* wait(sys, other);
  }),
  scenario("a mark of urgent data is a matter of streams: other UNIX sockets have none", function* (sys) {
    for (const type of [SOCK_STREAM, SOCK_DGRAM, SOCK_SEQPACKET]) {
      const fds: number[] = [];
      yield* sys.socketpair(AF_UNIX, type | SOCK_NONBLOCK, 0, fds);
      yield* sys.ioctl(fds[0]!, SIOCATMARK, { value: 0 });
    }
    const udp = yield* sys.socket(AF_INET, SOCK_DGRAM, 0);
    yield* sys.ioctl(udp, SIOCATMARK, { value: 0 });
    yield* sys.ioctl(udp, SIOCATMARK, 1);
  }),
  scenario("a signalfd gives what the mask of epoll_pwait or ppoll would let in", function* (sys) {
    yield* sys.sigaction(SIGUSR1, nothing);
    yield* sys.sigprocmask(SIG_BLOCK, [SIGUSR1]);
    const [reader] = yield* pipe(sys);
    const fd = yield* sys.signalfd(-1, [SIGUSR1], O_NONBLOCK);
    yield* sys.kill(1, SIGUSR1);
    yield* sys.poll([{ fd, events: 1 }], 0);
    yield* sys.read(fd, sys.buffer(128));
    yield* sys.kill(1, SIGUSR1);
    yield* sys.ppoll([{ fd: reader, events: 1 }], { sec: 0, nsec: 0 }, []);
    yield* sys.read(fd, sys.buffer(128));
    yield* sys.tgkill(1, 1, SIGUSR1);
    const epfd = yield* sys.epoll_create1(0);
    yield* sys.epoll_pwait(epfd, sys.epoll_events(1), 1, 0, []);
    yield* sys.kill(1, SIGUSR1);
    yield* sys.pselect6(64, { read: [fd] }, { sec: 0, nsec: 0 }, []);
  }),
];
