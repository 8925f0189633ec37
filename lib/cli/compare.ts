import {
  type Command,
  type Invocation,
  EXIT_DIFFERENT,
  EXIT_INTERRUPTED,
  EXIT_OK,
  FileError,
  UsageError,
  countOption,
} from "./command.ts";
import type { RandomDifference, RandomReport } from "../linux/random/compare.ts";
import { ProgramError } from "../errors.ts";
import { Progress } from "./progress.ts";
import { compareCppPrograms } from "./compare-cpp.ts";
import { compareRoads } from "./compare-roads.ts";
import { formatComparison, isEnd } from "./side-by-side.ts";
import { loadProgramFile } from "./program-file.ts";
import { describeThrown } from "./library.ts";
import { plural } from "./table.ts";
import { pathToFileURL } from "node:url";
import { resolve } from "node:path";

const CALLS = 100_000;
const LENGTH = 120;

/** `iopath compare FILE`, `iopath compare --random`, `iopath compare --roads` and `iopath compare --cpp`. */
export const compareCommand: Command = {
  name: "compare",
  usage:
    "compare FILE [--json] | compare --random [--seed N] [--calls N] [--length N] [--tasks | --files] [--json] | compare --roads [--sizes N,N] [--runs N] [--json] | compare --cpp [--seed N] [--programs N] [--json]",
  summary: "Run a program, random ones, or the roads of a byte, on the machine and on the kernel of this computer.",
  positionals: "any",
  options: {
    random: { type: "boolean", help: "Make the programs up instead of reading FILE." },
    seed: { type: "string", value: "N", help: "Which random programs (default 1)." },
    calls: { type: "string", value: "N", help: `Compare at least N system calls (default ${CALLS}).` },
    length: { type: "string", value: "N", help: `Programs of up to N commands (default ${LENGTH}).` },
    tasks: { type: "boolean", help: "Random programs of several tasks, which sleep and wake each other." },
    files: { type: "boolean", help: "Random programs about files on a disk, and who refers to their pages." },
    roads: { type: "boolean", help: "Send files to a socket in every way that there is, and count." },
    sizes: {
      type: "string",
      value: "N,N",
      help: "With --roads: lengths of the files in bytes (default 4096,65536,1048576).",
    },
    runs: { type: "string", value: "N", help: "With --roads: how often the real kernel is measured (default 9)." },
    cpp: { type: "boolean", help: "Run random C++ programs about ownership here, and as g++ compiles them." },
    programs: { type: "string", value: "N", help: "With --cpp: compare N programs (default 1000)." },
    json: { type: "boolean", help: "Print JSON instead of text." },
  },
  details: `
FILE is a JavaScript module as \`iopath run\` takes it, with one program: function* (sys).
It runs on the simulated kernel and then for real, on the kernel of this computer,
which must be x86-64 Linux. Every call is printed with both answers; ! marks those that
differ. Addresses of sockets are on the loopback network; memory that the kernel places is called
"mapping 1" and so on. On the real side a program has a root folder of its own: names that
begin with /disk/, and those that do not begin with /, lie on this computer's disk (in the
folder for temporary files), all others in memory (tmpfs), where O_DIRECT and places on
the disk are not those of a disk. A program has to end: a task that makes more than
100,000 calls is refused. A signal that ends it is told as such, as "killed by SIGBUS".

With --random the programs are made up: of one task that never sleeps, or, with
--tasks, of two to four threads and processes, where a C compiler is at hand; with
--files, of one task that reads, writes, cuts, maps and moves regular files. A program
that the two kernels do not answer alike is shrunk to the shortest one that still shows
it, and printed; the same seed makes the same programs.

With --roads files are sent to a socket by read and write, by mmap, sendfile, splice and
so on, with a cold and a warm page cache. What is counted comes from the simulated
machine's counters; beside it stands what the sender's CPU time is in relation to read
and write, on the simulated machine and on this computer. --json then prints an array
with road, size, cache, modeSwitches, cpuCopies, dmaTransfers, faults and more.

With --cpp random C++ programs with shared_ptr, weak_ptr, unique_ptr and new run on the
machine's own heap, and as g++ 12 compiles them. Allocations with size and address,
constructors, destructors and counts must be the same, in order. --json prints an object
with seed, programs (number compared) and differences, each with seed, line (of the log,
from 0), here, gcc (null or missing: the log ends there), and program.

Otherwise the JSON object has: kernel (release of the real one), calls (number compared) and
differences, each with calls (by task, all that was answered alike), task, linux,
simulated (the call with either answer; null: the task ends there). With --random
also seed, length, tasks, files, askedAgain (how often the real kernel had changed its mind),
and the seed of each difference.

Exit code: 0 all calls were answered alike, 1 there is a difference, 2 wrong call, or
not possible here, 130 stopped with Ctrl-C (what was found until then is printed).
`,
  run: compare,
};

