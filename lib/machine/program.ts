import { type PendingCall, describe } from "./call.ts";
import type { Sys } from "./sys.ts";

/** A program: a generator that makes system calls with `yield* sys.read(...)`. What it returns becomes `task.result`. */
export type Program = (sys: Sys) => Generator<PendingCall, unknown, number>;

/** What the library says to whoever gives it something else. */
export const EXPECTED = "a program is a generator function: function* (sys) { ... }";

/** @throws TypeError for what cannot be a program. */
export function checkProgram(program: unknown): void {
  if (typeof program !== "function") throw new TypeError(`${EXPECTED}, not ${describe(program)}`);
}

const GeneratorFunction = Object.getPrototypeOf(function* () {}) as object;

/** Whether a function is a generator function, as programs are written. */
export function isProgram<F>(candidate: F | Program): candidate is Program {
  return Object.prototype.isPrototypeOf.call(GeneratorFunction, candidate as object);
}
