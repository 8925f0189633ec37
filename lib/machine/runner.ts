import type { Breakpoint, Breakpoints } from "./breakpoints.ts";
import { KERNEL_BASE, type KernelMemory, fieldOffset, structLayout } from "./memory.ts";
import { type Driver, nextEvent } from "./driver.ts";
import { checkNames, describe } from "./call.ts";
import type { Machine } from "./machine.ts";
import type { SleepingTask } from "./task.ts";
import type { Trace } from "./trace.ts";
import { eventNumber } from "./records.ts";
import { signalName } from "./signals.ts";
import { timeOf } from "./clock.ts";

/** Until when to run: nothing can happen any more; a time in ns since boot; a tick; or a condition. */
export type Until = "idle" | number | { readonly time: number } | { readonly tick: number } | (() => boolean);

/** How to run. */
export interface RunOptions {
  /** Default: "idle". A plain number is a time in ns since boot. A function is asked after every input. */
  readonly until?: Until;
  /** Greatest number of inputs: the machine never runs for ever. Default: a million. */
  readonly maxInputs?: number;
  /**
   * Says which of several tasks goes on, on a machine whose order is by hand; asked after every system call. Without
   * it the machine stops there.
   */
  readonly choose?: (pids: readonly number[]) => number;
  /**
   * Told of every call that a program has prepared, before it is made, and of every handler that ends: the number of the
   * task, the machine's last tick until then, and how many handlers run in it now. It looks on: nothing of it is in the
   * journal, and it must not touch the machine.
   */
  readonly onCall?: (pid: number, tick: number, handlers: number) => void;
}

/** A task that a signal has ended. */
export interface KilledTask {
  readonly pid: number;
  readonly name: string;
  /** Name of the signal: `SIGSEGV`. */
  readonly signal: string;
}

/** Why the machine has stopped. */
export interface RunResult {
  /**
   * `idle`: nothing can happen any more; `until`: what was asked for is so; `budget`: maxInputs; `choice`: several tasks
   * could go on, and choose() has to say which; or a breakpoint.
   */
  readonly reason: "idle" | "until" | "budget" | "choice" | "breakpoint";
  /** Which one, if a breakpoint has stopped it. */
  readonly breakpoint?: Breakpoint;
  /** The tasks that sleep, and where. */
  readonly sleeping: readonly SleepingTask[];
  /** The tasks that a signal has ended, such as a load from where there is no memory, unless they are gone by now. */
  readonly killed: readonly KilledTask[];
}

/** How far a step goes: one input, to the end of a system call, to a kernel function, or one tracepoint. */
export type Grain = "input" | "syscall" | "function" | "tick";

const GRAINS: ReadonlySet<string> = new Set<Grain>(["input", "syscall", "function", "tick"]);
const MAX_INPUTS = 1_000_000;
/** How many ticks are looked at together when a step goes backwards. */
const WINDOW = 4096;

const CURRENT_CPU = fieldOffset("Kernel", "cpu");
const DEPTH = fieldOffset("Cpu", "depth");
const CALL_STACK = structLayout("Cpu").size;
const SYS_EXIT = eventNumber("sys_exit");

/** Runs a machine, and steps through what it does, forwards and backwards. */
export class Runner {
  readonly #machine: Machine;
  readonly #driver: Driver;
  readonly #trace: Trace;
  readonly #breakpoints: Breakpoints;

  constructor(machine: Machine, driver: Driver, trace: Trace, breakpoints: Breakpoints) {
    this.#machine = machine;
    this.#driver = driver;
    this.#trace = trace;
    this.#breakpoints = breakpoints;
  }

  /** Runs; see RunOptions. From the past it goes to the present first. */
  run(options: RunOptions): RunResult {
    checkNames("option of run()", options, ["until", "maxInputs", "choose", "onCall"]);
    const { until = "idle", maxInputs = MAX_INPUTS, choose, onCall = null } = options;
    if (choose !== undefined && typeof choose !== "function") {
      throw new TypeError(
        `choose is a function that is given numbers of tasks and returns one, not ${describe(choose)}`,
      );
    }
    if (!(maxInputs >= 0)) throw new RangeError(`maxInputs is a number >= 0, not ${describe(maxInputs)}`);
    const machine = this.#machine;
    const { reached, latest, tick } = this.#goal(until);
    if (tick !== undefined && machine.inPast && tick <= machine.ticks) return this.#stopAt(tick);
    const from = machine.tick;
    machine.toPresent();
    const early = this.#breakpoint(from);
    if (early) return early;
    machine.writable();
    const most = machine.journal.length + maxInputs;
    this.#driver.onCall = onCall;
    try {
      const stopped = this.#turns(reached, latest, most, choose);
      if (stopped) return stopped;
    } finally {
      this.#driver.onCall = null;
    }
    return tick === undefined ? this.#result("until") : this.#stopAt(tick);
  }

