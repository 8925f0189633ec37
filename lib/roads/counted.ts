import { type CounterValues, readCounters } from "../machine/counters.ts";
import type { EventName, TraceRecord } from "../machine/records.ts";
import { KERNEL_BASE } from "../machine/memory.ts";
import type { Walked, WalkedTicks } from "./measure.ts";

/** What is counted, one by one. A task that sleeps is no counter: it has called the scheduler, and left its CPU. */
export type CountedKind = "modeSwitch" | "taskSwitch" | "sleep" | "cpuCopy" | "dmaTransfer" | "fault" | "interrupt";

/** A moment at which something was counted. */
export interface CountedMoment {
  readonly kind: CountedKind;
  /** Its record. */
  readonly tick: number;
  /** Unit: ns since boot. */
  readonly time: number;
  /** The task that ran; 0: none. */
  readonly pid: number;
  readonly event: EventName;
  /** By how much its counter was raised. */
  readonly amount: number;
  /** What was moved; 0: nothing was. Unit: bytes. */
  readonly bytes: number;
}

/** A counter, and the records by which its increments are known. */
interface CounterRule {
  readonly kind: CountedKind;
  readonly counters: readonly (keyof CounterValues)[];
  /** The counter of the bytes that come along. */
  readonly bytes?: keyof CounterValues;
  /** Records that are written when it has been counted. */
  readonly after?: readonly EventName[];
  /** Records that are written before it is counted: the last such one is meant. */
  readonly before?: readonly EventName[];
  /** Until when it belongs to the road: what the program did; or also what happened until all had arrived. */
  readonly until: "end" | "arrived";
}

const RULES: readonly CounterRule[] = [
  { kind: "modeSwitch", counters: ["modeSwitches"], after: ["sys_enter"], before: ["sys_exit"], until: "end" },
  { kind: "taskSwitch", counters: ["contextSwitches"], after: ["sched_switch"], until: "arrived" },
  {
    kind: "cpuCopy",
    counters: ["cpuCopies"],
    bytes: "cpuCopiedBytes",
    after: ["pio_transfer"],
    before: ["copy_to_user", "copy_from_user"],
    until: "arrived",
  },
  {
    kind: "dmaTransfer",
    counters: ["dmaTransfers"],
    bytes: "dmaBytes",
    after: ["disk_transfer"],
    before: ["dma_from_memory", "dma_to_memory"],
    until: "arrived",
  },
  { kind: "fault", counters: ["minorFaults", "majorFaults"], before: ["handle_mm_fault"], until: "end" },
  { kind: "interrupt", counters: ["interrupts"], until: "arrived" },
];

/**
 * The moments that a road's figures are made of, in the order of their ticks: the sums are the figures. Runs the past
 * again.
 *
 * @param walked  over the wire, on a machine with tracepoints.
 * @throws Error  if it has none.
 */
export function countedMoments({ kernel, ticks }: Walked): CountedMoment[] {
  if (ticks.arrived === 0) throw new Error("the road was walked without tracepoints: boot: { trace: true }");
  // What was counted behind the last record of the road is seen when the next one is written.
  const last = Math.max(ticks.end, ticks.arrived) + 1;
  const records = [...kernel.trace.range(ticks.begin, last)];
  const finders = RULES.map((rule) => new Finder(rule, records));
  kernel.trace.watch(
    (memory) => {
      const values = readCounters(memory, memory.get("Kernel", KERNEL_BASE, "counters"));
      for (const finder of finders) finder.take(values);
    },
    ticks.begin,
    last,
  );
  const found = finders.flatMap(({ rule, moments }) =>
    moments.filter(({ tick }) => tick > ticks.begin && tick <= ticks[rule.until]),
  );
  return [...found, ...sleeps(records, ticks)].sort((a, b) => a.tick - b.tick);
}

/** The moments at which a task has left its CPU because it had to wait. */
function sleeps(records: readonly TraceRecord[], { begin: first, arrived: last }: WalkedTicks): CountedMoment[] {
  return records.flatMap((record) =>
    record.event === "schedule" && record.tick > first && record.tick <= last ? [momentAt("sleep", record, 1, 0)] : [],
  );
}

function momentAt(kind: CountedKind, { tick, time, pid, event }: TraceRecord, amount: number, bytes: number) {
  return { kind, tick, time, pid, event, amount, bytes };
}

/** Finds the records of what one counter has counted, tick by tick. */
class Finder {
  readonly rule: CounterRule;
  readonly moments: CountedMoment[] = [];
  readonly #records: readonly TraceRecord[];
  #at = -1;
  #count = 0;
  #bytes = 0;
  /** Place of the last record that something was counted for. */
  #last = -1;

  constructor(rule: CounterRule, records: readonly TraceRecord[]) {
    this.rule = rule;
    this.#records = records;
  }

  /** Takes the counters as they were when the next record was written. */
  take(values: CounterValues): void {
    const { counters, bytes, after = [] } = this.rule;
    const count = counters.reduce((sum, name) => sum + values[name], 0);
    const moved = bytes === undefined ? 0 : values[bytes];
    this.#at++;
    const amount = this.#at === 0 ? 0 : count - this.#count;
    const here = amount > 0 && after.includes(this.#records[this.#at]!.event);
    const earlier = amount - (here ? 1 : 0);
    if (earlier > 0) this.#add(this.#earlier(), earlier, here ? 0 : moved - this.#bytes);
    if (here) this.#add(this.#at, 1, moved - this.#bytes);
    this.#count = count;
    this.#bytes = moved;
  }

  /** Place of the last record before which something is counted; this one, if there has been none since the last time. */
  #earlier(): number {
    const { before = [] } = this.rule;
    for (let place = this.#at - 1; place > this.#last; place--) {
      if (before.includes(this.#records[place]!.event)) return place;
    }
    return this.#at;
  }

  #add(place: number, amount: number, bytes: number): void {
    this.#last = place;
    this.moments.push(momentAt(this.rule.kind, this.#records[place]!, amount, bytes));
  }
}
