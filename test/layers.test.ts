import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, posix, sep } from "node:path";
import { describe, expect, test } from "vitest";

const root = join(import.meta.dirname, "..");

/** The floors of a house, from the ground: a file may import from its own floor and from lower ones. */
const floors: Record<string, readonly string[]> = {
  assembly: [
    "include",
    "lib",
    "mm",
    "kernel",
    "user",
    "drivers",
    "block",
    "mm upstairs",
    "fs",
    "net",
    "io_uring",
    "entry",
    "index.ts",
    "structures",
  ],
  lib: [
    "layout.gen.ts",
    "layout-docs.gen.ts",
    "errors.ts",
    "slices.ts",
    "machine",
    "see",
    "explore",
    "kernel.ts",
    "cpp",
    "roads",
    "cache",
    "waiting",
    "trace",
    "export",
    "structures",
    "fuzz",
    "race",
    "index.ts",
    "serve",
    "linux",
    "cli",
  ],
};

/**
 * The files of assembly/mm that stand above the disk: the page cache, and who takes pages away from it. What is below them
 * (frames, objects, user memory) reaches them through the function table.
 */
const upstairs =
  /^assembly\/mm\/(filemap|readahead|swap|workingset|vmscan|page_writeback|truncate|fadvise|mincore|msync|inode_lock)/;

/** What a house may import from outside: other houses, and packages. */
const doors: Record<string, { readonly houses: readonly string[]; readonly packages: RegExp }> = {
  assembly: { houses: [], packages: /^$/ },
  "lib/linux": { houses: [], packages: /^(node:.*|koffi|fast-check)$/ },
  "lib/serve": { houses: [], packages: /^node:.*$/ },
  "lib/cli": { houses: [], packages: /^(node:.*|picocolors)$/ },
  // Rivals of our structures; each is loaded when it is raced.
  "lib/race": {
    houses: [],
    packages:
      /^(node:.*|koffi|@js-sdsl\/ordered-map|bintrees|data-structure-typed|functional-red-black-tree|sorted-btree|denque|yallist|mnemonist|ringbufferjs)(\/|$)/,
  },
  "lib/export": { houses: [], packages: /^pbf$/ },
  lib: { houses: [], packages: /^@assemblyscript\/loader$/ },
  // A recording is 800 kB: the page shows the one that the tests replay instead of a second copy.
  web: {
    houses: ["lib", "test/traces"],
    packages: /^(lit|@lit|@codemirror|@lezer|valibot|quickjs-emscripten-core|@jitl|virtual:iopath-guest)\b/,
  },
};

interface Import {
  /** Path of the importing file, from the root. */
  readonly file: string;
  /** What it says: a relative path or a package. */
  readonly target: string;
  /** Path of what it means, from the root; null for a package. */
  readonly path: string | null;
  /** Whether nothing is left of it when the program runs, or it is loaded later. */
  readonly isType: boolean;
}

