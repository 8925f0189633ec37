import library from "virtual:iopath-guest";
import { LIMITS, type Limits } from "../../../web/sandbox/limits.ts";
import { newEngine } from "../../../web/sandbox/quickjs.ts";
import { runInSandbox } from "../../../web/sandbox/run.ts";
import type { SandboxRun } from "../../../web/sandbox/sandbox-run.ts";
import { PLAIN, type Terms } from "../../../web/scenarios/running.ts";
import type { SharedBoot } from "../../../web/share/share.ts";

/** Runs a text as the page does, in an engine of its own. */
export async function sandboxed(
  text: string,
  limits: Partial<Limits> = {},
  terms: Terms = PLAIN,
  boot?: SharedBoot,
): Promise<SandboxRun> {
  const all = { ...LIMITS, ...limits };
  return runInSandbox(await newEngine(all), library, text, all, terms, boot);
}

/** A program of one task. @param body  the statements of its generator, which has `sys`. */
export function task(body: string): string {
  return `import * as iopath from "iopath";\nexport function start(kernel) {\nkernel.spawn("task", function* (sys) {\n${body}\n});\n}`;
}
