import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as prettier from "prettier";
import { expect, test } from "vitest";
import { CONTENDERS, readResult } from "../../lib/race/index.ts";
import { raceText, withRace } from "./table.ts";

const root = join(import.meta.dirname, "../..");
const recorded = readResult(readFileSync(join(root, "web/race/recorded.json"), "utf8"), "recorded.json");

test("the README's tables of the race are made of the recorded run, to the last figure", async () => {
  const readme = readFileSync(join(root, "README.md"), "utf8");
  const options = { ...(await prettier.resolveConfig(join(root, "README.md"))), parser: "markdown" };
  expect(await prettier.format(withRace(readme, raceText(recorded, CONTENDERS)), options)).toBe(readme);
});

test("in the recorded run nobody was disqualified, everybody was there, and it came to its end", () => {
  expect(recorded.rows.filter(({ disqualified }) => disqualified !== null)).toEqual([]);
  expect(recorded.absent).toEqual([]);
  expect(recorded.isComplete).toBe(true);
});

test("the recorded run names its processor, runtime, clock and the version of every library", () => {
  const { processor, runtime, clockResolution_ns, versions } = recorded.machine;
  expect(processor).not.toBe("unknown");
  expect(runtime).toMatch(/^Node \d/);
  expect(clockResolution_ns).toBeGreaterThan(0);
  const raced = new Set(recorded.rows.map(({ contender }) => contender));
  const libraries = CONTENDERS.filter(({ id, kind }) => kind === "library" && raced.has(id));
  for (const { id } of libraries) expect(versions[id]).toMatch(/^\d+\.\d+/);
});
