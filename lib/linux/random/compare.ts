import { setImmediate } from "node:timers/promises";
import fc from "fast-check";
import { type Difference, differenceOf } from "../difference.ts";
import { LinuxMachine } from "../oracle/machine.ts";
import { type Log, recorded } from "../recorder.ts";
import { runSimulated } from "../simulated.ts";
import { type Stream, programOf, streams } from "./stream.ts";

/** How many random programs to compare, and which. */
export interface RandomOptions {
  /** Where the random numbers begin: the same seed makes the same programs. */
  readonly seed: number;
  /** How many system calls to compare, at least. */
  readonly calls: number;
  /** The most commands of a program: long ones fill tables and buffers, short ones shrink quickly. */
  readonly length: number;
  /** With how many differences to stop. */
  readonly most?: number;
  /** Told after every program how many calls have been compared. */
  readonly onProgress?: (calls: number) => void;
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

/** Compares the two kernels on random programs; a difference is shrunk to the shortest program that still shows it. */
export async function compareRandom(options: RandomOptions): Promise<RandomReport> {
  const { seed, most = 10, signal } = options;
  const report = { calls: 0, differences: [] as RandomDifference[], askedAgain: 0 };
  using linux = new LinuxMachine();
  for (let next = seed; report.calls < options.calls && report.differences.length < most; next++) {
    const found = await compareSeed(linux, next, options, report);
    if (found) report.differences.push({ seed: next, ...found });
    signal?.throwIfAborted();
  }
  return report;
}

/** Compares the programs of one seed, until one is answered differently: that one is shrunk. */
async function compareSeed(
  linux: LinuxMachine,
  seed: number,
  { calls, length, onProgress, signal }: RandomOptions,
  report: { calls: number; askedAgain: number },
): Promise<Difference | null> {
  let smallest: Difference | null = null;
  const alike = fc.asyncProperty(streams(length), async (stream) => {
    // Lets Ctrl-C through. Then nothing more is asked, and nothing is shrunk.
    await setImmediate();
    if (signal?.aborted || (report.calls >= calls && smallest === null)) return true;
    const answers = await simulatedLog(stream);
    let found = differenceOf(realLog(linux, stream), answers);
    // A program that is held up for 40 ms sees a delayed acknowledgement arrive; asked again, it is quicker.
    for (let again = 0; found !== null && again < ASK_AGAIN; again++) {
      report.askedAgain++;
      found = differenceOf(realLog(linux, stream), answers);
    }
    if (found !== null) smallest = found;
    else if (smallest === null) report.calls += callsIn(answers);
    onProgress?.(report.calls);
    return found === null;
  });
  await fc.check(alike, { seed, numRuns: PROGRAMS_OF_A_SEED });
  return smallest;
}

function realLog(linux: LinuxMachine, stream: Stream): Log {
  const log: Log = {};
  linux.run(recorded(programOf(stream), log));
  return log;
}

async function simulatedLog(stream: Stream): Promise<Log> {
  const log: Log = {};
  const kernel = await runSimulated(recorded(programOf(stream), log), { trace: false });
  const violations = kernel.check();
  if (violations.length > 0)
    log["invariants"] = violations.map(({ structure, rule, message }) => `${structure} ${rule}: ${message}`);
  return log;
}

function callsIn(log: Log): number {
  return Object.values(log).reduce((sum, lines) => sum + lines.length, 0);
}
