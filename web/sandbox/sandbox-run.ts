import type { Choice } from "../scenarios/changes.ts";
import type { Thrown } from "./guest/thrown.ts";
import type { Cut } from "./limits.ts";

/** Most tasks that are told of, in all choices together: nobody looks at more, and they have to cross to the page. */
export const MOST_CHOICES = 2 ** 16;

/** What a program in the sandbox has come to: plain data. */
export interface SandboxRun {
  /** All inputs of its machine, which `Kernel.replay()` makes again from them; empty: it has not come so far. */
  readonly journal: string;
  /** Where its tasks stood: `Lines.packed`. */
  readonly lines: Uint32Array<ArrayBuffer>;
  /** What it has written to the console. */
  readonly console: readonly string[];
  /** What it has thrown first, or why it is no program. */
  readonly error: Thrown | null;
  /** Why it was cut off; null: it came to its end. */
  readonly cut: Cut | null;
  /** What its first task returned, as JSON; empty: nothing. */
  readonly result: string;
  /** Where the order of tasks was chosen; none in a plain run, and no more than `MOST_CHOICES`. */
  readonly choices: readonly Choice[];
}

/** What a program comes to that has not run: no machine, nothing written. */
export const NOTHING: SandboxRun = {
  journal: "",
  lines: new Uint32Array(),
  console: [],
  error: null,
  cut: null,
  result: "",
  choices: [],
};
