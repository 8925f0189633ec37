import * as abi from "../abi.ts";
import type { Buffer, EpollEvents, Sys } from "../program.ts";
import type { Kind, Pool } from "./pool.ts";

/** What the commands of one program share. */
export interface Context {
  readonly sys: Sys;
  readonly pool: Pool;
  readonly out: Buffer;
  readonly in: Buffer;
  readonly events: EpollEvents;
  /** How many tasks the program has. */
  readonly tasks: number;
  /** Number of the command, so that no two writes carry the same bytes. */
  count: number;
}

/** Three random numbers from 0 to 255 that a command makes its arguments of. */
export type Choices = readonly [a: number, b: number, c: number];
export type Steps = Generator<unknown, void, unknown>;
export type Command = (context: Context, choices: Choices) => Steps;

const { SOCK_NONBLOCK, SOCK_STREAM, AF_INET, AF_UNIX, O_NONBLOCK } = abi;
const STREAMS: Kind[] = ["unix", "connected", "tcp", "dgram", "udp"];
const READABLE: Kind[] = [
  "reader",
  "unix",
  "eventfd",
  "connected",
  "fifo",
  "file",
  "dgram",
  "timer",
  "udp",
  "signalfd",
];
const WRITABLE: Kind[] = ["writer", "unix", "eventfd", "connected", "fifo", "file", "dgram", "udp"];
const SOCKETS: Kind[] = ["unix", "tcp", "connected", "listener", "dgram", "udp"];
const TCP: Kind[] = ["tcp", "connected", "listener"];

export const PORTS = [7001, 7002, 7003];
const PATHS = ["\0one", "\0two"];
export const SIZES = [1, 5, 8, 0, 100, 1000, 4095, 4096, 4097, 5000, 8192, 20_000, 36_545, 65_536, 70_000];
export const BAD_ADDRESSES = [1, 0, -4096, 0x7fff_ffff_f000];

/** One of a list; `choice` may be any number. */
export function one<T>(list: readonly [T, ...T[]] | readonly T[], choice: number): T {
  return list[choice % list.length] as T;
}

/** True for one choice in 32: then something is wrong on purpose. */
export const wrong = (choice: number) => choice % 32 === 30;

export function* pipe2({ sys, pool }: Context, [a, b]: Choices): Steps {
  const fds: number[] = [];
  yield* sys.pipe2(wrong(a) ? one(BAD_ADDRESSES, b) : fds, wrong(b) ? one([1, 2, 0x400], a) : O_NONBLOCK);
  pool.add(fds[0] ?? -1, "reader");
  pool.add(fds[1] ?? -1, "writer");
}

export function* socketpair({ sys, pool }: Context, [a, b, c]: Choices): Steps {
  const fds: number[] = [];
  const domain = wrong(a) ? one([AF_INET, 99, -1], b) : AF_UNIX;
  const type = (wrong(b) ? one([0, 4, SOCK_STREAM | 0x10], a) : SOCK_STREAM) | SOCK_NONBLOCK;
  yield* sys.socketpair(domain, type, wrong(c) ? 6 : 0, c === 62 ? 1 : fds);
  for (const fd of fds) pool.add(fd, "unix");
}

export function* eventfd({ sys, pool }: Context, [a, b]: Choices): Steps {
  pool.add(yield* sys.eventfd(one([0, 1, 3, 0xffffffff], a), wrong(b) ? 2 : O_NONBLOCK | (b & 1)), "eventfd");
}

export function* epoll_create1({ sys, pool }: Context, [a]: Choices): Steps {
  pool.add(yield* sys.epoll_create1(wrong(a) ? 1 : 0), "epoll");
}

export function* socket({ sys, pool }: Context, [a, b, c]: Choices): Steps {
  const domain = wrong(a) ? one([99, -1, 0], b) : a % 4 === 3 ? AF_UNIX : AF_INET;
  const type = wrong(b) ? one([0, 4, 99, SOCK_STREAM | 0x10], c) : SOCK_STREAM;
  const fd = yield* sys.socket(domain, type | SOCK_NONBLOCK, wrong(c) ? 17 : 0);
  pool.add(fd, domain === AF_UNIX ? "unix" : "tcp");
}

