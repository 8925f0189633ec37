import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { ABSENT, AREAS, type Area, rulesNamed } from "./rules.ts";
import type { Claim } from "./claims.ts";
import { plural } from "../../lib/cli/table.ts";

/*
 * "How true is it": a part of the README, made of what the tests have come to. `npm run truth` runs them and keeps
 * their results in recorded/figures.json; the list is made of that, of the list of rules, and of the notes "Differs
 * from Linux" in the sources.
 */

const root = join(import.meta.dirname, "../..");

/** What a long comparison of random calls, or hostile ones, has come to. */
export interface LongRun {
  readonly seed: number;
  readonly calls: number;
  /** Differences from Linux, or broken rules. */
  readonly found: number;
  /** `uname -r`; empty: no real kernel took part. */
  readonly kernel: string;
  readonly date: string;
}

/** What the tests have come to. */
export interface Figures {
  /** Release of the kernel that the recorded answers are from. */
  readonly kernel: string;
  readonly date: string;
  /** Scenarios that the simulated kernel has answered as the real one did. */
  readonly scenarios: number;
  /** Questions that both kernels have answered alike. */
  readonly questions: number;
  /** Questions whose C++ programs have done here what g++ makes of them. */
  readonly compiled: number;
  /** By rule: how many tests that name it have passed. */
  readonly rules: Readonly<Record<string, { readonly scenarios: number; readonly tests: number }>>;
  /** By group of scenarios: how many were answered as by Linux. */
  readonly groups: Readonly<Record<string, number>>;
  /** By kind: random calls of one task, of several, about files, hostile ones. */
  readonly runs: Readonly<Partial<Record<"random" | "tasks" | "files" | "fuzz", LongRun>>>;
}

const path = join(import.meta.dirname, "recorded/figures.json");

/** The figures that are kept; null: none. */
export function keptFigures(): Figures | null {
  return existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as Figures) : null;
}

/** How many tests name each rule. */
export function namesOf(claims: readonly Claim[]): Figures["rules"] {
  const rules: Record<string, { scenarios: number; tests: number }> = {};
  for (const { claim, onLinux } of claims) {
    for (const rule of rulesNamed(claim)) {
      const count = (rules[rule] ??= { scenarios: 0, tests: 0 });
      if (onLinux) count.scenarios++;
      else count.tests++;
    }
  }
  return rules;
}

/** A place where the kernel knowingly does something else. */
interface Note {
  /** What it says, as one sentence without its full stop. */
  readonly text: string;
  /** What it is said of: a function, a field; empty: the whole file. */
  readonly name: string;
  readonly file: string;
}

/** A note, and what stands behind the comment that it is in. */
const NOTE =
  /Differs from Linux: (.*?)(?:\.(?=\s)|(?=\*\/))(?:(?!\*\/).)*\*\/\s*(?:@\S+\s+)*(?:export )?(?:function|class|enum|const)?\s*(\w*)/gs;

