import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { claims, isTitleOf } from "../linux/claims.ts";
import { type Figures, type LongRun, keptFigures, rulesPage, truthText, withTruth } from "../linux/truth.ts";
import { rulesNamed } from "../linux/rules.ts";

/*
 * npm run truth [-- FILE...]: runs the tests that name rules, keeps what they have come to, and makes the README's table
 * of it. FILEs are what `iopath compare --random --json` and `iopath fuzz --json` have printed.
 */

const root = join(import.meta.dirname, "../..");
const today = new Date().toISOString().slice(0, 10);

/** One test of vitest's report. */
interface Result {
  /** Path of its file, from the root. */
  readonly file: string;
  readonly ancestorTitles: readonly string[];
  readonly title: string;
  readonly status: string;
}

/** Runs test files, and gives the results of their tests. */
function run(files: readonly string[]): Result[] {
  mkdirSync(join(root, "build"), { recursive: true });
  const report = join(root, "build/truth.json");
  const vitest = join(root, "node_modules/vitest/vitest.mjs");
  const options = ["run", "--project", "node", "--reporter=json", `--outputFile=${report}`, ...files];
  // A test that fails is a rule that does not hold, and no reason not to say so.
  spawnSync(process.execPath, [vitest, ...options], { cwd: root, stdio: "inherit" });
  const { testResults } = JSON.parse(readFileSync(report, "utf8")) as {
    testResults: readonly { name: string; assertionResults: readonly Omit<Result, "file">[] }[];
  };
  return testResults.flatMap(({ name, assertionResults }) =>
    assertionResults.map((result) => ({ ...result, file: relative(root, name) })),
  );
}

/** What a run that was printed as JSON has come to. */
function longRun(file: string): [keyof Figures["runs"], LongRun] {
  const report = JSON.parse(readFileSync(file, "utf8")) as Record<string, unknown>;
  const found = (report["differences"] ?? report["failures"]) as unknown;
  const compared = (["tasks", "files"] as const).find((kind) => report[kind] === true) ?? "random";
  const kind = "failures" in report ? "fuzz" : compared;
  const run = {
    seed: Number(report["seed"]),
    calls: Number(report["calls"]),
    found: Array.isArray(found) ? found.length : Number(found),
    kernel: typeof report["kernel"] === "string" ? report["kernel"] : "",
    date: today,
  };
  return [kind, run];
}

const all = claims();
const naming = all.filter(({ claim, onLinux }) => !onLinux && rulesNamed(claim).length > 0);
const files = new Set(naming.map(({ file }) => file));
const results = run(["test/linux/scenarios.linux.test.ts", "test/linux/questions.linux.test.ts", ...files]);

const COMPARED = "the simulated kernel, compared with Linux ";
const rules: Record<string, { scenarios: number; tests: number }> = {};
const groups: Record<string, number> = {};
let [scenarios, questions, compiled, kernel] = [0, 0, 0, ""];
for (const { ancestorTitles, title, status } of results) {
  const [heading = ""] = ancestorTitles;
  if (status !== "passed" || heading.startsWith("the kernel of this computer")) continue;
  const isScenario = heading.startsWith(COMPARED);
  if (isScenario) {
    scenarios++;
    const group = heading.slice(heading.indexOf(": ") + 2);
    groups[group] = (groups[group] ?? 0) + 1;
    kernel ||= heading.slice(COMPARED.length, heading.indexOf(":"));
  }
  if (heading === "on the simulated kernel") questions++;
  if (heading === "C++ programs of a question") compiled++;
  if (!isScenario) continue;
  for (const rule of rulesNamed(title)) (rules[rule] ??= { scenarios: 0, tests: 0 }).scenarios++;
}
// A test with a table counts once, if all its rows have passed.
for (const claim of naming) {
  const own = results.filter(({ file, title }) => file === claim.file && isTitleOf(title, claim));
  if (own.length === 0 || own.some(({ status }) => status !== "passed")) continue;
  for (const rule of rulesNamed(claim.claim)) (rules[rule] ??= { scenarios: 0, tests: 0 }).tests++;
}
const runs = { ...keptFigures()?.runs, ...Object.fromEntries(process.argv.slice(2).map(longRun)) };
const sorted = Object.fromEntries(
  Object.entries(rules).toSorted(([a], [b]) => a.localeCompare(b, "en", { numeric: true })),
);
const figures: Figures = { kernel, date: today, scenarios, questions, compiled, rules: sorted, groups, runs };

writeFileSync(join(root, "test/linux/recorded/figures.json"), `${JSON.stringify(figures, null, 2)}\n`);
writeFileSync(join(root, "test/linux/RULES.md"), rulesPage(all));
const readme = join(root, "README.md");
writeFileSync(readme, withTruth(readFileSync(readme, "utf8"), truthText(figures)));
execFileSync(
  process.execPath,
  [
    join(root, "node_modules/prettier/bin/prettier.cjs"),
    "--write",
    "README.md",
    "test/linux/RULES.md",
    "test/linux/recorded/figures.json",
  ],
  {
    cwd: root,
  },
);
