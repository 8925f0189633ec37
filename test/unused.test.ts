import { expect, test } from "vitest";
import { join, sep } from "node:path";
import { readFileSync, readdirSync } from "node:fs";
import { MODULES } from "../assembly/transform/modules.mjs";

const root = join(import.meta.dirname, "..");

/** The sources of a folder, without their comments, by path. */
function sourcesOf(folder: string): Map<string, string> {
  const files = readdirSync(join(root, folder), { recursive: true, encoding: "utf8" });
  const paths = files.filter((file) => file.endsWith(".ts")).map((file) => `${folder}/${file.replaceAll(sep, "/")}`);
  return new Map(
    paths.map((path) => [path, readFileSync(join(root, path), "utf8").replaceAll(/\/\*[^]*?\*\/|\/\/.*/g, "")]),
  );
}

const IMPORT = /^import\s*\{([^}]*)\}\s*from\s*"[^"]*";/gm;

/** How often each word stands in sources, but for imports. */
function wordsOf(sources: Iterable<string>): Map<string, number> {
  const words = new Map<string, number>();
  for (const source of sources) {
    for (const [word] of source.replaceAll(IMPORT, "").matchAll(/\b\w+\b/g))
      words.set(word, (words.get(word) ?? 0) + 1);
  }
  return words;
}

const kernel = sourcesOf("assembly");

/** The doors of modules, and what the doors of maps pass on as it is: what they export is called from outside. */
const isDoor = (path: string) =>
  ["assembly/index.ts", "assembly/structures/loops.ts"].includes(path) || MODULES.some(({ entry }) => entry === path);
// What only tests call shows them what would not be seen otherwise.
const words = wordsOf([...kernel.values(), ...sourcesOf("test/assembly").values()]);

test("every function of the kernel is called by somebody", () => {
  const unused = [];
  for (const [path, source] of kernel) {
    if (isDoor(path)) continue;
    for (const [, name] of source.matchAll(/^(?:export )?function (\w+)/gm)) {
      if (words.get(name!) === 1) unused.push(`${path}: ${name}`);
    }
  }
  expect(unused).toEqual([]);
});

test("the library knows every function of the door between host and kernel", () => {
  const door = Array.from(kernel.get("assembly/index.ts")!.matchAll(/^export function (\w+)/gm), ([, name]) => name!);
  const known = wordsOf(sourcesOf("lib/machine").values());
  expect(door.length).toBeGreaterThan(10);
  expect(door.filter((name) => !known.has(name))).toEqual([]);
});

test("no file of the kernel imports what it does not use", () => {
  const unused = [];
  for (const [path, source] of kernel) {
    const used = wordsOf([source]);
    for (const [, list] of source.matchAll(IMPORT)) {
      const names = list!.split(",").map((name) => name.trim().split(" as ").at(-1)!);
      for (const name of names) if (name && !used.has(name)) unused.push(`${path}: ${name}`);
    }
  }
  expect(unused).toEqual([]);
});
