import type { CounterValues, Kernel, KernelMemory, TraceRecord } from "../../lib/index.ts";
import { type Inspection, objectBy } from "../../lib/see/inspect.ts";
import { type Difference, diff } from "../../lib/see/diff.ts";
import type { Violation } from "../../lib/see/invariants.ts";
import { objectAround } from "../../lib/see/population.ts";
import { Reader } from "../../lib/see/reader.ts";
import type { Phase } from "./run.ts";

/** A machine as it was at a tick: a copy, which stays as it is. */
export interface Moment {
  readonly tick: number;
  /** Virtual time. Unit: ns since boot. */
  readonly time: number;
  readonly memory: KernelMemory;
  readonly inspection: Inspection;
  readonly counters: CounterValues;
}

/** What the page shows: a moment, what the step to it has changed, and whether all is well. */
export interface Frame extends Moment {
  /** What happened at this tick; null at the beginning. */
  readonly record: TraceRecord | null;
  /** How a red-black tree will be balanced at the next tick, which can be looked at before it is done; null: it is not. */
  readonly upcoming: TraceRecord | null;
  /** Addresses of the nodes that it is about. */
  readonly concerned: ReadonlySet<number>;
  /** Where the step to here began. */
  readonly before: Moment;
  /** Addresses of what the step has changed or is about. */
  readonly changed: ReadonlySet<number>;
  /** Address of what the record is about, first of all; 0: nothing. */
  readonly subject: number;
  /** The phases of inputs that have ended in this step. */
  readonly phases: readonly Phase[];
  readonly violations: readonly Violation[];
}

/** Copies the machine as it stands. */
export function momentOf(kernel: Kernel): Moment {
  const memory = kernel.memory.snapshot();
  return { tick: kernel.tick, time: kernel.now, memory, inspection: kernel.inspect(), counters: kernel.counters };
}

/** Fields that change all the time and mean nothing on the stage, or whose change shows in what they list. */
const QUIET: Readonly<Record<string, ReadonlySet<string>>> = {
  TaskStruct: new Set(["utime", "stime", "title"]),
  Eventpoll: new Set(["tree", "root", "ready", "batch", "overflow", "waitQueues"]),
  Epitem: new Set(["entries"]),
  Socket: new Set(["waitQueues"]),
  FilesStruct: new Set(["fds"]),
  File: new Set(["watchers"]),
  Cpu: new Set(["clock", "stack", "context", "curr"]),
  MmStruct: new Set(["rss", "areas"]),
};

/** Addresses of objects that are new or have changed in a way that is seen. */
function changedObjects({ added, changed }: Difference): Set<number> {
  const found = new Set(added.map(({ address }) => address));
  for (const { address, struct, fields } of changed) {
    if (fields.some(({ name }) => !QUIET[struct]?.has(name))) found.add(address);
  }
  return found;
}

/** Addresses of the objects that a record names; those inside of others stand for those around them. */
function objectsNamed(record: TraceRecord | null, memory: KernelMemory): number[] {
  if (!record) return [];
  const reader = new Reader(memory);
  return record.named
    .filter(({ type, value }) => /^[A-Z]/.test(type) && value !== 0)
    .map(({ value }) => objectAround(reader, value)?.address ?? value);
}

/** Puts together what the page shows of a moment. */
export function frameOf(
  moment: Moment,
  before: Moment,
  step: Pick<Frame, "record" | "upcoming" | "phases" | "violations">,
): Frame {
  const { record } = step;
  const changed = changedObjects(diff(before.inspection, moment.inspection));
  const named = objectsNamed(record, moment.memory);
  for (const address of named) changed.add(address);
  // Timers stand in trees, too, which nobody sees.
  const nodes = objectsNamed(step.upcoming, moment.memory);
  const concerned = new Set(nodes.filter((address) => objectBy(moment.inspection, address)?.struct === "Epitem"));
  const upcoming = concerned.size > 0 ? step.upcoming : null;
  return { ...moment, ...step, upcoming, before, changed, concerned, subject: named[0] ?? 0 };
}
