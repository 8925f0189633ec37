import { EXPECTED, type Program } from "./program.ts";
import { PendingCall, describe } from "./call.ts";
import { Sys } from "./sys.ts";
import type { UserSpace } from "./user_memory.ts";

/** A program that has begun. */
export interface Started {
  readonly call: PendingCall;
  readonly generator: Generator<PendingCall, unknown, number>;
  /** Why it is none; null: it is one. */
  readonly mistake: { readonly error: unknown } | null;
}

/** Begins a program, up to before its first statement. One that is none fails when it is let go on. */
export function start(program: Program, space: UserSpace): Started {
  const call = new PendingCall();
  try {
    const generator: unknown = program(new Sys(call, space));
    if (isGenerator(generator)) return { call, generator, mistake: null };
    throw new TypeError(`${EXPECTED}; this function has returned ${describe(generator)}`);
  } catch (error) {
    return { call, generator: failing(error), mistake: { error } };
  }
}

function isGenerator(value: unknown): value is Started["generator"] {
  return typeof value === "object" && value !== null && Symbol.iterator in value && "next" in value;
}

// A generator like those of programs, so it has their type; it never gets to a call.
function* failing(error: unknown): Started["generator"] {
  yield* [];
  throw error;
}