async function compare(invocation: Invocation): Promise<number> {
  const { positionals, options } = invocation;
  const isRoads = options["roads"] === true;
  for (const name of ["sizes", "runs"]) {
    if (!isRoads && options[name] !== undefined) throw new UsageError(`--${name} goes with --roads`);
  }
  if (isRoads) {
    const other = ["random", "seed", "calls", "length", "tasks", "files", "cpp", "programs"].find(
      (name) => options[name] !== undefined,
    );
    if (other) throw new UsageError(`--${other} does not go with --roads`);
    if (positionals.length > 0) throw new UsageError("compare --roads wants no FILE");
    return compareRoads(invocation);
  }
  if (options["cpp"] === true) return compareCppOnly(invocation);
  if (options["programs"] !== undefined) throw new UsageError("--programs goes with --cpp");
  const isRandom = options["random"] === true;
  const [file] = positionals;
  if (isRandom ? file !== undefined : file === undefined || positionals.length > 1) {
    throw new UsageError("compare wants either one FILE, --random, --roads or --cpp");
  }
  const given = ["seed", "calls", "length", "tasks", "files"].find((name) => options[name] !== undefined);
  if (!isRandom && given) throw new UsageError(`--${given} goes with --random`);
  const seed = countOption(options["seed"], "seed", 1);
  const calls = countOption(options["calls"], "calls", CALLS);
  const length = countOption(options["length"], "length", LENGTH);
  if (calls === 0 || length === 0) throw new UsageError("--calls and --length want at least 1");
  const { obstacle } = await import("../linux/oracle/usable.ts");
  const why = await obstacle();
  if (why !== null) throw new FileError(why);
  const [tasks, files] = [options["tasks"] === true, options["files"] === true];
  if (tasks && files) throw new UsageError("--files does not go with --tasks");
  return file === undefined
    ? compareAtRandom({ seed, calls, length, tasks, files }, invocation)
    : compareFile(file, invocation);
}

function compareCppOnly(invocation: Invocation): Promise<number> {
  const { positionals, options } = invocation;
  const other = ["random", "calls", "length", "tasks", "files"].find((name) => options[name] !== undefined);
  if (other) throw new UsageError(`--${other} does not go with --cpp`);
  if (positionals.length > 0) throw new UsageError("compare --cpp wants no FILE");
  return compareCppPrograms(invocation);
}

interface Which {
  readonly seed: number;
  readonly calls: number;
  readonly length: number;
  readonly tasks: boolean;
  readonly files: boolean;
}

async function compareAtRandom(which: Which, { options, terminal }: Invocation): Promise<number> {
  const { calls } = which;
  const { compareRandom } = await import("../linux/random/compare.ts");
  const { kernelRelease } = await import("../linux/oracle/usable.ts");
  const progress = new Progress(terminal, "comparing");
  const { signal } = terminal;
  const onProgress = (done: number) => progress.show(done / calls);
  const report = await compareRandom({ ...which, onProgress, signal }).finally(() => progress.end());
  const all = { kernel: kernelRelease(), ...which, ...report };
  if (options["json"] === true) terminal.out(`${JSON.stringify(all)}\n`);
  else terminal.out(await randomText(all));
  if (report.differences.length > 0) return EXIT_DIFFERENT;
  return signal.aborted ? EXIT_INTERRUPTED : EXIT_OK;
}

async function randomText(report: RandomReport & Which & { kernel: string }): Promise<string> {
  const { kernel, seed, length, tasks, files, calls, differences, askedAgain } = report;
  const { describeDifference } = await import("../linux/difference.ts");
  const again = askedAgain === 0 ? "" : `; Linux was asked again ${plural(askedAgain, "time")}`;
  const compared = `${plural(calls, "random system call")} compared with Linux ${kernel}, seeds from ${seed} on`;
  const summary = `${compared}: ${plural(differences.length, "difference")}${again}\n`;
  const shown = (difference: RandomDifference) =>
    `${describeDifference(difference)}\n(again with: npx iopath compare --random --seed ${difference.seed} --length ${length}${tasks ? " --tasks" : ""}${files ? " --files" : ""})\n\n`;
  return differences.map(shown).join("") + summary;
}

async function compareFile(file: string, { options, terminal }: Invocation): Promise<number> {
  const { programs, world, boot } = await loadProgramFile(file);
  const [program, ...others] = Object.values(programs);
  if (program === undefined || others.length > 0)
    throw new FileError(`${file} has not one program, which compare wants`);
  if (world ?? boot) throw new FileError(`${file} has a world or boot options: the real kernel has neither`);
  const { compareProgram } = await import("../linux/compare.ts");
  const { differenceOf } = await import("../linux/difference.ts");
  const { kernelRelease } = await import("../linux/oracle/usable.ts");
  const logs = await compareProgram(program as unknown as Parameters<typeof compareProgram>[0]).catch(
    (error: unknown) => {
      if (error instanceof ProgramError) throw new FileError(`${file}: ${error.message}`);
      throw error instanceof Error && hasPassed(file, error)
        ? new FileError(`${file}: ${describeThrown(error)}`)
        : error;
    },
  );
  const difference = differenceOf(logs.linux, logs.simulated);
  const kernel = kernelRelease();
  if (options["json"] === true) {
    const calls = Object.values(logs.linux).reduce(
      (sum, lines) => sum + lines.filter((line) => !isEnd(line)).length,
      0,
    );
    terminal.out(`${JSON.stringify({ kernel, calls, ...logs, differences: difference ? [difference] : [] })}\n`);
  } else {
    terminal.out(formatComparison(logs, kernel));
  }
  return difference ? EXIT_DIFFERENT : EXIT_OK;
}

/** Whether a file's own functions were under way when something was thrown. */
function hasPassed(file: string, error: Error): boolean {
  const path = resolve(file);
  return [path, pathToFileURL(path).href].some((place) => error.stack?.includes(place));
}
