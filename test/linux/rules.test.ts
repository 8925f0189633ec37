import { readFileSync, readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { AREAS, rulesNamed } from "./rules.ts";
import { type Claim, claims, isTitleOf } from "./claims.ts";
import { keptFigures, namesOf, truthText } from "./truth.ts";

const rules = new Set(AREAS.flatMap((area) => Object.keys(area.rules)));
const missing = new Set(AREAS.flatMap((area) => Object.keys(area.missing)));
const named = new Set(claims().flatMap(({ claim }) => rulesNamed(claim)));

describe("the rules of Linux", () => {
  test("each is named by a test, or said not to hold here, and why", () => {
    const without = [...rules].filter((rule) => !named.has(rule) && !missing.has(rule));
    expect(without).toEqual([]);
  });

  test("every rule that a test names is one, and holds here", () => {
    expect([...named].filter((rule) => !rules.has(rule))).toEqual([]);
    expect([...missing].filter((rule) => !rules.has(rule) || named.has(rule))).toEqual([]);
  });

  test("every area says which sources it is about", () => {
    const files = readdirSync("assembly", { recursive: true, encoding: "utf8" }).map((file) => `assembly/${file}`);
    for (const { title, sources } of AREAS) {
      for (const source of sources)
        expect(
          files.some((file) => file.startsWith(source)),
          `${title}: ${source}`,
        ).toBe(true);
    }
  });
});

describe("the title of a test", () => {
  const claim = (text: string): Claim => ({ claim: text, file: "", onLinux: false });

  test("is a claim's word by word, but for what its table fills in", () => {
    const table = claim("PC-2: a first read of %i pages (%s) reads $window.");
    expect(isTitleOf("PC-2: a first read of 16 pages (large) reads 0-31.", table)).toBe(true);
    expect(isTitleOf("PC-2: a first read of 16 pages (large) reads 0-31!", table)).toBe(false);
    expect(isTitleOf("DW-4: begins at 10 % of all", claim("DW-4: begins at 10 % of all"))).toBe(true);
    expect(isTitleOf("DW-4: begins at 20 % of all", claim("DW-4: begins at 10 % of all"))).toBe(false);
  });
});

describe("how true it is", () => {
  /** A text without what a formatter may change. */
  const bare = (text: string) => text.replaceAll(/[ -]+/g, " ");

  test("the README says what the tests have come to (npm run truth)", () => {
    const figures = keptFigures();
    expect(bare(readFileSync("README.md", "utf8"))).toContain(bare(figures ? truthText(figures) : "no figures"));
  });

  test("every test that names a rule has passed when the figures were made (npm run truth)", () => {
    const kept = keptFigures()?.rules ?? {};
    const named = namesOf(claims());
    expect(Object.keys(kept).toSorted()).toEqual(Object.keys(named).toSorted());
    for (const [rule, names] of Object.entries(named)) expect(kept[rule], rule).toEqual(names);
  });
});
