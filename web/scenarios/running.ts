import { type BootOptions, Kernel } from "../../lib/index.ts";
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
  /** What the machine is booted with. */
  readonly boot?: BootOptions;
}

/** Runs a program to its end. @param asks  whether what its first task returns is the answer to a question. */
export async function runShown({ source, start, boot }: ShownProgram, asks: boolean): Promise<Started> {
  const kernel = await Kernel.boot(boot);
  const lines = new Lines();
  start(kernel);
  const { reason } = kernel.run({ maxInputs: MAX_INPUTS, onCall: lines.note });
  const [main] = kernel.tasks;
  const facts = asks && main && "result" in main ? (main.result as Facts) : null;
  return { kernel, source, cut: reason === "budget", calls: null, report: null, lines, facts };
}
