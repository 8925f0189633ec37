import {
  CASE_WORDS,
  type CaseName,
  CASES,
  CONFIDENCE,
  CONTENDERS,
  type Contender,
  DEFAULTS,
  type Heat,
  type KeyOrder,
  LEAST_SAMPLES,
  MARGIN,
  ORDERS,
  type RaceOptions,
  type RaceResult,
  SIZES,
  type Surroundings,
  differencesOf,
  heatsOf,
  isRing,
  race,
  readResult,
} from "../race/index.ts";
import {
  type Command,
  EXIT_DIFFERENT,
  EXIT_INTERRUPTED,
  EXIT_OK,
  FileError,
  type Invocation,
  type Terminal,
  UsageError,
  countOption,
} from "./command.ts";
import { differencesText, raceText } from "./race-text.ts";
import { Progress } from "./progress.ts";
import { readInput } from "./input.ts";
import { version } from "./version.ts";
import { writeFile } from "node:fs/promises";

const MOST_SAMPLES = 1000;

/** `iopath race`. */
export const raceCommand: Command = {
  name: "race",
  usage: "race [--case NAME] [--size N] [--order NAME] [--contender ID] [--seed N] [--samples N] [--json] [--raw FILE]",
  summary: "Race data structures in WebAssembly and JavaScript, ours and others'.",
  positionals: "any",
  options: {
    case: {
      type: "string",
      value: "NAME",
      isRepeatable: true,
      help: "What is done (default: all that there is); may be repeated.",
    },
    size: {
      type: "string",
      value: "N",
      isRepeatable: true,
      help: "Number of elements; of ring cases, bytes of a message (default: 10,000; 4,096); may be repeated.",
    },
    order: {
      type: "string",
      value: "NAME",
      isRepeatable: true,
      help: `Order of keys: ${ORDERS.join(", ")} (default: random); may be repeated.`,
    },
    contender: {
      type: "string",
      value: "ID",
      isRepeatable: true,
      help: "Who takes part (default: all); may be repeated.",
    },
    seed: { type: "string", value: "N", help: `Chooses keys and the order of samples (default ${DEFAULTS.seed}).` },
    samples: {
      type: "string",
      value: "N",
      help: `Samples of each contender (default ${DEFAULTS.samples}, from ${LEAST_SAMPLES}).`,
    },
    json: { type: "boolean", help: "Print one JSON array with an object for each contender, mode and case." },
    raw: { type: "string", value: "FILE", help: "Write all there is to FILE: samples, machine, versions, verdicts." },
    list: { type: "boolean", help: "Print what can be raced, and who takes part; race nothing." },
    compare: { type: "boolean", help: "Compare two FILEs that --raw has written: race --compare BEFORE AFTER." },
  },
  details: `
Measures data structures: ours in WebAssembly, one call at a time, in batches, or in a loop wholly inside; the same
module as JavaScript; plain JavaScript; known libraries; native C++ where there is a compiler. All do the same work,
made from the seed, and must come to the same checksum: a wrong answer disqualifies.

Every contender of a case gets a fresh process of its own and is warmed up. Then samples are taken in rounds, all
contenders in each, in another order every time. What is printed is the median of the samples with its interval (${CONFIDENCE * 100} %,
bootstrap); one is said to be faster than another only if their intervals do not touch, and by ${Math.round((MARGIN - 1) * 100)} % or more. No sample
is left out.

Without options it runs every case at 10,000 elements with random keys, in less than three minutes. After a few
seconds of samples of a case, no further round of it is begun. Ctrl-C stops, and prints what was measured up to then.

Exit code: 0; 1 if a contender was disqualified; 2 if there is no such case, or a FILE cannot be read or written; 130
if it was stopped with Ctrl-C.
`,
  run: raceHere,
};

async function raceHere(invocation: Invocation): Promise<number> {
  return runRace(invocation, async () => {
    const { nodeSurroundings } = await import("../race/node.ts");
    return nodeSurroundings({ iopath: await version() });
  });
}

/** The command, in any surroundings and with any contenders. */
export async function runRace(
  { positionals, options, terminal }: Invocation,
  surroundings: () => Promise<Surroundings>,
  contenders: readonly Contender[] = CONTENDERS,
): Promise<number> {
  if (options["compare"] === true) return compare(positionals, contenders, options["json"] === true, terminal);
  if (positionals.length > 0) throw new UsageError(`race takes options only, not ${JSON.stringify(positionals[0])}`);
  if (options["list"] === true) return list(contenders, terminal);
  const wanted = raceOptions(options, contenders);
  checkSomebody(wanted, contenders);
  const file = options["raw"];
  // That it can be written is known before the race; what stands there stays until there is something better.
  if (typeof file === "string") await write(file, "", "a");
  const isJson = options["json"] === true;
  if (!isJson) terminal.out(`${announcement(wanted, contenders)}\n\n`);
  const result = await raced(wanted, await surroundings(), contenders, terminal);
  if (typeof file === "string") await write(file, `${JSON.stringify(result)}\n`);
  terminal.out(isJson ? `${JSON.stringify(result.rows)}\n` : raceText(result, contenders));
  if (!result.isComplete) return EXIT_INTERRUPTED;
  return result.rows.some(({ disqualified }) => disqualified !== null) ? EXIT_DIFFERENT : EXIT_OK;
}

