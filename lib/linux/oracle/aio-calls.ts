import { IOCB_FLAG_IOPRIO, IOCB_FLAG_RESFD, NR } from "../abi.ts";
import type { AioRingHead, Call, Context, IoEvent, IocbFields, IocbMemory, Timespec } from "../program.ts";
import { type Numbering, call } from "./linux-names.ts";
import type { Processes } from "./linux-signals.ts";
import { RealBuffer, type UserMemory } from "./memory.ts";
import { SpliceCalls } from "./splice-calls.ts";

const IOCB_SIZE = 64;
const EVENT_SIZE = 32;
const RING_FIELDS = ["id", "nr", "head", "tail", "magic", "compat_features", "incompat_features", "header_length"];

/** A struct iocb in real user memory. */
class RealIocb extends RealBuffer implements IocbMemory {
  fields: IocbFields;
  readonly #fds: Numbering;

  constructor(memory: RealBuffer, fds: Numbering, fields: IocbFields) {
    super(memory.address, memory.bytes());
    this.#fds = fds;
    this.fields = fields;
    this.assign(fields);
  }

  assign(fields: IocbFields): this {
    this.fields = fields;
    const { opcode, fd, buf = 0, offset = 0, data = 0, resfd, rw_flags = 0, reqprio, reserved2 = 0 } = fields;
    const flags = (resfd === undefined ? 0 : IOCB_FLAG_RESFD) | (reqprio === undefined ? 0 : IOCB_FLAG_IOPRIO);
    const length = typeof buf === "object" ? buf.length : 0;
    const view = viewOf(this);
    view.setBigInt64(0, BigInt(data), true);
    view.setUint32(8, 0, true);
    view.setUint32(12, rw_flags, true);
    view.setUint16(16, opcode, true);
    view.setInt16(18, reqprio ?? 0, true);
    view.setInt32(20, this.#fds.real(fd), true);
    view.setBigInt64(24, BigInt(typeof buf === "object" ? (buf as RealBuffer).address : buf), true);
    view.setBigInt64(32, BigInt(fields.nbytes ?? length), true);
    view.setBigInt64(40, BigInt(offset), true);
    view.setBigInt64(48, BigInt(reserved2), true);
    view.setUint32(56, fields.flags ?? flags, true);
    view.setInt32(60, resfd === undefined ? 0 : this.#fds.real(resfd), true);
    return this;
  }
}

/** Asynchronous input and output over the real kernel. */
export class AioCalls extends SpliceCalls {
  readonly #memory: UserMemory;
  readonly #room: RealBuffer;

  constructor(fds: Numbering, memory: UserMemory, host: string, processes: Processes | null) {
    super(fds, memory, host, processes);
    this.#memory = memory;
    this.#room = memory.buffer(64);
  }

  iocb(fields: IocbFields): RealIocb {
    return new RealIocb(this.#memory.buffer(IOCB_SIZE), this.fds, fields);
  }
  *io_setup(nr_events: number, ctx: Context | number): Call {
    if (typeof ctx === "number") return yield* call(NR.io_setup, nr_events, ctx);
    const memory = this.#memory.buffer(8);
    viewOf(memory).setBigInt64(0, BigInt(ctx.value), true);
    const result = yield* call(NR.io_setup, nr_events, memory.address);
    if (result >= 0) ctx.value = Number(viewOf(memory).getBigInt64(0, true));
    return result;
  }
  io_destroy(ctx: Context | number): Call {
    return call(NR.io_destroy, valueOf(ctx));
  }
  io_submit(ctx: Context | number, ...rest: (readonly (IocbMemory | number)[] | number)[]): Call {
    const list = rest.at(-1)!;
    if (typeof list === "number") return call(NR.io_submit, valueOf(ctx), rest[0] as number, list);
    const pointers = this.#memory.buffer(Math.max(8, list.length * 8));
    list.forEach((iocb, i) => {
      const address = typeof iocb === "number" ? iocb : (iocb as RealIocb).address;
      viewOf(pointers).setBigInt64(i * 8, BigInt(address), true);
    });
    const nr = rest.length > 1 ? (rest[0] as number) : list.length;
    return call(NR.io_submit, valueOf(ctx), nr, pointers.address);
  }
  io_cancel(ctx: Context | number, iocb: IocbMemory | number): Call {
    return call(NR.io_cancel, valueOf(ctx), typeof iocb === "number" ? iocb : (iocb as RealIocb).address, 0);
  }
  io_getevents(
    ctx: Context | number,
    min_nr: number,
    nr: number,
    events: IoEvent[] | number,
    timeout: Timespec | number | null = null,
  ): Call {
    return this.#events(nr, events, (at) =>
      call(NR.io_getevents, valueOf(ctx), min_nr, nr, at, this.#timeout(timeout)),
    );
  }
  io_pgetevents(
    ctx: Context | number,
    min_nr: number,
    nr: number,
    events: IoEvent[] | number,
    timeout: Timespec | number | null,
    mask: readonly number[] | null,
  ): Call {
    return this.#events(nr, events, (at) =>
      call(NR.io_pgetevents, valueOf(ctx), min_nr, nr, at, this.#timeout(timeout), this.packedMask(mask)),
    );
  }

  *#events(nr: number, events: IoEvent[] | number, make: (at: number) => Call): Call {
    if (typeof events === "number") return yield* make(events);
    const memory = this.#memory.buffer(Math.min(Math.max(nr, 1), 1024) * EVENT_SIZE);
    const count = yield* make(memory.address);
    const view = viewOf(memory);
    const taken = Array.from({ length: Math.max(count, 0) }, (_, i) => ({
      data: view.getBigUint64(i * EVENT_SIZE, true),
      obj: Number(view.getBigUint64(i * EVENT_SIZE + 8, true)),
      res: Number(view.getBigInt64(i * EVENT_SIZE + 16, true)),
      res2: Number(view.getBigInt64(i * EVENT_SIZE + 24, true)),
    }));
    events.splice(0, events.length, ...taken);
    return count;
  }

  #timeout(timeout: Timespec | number | null): number {
    if (timeout === null || typeof timeout === "number") return timeout ?? 0;
    viewOf(this.#room).setBigInt64(0, BigInt(timeout.sec), true);
    viewOf(this.#room).setBigInt64(8, BigInt(timeout.nsec), true);
    return this.#room.address;
  }

  /** The head of a ring: the program's memory is another process's, which copies it to where both see it. */
  *aio_ring(ctx: Context, ring: Partial<AioRingHead>): Call {
    const pid = yield* call(NR.getpid);
    const [vectors, copy] = [this.#memory.buffer(32), this.#memory.buffer(32)];
    const words = [copy.address, 32, ctx.value, 32];
    words.forEach((word, i) => viewOf(vectors).setBigInt64(i * 8, BigInt(word), true));
    const result = yield* call(NR.process_vm_readv, pid, vectors.address, 1, vectors.address + 16, 1, 0);
    if (result < 0) return result;
    const fields = RING_FIELDS.map((name, i) => [name, viewOf(copy).getUint32(i * 4, true)]);
    Object.assign(ring, Object.fromEntries(fields));
    return 0;
  }
}

function valueOf(ctx: Context | number): number {
  return typeof ctx === "number" ? ctx : ctx.value;
}

function viewOf(memory: RealBuffer): DataView {
  const { buffer, byteOffset, byteLength } = memory.bytes();
  return new DataView(buffer, byteOffset, byteLength);
}
