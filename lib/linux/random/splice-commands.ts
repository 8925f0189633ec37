import * as abi from "../abi.ts";
import { one, wrong } from "./commands.ts";
import { type Choices, type FileContext, PAGE, type Steps, type Weighted } from "./file-context.ts";
import { fresh, isSink, isSource, readable } from "./file-context.ts";
import type { OpenFile } from "./pool.ts";
import { PATTERN } from "./stream.ts";
import { moving } from "./position-commands.ts";

/*
 * Pages that move: pipes, files and sockets are filled from each other, and pages are written to while somebody else
 * refers to them.
 */

const { O_NONBLOCK, O_RDWR, SPLICE_F_NONBLOCK } = abi;
const SIZES = [1, 100, 4096, 5000, 8192, 20_000, 65_536, 70_000, 3, 12_288, 0];

const size = (choice: number) => (wrong(choice) ? -1 : one(SIZES, choice));
const flags = (choice: number) => (wrong(choice) ? 0x10 : one([0, 1, 2, 4, 8], choice));

/** A pipe that others are filled from. How many slots a socket's bytes take depends on how its memory was cut. */
function pipe({ pool }: FileContext, choice: number): number {
  const fd = pool.pick(choice, "reader");
  return pool.kind(fd) === "unix" || isOf(pool.file(fd), isSink) ? -1 : fd;
}

/** A file that pages are taken from. */
function source(context: FileContext, choice: number): number {
  const { pool } = context;
  const fd = readable(context, choice, isSource);
  return pool.kind(fd) === "unix" || isOf(pool.file(fd), isSink) ? -1 : fd;
}

/** A descriptor that pages are moved to: none of a file that they may come from, nor past the page cache. */
function target({ pool }: FileContext, choice: number, fits: (file: OpenFile) => boolean): number {
  const fd = pool.choose(choice, fits);
  return isOf(pool.file(fd), isSource) || pool.file(fd)?.direct ? -1 : fd;
}

const isOf = (file: OpenFile | undefined, fits: (file: OpenFile) => boolean) => file !== undefined && fits(file);

function* pipe2({ sys, pool }: FileContext, [a]: Choices): Steps {
  const fds: number[] = [];
  yield* sys.pipe2(fds, O_NONBLOCK | (a % 8 === 7 ? abi.O_DIRECT : 0));
  pool.add(fds[0] ?? -1, "reader");
  pool.add(fds[1] ?? -1, "writer");
}

function* socketpair({ sys, pool }: FileContext, _choices: Choices): Steps {
  const fds: number[] = [];
  yield* sys.socketpair(abi.AF_UNIX, abi.SOCK_STREAM | abi.SOCK_NONBLOCK, 0, fds);
  for (const fd of fds) pool.add(fd, "unix");
}

function* device({ sys, pool }: FileContext, [a]: Choices): Steps {
  pool.add(yield* sys.open(one(["/dev/null", "/dev/zero"], a), O_RDWR), "eventfd");
}

function* write(context: FileContext, [a, b]: Choices): Steps {
  const count = one(SIZES, b);
  const fd = context.pool.pick(a, "writer", "unix");
  if (!context.pool.file(fd)?.direct) yield* context.sys.write(fd, fresh(context, count), count);
}

function* read(context: FileContext, [a, b]: Choices): Steps {
  yield* context.sys.read(context.pool.pick(a, "reader", "unix"), context.in, one(SIZES, b));
}

function* splicePipes(context: FileContext, [a, b, c]: Choices): Steps {
  const { sys, pool } = context;
  yield* sys.splice(pipe(context, a), null, pool.pick(b, "writer"), null, size(c), flags(a ^ b));
}

function* tee({ sys, pool }: FileContext, [a, b, c]: Choices): Steps {
  yield* sys.tee(pool.pick(a, "reader"), pool.pick(b, "writer"), size(c), flags(a ^ b));
}

