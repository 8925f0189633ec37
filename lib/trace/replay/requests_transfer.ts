import { FADVISE, FALLOC_FLAGS, RW_FLAGS, SPLICE_FLAGS, SYNC_FILE_RANGE_FLAGS } from "./constants.ts";
import {
  type Difference,
  type Recorded,
  type Request,
  NotSimulated,
  descriptor,
  differ,
  flags,
  int64,
  number,
  pointer,
  resultOf,
} from "./request.ts";
import { type Transfer, TRANSFERS, offsetBefore } from "./transfers.ts";
import { elementsOf, integerOf } from "../strace/access.ts";
import type { StraceCall } from "../strace/types.ts";
import type { SubmitArgument } from "../../machine/submission.ts";
import { pieces } from "./requests_files.ts";

type Make = (recorded: Recorded) => Request;

/** Bytes from one descriptor to another, at positions of their own, and what becomes of a file's pages. */
export const TRANSFER_REQUESTS: Readonly<Record<string, Make>> = {
  sendfile: ({ call }) => transferRequest(call, [descriptor(call), descriptor(call, 1), 2, number(call, 3)]),
  splice: ({ call }) => transferRequest(call, [...between(call), number(call, 4), flags(call, 5, SPLICE_FLAGS)]),
  tee: ({ call }) => ({
    name: "tee",
    args: [descriptor(call), descriptor(call, 1), number(call, 2), flags(call, 3, SPLICE_FLAGS)],
  }),
  copy_file_range: ({ call }) => {
    const errno = resultOf(call)?.errno;
    if (errno === "EXDEV" || errno === "EOPNOTSUPP") throw new NotSimulated(`${errno} comes from other file systems`);
    return transferRequest(call, [...between(call), number(call, 4), number(call, 5)]);
  },
  preadv: ({ call }) => positionedRequest(call, true, []),
  pwritev: ({ call }) => positionedRequest(call, false, []),
  preadv2: ({ call }) => positionedRequest(call, true, [flags(call, 4, RW_FLAGS)]),
  pwritev2: ({ call }) => positionedRequest(call, false, [flags(call, 4, RW_FLAGS)]),
  fsync: ({ call }) => ({ name: "fsync", args: [descriptor(call)] }),
  fdatasync: ({ call }) => ({ name: "fdatasync", args: [descriptor(call)] }),
  sync_file_range: ({ call }) => ({
    name: "sync_file_range",
    args: [descriptor(call), number(call, 1), number(call, 2), flags(call, 3, SYNC_FILE_RANGE_FLAGS)],
  }),
  ftruncate: ({ call }) => ({ name: "ftruncate", args: [descriptor(call), number(call, 1)] }),
  fallocate: ({ call }) => ({
    name: "fallocate",
    args: [descriptor(call), flags(call, 1, FALLOC_FLAGS), number(call, 2), number(call, 3)],
  }),
  fadvise64: ({ call }) => ({
    name: "fadvise64",
    args: [descriptor(call), number(call, 1), number(call, 2), flags(call, 3, FADVISE)],
  }),
  readahead: ({ call }) => ({ name: "readahead", args: [descriptor(call), number(call, 1), number(call, 2)] }),
};

/** The first four arguments of splice() and copy_file_range(); positions by the number of their argument. */
function between(call: StraceCall): number[] {
  return [descriptor(call), 1, descriptor(call, 2), 3];
}

/** @param args  in the place of a position, the number of its argument. */
function transferRequest(call: StraceCall, args: readonly number[]): Request {
  const transfer = TRANSFERS[call.name]!;
  const isOffset = (index: number) => index === transfer.fromOffset || index === transfer.toOffset;
  const handed = args.map((value, index): SubmitArgument => (isOffset(index) ? offset(call, index) : value));
  return { name: call.name, args: handed, check: (out) => checkOffsets(call, transfer, out) };
}

/** A position that is passed by a pointer, and moved by the call. */
function offset(call: StraceCall, index: number): SubmitArgument {
  const before = offsetBefore(call, index);
  return pointer(call, index, before === null ? 0 : { in: int64(before), back: true });
}

/** Compares the positions that a call has moved. */
function checkOffsets(
  call: StraceCall,
  { fromOffset, toOffset }: Transfer,
  out: readonly Uint8Array<ArrayBuffer>[],
): Difference | null {
  const given = [fromOffset, toOffset].filter((index) => offsetBefore(call, index) !== null);
  for (const [i, index] of given.entries()) {
    const value = call.args[index!];
    // Of some calls, strace tells only what was passed.
    const expected = value?.kind === "change" ? integerOf(elementsOf(value.after)[0]) : undefined;
    const bytes = out[i];
    if (expected === undefined || !bytes) continue;
    const got = new DataView(bytes.buffer, bytes.byteOffset).getBigInt64(0, true);
    const difference = differ("the position", String(expected), String(got));
    if (difference) return difference;
  }
  return null;
}

function positionedRequest(call: StraceCall, isRead: boolean, more: readonly number[]): Request {
  const vector = call.args[1];
  const at = number(call, 3);
  if (vector?.kind !== "array") {
    return { name: call.name, args: [descriptor(call), pointer(call, 1, 0), number(call, 2), at, 0, ...more] };
  }
  const iov = pieces(call, vector, isRead);
  // The kernel takes a position in two halves; with 64 bits the second is not looked at.
  return { name: call.name, args: [descriptor(call), { iov }, iov.length, at, 0, ...more] };
}
