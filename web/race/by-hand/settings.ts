import { choiceIn, wholeIn } from "../../labs/choice.ts";
import type { Settings } from "../../labs/all.ts";
import { type Operation, readOperations, writeOperations } from "./operations.ts";
import { PLAYTHINGS, playthingOf } from "./playthings.ts";
import type { Plaything } from "./plaything.ts";

/** What the page is set to: its address. */
export interface ByHandSettings {
  readonly what: Plaything["id"];
  /** What is done to the empty structure. */
  readonly operations: readonly Operation[];
  /** Which picture is shown; null: the last one. */
  readonly step: number | null;
  /** Whether each rule is shown by itself when something is done. */
  readonly rules: boolean;
  /** What random keys come from. */
  readonly seed: number;
}

const MOST_STEPS = 9999;
const IDS = PLAYTHINGS.map(({ id }) => id);

/** What an address says; what cannot be is left out. */
export function readSettings({ what, do: done, step, rules, seed }: Settings): ByHandSettings {
  const id = choiceIn(what, IDS) ?? "tree";
  return {
    what: id,
    operations: playthingOf(id).bearable(readOperations(done ?? "")),
    step: step === undefined || !/^\d+$/.test(step) ? null : wholeIn(step, 0, MOST_STEPS, 0),
    rules: rules !== "0",
    seed: wholeIn(seed, 0, 999_999, 1),
  };
}

/** What an address has to say. */
export function writeSettings({ what, operations, step, rules, seed }: ByHandSettings): Record<string, string> {
  return {
    ...(what !== "tree" && { what }),
    ...(operations.length > 0 && { do: writeOperations(operations) }),
    ...(step !== null && { step: String(step) }),
    ...(!rules && { rules: "0" }),
    ...(seed !== 1 && { seed: String(seed) }),
  };
}
