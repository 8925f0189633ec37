import type { StraceCall, StraceExit, StraceSignal, StraceTrace } from "../strace/types.ts";

/** Something that a recording tells, at its place in the order of the recording. */
export type Happening =
  | { readonly kind: "entry"; readonly sequence: number; readonly call: StraceCall }
  | { readonly kind: "exit"; readonly sequence: number; readonly call: StraceCall }
  | { readonly kind: "signal"; readonly sequence: number; readonly signal: StraceSignal }
  | { readonly kind: "end"; readonly sequence: number; readonly end: StraceExit };

/**
 * Everything that happens in a recording, in its order. A call that never ends has its exit where its task ends, or
 * the recording does.
 */
export function timelineOf(trace: StraceTrace): Happening[] {
  const all: Happening[] = [];
  for (const call of trace.calls) {
    all.push({ kind: "entry", sequence: call.entrySequence, call });
    all.push({ kind: "exit", sequence: call.exitSequence, call });
  }
  for (const signal of trace.signals) all.push({ kind: "signal", sequence: signal.sequence, signal });
  for (const end of trace.exits) all.push({ kind: "end", sequence: end.sequence, end });
  return all.sort((a, b) => a.sequence - b.sequence);
}
