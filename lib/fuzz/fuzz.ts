import { type CallCount, Session } from "./session.ts";
import { type CallDescription, systemCalls } from "./calls.ts";
import { type Recorded, isCall, journalOf } from "./tape.ts";
import { type Verdict, type FailureKind, attempt, examine, examineEnd } from "./verdict.ts";
import type { Engine, EngineOptions } from "../machine/engine.ts";
import { type KernelSource, loadModule } from "../machine/module.ts";
import { Random } from "./random.ts";
import { Rig } from "./rig.ts";
import { Slices } from "../slices.ts";
import { checkDevices } from "../machine/devices.ts";
import { byFirstTask, givenBy, leaveOut } from "./renumber.ts";
import { shrink } from "./shrink.ts";
import { tell } from "./tell.ts";
import { writeJournal } from "../machine/journal_text.ts";

/** How many system calls a program has. */
const LENGTH = 1000;
/** After so many inputs all structures are looked at, besides at the end of a program. */
const EVERY = 400;
/** How many different failures are looked for. */
const MOST_FAILURES = 10;
/** How often a program is gone through to make it shorter. */
const ROUNDS = 4;
/** As on a small computer, so that it happens that there is no memory left. Unit: bytes. */
const MEMORY = 24 << 20;

/** What is to be fuzzed. */
export interface FuzzOptions {
  /** Chooses all programs. */
  readonly seed: number;
  /** How many system calls there are to be made, in all programs together. */
  readonly calls: number;
  /** How many of them a program has. Default: 1000. */
  readonly length?: number;
  /** Number of the first program. Default: 0. */
  readonly first?: number;
  /** How many CPUs the machines have. Default: 1, 2 or 4, program by program. */
  readonly cpus?: number;
  /** Whether allocations are made to fail. Default: true. */
  readonly faults?: boolean;
  /** After so many different failures there is no use in more. Default: 10. */
  readonly most?: number;
  /** Whether the program of a failure is made as short as can be, which takes much longer than to find it. Default: true. */
  readonly shrink?: boolean;
  /** Called now and then with the number of calls made. */
  readonly onProgress?: (calls: number) => void;
  /** Ends the work early: what was found until then is reported. */
  readonly signal?: AbortSignal;
  /** The kernel.wasm, or where it is. Default: the one that belongs to this library. */
  readonly wasm?: KernelSource;
  /** Changes each machine as soon as it is booted: to see that what is broken is found. @internal */
  readonly prepare?: (engine: Engine) => void;
}

/** Something that is wrong with the kernel, with the shortest program that was found to show it. */
export interface FuzzFailure {
  readonly kind: FailureKind;
  readonly message: string;
  /** Number of the program that showed it first, from 0. */
  readonly program: number;
  /** How many programs have shown it. */
  times: number;
  /** The shortest program: its system calls, and what else happens, as text. */
  readonly steps: readonly string[];
  /** Number of system calls in it. */
  readonly calls: number;
  /** The same as a journal, for Kernel.replay(). */
  readonly journal: string;
}

/** What has come out. */
export interface FuzzReport {
  readonly seed: number;
  /** Number of system calls made. */
  readonly calls: number;
  readonly programs: number;
  /** Number of all inputs of all machines: calls, and what happens outside. */
  readonly inputs: number;
  readonly failures: readonly FuzzFailure[];
  /** For each system call: how often it was made, and how often it succeeded. */
  readonly bySystemCall: Readonly<Record<string, Readonly<CallCount>>>;
  /** Unit: ms. */
  readonly elapsed: number;
}

/** What the machine of a program is like. */
type Shape = Pick<EngineOptions, "cpus" | "scheduling">;
const PLAIN: Shape = { cpus: 1, scheduling: "fifo" };

/** Machines to run programs on, by what they are like. */
class Rigs {
  readonly #module: WebAssembly.Module;
  readonly #options: EngineOptions;
  readonly #prepare: ((engine: Engine) => void) | undefined;
  readonly #made = new Map<string, Rig>();

  constructor(module: WebAssembly.Module, { seed, prepare }: FuzzOptions) {
    this.#module = module;
    this.#prepare = prepare;
    const memory = { memory: 0, memoryLimit: MEMORY };
    this.#options = {
      ...PLAIN,
      seed,
      ...memory,
      trace: false,
      poison: true,
      device: checkDevices({}).device,
      vm: {},
      costs: {},
    };
  }

  /** A machine as it is booted. @param trace  whether it leaves a trace. */
  fresh(shape: Shape, trace = false): Rig {
    const key = `${shape.cpus} ${shape.scheduling} ${trace}`;
    let rig = this.#made.get(key);
    if (!rig) {
      rig = new Rig(this.#module, { ...this.#options, ...shape, trace }, this.#prepare);
      this.#made.set(key, rig);
    }
    rig.reset();
    return rig;
  }
}

/** A program that has failed, as it was. */
interface Found {
  readonly verdict: Verdict;
  readonly shape: Shape;
  /** Its inputs, without those that only bring it to its end. */
  readonly records: Recorded[];
}

/** Makes system calls at random, with arguments good and bad, and looks whether the kernel bears it. */
class Fuzzer {
  readonly #options: FuzzOptions;
  readonly #rigs: Rigs;
  readonly #calls: readonly CallDescription[];
  readonly #counts: Map<string, CallCount>;
  readonly #failures = new Map<string, FuzzFailure>();
  #made = 0;
  #inputs = 0;
  #programs = 0;

