import { type BootOptions, checkOptions } from "./machine/options.ts";
import { Breakpoints } from "./machine/breakpoints.ts";
import { type VmStatValues, readVmStat } from "./machine/vmstat.ts";
import { type CostValues, type CounterValues, costsOf, readCounters } from "./machine/counters.ts";
import { type Decoded, KERNEL_BASE, type KernelMemory, type Ptr, type StructName } from "./machine/memory.ts";
import { type Grain, type RunOptions, type RunResult, Runner } from "./machine/runner.ts";
import { timeOf } from "./machine/clock.ts";
import { type Inspection, inspect } from "./see/inspect.ts";
import { type MemoryUsage, memoryUsage } from "./see/usage.ts";
import { narrate } from "./see/sentences.ts";
import { type Violation, check } from "./see/invariants.ts";
import { readJournal, writeJournal } from "./machine/journal_text.ts";
import { checkNames, describe } from "./machine/call.ts";
import type { ExploreOptions } from "./explore/options.ts";
import type { ExploreResult } from "./explore/explore.ts";
import type { Property } from "./explore/search.ts";
import type { AdoptedTask } from "./machine/adopted_task.ts";
import { Driver } from "./machine/driver.ts";
import { Engine } from "./machine/engine.ts";
import { Faults } from "./machine/faults.ts";
import { History } from "./machine/history.ts";
import type { Journal } from "./machine/journal.ts";
import { Machine } from "./machine/machine.ts";
import { type Program, isProgram } from "./machine/program.ts";
import { Snapshot } from "./machine/snapshot.ts";
import type { Task } from "./machine/task.ts";
import { Trace } from "./machine/trace.ts";
import type { Language, TraceRecord } from "./machine/records.ts";
import { World } from "./machine/world.ts";
import { layout } from "./layout.gen.ts";
import { type KernelSource, loadModule } from "./machine/module.ts";
import { relive } from "./machine/relive.ts";

const { FILES, VM } = layout.enums.CloneFlags.values;
const { RLIMIT_NOFILE: LIMIT } = layout.enums.InputKind.values;
const { NR_OPEN } = layout.constants;

/** What a new task has from its parent. */
export interface TaskOptions {
  /** The task that it descends from; default: none, it gets tables of its own. */
  readonly parent?: AdoptedTask | Task;
  /** Whether it shares its parent's descriptors and memory, as a thread, or has copies. Default: "copied". */
  readonly files?: "shared" | "copied";
  /** Its RLIMIT_NOFILE: no descriptor may reach this number. Default: its parent's, or as many as there can be. */
  readonly rlimit_nofile?: number;
}

const TASK_OPTIONS = ["parent", "files", "rlimit_nofile"] as const;

function cloneFlags(options: TaskOptions): number {
  checkNames("option of a task", options, TASK_OPTIONS);
  const { parent, files, rlimit_nofile = 0 } = options;
  if (!(Number.isInteger(rlimit_nofile) && rlimit_nofile >= 0 && rlimit_nofile <= NR_OPEN)) {
    throw new RangeError(`rlimit_nofile is a whole number from 0 to ${NR_OPEN}, not ${String(rlimit_nofile)}`);
  }
  if (files !== undefined && files !== "shared" && files !== "copied") {
    throw new TypeError(`files is "shared" or "copied", not ${JSON.stringify(files)}`);
  }
  return parent && files === "shared" ? FILES | VM : 0;
}

/** A machine: a small one with Linux's I/O paths, which can be stopped anywhere, looked into, and set back. */
export class Kernel {
  /** Everything outside the machine. */
  readonly world: World;
  /** Allocations that are made to fail. */
  readonly faults: Faults;
  /** All records of the tracepoints that were passed. */
  readonly trace: Trace;
  /** Where run() stops. */
  readonly breakpoints = new Breakpoints();
  /** What things cost; may be written before the first input. */
  readonly costs: CostValues;
  readonly #machine: Machine;
  readonly #driver: Driver;
  readonly #runner: Runner;

