import * as abi from "../abi.ts";
import type { PollEntry } from "../program.ts";
import { type Choices, type Command, type Context, type Steps, SIZES, one } from "./commands.ts";
import type { Kind } from "./pool.ts";
import { setOf } from "./signal-commands.ts";

/** Commands of programs with several tasks: waiting for many files, for whole messages, and for who connects. */

const { AF_INET, AF_UNIX, MSG_PEEK, MSG_WAITALL, SOCK_DGRAM, SOCK_NONBLOCK, SOCK_STREAM } = abi;
const ANY: Kind[] = ["reader", "unix", "eventfd", "connected", "listener", "epoll", "udp", "signalfd", "writer"];
const PATHS = ["\0t1", "\0t2"];
const UDP_PORTS = [7401, 7402];
const EVENTS = [abi.IN, abi.IN | abi.OUT, abi.IN | abi.RDHUP, abi.OUT, abi.PRI, abi.IN];
const NONE = { sec: 0, nsec: 0 };

/** Files that somebody is to wait for. */
function files({ pool }: Context, choices: readonly number[]): number[] {
  const fds = choices.map((choice) => pool.pick(choice, ...ANY));
  for (const fd of fds) pool.want(fd);
  return fds;
}

function* poll(context: Context, [a, b, c]: Choices): Steps {
  const entries: PollEntry[] = files(context, [a, b, c].slice(0, 1 + (c % 3))).map((fd, i) => {
    return { fd, events: one(EVENTS, (a + b) >> (i + 2)) };
  });
  if (c % 4 === 0) yield* context.sys.ppoll(entries, null, b % 2 ? setOf(b >> 1) : null);
  else yield* context.sys.poll(entries, c % 8 === 1 ? 0 : -1);
}

function* select(context: Context, [a, b, c]: Choices): Steps {
  const fds = files(context, [a, b, c].slice(0, 1 + (c % 3))).filter((fd) => fd >= 0 && fd < 64);
  const sets = b % 4 === 3 ? { read: fds, write: fds.slice(1) } : b % 4 === 2 ? { except: fds } : { read: fds };
  if (c % 4 === 0) yield* context.sys.pselect6(64, sets, null, b % 2 ? setOf(b >> 1) : null);
  else yield* context.sys.select(64, sets, c % 8 === 1 ? { sec: 0, usec: 0 } : null);
}

function* epoll_pwait({ sys, pool, events }: Context, [a, b, c]: Choices): Steps {
  const epfd = pool.pick(a, "epoll");
  pool.want(epfd);
  const mask = c % 2 ? setOf(c >> 1) : null;
  const most = one([16, 1, 2], b >> 2);
  if (b % 4 === 0) yield* sys.epoll_pwait2(epfd, events, most, NONE, mask);
  else if (b % 4 === 1) yield* sys.epoll_pwait2(epfd, events, most, null, mask);
  else yield* sys.epoll_pwait(epfd, events, most, -1, mask);
}

/** Waits for all that it has asked for; a signal, or the end, lets it go with less. */
function* recvAll({ sys, pool, in: buffer }: Context, [a, b, c]: Choices): Steps {
  const fd = pool.pick(a, "unix", "connected", "udp");
  pool.want(fd);
  yield* sys.recv(fd, buffer, one(SIZES, b), one([MSG_WAITALL, MSG_WAITALL, MSG_WAITALL | MSG_PEEK, abi.MSG_TRUNC], c));
}

function* sendUrgent({ sys, pool, out }: Context, [a, b]: Choices): Steps {
  const fd = pool.pick(a, "connected");
  if (pool.kind(fd) === "connected") yield* sys.send(fd, out, 1 + (b % 3), abi.MSG_OOB);
}

function* unixListener({ sys, pool }: Context, [a]: Choices): Steps {
  const fd = yield* sys.socket(AF_UNIX, SOCK_STREAM, 0);
  yield* sys.bind(fd, { path: one(PATHS, a) });
  yield* sys.listen(fd, 16);
  pool.add(fd, "unix");
}

function* unixConnect({ sys, pool }: Context, [a]: Choices): Steps {
  const fd = yield* sys.socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
  yield* sys.connect(fd, { path: one(PATHS, a) });
  pool.add(fd, "unix");
}

function* unixAccept({ sys, pool }: Context, [a]: Choices): Steps {
  const fd = pool.pick(a, "unix");
  if (pool.kind(fd) === "unix") pool.add(yield* sys.accept4(fd, 0), "unix");
}

function* udpSocket({ sys, pool }: Context, [a]: Choices): Steps {
  const fd = yield* sys.socket(AF_INET, SOCK_DGRAM, 0);
  yield* sys.bind(fd, { port: one(UDP_PORTS, a) });
  pool.add(fd, "udp");
}

function* udpSend({ sys, pool, out }: Context, [a, b, c]: Choices): Steps {
  const fd = pool.pick(a, "udp");
  if (pool.kind(fd) === "udp") yield* sys.sendto(fd, out, one([1, 100, 0, 5000], b), 0, { port: one(UDP_PORTS, c) });
}

function* udpRecv({ sys, pool, in: buffer }: Context, [a, b]: Choices): Steps {
  const fd = pool.pick(a, "udp");
  pool.want(fd);
  yield* sys.recvfrom(fd, buffer, one([1000, 1, 0, 8192], b), b % 8 === 7 ? MSG_PEEK : 0, {});
}

function* close_range({ sys, pool }: Context, [a, b, c]: Choices): Steps {
  const first = 4 + (a % 40);
  const result = yield* sys.close_range(first, first + (b % 2), c % 4 === 3 ? 4 : 0);
  if (result === 0 && c % 4 !== 3) pool.removeFrom(first, first + (b % 2));
}

export const TASK_WAIT_COMMANDS: readonly (readonly [weight: number, Command])[] = [
  [9, poll],
  [6, select],
  [7, epoll_pwait],
  [5, recvAll],
  [1, sendUrgent],
  [2, unixListener],
  [3, unixConnect],
  [3, unixAccept],
  [2, udpSocket],
  [4, udpSend],
  [4, udpRecv],
  [1, close_range],
];
