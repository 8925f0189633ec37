import type { Scenario, Started } from "./scenario.ts";

/** A recording of a real program, replayed. @param read  gives its text; called when it is to be shown. */
export function recordingScenario(name: string, read: () => Promise<string>): Scenario {
  const title = { en: name, "zh-CN": name };
  return { id: "", title, summary: { en: "", "zh-CN": "" }, source: "", start: async () => replayText(name, await read()) };
}

/** Replays the text of a recording. What reads and replays it is loaded when it is first needed. */
async function replayText(name: string, text: string): Promise<Started> {
  const { parseStrace } = await import("../../lib/trace/strace/strace.ts");
  parseStrace(text, { name });
  throw new Error(name);
}
