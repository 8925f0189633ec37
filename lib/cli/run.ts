import { Kernel, type KilledTask } from "../index.ts";
import { type CallEntry, callWithMemory, callsOf } from "../trace/calls.ts";
import {
  type Command,
  type Invocation,
  EXIT_DIFFERENT,
  EXIT_OK,
  FileError,
  UsageError,
  countOption,
} from "./command.ts";
import { formatTable, formatTime, plural } from "./table.ts";
import { type ProgramFile, loadProgramFile } from "./program-file.ts";
import { Task } from "../machine/task.ts";
import { describeThrown } from "./library.ts";
import { inspect } from "node:util";
import { pathToFileURL } from "node:url";
import { resolve } from "node:path";
import { setImmediate } from "node:timers/promises";

const MOST_CALLS = 1000;
/** A run is over after so many inputs, if nothing else is said. */
export const MOST_INPUTS = 1_000_000;
/** How many inputs are taken in one go. */
const SLICE = 20_000;

/** `iopath run FILE`. */
export const runCommand: Command = {
  name: "run",
  usage: "run FILE [--limit N] [--inputs N] [--json]",
  summary: "Run a program file on the machine, and list its system calls.",
  positionals: 1,
  options: {
    limit: { type: "string", value: "N", help: `List at most N system calls (default ${MOST_CALLS}).` },
    inputs: { type: "string", value: "N", help: `Stop after N inputs of the machine (default ${MOST_INPUTS}).` },
    json: {
      type: "boolean",
      help: "Print one JSON object: calls, counters, reason, sleeping, killed, results, virtualTime (ns), digest.",
    },
  },
  details: `
FILE is a JavaScript module. It exports a function start(kernel), which makes tasks
with kernel.spawn(name, function* (sys) { ... }) and says what happens outside, by
kernel.world; and, if it likes, boot: { cpus: 1, seed: 1 }. The page shows its programs
in this form. Or its default export is a program, function* (sys), or an object:

  { programs: { server: function* (sys) { ... }, ... },   by the names of tasks
    world(world, kernel) { world.connect(8080).send("hello"); },     (optional)
    boot: { cpus: 1, seed: 1 } }                                     (optional)

It may import from "iopath", wherever it lies. Runs the programs until nothing can
happen any more. Prints their system calls, what each task came to, who still sleeps
and where, and what was counted.

Exit code: 0; 1 if a program threw something, or a signal has ended it (a load from where
there is no memory, say); 2 if FILE is no program file.
`,
  run,
};

/** A system call as it is listed. */
interface Listed {
  /** Unit: ns since boot. */
  readonly time: number;
  readonly pid: number;
  /** As strace writes it: `read(5, "hello", 64)`. */
  readonly call: string;
  /** `5`, `-1 EAGAIN`; null: it never returned. */
  readonly result: string | null;
}

async function run({ positionals, options, terminal }: Invocation): Promise<number> {
  const limit = countOption(options["limit"], "limit", MOST_CALLS);
  const inputs = countOption(options["inputs"], "inputs", MOST_INPUTS);
  if (inputs === 0) throw new UsageError("--inputs wants at least 1");
  const file = positionals[0]!;
  const programFile = await loadProgramFile(file);
  const kernel = await prepare(file, programFile);
  const failures = setUp(programFile, kernel);
  const tasks = kernel.tasks.flatMap((task) => (task instanceof Task ? task : []));
  const reason = await runAll(kernel, inputs, failures, terminal.signal).catch((error: unknown) => {
    if (terminal.signal.aborted || !isFrom(file, error)) throw error;
    failures.push(error);
    return "stopped";
  });
  const { sleeping, killed } = kernel.run({ maxInputs: 0 });
  const all = callsOf(kernel);
  const digest = kernel.digest();
  const results = tasks.map((task) => ({
    pid: task.pid,
    name: task.name,
    state: task.state,
    result: task.result,
    error: task.error === undefined ? undefined : inspect(task.error),
  }));
  const { counters, now } = kernel;
  const calls = all.slice(0, limit).map((call): Listed => ({ ...listed(call), call: callWithMemory(kernel, call) }));
  const report = {
    calls,
    counters,
    reason,
    sleeping,
    killed,
    results,
    virtualTime: now,
    digest,
  };
  if (options["json"] === true) terminal.out(`${JSON.stringify(report, bigintsAsText)}\n`);
  else terminal.out(toText(report, all.length));
  for (const failure of failures)
    terminal.err(`a program threw: ${failure instanceof Error ? describeThrown(failure) : inspect(failure)}\n`);
  return failures.length > 0 || killed.length > 0 ? EXIT_DIFFERENT : EXIT_OK;
}

