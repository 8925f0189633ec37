import { NR } from "../abi.ts";
import type { Call, Offset } from "../program.ts";
import { type Numbering, call } from "./linux-names.ts";
import type { Processes } from "./linux-signals.ts";
import type { RealBuffer, UserMemory } from "./memory.ts";
import { FileCalls } from "./file-calls.ts";

/** Calls that move pages from file to file, over the real kernel. */
export class SpliceCalls extends FileCalls {
  readonly #memory: UserMemory;
  /** Two positions. */
  readonly #offsets: RealBuffer;

  constructor(fds: Numbering, memory: UserMemory, host: string, processes: Processes | null) {
    super(fds, memory, host, processes);
    this.#memory = memory;
    this.#offsets = memory.buffer(16);
  }

  splice(fd_in: number, off_in: Offset, fd_out: number, off_out: Offset, length: number, flags: number): Call {
    return this.#moves(NR.splice, fd_in, off_in, fd_out, off_out, length, flags);
  }
  tee(fd_in: number, fd_out: number, length: number, flags: number): Call {
    return call(NR.tee, this.fds.real(fd_in), this.fds.real(fd_out), length, flags);
  }
  vmsplice(fd: number, pieces: readonly RealBuffer[] | number, flags: number): Call {
    if (typeof pieces === "number") return call(NR.vmsplice, this.fds.real(fd), pieces, 1, flags);
    const vectors = this.#memory.buffer(16 * Math.max(pieces.length, 1));
    const words = pieces.flatMap(({ address, length }) => [BigInt(address), BigInt(length)]);
    vectors.set(new Uint8Array(BigUint64Array.from(words).buffer));
    return call(NR.vmsplice, this.fds.real(fd), vectors.address, pieces.length, flags);
  }
  sendfile(fd_out: number, fd_in: number, offset: Offset, count: number): Call {
    const [out, from] = [this.fds.real(fd_out), this.fds.real(fd_in)];
    return this.#placed([offset], (at) => call(NR.sendfile, out, from, at, count));
  }
  copy_file_range(fd_in: number, off_in: Offset, fd_out: number, off_out: Offset, length: number, flags: number): Call {
    return this.#moves(NR.copy_file_range, fd_in, off_in, fd_out, off_out, length, flags);
  }

  #moves(nr: number, fd_in: number, off_in: Offset, fd_out: number, off_out: Offset, ...rest: number[]): Call {
    const [from, to] = [this.fds.real(fd_in), this.fds.real(fd_out)];
    return this.#placed([off_in, off_out], (at, other) => call(nr, from, at, to, other, ...rest));
  }

  /** A call that is given positions, and tells how far they have moved. */
  *#placed(offsets: Offset[], make: (at: number, other: number) => Call): Call {
    const { buffer, byteOffset } = this.#offsets.bytes();
    const view = new DataView(buffer, byteOffset, 16);
    const places = offsets.map((offset, i) => {
      if (typeof offset === "number") return offset;
      if (offset === null) return 0;
      view.setBigInt64(i * 8, BigInt(offset.value), true);
      return this.#offsets.address + i * 8;
    });
    const result = yield* make(places[0] ?? 0, places[1] ?? 0);
    offsets.forEach((offset, i) => {
      if (typeof offset === "object" && offset) offset.value = Number(view.getBigInt64(i * 8, true));
    });
    return result;
  }
}
