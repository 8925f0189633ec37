import type { StraceCall, StraceWarning } from "../strace/types.ts";
import type { Difference } from "./request.ts";

/** What became of a recorded call. */
export type Verdict =
  /** The machine answered as the recorded kernel did. */
  | "matched"
  /** It answered differently. */
  | "mismatched"
  /** The call is about input or output, but the machine does not have it. */
  | "not simulated"
  /** The call is about something outside the machine: a device, a directory, a terminal. */
  | "outside"
  /** The recording does not tell what the call returned. */
  | "unfinished"
  /** The call does not concern input and output on descriptors. */
  | "no I/O";

/** A recorded call, and what the machine made of it. */
export interface ReplayedCall {
  readonly call: StraceCall;
  readonly verdict: Verdict;
  /** Why it was not simulated, or is outside. */
  readonly reason?: string;
  /** What differs, if it is mismatched. */
  readonly difference?: Difference;
  /** What was done so that the calls behind it find the machine as the recorded one was. */
  readonly resynchronized?: string;
  /** The machine's tick before the call was made, and when its result was there; absent if the machine did not make it. */
  readonly ticks?: readonly [number, number];
}

/** How many calls came to what. */
export type Tally = Record<Verdict, number>;

/** What a replay has come to. */
export interface ReplayReport {
  /** What the recording is called. */
  readonly name: string;
  /** Lines of the recording. */
  readonly lines: number;
  /** Tasks of the recording. */
  readonly tasks: number;
  /** All calls, in order of their entries. */
  readonly calls: readonly ReplayedCall[];
  readonly tally: Tally;
  /** Calls about input and output on what the machine has: matched, mismatched and not simulated together. */
  readonly io: number;
  /** Matched calls of which the recording hides an array (`[...]`): only what it tells was compared. */
  readonly countOnly: number;
  /** By name of the system call, those with the most calls first. */
  readonly bySystemCall: ReadonlyMap<string, Tally>;
  /** The first call that did not match; null if all did. */
  readonly firstMismatch: ReplayedCall | null;
  /** How often something outside had to happen, by kind. */
  readonly outside: Readonly<Record<string, number>>;
  /** What the reader of the recording should know. */
  readonly warnings: readonly StraceWarning[];
  /** Virtual time that passed. Unit: ns. */
  readonly virtualTime: number;
}

/** A tally of nothing. */
function emptyTally(): Tally {
  return { matched: 0, mismatched: 0, "not simulated": 0, outside: 0, unfinished: 0, "no I/O": 0 };
}

/** Counts calls by what they came to. */
export function tallyCalls(calls: Iterable<ReplayedCall>): Tally {
  const tally = emptyTally();
  for (const { verdict } of calls) tally[verdict]++;
  return tally;
}

/** The same for each system call. */
export function tallyByName(calls: Iterable<ReplayedCall>): Map<string, Tally> {
  const tallies = new Map<string, Tally>();
  for (const { call, verdict } of calls) {
    let tally = tallies.get(call.name);
    if (!tally) tallies.set(call.name, (tally = emptyTally()));
    tally[verdict]++;
  }
  const sum = (tally: Tally) => Object.values(tally).reduce((a, b) => a + b, 0);
  return new Map([...tallies].sort(([, a], [, b]) => sum(b) - sum(a)));
}
