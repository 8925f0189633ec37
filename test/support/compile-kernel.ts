import type { TestProject } from "vitest/node";
import { compile, KERNEL } from "../../assembly/transform/asc.mjs";

/**
 * Compiles the kernel before the first test, and again before every further run of a watching Vitest.
 *
 * A kernel that does not compile is no reason to test nothing: the old module is gone then, so that exactly the tests
 * that need a kernel fail.
 */
export default async function setup(project: TestProject): Promise<void> {
  const make = () => compile(KERNEL).then(noop, (error: Error) => console.error(error.message));
  await make();
  project.onTestsRerun(make);
}

function noop(): void {}
