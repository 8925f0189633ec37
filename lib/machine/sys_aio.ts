import { IO_EVENT_SIZE, type IoEvent, Iocb, type IocbLike, decodeIoEvents } from "./iocb.ts";
import { type Integer, type PendingCall, type SystemCall, describe } from "./call.ts";
import { type Timespec } from "./sys_base.ts";
import { WaitCalls } from "./sys_wait.ts";
import { type BufferLike, addressOf } from "./user_memory.ts";
import type { SignalSet } from "./signals.ts";
import { type FieldName, fieldOffset, structLayout } from "./memory.ts";
import { layout } from "../layout.gen.ts";

const NR = layout.enums.Nr.values;
const IOCB_SIZE = structLayout("Iocb").size;
const SIGSET_SIZE = 8;
/** No call takes more events at once here: there is so much scratch memory. */
const MOST_EVENTS = 1024;

/** A context of asynchronous requests: io_setup() fills it in. */
export interface ContextPlace {
  value: number;
}

/** What calls are given as their context: what io_setup() has filled in, or the address itself. */
type Context = ContextPlace | Integer;

/** @throws TypeError for an object that is none. */
function contextOf(ctx: Context): Integer {
  if (typeof ctx !== "object") return ctx;
  const { value } = (ctx ?? {}) as Partial<ContextPlace>;
  if (typeof value === "number" || typeof value === "bigint") return value;
  throw new TypeError(`a context of asynchronous requests is { value: 0 } before io_setup(), not ${describe(ctx)}`);
}

/** System calls of asynchronous input and output. */
export class AioCalls extends WaitCalls {
  /** A struct iocb in user memory. @throws RangeError if the machine's memory is exhausted. */
  iocb(fields: IocbLike): Iocb {
    return new Iocb(this.space, this.allocate(IOCB_SIZE), fields);
  }

  /** io_setup(2); `ctx.value` must be 0 and becomes the context: the address of its ring of completions. */
  io_setup(nr_events: Integer, ctx: Context): SystemCall {
    const call = this.beginScratch(NR.io_setup);
    if (typeof ctx !== "object") return call.with(nr_events, ctx) as SystemCall;
    const at = this.put(new Uint8Array(BigInt64Array.of(BigInt(contextOf(ctx))).buffer));
    call.finish = (result) => {
      if (result >= 0) ctx.value = Number(this.written(at, 8).getBigInt64(0, true));
      return result;
    };
    return call.with(nr_events, at) as SystemCall;
  }

  /** io_destroy(2) */
  io_destroy(ctx: Context): SystemCall {
    return this.call.begin(NR.io_destroy).with(contextOf(ctx)) as SystemCall;
  }

  /** io_submit(2). With two arguments all iocbs of the list are submitted. */
  io_submit(ctx: Context, iocbs: readonly BufferLike[]): SystemCall;
  io_submit(ctx: Context, nr: Integer, iocbs: readonly BufferLike[] | Integer): SystemCall;
  io_submit(ctx: Context, ...rest: readonly (readonly BufferLike[] | Integer)[]): SystemCall {
    const call = this.beginScratch(NR.io_submit);
    const list = rest[rest.length - 1]!;
    if (typeof list === "object" && !Array.isArray(list)) {
      throw new TypeError("io_submit() takes a list of iocbs: io_submit(ctx, [iocb])");
    }
    if (typeof list !== "object") return call.with(contextOf(ctx), rest[0] as Integer, list) as SystemCall;
    const pointers = BigInt64Array.from(list, (iocb) => BigInt(addressOf(iocb)));
    const at = pointers.length === 0 ? this.room(8) : this.put(new Uint8Array(pointers.buffer));
    return call.with(contextOf(ctx), rest.length > 1 ? (rest[0] as Integer) : list.length, at) as SystemCall;
  }

  /** io_cancel(2); nothing is ever written to the event. */
  io_cancel(ctx: Context, iocb: BufferLike, event: Integer = 0): SystemCall {
    return this.call.begin(NR.io_cancel).with(contextOf(ctx), addressOf(iocb), event) as SystemCall;
  }

  /** io_getevents(2); the array holds the events that were taken. A time of null: until there are `min_nr`. */
  io_getevents(
    ctx: Context,
    min_nr: Integer,
    nr: Integer,
    events: IoEvent[] | BufferLike,
    timeout: Timespec | Integer | null = null,
  ): SystemCall {
    const call = this.beginScratch(NR.io_getevents);
    const time = this.timespec(timeout);
    return call.with(contextOf(ctx), min_nr, nr, this.#events(call, nr, events), time) as SystemCall;
  }

  /** io_pgetevents(2): the same with other signals blocked while it waits. */
  io_pgetevents(
    ctx: Context,
    min_nr: Integer,
    nr: Integer,
    events: IoEvent[] | BufferLike,
    timeout: Timespec | Integer | null,
    sigmask: SignalSet,
  ): SystemCall {
    const call = this.beginScratch(NR.io_pgetevents);
    const time = this.timespec(timeout);
    const mask = this.sigset(sigmask);
    const pack = mask === 0 ? 0 : this.put(new Uint8Array(BigInt64Array.of(BigInt(mask), BigInt(SIGSET_SIZE)).buffer));
    return call.with(contextOf(ctx), min_nr, nr, this.#events(call, nr, events), time, pack) as SystemCall;
  }

  #events(call: PendingCall, nr: Integer, events: IoEvent[] | BufferLike): Integer {
    if (!Array.isArray(events)) return addressOf(events);
    const at = this.room(Math.min(Math.max(Number(nr), 1), MOST_EVENTS) * IO_EVENT_SIZE);
    call.finish = (result) => {
      const taken = Math.max(result, 0);
      events.splice(0, events.length, ...decodeIoEvents(this.written(at, taken * IO_EVENT_SIZE), taken));
      return result;
    };
    return at;
  }

  /** The ring of completions of a context, as a program may look at it itself. */
  aio_ring(ctx: Context): AioRing {
    const view = new DataView(this.space.load(Number(contextOf(ctx)), structLayout("AioRing").size).buffer);
    const word = (field: FieldName<"AioRing">): number => view.getUint32(fieldOffset("AioRing", field), true);
    return {
      id: word("id"),
      nr: word("nr"),
      head: word("head"),
      tail: word("tail"),
      magic: word("magic"),
      compat_features: word("compat_features"),
      incompat_features: word("incompat_features"),
      header_length: word("header_length"),
    };
  }
}

/** The head of a ring of completions: struct aio_ring. */
export interface AioRing {
  readonly id: number;
  readonly nr: number;
  /** The next event to take. */
  readonly head: number;
  /** Where the next event goes. */
  readonly tail: number;
  readonly magic: number;
  readonly compat_features: number;
  readonly incompat_features: number;
  readonly header_length: number;
}
