import {
  type Command,
  EXIT_DIFFERENT,
  EXIT_OK,
  FileError,
  type Invocation,
  UsageError,
  countOption,
} from "./command.ts";
import { type BootOptions, type ExploreOptions, type ExploreResult, Kernel, type Language } from "../index.ts";
import { Progress } from "./progress.ts";
import { describeThrown } from "./library.ts";
import { loadExports } from "./program-file.ts";
import { plural } from "./table.ts";

const MAX_RUNS = 100_000;
const LANGUAGES: readonly string[] = ["en", "zh-CN"] satisfies readonly Language[];

/** `iopath explore FILE`. */
export const exploreCommand: Command = {
  name: "explore",
  usage: "explore FILE [--max-runs N] [--max-switches N] [--always] [--language L] [--json]",
  summary: "Search for an order of system calls in which a property does not hold.",
  positionals: 1,
  options: {
    "max-runs": { type: "string", value: "N", help: `Run the programs at most N times (default ${MAX_RUNS}).` },
    "max-switches": { type: "string", value: "N", help: "Let at most N times a task stop that could go on." },
    always: { type: "boolean", help: "Ask after every step, not only at the end of a run." },
    language: { type: "string", value: "L", help: "Tell the calls in en (default) or zh-CN." },
    json: { type: "boolean", help: "Print one JSON object." },
  },
  details: `
FILE is a JavaScript module:

  export default function setup(kernel) {           makes the tasks, and what is outside
    kernel.spawn("server", function* (sys) { ... });
    kernel.spawn("writer", function* (sys) { ... });
    return { ... };                   (optional) plain data that the programs share
  }
  export function property(kernel, shared) {        what is to hold when all is quiet
    return kernel.tasks.every(({ sleeping }) => !sleeping) || "somebody sleeps for ever";
  }
  export const boot = { seed: 1 };                  (optional) options of the machine

property returns true, or what is wrong in words, or false. Runs the programs in every order of
their system calls, those with the fewest forced switches first. Prints the first order in which
the property does not hold, one line for each call, or says that there is none.

The JSON object has: broken, message, switches, choices, story, journal (for Kernel.replay()),
explored (runs, states, pruned), complete (whether all orders were searched).

Exit code: 0 the property holds, in all orders or in those that the bounds allow, which is said;
1 it does not; 2 wrong call, or FILE cannot be used.
`,
  run,
};

type Setup = (kernel: Kernel) => unknown;
type Property = (kernel: Kernel, shared: unknown) => boolean | string;

async function run({ positionals, options, terminal }: Invocation): Promise<number> {
  const maxRuns = countOption(options["max-runs"], "max-runs", MAX_RUNS);
  const maxSwitches = countOption(options["max-switches"], "max-switches", Infinity);
  if (maxRuns === 0) throw new UsageError("--max-runs wants at least 1");
  const language = options["language"] ?? "en";
  if (typeof language !== "string" || !LANGUAGES.includes(language)) {
    throw new UsageError(`--language wants ${LANGUAGES.join(" or ")}, not ${JSON.stringify(language)}`);
  }
  const file = positionals[0]!;
  const { setup, property, boot } = await load(file);
  const progress = new Progress(terminal, "searching");
  const result = await search(file, boot, setup, property, {
    always: options["always"] === true,
    maxRuns,
    maxSwitches,
    signal: terminal.signal,
    onProgress: ({ runs }) => progress.show(runs / maxRuns),
  }).finally(() => progress.end());
  const { kernel: _, story: __, ...rest } = result;
  const lines = result.story(language as Language);
  if (options["json"] === true) terminal.out(`${JSON.stringify({ ...rest, story: lines })}\n`);
  else terminal.out(toText(result, lines));
  return result.broken ? EXIT_DIFFERENT : EXIT_OK;
}

/** @throws FileError for a file that does not export what it should. */
async function load(file: string): Promise<{ setup: Setup; property: Property; boot: BootOptions }> {
  const { default: setup, property, boot = {} } = await loadExports(file);
  if (typeof setup !== "function") {
    throw new FileError(`${file}: expected function setup(kernel) as the default export, found ${kindOf(setup)}`);
  }
  if (typeof property !== "function") {
    throw new FileError(`${file}: expected an exported function property(kernel), found ${kindOf(property)}`);
  }
  if (typeof boot !== "object" || boot === null) {
    throw new FileError(`${file}: expected options of the machine as boot, found ${kindOf(boot)}`);
  }
  return { setup: setup as Setup, property: property as Property, boot };
}

function kindOf(value: unknown): string {
  if (value === undefined) return "none";
  return value === null ? "null" : `${/^[aeiou]/.test(typeof value) ? "an" : "a"} ${typeof value}`;
}

/** @throws FileError for what the file's own functions throw. */
async function search(
  file: string,
  boot: BootOptions,
  setup: Setup,
  property: Property,
  options: ExploreOptions,
): Promise<ExploreResult<Kernel>> {
  try {
    const kernel = await Kernel.boot(boot);
    return await kernel.explore(setup, property, options);
  } catch (error) {
    if (options.signal?.aborted || !(error instanceof Error)) throw error;
    throw new FileError(`${file}: ${describeThrown(error)}`);
  }
}

function toText(
  { broken, message, switches, explored, complete }: ExploreResult<Kernel>,
  story: readonly string[],
): string {
  const { runs, states, pruned } = explored;
  const effort = `${plural(runs, "run")}, ${plural(states, "state")}, ${plural(pruned, "run")} cut short`;
  if (broken)
    return `${message}\n\n${story.join("\n")}\n\nwith ${plural(switches, "forced switch", "es")}; ${effort}\n`;
  const scope = complete ? "in every order" : "in all orders that were tried: a bound has ended the search";
  return `the property holds ${scope}; ${effort}\n`;
}
