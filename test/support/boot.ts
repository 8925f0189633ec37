import { Kernel } from "../../lib/index.ts";
import type { BootOptions, Program, Task } from "../../lib/index.ts";

/** A fresh machine: every test, and every run of a property, boots its own. Freed memory is poisoned and checked. */
export function boot(options: BootOptions = {}): Promise<Kernel> {
  return Kernel.boot({ poison: true, ...options });
}

/** Runs a program alone on a fresh machine until nothing can happen any more, and gives back what it returned. */
export async function runProgram<R>(
  program: Program,
  options?: BootOptions,
): Promise<{ kernel: Kernel; task: Task; result: R }> {
  const kernel = await boot(options);
  const task = kernel.spawn("main", program);
  kernel.run();
  return { kernel, task, result: task.result as R };
}
