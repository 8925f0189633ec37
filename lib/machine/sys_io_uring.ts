import { AioCalls } from "./sys_aio.ts";
import { IoUring } from "./io_uring.ts";
import { type Integer, type SystemCall } from "./call.ts";
import { type BufferLike, addressOf } from "./user_memory.ts";
import type { SignalSet } from "./signals.ts";
import type { Sys } from "./sys.ts";
import { layout } from "../layout.gen.ts";

const NR = layout.enums.Nr.values;
const { SIGSET_SIZE } = layout.constants;

/** System calls of io_uring. */
export class IoUringCalls extends AioCalls {
  /** A ring with liburing's names, not yet made. */
  io_uring(): IoUring {
    return new IoUring(this as unknown as Sys);
  }

  /** io_uring_setup(2); `params` are 120 bytes: struct io_uring_params. */
  io_uring_setup(entries: Integer, params: BufferLike): SystemCall {
    return this.call.begin(NR.io_uring_setup).with(entries, addressOf(params)) as SystemCall;
  }

  /** io_uring_enter(2); `sig` is a set of signals, or with `IORING_ENTER_EXT_ARG` the address of 24 bytes. */
  io_uring_enter(
    fd: Integer,
    to_submit: Integer,
    min_complete: Integer,
    flags: Integer,
    sig: SignalSet | BufferLike = null,
    size?: Integer,
  ): SystemCall {
    const call = this.beginScratch(NR.io_uring_enter);
    if (size !== undefined) {
      return call.with(fd, to_submit, min_complete, flags, addressOf(sig as BufferLike), size) as SystemCall;
    }
    const set = this.sigset(sig as SignalSet);
    return call.with(fd, to_submit, min_complete, flags, set, SIGSET_SIZE) as SystemCall;
  }

  /** io_uring_register(2) */
  io_uring_register(fd: Integer, opcode: Integer, arg: BufferLike | null, nr_args: Integer): SystemCall {
    return this.call.begin(NR.io_uring_register).with(fd, opcode, addressOf(arg ?? 0), nr_args) as SystemCall;
  }

  /** Reads memory of the program without a call, as a load does. */
  peek_memory(address: number, length: number): Uint8Array<ArrayBuffer> {
    return this.space.load(address, length);
  }
}
