import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { Kernel, type Program } from "../lib/index.ts";

const root = join(import.meta.dirname, "..");

/** The pieces of code of the README in a language, in order. */
function code(language: string): string[] {
  const readme = readFileSync(join(root, "README.md"), "utf8");
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
  const kernel = await Kernel.boot();
  const task = kernel.spawn("main", program as Program);
  kernel.run();
  expect(task.result).toBe(1);
});
