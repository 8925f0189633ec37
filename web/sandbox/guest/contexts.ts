import { PendingCall, describe } from "../../../lib/machine/call.ts";
import { EXPECTED, type Program } from "../../../lib/machine/program.ts";
import type { SignalHandler, SignalInfo } from "../../../lib/machine/signals.ts";
import { Sys } from "../../../lib/machine/sys.ts";
import { functionAt, numberOf } from "./functions.ts";
import { bufferOf, host } from "./host.ts";
import { resultText } from "./result.ts";
import { GuestSpace } from "./space.ts";
import { describeThrown, lineHere } from "./thrown.ts";

/** A system call that knows from which line of the user's text it is made. */
class LocatedCall extends PendingCall {
  line = 0;

  override begin(nr: number): this {
    this.line = lineHere();
    return super.begin(nr);
  }
}

/** What a program, or handlers of one depth, make their calls with. */
interface System {
  readonly call: LocatedCall;
  readonly sys: Sys;
}

/** A program or a handler, on its way. */
interface Context {
  readonly system: System;
  readonly generator: Generator<PendingCall, unknown, number>;
}

const systems = new Map<number, System>();
const contexts = new Map<number, Context>();
const { stringify, parse } = JSON;

function systemOf(number: number): System {
  let system = systems.get(number);
  if (!system) {
    const call = new LocatedCall();
    system = { call, sys: new Sys(call, new GuestSpace(number)) };
    systems.set(number, system);
  }
  return system;
}

function begin(context: number, system: System, generator: unknown): void {
  if (typeof generator !== "object" || generator === null || !("next" in generator)) {
    throw new TypeError(`${EXPECTED}; this function has returned ${describe(generator)}`);
  }
  contexts.set(context, { system, generator: generator as Context["generator"] });
}

/** Begins a program, up to before its first statement. @param sys  the host's number of what it makes its calls with. */
export function beginProgram(context: number, program: number, sys: number): void {
  const system = systemOf(sys);
  begin(context, system, functionAt<Program>(program)(system.sys));
}

/** Begins a signal handler. @param info  its SignalInfo as JSON, the value as text. */
export function beginHandler(context: number, handler: number, sys: number, info: string): void {
  const system = systemOf(sys);
  const told = parse(info) as Omit<SignalInfo, "value"> & { readonly value: string };
  begin(
    context,
    system,
    functionAt<SignalHandler>(handler)(system.sys, told.signo, { ...told, value: BigInt(told.value) }),
  );
}

/** The call that a program has come to, for the host. */
function handedOver({ nr, line, registers, wide, program, bytes }: LocatedCall): object {
  if (bytes !== null) host.bytes(bufferOf(bytes));
  return {
    nr,
    line,
    registers: wide === null ? Array.from(registers) : Array.from(wide, String),
    program: program === null ? null : numberOf(program),
    bytes: bytes !== null,
  };
}

/** Lets a program go on with what its last call came to. @returns JSON: its next call, its end, or what it threw. */
export function step(number: number, result: number): string {
  const context = contexts.get(number)!;
  const { call } = context.system;
  try {
    const { done, value } = context.generator.next(result);
    if (done !== true) {
      if (value === call) return stringify(handedOver(call));
      throw new TypeError(
        `a program yields system calls of its own sys, with yield*; this one yielded ${describe(value)}`,
      );
    }
    call.check();
    contexts.delete(number);
    return stringify({ done: true, result: resultText(value) });
  } catch (error) {
    contexts.delete(number);
    return stringify({ thrown: describeThrown(error) });
  }
}