/** Lets a program file make what it makes itself. @returns what it has thrown, if it has. */
export function setUp({ world, start }: ProgramFile, kernel: Kernel): unknown[] {
  try {
    world?.(kernel.world, kernel);
    start?.(kernel);
    return [];
  } catch (error) {
    return [error];
  }
}

/** Boots the machine of a program file and makes its tasks. @throws FileError for options and names that there are not. */
export async function prepare(file: string, { programs, boot }: ProgramFile): Promise<Kernel> {
  try {
    const kernel = await Kernel.boot(boot ?? {});
    for (const [name, program] of Object.entries(programs)) kernel.spawn(name, program);
    return kernel;
  } catch (error) {
    if (error instanceof TypeError || error instanceof RangeError) throw new FileError(`${file}: ${error.message}`);
    throw error;
  }
}

/** Runs a machine to the end, whatever programs throw on the way, in slices: between them the user can stop it. */
export async function runAll(
  kernel: Kernel,
  inputs: number,
  failures: unknown[],
  signal: AbortSignal,
): Promise<string> {
  for (;;) {
    const left = inputs - kernel.inputs;
    const reason = runSlice(kernel, Math.min(SLICE, Math.max(0, left)), failures);
    if (reason !== null && (reason !== "budget" || left <= SLICE)) return reason;
    await setImmediate();
    signal.throwIfAborted();
  }
}

/** @returns why the machine has stopped; null if a program has thrown something. */
function runSlice(kernel: Kernel, maxInputs: number, failures: unknown[]): string | null {
  try {
    return kernel.run({ maxInputs }).reason;
  } catch (error) {
    if (kernel.tasks.every((task) => !("error" in task) || task.error !== error)) throw error;
    failures.push(error);
    return null;
  }
}

/** Whether a file itself has thrown something: what it lets happen outside runs inside the machine's own loop. */
function isFrom(file: string, error: unknown): error is Error {
  const [place = ""] = (error instanceof Error ? error.stack : "")?.match(/^\s+at .*$/m) ?? [];
  return place.includes(pathToFileURL(resolve(file)).href) || place.includes(resolve(file));
}

function listed({ time, pid, text, result }: CallEntry): Listed {
  return { time, pid, call: text, result };
}

interface Report {
  readonly calls: readonly Listed[];
  readonly counters: Readonly<Record<string, number>>;
  readonly reason: string;
  readonly sleeping: readonly { readonly pid: number; readonly name: string; readonly call: string }[];
  readonly killed: readonly KilledTask[];
  readonly results: readonly {
    readonly pid: number;
    readonly name: string;
    readonly state: string;
    readonly result: unknown;
  }[];
  readonly virtualTime: number;
}

function toText({ calls, counters, reason, sleeping, killed, results, virtualTime }: Report, all: number): string {
  const lines = calls.map(callLine);
  if (all > calls.length) lines.push(`... and ${plural(all - calls.length, "more call")}`);
  const counted = Object.entries(counters)
    .filter(([, value]) => value !== 0)
    .map(([name, value]) => [name, value.toLocaleString("en")]);
  const ends = results.map(({ pid, name, state, result }) => {
    const returned = result === undefined ? "" : `, returned ${inspect(result)}`;
    const signal = killed.find((one) => one.pid === pid)?.signal;
    const end = signal === undefined ? "ended" : `killed by ${signal}`;
    return `task ${pid} (${name}): ${state === "zombie" ? end : state}${returned}`;
  });
  const sleepers = sleeping.map(({ pid, name, call }) => `task ${pid} (${name}) sleeps in ${call}()`);
  return `${[lines.join("\n"), [...ends, ...sleepers].join("\n"), formatTable(counted), `${reason} after ${formatTime(virtualTime)}`].join("\n\n")}\n`;
}

function callLine({ time, pid, call, result }: Listed): string {
  return `${formatTime(time).padStart(12)} ${String(pid).padStart(4)} ${call} = ${result ?? "?"}`;
}

function bigintsAsText(_key: string, value: unknown): unknown {
  return typeof value === "bigint" ? String(value) : value;
}