  constructor(module: WebAssembly.Module, options: FuzzOptions) {
    this.#options = options;
    this.#rigs = new Rigs(module, options);
    this.#calls = systemCalls(this.#rigs.fresh(PLAIN).engine.memory);
    this.#counts = new Map(this.#calls.map(({ name }) => [name, { made: 0, succeeded: 0 }]));
  }

  get made(): number {
    return this.#made;
  }

  get isDone(): boolean {
    return this.#made >= this.#options.calls || this.#failures.size >= (this.#options.most ?? MOST_FAILURES);
  }

  /** Runs the next program. */
  next(): void {
    const index = (this.#options.first ?? 0) + this.#programs++;
    const found = this.#run(index);
    if (found === null) return;
    const { verdict } = found;
    const known = this.#failures.get(verdict.key);
    if (known) known.times++;
    else this.#failures.set(verdict.key, this.#explain(index, found));
  }

  #run(index: number): Found | null {
    const { seed, length = LENGTH, cpus: wanted, faults = true } = this.#options;
    const random = new Random(seed, index);
    const shape: Shape = {
      cpus: wanted ?? random.pick([1, 1, 2, 4]),
      scheduling: random.pick(["fifo", "seed"]),
    };
    const rig = this.#rigs.fresh(shape);
    const session = new Session(rig, random, { calls: this.#calls, faults }, this.#counts);
    const most = Math.min(length, this.#options.calls - this.#made);
    let verdict = attempt(() => session.begin());
    for (let next = EVERY; verdict === null && session.calls < most;) {
      verdict = attempt(() => session.step());
      if (verdict === null && rig.tape.length >= next) {
        verdict = examine(rig);
        next = rig.tape.length + EVERY;
      }
    }
    const { length: steps } = rig.tape;
    verdict ??= examineEnd(rig);
    this.#made += session.calls;
    this.#inputs += rig.tape.length;
    return verdict === null ? null : { verdict, shape, records: rig.tape.head(steps) };
  }

  /** What a list of inputs shows to be wrong, if they are all that happens before the end. */
  #judge(rig: Rig, records: readonly Recorded[]): Verdict | null {
    return attempt(() => records.forEach((record) => void rig.repeat(record))) ?? examine(rig) ?? examineEnd(rig);
  }

  /**
   * A shorter program that still fails: inputs are left out, and the numbers that others have given out follow; or
   * another task makes them, so that the one that did may be left out.
   */
  #shorten(shape: Shape, records: readonly Recorded[], fails: (part: readonly Recorded[]) => boolean) {
    const calls = new Map(this.#calls.map((call) => [call.nr, call]));
    let current = shrink(records, fails);
    for (let round = 0; round < ROUNDS; round++) {
      const before = current.length;
      for (let index = current.length - 1; index >= 0; index--) {
        const given = givenBy(this.#rigs.fresh(shape), current, calls)[index];
        const parts = [given && leaveOut(current, index, given, calls), byFirstTask(current, index)];
        current = parts.find((part) => part && fails(part)) ?? current;
      }
      current = shrink(current, fails);
      if (current.length === before) break;
    }
    return current;
  }

  #explain(program: number, { verdict, shape, records }: Found): FuzzFailure {
    const fails = (part: readonly Recorded[]) => this.#judge(this.#rigs.fresh(shape), part)?.key === verdict.key;
    const shrinks = this.#options.shrink ?? true;
    const shortest = shrinks && fails(records) ? this.#shorten(shape, records, fails) : records;
    const rig = this.#rigs.fresh(shape, true);
    const steps = tell(rig, shortest);
    const last = this.#judge(this.#rigs.fresh(shape), shortest) ?? verdict;
    // What brings it to its end belongs to it as well.
    const all = this.#rigs.fresh(shape, true);
    this.#judge(all, shortest);
    const journal = writeJournal(journalOf(all.tape.head(all.tape.length)), all.engine.options);
    const { kind, message } = last;
    return { kind, message, program, times: 1, steps, calls: shortest.filter(isCall).length, journal };
  }

  report(elapsed: number): FuzzReport {
    return {
      seed: this.#options.seed,
      calls: this.#made,
      programs: this.#programs,
      inputs: this.#inputs,
      failures: [...this.#failures.values()],
      bySystemCall: Object.fromEntries(this.#counts),
      elapsed,
    };
  }
}

/** A program takes long, and nobody waits at a page: how long there is work before others get their turn. Unit: ms. */
const SLICE = 200;

/**
 * Fuzzes the kernel: programs of random system calls, with random and hostile arguments, of several tasks on several
 * CPUs, while the world outside does what it likes and allocations fail. A program depends on the seed and its number
 * alone. No kernel may panic, break a rule of its structures, lose memory, or return what is no answer.
 */
export async function fuzz(options: FuzzOptions): Promise<FuzzReport> {
  const begin = performance.now();
  const fuzzer = new Fuzzer(await loadModule(options.wasm), options);
  const slices = new Slices(SLICE);
  while (!fuzzer.isDone && options.signal?.aborted !== true) {
    fuzzer.next();
    if (!slices.isOver) continue;
    options.onProgress?.(fuzzer.made);
    await slices.next();
  }
  return fuzzer.report(Math.round(performance.now() - begin));
}