/** The notes in the sources of an area. */
function notesOf(area: Area): Note[] {
  const files = readdirSync(join(root, "assembly"), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .map((file) => `assembly/${file.replaceAll("\\", "/")}`)
    .toSorted();
  return files
    .filter((file) => area.sources.some((source) => file.startsWith(source)))
    .flatMap((file) =>
      Array.from(readFileSync(join(root, file), "utf8").matchAll(NOTE), ([, text = "", name = ""]) => ({
        text: text.replace(/\s*\n\s*\* ?/g, " ").trim(),
        name,
        file,
      })),
    );
}

/** What is said of an area: how many of its rules hold, what shows that, and what is not so. */
function item(area: Area, figures: Figures): string {
  const ids = Object.keys(area.rules);
  const hold = ids.filter((id) => figures.rules[id]);
  const sum = (kind: "scenarios" | "tests") => ids.reduce((n, id) => n + (figures.rules[id]?.[kind] ?? 0), 0);
  const programs = area.groups.reduce((n, group) => n + (figures.groups[group] ?? 0), 0);
  const shown = `${plural(sum("scenarios"), "test")} on Linux, ${sum("tests")} inside`;
  const known =
    area.groups.length > 0
      ? `${plural(programs, "test")} on Linux`
      : `${hold.length} of ${ids.length} rules hold, shown by ${shown}`;
  const differences = [
    ...Object.entries(area.missing).map(([id, why]) => `${area.rules[id]}: ${why}`),
    ...notesOf(area).map(({ text, name, file }) => `[${(name || file.split("/").at(-1)) ?? ""}](${file}): ${text}`),
  ];
  const notSo = differences.map((text) => `\n  - ${text}`).join("");
  return `- **${area.title}**: ${known}.${notSo === "" ? "" : ` Not so:${notSo}`}`;
}

/** What a long run has come to, as a sentence. */
function runText(kind: keyof Figures["runs"], { seed, calls, found, kernel, date }: LongRun): string {
  const what = {
    random: `random system calls of one task, compared with Linux ${kernel}`,
    tasks: `random system calls of tasks that wake each other, compared with Linux ${kernel}`,
    files: `random system calls about files, their pages, and who refers to them, compared with Linux ${kernel}`,
    fuzz: "hostile system calls, with memory that runs out, which must neither trap nor break a structure",
  }[kind];
  const result = kind === "fuzz" ? plural(found, "failure") : plural(found, "difference");
  return `- ${calls.toLocaleString("en")} ${what}: ${result} (seed ${seed}, ${date}).`;
}

/** The part of the README that is made of the figures. */
export function truthText(figures: Figures): string {
  const runs = Object.entries(figures.runs) as [keyof Figures["runs"], LongRun][];
  return [
    ...AREAS.map((area) => item(area, figures)),
    "",
    "Besides:",
    "",
    `- ${plural(figures.scenarios, "program")} by hand, answered call by call as by Linux ${figures.kernel} (${figures.date}).`,
    `- ${plural(figures.questions, "question")} that people ask, answered alike by both kernels; ${figures.compiled} more by C++ programs, as by g++ 12.`,
    ...runs.map(([kind, run]) => runText(kind, run)),
    `- Not here at all: ${ABSENT.join("; ")}.`,
  ].join("\n");
}

/** Where the part begins and ends. */
export const BEGIN = "<!-- made by npm run truth -->";
export const END = "<!-- end -->";

/** The README with another such part. */
export function withTruth(readme: string, text: string): string {
  const [begin, end] = [readme.indexOf(BEGIN), readme.indexOf(END)];
  if (begin < 0 || end < begin) throw new Error("the README has no place for it");
  return `${readme.slice(0, begin + BEGIN.length)}\n\n${text}\n\n${readme.slice(end)}`;
}

/** Every rule with the tests that name it, as a page. */
export function rulesPage(claims: readonly Claim[]): string {
  const tests = new Map<string, Claim[]>();
  for (const claim of claims)
    for (const rule of rulesNamed(claim.claim)) tests.set(rule, [...(tests.get(rule) ?? []), claim]);
  const shown = ({ claim, file }: Claim) =>
    `  - ${claim.replace(/^[^:]*: /, "").replaceAll("<", "&lt;")} ([${file.split("/").at(-1)}](${file.replace("test/", "../")}))`;
  const sections = AREAS.filter(({ groups }) => groups.length === 0).map((area) => {
    const rules = Object.entries(area.rules).flatMap(([id, title]) => {
      const why = area.missing[id] ? ` Not here: ${area.missing[id]}.` : "";
      return [`- **${id}** ${title}.${why}`, ...(tests.get(id) ?? []).map(shown)];
    });
    return [`## ${area.title}`, "", ...rules].join("\n");
  });
  return `# The rules, and the tests that name them\n\nMade by \`npm run truth\`. Scenarios run on both kernels, other tests inside the simulated one.\n\n${sections.join("\n\n")}\n`;
}
