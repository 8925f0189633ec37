import {
  EXIT_DIFFERENT,
  EXIT_INTERRUPTED,
  EXIT_OK,
  FileError,
  type Invocation,
  UsageError,
  countOption,
} from "./command.ts";
import type { CppDifference } from "../linux/cpp.ts";
import { Progress } from "./progress.ts";
import { plural } from "./table.ts";

/** How many programs are compared. */
const PROGRAMS = 1000;

/** `iopath compare --cpp` */
export async function compareCppPrograms({ options, terminal }: Invocation): Promise<number> {
  const seed = countOption(options["seed"], "seed", 1);
  const programs = countOption(options["programs"], "programs", PROGRAMS);
  if (programs === 0) throw new UsageError("--programs wants at least 1");
  const { compareCpp, gccObstacle } = await import("../linux/cpp.ts");
  const why = await gccObstacle();
  if (why !== null) throw new FileError(why);
  const progress = new Progress(terminal, "comparing");
  const { signal } = terminal;
  const onGroup = (done: number) => progress.show(done / programs);
  const report = await compareCpp({ seed, programs, onGroup, signal }).finally(() => progress.end());
  if (options["json"] === true) terminal.out(`${JSON.stringify({ seed, ...report })}\n`);
  else terminal.out(await reportText(seed, report));
  if (report.differences.length > 0) return EXIT_DIFFERENT;
  return signal.aborted ? EXIT_INTERRUPTED : EXIT_OK;
}

async function reportText(
  seed: number,
  { programs, differences }: { readonly programs: number; readonly differences: readonly CppDifference[] },
): Promise<string> {
  const { sourceOf } = await import("../cpp/print.ts");
  const shown = differences.map(
    ({ seed: which, line, here, gcc, program }) =>
      `${sourceOf(program)}\nseed ${which}, line ${line} of the log: ${here ?? "nothing"} here, ${gcc ?? "nothing"} by g++\n\n`,
  );
  const compared = `${plural(programs, "random C++ program")} compared with what g++ makes of them, seeds from ${seed} on`;
  return `${shown.join("")}${compared}: ${plural(differences.length, "difference")}\n`;
}
