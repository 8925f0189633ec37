import { O_CREAT, O_RDWR, SIGBUS, SIGSEGV, type Sys } from "../scenario.ts";
import { pattern, pipe, read } from "./helpers.ts";
import { SignalJump } from "../../../lib/machine/signals.ts";

export const PAGE = 4096;
/** Where nothing is mapped in either kernel's programs. */
export const AT = 0x2000_0000_0000;
/** A file on a disk. */
export const PATH = "/disk/mapped";

/** A regular file of some bytes. */
export function* file(sys: Sys, bytes: number) {
  const fd = yield* sys.open(PATH, O_RDWR | O_CREAT, 0o600);
  yield* sys.write(fd, pattern(bytes));
  return fd;
}

/** What memory holds, as write() finds it: its bytes, or an error. */
export function* look(sys: Sys, address: number, length = 8) {
  const [reader, writer] = yield* pipe(sys);
  if ((yield* sys.write(writer, address, length)) > 0) yield* read(sys, reader, length);
  yield* sys.close(reader);
  yield* sys.close(writer);
}

/** Stores to memory by read(). */
export function* put(sys: Sys, address: number, text: string) {
  const [reader, writer] = yield* pipe(sys);
  yield* sys.write(writer, text);
  yield* sys.read(reader, address, text.length);
  yield* sys.close(reader);
  yield* sys.close(writer);
}

/** From now on whatever raises SIGSEGV or SIGBUS is given up. */
export function* surviving(sys: Sys) {
  const leave = function* (own: Sys) {
    yield* own.getpid();
    own.siglongjmp();
  };
  yield* sys.sigaction(SIGSEGV, leave);
  yield* sys.sigaction(SIGBUS, leave);
}

/** A load or store that may be given up. */
export function* attempt(access: Iterable<unknown, unknown, unknown>): Generator<unknown, void, unknown> {
  try {
    yield* access;
  } catch (error) {
    if (!(error instanceof SignalJump)) throw error;
  }
}
