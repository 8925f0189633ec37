import type { PendingCall } from "../../lib/machine/call.ts";
import { COMPUTE, LIBRARY } from "../../lib/machine/call.ts";
import { MAX_PAYLOAD } from "../../lib/machine/journal.ts";
import type { Program } from "../../lib/machine/program.ts";
import type { SignalHandler } from "../../lib/machine/signals.ts";
import type { Sys } from "../../lib/machine/sys.ts";
import { type GuestEngine, GuestError } from "./engine.ts";
import type { Thrown } from "./guest/thrown.ts";

/** What guest/contexts.ts hands over: a call, the end, or what was thrown. */
interface Step {
  readonly nr?: number;
  readonly line?: number;
  readonly registers?: readonly (number | string)[];
  readonly program?: number | null;
  readonly bytes?: boolean;
  readonly done?: true;
  readonly result?: string;
  readonly thrown?: Thrown;
}

/** What programs are relayed with. */
interface Desk {
  readonly engine: GuestEngine;
  /** The bytes that the guest has handed over last; they are taken by that. */
  readonly taken: () => Uint8Array;
  /** Throws if the run is over. */
  readonly check: () => void;
}

/** Programs and handlers of the guest as those of a machine of the host: every call is made here as it was made there. */
export class Relay {
  readonly #desk: Desk;
  /** What programs make their calls with, by the numbers by which the guest knows them. */
  readonly #systems: Sys[] = [];
  readonly #handlers = new Map<number, SignalHandler>();
  #contexts = 0;
  /** Line of the guest's text from which the call at hand is made; 0: not known, or taken. */
  #line = 0;

  constructor(desk: Desk) {
    this.#desk = desk;
  }

  /** The line of the guest's text from which the call at hand is made; 0: none is. */
  takeLine(): number {
    const line = this.#line;
    this.#line = 0;
    return line;
  }

  /** What a program of the guest makes its calls with. @throws RangeError for a number that there is not. */
  sys(number: unknown): Sys {
    const found = this.#systems[number as number];
    if (!found) throw new RangeError("there is no such program");
    return found;
  }

  #indexOf(sys: Sys): number {
    const known = this.#systems.indexOf(sys);
    return known >= 0 ? known : this.#systems.push(sys) - 1;
  }

  /** A program of the guest. */
  program(number: number): Program {
    return (sys) => {
      const context = this.#contexts++;
      this.#desk.engine.call("beginProgram", context, number, this.#indexOf(sys));
      return this.#steps(sys, context);
    };
  }

  /** A signal handler of the guest: the same for the same number. */
  handler(number: number): SignalHandler {
    let handler = this.#handlers.get(number);
    if (!handler) {
      handler = (sys, _signo, info) => {
        const context = this.#contexts++;
        const told = JSON.stringify(info, (_, part: unknown) => (typeof part === "bigint" ? String(part) : part));
        return this.#steps(sys, context, () =>
          this.#desk.engine.call("beginHandler", context, number, this.#indexOf(sys), told),
        );
      };
      this.#handlers.set(number, handler);
    }
    return handler;
  }

  /** The number of a signal handler; -1: it is none of the guest's. */
  numberOf(handler: SignalHandler | undefined): number {
    for (const [number, one] of this.#handlers) if (one === handler) return number;
    return -1;
  }

  *#steps(sys: Sys, context: number, begin?: () => void): Generator<PendingCall, unknown, number> {
    begin?.();
    for (let result = 0; ;) {
      this.#desk.check();
      const step = JSON.parse(this.#desk.engine.call("step", context, result) as string) as Step;
      this.#desk.check();
      if (step.thrown) throw new GuestError(step.thrown);
      if (step.done) return step.result;
      this.#line = step.line ?? 0;
      result = (yield* this.#call(sys, step)) as number;
    }
  }

  /** The call as the guest has prepared it. @throws TypeError for one that its library does not prepare. */
  #call({ call, space }: Sys, step: Step): PendingCall {
    const { nr = 0, registers = [], program = null } = step;
    const bytes = step.bytes ? this.#desk.taken() : null;
    const values = registers.map((value) => (typeof value === "string" ? BigInt.asIntN(64, BigInt(value)) : value));
    const [first = 0, second = 0, ...rest] = values;
    const [length, whole] = [Number(second), Number.isSafeInteger(Number(first)) && Number(first) >= 0];
    const isRight =
      Number.isSafeInteger(nr) &&
      (nr >= 0 ||
        nr === LIBRARY ||
        (nr === COMPUTE
          ? whole && Number.isSafeInteger(space.now + Number(first))
          : whole && length >= 0 && length <= MAX_PAYLOAD && (bytes === null || bytes.length === length)));
    if (!isRight) throw new TypeError("this is no call that sys prepares");
    call.begin(nr).with(first, second, ...rest.slice(0, 4));
    call.bytes = bytes;
    if (program !== null) call.program = this.program(program);
    return call;
  }
}
