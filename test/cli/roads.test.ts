import { expect, test } from "vitest";
import { type Road, ROADS } from "../../lib/index.ts";
import { compareRoads } from "../../lib/cli/compare-roads.ts";

/** A road that ends in a crash of the program. */
const BROKEN: Road = {
  name: "broken",
  prepare: () => () => {
    throw new Error("a slip in the program");
  },
};

/** What the command prints, and its exit code. */
async function run(roads: readonly Road[], options: Record<string, string | boolean>) {
  let out = "";
  const terminal = {
    out: (text: string) => void (out += text),
    err: () => {},
    isInteractive: false,
    signal: new AbortController().signal,
  };
  const code = await compareRoads(
    { positionals: [], options: { sizes: "4096", runs: "1", ...options }, terminal },
    roads,
  );
  return { code, out };
}

test("a road that cannot be walked is told as such, and the others are walked: exit code 1", async () => {
  const roads = [ROADS[1]!, BROKEN, ROADS.at(-1)!];
  const { code, out } = await run(roads, { json: true });
  expect(code).toBe(1);
  const rows = JSON.parse(out) as { road: string; error?: string; modeSwitches?: number }[];
  expect(rows.map(({ road }) => road)).toEqual([...roads, ...roads].map(({ name }) => name));
  expect(rows[1]).toEqual({ road: "broken", size: 4096, cache: "cold", error: "a slip in the program" });
  expect(rows[2]).toMatchObject({ modeSwitches: 2 });
  const text = (await run(roads, {})).out;
  expect(text).toMatch(/^not walked: a slip in the program$/m);
  expect(text).toMatch(/^io_uring +2 +2 +2 /m);
});

test("the table is explained: what each road is, and what model and measurement are", async () => {
  const { code, out } = await run([ROADS[1]!], {});
  expect(code).toBe(0);
  for (const { name } of ROADS) expect(out).toMatch(new RegExp(`^${name.replace("+", "\\+")} {2,}\\w`, "m"));
  expect(out).toContain("cannot gather");
  expect(out).toContain('"model" and "measured" are the CPU time of both ends');
});
