import { Kernel } from "../../lib/kernel.ts";
import type { BootOptions } from "../../lib/machine/options.ts";
import type { Change } from "../share/share.ts";
import { type Choice, chooser, runChanged } from "./changes.ts";
import { Lines } from "./lines.ts";
import type { Facts } from "./questions/question.ts";
import type { Started } from "./scenario.ts";

/** No run takes more inputs: a program that never ends is cut off. */
export const MAX_INPUTS = 20_000;

/** A program as the page shows it, which runs as it is shown: what `X.ts?program` exports. */
export interface ShownProgram {
  /** Its text: JavaScript, which can be edited and run anywhere. */
  readonly source: string;
  /** Makes the tasks, and what is outside. */
  readonly start: (kernel: Kernel) => void;
  /** The answer to a question, if not its first task returns it. */
  readonly answer?: (kernel: Kernel) => Facts;
  /** What the machine is booted with. */
  readonly boot?: BootOptions;
}

/** What is different from a plain run. */
export interface Terms {
  /** What is done to the machine on the way, in the order of their ticks. */
  readonly changes: readonly Change[];
  /** Whether the order of tasks is chosen, call by call: then it may be changed. */
  readonly byHand: boolean;
}

/** A plain run. */
export const PLAIN: Terms = { changes: [], byHand: false };

/** Runs a program to its end. @param asks  whether it is the answer to a question. */
export async function runShown(program: ShownProgram, asks: boolean, terms: Terms): Promise<Started> {
  const { changes, byHand } = terms;
  const kernel = await Kernel.boot({ ...program.boot, ...(byHand && { scheduling: "hand" }) });
  const lines = new Lines();
  const choices: Choice[] = [];
  program.start(kernel);
  const choose = byHand ? { choose: chooser(changes, choices) } : {};
  const { reason } = runChanged(kernel, changes, (until) =>
    kernel.run({ ...choose, until, maxInputs: Math.max(0, MAX_INPUTS - kernel.inputs), onCall: lines.note }),
  );
  const facts = asks ? answerOf(program, kernel) : null;
  const { source } = program;
  return { kernel, source, cut: reason === "budget", calls: null, report: null, lines, facts, choices };
}

/** The answer of a question that has run to its end. */
function answerOf(program: ShownProgram, kernel: Kernel): Facts | null {
  if (program.answer) return program.answer(kernel);
  const [main] = kernel.tasks;
  return main && "result" in main ? (main.result as Facts) : null;
}