function importsOf(house: string): Import[] {
  const folder = join(root, house);
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((file) => posix.join(house, file.replaceAll(sep, "/")))
    .filter(
      (file) =>
        file.endsWith(".ts") &&
        !/^(assembly\/transform\/|web\/scenarios\/text\/|web\/(sandbox|offline|later|race)\/plugin\.ts)/.test(file),
    );
  return files.flatMap((file) => {
    const targets = readFileSync(join(root, file), "utf8").matchAll(
      /(?:^(?:import|export)\s(?:[^"';=()]*\sfrom\s)?|\bimport\()"([^"]+)"/gm,
    );
    return Array.from(targets, ([text, target]) => ({
      file,
      isType: isTypeOnly(text),
      target: target!,
      path: target!.startsWith(".") ? posix.join(posix.dirname(file), target!) : null,
    }));
  });
}

/** Whether an import names types alone, or is made while the program runs. */
function isTypeOnly(text: string): boolean {
  if (/^(import|export)\s+type\s/.test(text) || text.startsWith("import(")) return true;
  const names =
    /\{([^}]*)\}/
      .exec(text)?.[1]
      ?.split(",")
      .filter((name) => name.trim() !== "") ?? [];
  return names.length > 0 && names.every((name) => /^\s*type\s/.test(name));
}

/** What each file of a house needs before it can run: paths of files, names of packages. */
function neededBy(house: string): Map<string, string[]> {
  const needed = new Map<string, string[]>();
  for (const { file, path, target, isType } of importsOf(house)) {
    if (isType) continue;
    needed.set(file, [...(needed.get(file) ?? []), path?.replace(/\?.*/, "") ?? target]);
  }
  return needed;
}

/** Number of the floor that a path of a house is on; -1 if the house has no such floor. */
function floorOf(house: string, path: string): number {
  const floor = upstairs.test(path) ? "mm upstairs" : path.split("/")[1];
  return floors[house]!.findIndex((name) => name === floor || name === `${floor}.ts`);
}

describe.each(Object.keys(floors))("%s/", (house) => {
  const imports = importsOf(house);

  test("has no file that stands on no floor", () => {
    expect(imports.filter(({ file }) => floorOf(house, file) < 0)).toEqual([]);
  });

  test("imports from the same floor or from lower ones only", () => {
    const inside = imports.filter(({ path }) => path?.startsWith(`${house}/`));
    const upwards = inside.filter(({ file, path }) => floorOf(house, path!) > floorOf(house, file));
    expect(upwards).toEqual([]);
    expect(inside.filter(({ path }) => floorOf(house, path!) < 0)).toEqual([]);
  });
});

/** Floors whose README says which others they may import; the others may import all below, or none. */
const saying = ["lib", "mm", "kernel", "user", "drivers", "block", "mm upstairs", "fs", "net", "io_uring"];

/** What the README of a floor says that it may import: `mm` says it twice, of its ground floor first. */
function mayImport(floor: string): string[] {
  const [folder, upper] = floor.split(" ");
  const text = readFileSync(join(root, "assembly", folder!, "README.md"), "utf8");
  const said = [...text.matchAll(/may\s+import\s([^.;]*)[.;]/gi)].map(([, list]) => list!);
  return Array.from((said[upper ? 1 : 0] ?? "").matchAll(/`(\w+)`/g), ([, name]) => name!);
}

test.each(saying)(
  "assembly: %s imports what its README says that it may, and that is what stands below it",
  (floor) => {
    const said = mayImport(floor);
    const here = floors["assembly"]!.indexOf(floor);
    expect(said.length).toBeGreaterThan(0);
    expect(said.filter((name) => !floors["assembly"]!.slice(0, here).includes(name))).toEqual([]);
    const folderOf = (path: string) => path.split("/")[1]!;
    const imported = importsOf("assembly").filter(({ file }) => floorOf("assembly", file) === here);
    const others = imported.filter(({ file, path }) => folderOf(path!) !== folderOf(file));
    expect(others.filter(({ path }) => !said.includes(folderOf(path!)))).toEqual([]);
  },
);

describe.each(["assembly", "lib", "web"])("%s/", (house) => {
  const imports = importsOf(house);
  const doorsOf = (file: string) => doors[Object.keys(doors).find((name) => file.startsWith(`${name}/`))!]!;

  test("opens only onto the houses below it", () => {
    const leaving = imports.filter(({ path }) => path !== null && !path.startsWith(`${house}/`));
    expect(
      leaving.filter(({ file, path }) => !doorsOf(file).houses.some((door) => path!.startsWith(`${door}/`))),
    ).toEqual([]);
  });

  test("imports no other packages than its own", () => {
    const packages = imports.filter(({ path }) => path === null);
    expect(packages.filter(({ file, target }) => !doorsOf(file).packages.test(target))).toEqual([]);
  });
});

test("no file of lib/ needs itself before it is there: wherever a bundle begins, classes know what they extend", () => {
  const needed = neededBy("lib");
  const done = new Set<string>();
  const circles: string[] = [];
  const visit = (file: string, way: readonly string[]): void => {
    if (way.includes(file)) circles.push([...way.slice(way.indexOf(file)), file].join(" -> "));
    if (done.has(file) || way.includes(file)) return;
    for (const next of needed.get(file) ?? []) visit(next, [...way, file]);
    done.add(file);
  };
  for (const file of needed.keys()) visit(file, []);
  expect(circles).toEqual([]);
});

test("lib/linux, which needs Linux and Node, is reached from lib/cli only, and only while it runs", () => {
  const outside = importsOf("lib").filter(({ file, path }) => {
    return path?.startsWith("lib/linux/") === true && !file.startsWith("lib/linux/");
  });
  expect(outside.filter(({ file }) => !file.startsWith("lib/cli/"))).toEqual([]);
  for (const { file, target } of outside) {
    const source = readFileSync(join(root, file), "utf8");
    expect(source, file).not.toMatch(new RegExp(`^import (?!type ).*"${target}"`, "m"));
  }
});

/** Folders of web/ that run without a page, in Node and in workers as well. */
const WITHOUT_PAGE = ["i18n", "later", "layout", "model", "sandbox", "scenarios", "scene"] as const;

test("what runs without a page reaches nothing that draws: no element, no template, no style", () => {
  const needed = neededBy("web");
  const reached = new Map<string, string>();
  const visit = (file: string, from: string): void => {
    if (reached.has(file)) return;
    reached.set(file, from);
    for (const next of needed.get(file) ?? []) visit(next, file);
  };
  for (const file of needed.keys()) if (WITHOUT_PAGE.some((name) => file.startsWith(`web/${name}/`))) visit(file, "");
  expect([...reached.keys()].filter((file) => file.startsWith("web/")).length).toBeGreaterThan(100);
  expect([...reached].filter(([file]) => /^(lit|@lit)\b|\/iop-|-styles\.ts$/.test(file))).toEqual([]);
});

test("the files are found, and their imports read", () => {
  expect(importsOf("assembly").length).toBeGreaterThan(20);
  expect(importsOf("lib").length).toBeGreaterThan(5);
  expect(importsOf("web").length).toBeGreaterThan(100);
});
