import { YOUR_PROGRAM } from "../share/plain.ts";
import { PLAIN_BOOT, type SharedBoot, type SharedRun } from "../share/share.ts";
import { SCENARIOS } from "./all.ts";
import type { Terms } from "./running.ts";
import type { Scenario, Started } from "./scenario.ts";

/**
 * A person's own program as a scenario: it runs in the sandbox.
 *
 * @param boot    what its machine is booted with, where the text does not say it.
 * @param name    of its file; empty: it has none.
 * @param signal  ends a run at once.
 */
export function ownProgram(
  text: string,
  boot: SharedBoot = PLAIN_BOOT,
  name = "",
  signal = new AbortController().signal,
): Scenario {
  return {
    id: YOUR_PROGRAM,
    title: name === "" ? { en: "Your program", "zh-CN": "你的程序" } : { en: name, "zh-CN": name },
    summary: { en: "", "zh-CN": "" },
    subject: "epoll",
    question: null,
    recorded: false,
    start: (terms) => startOwn(text, boot, signal, terms),
  };
}

/** @throws Error for a text that is no program, or does nothing: it says where and why. */
async function startOwn(text: string, boot: SharedBoot, signal: AbortSignal, terms?: Terms): Promise<Started> {
  const { runProgram } = await import("../sandbox/run-program.ts");
  const { kernel, lines, error, cut, choices } = await runProgram(text, signal, { terms, boot });
  if (!kernel || kernel.ticks === 0)
    throw new Error(error ? `${error.name}: ${error.message}` : "nothing happens in it");
  return { kernel, source: text, cut: cut !== null, calls: null, report: null, lines, facts: null, choices };
}

/** What a link is about as a scenario; undefined: there is none of that name. @param signal  ends a run at once. */
export function scenarioOf(run: SharedRun, signal?: AbortSignal): Scenario | undefined {
  if ("scenario" in run) return SCENARIOS.find(({ id }) => id === run.scenario);
  const { program, cpus, seed } = run;
  return ownProgram(program, { cpus, seed }, "", signal);
}