/** An address for `fd`: of the right family nearly always. */
function address({ pool }: Context, fd: number, choice: number) {
  if (wrong(choice)) return one(BAD_ADDRESSES, choice >> 5);
  return pool.kind(fd) === "unix" ? { path: one(PATHS, choice) } : { port: one(PORTS, choice) };
}

export function* bind(context: Context, [a, b]: Choices): Steps {
  const fd = context.pool.pick(a, "tcp", "unix");
  yield* context.sys.bind(fd, address(context, fd, b));
}

export function* listen({ sys, pool }: Context, [a, b]: Choices): Steps {
  const fd = pool.pick(a, "tcp", "listener", "unix");
  const result = yield* sys.listen(fd, one([8, 0, 1, 2, -1], b));
  const file = pool.file(fd);
  if (result === 0 && file?.kind === "tcp") file.kind = "listener";
}

export function* connect(context: Context, [a, b]: Choices): Steps {
  const { sys, pool } = context;
  const fd = pool.pick(a, "tcp", "unix");
  yield* sys.connect(fd, address(context, fd, b));
  const file = pool.file(fd);
  if (file?.kind === "tcp" && b % 2) file.kind = "connected";
}

export function* accept4({ sys, pool }: Context, [a, b]: Choices): Steps {
  const listener = pool.pick(a, "listener", ...(a % 4 === 3 ? (["unix"] as const) : []));
  const fd = yield* sys.accept4(listener, wrong(b) ? 1 : SOCK_NONBLOCK);
  pool.add(fd, pool.kind(listener) === "unix" ? "unix" : "connected");
  // A connection inherits what its listener was shut down for.
  if (pool.file(listener)?.finished) pool.mayFinish(fd);
}

/** A whole TCP connection: what it takes a random stream long to find. */
export function* connection({ sys, pool }: Context, [a, b]: Choices): Steps {
  const port = one(PORTS, a);
  const listener = yield* sys.socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  yield* sys.bind(listener, { port });
  yield* sys.listen(listener, b % 3);
  const client = yield* sys.socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  yield* sys.connect(client, { port });
  const server = yield* sys.accept4(listener, SOCK_NONBLOCK);
  pool.add(listener, "listener");
  pool.add(client, "connected");
  pool.add(server, "connected");
}

/** The same for UNIX sockets with a name. */
export function* unixConnection({ sys, pool }: Context, [a, b]: Choices): Steps {
  const path = one(PATHS, a);
  const listener = yield* sys.socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
  yield* sys.bind(listener, { path });
  yield* sys.listen(listener, b % 3);
  const client = yield* sys.socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
  yield* sys.connect(client, { path });
  for (const fd of [listener, client, yield* sys.accept4(listener, SOCK_NONBLOCK)]) pool.add(fd, "unix");
}

export function* shutdown({ sys, pool }: Context, [a, b]: Choices): Steps {
  const fd = pool.pick(a, ...SOCKETS);
  const how = b % 3;
  yield* sys.shutdown(fd, wrong(b) ? one([3, -1], a) : how === abi.SHUT_RD || pool.mayFinish(fd) ? how : abi.SHUT_RD);
}

export function* close({ sys, pool }: Context, [a]: Choices): Steps {
  const fd = pool.pick(a, ...READABLE, ...WRITABLE, "tcp", "listener", "epoll");
  yield* sys.close(fd);
  pool.remove(fd);
}

export function* dup({ sys, pool }: Context, [a]: Choices): Steps {
  const fd = pool.pick(a, ...READABLE, ...WRITABLE, "tcp", "listener", "epoll");
  pool.share(yield* sys.dup(fd), pool.file(fd));
}

