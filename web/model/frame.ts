import type { CounterValues, Kernel, KernelMemory, TraceRecord } from "../../lib/index.ts";
import { type Inspection, type KernelObject, objectBy } from "../../lib/see/inspect.ts";
import { type Difference, diffObjects } from "../../lib/see/diff.ts";
import { canBeMany } from "../../lib/see/inspect/near.ts";
import { changedObjects } from "../../lib/see/changed.ts";
import { objectAround } from "../../lib/see/population.ts";
import { Reader } from "../../lib/see/reader.ts";
import { type Attention, inspectNear, inspectWhole } from "./near.ts";
import type { Phase } from "./run.ts";

/** A machine as it was at a tick: a copy, which stays as it is. */
export interface Moment {
  readonly tick: number;
  /** Virtual time. Unit: ns since boot. */
  readonly time: number;
  readonly memory: KernelMemory;
  /** Its objects; those of a frame with very many are the ones that can be seen or have changed. */
  readonly inspection: Inspection;
  readonly counters: CounterValues;
}

/** A moment whose objects are only looked at when somebody asks for them. */
class MomentCopy implements Moment {
  readonly tick: number;
  readonly time: number;
  readonly memory: KernelMemory;
  readonly counters: CounterValues;

  constructor({ tick, now, memory, counters }: Kernel) {
    this.tick = tick;
    this.time = now;
    this.memory = memory.snapshot();
    this.counters = counters;
  }

  get inspection(): Inspection {
    return inspectWhole(this.memory);
  }
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
  /** What is looked at of it, however much there is. */
  readonly attention: Attention;
  /** Addresses of what the step has changed or is about. */
  readonly changed: ReadonlySet<number>;
  /** Address of what the record is about, first of all; 0: nothing. */
  readonly subject: number;
  /** The phases of inputs that have ended in this step. */
  readonly phases: readonly Phase[];
}

/** Copies the machine as it stands. */
export function momentOf(kernel: Kernel): Moment {
  return new MomentCopy(kernel);
}

/** Fields that change all the time and mean nothing on the stage, or whose change shows in what they list. */
const QUIET: Readonly<Record<string, ReadonlySet<string>>> = {
  TaskStruct: new Set(["utime", "stime", "title"]),
  Eventpoll: new Set(["tree", "left", "root", "ready", "batch", "overflow", "waitQueues"]),
  Epitem: new Set(["entries"]),
  Socket: new Set(["waitQueues"]),
  FilesStruct: new Set(["fds", "left"]),
  File: new Set(["watchers"]),
  Cpu: new Set(["clock", "stack", "context", "curr"]),
  MmStruct: new Set(["rss", "areas"]),
};

/**
 * Addresses of objects that are new or have changed in a way that is seen.
 *
 * @param touched  addresses of all whose bytes are not the same; null: not known, nor needed.
 */
function seenToChange(
  { added, changed }: Pick<Difference, "added" | "changed">,
  touched: ReadonlySet<number> | null,
): Set<number> {
  const isNew = ({ address, struct }: KernelObject) => !touched || touched.has(address) || !canBeMany(struct);
  const found = new Set(added.filter(isNew).map(({ address }) => address));
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

/** No more objects that a step has changed are looked at: of so many nobody sees each. */
const MOST_TOUCHED = 1024;

/**
 * Puts together what the page shows of a moment.
 *
 * @param fds  numbers of descriptors that are looked at in any case.
 */
export function frameOf(
  moment: Moment,
  before: Moment,
  step: Pick<Frame, "record" | "upcoming" | "phases">,
  fds: readonly number[] = [],
): Frame {
  const named = objectsNamed(step.record, moment.memory);
  // Timers stand in trees, too, which nobody sees.
  const nodes = objectsNamed(step.upcoming, moment.memory);
  const touched = changedObjects(before.memory, moment.memory, MOST_TOUCHED);
  const attention = { addresses: [...named, ...nodes, ...touched], fds };
  const inspection = inspectNear(moment.memory, attention);
  // Both are about the same objects: what is told of the one and not of the other has come or gone.
  const same = inspection.left ? inspection.objects.map(({ address }) => address) : [];
  const old = inspectNear(before.memory, { addresses: [...attention.addresses, ...same], fds });
  const changed = seenToChange(diffObjects(old, inspection), inspection.left || old.left ? touched : null);
  for (const address of named) changed.add(address);
  const concerned = new Set(nodes.filter((address) => objectBy(inspection, address)?.struct === "Epitem"));
  const upcoming = concerned.size > 0 ? step.upcoming : null;
  const { tick, time, memory, counters } = moment;
  return {
    tick,
    time,
    memory,
    counters,
    ...step,
    inspection,
    upcoming,
    attention,
    before: { tick: before.tick, time: before.time, memory: before.memory, counters: before.counters, inspection: old },
    changed,
    concerned,
    subject: named[0] ?? 0,
  };
}
