import { Endless, end } from "./ending.ts";
import { KernelPanic } from "../machine/panic.ts";
import type { Rig } from "./rig.ts";
import type { Violation } from "../see/invariants.ts";
import { WrongResult } from "./session.ts";
import { check } from "../see/invariants.ts";
import { findLeaks } from "./leaks.ts";

/** What is wrong with a kernel: it panics, breaks a rule of its structures, loses memory, answers nonsense, never ends. */
export type FailureKind = "panic" | "violation" | "leak" | "result" | "endless";

/** A failure, without the program that leads to it. */
export interface Verdict {
  readonly kind: FailureKind;
  readonly message: string;
  /** Two failures with the same key are taken to have the same cause. */
  readonly key: string;
}

function fromViolations(violations: readonly Violation[]): Verdict {
  const [first] = violations;
  const lines = violations.slice(0, 8).map(({ structure, rule, message }) => `${structure}: ${rule}: ${message}`);
  return { kind: "violation", message: lines.join("\n"), key: `violation ${first!.structure} ${first!.rule}` };
}

/** What a thrown error says of the kernel. @throws what is no failure of the kernel. */
function fromThrown(error: unknown): Verdict {
  if (error instanceof KernelPanic) {
    const message = error.message.replace(/ \(tick \d+\)[^]*$/, "");
    return { kind: "panic", message, key: `panic ${message.replace(/\d+:\d+$/, "")}` };
  }
  if (error instanceof WrongResult) return { kind: "result", message: error.message, key: `result ${error.message}` };
  if (error instanceof Endless) {
    return { kind: "endless", message: error.message, key: `endless ${error.message.replace(/\d+/g, "")}` };
  }
  throw error;
}

/** Runs something on a machine. @returns what it shows to be wrong; null: nothing. */
export function attempt(run: () => void): Verdict | null {
  try {
    run();
    return null;
  } catch (error) {
    return fromThrown(error);
  }
}

/** Whether the structures of a machine keep their rules. */
export function examine(rig: Rig): Verdict | null {
  const violations = check(rig.engine.memory);
  return violations.length > 0 ? fromViolations(violations) : null;
}

/** Brings a machine to its end, and looks at what is left. */
export function examineEnd(rig: Rig): Verdict | null {
  const failed = attempt(() => end(rig)) ?? examine(rig);
  if (failed) return failed;
  const leaks = findLeaks(rig.engine.memory, rig.boot);
  if (leaks.length === 0) return null;
  const what = leaks[0]!.replace(/\d+ in use.*| at 0x.*/, "");
  return { kind: "leak", message: leaks.slice(0, 8).join("\n"), key: `leak ${what}` };
}
