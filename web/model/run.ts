import type { EventName, Kernel } from "../../lib/index.ts";
import { type CallEntry, callsOf } from "../../lib/trace/calls.ts";
import { cpus } from "../../lib/see/cpus.ts";
import { Reader } from "../../lib/see/reader.ts";

/** How far a step goes. */
export type Grain = "syscall" | "function" | "tick";

/** A phase of an input: the data comes to be there, or is copied to the program. */
export type Phase = "ready" | "copied";

/** The grains, the largest first. */
export const GRAINS: readonly Grain[] = ["syscall", "function", "tick"];

/** A system call as the list shows it: made by a program on the machine, or a line of a recording. */
export type ListedCall = Pick<CallEntry, "pid" | "comm" | "text" | "result" | "failed" | "enter" | "exit">;

/** Whether an event is a kernel function or a happening inside one. It is the same in every run. */
const functions = new Map<EventName, boolean>();

/** A run that is over, with what is needed to find one's way in it. */
export class Run {
  readonly kernel: Kernel;
  /** The last tick. */
  readonly ticks: number;
  /** The system calls, in the order in which they began: of a replay, those of the recording alone. */
  readonly calls: readonly ListedCall[];
  /** The calls that the machine itself knows; null: `calls` are of a recording. */
  readonly made: readonly CallEntry[] | null;
  readonly #events: readonly EventName[];
  readonly #exits: readonly number[];
  readonly #pids: readonly number[];
  /** When each tick was, by tick from 1. Clocks of several CPUs differ: never before the tick before. Unit: ns. */
  readonly #times: Float64Array;
  #starts: readonly number[] | undefined;
  #all: readonly number[] | undefined;
  #callsAt: Uint32Array | undefined;

  /**
   * @param kernel    a machine that has run: from now on it is only moved through its past.
   * @param recorded  the calls of the recording that it has replayed; null: programs have run.
   */
  constructor(kernel: Kernel, recorded: readonly ListedCall[] | null = null) {
    this.kernel = kernel;
    this.ticks = kernel.ticks;
    const records = [...kernel.trace];
    this.#events = records.map(({ event }) => event);
    this.#pids = records.map(({ pid }) => pid);
    this.#times = new Float64Array(records.length);
    records.forEach(({ time }, i) => (this.#times[i] = i === 0 ? time : Math.max(time, this.#times[i - 1]!)));
    this.made = recorded ? null : callsOf(kernel, records);
    this.calls = recorded ?? this.made!;
    // A replay makes calls of its own to prepare what the recording begins with: no step ends at those.
    this.#exits = recorded
      ? recorded.flatMap(({ exit }) => exit ?? []).sort((a, b) => a - b)
      : records.filter(({ event }) => event === "sys_exit").map(({ tick }) => tick);
  }

  /**
   * The tick at which the last call has returned that neither closes nor ends anything: programs know all that they will know,
   * and what they have made is still there. 0: there is no such call.
   */
  get answered(): number {
    const isEnd = (text: string) => /^(?:exit|close)\w*\(/.test(text);
    return this.calls.reduce((last, { text, exit }) => (isEnd(text) ? last : Math.max(last, exit ?? 0)), 0);
  }

  /** The event of a tick, from 1. */
  eventAt(tick: number): EventName {
    return this.#events[tick - 1] ?? "none";
  }

  /** Number of the task that ran at a tick; 0: none. */
  pidAt(tick: number): number {
    return this.#pids[tick - 1] ?? 0;
  }

  /** When a tick was. Unit: ns since boot. */
  timeAt(tick: number): number {
    return this.#times[Math.min(tick, this.ticks) - 1] ?? 0;
  }

  /** The phases of inputs that end in a step, in order, each once. @param before  the tick from which the step goes. */
  phases(before: number, tick: number): Phase[] {
    const names = this.#events.slice(before, tick);
    const ends = names.flatMap((event): Phase[] =>
      event === "data_ready" ? ["ready"] : event === "data_copied" ? ["copied"] : [],
    );
    return [...new Set(ends)];
  }

  /** The ticks at which a step of a grain can end, ascending: a call returns, a function begins, anything happens. */
  stops(grain: Grain): readonly number[] {
    if (grain === "tick") return (this.#all ??= this.#events.map((_, i) => i + 1));
    return grain === "syscall" ? this.#exits : (this.#starts ??= this.#functionStarts());
  }

  /** The tick at which the next step ends; the last tick if there is none. */
  next(grain: Grain, from: number): number {
    if (grain === "tick") return Math.min(this.ticks, from + 1);
    const stops = this.stops(grain);
    return stops[after(stops, from)] ?? this.ticks;
  }

  /** The tick at which the step before ended; 0 if there is none. */
  previous(grain: Grain, from: number): number {
    if (grain === "tick") return Math.max(0, from - 1);
    const stops = this.stops(grain);
    return stops[after(stops, from - 1) - 1] ?? 0;
  }

  /** Place in `calls` of the call that a tick belongs to: the one that began or went on last; -1: none yet. */
  callAt(tick: number): number {
    this.#callsAt ??= this.#placesOfCalls();
    return this.#callsAt[Math.min(tick, this.ticks)]! - 1;
  }

  /** By tick, the place from 1 of the call that began or went on last; 0: none yet. */
  #placesOfCalls(): Uint32Array {
    const places = new Uint32Array(this.ticks + 1);
    this.calls.forEach(({ enter, exit }, i) => {
      for (const tick of [enter, exit]) if (tick !== null) places[tick] = i + 1;
    });
    for (let tick = 1; tick < places.length; tick++) places[tick] ||= places[tick - 1]!;
    return places;
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
