import { type BootOptions, Kernel } from "../../lib/index.ts";
import type { Locale } from "../i18n/catalogue.ts";
import type { ListedCall } from "../model/run.ts";
import { Lines } from "./lines.ts";
import type { Facts } from "./questions/question.ts";

/** A text in each language. */
export type Texts = Readonly<Record<Locale, string>>;

/** A machine that has run, and what there is to say of how. */
export interface Started {
  readonly kernel: Kernel;
  /** Whether the run was cut off, because it did not end by itself. */
  readonly cut: boolean;
  /** The calls of the recording that the machine has made; null for a program. */
  readonly calls: readonly ListedCall[] | null;
  /** What the replay of a recording has come to; null for a program. */
  readonly report: ReplayReport | null;
  /** Where its programs stood; null: they have no text. */
  readonly lines: Lines | null;
  /** What a question's program has found out; null: it was none. */
  readonly facts: Facts | null;
}

/** What a scenario asks: an answer to think of before the run, and the one that it gives. */
export interface Asked {
  /** What many expect. */
  readonly prediction: Texts;
  /** What is true. */
  readonly verdict: Texts;
}

/** How well the machine has answered what a recording says. */
export interface ReplayReport {
  /** Calls that concern I/O. */
  readonly io: number;
  /** Those of them that were answered as recorded. */
  readonly matched: number;
  /** Calls that do not concern I/O. */
  readonly other: number;
  /** The first difference; null: none. */
  readonly mismatch: { readonly line: number; readonly expected: string; readonly found: string } | null;
}

/** Something to watch: a program, or a recording of one. */
export interface Scenario {
  /** Its name in links. */
  readonly id: string;
  readonly title: Texts;
  readonly summary: Texts;
  /** Source text of the programs; empty: a recording has none. */
  readonly source: string;
  /** What it asks; null: it only shows something. */
  readonly asked: Asked | null;
  /** Boots a machine and runs it to its end. */
  readonly start: () => Promise<Started>;
}

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

/** Runs a program to its end. */
export async function runShown({ start, boot }: ShownProgram): Promise<Started> {
  const kernel = await Kernel.boot(boot);
  const lines = new Lines();
  start(kernel);
  const { reason } = kernel.run({ maxInputs: MAX_INPUTS, onCall: lines.note });
  return { kernel, cut: reason === "budget", calls: null, report: null, lines, facts: null };
}

/** A scenario that is a program. */
export function programScenario(id: string, title: Texts, summary: Texts, program: ShownProgram): Scenario {
  return { id, title, summary, source: program.source, asked: null, start: () => runShown(program) };
}
