import { beforeOf, elementsOf, numberOf } from "../strace/access.ts";
import type { StraceCall } from "../strace/types.ts";

/** How the arguments of a call stand that moves bytes from one descriptor to another, past the program. */
export interface Transfer {
  /** Which of its descriptors the bytes come from, and which they go to. */
  readonly from: 0 | 1;
  readonly to: 0 | 1;
  /** Which argument is the position to read at or to write at; null: there is none. */
  readonly fromOffset: number | null;
  readonly toOffset: number | null;
  /** Which argument is the number of bytes. */
  readonly count: number;
}

/** The calls that move bytes from one descriptor to another, by name. */
export const TRANSFERS: Readonly<Record<string, Transfer>> = {
  sendfile: { from: 1, to: 0, fromOffset: 2, toOffset: null, count: 3 },
  splice: { from: 0, to: 1, fromOffset: 1, toOffset: 3, count: 4 },
  tee: { from: 0, to: 1, fromOffset: null, toOffset: null, count: 2 },
  copy_file_range: { from: 0, to: 1, fromOffset: 1, toOffset: 3, count: 4 },
};

/** The position that a program has passed by a pointer, `[4096] => [8192]`; null: it has passed none. */
export function offsetBefore(call: StraceCall, index: number | null): number | null {
  if (index === null) return null;
  const value = beforeOf(call.args[index]);
  return value === undefined || value.kind === "null" ? null : (numberOf(elementsOf(value)[0]) ?? 0);
}
