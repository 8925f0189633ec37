import { existsSync, readFileSync } from "node:fs";
import { execFileSync } from "node:child_process";
import { basename, dirname, join } from "node:path";
import { expect, test } from "vitest";

const root = join(import.meta.dirname, "..");
const tracked = execFileSync("git", ["ls-files"], { cwd: root, encoding: "utf8" }).trim().split("\n");
const pages = tracked.filter((file) => file.endsWith(".md"));
/** Folders whose page says of each file what lives there. */
const MAPPED = ["drivers", "entry", "fs", "kernel", "lib", "mm", "net"]
  .map((floor) => `assembly/${floor}`)
  .concat(["assembly/structures", "assembly/user"])
  .concat(
    ["cache", "cli", "cpp", "fuzz", "race", "race/contenders", "roads", "serve", "structures"].map((at) => `lib/${at}`),
  )
  .concat(["labs/ownership", "labs/page-cache", "race", "race/by-hand", "share"].map((at) => `web/${at}`));

/** Links of a page to files of the project: what they say, and where they lead. */
function links(page: string): { text: string; target: string }[] {
  const found = readFileSync(join(root, page), "utf8").matchAll(/\[(`?)([^\]`]+)\1\]\((?![a-z]+:|#)([^)#]+)\)/g);
  return [...found].map(([, tick, text = "", target = ""]) => ({ text: tick ? text : "", target }));
}

test.each(pages)("%s leads only to what is there", (page) => {
  for (const { text, target } of links(page)) {
    const file = join(root, dirname(page), target);
    expect(existsSync(file), `${page}: ${target}`).toBe(true);
    const name = /\.(ts|js)$/.test(target) && /^[\w.]+$/.test(text) ? text.split(".").at(-1)! : "";
    if (name && !target.includes(text))
      expect(readFileSync(file, "utf8"), `${page}: ${text} in ${target}`).toContain(name);
  }
});

test.each(pages)("%s has no marks of a merge, also not as a formatter writes them", (page) => {
  const lines = readFileSync(join(root, page), "utf8").split("\n");
  expect(lines.filter((line) => /<{7} |>{7} |(> ){6}>|\| ={7}/.test(line))).toEqual([]);
});

test.each(MAPPED)("%s/README.md has a line for every file of the folder", (folder) => {
  const page = readFileSync(join(root, folder, "README.md"), "utf8");
  const files = tracked
    .filter((file) => dirname(file) === folder && file.endsWith(".ts"))
    .map((file) => basename(file));
  expect(files.filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
});