export function* dup2({ sys, pool }: Context, [a, b, c]: Choices): Steps {
  const fd = pool.pick(a, ...READABLE, ...WRITABLE, "tcp", "listener", "epoll");
  const target = c % 2 ? pool.pick(b, ...READABLE, "epoll") : 20 + (b % 8);
  pool.share(yield* sys.dup2(fd, target), pool.file(fd));
}

export function* fcntl({ sys, pool }: Context, [a, b, c]: Choices): Steps {
  const fd = pool.pick(a, ...READABLE, ...WRITABLE, "tcp", "listener", "epoll");
  const { F_DUPFD, F_GETFL, F_SETFL, F_GETFD, F_SETFD } = abi;
  const command = wrong(b) ? 999 : one([F_GETFL, F_SETFL, F_DUPFD, F_GETFD, F_SETFD], b);
  // Nothing may block: O_NONBLOCK stays set whatever else F_SETFL is given.
  const flags = O_NONBLOCK | one([0, 0x400, 1, 2], c);
  const argument = command === F_SETFL ? flags : command === F_DUPFD ? one([0, 10, 30, -1, 1_000_000], c) : c % 2;
  const result = yield* sys.fcntl(fd, command, argument);
  if (command === F_DUPFD) pool.share(result, pool.file(fd));
}

/** How much to write to `fd`; nothing more to a TCP socket when the budget is used up. */
export function outgoing({ pool, out, count }: Context, fd: number, choice: number): number {
  out.set(Uint8Array.of(count, count >> 8, choice));
  if (pool.kind(fd) === "eventfd") return 8;
  const size = one(SIZES, choice);
  // The machine's longest datagram.
  if (pool.kind(fd) === "dgram") return Math.min(size, 65_536);
  if (!TCP.includes(pool.kind(fd) ?? "tcp")) return size;
  const allowed = Math.min(size, 1000, pool.tcpBudget);
  pool.tcpBudget -= allowed;
  return allowed;
}

export function* read({ sys, pool, in: buffer }: Context, [a, b, c]: Choices): Steps {
  yield* sys.read(pool.pick(a, ...READABLE), wrong(c) ? one(BAD_ADDRESSES, b) : buffer, one(SIZES, b));
}

export function* write(context: Context, [a, b, c]: Choices): Steps {
  const fd = context.pool.pick(a, ...WRITABLE);
  const count = outgoing(context, fd, b);
  yield* context.sys.write(fd, wrong(c) ? one(BAD_ADDRESSES, b) : context.out, count);
}

export function* recv({ sys, pool, in: buffer }: Context, [a, b, c]: Choices): Steps {
  const { MSG_PEEK, MSG_DONTWAIT, MSG_NOSIGNAL } = abi;
  const flags = one([0, MSG_PEEK, MSG_DONTWAIT, MSG_PEEK | MSG_DONTWAIT, MSG_NOSIGNAL], c);
  yield* sys.recv(pool.pick(a, ...STREAMS), wrong(c) ? one(BAD_ADDRESSES, b) : buffer, one(SIZES, b), flags);
}

export function* send(context: Context, [a, b, c]: Choices): Steps {
  const fd = context.pool.pick(a, ...STREAMS);
  const flags = one([0, abi.MSG_DONTWAIT, abi.MSG_NOSIGNAL], c);
  const count = outgoing(context, fd, b);
  yield* context.sys.send(fd, wrong(c) ? one(BAD_ADDRESSES, b) : context.out, count, flags);
}

export function* getsockopt({ sys, pool }: Context, [a, b, c]: Choices): Steps {
  const { SO_ERROR, SO_TYPE, SO_ACCEPTCONN, SO_REUSEADDR, SO_PROTOCOL, SO_DOMAIN, SOL_SOCKET } = abi;
  const name = one(
    [SO_ERROR, SO_ERROR, SO_ERROR, SO_TYPE, SO_ACCEPTCONN, SO_REUSEADDR, SO_PROTOCOL, SO_DOMAIN, 9999],
    b,
  );
  yield* sys.getsockopt(pool.pick(a, ...SOCKETS), SOL_SOCKET, name, wrong(c) ? one(BAD_ADDRESSES, b) : {});
}