function* fromFile(context: FileContext, [a, b, c]: Choices): Steps {
  const { sys, pool } = context;
  context.held = true;
  yield* sys.splice(source(context, a), moving(b), pool.pick(c, "writer"), null, size(a ^ b), flags(b ^ c));
}

function* toFile(context: FileContext, [a, b, c]: Choices): Steps {
  const { sys } = context;
  const [from, to] = [pipe(context, a), target(context, b, (file) => isSink(file) || file.kind === "eventfd")];
  yield* sys.splice(from, null, to, moving(c), size(a ^ c), flags(b ^ c));
}

function* toSocket(context: FileContext, [a, b, c]: Choices): Steps {
  const { sys, pool } = context;
  yield* sys.splice(pipe(context, a), null, pool.pick(b, "unix"), null, size(c), flags(a ^ b));
}

/** Through a pipe of its own: how many slots the bytes of a socket take depends on how its memory was cut. */
function* fromSocket({ sys, pool, in: buffer }: FileContext, [a, b]: Choices): Steps {
  const fds: number[] = [];
  yield* sys.pipe2(fds, O_NONBLOCK);
  const [reader = -1, writer = -1] = fds;
  yield* sys.splice(pool.pick(a, "unix"), null, writer, null, one([1, 100, 3000], b), SPLICE_F_NONBLOCK);
  yield* sys.read(reader, buffer, 70_000);
  yield* sys.close(reader);
  yield* sys.close(writer);
}

function* toPipe({ sys, pool, pages }: FileContext, [a, b, c]: Choices): Steps {
  const piece = pages.at(pages.length - one([1, 100, 4096, 9000, 5000, 12_388], b));
  yield* sys.vmsplice(pool.pick(a, "writer"), [piece], SPLICE_F_NONBLOCK | (c % 5 ? 0 : 8));
}

function* fromPipe({ sys, pool, in: buffer }: FileContext, [a]: Choices): Steps {
  const fd = pool.pick(a, "reader");
  // A page that is read into from itself is nothing that anybody relies on.
  if (pool.kind(fd) !== "writer") yield* sys.vmsplice(fd, [buffer.at(PAGE)], SPLICE_F_NONBLOCK);
}

/** The program stores something in pages that pipes may refer to. */
function* store(context: FileContext, _choices: Choices): Steps {
  context.pages.set(PATTERN.subarray(0, context.pages.length).map((byte) => byte ^ context.count));
}

function* sendfile(context: FileContext, [a, b, c]: Choices): Steps {
  const { sys } = context;
  context.held = true;
  const out = target(context, a, ({ kind }) => kind === "writer" || kind === "unix");
  yield* sys.sendfile(out, source(context, b), moving(c), size(a ^ c));
}

function* pipeSize({ sys, pool }: FileContext, [a, b]: Choices): Steps {
  yield* sys.fcntl(pool.pick(a, "writer"), abi.F_SETPIPE_SZ, one([4096, 8192, 65_536, 131_072], b));
}

function* fionread({ sys, pool }: FileContext, [a]: Choices): Steps {
  yield* sys.ioctl(pool.pick(a, "reader"), abi.FIONREAD, { value: 0 });
}

function* close({ sys, pool }: FileContext, [a]: Choices): Steps {
  const fd = pool.pick(a, "reader", "writer", "unix");
  if ((yield* sys.close(fd)) === 0) pool.remove(fd);
}

export const SPLICE_COMMANDS: Weighted = [
  [4, pipe2],
  [2, socketpair],
  [1, device],
  [9, write],
  [9, read],
  [8, splicePipes],
  [7, tee],
  [8, fromFile],
  [7, toFile],
  [4, toSocket],
  [2, fromSocket],
  [6, toPipe],
  [3, fromPipe],
  [4, store],
  [7, sendfile],
  [1, pipeSize],
  [2, fionread],
  [1, close],
];
