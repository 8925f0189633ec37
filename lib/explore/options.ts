import { checkNames, describe } from "../machine/call.ts";

/** How far a search has come. */
export interface Explored {
  /** How often the programs were run. */
  readonly runs: number;
  /** How many different states were found in which there was a choice. */
  readonly states: number;
  /** How many runs were given up because they had come to a state from which everything is known. */
  readonly pruned: number;
}

/** What a search tells while it goes on. */
export interface ExploreProgress extends Explored {
  /** Number of forced switches of the runs that are tried now. */
  readonly switches: number;
  /** How many runs are known to be left; more are found on the way. */
  readonly waiting: number;
}

/** How to search. */
export interface ExploreOptions {
  /** Whether the property is asked after every step, not only when nothing can happen any more. Default: false. */
  readonly always?: boolean;
  /**
   * Whether something that is due later (a packet on its way, an alarm) may also happen while tasks could go on: then
   * they are slow. Otherwise time passes only when nobody can do anything. Default: true.
   */
  readonly early?: boolean;
  /**
   * Whether a run is given up that comes to a state in which another one has been. Without that every order is run to
   * its end, which takes far longer and finds the same. Default: true.
   */
  readonly prune?: boolean;
  /** Greatest number of times that a task which could go on has to stop for another. Default: no limit. */
  readonly maxSwitches?: number;
  /** Greatest number of runs. Default: 100,000. */
  readonly maxRuns?: number;
  /** Greatest number of inputs of one run; one that is longer is given up. Default: 10,000. */
  readonly maxInputs?: number;
  /** Told some times a second how far the search has come. */
  readonly onProgress?: (progress: ExploreProgress) => void;
  /** Ends the search. */
  readonly signal?: AbortSignal;
}

/** The same with all defaults. */
export interface CheckedOptions extends Required<Omit<ExploreOptions, "onProgress" | "signal">> {
  readonly onProgress: ((progress: ExploreProgress) => void) | undefined;
  readonly signal: AbortSignal | undefined;
}

const NAMES = ["always", "early", "prune", "maxSwitches", "maxRuns", "maxInputs", "onProgress", "signal"];

/** Checks what a caller wants. @throws TypeError, RangeError. */
export function checkExploreOptions(options: ExploreOptions): CheckedOptions {
  checkNames("option of explore()", options, NAMES);
  const { onProgress, signal } = options;
  if (signal !== undefined && !(signal instanceof AbortSignal)) {
    throw new TypeError(`signal is an AbortSignal, not ${describe(signal)}`);
  }
  if (onProgress !== undefined && typeof onProgress !== "function") {
    throw new TypeError(`onProgress is a function, not ${describe(onProgress)}`);
  }
  return {
    always: flag("always", options.always ?? false),
    early: flag("early", options.early ?? true),
    prune: flag("prune", options.prune ?? true),
    maxSwitches: count("maxSwitches", options.maxSwitches ?? Infinity),
    maxRuns: count("maxRuns", options.maxRuns ?? 100_000),
    maxInputs: count("maxInputs", options.maxInputs ?? 10_000),
    onProgress,
    signal,
  };
}

function flag(name: string, value: unknown): boolean {
  if (typeof value === "boolean") return value;
  throw new TypeError(`${name} is true or false, not ${describe(value)}`);
}

function count(name: string, value: unknown): number {
  if (typeof value === "number" && value >= 0 && (Number.isInteger(value) || value === Infinity)) return value;
  throw new RangeError(`${name} is a whole number >= 0, not ${describe(value)}`);
}
