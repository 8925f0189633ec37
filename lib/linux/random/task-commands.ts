import * as abi from "../abi.ts";
import {
  type Choices,
  type Command,
  type Context,
  type Steps,
  PORTS,
  SIZES,
  close,
  dup,
  dup2,
  epoll_create1,
  epoll_ctl,
  ioctl,
  one,
  outgoing,
  setsockopt,
  shutdown,
} from "./commands.ts";
import type { Kind } from "./pool.ts";
import { TASK_SIGNAL_COMMANDS } from "./task-signal-commands.ts";
import { TASK_WAIT_COMMANDS } from "./task-wait-commands.ts";

/**
 * The commands of programs with several tasks. Their files block. Each makes at most one call that may wake others, so
 * that it does not matter whether those run before or after the rest of the command.
 */

const { AF_INET, AF_UNIX, O_NONBLOCK, SOCK_NONBLOCK, SOCK_STREAM } = abi;
const SOURCES: Kind[] = ["reader", "unix", "eventfd", "connected"];
const SINKS: Kind[] = ["writer", "unix", "eventfd", "connected"];
const STREAMS: Kind[] = ["unix", "connected"];

function* pipe2({ sys, pool }: Context, [a]: Choices): Steps {
  const fds: number[] = [];
  yield* sys.pipe2(fds, a % 4 === 3 ? O_NONBLOCK : 0);
  pool.add(fds[0] ?? -1, "reader");
  pool.add(fds[1] ?? -1, "writer");
  pool.join(fds[0] ?? -1, fds[1] ?? -1);
}

function* socketpair({ sys, pool }: Context, [a]: Choices): Steps {
  const fds: number[] = [];
  yield* sys.socketpair(AF_UNIX, SOCK_STREAM | (a % 4 === 3 ? SOCK_NONBLOCK : 0), 0, fds);
  for (const fd of fds) pool.add(fd, "unix");
  pool.join(fds[0] ?? -1, fds[1] ?? -1);
}

function* eventfd({ sys, pool }: Context, [a, b]: Choices): Steps {
  pool.add(yield* sys.eventfd(one([0, 0, 1, 0xffffffff], a), (a % 4 === 3 ? O_NONBLOCK : 0) | (b & 1)), "eventfd");
}

/** A TCP connection of its own port, so that nobody who waits for one gets it. */
function* connection({ sys, pool, count }: Context): Steps {
  const port = 7100 + count;
  const listener = yield* sys.socket(AF_INET, SOCK_STREAM, 0);
  yield* sys.bind(listener, { port });
  yield* sys.listen(listener, 4);
  const client = yield* sys.socket(AF_INET, SOCK_STREAM, 0);
  yield* sys.connect(client, { port });
  const server = yield* sys.accept4(listener, 0);
  pool.add(listener, "listener");
  pool.add(client, "connected");
  pool.add(server, "connected");
  pool.join(client, server);
}

/** A socket that listens on one of the ports that `connect` below knows. */
function* listener({ sys, pool }: Context, [a]: Choices): Steps {
  const fd = yield* sys.socket(AF_INET, SOCK_STREAM, 0);
  yield* sys.bind(fd, { port: one(PORTS, a) });
  yield* sys.listen(fd, 16);
  pool.add(fd, "listener");
}

/** A client for who waits in accept4(). */
function* connect({ sys, pool }: Context, [a]: Choices): Steps {
  const fd = yield* sys.socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  yield* sys.connect(fd, { port: one(PORTS, a) });
  pool.add(fd, "connected");
}

function* accept4({ sys, pool }: Context, [a, b]: Choices): Steps {
  const fd = pool.pick(a, "listener");
  if (pool.kind(fd) !== "listener") return;
  const accepted = yield* sys.accept4(fd, b % 4 === 3 ? SOCK_NONBLOCK : 0);
  pool.add(accepted, "connected");
  if (pool.file(fd)?.finished) pool.mayFinish(accepted);
}

function* read({ sys, pool, in: buffer }: Context, [a, b]: Choices): Steps {
  const fd = pool.pick(a, ...SOURCES);
  pool.want(fd);
  yield* sys.read(fd, buffer, one(SIZES, b));
}

/** Where to write: mostly where that wakes somebody. */
function sink({ pool }: Context, a: number, c: number): number {
  const wanted = c % 4 === 3 ? -1 : pool.wanted(c >> 2);
  return wanted >= 0 ? wanted : pool.pick(a, ...SINKS);
}

function* write(context: Context, [a, b, c]: Choices): Steps {
  const fd = sink(context, a, c);
  yield* context.sys.write(fd, context.out, outgoing(context, fd, b));
}

function* recv({ sys, pool, in: buffer }: Context, [a, b, c]: Choices): Steps {
  const { MSG_PEEK, MSG_DONTWAIT } = abi;
  const fd = pool.pick(a, ...STREAMS);
  pool.want(fd);
  yield* sys.recv(fd, buffer, one(SIZES, b), one([0, MSG_PEEK, MSG_DONTWAIT], c));
}

function* send(context: Context, [a, b, c]: Choices): Steps {
  const fd = c % 2 ? sink(context, a, c) : context.pool.pick(a, ...STREAMS);
  const count = outgoing(context, fd, b);
  yield* context.sys.send(fd, context.out, count, one([0, abi.MSG_DONTWAIT], c >> 3));
}

function* fcntl({ sys, pool }: Context, [a, b]: Choices): Steps {
  yield* sys.fcntl(pool.pick(a, ...SOURCES, ...SINKS, "listener"), abi.F_SETFL, b % 3 === 0 ? O_NONBLOCK : 0);
}

function* epoll_wait({ sys, pool, events }: Context, [a, b, c]: Choices): Steps {
  const epfd = pool.pick(a, "epoll");
  pool.want(epfd);
  yield* sys.epoll_wait(epfd, events, one([16, 1, 2], b), c % 3 === 0 ? 0 : -1);
}

const repeated = (list: readonly (readonly [number, Command])[]): Command[] =>
  list.flatMap(([weight, command]) => Array.from({ length: weight }, () => command));

/** What the first task does before there are others. */
export const OPENING: readonly Command[] = repeated([
  [3, pipe2],
  [3, socketpair],
  [3, eventfd],
  [2, connection],
  [2, listener],
  [3, epoll_create1],
  [6, epoll_ctl],
]);

/** What every task does, the plain ones first: shrinking goes towards them. */
export const TASK_COMMANDS: readonly Command[] = repeated([
  [14, read],
  [20, write],
  [12, epoll_wait],
  [10, epoll_ctl],
  [4, recv],
  [6, send],
  [4, accept4],
  [5, connect],
  [4, close],
  [2, pipe2],
  [2, socketpair],
  [2, eventfd],
  [2, epoll_create1],
  [1, connection],
  [1, listener],
  [3, shutdown],
  [3, dup],
  [2, dup2],
  [3, fcntl],
  [2, setsockopt],
  [2, ioctl],
  ...TASK_WAIT_COMMANDS,
]);

/** The same, and signals. */
export const TASK_COMMANDS_WITH_SIGNALS: readonly Command[] = [...TASK_COMMANDS, ...repeated(TASK_SIGNAL_COMMANDS)];
