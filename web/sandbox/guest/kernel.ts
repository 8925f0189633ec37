import type { AllocationFault } from "../../../lib/machine/faults.ts";
import { type Program, checkProgram } from "../../../lib/machine/program.ts";
import { functionAt, numberOf } from "./functions.ts";
import { resultText } from "./result.ts";
import { act } from "./host.ts";
import { Task, world } from "./world.ts";

/** What a new task has from its parent. */
interface TaskOptions {
  readonly parent?: Task;
  readonly files?: "shared" | "copied";
  readonly rlimit_nofile?: number;
}

/** Which records are looked at. */
interface TraceFilter {
  readonly event?: string | readonly string[];
  readonly pid?: number;
  readonly from?: number;
  readonly to?: number;
}

/** A record of the trace, without what only a page shows of it. */
interface TraceRecord {
  readonly tick: number;
  readonly event: string;
  readonly pid: number;
  readonly args: readonly number[];
}

/** What the page does itself with the machine: a program that asks for it is told so. */
const PAGE = ["run", "step", "seek", "settle", "elapse", "branch", "snapshot", "restore", "explore", "adopt", "choose"];

/** The machine, as far as a program sets it up; the page runs it. */
class Kernel {
  readonly world = world;
  readonly faults = {
    failAllocation(fault: AllocationFault): void {
      act("faults.failAllocation", { fault });
    },
    clear(): void {
      act("faults.clear");
    },
  };

  spawn(name: string, program: Program, { parent, ...options }: TaskOptions = {}): Task {
    checkProgram(program);
    const pid = act("spawn", { name, program: numberOf(program), parent: parent?.pid, options }) as number;
    return new Task(pid, name);
  }

  /** What has left a trace up to now. */
  readonly trace = {
    *filter(wanted: TraceFilter = {}): Generator<TraceRecord> {
      for (let from: number | null = wanted.from ?? 1; from !== null;) {
        const part = act("trace", { wanted: { ...wanted, from } }) as { records: TraceRecord[]; next: number | null };
        yield* part.records;
        from = part.next;
      }
    },
    [Symbol.iterator](): Generator<TraceRecord> {
      return this.filter();
    },
  };

  get now(): number {
    return act("now") as number;
  }

  get counters(): unknown {
    return act("counters");
  }
}

for (const name of PAGE) {
  Object.defineProperty(Kernel.prototype, name, {
    value() {
      throw new Error(
        `kernel.${name}() is not for a program here: the page runs the machine once start() has returned`,
      );
    },
  });
}

const kernel = new Kernel();

/** What a program's module exports. */
interface ProgramModule {
  readonly start?: unknown;
  readonly default?: unknown;
  readonly boot?: unknown;
  readonly answer?: unknown;
}

/** What the machine is to be booted with, as JSON. */
export function bootOptions(module: ProgramModule): string {
  const { boot = (module.default as { boot?: unknown } | undefined)?.boot } = module;
  return JSON.stringify(boot ?? {}) ?? "{}";
}

/** Makes the tasks of a program, and what is outside. */
export function setUp({ start, default: exported }: ProgramModule): void {
  if (typeof start === "function") {
    (start as (kernel: Kernel) => void)(kernel);
    return;
  }
  if (typeof exported === "function") {
    kernel.spawn("main", exported as Program);
    return;
  }
  const { programs, world: outside } = (exported ?? {}) as { programs?: Record<string, Program>; world?: unknown };
  if (typeof programs !== "object" || programs === null) {
    throw new TypeError("a program exports a function start(kernel), which makes its tasks with kernel.spawn()");
  }
  for (const [name, program] of Object.entries(programs)) kernel.spawn(name, program);
  if (typeof outside === "function") (outside as (of: typeof world, kernel: Kernel) => void)(world, kernel);
}

/** A timer has gone off. */
export function fire(timer: number): void {
  functionAt<(of: typeof world) => void>(timer)(world);
}

/** What a program says of its run once that is over, as JSON; empty: it says nothing. */
export function answer(module: ProgramModule): string {
  if (typeof module.answer !== "function") return "";
  return resultText((module.answer as (kernel: Kernel) => unknown)(kernel));
}
