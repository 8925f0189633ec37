import { AF_INET, AF_UNIX, EPOLL_CTL_ADD, O_NONBLOCK, SOCK_NONBLOCK, SOCK_STREAM, type Sys } from "../scenario.ts";

/** The calls that many scenarios begin with. */

type Steps<T> = Generator<unknown, T, unknown>;

/** The port of the listening socket of a scenario. */
export const PORT = 7070;

/** A pipe: read end and write end. */
export function* pipe(sys: Sys, flags = O_NONBLOCK): Steps<[reader: number, writer: number]> {
  const fds: number[] = [];
  yield* sys.pipe2(fds, flags);
  return [fds[0] ?? -1, fds[1] ?? -1];
}

/** Two connected UNIX stream sockets. */
export function* unixPair(sys: Sys, flags = SOCK_NONBLOCK, type = SOCK_STREAM): Steps<[a: number, b: number]> {
  const fds: number[] = [];
  yield* sys.socketpair(AF_UNIX, type | flags, 0, fds);
  return [fds[0] ?? -1, fds[1] ?? -1];
}

/** A listening TCP socket. */
export function* listening(sys: Sys, backlog = 8, port = PORT, flags = SOCK_NONBLOCK): Steps<number> {
  const fd = yield* sys.socket(AF_INET, SOCK_STREAM | flags, 0);
  yield* sys.bind(fd, { port });
  yield* sys.listen(fd, backlog);
  return fd;
}

/** A TCP socket that has been connected to a listener, not necessarily accepted. */
export function* connecting(sys: Sys, port = PORT, flags = SOCK_NONBLOCK): Steps<number> {
  const fd = yield* sys.socket(AF_INET, SOCK_STREAM | flags, 0);
  yield* sys.connect(fd, { port });
  return fd;
}

/** A TCP connection over loopback: the listener, the side that connected and the side that was accepted. */
export function* tcpPair(sys: Sys): Steps<{ listener: number; client: number; server: number }> {
  const listener = yield* listening(sys);
  const client = yield* connecting(sys);
  const server = yield* sys.accept4(listener, SOCK_NONBLOCK);
  return { listener, client, server };
}

/** Adds `fd` to an epoll, with the number itself as data. */
export function* watch(sys: Sys, epfd: number, fd: number, events: number): Steps<void> {
  yield* sys.epoll_ctl(epfd, EPOLL_CTL_ADD, fd, { events, data: { fd } });
}

/** An epoll that watches the descriptors given. */
export function* watching(sys: Sys, events: number, ...fds: number[]): Steps<number> {
  const epfd = yield* sys.epoll_create1(0);
  for (const fd of fds) yield* watch(sys, epfd, fd, events);
  return epfd;
}

/** One epoll_wait for up to `maxevents` events. */
export function* wait(sys: Sys, epfd: number, maxevents = 8, timeout_ms = 0): Steps<number> {
  return yield* sys.epoll_wait(epfd, sys.epoll_events(maxevents), maxevents, timeout_ms);
}

/** One read into fresh memory. */
export function* read(sys: Sys, fd: number, count = 64): Steps<number> {
  return yield* sys.read(fd, sys.buffer(count), count);
}

/** A counter as an eventfd takes it. */
export function u64(value: bigint): Uint8Array {
  return new Uint8Array(new BigUint64Array([value]).buffer);
}

/** `length` bytes that differ from place to place. */
export function pattern(length: number, start = 0): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => (start + i * 7 + (i >> 8)) & 255);
}
