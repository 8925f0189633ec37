import {
  type Command,
  type Invocation,
  EXIT_DIFFERENT,
  EXIT_INTERRUPTED,
  EXIT_OK,
  countOption,
  cpusOption,
} from "./command.ts";
import { type FuzzFailure, type FuzzReport, fuzz } from "../fuzz/fuzz.ts";
import { formatTable, plural } from "./table.ts";
import { Progress } from "./progress.ts";

const CALLS = 100_000;
const LENGTH = 1000;

/** `iopath fuzz`. */
export const fuzzCommand: Command = {
  name: "fuzz",
  usage: "fuzz [--seed N] [--calls N] [--length N] [--cpus N] [--first N] [--no-faults] [--no-shrink] [--json]",
  summary: "Make random and hostile system calls, and look whether the kernel bears it.",
  positionals: 0,
  options: {
    seed: { type: "string", value: "N", help: "Chooses the programs (default 1)." },
    calls: { type: "string", value: "N", help: `Make N system calls in all (default ${CALLS}).` },
    length: { type: "string", value: "N", help: `A program has N of them (default ${LENGTH}).` },
    cpus: { type: "string", value: "N", help: "The machines have N CPUs (default 1, 2 or 4, by program)." },
    first: { type: "string", value: "N", help: "Begin with program N (default 0), as a failure tells its number." },
    "no-faults": { type: "boolean", help: "Let no allocation fail that need not." },
    "no-shrink": { type: "boolean", help: "Print programs that fail as they were, which is much sooner." },
    json: {
      type: "boolean",
      help: "Print one JSON object: seed, calls, programs, inputs, failures, bySystemCall, elapsed (ms).",
    },
  },
  details: `
Makes up programs of several tasks that call the simulated kernel at random, all its system calls, with good and with
hostile arguments, while peers outside connect, send and hang up, time passes, signals come, and allocations fail.
Looks every now and then, and when all tasks of a program have ended, whether the kernel's structures keep their rules
and all memory has come back. A program that shows a failure is made as short as can be, and printed with a journal.

A program depends on the seed and its number alone: the same command finds the same.

Exit code: 0; 1 if there was a failure; 130 if stopped with Ctrl-C (what was found until then is printed).
`,
  run,
};

async function run({ options, terminal }: Invocation): Promise<number> {
  const seed = countOption(options["seed"], "seed", 1);
  const calls = countOption(options["calls"], "calls", CALLS);
  const length = Math.max(1, countOption(options["length"], "length", LENGTH));
  const first = countOption(options["first"], "first", 0);
  const cpus = cpusOption(options["cpus"]);
  const progress = new Progress(terminal, "fuzzing");
  const report = await fuzz({
    seed,
    calls,
    length,
    ...(cpus === undefined ? {} : { cpus }),
    first,
    faults: options["no-faults"] !== true,
    shrink: options["no-shrink"] !== true,
    onProgress: (done) => progress.show(done / calls),
    signal: terminal.signal,
  }).finally(() => progress.end());
  terminal.out(options["json"] === true ? `${JSON.stringify(report)}\n` : toText(report));
  if (report.failures.length > 0) return EXIT_DIFFERENT;
  return terminal.signal.aborted ? EXIT_INTERRUPTED : EXIT_OK;
}

function toText({ seed, calls, programs, inputs, failures, bySystemCall, elapsed }: FuzzReport): string {
  const rows = Object.entries(bySystemCall)
    .filter(([, { made }]) => made > 0)
    .map(([name, { made, succeeded }]) => [name, count(made), count(succeeded)]);
  const each = calls === 0 ? 0 : (elapsed * 1000) / calls;
  const parts = [
    ...failures.map(failureText),
    formatTable([["system call", "made", "succeeded"], ...rows]),
    `seed ${seed}: ${plural(calls, "call")} in ${plural(programs, "program")}, ${plural(inputs, "input")}, ` +
      `${(elapsed / 1000).toFixed(1)} s (${each.toFixed(1)} us each): ${plural(failures.length, "failure")}`,
  ];
  return `${parts.join("\n\n")}\n`;
}

function count(value: number): string {
  return value.toLocaleString("en");
}

function failureText({ kind, message, program, times, steps, journal }: FuzzFailure): string {
  const often = times > 1 ? `, and ${times - 1} times more` : "";
  return [
    `FAILURE (${kind}) of program ${program}${often}:`,
    indented(message),
    "  The shortest program found that shows it:",
    steps.map((step) => `    ${step}`).join("\n"),
    "  Its journal, for Kernel.replay():",
    indented(journal.trimEnd()),
  ].join("\n");
}

function indented(text: string): string {
  return text.replace(/^/gm, "    ");
}
