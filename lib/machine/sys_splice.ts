import { type Integer, type PendingCall, type SystemCall } from "./call.ts";
import { type IoVector } from "./sys_base.ts";
import { FileCalls } from "./sys_files.ts";
import { layout } from "../layout.gen.ts";

const NR = layout.enums.Nr.values;

/** A position in a file that a call is given and moves on; null: the file's own. A number is a raw user address. */
export type Offset = { value: number } | null | Integer;

/** System calls that move pages from file to file. */
export class SpliceCalls extends FileCalls {
  /** splice(2) */
  splice(
    fd_in: Integer,
    off_in: Offset,
    fd_out: Integer,
    off_out: Offset,
    length: Integer,
    flags: Integer = 0,
  ): SystemCall {
    const call = this.beginScratch(NR.splice);
    const [from, to] = this.#offsets(call, off_in, off_out);
    return call.with(fd_in, from, fd_out, to, length, flags) as SystemCall;
  }

  /** tee(2) */
  tee(fd_in: Integer, fd_out: Integer, length: Integer, flags: Integer = 0): SystemCall {
    return this.call.begin(NR.tee).with(fd_in, fd_out, length, flags) as SystemCall;
  }

  /** vmsplice(2): a pipe gets the pages of buffers, or fills buffers. */
  vmsplice(
    fd: Integer,
    pieces: readonly (IoVector | string | Uint8Array)[] | Integer,
    flags: Integer = 0,
    count?: Integer,
  ): SystemCall {
    const call = this.beginScratch(NR.vmsplice);
    if (typeof pieces !== "object") return call.with(fd, pieces, count ?? 1, flags) as SystemCall;
    return call.with(fd, this.iovecs(pieces), count ?? pieces.length, flags) as SystemCall;
  }

  /** sendfile(2) */
  sendfile(fd_out: Integer, fd_in: Integer, offset: Offset, count: Integer): SystemCall {
    const call = this.beginScratch(NR.sendfile);
    const [from] = this.#offsets(call, offset, null);
    return call.with(fd_out, fd_in, from, count) as SystemCall;
  }

  /** copy_file_range(2) */
  copy_file_range(
    fd_in: Integer,
    off_in: Offset,
    fd_out: Integer,
    off_out: Offset,
    length: Integer,
    flags: Integer = 0,
  ): SystemCall {
    const call = this.beginScratch(NR.copy_file_range);
    const [from, to] = this.#offsets(call, off_in, off_out);
    return call.with(fd_in, from, fd_out, to, length, flags) as SystemCall;
  }

  /** Two positions in scratch memory; the objects are told of them after the call. */
  #offsets(call: PendingCall, first: Offset, second: Offset): [Integer, Integer] {
    const places = [first, second].map((offset): [Offset, Integer] => {
      if (typeof offset !== "object") return [null, offset];
      if (offset === null) return [null, 0];
      return [offset, this.put(new Uint8Array(BigInt64Array.of(BigInt(offset.value)).buffer))];
    });
    call.finish = (result) => {
      for (const [offset, at] of places) {
        if (typeof offset !== "object" || offset === null) continue;
        offset.value = Number(this.written(Number(at), 8).getBigInt64(0, true));
      }
      return result;
    };
    return [places[0]![1], places[1]![1]];
  }
}
