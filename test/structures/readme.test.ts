import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const root = join(import.meta.dirname, "../..");
const page = readFileSync(join(root, "lib/structures/README.md"), "utf8");
const examples = Array.from(page.matchAll(/```js\n(.*?)```/gs), ([, text]) => text!);

/** What an example's line comes to, and what its remark says. */
type Answers = [found: string, said: string][];

test.each(examples.map((text, i) => ({ name: /import \{ (\w+)/.exec(text)?.[1] ?? "?", i, text })))(
  "the example of $name in lib/structures/README.md does what its remarks say",
  async ({ text, i }) => {
    const answers: Answers = [];
    const said = text.split("\n").filter((line) => remark(line)).length;
    const lines = text.split("\n").map((line) => {
      const [code, value] = remark(line) ?? [];
      return code === undefined ? line : `answers.push([JSON.stringify(${code}), JSON.stringify(${value})]);`;
    });
    const folder = join(root, "build/test");
    mkdirSync(folder, { recursive: true });
    const file = join(folder, `readme-structures-${i}.ts`);
    const whole = [...lines.slice(0, 1), "export default async (answers) => {", ...lines.slice(1), "};"].join("\n");
    writeFileSync(file, whole.replace('"iopath/structures"', '"../../lib/structures/index.ts"'));
    const module = (await import(/* @vite-ignore */ file)) as { default: (into: Answers) => Promise<void> };
    await module.default(answers);
    expect(answers).toHaveLength(said);
    for (const [found, expected] of answers) expect(found).toBe(expected);
  },
);

/** The code of a line whose remark begins with a value, and the value; undefined: it has none. */
function remark(line: string): [code: string, value: string] | undefined {
  const [, code, value] = /^(.*); \/\/ (\d+|true|false|"[^"]*"|\[.*\])(?:: .*)?$/.exec(line) ?? [];
  return code === undefined ? undefined : [code, value!];
}

test("there are examples whose remarks say something", () => {
  for (const text of examples) expect(text.split("\n").filter((line) => remark(line)).length).toBeGreaterThan(2);
});
