import { readFile, writeFile } from "node:fs/promises";
import { stripVTControlCharacters } from "node:util";
import { expect, test } from "vitest";
import type { Contender } from "../../lib/race/index.ts";
import { absent, racer, surroundingsOf } from "../race/racers.ts";
import { inFolder, iopath, withFolder } from "../support/command-line.ts";
import { readResult } from "../../lib/race/index.ts";
import { runRace } from "../../lib/cli/race.ts";

withFolder();

const SMALL = { case: "find-hit", size: "100", samples: "6" };

/** What the command prints when these contenders race, and its exit code. */
async function run(
  contenders: readonly Contender[],
  options: Record<string, string | boolean>,
  signal = new AbortController().signal,
) {
  const printed = { code: 0, out: "" };
  const out = (text: string | Uint8Array) => void (printed.out += String(text));
  const terminal = { out, err: () => {}, isInteractive: false, signal };
  const surroundings = () => Promise.resolve(surroundingsOf(contenders));
  const invocation = { positionals: [], options: { ...SMALL, ...options }, terminal };
  printed.code = await runRace(invocation, surroundings, contenders);
  // Where CI is set there are colours.
  return { ...printed, out: stripVTControlCharacters(printed.out) };
}

test("--json prints an array with an object for each contender, mode and case: exit code 0", async () => {
  const { code, out } = await run([racer("one"), racer("two")], { json: true, case: "find-hit,insert" });
  expect(code).toBe(0);
  const rows = JSON.parse(out) as Record<string, unknown>[];
  expect(rows.map((row) => `${String(row["case"])} ${String(row["contender"])}`)).toEqual([
    "find-hit one",
    "find-hit two",
    "insert one",
    "insert two",
  ]);
  for (const row of rows) {
    expect(row).toMatchObject({ size: 100, order: "random", mode: "call", disqualified: null });
    const { low_ns, median_ns, high_ns } = row as Record<string, number>;
    expect(low_ns).toBeGreaterThan(0);
    expect(median_ns).toBeGreaterThanOrEqual(low_ns!);
    expect(high_ns).toBeGreaterThanOrEqual(median_ns!);
  }
});

test("a wrong answer is told, and the exit code is 1", async () => {
  const { code, out } = await run([racer("one"), racer("wrong", { wrongAt: 2 })], {});
  expect(code).toBe(1);
  expect(out).toMatch(/^the wrong \(call\) is out: its answers make -?\d+, and not -?\d+$/m);
});

test("the table has every contender with its ratios, and begins its verdicts with what beats ours", async () => {
  const contenders = [racer("slow", { times: 30, isSubject: true }), racer("quick"), absent("denque")];
  const { code, out } = await run(contenders, { size: "1000" });
  expect(code).toBe(0);
  expect(out).toMatch(/^Racing find-hit with 1,000 elements; random keys; 6 samples\.$/m);
  expect(out).toMatch(/^the quick +call +[\d.]+ +[\d.]+ \.\. [\d.]+ +1\.00 +0\.\d+ /m);
  expect(out).toMatch(/^the slow +call .* 1\.00 /m);
  expect(out.indexOf("Faster than ours, and how many times as fast:")).toBeGreaterThan(0);
  expect(out).toMatch(/^ {2}denque: npm install denque$/m);
});

test("a race that is stopped prints and writes what was measured: exit code 130", async () => {
  const controller = new AbortController();
  const stopper: Contender = { ...racer("two"), load: () => (controller.abort(), racer("two").load()) };
  const contenders = [racer("one"), { ...stopper, cases: ["insert" as const] }];
  const raw = inFolder("stopped.json");
  const { code, out } = await run(contenders, { case: "find-hit,insert", raw }, controller.signal);
  expect(code).toBe(130);
  expect(out).toContain("the one");
  expect(out).toContain("The race was stopped");
  const result = readResult(await readFile(raw, "utf8"), raw);
  expect(result.isComplete).toBe(false);
  expect(result.rows[0]!.samples).toHaveLength(6);
});

test.each([
  [["--case", "sleep"], 'there is no case "sleep"; there are insert, find-hit'],
  [["--order", "backwards"], 'there is no order "backwards"'],
  [["--contender", "nobody"], 'there is no contender "nobody"'],
  [["--size", "3", "--case", "insert"], "--size of insert wants a number from 16 to 1000000, not 3"],
  [["--size", "1000001"], "wants a number from 16 to 1000000"],
  [["--size", "x"], "--size wants a whole number"],
  [["--size", "30", "--case", "ring-records"], "a number that 4 divides"],
  [["--samples", "5"], "--samples wants a number from 6 to 1000, not 5"],
  [["--seed", "-1"], "--seed wants a whole number"],
  [["--raw", "/nowhere/at/all.json", "--case", "insert"], "/nowhere/at/all.json cannot be written"],
  [["--compare", "one.json"], "wants 2 files"],
  [["file.json"], "race takes options only"],
])("race %j is refused with the reason: exit code 2", async (args, message) => {
  const { code, err } = await iopath(["race", ...args]);
  expect(code).toBe(2);
  expect(err).toContain(message);
});

test("--compare tells of two saved races what has become faster: exit code 0; another file is refused", async () => {
  const [before, after] = [inFolder("before.json"), inFolder("after.json")];
  await run([racer("one", { times: 30 })], { raw: before, size: "1000" });
  await run([racer("one")], { raw: after, size: "1000" });
  const text = await iopath(["race", "--compare", before, after]);
  expect(text.code).toBe(0);
  expect(text.out).toMatch(/^find what is there, 1,000 elements, random keys +one +call .* times faster$/m);
  const { out } = await iopath(["race", "--compare", before, after, "--json"]);
  expect(JSON.parse(out)).toMatchObject([{ contender: "one", kind: "faster" }]);
  await writeFile(inFolder("other.json"), "{}");
  const refused = await iopath(["race", "--compare", before, inFolder("other.json")]);
  expect(refused.code).toBe(2);
  expect(refused.err).toContain('"iopath-race"');
});

test("--list prints cases, orders and contenders, and races nothing", async () => {
  const { code, out } = await iopath(["race", "--list"]);
  expect(code).toBe(0);
  expect(out).toMatch(/^Cases:\n {2}insert +insert\n {2}find-hit +find what is there\n/);
  expect(out).toMatch(/^red-black-tree +RedBlackTree +call batch inside /m);
});

test("--help tells options and exit codes", async () => {
  const { code, out } = await iopath(["race", "--help"]);
  expect(code).toBe(0);
  for (const option of ["--case NAME", "--size N", "--seed N", "--json", "--raw FILE", "--compare"]) {
    expect(out).toContain(option);
  }
  expect(out).toContain("Exit code: 0; 1 if a contender was disqualified; 2");
});

test("what is named twice is raced once", async () => {
  const { out } = await run([racer("one")], {
    json: true,
    case: "insert,insert",
    size: "100,100",
    contender: "one,one",
  });
  expect(JSON.parse(out)).toHaveLength(1);
});

test("a race in which nobody could take part is refused", async () => {
  const refused = run([racer("one")], { contender: "one", case: "queue" });
  await expect(refused).rejects.toThrow("one cannot do queue; --list says who can do what");
});
