import { layout } from "../layout.gen.ts";

/** Name of an error: `EAGAIN`. */
export type ErrnoName = keyof typeof layout.enums.Errno.values;

const NAMES = new Map<number, ErrnoName>(
  Object.entries(layout.enums.Errno.values).map(([name, value]) => [value, name as ErrnoName]),
);

/** Name of the error that a system call returned: `errnoName(-9)` is "EBADF". null for what is no error, or unknown. */
export function errnoName(result: number): ErrnoName | null {
  return NAMES.get(-result) ?? null;
}
