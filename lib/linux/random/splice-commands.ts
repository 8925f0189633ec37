import fc from "fast-check";
import * as abi from "../abi.ts";
import type { Buffer, Program, Sys } from "../program.ts";
import { type Choices, one, wrong } from "./commands.ts";
import { PATTERN } from "./stream.ts";
import { type Kind, Pool } from "./pool.ts";

/*
 * Random programs about pages that move: pipes, files and sockets are filled from each other, and pages are written to
 * while somebody else refers to them.
 */

type Steps = Iterable<unknown>;

interface Context {
  readonly sys: Sys;
  readonly pool: Pool;
  readonly out: Buffer;
  readonly in: Buffer;
  /** Memory at the beginning of a page, which pipes get references to. */
  readonly pages: Buffer;
  count: number;
}

type Command = (context: Context, choices: Choices) => Steps;

const { O_CREAT, O_NONBLOCK, O_RDONLY, O_RDWR, O_WRONLY, SPLICE_F_NONBLOCK } = abi;
const PAGE = 4096;
const BUFFER_ALIGN = 16;
const SIZES = [1, 100, 4096, 5000, 8192, 20_000, 65_536, 70_000, 3, 12_288, 0];
/** Every file is born with so many bytes and keeps them, so that none has a hole. */
const BORN = 40_000;
/** Files that pages are taken from, and one that they are written to: what overlaps itself is copied in any order. */
const NAMES = ["/a", "/b", "/sink"];
const kindOf = (name: string) => (name === "/sink" ? "fifo" : "file");
const [SEEK_SET, SEEK_END] = [0, 2];

const size = (choice: number) => (wrong(choice) ? -1 : one(SIZES, choice));
const flags = (choice: number) => (wrong(choice) ? 0x10 : one([0, 1, 2, 4, 8], choice));
const offset = (choice: number) => {
  if (choice % 2) return null;
  return wrong(choice) ? one([8, { value: -1 }], choice >> 5) : { value: (choice * 331) % BORN };
};

/** A descriptor that pipes are filled from. How many slots a socket's bytes take depends on how its memory was cut. */
function source({ pool }: Context, choice: number, kind: "reader" | "file"): number {
  const fd = pool.pick(choice, kind);
  return pool.kind(fd) === "unix" || pool.kind(fd) === "fifo" ? -1 : fd;
}

/** A descriptor that pages are moved to: none of a file that they may come from. */
function target({ pool }: Context, choice: number, ...kinds: Kind[]): number {
  const fd = pool.pick(choice, ...kinds);
  return pool.kind(fd) === "file" ? -1 : fd;
}

/** Bytes that no other command has written. */
function fresh({ out, count }: Context, length: number): Uint8Array {
  const from = (count * 97) % (PATTERN.length - Math.min(length, PATTERN.length) + 1);
  out.set(PATTERN.subarray(from, from + length).map((byte) => byte ^ count));
  return out.bytes(length);
}

function* pipe2({ sys, pool }: Context, [a]: Choices): Steps {
  const fds: number[] = [];
  yield* sys.pipe2(fds, O_NONBLOCK | (a % 8 === 7 ? abi.O_DIRECT : 0));
  pool.add(fds[0] ?? -1, "reader");
  pool.add(fds[1] ?? -1, "writer");
}

function* socketpair({ sys, pool }: Context, _choices: Choices): Steps {
  const fds: number[] = [];
  yield* sys.socketpair(abi.AF_UNIX, abi.SOCK_STREAM | abi.SOCK_NONBLOCK, 0, fds);
  for (const fd of fds) pool.add(fd, "unix");
}

function* open({ sys, pool }: Context, [a, b]: Choices): Steps {
  const name = one(NAMES, a);
  pool.add(yield* sys.open(name, one([O_RDWR, O_RDWR, O_RDONLY, O_WRONLY], b)), kindOf(name));
}

