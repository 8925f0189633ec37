import type { RaceResult } from "../../lib/race/types.ts";

/** A race that was recorded in Node, by npm run record:race; it names its machine. */
export async function recordedRace(): Promise<RaceResult> {
  const { default: text } = await import("./recorded.json?raw");
  return JSON.parse(text) as RaceResult;
}