export function* setsockopt({ sys, pool }: Context, [a, b, c]: Choices): Steps {
  const { SO_LINGER, SO_REUSEADDR, SO_RCVLOWAT, SO_SNDBUF, SOL_SOCKET } = abi;
  const fd = pool.pick(a, ...SOCKETS);
  const set = (name: number, value: { value: number } | Uint8Array) => sys.setsockopt(fd, SOL_SOCKET, name, value);
  if (wrong(b)) yield* set(one([9999, SO_LINGER], a), { value: 1 });
  else if (b % 3 === 0) yield* set(SO_REUSEADDR, { value: c % 2 });
  // A close with SO_LINGER and no time sends a reset. Buffers of TCP stay as they are: how they fill depends on timers.
  else if (b % 3 === 1) yield* set(SO_LINGER, Uint8Array.of(c % 2, 0, 0, 0, 0, 0, 0, 0));
  else if (pool.kind(fd) === "unix" && c % 2) yield* set(SO_SNDBUF, { value: one([0, 3000, 10_000, 30_000], c >> 1) });
  else yield* set(SO_RCVLOWAT, { value: one([1, 0, 5, 100, 2000], c >> 1) });
}

export function* ioctl({ sys, pool }: Context, [a, b, c]: Choices): Steps {
  const fd = pool.pick(a, ...READABLE, "listener", "tcp");
  yield* sys.ioctl(fd, wrong(b) ? 0x1234 : abi.FIONREAD, wrong(c) ? one(BAD_ADDRESSES, b) : { value: 0 });
}

/** Event masks that epoll is asked for. */
function mask(choice: number): number {
  const { IN, OUT, RDHUP, ET, ONESHOT, RDNORM, WRNORM, WRBAND } = abi;
  const { EXCLUSIVE, PRI } = abi.EPOLL;
  const events = one(
    [IN, IN | OUT, OUT, IN | RDHUP, 0, IN | OUT | RDHUP, RDNORM | WRNORM, WRBAND | RDNORM | OUT],
    choice,
  );
  return (events | one([0, ET, ONESHOT, ET | ONESHOT, 0, ET, EXCLUSIVE, EXCLUSIVE | ET, PRI], choice >> 3)) >>> 0;
}

export function* epoll_ctl({ sys, pool, count }: Context, [a, b, c]: Choices): Steps {
  const { EPOLL_CTL_ADD, EPOLL_CTL_MOD, EPOLL_CTL_DEL } = abi;
  const epfd = pool.pick(a, "epoll");
  const fd = c % 16 === 13 ? pool.pick(b, "epoll") : pool.pick(b, ...READABLE, ...WRITABLE, "tcp", "listener");
  const add = [EPOLL_CTL_ADD, EPOLL_CTL_ADD, EPOLL_CTL_ADD, EPOLL_CTL_MOD, EPOLL_CTL_DEL] as const;
  const wanted = wrong(c) ? one([0, 4, -1], b) : one(add, c);
  const op = wanted === EPOLL_CTL_DEL || pool.mayWatch(fd) ? wanted : EPOLL_CTL_DEL;
  const event = { events: mask(b), data: c % 2 ? { u32: count } : { u64: (1n << 40n) + BigInt(count) } };
  yield* sys.epoll_ctl(epfd, op, fd, wrong(a) ? one(BAD_ADDRESSES, c) : event);
  const watched = pool.file(fd);
  if (op === EPOLL_CTL_ADD && watched) pool.file(epfd)?.watches?.push(watched);
}

export function* epoll_wait({ sys, pool, events }: Context, [a, b, c]: Choices): Steps {
  const maxevents = wrong(b) ? one([0, -1, 178_956_971], c) : one([16, 1, 2, 3], b);
  yield* sys.epoll_wait(pool.pick(a, "epoll"), wrong(c) ? one(BAD_ADDRESSES, b) : events, maxevents, 0);
}
