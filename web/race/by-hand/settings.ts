import type { Settings } from "../../labs/all.ts";
import { wholeIn } from "../../labs/waiting/settings.ts";
import { type Operation, readOperations, writeOperations } from "./operations.ts";
import { bearable } from "./story.ts";

/** What the page is set to: its address. */
export interface ByHandSettings {
  /** What is done to the empty tree. */
  readonly operations: readonly Operation[];
  /** Which picture is shown; null: the last one. */
  readonly step: number | null;
  /** Whether each rule is shown by itself when something is done. */
  readonly rules: boolean;
  /** What random keys come from. */
  readonly seed: number;
}

const MOST_STEPS = 9999;

/** What an address says; what cannot be is left out. */
export function readSettings({ do: done, step, rules, seed }: Settings): ByHandSettings {
  return {
    operations: bearable(readOperations(done ?? "")),
    step: step === undefined || !/^\d+$/.test(step) ? null : wholeIn(step, 0, MOST_STEPS, 0),
    rules: rules !== "0",
    seed: wholeIn(seed, 0, 999_999, 1),
  };
}

/** What an address has to say. */
export function writeSettings({ operations, step, rules, seed }: ByHandSettings): Record<string, string> {
  return {
    ...(operations.length > 0 && { do: writeOperations(operations) }),
    ...(step !== null && { step: String(step) }),
    ...(!rules && { rules: "0" }),
    ...(seed !== 1 && { seed: String(seed) }),
  };
}
