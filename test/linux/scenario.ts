import type { Program } from "../../lib/linux/program.ts";

export * from "../../lib/linux/abi.ts";
export type * from "../../lib/linux/program.ts";

/** A program and what it shows about Linux. */
export interface Scenario {
  /** A full claim: what is true when the answers are as recorded. */
  readonly claim: string;
  readonly program: Program;
}

/** Makes a scenario. */
export function scenario(claim: string, program: Program): Scenario {
  return { claim, program };
}
