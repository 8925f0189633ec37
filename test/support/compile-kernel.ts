import { readdirSync } from "node:fs";
import type { TestProject } from "vitest/node";
import { compile as compileTo } from "../../assembly/transform/asc.mjs";
import { MODULES } from "../../assembly/transform/modules.mjs";
import { compile } from "./asc.ts";

/**
 * Compiles the kernel, and the modules for tests, before the first test and before every further run of a watching
 * Vitest: here once, so that no two workers do it.
 *
 * A kernel that does not compile is no reason to test nothing: the old module is gone then, so that exactly the tests
 * that need a kernel fail.
 */
export default async function setup(project: TestProject): Promise<void> {
  const entries = readdirSync("test/assembly").filter((file) => file.endsWith(".ts"));
  const make = async () => {
    const modules = [...MODULES.map(compileTo), ...entries.map((file) => compile(`test/assembly/${file}`))];
    await Promise.all(modules.map((made) => made.catch((error: Error) => console.error(error.message))));
  };
  await make();
  project.onTestsRerun(make);
}
