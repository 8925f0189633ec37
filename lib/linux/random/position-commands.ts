import * as abi from "../abi.ts";
import { one, wrong } from "./commands.ts";
import { type Choices, type FileContext, type Steps, type Weighted } from "./file-context.ts";
import { isFile, isSink, isSource, length, pageAt, place, readable, some } from "./file-context.ts";

/* Calls that say themselves where in a file, and how; advice; bytes from file to file. */

const [RWF_DSYNC, RWF_SYNC, RWF_NOWAIT, RWF_APPEND, RWF_NOAPPEND] = [2, 4, 8, 0x10, 0x20];
/** A position, or that of the file. */
const somewhere = (choice: number) => (choice % 4 === 0 ? -1 : place(choice >> 2));

function* preadv(context: FileContext, [a, b, c]: Choices): Steps {
  yield* context.sys.preadv(readable(context, a), some(context, b, false), place(c));
}

function* pwritev(context: FileContext, [a, b, c]: Choices): Steps {
  const fd = context.pool.choose(a, isFile);
  if (!context.pool.file(fd)?.direct) yield* context.sys.pwritev(fd, some(context, b, true), place(c));
}

function* preadv2(context: FileContext, [a, b, c, d]: Choices): Steps {
  // Whether a page is in the cache is not a matter of calls alone: nothing is asked for without waiting.
  const flags = wrong(d) ? one([0x1000, 0x40, RWF_APPEND | RWF_NOAPPEND], d >> 5) : one([0, RWF_SYNC, RWF_APPEND], d);
  yield* context.sys.preadv2(readable(context, a), some(context, b, false), somewhere(c), flags);
}

function* pwritev2(context: FileContext, [a, b, c, d]: Choices): Steps {
  const fd = context.pool.choose(a, isFile);
  if (context.pool.file(fd)?.direct) return;
  const list = [0, RWF_APPEND, RWF_NOAPPEND, RWF_APPEND, 0, 0, 0, RWF_NOWAIT, RWF_DSYNC];
  const flags = wrong(d) ? one([0x1000, RWF_APPEND | RWF_NOAPPEND], d >> 5) : one(list, d);
  yield* context.sys.pwritev2(fd, some(context, b, true), somewhere(c), flags);
}

function* fadvise64({ sys, pool }: FileContext, [a, b, c, d]: Choices): Steps {
  yield* sys.fadvise64(pool.choose(a, isFile), pageAt(b), wrong(c) ? -1 : length(c), wrong(d) ? 9 : d % 6);
}

function* readahead({ sys, pool }: FileContext, [a, b, c]: Choices): Steps {
  yield* sys.readahead(pool.choose(a, isFile), place(b), length(c));
}

/** A position for a call that moves it on; null: that of the file. */
export function moving(choice: number): { value: number } | null | number {
  if (choice % 2) return null;
  return wrong(choice) ? one([8, { value: -1 }], choice >> 5) : { value: Math.max(0, place(choice >> 1)) };
}

function* copyFileRange(context: FileContext, [a, b, c, d]: Choices): Steps {
  const { sys, pool } = context;
  const [from, to] = [readable(context, a, isSource), pool.choose(b, isSink)];
  if (pool.file(to)?.name !== pool.file(from)?.name)
    yield* sys.copy_file_range(from, moving(c), to, moving(c >> 4), length(d), wrong(b >> 3) ? 1 : 0);
}

/** From a file to another, through nobody's pipe. */
function* sendfile(context: FileContext, [a, b, c, d]: Choices): Steps {
  const { sys, pool } = context;
  const [from, to] = [readable(context, a, isSource), pool.choose(b, isSink)];
  if (pool.file(to)?.direct || pool.file(to)?.name === pool.file(from)?.name) return;
  // Without a file to write to, a pipe or a socket gets the pages.
  if (pool.kind(to) !== "file") context.held = true;
  yield* sys.sendfile(to, from, moving(c), length(d));
}

function* ask({ sys, pool }: FileContext, [a]: Choices): Steps {
  yield* sys.fcntl(pool.choose(a, isFile), abi.F_GETFL);
}

export const POSITION_COMMANDS: Weighted = [
  [4, preadv],
  [4, pwritev],
  [4, preadv2],
  [5, pwritev2],
  [4, fadvise64],
  [2, readahead],
  [5, copyFileRange],
  [5, sendfile],
  [1, ask],
];