function* device({ sys, pool }: Context, [a]: Choices): Steps {
  pool.add(yield* sys.open(one(["/dev/null", "/dev/zero"], a), O_RDWR), "eventfd");
}

function* write(context: Context, [a, b, c]: Choices): Steps {
  const fd = context.pool.pick(a, ...(c % 2 ? (["writer", "unix"] as const) : (["file", "fifo"] as const)));
  yield* context.sys.write(fd, fresh(context, one(SIZES, b)));
}

function* read(context: Context, [a, b, c]: Choices): Steps {
  const fd = context.pool.pick(a, ...(c % 3 ? (["reader", "unix"] as const) : (["file", "fifo"] as const)));
  // Zeros without end say nothing; a socket tells how its memory was cut only by what a full one takes.
  yield* context.sys.read(fd, context.in, one(SIZES, b));
}

function* lseek({ sys, pool }: Context, [a, b, c]: Choices): Steps {
  const end = c % 3 === 0;
  yield* sys.lseek(pool.pick(a, "file", "fifo"), end ? -(b * 100) : b * 150, end ? SEEK_END : SEEK_SET);
}

function* splicePipes(context: Context, [a, b, c]: Choices): Steps {
  const { sys, pool } = context;
  yield* sys.splice(source(context, a, "reader"), null, pool.pick(b, "writer"), null, size(c), flags(a ^ b));
}

function* tee({ sys, pool }: Context, [a, b, c]: Choices): Steps {
  yield* sys.tee(pool.pick(a, "reader"), pool.pick(b, "writer"), size(c), flags(a ^ b));
}

function* fromFile(context: Context, [a, b, c]: Choices): Steps {
  const { sys, pool } = context;
  yield* sys.splice(source(context, a, "file"), offset(b), pool.pick(c, "writer"), null, size(a ^ b), flags(b ^ c));
}

function* toFile(context: Context, [a, b, c]: Choices): Steps {
  const { sys } = context;
  const [from, to] = [source(context, a, "reader"), target(context, b, "fifo", "eventfd")];
  yield* sys.splice(from, null, to, offset(c), size(a ^ c), flags(b ^ c));
}

function* toSocket(context: Context, [a, b, c]: Choices): Steps {
  const { sys, pool } = context;
  yield* sys.splice(source(context, a, "reader"), null, pool.pick(b, "unix"), null, size(c), flags(a ^ b));
}

/** Through a pipe of its own: how many slots the bytes of a socket take depends on how its memory was cut. */
function* fromSocket({ sys, pool, in: buffer }: Context, [a, b]: Choices): Steps {
  const fds: number[] = [];
  yield* sys.pipe2(fds, O_NONBLOCK);
  const [reader = -1, writer = -1] = fds;
  yield* sys.splice(pool.pick(a, "unix"), null, writer, null, one([1, 100, 3000], b), SPLICE_F_NONBLOCK);
  yield* sys.read(reader, buffer, 70_000);
  yield* sys.close(reader);
  yield* sys.close(writer);
}

function* toPipe({ sys, pool, pages }: Context, [a, b, c]: Choices): Steps {
  const piece = at(pages, pages.length - one([1, 100, 4096, 9000, 5000, 12_388], b));
  yield* sys.vmsplice(pool.pick(a, "writer"), [piece], SPLICE_F_NONBLOCK | (c % 5 ? 0 : 8));
}

function* fromPipe({ sys, pool, in: buffer }: Context, [a]: Choices): Steps {
  const fd = pool.pick(a, "reader");
  // A page that is read into from itself is nothing that anybody relies on.
  if (pool.kind(fd) !== "writer") yield* sys.vmsplice(fd, [buffer], SPLICE_F_NONBLOCK);
}

/** The program stores something in pages that pipes may refer to. */
function store(context: Context, _choices: Choices): Steps {
  context.pages.set(PATTERN.subarray(0, context.pages.length).map((byte) => byte ^ context.count));
  return [];
}

