import * as abi from "../abi.ts";
import { BAD_ADDRESSES, one, wrong } from "./commands.ts";
import type { OpenFile } from "./pool.ts";
import {
  type Choices,
  type FileContext,
  NAMES,
  SINK,
  type Steps,
  type Weighted,
  fresh,
  isFile,
  isSink,
  length,
  pageAt,
  place,
  readable,
  scatter,
  shift,
  some,
} from "./file-context.ts";

/* Reading, writing and cutting regular files. */

const { O_APPEND, O_CREAT, O_DIRECT, O_RDONLY, O_RDWR, O_TRUNC, O_WRONLY } = abi;
const [SEEK_SET, SEEK_CUR, SEEK_END] = [0, 1, 2];
const WAYS = [
  O_RDWR,
  O_RDWR,
  O_RDONLY,
  O_WRONLY,
  O_RDWR | O_APPEND,
  O_WRONLY | O_APPEND,
  O_RDWR | O_DIRECT,
  O_RDONLY | O_DIRECT,
  O_RDWR | O_TRUNC,
];

/** The size that a file is cut to, or gets. */
const size = (choice: number) => (wrong(choice) ? one([-1, 2 ** 50, 0], choice >> 5) : Math.max(0, place(choice)));

/** Notes whether a file is past the page cache. */
function mark(file: OpenFile | undefined, flags: number): void {
  if (file) file.direct = (flags & O_DIRECT) > 0;
}

function* open({ sys, pool, held }: FileContext, [a, b]: Choices): Steps {
  const name = one(NAMES, a);
  const flags = (held && name !== SINK ? one(WAYS, b) & ~O_TRUNC : one(WAYS, b)) | (a % 16 === 5 ? 0 : O_CREAT);
  const fd = yield* sys.open(wrong(a) ? one(BAD_ADDRESSES, a >> 5) : name, flags, 0o600);
  pool.add(fd, "file", name);
  mark(pool.file(fd), flags);
}

/** The file stays open to the end: its number is not to be given to another one. */
function* unlink({ sys }: FileContext, [a]: Choices): Steps {
  yield* sys.open(one(NAMES, a), O_RDONLY);
  yield* sys.unlink(one(NAMES, a));
}

function* dup({ sys, pool }: FileContext, [a]: Choices): Steps {
  const fd = pool.choose(a, isFile);
  pool.share(yield* sys.dup(fd), pool.file(fd));
}

function* close({ sys, pool }: FileContext, [a]: Choices): Steps {
  const fd = pool.choose(a, isFile);
  if ((yield* sys.close(fd)) === 0) pool.remove(fd);
}

function* setFlags({ sys, pool }: FileContext, [a, b]: Choices): Steps {
  const fd = pool.choose(a, isFile);
  // Pipes and sockets stay as they are: nothing is to sleep.
  if (pool.kind(fd) !== undefined && pool.kind(fd) !== "file") return;
  const flags = one([0, O_APPEND, O_DIRECT], b);
  if ((yield* sys.fcntl(fd, abi.F_SETFL, flags)) === 0) mark(pool.file(fd), flags);
}

/** Any memory for bytes: now and then none. */
const memory = (context: FileContext, choice: number) =>
  wrong(choice) ? one(BAD_ADDRESSES, choice >> 5) : context.in.at(shift(choice));
function source(context: FileContext, fd: number, choice: number, bytes: number) {
  if (!wrong(choice)) return fresh(context, bytes, choice >> 4);
  scatter(context, fd);
  return one(BAD_ADDRESSES, choice >> 5);
}

function* read(context: FileContext, [a, b, c]: Choices): Steps {
  yield* context.sys.read(readable(context, a), memory(context, c), length(b));
}

/**
 * Writes past the page cache are of whole sectors, of memory that is there: what one that fails leaves behind is a matter
 * of how ext4 has laid the file out.
 */
function* directWrite(context: FileContext, fd: number, [b, c, d]: readonly number[]): Steps {
  const count = length(b!) & ~511;
  yield* context.sys.pwrite64(fd, fresh(context, count, c), count, Math.max(0, place(d!)) & ~511);
}

function* write(context: FileContext, [a, b, c, d]: Choices): Steps {
  const fd = context.pool.choose(a, isFile);
  if (context.pool.file(fd)?.direct) yield* directWrite(context, fd, [b, c, d]);
  else yield* context.sys.write(fd, source(context, fd, c, length(b)), length(b));
}

function* pread64(context: FileContext, [a, b, c, d]: Choices): Steps {
  yield* context.sys.pread64(readable(context, a), memory(context, c), length(b), place(d));
}

function* pwrite64(context: FileContext, [a, b, c, d]: Choices): Steps {
  const [fd, count] = [context.pool.choose(a, isFile), length(b)];
  if (context.pool.file(fd)?.direct) yield* directWrite(context, fd, [b, c, d]);
  else yield* context.sys.pwrite64(fd, source(context, fd, c, count), count, place(d));
}

function* readv(context: FileContext, [a, b]: Choices): Steps {
  yield* context.sys.readv(readable(context, a), some(context, b, false));
}

function* writev(context: FileContext, [a, b, c, d]: Choices): Steps {
  const fd = context.pool.choose(a, isFile);
  if (context.pool.file(fd)?.direct) yield* directWrite(context, fd, [b, c, d]);
  else yield* context.sys.writev(fd, some(context, b, true));
}

function* lseek({ sys, pool }: FileContext, [a, b, c]: Choices): Steps {
  const whence = wrong(c) ? 9 : one([SEEK_SET, SEEK_SET, SEEK_CUR, SEEK_END], c);
  const by = whence === SEEK_SET ? place(b) : one([0, 0, -1, -5000, 100], b);
  yield* sys.lseek(pool.choose(a, isFile), by, whence);
}

/** How much room files take is left out: ext4 counts its own, too, and folios of several pages get theirs at once. */
class StatWithoutBlocks {
  get st_blocks(): number {
    return 0;
  }
  set st_blocks(_: number) {
    // Not kept.
  }
}

function* fstat({ sys, pool }: FileContext, [a]: Choices): Steps {
  yield* sys.fstat(pool.choose(a, isFile), new StatWithoutBlocks());
}

function* ftruncate({ sys, pool, held }: FileContext, [a, b]: Choices): Steps {
  const fd = pool.choose(a, held ? isSink : isFile);
  if (!held || pool.file(fd)?.name === SINK) yield* sys.ftruncate(fd, size(b));
}

function* truncate({ sys, held }: FileContext, [a, b]: Choices): Steps {
  yield* sys.truncate(held ? SINK : one(NAMES, a), size(b));
}

function* fsync({ sys, pool }: FileContext, [a, b, c]: Choices): Steps {
  const fd = pool.choose(a, isFile);
  const kind = b % 8;
  if (kind === 0) yield* sys.fsync(fd);
  else if (kind < 3) yield* sys.fdatasync(fd);
  else yield* sys.sync_file_range(fd, pageAt(c), one([0, 4096, 70_000, -1], b >> 4), wrong(c) ? 8 : 1 + (b % 7));
}

export const FILE_COMMANDS: Weighted = [
  [6, open],
  [1, unlink],
  [2, dup],
  [2, close],
  [2, setFlags],
  [10, read],
  [12, write],
  [10, pread64],
  [14, pwrite64],
  [3, readv],
  [4, writev],
  [6, lseek],
  [4, fstat],
  [5, ftruncate],
  [3, truncate],
  [2, fsync],
];