  /** Takes inputs until something is reached. @returns why it has stopped before; null: it is reached. */
  #turns(reached: () => boolean, latest: number, most: number, choose: RunOptions["choose"]): RunResult | null {
    const machine = this.#machine;
    const watched = this.#breakpoints.size > 0;
    while (!reached()) {
      if (machine.journal.length >= most) return this.#result("budget");
      const before = watched ? machine.ticks : 0;
      const turn = this.#driver.turn(latest);
      this.#driver.surface();
      if (turn === "choice") {
        if (choose === undefined) return this.#result("choice");
        machine.choose(choose(machine.choices));
      } else if (turn !== "done") return this.#result(nextEvent(machine.engine, latest) > latest ? "until" : "idle");
      const stopped = watched && this.#breakpoint(before);
      if (stopped) return stopped;
    }
    return null;
  }

  /** Runs until nothing can run without time passing. */
  settle({ maxInputs = MAX_INPUTS, ...rest }: Pick<RunOptions, "maxInputs" | "choose">): RunResult {
    const result = this.run({ ...rest, until: { time: -1 }, maxInputs });
    return result.reason === "until" ? { ...result, reason: "idle" } : result;
  }

  #goal(until: Until): { reached: () => boolean; latest: number; tick?: number } {
    if (until === "idle") return { reached: () => false, latest: Infinity };
    if (typeof until === "function") return { reached: until, latest: Infinity };
    const machine = this.#machine;
    if (typeof until === "object" && "tick" in until) {
      const { tick } = until;
      if (!(Number.isInteger(tick) && tick >= 0)) throw new RangeError(`a tick is a whole number >= 0, not ${tick}`);
      return { reached: () => machine.ticks >= tick, latest: Infinity, tick };
    }
    const time = typeof until === "object" ? until.time : until;
    if (typeof time !== "number" || Number.isNaN(time)) {
      throw new TypeError(`until is "idle", a time in ns, { time }, { tick } or a function, not ${describe(until)}`);
    }
    return { reached: () => time >= 0 && timeOf(machine.memory) >= time, latest: time };
  }

  #stopAt(tick: number): RunResult {
    this.#machine.seek(tick);
    return this.#result("until");
  }

  /** Goes back to the first tick behind `from` at which a breakpoint is. */
  #breakpoint(from: number): RunResult | null {
    if (this.#breakpoints.size === 0) return null;
    const found = this.#breakpoints.find(this.#trace.range(from + 1));
    if (!found) return null;
    this.#machine.seek(found.record.tick);
    return { ...this.#result("breakpoint"), breakpoint: found.breakpoint };
  }

  #result(reason: RunResult["reason"]): RunResult {
    const tasks = [...this.#machine.tasks.values()];
    const sleeping = tasks.flatMap((task) => task.sleeping ?? []);
    const killed = tasks.flatMap(({ pid, name, termSignal }) => {
      return termSignal === null ? [] : [{ pid, name, signal: signalName(termSignal) }];
    });
    return { reason, sleeping, killed };
  }

  /**
   * Goes one step on, or back with a `direction` of -1. At the present, a step forwards gives the machine its next
   * input.
   *
   * @returns  whether there was a step to go.
   */
  step(grain: Grain, direction: 1 | -1 = 1): boolean {
    if (!GRAINS.has(grain)) throw new TypeError(`a step is one of ${[...GRAINS].join(", ")}, not ${String(grain)}`);
    if (grain !== "input" && !this.#machine.engine.options.trace) {
      throw new Error(`the machine was booted with trace: false: it cannot be stepped by ${grain}`);
    }
    return direction === 1 ? this.#forwards(grain) : this.#backwards(grain);
  }

  #forwards(grain: Grain): boolean {
    const machine = this.#machine;
    let from = machine.tick;
    for (;;) {
      const next = this.#next(grain, from);
      if (next !== null) {
        machine.seek(next);
        return true;
      }
      // Nothing of the kind has happened yet: the machine goes on.
      if (machine.inPast && grain !== "input") from = machine.ticks;
      machine.toPresent();
      machine.writable();
      const before = machine.journal.length;
      const turn = this.#driver.turn(Infinity);
      this.#driver.surface();
      if (turn !== "done") return false;
      if (grain === "input" && machine.journal.length > before) return true;
    }
  }

  /** The first tick behind `from` at which a step of that grain ends; null if there is none yet. */
  #next(grain: Grain, from: number): number | null {
    const { ticks, journal } = this.#machine;
    if (from >= ticks) return null;
    switch (grain) {
      case "tick":
        return from + 1;
      case "input":
        return journal.tickAfter(journal.inputsUntil(from + 1));
      case "syscall":
        return this.#find(from + 1, ticks, "syscall", "first");
      case "function":
        return this.#find(from + 1, ticks, "function", "first");
    }
  }

  #backwards(grain: Grain): boolean {
    const machine = this.#machine;
    const from = machine.tick;
    if (from === 0) return false;
    machine.seek(this.#previous(grain, from));
    return true;
  }

  /** The last tick before `from` at which a step of that grain ends; 0 is the beginning. */
  #previous(grain: Grain, from: number): number {
    const { journal } = this.#machine;
    if (grain === "tick") return from - 1;
    if (grain === "input") return journal.tickAfter(journal.inputsUntil(from) - 1);
    for (let last = from - 1; last >= 1; last -= WINDOW) {
      const found = this.#find(Math.max(1, last - WINDOW + 1), last, grain, "last");
      if (found !== null) return found;
    }
    return 0;
  }

  /** The first or last tick of a range at which a system call ends, or a kernel function begins. */
  #find(first: number, last: number, what: "syscall" | "function", which: "first" | "last"): number | null {
    const { history } = this.#machine;
    const { spare } = history;
    let found: number | null = null;
    history.visit(spare, first, () => {
      const { tick, memory } = spare;
      if (what === "syscall" ? this.#trace.eventAt(memory, tick) === SYS_EXIT : this.#begins(memory, tick)) {
        found = tick;
        if (which === "first") return 0;
      }
      return tick < last ? tick + 1 : 0;
    });
    return found;
  }

  /** Whether the last record says that a function began: then it is what the CPU is in. */
  #begins(memory: KernelMemory, tick: number): boolean {
    const cpu = memory.view.getUint32(KERNEL_BASE + CURRENT_CPU, true);
    const depth = memory.view.getUint32(cpu + DEPTH, true);
    if (depth === 0) return false;
    return memory.view.getUint16(cpu + CALL_STACK + 2 * (depth - 1), true) === this.#trace.eventAt(memory, tick);
  }
}
