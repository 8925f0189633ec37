import { Kernel } from "../../lib/kernel.ts";
import type { Choice } from "../scenarios/changes.ts";
import { Lines } from "../scenarios/lines.ts";
import { PLAIN, type Terms } from "../scenarios/running.ts";
import { PLAIN_BOOT, type SharedBoot } from "../share/share.ts";
import type { Thrown } from "./guest/thrown.ts";
import { type Cut, LIMITS } from "./limits.ts";
import { NOTHING, type SandboxRun } from "./sandbox-run.ts";

/** A program of a stranger, run to its end. */
export interface ProgramRun {
  /** The machine that it ran on, made again from its inputs; null: it did not come so far. */
  readonly kernel: Kernel | null;
  /** Where its tasks stood. */
  readonly lines: Lines;
  /** What it has written to the console. */
  readonly console: readonly string[];
  /** What it has thrown first. */
  readonly error: Thrown | null;
  /** Why it was cut off; null: it came to its end. */
  readonly cut: Cut | null;
  /** What its first task returned; undefined: nothing. */
  readonly result: unknown;
  /** Where the order of tasks was chosen; none in a plain run. */
  readonly choices: readonly Choice[];
}

/** How a program is run; without it, plainly. */
interface HowToRun {
  readonly terms?: Terms | undefined;
  readonly boot?: SharedBoot | undefined;
}

/** How long the page waits before it ends the thread, which should have ended by itself. Unit: ms. */
const PATIENCE = 3 * LIMITS.time;

/** What the thread answers. */
type Answer = SandboxRun | { readonly failed: string };

/**
 * Runs a program of a stranger, JavaScript that exports `start(kernel)`, in a sandbox in a thread of its own.
 *
 * @param signal  ends it at once.
 * @param how     what is done to its machine on the way; what that is booted with, where the program does not say it.
 * @throws        the signal's reason; Error if the sandbox itself could not be loaded.
 */
export async function runProgram(text: string, signal: AbortSignal, how: HowToRun = {}): Promise<ProgramRun> {
  const { terms = PLAIN, boot = PLAIN_BOOT } = how;
  const run = await answerOf({ text, terms, boot }, signal);
  const { journal, lines, console, error, cut, result, choices } = run;
  return {
    kernel: journal === "" ? null : await Kernel.replay(journal),
    lines: Lines.of(lines),
    console,
    error,
    cut,
    result: result === "" ? undefined : (JSON.parse(result) as unknown),
    choices,
  };
}

/** The thread. A page may have got this file from another host, whose files no thread begins with: it imports them. */
function newWorker(location: string): Worker {
  const { href, origin } = new URL(location, import.meta.url);
  const options = { type: "module", name: "sandbox" } as const;
  if (origin === globalThis.origin) return new Worker(href, options);
  const first = URL.createObjectURL(new Blob([`import ${JSON.stringify(href)};`], { type: "text/javascript" }));
  return new Worker(first, options);
}

async function answerOf(
  request: { readonly text: string; readonly terms: Terms; readonly boot: SharedBoot },
  signal: AbortSignal,
): Promise<SandboxRun> {
  const { default: location } = await import("./worker.ts?worker&url");
  // Nobody may want it any more by now: then no thread is made.
  signal.throwIfAborted();
  const worker = newWorker(location);
  let timer: ReturnType<typeof setTimeout> | undefined;
  try {
    const answer = await new Promise<Answer>((resolve, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
      worker.addEventListener("message", ({ data }: MessageEvent<Answer>) => resolve(data));
      worker.addEventListener("error", ({ message }) =>
        reject(new Error(message || "the sandbox could not be loaded")),
      );
      timer = setTimeout(() => resolve({ ...NOTHING, cut: "time" }), PATIENCE);
      worker.postMessage(request);
    });
    if ("failed" in answer) throw new Error(answer.failed);
    return answer;
  } finally {
    clearTimeout(timer);
    worker.terminate();
  }
}
