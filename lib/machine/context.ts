import { type SignalHandler, type SignalInfo } from "./signals.ts";
import { PendingCall } from "./call.ts";
import { Sys } from "./sys.ts";
import type { UserSpace } from "./user_memory.ts";

/** A program or one of its signal handlers, on its way. */
export interface Context {
  readonly call: PendingCall | null;
  readonly generator: Generator<PendingCall, unknown, number> | null;
  /** A call that it has made while the host had the word. */
  parked: PendingCall | null;
}

/** What handlers make their calls with: each depth has its own, so that an interrupted call's memory stays its own. */
export class HandlerCalls {
  readonly #space: UserSpace;
  readonly #levels: { readonly call: PendingCall; readonly sys: Sys }[] = [];

  constructor(space: UserSpace) {
    this.#space = space;
  }

  /** Begins a handler that interrupts `depth` others, up to before its first statement. */
  begin(depth: number, handler: SignalHandler | undefined, info: SignalInfo): Context {
    let level = this.#levels[depth];
    if (!level) {
      const call = new PendingCall();
      this.#levels[depth] = level = { call, sys: new Sys(call, this.#space) };
    }
    const generator = handler ? handler(level.sys, info.signo, info) : nothing();
    return { call: level.call, generator, parked: null };
  }
}

// A handler that is not in this host; a generator as all are, that makes no call.
function* nothing(): Generator<PendingCall, unknown, number> {
  yield* [];
  return undefined;
}
