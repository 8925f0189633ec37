import type { Log } from "./recorder.ts";

/** Where two machines part: a task's calls up to the one that they answer differently, and both answers. */
export interface Difference {
  /** The calls of each task that both have answered alike, with the answers. */
  readonly calls: Log;
  /** Whose call it is. */
  readonly task: string;
  /** The call, and what each says to it; null: the task makes no more calls there. */
  readonly linux: string | null;
  readonly simulated: string | null;
}

/** The first call, in the order of the tasks, that was answered differently; null: all were answered alike. */
export function differenceOf(linux: Log, simulated: Log): Difference | null {
  for (const task of new Set([...Object.keys(linux), ...Object.keys(simulated)])) {
    const [real = [], other = []] = [linux[task], simulated[task]];
    const at = firstDifference(real, other);
    if (at < 0) continue;
    const calls = { ...linux, [task]: real.slice(0, at) };
    return { calls, task, linux: real[at] ?? null, simulated: other[at] ?? null };
  }
  return null;
}

function firstDifference(a: readonly string[], b: readonly string[]): number {
  for (let i = 0; i < Math.max(a.length, b.length); i++) if (a[i] !== b[i]) return i;
  return -1;
}

/** A difference as lines of text. */
export function describeDifference({ calls, task, linux, simulated }: Difference): string {
  const logs = Object.entries(calls).filter(([, lines]) => lines.length > 0);
  const tasks = logs.length;
  const shown = logs.flatMap(([name, lines]) => {
    return tasks > 1 ? [`${name}:`, ...lines.map((line) => `  ${line}`)] : lines;
  });
  const whose = tasks > 1 ? `${task}, ` : "";
  return [...shown, ...answer(`${whose}Linux:     `, linux), ...answer(`${whose}simulated: `, simulated)].join("\n");
}

/** An answer behind its heading; it may have several lines. */
function answer(heading: string, text: string | null): string[] {
  const [first = "", ...others] = (text ?? "ends").split("\n");
  return [heading + first, ...others.map((line) => " ".repeat(heading.length) + line)];
}
