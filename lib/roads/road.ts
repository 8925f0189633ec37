import type { BootOptions } from "../machine/options.ts";
import type { PendingCall } from "../machine/call.ts";
import type { Sys } from "../machine/sys.ts";
import type { UserBuffer } from "../machine/user_memory.ts";

/** What a road leads from and to. */
export interface Way {
  /** The file, open for reading, at its beginning. */
  readonly file: number;
  /** The connected socket. */
  readonly socket: number;
  /** Length of the file. Unit: bytes. */
  readonly size: number;
  /** How much a call moves at most. Unit: bytes. */
  readonly chunk: number;
  /** Told of the memory of the program's own through which the bytes go, if they do. */
  readonly uses?: (buffer: UserBuffer) => void;
}

/** A system call, or a stretch of program that answers as one. */
export type Steps = Iterable<PendingCall, number, number>;

/** A stretch of program. */
export type Stretch<T> = Generator<PendingCall, T, number>;

/** Goes from the first byte to the last: how many bytes were handed over, or -errno. */
export type Walk = () => Steps;

/** A way on which the bytes of a file come to be in a socket. */
export interface Road {
  /** What it is called. */
  readonly name: string;
  /** How it goes, and where its figures come from, in a few words. */
  readonly about?: string;
  /** What is needed of the devices, where that is not the default. */
  readonly device?: BootOptions["device"];
  /** Whether the bytes go through memory of the program's own: what does not fit into that takes several calls. */
  readonly buffered?: boolean;
  /** Flags of open(2) besides O_RDONLY. */
  readonly flags?: number;
  /**
   * What a program does once, before its first byte; not counted.
   *
   * @returns  the road itself; a stretch of program that comes to it, if that takes system calls.
   */
  prepare(sys: Sys, way: Way): Stretch<Walk> | Walk;
}

/** Makes a call that may do a part of the work until all is done or one fails; that one's answer, or the sum. */
export function* all(size: number, part: (done: number) => Steps): Stretch<number> {
  let done = 0;
  while (done < size) {
    const moved = yield* part(done);
    if (moved < 0) return moved;
    if (moved === 0) break;
    done += moved;
  }
  return done;
}

/** A buffer as programs have them that run for a while: its pages are there, it begins at the beginning of one. */
export function usedBuffer(sys: Sys, { chunk, uses }: Way, length = chunk): UserBuffer {
  const buffer = sys.buffer(length);
  uses?.(buffer);
  for (let at = 0; at < length; at += 4096) buffer.set([0], at);
  return buffer;
}
