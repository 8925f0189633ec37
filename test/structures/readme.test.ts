import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { RedBlackTree } from "../../lib/structures/index.ts";

test("the example of lib/structures/README.md does what its remarks say", () => {
  const page = readFileSync(join(import.meta.dirname, "../../lib/structures/README.md"), "utf8");
  const [, text = ""] = /```js\n(.*?)```/s.exec(page)!;
  const lines = text.split("\n").flatMap((line) => {
    const [, code, remark] = /^(.*); \/\/ (\d+|\[.*\])$/.exec(line) ?? [];
    if (code === undefined) return /^import|^$/.test(line) ? [] : [line];
    return [`expect(${code}).toEqual(${remark});`];
  });
  const run = new Function("RedBlackTree", "expect", lines.join("\n")) as (...args: unknown[]) => void;
  expect(lines.filter((line) => line.startsWith("expect")).length).toBe(4);
  run(RedBlackTree, expect);
});
