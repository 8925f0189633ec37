import { NR } from "../abi.ts";
import type { Call } from "../program.ts";
import { type Numbering, call } from "./linux-names.ts";
import type { Processes } from "./linux-signals.ts";
import { RealBuffer, type UserMemory } from "./memory.ts";
import { WaitCalls } from "./wait-calls.ts";

type Piece = RealBuffer | string | Uint8Array;

/** Calls on files that say themselves where, over the real kernel. */
export class FileCalls extends WaitCalls {
  readonly #memory: UserMemory;

  constructor(fds: Numbering, memory: UserMemory, host: string, processes: Processes | null) {
    super(fds, memory, host, processes);
    this.#memory = memory;
  }

  preadv(fd: number, pieces: readonly RealBuffer[] | number, offset: number): Call {
    return this.#vector(NR.preadv, fd, pieces, offset);
  }
  pwritev(fd: number, pieces: readonly Piece[] | number, offset: number): Call {
    return this.#vector(NR.pwritev, fd, pieces, offset);
  }
  preadv2(fd: number, pieces: readonly RealBuffer[] | number, offset: number, flags = 0): Call {
    return this.#vector(NR.preadv2, fd, pieces, offset, flags);
  }
  pwritev2(fd: number, pieces: readonly Piece[] | number, offset: number, flags = 0): Call {
    return this.#vector(NR.pwritev2, fd, pieces, offset, flags);
  }
  truncate(path: string | number, length: number): Call {
    return call(NR.truncate, this.path(path), length);
  }
  ftruncate(fd: number, length: number): Call {
    return call(NR.ftruncate, this.fds.real(fd), length);
  }
  fallocate(fd: number, mode: number, offset: number, length: number): Call {
    return call(NR.fallocate, this.fds.real(fd), mode, offset, length);
  }
  fadvise64(fd: number, offset: number, length: number, advice: number): Call {
    return call(NR.fadvise64, this.fds.real(fd), offset, length, advice);
  }
  readahead(fd: number, offset: number, count: number): Call {
    return call(NR.readahead, this.fds.real(fd), offset, count);
  }

  #vector(nr: number, fd: number, pieces: readonly Piece[] | number, offset: number, flags = 0): Call {
    const real = this.fds.real(fd);
    if (typeof pieces === "number") return call(nr, real, pieces, 1, offset, 0, flags);
    const vectors = this.#memory.buffer(16 * Math.max(pieces.length, 1));
    const words = pieces.flatMap((piece) => this.#placed(piece).map(BigInt));
    vectors.set(new Uint8Array(BigUint64Array.from(words).buffer));
    return call(nr, real, vectors.address, pieces.length, offset, 0, flags);
  }

  #placed(data: Piece): [address: number, length: number] {
    if (data instanceof RealBuffer) return [data.address, data.length];
    const bytes = typeof data === "string" ? new TextEncoder().encode(data) : data;
    const copy = this.#memory.buffer(bytes.length);
    copy.set(bytes);
    return [copy.address, bytes.length];
  }
}
