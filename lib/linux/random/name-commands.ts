import * as abi from "../abi.ts";
import { type Choices, type Command, type Context, type Steps, one, wrong } from "./commands.ts";

/** Commands about names, what files are, and limits of descriptors. */

const { O_RDONLY, O_WRONLY, O_RDWR, O_NONBLOCK, O_CREAT, O_EXCL, O_TRUNC, O_APPEND, O_PATH, O_CLOEXEC, O_DIRECTORY } =
  abi;
const FIFOS = ["/fifo", "/other"];
const NAMES = [...FIFOS, "/file", "/dev/null", "/dev/zero", "/nothing"];
const RLIMIT_NOFILE = 7;

function* mkfifo({ sys }: Context, [a, b]: Choices): Steps {
  yield* sys.mkfifo(wrong(b) ? "/file" : one(FIFOS, a), one([0o666, 0o600, 0o644], b));
}

/** Opens a FIFO: never waits for the other side. */
function* openFifo({ sys, pool }: Context, [a, b, c]: Choices): Steps {
  const access = one([O_RDONLY, O_WRONLY, O_RDWR, O_RDONLY], b);
  const more = one([0, O_CLOEXEC, 0, O_TRUNC, 0, O_APPEND, O_CREAT, O_CREAT | O_EXCL], c);
  const fd = yield* sys.open(one(FIFOS, a), access | more | O_NONBLOCK);
  pool.add(fd, access === O_WRONLY ? "writer" : access === O_RDONLY ? "reader" : "fifo");
}

function* openFile({ sys, pool }: Context, [a, b, c]: Choices): Steps {
  const access = one([O_RDWR, O_RDONLY, O_WRONLY], b);
  const more = one([O_CREAT, 0, O_CREAT | O_EXCL, O_TRUNC, O_PATH, O_APPEND, O_DIRECTORY, O_CREAT | O_CLOEXEC], c);
  pool.add(yield* sys.open(one(NAMES, a), access | more | O_NONBLOCK, one([0o644, 0o600], b)), "file");
}

function* fstat({ sys, pool }: Context, [a, b]: Choices): Steps {
  yield* sys.fstat(pool.pick(a, "reader", "writer", "fifo", "file", "eventfd"), wrong(b) ? 1 : {});
}

function* stat({ sys }: Context, [a]: Choices): Steps {
  yield* sys.stat(one(NAMES, a), {});
}

function* unlink({ sys }: Context, [a]: Choices): Steps {
  yield* sys.unlink(one([...FIFOS, "/file", "/nothing"], a));
}

/** Where dup2() puts descriptors. */
function* close_range({ sys, pool }: Context, [a, b, c]: Choices): Steps {
  const CLOSE_RANGE_CLOEXEC = 4;
  const first = 20 + (a % 8);
  const last = wrong(b) ? first - 1 : first + (b % 4);
  const flags = one([0, CLOSE_RANGE_CLOEXEC, 0, 8], c);
  const result = yield* sys.close_range(first, last, flags);
  for (let fd = first; result === 0 && flags === 0 && fd <= last; fd++) pool.remove(fd);
}

function* getrlimit({ sys }: Context, [a]: Choices): Steps {
  yield* sys.getrlimit(wrong(a) ? 99 : RLIMIT_NOFILE, {});
}

/** A limit that is met soon, or the usual one. */
function* setrlimit({ sys }: Context, [a]: Choices): Steps {
  yield* sys.setrlimit(RLIMIT_NOFILE, { rlim_cur: one([1024, 16, 1024, 8, 1024, 24, 40], a) });
}

export const NAME_COMMANDS: readonly (readonly [weight: number, Command])[] = [
  [3, mkfifo],
  [5, openFifo],
  [3, openFile],
  [3, fstat],
  [2, stat],
  [1, unlink],
  [1, close_range],
  [1, getrlimit],
  [1, setrlimit],
];
