import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import * as library from "../lib/index.ts";
import type { Program } from "../lib/index.ts";

const root = join(import.meta.dirname, "..");

/** The pieces of code of a README in a language, in order. */
function code(language: string, file = "README.md"): string[] {
  const readme = readFileSync(join(root, file), "utf8");
  return [...readme.matchAll(new RegExp(`\`\`\`${language}\n(.*?)\`\`\``, "gs"))].map(([, text = ""]) => text);
}

/** Runs a piece of code as a module, with the library of these sources. */
async function load(name: string, text: string): Promise<{ default?: unknown }> {
  const folder = join(root, "build/test");
  mkdirSync(folder, { recursive: true });
  const file = join(folder, name);
  writeFileSync(file, text.replace('"iopath"', '"../../lib/index.ts"'));
  return (await import(/* @vite-ignore */ file)) as { default?: unknown };
}

test("the README's echo server answers hello, and tells its first hundred ticks", async () => {
  const log = vi.spyOn(console, "log").mockReturnValue();
  const [program = ""] = code("ts");
  await load("readme.ts", program);
  const lines = log.mock.calls.map(([line]) => String(line));
  log.mockRestore();
  expect(lines[0]).toBe("hello");
  expect(lines.length).toBe(2 + 100);
});

test("the README's program file is a program, and gets its event", async () => {
  const [text = ""] = code("js");
  const { default: program } = await load("readme.js", text);
  const kernel = await library.Kernel.boot();
  const task = kernel.spawn("main", program as Program);
  kernel.run();
  expect(task.result).toBe(1);
});

/** What the pieces of code of the library's README have around them. */
const AROUND = `import { ${Object.keys(library).join(", ")} } from "../../lib/index.ts";
import type { Program, ReceivedMessage } from "../../lib/index.ts";
declare const kernel: Kernel;
declare const server: Program;
declare const writer: Program;
`;

test("the TypeScript of the READMEs bears the strictest types, which know that an element may be missing", () => {
  const folder = join(root, "build/test");
  mkdirSync(folder, { recursive: true });
  const whole = code("ts").map((text) => text.replace('"iopath"', '"../../lib/index.ts"'));
  const parts = code("ts", "lib/README.md").map((text) => `{\n${text}}\n`);
  expect(parts.length).toBeGreaterThan(3);
  const files = [...whole, AROUND + parts.join("")].map((text, i) => {
    const file = join(folder, `readme-${i}.ts`);
    writeFileSync(file, text);
    return file;
  });
  const options =
    "--noEmit --strict --noUncheckedIndexedAccess --allowImportingTsExtensions --skipLibCheck --types node";
  const target = "--module nodenext --target esnext --lib esnext,dom --ignoreConfig";
  execFileSync(join(root, "node_modules/.bin/tsc"), [...`${options} ${target}`.split(" "), ...files], {
    encoding: "utf8",
  });
}, 60_000);

test("the library's README sends a file through a pipe by io_uring", async () => {
  const text = code("ts", "lib/README.md").find((piece) => piece.includes("prep_splice")) ?? "";
  const { task } = (await load(
    "readme-ring.ts",
    `${AROUND.replaceAll(/^declare const .*\n/gm, "").replace('"../../lib/index.ts"', '"iopath"')}
    const kernel = await Kernel.boot();
    ${text}
    export const task = kernel.tasks[0];`,
  )) as { task?: { result: unknown } };
  expect(task?.result).toEqual(["1: 10000", "2: 10000"]);
});