  private constructor(engine: Engine, journal?: Journal) {
    this.#machine = new Machine(engine, new History(engine, journal));
    this.world = new World(this.#machine);
    this.faults = new Faults(this.#machine);
    this.trace = new Trace(this.#machine, (record, language) => this.#narrate(record, language));
    this.costs = costsOf(engine.memory, engine.options, () => {
      if (this.#machine.journal.length > 0) throw new Error("costs cannot be changed after the machine's first input");
    });
    this.#driver = new Driver(this.#machine, this.world);
    this.#runner = new Runner(this.#machine, this.#driver, this.trace, this.breakpoints);
  }

  /** Boots a machine. @throws TypeError, RangeError for options that cannot be. */
  static async boot(options: BootOptions = {}): Promise<Kernel> {
    const checked = checkOptions(options);
    return new Kernel(await Engine.create(await loadModule(options.wasm), checked));
  }

  /**
   * Makes a machine and gives it all inputs of a journal. Its programs are not there: what they did, was.
   *
   * @throws InputError  for a text that is no journal of this version.
   */
  static async replay(text: string, options: { readonly wasm?: KernelSource } = {}): Promise<Kernel> {
    const { options: booted, journal } = readJournal(text);
    const kernel = new Kernel(await Engine.create(await loadModule(options.wasm), booted));
    for (let index = 0; index < journal.length; index++) {
      kernel.#machine.repeat(journal.kind(index), journal.record(index), journal.byProgram(index));
    }
    return kernel;
  }

  [Symbol.dispose](): void {
    this.breakpoints.clear();
    this.#machine.locked = "the machine was disposed of";
  }

  /**
   * Searches the orders in which tasks could go on, call by call, for one in which a property does not hold. This
   * machine, which must not have taken any input, says what to boot for that; it stays as it is.
   *
   * @param setup     makes the tasks and what is outside, on a fresh machine, for every run anew. What it returns is
   *                  what its programs share besides the machine: plain data, which counts as a part of the state.
   *                  A program, which makes its tasks itself, does as well.
   * @param property  asked when nothing can happen any more, with the machine and what setup() has returned: true, or
   *                  what is wrong in words, or false.
   * @throws          what setup() or the property throws; the reason of a signal that was aborted.
   */
  explore<S>(
    setup: (kernel: Kernel) => S,
    property: (kernel: Kernel, shared: S) => boolean | string,
    options?: ExploreOptions,
  ): Promise<ExploreResult<Kernel>>;
  explore(
    program: Program,
    property: (kernel: Kernel) => boolean | string,
    options?: ExploreOptions,
  ): Promise<ExploreResult<Kernel>>;
  async explore(
    setup: ((kernel: Kernel) => unknown) | Program,
    property: (kernel: Kernel, shared: never) => boolean | string,
    options: ExploreOptions = {},
  ): Promise<ExploreResult<Kernel>> {
    if (this.inputs > 0) throw new Error(`explore() wants a machine without inputs, not one with ${this.inputs}`);
    const make = (engine: Engine, journal: Journal) => {
      const kernel = new Kernel(engine, journal);
      return {
        kernel,
        machine: kernel.#machine,
        driver: kernel.#driver,
        trace: kernel.trace,
        journal: () => kernel.journal,
      };
    };
    if (typeof property !== "function") {
      throw new TypeError(`a property is a function (kernel, shared) => boolean | string, not ${describe(property)}`);
    }
    // Loaded here: few machines are searched, and a page should not wait for what it does not use.
    const { explore } = await import("./explore/explore.ts");
    const begin = isProgram(setup) ? (kernel: Kernel) => void kernel.spawn("program", setup) : setup;
    return explore(this.#machine.engine, make, begin, property as Property<Kernel>, options);
  }

  /** The machine's memory. It can be read at any time; it is written by the kernel alone. */
  get memory(): KernelMemory {
    return this.#machine.memory;
  }

  /** Makes a task that runs a program: a generator function that is given `sys`. */
  spawn(name: string, program: Program, options: TaskOptions = {}): Task {
    const task = this.#machine.tasks.spawn(name, program, options.parent?.pid ?? 0, cloneFlags(options));
    this.#limit(task, options);
    return task;
  }

  /** Makes a task whose system calls are handed in from outside. */
  adopt(name: string, options: TaskOptions = {}): AdoptedTask {
    const task = this.#machine.tasks.adopt(name, options.parent?.pid ?? 0, cloneFlags(options));
    this.#limit(task, options);
    return task;
  }

  #limit(task: Task | AdoptedTask, { rlimit_nofile }: TaskOptions): void {
    if (rlimit_nofile !== undefined) this.#machine.input(LIMIT, task.pid, 0, [rlimit_nofile], undefined, false);
  }

  /** All tasks that were made, by number; of one that is gone, only if this host had to do with it. */
  get tasks(): (Task | AdoptedTask)[] {
    const last = this.memory.get("SchedState", this.memory.get("Kernel", KERNEL_BASE, "sched"), "last_pid");
    const { tasks } = this.#machine;
    return Array.from({ length: last }, (_, i) => i + 1).flatMap((pid) => (tasks.has(pid) ? [tasks.find(pid)] : []));
  }

  /** The task with a number. @throws RangeError if there is none. */
  task(pid: number): Task | AdoptedTask {
    return this.#machine.tasks.find(pid);
  }

  /**
   * Runs until nothing can happen any more, or as the options say; never for ever.
   *
   * @throws  what a program has thrown; the machine can be run on.
   */
  run(
    options: Omit<RunOptions, "until" | "choose"> & {
      readonly until?: RunOptions["until"] | ((kernel: Kernel) => boolean);
      readonly choose?: (kernel: Kernel, pids: readonly number[]) => number;
    } = {},
  ): RunResult {
    const { until, choose, ...others } = options;
    const rest: RunOptions = choose === undefined ? others : { ...others, choose: this.#chooser(choose) };
    if (typeof until === "function") return this.#runner.run({ ...rest, until: () => until(this) });
    return this.#runner.run(until === undefined ? rest : { ...rest, until });
  }

  #chooser(choose: (kernel: Kernel, pids: readonly number[]) => number): (pids: readonly number[]) => number {
    if (typeof choose === "function") return (pids) => choose(this, pids);
    throw new TypeError(`choose is a function (kernel, pids) => pid, not ${describe(choose)}`);
  }

  /**
   * The tasks among which the host is to choose: several could go on, on a machine booted with `scheduling: "hand"`.
   * None if there is nothing to choose.
   */
  get choices(): readonly number[] {
    return this.#machine.choices;
  }

  /**
   * Lets a task go on: up to the end of its next system call, or until that sleeps. It is one of `choices`.
   *
   * @throws RangeError  for any other task.
   */
  choose(pid: number): void {
    this.#machine.toPresent();
    this.#machine.choose(pid);
  }

  /** Runs until nothing can run without time passing. */
  settle(options: Pick<RunOptions, "maxInputs"> = {}): RunResult {
    return this.#runner.settle(options);
  }

  /** Lets the clock jump to the next due event, which happens. @returns whether there was one. */
  elapse(): boolean {
    this.#machine.toPresent();
    return this.#machine.elapse();
  }

  /** Goes one step on (1) or back (-1). @returns whether there was a step to go. */
  step(grain: Grain = "tick", direction: 1 | -1 = 1): boolean {
    return this.#runner.step(grain, direction);
  }

  /** Goes to a tick, from 0 (just booted) to `ticks` (the present). @throws RangeError for others. */
  seek(tick: number): void {
    if (!(Number.isInteger(tick) && tick >= 0 && tick <= this.ticks)) {
      throw new RangeError(`there are ticks 0 to ${this.ticks}, not ${tick}`);
    }
    this.#machine.seek(tick);
  }

  /** The tick at which the machine stands: the number of tracepoints passed. */
  get tick(): number {
    return this.#machine.tick;
  }

  /** The last tick that has been reached. */
  get ticks(): number {
    return this.#machine.ticks;
  }

  /** Number of inputs that the machine has been given. */
  get inputs(): number {
    return this.#machine.journal.length;
  }

  /** The virtual time, of the CPU that is furthest ahead. Unit: ns since boot. */
  get now(): number {
    return timeOf(this.memory);
  }

  /**
   * A second machine that has lived through the same, up to where this one stands (or, in the middle of an input, up
   * to that input), and can go on differently. The programs are run again for it.
   *
   * @throws Error  if a program does not do what it did the first time.
   */
  branch(): Kernel {
    const { engine, journal, inPast, tick } = this.#machine;
    const kernel = new Kernel(
      Engine.createSync(engine.module, { ...engine.options, costs: { ...engine.options.costs } }),
    );
    const inputs = journal.between(inPast ? journal.inputsUntil(tick + 1) - 1 : journal.length);
    relive(kernel.#machine, kernel.#driver, this.#machine, inputs);
    return kernel;
  }

  /** The state that the machine is in. @throws Error while it stands in the past. */
  snapshot(): Snapshot {
    return new Snapshot(this.#machine);
  }

  /**
   * Sets the machine to a state that it had. What came later is forgotten; programs that have gone on since then cannot
   * go back and run no more: branch() to have them run again.
   */
  restore(snapshot: Snapshot): void {
    snapshot.restore(this.#machine);
  }

  /** Hash of the machine, 32 hexadecimal digits: equal machines have the same. */
  digest(): string {
    return this.#machine.engine.digest();
  }

  /** All inputs, as JSON lines. */
  get journal(): string {
    return writeJournal(this.#machine.journal, this.#machine.engine.options);
  }

  /** What happened, counted for the whole machine. */
  get counters(): CounterValues {
    return readCounters(this.memory, this.memory.get("Kernel", KERNEL_BASE, "counters"));
  }

  /** What happened to memory, as /proc/vmstat tells it. */
  get vmstat(): VmStatValues {
    return readVmStat(this.memory, this.#machine.engine.exports.nr_free_pages());
  }

  /** The graph of the kernel's objects. */
  inspect(): Inspection {
    return inspect(this.memory);
  }

  /** What memory is used for just now: slab caches, and page frames. */
  memoryUsage(): MemoryUsage {
    return memoryUsage(this.memory);
  }

  /** Every rule of the kernel's structures that does not hold: none, on a healthy machine. */
  check(): Violation[] {
    return check(this.memory);
  }

  /** The struct at an address, living: it reads the memory, and throws once that has grown or was set back. */
  view<S extends StructName>(struct: S, address: Ptr<NoInfer<S>>): Decoded<S> {
    return this.memory.struct(struct, address);
  }

  #narrate(record: TraceRecord, locale: Language): string {
    // Objects have names only as they are now: an older record is told with addresses.
    const memory = record.tick === this.tick ? { memory: this.memory } : {};
    return narrate(record, { locale, ...memory });
  }
}
