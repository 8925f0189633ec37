import * as abi from "../abi.ts";
import { type Choices, type Command, type Context, type Steps, SIZES, one, outgoing, wrong } from "./commands.ts";

/** Commands about urgent data, and the flags of recv(). */

const { MSG_DONTWAIT, MSG_OOB, MSG_PEEK, MSG_TRUNC, MSG_WAITALL, SOL_SOCKET } = abi;

/** Urgent data of UNIX sockets is not known to the simulated machine. */
function* sendUrgent(context: Context, [a, b]: Choices): Steps {
  const { sys, pool, out } = context;
  const fd = pool.pick(a, "connected");
  if (pool.kind(fd) !== "connected") return;
  yield* sys.send(fd, out, Math.min(outgoing(context, fd, b), one([1, 3, 0, 5], b >> 4)), MSG_OOB);
}

function* recvUrgent({ sys, pool, in: buffer }: Context, [a, b, c]: Choices): Steps {
  const fd = pool.pick(a, "connected", "tcp");
  if (pool.kind(fd) === "unix") return;
  yield* sys.recv(fd, buffer, one([1, 8, 0], b), MSG_OOB | one([0, MSG_PEEK, MSG_TRUNC, MSG_DONTWAIT], c));
}

function* inline({ sys, pool }: Context, [a, b]: Choices): Steps {
  const fd = pool.pick(a, "connected", "tcp", "listener", "udp", "unix");
  if (b % 4 === 3) yield* sys.getsockopt(fd, SOL_SOCKET, abi.SO_OOBINLINE, {});
  else yield* sys.setsockopt(fd, SOL_SOCKET, abi.SO_OOBINLINE, { value: b % 2 });
}

function* atMark({ sys, pool }: Context, [a]: Choices): Steps {
  const fd = pool.pick(a, "connected", "tcp", "udp");
  if (pool.kind(fd) !== "unix") yield* sys.ioctl(fd, abi.SIOCATMARK, wrong(a) ? 1 : { value: 0 });
}

const FLAGS = [MSG_WAITALL, MSG_TRUNC, MSG_PEEK | MSG_TRUNC, MSG_WAITALL | MSG_PEEK, MSG_WAITALL | MSG_TRUNC, MSG_PEEK];

function* recvWith({ sys, pool, in: buffer }: Context, [a, b, c]: Choices): Steps {
  const fd = pool.pick(a, "connected", "unix", "dgram", "udp");
  yield* sys.recv(fd, buffer, one(SIZES, b), one(FLAGS, c) | (c & 64 ? MSG_DONTWAIT : 0));
}

function* readv({ sys, pool }: Context, [a, b, c]: Choices): Steps {
  const fd = pool.pick(a, "reader", "connected", "unix", "dgram", "udp", "eventfd", "file");
  yield* sys.readv(
    fd,
    [b, b >> 3, c].slice(0, 1 + (c % 3)).map((choice) => sys.buffer(one([8, 1, 4096, 20], choice))),
  );
}

function* writev(context: Context, [a, b, c]: Choices): Steps {
  const { sys, pool } = context;
  const fd = pool.pick(a, "writer", "connected", "unix", "dgram", "udp", "file");
  const pieces = [b, b >> 3, c]
    .slice(0, 1 + (c % 3))
    .map((choice) => one(["piece", "", "x", "a longer piece"], choice));
  if (outgoing(context, fd, 7) > 0) yield* sys.writev(fd, pieces);
}

export const URGENT_COMMANDS: readonly (readonly [weight: number, Command])[] = [
  [3, sendUrgent],
  [3, recvUrgent],
  [2, inline],
  [2, atMark],
  [4, recvWith],
  [3, readv],
  [3, writev],
];
