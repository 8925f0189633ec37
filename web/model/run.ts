import type { EventName, Kernel, TraceRecord } from "../../lib/index.ts";
import { callText, renderResult } from "../../lib/see/calls.ts";
import { cpus } from "../../lib/see/cpus.ts";
import { Reader } from "../../lib/see/reader.ts";

/** How far a step goes. */
export type Grain = "syscall" | "function" | "tick";

/** The grains, the largest first. */
export const GRAINS: readonly Grain[] = ["syscall", "function", "tick"];

/** A system call of the run. */
export interface CallEntry {
  readonly pid: number;
  /** Name of the task. */
  readonly comm: string;
  /** Number of the system call. */
  readonly nr: number;
  readonly args: readonly (number | bigint)[];
  /** The call without its result, pointers as addresses: `read(5, 0x7ffe0000, 64)`. */
  readonly text: string;
  /** `5`, `-1 EAGAIN`; null: it never returned. */
  readonly result: string | null;
  /** Whether the result is an error. */
  readonly failed: boolean;
  /** The tick at which it entered the kernel. */
  readonly enter: number;
  /** The tick at which it returned; null: it never did. */
  readonly exit: number | null;
}

/** Whether an event is a kernel function or a happening inside one. It is the same in every run. */
const functions = new Map<EventName, boolean>();

/** A run that is over, with what is needed to find one's way in it. */
export class Run {
  readonly kernel: Kernel;
  /** The last tick. */
  readonly ticks: number;
  /** The system calls, in the order in which they began. */
  readonly calls: readonly CallEntry[];
  readonly #events: readonly EventName[];
  readonly #exits: readonly number[];
  #starts: readonly number[] | undefined;

  /** @param kernel  a machine that has run: from now on it is only moved through its past. */
  constructor(kernel: Kernel) {
    this.kernel = kernel;
    this.ticks = kernel.ticks;
    const records = [...kernel.trace];
    this.#events = records.map(({ event }) => event);
    this.#exits = records.filter(({ event }) => event === "sys_exit").map(({ tick }) => tick);
    this.calls = callsOf(kernel, records);
  }

  /** The event of a tick, from 1. */
  eventAt(tick: number): EventName {
    return this.#events[tick - 1] ?? "none";
  }

  /** The ticks at which a step of a grain can end, ascending: a call returns, a function begins, anything happens. */
  #stops(grain: Grain): readonly number[] | null {
    if (grain === "tick") return null;
    return grain === "syscall" ? this.#exits : (this.#starts ??= this.#functionStarts());
  }

  /** The tick at which the next step ends; the last tick if there is none. */
  next(grain: Grain, from: number): number {
    const stops = this.#stops(grain);
    if (!stops) return Math.min(this.ticks, from + 1);
    return stops[after(stops, from)] ?? this.ticks;
  }

  /** The tick at which the step before ended; 0 if there is none. */
  previous(grain: Grain, from: number): number {
    const stops = this.#stops(grain);
    if (!stops) return Math.max(0, from - 1);
    return stops[after(stops, from - 1) - 1] ?? 0;
  }

  /** Place in `calls` of the call that a tick belongs to: the one that began or went on last; -1: none yet. */
  callAt(tick: number): number {
    let found = -1;
    let since = 0;
    this.calls.forEach(({ enter, exit }, i) => {
      if (enter > tick) return;
      const last = exit !== null && exit <= tick ? exit : enter;
      if (last >= since) [found, since] = [i, last];
    });
    return found;
  }

  #functionStarts(): number[] {
    const { kernel } = this;
    const stood = kernel.tick;
    const isFunction = (event: EventName, tick: number): boolean => {
      const known = functions.get(event);
      if (known !== undefined) return known;
      kernel.seek(tick);
      // A function that begins is what its CPU is in; a happening leaves the stack as it is.
      const found = cpus(new Reader(kernel.memory)).some(({ stack }) => stack.at(-1) === event);
      functions.set(event, found);
      return found;
    };
    const starts: number[] = [];
    this.#events.forEach((event, i) => {
      if (isFunction(event, i + 1)) starts.push(i + 1);
    });
    kernel.seek(stood);
    return starts;
  }
}

/** Index of the first number that is greater. */
function after(sorted: readonly number[], value: number): number {
  let low = 0;
  for (let high = sorted.length; low < high;) {
    const middle = (low + high) >>> 1;
    if (sorted[middle]! > value) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** One line of a journal, as far as system calls need it. */
interface JournalLine {
  readonly input?: string;
  readonly pid?: number;
  readonly args?: readonly (number | string)[];
}

/** The arguments of every system call, by task, in order. */
function argumentsOf(kernel: Kernel): Map<number, (number | bigint)[][]> {
  const all = new Map<number, (number | bigint)[][]>();
  for (const text of kernel.journal.split("\n")) {
    if (!text.includes('"SYSCALL"') && !text.includes('"SUBMIT"')) continue;
    const { pid = 0, args = [] } = JSON.parse(text) as JournalLine;
    const values = Array.from({ length: 6 }, (_, i) => {
      const value = args[i] ?? 0;
      return typeof value === "string" ? BigInt(value) : value;
    });
    const calls = all.get(pid);
    if (calls) calls.push(values);
    else all.set(pid, [values]);
  }
  return all;
}

function callsOf(kernel: Kernel, records: readonly TraceRecord[]): CallEntry[] {
  const given = argumentsOf(kernel);
  const taken = new Map<number, number>();
  const names = new Map<number, string>();
  const calls: CallEntry[] = [];
  const open = new Map<number, number>();
  for (const { event, pid, tick, args } of records) {
    if (event === "sys_enter") {
      const nth = taken.get(pid) ?? 0;
      taken.set(pid, nth + 1);
      if (!names.has(pid)) names.set(pid, kernel.task(pid).name);
      const nr = args[0] | 0;
      const values = given.get(pid)?.[nth] ?? [args[1], args[2]];
      open.set(pid, calls.length);
      const text = callText(nr, values);
      calls.push({
        pid,
        comm: names.get(pid)!,
        nr,
        args: values,
        text,
        result: null,
        failed: false,
        enter: tick,
        exit: null,
      });
    } else if (event === "sys_exit") {
      const at = open.get(pid);
      if (at === undefined) continue;
      const result = args[1] | 0;
      calls[at] = { ...calls[at]!, result: renderResult(result), failed: result < 0, exit: tick };
      open.delete(pid);
    }
  }
  return calls;
}
