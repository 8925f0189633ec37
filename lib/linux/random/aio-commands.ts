import * as abi from "../abi.ts";
import type { IoEvent } from "../program.ts";
import { BAD_ADDRESSES, one, wrong } from "./commands.ts";
import { type Choices, type FileContext, type Steps, type Weighted } from "./file-context.ts";
import { fresh, isFile, length, place, readable, scatter, shift } from "./file-context.ts";

/* Asynchronous requests: one at a time is under way, as the disk may do several in any order. */

const { IOCB_CMD_FDSYNC, IOCB_CMD_FSYNC, IOCB_CMD_PREAD, IOCB_CMD_PWRITE } = abi;

function* request(context: FileContext, fields: Parameters<FileContext["sys"]["iocb"]>[0]): Steps {
  const { sys, aio } = context;
  if (aio.value === 0) yield* sys.io_setup(8, aio);
  const submitted = yield* sys.io_submit(aio, [sys.iocb({ ...fields, data: context.count })]);
  const events: IoEvent[] = [];
  yield* sys.io_getevents(aio, Math.max(0, submitted), 4, events, submitted > 0 ? null : { sec: 0, nsec: 0 });
}

function* pread(context: FileContext, [a, b, c, d]: Choices): Steps {
  const fd = readable(context, a);
  const buf = wrong(c) ? one(BAD_ADDRESSES, c >> 5) : context.in.at(shift(c));
  yield* request(context, { opcode: IOCB_CMD_PREAD, fd, buf, nbytes: length(b), offset: place(d) });
}

function* pwrite(context: FileContext, [a, b, c, d]: Choices): Steps {
  const fd = context.pool.choose(a, isFile);
  const direct = context.pool.file(fd)?.direct === true;
  const [nbytes, offset] = direct ? [length(b) & ~511, Math.max(0, place(d)) & ~511] : [length(b), place(d)];
  if (wrong(c) && !direct) scatter(context, fd);
  const buf = wrong(c) && !direct ? one(BAD_ADDRESSES, c >> 5) : fresh(context, nbytes, c);
  yield* request(context, { opcode: IOCB_CMD_PWRITE, fd, buf, nbytes, offset });
}

function* sync(context: FileContext, [a, b]: Choices): Steps {
  const fd = context.pool.choose(a, isFile);
  yield* request(context, { opcode: one([IOCB_CMD_FDSYNC, IOCB_CMD_FSYNC, 99], b), fd });
}

/** The context is given back. */
export function* destroy({ sys, aio }: FileContext): Steps {
  if (aio.value !== 0) yield* sys.io_destroy(aio);
}

export const AIO_COMMANDS: Weighted = [
  [6, pread],
  [6, pwrite],
  [1, sync],
];