/** @throws UsageError if none of those who were chosen has part in any of the cases. */
function checkSomebody({ cases, contenders: chosen }: RaceOptions, contenders: readonly Contender[]): void {
  const here = contenders.filter(({ id }) => chosen === null || chosen.includes(id));
  if (here.some((one) => one.cases.some((name) => cases.includes(name)))) return;
  throw new UsageError(
    `${here.map(({ id }) => id).join(", ")} cannot do ${cases.join(", ")}; --list says who can do what`,
  );
}

/** Says what is going to be run. */
function announcement(options: RaceOptions, contenders: readonly Contender[]): string {
  const heats = heatsOf(options).filter((heat) => contenders.some(({ cases }) => cases.includes(heat.case)));
  const names = [...new Set(heats.map((heat) => heat.case))].join(", ");
  const sizes = [...new Set(heats.map(sizeText))].join(", ");
  return `Racing ${names} with ${sizes}; ${options.orders.join(", ")} keys; ${options.samples} samples.`;
}

function sizeText({ case: name, size }: Heat): string {
  return `${size.toLocaleString("en")} ${isRing(name) ? "bytes" : "elements"}`;
}

async function raced(
  options: RaceOptions,
  surroundings: Surroundings,
  contenders: readonly Contender[],
  terminal: Terminal,
): Promise<RaceResult> {
  const progress = new Progress(terminal, "racing");
  const onProgress = ({ part }: { readonly part: number }) => progress.show(part);
  return race({ ...options, signal: terminal.signal, onProgress }, surroundings, contenders).finally(() =>
    progress.end(),
  );
}

function raceOptions(options: Invocation["options"], contenders: readonly Contender[]): RaceOptions {
  const samples = countOption(options["samples"], "samples", DEFAULTS.samples);
  if (samples < LEAST_SAMPLES || samples > MOST_SAMPLES) {
    throw new UsageError(`--samples wants a number from ${LEAST_SAMPLES} to ${MOST_SAMPLES}, not ${samples}`);
  }
  const cases = names<CaseName>(options["case"], "case", CASES) ?? DEFAULTS.cases;
  const ids = contenders.map(({ id }) => id);
  return {
    cases,
    sizes: sizesOption(options["size"], cases),
    orders: names<KeyOrder>(options["order"], "order", ORDERS) ?? DEFAULTS.orders,
    seed: countOption(options["seed"], "seed", DEFAULTS.seed),
    samples,
    budget: DEFAULTS.budget * Math.max(1, samples / DEFAULTS.samples),
    contenders: names(options["contender"], "contender", ids),
  };
}

/** Names of an option, each of which has to be one of a list, and counts once; null: it was not given. */
function names<T extends string>(value: string | boolean | undefined, name: string, all: readonly T[]): T[] | null {
  if (typeof value !== "string") return null;
  const given = value.split(",").map((text) => {
    const found = all.find((one) => one === text);
    if (found !== undefined) return found;
    throw new UsageError(`there is no ${name} ${JSON.stringify(text)}; there are ${all.join(", ")}`);
  });
  return [...new Set(given)];
}

/** Sizes, which all of the cases have to be able to do; null: none were given. */
function sizesOption(value: string | boolean | undefined, cases: readonly CaseName[]): number[] | null {
  if (typeof value !== "string") return null;
  const given = value.split(",").map((text) => {
    const size = countOption(text, "size", 0);
    for (const name of cases) checkSize(name, size);
    return size;
  });
  return [...new Set(given)];
}

function checkSize(name: CaseName, size: number): void {
  const [least, greatest] = isRing(name) ? SIZES.message : SIZES.elements;
  if (size < least! || size > greatest!) {
    throw new UsageError(`--size of ${name} wants a number from ${least} to ${greatest}, not ${size}`);
  }
  if (name === "ring-records" && size % 4 !== 0) {
    throw new UsageError(`--size of ring-records wants a number that 4 divides, not ${size}`);
  }
}

async function write(file: string, text: string, flag: "a" | "w" = "w"): Promise<void> {
  await writeFile(file, text, { flag }).catch((error: Error) => {
    throw new FileError(`${file} cannot be written: ${error.message}`);
  });
}

async function compare(
  files: readonly string[],
  contenders: readonly Contender[],
  isJson: boolean,
  terminal: Terminal,
): Promise<number> {
  const [first, second] = files;
  if (first === undefined || second === undefined || files.length > 2) {
    throw new UsageError("race --compare wants 2 files that --raw has written");
  }
  const read = async (file: string) => readResult(await readInput(file), file);
  const results = [await read(first), await read(second)] as const;
  const differences = differencesOf(...results);
  if (isJson) terminal.out(`${JSON.stringify(differences)}\n`);
  else terminal.out(differencesText(results, differences, contenders));
  return EXIT_OK;
}

async function list(contenders: readonly Contender[], terminal: Terminal): Promise<number> {
  const rows: string[][] = [];
  for (const contender of contenders) {
    const { id, title, modes, cases, install } = contender;
    const there = (await contender.load()) === null ? `not there${install === undefined ? "" : `: ${install}`}` : "";
    rows.push([id, title, modes.join(" "), cases.join(" "), there]);
  }
  const width = (i: number) => Math.max(...rows.map((row) => row[i]!.length));
  const widths = [0, 1, 2, 3].map(width);
  const text = rows.map((row) =>
    row
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join("  ")
      .trimEnd(),
  );
  const works = CASES.map(
    (name) => `  ${name.padEnd(Math.max(...CASES.map(({ length }) => length)))}  ${CASE_WORDS[name].en}`,
  );
  terminal.out(`Cases:\n${works.join("\n")}\n\nOrders: ${ORDERS.join(", ")}\n\n${text.join("\n")}\n`);
  return EXIT_OK;
}
