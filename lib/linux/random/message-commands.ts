import * as abi from "../abi.ts";
import type { ControlMessage } from "../program.ts";
import { type Choices, type Command, type Context, type Steps, SIZES, one, outgoing, wrong } from "./commands.ts";

/** Commands about messages of UNIX sockets: datagrams by name, packets, and descriptors on their way. */

const {
  AF_UNIX,
  MSG_DONTWAIT,
  MSG_PEEK,
  MSG_TRUNC,
  SOCK_DGRAM,
  SOCK_NONBLOCK,
  SOCK_SEQPACKET,
  SOL_SOCKET,
  SCM_RIGHTS,
} = abi;
const NAMES = ["\0d1", "\0d2", "\0d3"];
const MESSAGE_SOCKETS = ["dgram", "dgram", "unix"] as const;

function* dgramPair({ sys, pool }: Context, [a]: Choices): Steps {
  const fds: number[] = [];
  yield* sys.socketpair(AF_UNIX, (a % 3 === 2 ? SOCK_SEQPACKET : SOCK_DGRAM) | SOCK_NONBLOCK, 0, fds);
  for (const fd of fds) pool.add(fd, "dgram");
}

function* dgramSocket({ sys, pool }: Context, [a]: Choices): Steps {
  const fd = yield* sys.socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0);
  pool.add(fd, "dgram");
  if (a % 2) yield* sys.bind(fd, { path: one(NAMES, a >> 1) });
}

function* bind({ sys, pool }: Context, [a, b]: Choices): Steps {
  const fd = pool.pick(a, "dgram");
  // Names are longer on the real kernel, where they begin with an address: sockets of other families are not asked.
  if (pool.kind(fd) === "dgram") yield* sys.bind(fd, { path: one(NAMES, b) });
}

function* connect({ sys, pool }: Context, [a, b]: Choices): Steps {
  const fd = pool.pick(a, "dgram");
  if (pool.kind(fd) === "dgram") yield* sys.connect(fd, { path: one(NAMES, b) });
}

function* sendto(context: Context, [a, b, c]: Choices): Steps {
  const fd = context.pool.pick(a, "dgram");
  const count = outgoing(context, fd, b);
  yield* context.sys.sendto(
    fd,
    context.out,
    count,
    MSG_DONTWAIT,
    c % 4 === 3 || context.pool.kind(fd) !== "dgram" ? null : { path: one(NAMES, c) },
  );
}

function* recvfrom({ sys, pool, in: buffer }: Context, [a, b, c]: Choices): Steps {
  const flags = MSG_DONTWAIT | one([0, MSG_PEEK, MSG_TRUNC, MSG_PEEK | MSG_TRUNC], c);
  yield* sys.recvfrom(pool.pick(a, ...MESSAGE_SOCKETS), buffer, one(SIZES, b), flags, {});
}

function* sendmsg(context: Context, [a, b, c]: Choices): Steps {
  const { sys, pool } = context;
  const fd = pool.pick(a, ...MESSAGE_SOCKETS);
  const text = `message ${context.count}`;
  // Sockets that are sent over each other in a ring are nobody's: not those.
  const sent = [b, b >> 3].map((choice) => pool.pick(choice, "reader", "writer", "eventfd", "file"));
  const fds = sent.filter((one) => ["reader", "writer", "eventfd", "file"].includes(pool.kind(one) ?? ""));
  const control: ControlMessage[] = c % 2 && fds.length > 0 ? [{ level: SOL_SOCKET, type: SCM_RIGHTS, fds }] : [];
  const name = c % 4 === 2 && pool.kind(fd) === "dgram" ? { name: { path: one(NAMES, c >> 2) } } : {};
  yield* sys.sendmsg(fd, { ...name, iov: [text, "!"], control }, MSG_DONTWAIT);
}

function* recvmsg({ sys, pool }: Context, [a, b, c]: Choices): Steps {
  const control: ControlMessage[] = [];
  const iov = [sys.buffer(one([6, 1, 20], b)), sys.buffer(one([20, 2], b >> 2))];
  const flags = MSG_DONTWAIT | one([0, 0, MSG_PEEK, MSG_TRUNC, abi.MSG_CMSG_CLOEXEC], c);
  const controllen = wrong(b) ? one([0, 15, 20], a) : 64;
  yield* sys.recvmsg(pool.pick(a, ...MESSAGE_SOCKETS), { iov, control, controllen, name: {} }, flags);
  for (const fd of control.flatMap(({ fds = [] }) => fds)) pool.add(fd, "file");
}

function* socketName({ sys, pool }: Context, [a, b]: Choices): Steps {
  const fd = pool.pick(a, "dgram", "unix", "tcp", "connected", "listener");
  yield* b % 2 ? sys.getpeername(fd, {}) : sys.getsockname(fd, {});
}

export const MESSAGE_COMMANDS: readonly (readonly [weight: number, Command])[] = [
  [3, dgramPair],
  [3, dgramSocket],
  [1, bind],
  [3, connect],
  [6, sendto],
  [6, recvfrom],
  [6, sendmsg],
  [6, recvmsg],
  [3, socketName],
];
