import * as abi from "../abi.ts";
import { type Choices, type Command, type Context, type Steps, SIZES, one, outgoing, wrong } from "./commands.ts";

/** Commands about UDP, between sockets of the program's own address. */

const { AF_INET, MSG_DONTWAIT, MSG_PEEK, MSG_TRUNC, SOCK_DGRAM, SOCK_NONBLOCK, SOL_SOCKET } = abi;
/** The last is nobody's. */
const PORTS = [7201, 7202, 7203, 7209];

function* socket({ sys, pool }: Context, [a, b]: Choices): Steps {
  const fd = yield* sys.socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, wrong(b) ? 6 : 0);
  pool.add(fd, "udp");
  if (a % 2) yield* sys.bind(fd, { port: one(PORTS.slice(0, 3), a >> 1) });
}

function* bind({ sys, pool }: Context, [a, b]: Choices): Steps {
  const fd = pool.pick(a, "udp");
  if (pool.kind(fd) === "udp") yield* sys.bind(fd, { port: one([...PORTS.slice(0, 3), 0], b) });
}

function* connect({ sys, pool }: Context, [a, b]: Choices): Steps {
  const fd = pool.pick(a, "udp");
  // Not to port 0, from which any port may send: what is sent without a name comes from another address on Linux.
  if (pool.kind(fd) === "udp") yield* sys.connect(fd, { port: one(PORTS, b) });
}

function* sendto(context: Context, [a, b, c]: Choices): Steps {
  const { sys, pool, out } = context;
  const fd = pool.pick(a, "udp");
  const to = c % 4 === 3 || pool.kind(fd) !== "udp" ? null : { port: one([...PORTS, ...PORTS, 0], c >> 2) };
  const flags = wrong(c) && pool.kind(fd) === "udp" ? abi.MSG_OOB : MSG_DONTWAIT;
  yield* sys.sendto(fd, out, outgoing(context, fd, b), flags, to);
}

function* recvfrom({ sys, pool, in: buffer }: Context, [a, b, c]: Choices): Steps {
  const fd = pool.pick(a, "udp");
  const urgent = pool.kind(fd) === "udp" ? abi.MSG_OOB : 0;
  const flags = one([0, MSG_PEEK, MSG_TRUNC, MSG_PEEK | MSG_TRUNC, abi.MSG_WAITALL, urgent], c);
  yield* sys.recvfrom(fd, buffer, one(SIZES, b), MSG_DONTWAIT | flags, {});
}

function* messages(context: Context, [a, b, c]: Choices): Steps {
  const { sys, pool } = context;
  const fd = pool.pick(a, "udp");
  if (c % 2) {
    const name = c % 4 === 1 && pool.kind(fd) === "udp" ? { name: { port: one(PORTS, b) } } : {};
    yield* sys.sendmsg(fd, { ...name, iov: [`message ${context.count}`, "!"] }, MSG_DONTWAIT);
  } else {
    const iov = [sys.buffer(one([6, 1, 20], b)), sys.buffer(one([20, 2], b >> 2))];
    yield* sys.recvmsg(fd, { iov, name: {} }, MSG_DONTWAIT | one([0, MSG_PEEK, MSG_TRUNC], c >> 1));
  }
}

function* names({ sys, pool }: Context, [a, b]: Choices): Steps {
  const fd = pool.pick(a, "udp");
  yield* b % 2 ? sys.getpeername(fd, {}) : sys.getsockname(fd, {});
}

/**
 * Sockets that share a port or may not: who gets what comes to it is a matter of a secret hash, so none but the first stays.
 */
function* sharing({ sys, pool, count }: Context, [a, b, c]: Choices): Steps {
  const type = (c & 1 ? SOCK_DGRAM : abi.SOCK_STREAM) | SOCK_NONBLOCK;
  const port = 7300 + count;
  const sockets: number[] = [];
  for (let i = 0; i < 3; i++) {
    const fd = yield* sys.socket(AF_INET, type, 0);
    const options = [a, b, c >> 1].map((choice) => (choice >> i) & 1);
    if (options[0]) yield* sys.setsockopt(fd, SOL_SOCKET, abi.SO_REUSEPORT, { value: 1 });
    if (options[1]) yield* sys.setsockopt(fd, SOL_SOCKET, abi.SO_REUSEADDR, { value: 1 });
    yield* sys.bind(fd, { port });
    if (options[2] && !(c & 1)) yield* sys.listen(fd, 3);
    yield* sys.getsockopt(fd, SOL_SOCKET, abi.SO_REUSEPORT, {});
    sockets.push(fd);
  }
  for (const fd of sockets.slice(1)) yield* sys.close(fd);
  pool.add(sockets[0] ?? -1, c & 1 ? "udp" : "tcp");
}

export const UDP_COMMANDS: readonly (readonly [weight: number, Command])[] = [
  [4, socket],
  [1, bind],
  [3, connect],
  [7, sendto],
  [7, recvfrom],
  [3, messages],
  [1, names],
  [1, sharing],
];
