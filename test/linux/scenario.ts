import type { Log } from "../../lib/linux/recorder.ts";
import type { Program } from "../../lib/linux/program.ts";

export * from "../../lib/linux/abi.ts";
export type * from "../../lib/linux/program.ts";

/** A program and what it shows about Linux. */
export interface Scenario {
  /** A full claim: what is true when the answers are as recorded. */
  readonly claim: string;
  readonly program: Program;
  /** Whether it is the scheduler's choice which of the tasks that were woken is first: then they have no numbers. */
  readonly anyOf?: boolean;
}

/** Makes a scenario. */
export function scenario(claim: string, program: Program): Scenario {
  return { claim, program };
}

/** Makes a scenario in which Linux does not define which of several equal tasks gets on. */
export function anyOf(claim: string, program: Program): Scenario {
  return { claim, program, anyOf: true };
}

/** Log of a scenario, as it is compared. */
export function comparable({ anyOf: nameless = false }: Scenario, log: Log): Log {
  if (!nameless) return log;
  const { main = [], ...tasks } = log;
  const sorted = Object.values(tasks).toSorted((a, b) => (a.join() < b.join() ? -1 : 1));
  const names = Object.keys(tasks);
  return {
    main: main.map((line) => (line.startsWith("asleep: ") ? counts(line) : line)),
    ...Object.fromEntries(sorted.map((lines, i) => [names[i] ?? "", lines])),
  };
}

/** How far the other tasks have come, without saying who. */
function counts(asleep: string): string {
  const numbers = [...asleep.matchAll(/after (\d+) calls/g)].map(([, number]) => Number(number));
  return `asleep: after ${numbers.toSorted((a, b) => a - b).join(", ")} calls`;
}
