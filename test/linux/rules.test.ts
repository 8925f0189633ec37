import { readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { AREAS, rulesNamed } from "./rules.ts";
import { claims } from "./claims.ts";

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
      for (const source of sources) expect(files.some((file) => file.startsWith(source)), `${title}: ${source}`).toBe(true);
    }
  });
});
