import {
  type Command,
  EXIT_DIFFERENT,
  EXIT_OK,
  FileError,
  type Invocation,
  UsageError,
  countOption,
} from "./command.ts";
import { Kernel, KernelPanic } from "../index.ts";
import { MOST_INPUTS, prepare, runAll, setUp } from "./run.ts";
import { ProgramError } from "../errors.ts";
import { loadProgramFile } from "./program-file.ts";
import { readInput } from "./input.ts";
import { writeFile } from "node:fs/promises";

/** The forms in which a run can be written, by the names of their options. */
const FORMS: Readonly<Record<string, (kernel: Kernel) => Promise<string | Uint8Array>>> = {
  perfetto: async (kernel) => (await import("../export/perfetto.ts")).perfettoTrace(kernel),
  chrome: async (kernel) => (await import("../export/chrome.ts")).chromeTrace(kernel),
  c: async (kernel) => (await import("../export/c/program.ts")).cProgram(kernel).text,
  journal: (kernel) => Promise.resolve(kernel.journal),
};

/** `iopath export FILE`. */
export const exportCommand: Command = {
  name: "export",
  usage: "export FILE --perfetto|--chrome|--c|--journal [-o OUT] [--inputs N]",
  summary: "Run a program file and write the run for other programs: a trace, C, or its journal.",
  positionals: 1,
  options: {
    perfetto: { type: "boolean", help: "A trace for https://ui.perfetto.dev (protocol buffers)." },
    chrome: { type: "boolean", help: "A trace in Chrome's format (JSON): chrome://tracing, Perfetto, Speedscope." },
    c: { type: "boolean", help: "A program in C that makes the same system calls and prints the same results." },
    journal: { type: "boolean", help: "All inputs of the machine (JSON lines), for Kernel.replay()." },
    output: { type: "string", value: "OUT", short: "o", help: "Write to this file (default: the standard output)." },
    inputs: { type: "string", value: "N", help: `Stop after N inputs of the machine (default ${MOST_INPUTS}).` },
  },
  details: `
FILE is a program file, as for \`iopath run\`, or a journal that was written before.

The program in C is for Linux and the GNU library (gcc -std=c11 -pthread): a thread
for each task, which take turns, so that the order is that of the run; clients from
outside are plain sockets over the loopback device. Signals, mapped memory, AIO,
io_uring and faults that were planted cannot be written so: it says which call is in
the way.

Exit code: 0; 1 if a program threw something, or the run cannot be written in C;
2 if FILE cannot be read.
`,
  run: writeRun,
};

async function writeRun({ positionals, options, terminal }: Invocation): Promise<number> {
  const wanted = Object.keys(FORMS).filter((name) => options[name] === true);
  const [form] = wanted;
  if (form === undefined || wanted.length > 1) {
    const names = Object.keys(FORMS).map((name) => `--${name}`);
    throw new UsageError(`export wants one of ${names.join(", ")}, not ${wanted.length}`);
  }
  const inputs = countOption(options["inputs"], "inputs", MOST_INPUTS);
  const { kernel, failures } = await machineOf(positionals[0]!, inputs, terminal.signal);
  try {
    const written = await FORMS[form]!(kernel);
    const { output } = options;
    if (typeof output === "string") await writeOutput(output, written);
    else terminal.out(written);
  } catch (error) {
    if (!(error instanceof ProgramError)) throw error;
    terminal.err(`${error.message}\n`);
    return EXIT_DIFFERENT;
  }
  for (const failure of failures) terminal.err(`a program threw: ${String(failure)}\n`);
  return failures.length > 0 ? EXIT_DIFFERENT : EXIT_OK;
}

/** The machine of a program file that has run to its end, or one that has lived through a journal. */
async function machineOf(
  file: string,
  inputs: number,
  signal: AbortSignal,
): Promise<{ kernel: Kernel; failures: unknown[] }> {
  if (!/\.[cm]?[jt]s$/.test(file)) return { kernel: await Kernel.replay(await readInput(file)), failures: [] };
  const programFile = await loadProgramFile(file);
  const kernel = await prepare(file, programFile);
  const failures = setUp(programFile, kernel);
  try {
    await runAll(kernel, inputs, failures, signal);
  } catch (error) {
    if (signal.aborted || error instanceof KernelPanic) throw error;
    failures.push(error);
  }
  return { kernel, failures };
}

async function writeOutput(file: string, written: string | Uint8Array): Promise<void> {
  try {
    await writeFile(file, written);
  } catch (error) {
    throw new FileError(`${file} cannot be written: ${(error as Error).message}`);
  }
}
