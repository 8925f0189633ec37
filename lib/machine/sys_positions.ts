import { type Integer, type SystemCall } from "./call.ts";
import { type IoVector } from "./sys_base.ts";
import { HeapCalls } from "./sys_heap.ts";
import { type Path } from "./sys_names.ts";
import { layout } from "../layout.gen.ts";

const NR = layout.enums.Nr.values;

/** Buffers of a call: what sys.buffer() has made, a list of them, or the raw address of an array of struct iovec. */
type Pieces = readonly (IoVector | string | Uint8Array)[] | Integer;

/** System calls on files that say themselves where: positions, sizes, and how a file will be used. */
export class PositionCalls extends HeapCalls {
  /** preadv(2) */
  preadv(fd: Integer, pieces: Pieces, offset: Integer, count?: Integer): SystemCall {
    return this.#vector(NR.preadv, fd, pieces, count, offset);
  }

  /** pwritev(2); strings are written as UTF-8. */
  pwritev(fd: Integer, pieces: Pieces, offset: Integer, count?: Integer): SystemCall {
    return this.#vector(NR.pwritev, fd, pieces, count, offset);
  }

  /** preadv2(2); offset -1: the file's own position. */
  preadv2(fd: Integer, pieces: Pieces, offset: Integer, flags: Integer = 0, count?: Integer): SystemCall {
    return this.#vector(NR.preadv2, fd, pieces, count, offset, flags);
  }

  /** pwritev2(2); offset -1: the file's own position. */
  pwritev2(fd: Integer, pieces: Pieces, offset: Integer, flags: Integer = 0, count?: Integer): SystemCall {
    return this.#vector(NR.pwritev2, fd, pieces, count, offset, flags);
  }

  /** truncate(2) */
  truncate(path: Path, length: Integer): SystemCall {
    const call = this.beginScratch(NR.truncate);
    return call.with(this.path(path), length) as SystemCall;
  }

  /** ftruncate(2) */
  ftruncate(fd: Integer, length: Integer): SystemCall {
    return this.call.begin(NR.ftruncate).with(fd, length) as SystemCall;
  }

  /** fallocate(2) */
  fallocate(fd: Integer, mode: Integer, offset: Integer, length: Integer): SystemCall {
    return this.call.begin(NR.fallocate).with(fd, mode, offset, length) as SystemCall;
  }

  /** fadvise64(2), as posix_fadvise() calls it; length 0: up to the end. */
  fadvise64(fd: Integer, offset: Integer, length: Integer, advice: Integer): SystemCall {
    return this.call.begin(NR.fadvise64).with(fd, offset, length, advice) as SystemCall;
  }

  /** readahead(2) */
  readahead(fd: Integer, offset: Integer, count: Integer): SystemCall {
    return this.call.begin(NR.readahead).with(fd, offset, count) as SystemCall;
  }

  #vector(
    nr: number,
    fd: Integer,
    pieces: Pieces,
    count: Integer | undefined,
    offset: Integer,
    flags: Integer = 0,
  ): SystemCall {
    const call = this.beginScratch(nr);
    const [at, length] = typeof pieces === "object" ? [this.iovecs(pieces), pieces.length] : [pieces, 1];
    return call.with(fd, at, count ?? length, offset, 0, flags) as SystemCall;
  }
}