function* sendfile(context: Context, [a, b, c]: Choices): Steps {
  const { sys } = context;
  const out = target(context, a, b % 2 ? "fifo" : "writer", "unix");
  yield* sys.sendfile(out, source(context, b, "file"), offset(c), size(a ^ c));
}

function* copyFileRange({ sys, pool }: Context, [a, b, c]: Choices): Steps {
  const [from, to] = [pool.pick(a, "file"), pool.pick(b, "file")];
  yield* sys.copy_file_range(from, offset(c), to, offset(c >> 1), size(a ^ b), wrong(b) ? 1 : 0);
}

function* pipeSize({ sys, pool }: Context, [a, b]: Choices): Steps {
  yield* sys.fcntl(pool.pick(a, "writer"), abi.F_SETPIPE_SZ, one([4096, 8192, 65_536, 131_072], b));
}

function* fionread({ sys, pool }: Context, [a]: Choices): Steps {
  yield* sys.ioctl(pool.pick(a, "reader"), abi.FIONREAD, { value: 0 });
}

function* close({ sys, pool }: Context, [a]: Choices): Steps {
  const fd = pool.pick(a, "reader", "writer", "unix");
  if ((yield* sys.close(fd)) === 0) pool.remove(fd);
}

const LIST: readonly (readonly [weight: number, Command])[] = [
  [4, pipe2],
  [2, socketpair],
  [3, open],
  [1, device],
  [9, write],
  [9, read],
  [3, lseek],
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
  [4, copyFileRange],
  [1, pipeSize],
  [2, fionread],
  [1, close],
];
const COMMANDS = LIST.flatMap(([weight, command]) => Array.from({ length: weight }, () => command));

/** A random program about pages that move, as data. */
export type SpliceStream = readonly (readonly [command: number, ...Choices])[];

/** Programs of up to `length` commands. */
export function spliceStreams(length: number): fc.Arbitrary<SpliceStream> {
  const choice = fc.noBias(fc.nat(255));
  const command = fc.tuple(fc.noBias(fc.nat(COMMANDS.length - 1)), choice, choice, choice);
  return fc.array(command, { minLength: 1, maxLength: length, size: "max" });
}

/** The rest of a buffer. */
function at(buffer: Buffer, offset: number): Buffer {
  return (buffer as Buffer & { at(offset: number): Buffer }).at(offset);
}

/** Memory that begins with a page. The real kernel's program has its buffers one behind the other. */
function pagesOf(sys: Sys, length: number): Buffer {
  const { address } = sys.buffer(BUFFER_ALIGN) as Buffer & { address: number };
  const rest = (2 * PAGE - BUFFER_ALIGN - (address % PAGE)) % PAGE;
  if (rest > 0) sys.buffer(rest);
  return sys.buffer(length);
}

/** The program that carries out a stream: it begins with two files, two pipes and a pair of sockets. */
export function spliceProgramOf(stream: SpliceStream): Program {
  return function* (sys) {
    const memory = { out: sys.buffer(PATTERN.length), in: pagesOf(sys, PATTERN.length), pages: pagesOf(sys, 5 * PAGE) };
    const context: Context = { sys, pool: new Pool(), ...memory, count: 0 };
    for (const memory of [context.out, context.in]) memory.set(PATTERN);
    store(context, [0, 0, 0]);
    for (const name of NAMES) {
      const fd = yield* sys.open(name, O_RDWR | O_CREAT, 0o600);
      yield* sys.write(fd, PATTERN.subarray(0, BORN));
      context.pool.add(fd, kindOf(name));
    }
    for (let i = 0; i < 2; i++) yield* pipe2(context, [0, 0, 0]);
    yield* socketpair(context, [0, 0, 0]);
    for (const [command, ...choices] of stream) {
      context.count++;
      yield* (COMMANDS[command % COMMANDS.length] as Command)(context, choices);
    }
  };
}
