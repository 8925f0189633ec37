import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const root = join(import.meta.dirname, "../..");

test("the example of lib/structures/README.md does what its remarks say", async () => {
  const page = readFileSync(join(root, "lib/structures/README.md"), "utf8");
  const [, text = ""] = /```js\n(.*?)```/s.exec(page)!;
  const answers: [found: string, said: string][] = [];
  const lines = text.split("\n").map((line) => {
    const [, code, said] = /^(.*); \/\/ (\d+|\[.*\])$/.exec(line) ?? [];
    return code === undefined ? line : `answers.push([JSON.stringify(${code}), JSON.stringify(${said})]);`;
  });
  const folder = join(root, "build/test");
  mkdirSync(folder, { recursive: true });
  const file = join(folder, "readme-structures.ts");
  const whole = [...lines.slice(0, 1), "export default (answers) => {", ...lines.slice(1), "};"].join("\n");
  writeFileSync(file, whole.replace('"iopath/structures"', '"../../lib/structures/index.ts"'));
  const { default: run } = (await import(/* @vite-ignore */ file)) as { default: (into: typeof answers) => void };
  run(answers);
  expect(answers).toHaveLength(4);
  for (const [found, said] of answers) expect(found).toBe(said);
});
