import type { Kernel } from "../kernel.ts";
import type { TraceRecord } from "../machine/records.ts";
import { errnoName } from "../machine/errno.ts";
import { recordsOf } from "./records.ts";
import { type Lane, type LaneKind, type Mark, type Slice, lanesOf } from "../see/lanes.ts";

/** What was going on for a time, as viewers of traces show it. */
export interface TrackSlice {
  readonly name: string;
  /** Unit: ns since boot. */
  readonly start: number;
  readonly end: number;
  /** What there is to say of it besides. */
  readonly details: Readonly<Record<string, string | number>>;
}

/** Something that took no time. */
export interface TrackInstant {
  readonly name: string;
  /** Unit: ns since boot. */
  readonly time: number;
  readonly details: Readonly<Record<string, string | number>>;
}

/** Slices one after the other or inside of each other, in order of their beginning. */
export interface Track {
  readonly name: string;
  readonly slices: readonly TrackSlice[];
  readonly instants: readonly TrackInstant[];
}

/** A thread of a viewer: a CPU, a task, a device; with tracks below it. */
export interface Thread {
  /** Unlike that of every other thread of its process. */
  readonly number: number;
  readonly track: Track;
  readonly below: readonly Track[];
}

/** A number that changes with time. */
export interface Counter {
  readonly name: string;
  readonly unit: "bytes" | "count";
  readonly points: readonly { readonly time: number; readonly value: number }[];
}

/** A process of a viewer: the CPUs, the tasks, the devices. */
export interface Process {
  readonly number: number;
  readonly name: string;
  readonly threads: readonly Thread[];
  readonly counters: readonly Counter[];
}

const DEVICES: readonly LaneKind[] = ["block", "disk", "dma", "nic"];
const DEVICE_NAMES: Readonly<Partial<Record<LaneKind, string>>> = {
  block: "block layer",
  disk: "disk",
  dma: "DMA",
  nic: "network card",
};

/** Everything that a machine has done, in the order in which a viewer shows it. */
export function processesOf(kernel: Kernel): Process[] {
  const records = recordsOf(kernel);
  const { costs, memory, tasks } = kernel;
  const { lanes, marks } = lanesOf({ trace: records, tasks, costs, memory });
  const of = (kind: LaneKind) => lanes.filter((lane) => lane.kind === kind);
  const cpus = of("cpu").map((lane): Thread => {
    return { number: lane.number + 1, track: trackOf(lane, `CPU ${lane.number}`), below: [] };
  });
  const threads = of("calls").map((lane): Thread => {
    const { number } = lane;
    const own = lanes.filter((other) => other.number === number);
    const below = [
      ...own.filter(({ kind }) => kind === "task").map((states) => trackOf(states, "state")),
      ...own.filter(({ kind }) => kind === "phases").map((phases) => trackOf(phases, "phases of input")),
    ];
    const instants = marks.filter(({ pid }) => pid === number).map(instantOf);
    return { number, track: { ...trackOf(lane, lane.name || `task ${number}`), instants }, below };
  });
  const devices = lanes
    .filter(({ kind }) => DEVICES.includes(kind))
    .map((lane, i): Thread => {
      const name = DEVICE_NAMES[lane.kind]!;
      return { number: i + 1, track: trackOf(lane, lane.number > 1 ? `${name} ${lane.number}` : name), below: [] };
    });
  return [
    { number: 1, name: "CPUs", threads: cpus, counters: [copiedBytes(records)] },
    { number: 2, name: "tasks", threads, counters: [] },
    { number: 3, name: "devices", threads: devices, counters: [movedBytes(lanes)] },
  ];
}

function trackOf({ slices }: Lane, name: string): Track {
  return { name, slices: slices.map(sliceOf), instants: [] };
}

function sliceOf({ kind, name, start, end, from, pid, wchan, result, bytes, over }: Slice): TrackSlice {
  const details: Record<string, string | number> = { kind, tick: from };
  if (pid !== 0) details["task"] = pid;
  if (wchan !== null) details["wchan"] = wchan;
  if (result !== null) details["result"] = errnoName(result) ?? result;
  if (bytes !== null) details["bytes"] = bytes;
  if (!over) details["unfinished"] = "true";
  return { name: name || kind.replaceAll("_", " "), start, end, details };
}

const MARKS: Readonly<Record<Mark["kind"], string>> = {
  wakeup: "woken",
  answer: "events",
  error: "error",
  ready: "data ready",
  copied: "data copied",
  signal: "signal",
};

function instantOf({ kind, tick, time, value }: Mark): TrackInstant {
  const details: Record<string, string | number> = { tick };
  if (value !== 0) details["value"] = errnoName(value) ?? value;
  return { name: MARKS[kind], time, details };
}

/** How many bytes CPUs have copied between programs and the kernel so far. */
function copiedBytes(records: readonly TraceRecord[]): Counter {
  const copies = records.filter(({ event }) => /^copy_(to|from)_user$/.test(event));
  return counterOf(
    "bytes copied to and from programs",
    copies.map(({ time, args }) => ({ time, bytes: args[2] >>> 0 })),
  );
}

/** How many bytes devices have moved to and from memory so far, headers of packets among them. */
function movedBytes(lanes: readonly Lane[]): Counter {
  const transfers = lanes.filter(({ kind }) => kind === "dma").flatMap(({ slices }) => slices);
  return counterOf(
    "bytes moved by DMA",
    transfers.map(({ end, bytes }) => ({ time: end, bytes: bytes ?? 0 })),
  );
}

function counterOf(name: string, steps: readonly { readonly time: number; readonly bytes: number }[]): Counter {
  let value = 0;
  const points = steps
    .toSorted((a, b) => a.time - b.time)
    .map(({ time, bytes }) => ({ time, value: (value += bytes) }));
  return { name, unit: "bytes", points: [{ time: 0, value: 0 }, ...points] };
}
