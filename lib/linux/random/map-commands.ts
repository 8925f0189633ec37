import { one, wrong } from "./commands.ts";
import { type Choices, type FileContext, PAGE, type Steps, type Weighted } from "./file-context.ts";
import { isFile, pageAt, scatter } from "./file-context.ts";

/* Areas of memory that show files, and calls that are given their addresses. */

const [PROT_READ, PROT_WRITE] = [1, 2];
const [MAP_SHARED, MAP_PRIVATE, MAP_FIXED] = [1, 2, 0x10];
const [MS_ASYNC, MS_INVALIDATE, MS_SYNC] = [1, 2, 4];
const [MADV_NORMAL, MADV_RANDOM, MADV_SEQUENTIAL, MADV_WILLNEED, MADV_DONTNEED] = [0, 1, 2, 3, 4];

/** Where programs have their areas: nothing else is there. */
const ARENA = 0x1000_0000_0000;
const AREA_SIZE = 32 * PAGE;
const AREAS = 4;

const area = (choice: number) => choice % AREAS;
const addressOf = (number: number) => ARENA + number * AREA_SIZE;
/** Somewhere in an area, which may be none. */
const somewhere = (choice: number) =>
  addressOf(area(choice)) +
  one([0, 0, 4096, 8192, 40_000, 12_288], choice >> 3) +
  one([0, 0, 1, 4000, 100], choice >> 7);
const LENGTHS = [1, 100, 4096, 5000, 8192, 20_000];

function* mmap(context: FileContext, [a, b, c, d]: Choices): Steps {
  const { sys, pool, mapped } = context;
  const fd = pool.choose(a, isFile);
  const flags = wrong(c) ? 0 : one([MAP_SHARED, MAP_SHARED, MAP_PRIVATE], c >> 5);
  const prot = one([PROT_READ | PROT_WRITE, PROT_READ | PROT_WRITE, PROT_READ], c >> 9);
  const length = wrong(d) ? 0 : one([8 * PAGE, PAGE, 12 * PAGE, 5000, 20 * PAGE], d);
  const offset = wrong(b) ? 100 : b % 2 ? 0 : pageAt(b >> 3);
  const result = yield* sys.mmap(addressOf(area(b)), length, prot, flags | MAP_FIXED, fd, offset);
  const name = pool.file(fd)?.name;
  scatter(context, fd);
  if (result > 0 && name !== undefined) mapped.set(area(b), new Set([...(mapped.get(area(b)) ?? []), name]));
}

function* munmap({ sys }: FileContext, [a, b]: Choices): Steps {
  const start = addressOf(area(a)) + one([0, 0, PAGE, 3 * PAGE], b);
  yield* sys.munmap(wrong(a) ? start + 1 : start, one([AREA_SIZE - 3 * PAGE, PAGE, 2 * PAGE, 0], b >> 4));
}

/** What is in an area, by a file that no area shows. */
function* load({ sys, in: buffer, scratch }: FileContext, [a, b]: Choices): Steps {
  const count = one(LENGTHS, b);
  if ((yield* sys.pwrite64(scratch, somewhere(a), count, 0)) > 0) yield* sys.pread64(scratch, buffer, count, 0);
}

/** A file's bytes are stored in an area, of another file: what overlaps itself is copied in any order. */
function* store({ sys, pool, mapped }: FileContext, [a, b, c, d]: Choices): Steps {
  const fd = pool.choose(c, ({ kind, direct }) => kind === "file" && direct !== true);
  const name = pool.file(fd)?.name ?? "";
  if (pool.file(fd)?.direct || mapped.get(area(a))?.has(name)) return;
  yield* sys.pread64(fd, somewhere(a), one(LENGTHS, b), pageAt(d));
}

/** An area's bytes are written to another file. */
function* write(context: FileContext, [a, b, c, d]: Choices): Steps {
  const { sys, pool, mapped } = context;
  const fd = pool.choose(c, isFile);
  const name = pool.file(fd)?.name ?? "";
  if (pool.file(fd)?.direct || mapped.get(area(a))?.has(name)) return;
  scatter(context, fd);
  yield* sys.pwrite64(fd, somewhere(a), one(LENGTHS, b), pageAt(d));
}

function* msync({ sys }: FileContext, [a, b]: Choices): Steps {
  const kind = one([MS_ASYNC, MS_ASYNC, MS_SYNC, MS_INVALIDATE, MS_ASYNC | MS_SYNC, 8], b);
  yield* sys.msync(wrong(a) ? somewhere(a) : addressOf(area(a)), one([PAGE, 2 * PAGE, 5000, 0], b >> 4), kind);
}

function* madvise({ sys }: FileContext, [a, b]: Choices): Steps {
  const advice = one([MADV_DONTNEED, MADV_RANDOM, MADV_SEQUENTIAL, MADV_WILLNEED, MADV_NORMAL], b);
  yield* sys.madvise(addressOf(area(a)), one([PAGE, 2 * PAGE, 5 * PAGE, 0], b >> 4), advice);
}

/** Everything is given back. */
export function* unmapAll({ sys }: FileContext): Steps {
  yield* sys.munmap(ARENA, AREAS * AREA_SIZE);
}

export const MAP_COMMANDS: Weighted = [
  [8, mmap],
  [2, munmap],
  [8, load],
  [7, store],
  [4, write],
  [2, msync],
  [2, madvise],
];
