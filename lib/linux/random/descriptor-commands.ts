import * as abi from "../abi.ts";
import { type Choices, type Command, type Context, type Steps, one, wrong } from "./commands.ts";
import type { Kind } from "./pool.ts";

/** Commands about descriptors and the flags of files. */

const { O_ASYNC, O_CLOEXEC, O_DIRECT, O_NONBLOCK } = abi;
const ANY: Kind[] = [
  ...(["reader", "writer", "unix", "eventfd", "connected", "listener", "tcp", "epoll", "fifo", "file"] as const),
  ...(["dgram", "timer", "udp", "signalfd"] as const),
];
/** No process has this number: it is beyond those that Linux gives. */
const NOBODY = 0x3f_ffff;

function* close_range({ sys, pool }: Context, [a, b, c]: Choices): Steps {
  const CLOSE_RANGE_CLOEXEC = 4;
  const first = 3 + (a % 48);
  const last = wrong(b) ? 0xffff_ffff : first + (b % 3);
  const flags = one([0, 0, CLOSE_RANGE_CLOEXEC], c);
  const result = yield* sys.close_range(first, last, flags);
  if (result === 0 && flags === 0) pool.removeFrom(first, last);
}

function* dup3({ sys, pool }: Context, [a, b, c]: Choices): Steps {
  const fd = pool.pick(a, ...ANY);
  const target = c % 4 === 0 ? fd : c % 2 ? pool.pick(b, ...ANY) : 20 + (b % 8);
  pool.share(yield* sys.dup3(fd, target, wrong(c) ? 1 : c & 16 ? O_CLOEXEC : 0), pool.file(fd));
}

function* more({ sys, pool }: Context, [a, b, c]: Choices): Steps {
  const fd = pool.pick(a, ...ANY);
  const { F_DUPFD_CLOEXEC, F_DUPFD_QUERY } = abi;
  if (c % 3 === 0) pool.share(yield* sys.fcntl(fd, F_DUPFD_CLOEXEC, one([0, 10, 30, 1_000_000], b)), pool.file(fd));
  else if (c % 3 === 1) yield* sys.fcntl(fd, F_DUPFD_QUERY, pool.pick(b, ...ANY));
  else yield* sys.fcntl(fd, abi.F_GETFD);
}

const SIZES = [4096, 1, 0, 5000, 8192, 65_536, 131_072, 1_048_576, 0x8000_0000, 0xffff_ffff];

function* pipeSize({ sys, pool }: Context, [a, b]: Choices): Steps {
  const fd = pool.pick(a, "reader", "writer", "fifo");
  if (b % 4 === 0) yield* sys.fcntl(fd, abi.F_GETPIPE_SZ);
  else yield* sys.fcntl(fd, abi.F_SETPIPE_SZ, one(SIZES, b >> 2));
}

/** Signals of readiness that go to nobody. */
function* owner({ sys, pool }: Context, [a, b, c]: Choices): Steps {
  const fd = pool.pick(a, ...ANY);
  const { F_GETOWN, F_GETSIG, F_SETOWN, F_SETSIG } = abi;
  const command = one([F_SETOWN, F_GETOWN, F_SETSIG, F_GETSIG], b);
  yield* sys.fcntl(fd, command, command === F_SETOWN ? one([0, NOBODY], c) : one([0, abi.SIGIO, 34, 64, 65, -1], c));
}

function* flags({ sys, pool }: Context, [a, b]: Choices): Steps {
  const fd = pool.pick(a, ...ANY);
  const isNamed = ["reader", "writer", "fifo", "file"].includes(pool.kind(fd) ?? "file");
  // Whether a regular file knows O_DIRECT is a matter of the file system.
  const direct = isNamed ? 0 : O_DIRECT;
  yield* sys.fcntl(fd, abi.F_SETFL, O_NONBLOCK | one([O_ASYNC, 0, direct, O_ASYNC | 0x400, 0x40000], b));
  yield* sys.fcntl(fd, abi.F_GETFL);
}

export const DESCRIPTOR_COMMANDS: readonly (readonly [weight: number, Command])[] = [
  [1, close_range],
  [2, dup3],
  [3, more],
  [3, pipeSize],
  [3, owner],
  [3, flags],
];
