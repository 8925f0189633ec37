import { setImmediate } from "node:timers/promises";
import fc from "fast-check";
import type { Kernel } from "../../index.ts";
import { type Difference, differenceOf } from "../difference.ts";
import { LinuxMachine } from "../oracle/machine.ts";
import { PuppetMachine } from "../oracle/puppet-machine.ts";
import { type Log, recorded } from "../recorder.ts";
import { runSimulated } from "../simulated.ts";
import type { Program } from "../program.ts";
import { type FileStream, fileStreams, programOfFiles } from "./files.ts";
import { type Stream, programOf, streams } from "./stream.ts";
import { type TaskStream, programOfTasks, taskStreams } from "./tasks.ts";
import { differenceOfTurns } from "./turns.ts";

/** How many random programs to compare, and which. */
export interface RandomOptions {
  /** Where the random numbers begin: the same seed makes the same programs. */
  readonly seed: number;
  /** How many system calls to compare, at least. */
  readonly calls: number;
  /** The most commands of a program: long ones fill tables and buffers, short ones shrink quickly. */
  readonly length: number;
  /** Whether programs have several tasks, which may sleep and wake each other. Default: one, which never sleeps. */
  readonly tasks?: boolean;
  /** Whether programs are about files on a disk, their pages, and who refers to them: of one task, which never sleeps. */
  readonly files?: boolean;
  /** With how many differences to stop. */
  readonly most?: number;
  /** Told after every program how many calls have been compared. */
  readonly onProgress?: (calls: number) => void;
  /** Ends the comparison: what has been found until then is the result. */
  readonly signal?: AbortSignal;
}

/** A difference, with the seed that shows it again. */
export interface RandomDifference extends Difference {
  readonly seed: number;
}

/** What came of a comparison. */
export interface RandomReport {
  readonly calls: number;
  readonly differences: RandomDifference[];
  /** How often Linux was asked again, because its first answer was a matter of time. */
  readonly askedAgain: number;
}

/** So many programs are made of one seed; the next are made of the seed behind it. */
const PROGRAMS_OF_A_SEED = 50;
/** How often the real kernel may change its mind. */
const ASK_AGAIN = 3;

/** A kind of random programs, and how the two kernels are asked. */
interface Contest<T> extends Disposable {
  readonly programs: fc.Arbitrary<T>;
  /** How often the real kernel may change its mind, if not as often as where time matters. */
  readonly askAgain?: number;
  /** Asks the simulated kernel. */
  simulate(program: T): Promise<Simulated>;
}

/** How many calls the simulated kernel has answered, and how the real one differs, each time it is asked. */
interface Simulated {
  readonly calls: number;
  ask(): Difference | null;
}

/** Compares the two kernels on random programs; a difference is shrunk to the shortest program that still shows it. */
export async function compareRandom(options: RandomOptions): Promise<RandomReport> {
  if (options.tasks === true) return compareWith(await tasksContest(options.length), options);
  if (options.files === true) return compareWith(filesContest(options.length), options);
  return compareWith(await alone(options.length), options);
}

async function compareWith<T>(contest: Contest<T>, options: RandomOptions): Promise<RandomReport> {
  const { seed, most = 10, signal } = options;
  const report = { calls: 0, differences: [] as RandomDifference[], askedAgain: 0 };
  try {
    for (let next = seed; report.calls < options.calls && report.differences.length < most; next++) {
      const found = await compareSeed(contest, next, options, report);
      if (found) report.differences.push({ seed: next, ...found });
      if (signal?.aborted) break;
    }
  } finally {
    contest[Symbol.dispose]();
  }
  return report;
}

/** Compares the programs of one seed, until one is answered differently: that one is shrunk. */
async function compareSeed<T>(
  contest: Contest<T>,
  seed: number,
  { calls, onProgress, signal }: RandomOptions,
  report: { calls: number; askedAgain: number },
): Promise<Difference | null> {
  let smallest: Difference | null = null;
  const alike = fc.asyncProperty(contest.programs, async (program) => {
    // Lets Ctrl-C through. Then nothing more is asked, and nothing is shrunk.
    await setImmediate();
    if (signal?.aborted || (report.calls >= calls && smallest === null)) return true;
    const simulated = await contest.simulate(program);
    let found = simulated.ask();
    // A program that is held up for 40 ms sees a delayed acknowledgement arrive; asked again, it is quicker.
    for (let again = 0; found !== null && again < (contest.askAgain ?? ASK_AGAIN); again++) {
      report.askedAgain++;
      found = simulated.ask();
    }
    if (found !== null) smallest = found;
    else if (smallest === null) report.calls += simulated.calls;
    onProgress?.(report.calls);
    return found === null;
  });
  const { failed, errorInstance } = await fc.check(alike, { seed, numRuns: PROGRAMS_OF_A_SEED });
  if (failed && smallest === null) throw errorInstance;
  return smallest;
}

/** Programs of one task that never sleeps. Those with signals have a process of their own, if there is a C compiler. */
async function alone(length: number): Promise<Contest<Stream>> {
  const linux = new LinuxMachine();
  const apart = await PuppetMachine.start();
  const without = (stream: Stream): Stream => ({ ...stream, hasSignals: false });
  return {
    programs: apart ? streams(length) : streams(length).map(without),
    simulate: (stream) =>
      simulateAlone(programOf(stream), (program) => {
        if (stream.hasSignals) apart?.run(program);
        else linux.run(program);
      }),
    [Symbol.dispose]: () => {
      linux[Symbol.dispose]();
      apart?.[Symbol.dispose]();
    },
  };
}

/** Programs about files, of one task that never sleeps. */
function filesContest(length: number): Contest<FileStream> {
  const linux = new LinuxMachine();
  return {
    programs: fileStreams(length),
    askAgain: 0,
    simulate: (stream) => simulateAlone(programOfFiles(stream), (program) => linux.run(program)),
    [Symbol.dispose]: () => linux[Symbol.dispose](),
  };
}

/** Asks the simulated kernel, and prepares to ask the real one, which `run` does. */
async function simulateAlone(program: Program, run: (program: Program) => void): Promise<Simulated> {
  const simulated: Log = {};
  const kernel = await runSimulated(recorded(program, simulated), { trace: false });
  simulated["broken rules"] = brokenRules(kernel);
  const ask = () => {
    const log: Log = {};
    run(recorded(program, log));
    return differenceOf({ ...log, "broken rules": [] }, simulated);
  };
  return { calls: simulated["main"]?.length ?? 0, ask };
}

/** Programs of several tasks. */
async function tasksContest(length: number): Promise<Contest<TaskStream>> {
  const linux = await PuppetMachine.start();
  if (linux === null) throw new Error("programs of several tasks need a C compiler (cc)");
  return {
    programs: taskStreams(length),
    async simulate(stream) {
      const { program, turns } = programOfTasks(stream);
      const kernel = await runSimulated(program, { trace: false });
      const simulated = [...turns(), brokenRules(kernel)];
      const ask = () => {
        const real = programOfTasks(stream);
        linux.run(real.program, 0);
        return differenceOfTurns([...real.turns(), []], simulated, linux.isInOrder);
      };
      return { calls: simulated.flat().length, ask };
    },
    [Symbol.dispose]: () => linux[Symbol.dispose](),
  };
}

/** The rules of the simulated kernel's own structures that a program has broken: none. */
function brokenRules(kernel: Kernel): string[] {
  return kernel.check().map(({ structure, rule, message }) => `${structure} ${rule}: ${message}`);
}
