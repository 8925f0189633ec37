import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const root = join(import.meta.dirname, "../..");

test("the example of lib/race/README.md runs from the package as it is built, and prints rows and verdicts", async () => {
  const page = readFileSync(join(root, "lib/race/README.md"), "utf8");
  const [, example] = /```js\n(.*?)```/s.exec(page)!;
  const args = ["--input-type=module", "--eval", example!];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: root });
  const lines = stdout.trim().split("\n");
  expect(lines.slice(0, 4).map((line) => line.split(" ").slice(0, 2).join(" "))).toEqual([
    "red-black-tree call",
    "red-black-tree batch",
    "red-black-tree inside",
    "js-map call",
  ]);
  expect(lines.slice(4)).toHaveLength(3);
  for (const line of lines.slice(4)) expect(line).toMatch(/^insert, 1,000 elements, random keys: /);
});
