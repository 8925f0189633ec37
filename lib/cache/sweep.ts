import { type StreamFigures, figuresOf } from "./figures.ts";
import type { StreamSettings } from "./settings.ts";
import { runStream } from "./stream.ts";

/** What is different from run to run. */
export type SweptSetting = "memory" | "stream" | "hot";

/** Runs that differ in one setting and in the way. */
export interface Sweep {
  readonly by: SweptSetting;
  readonly values: readonly number[];
  /** Names of ways. */
  readonly ways: readonly string[];
  /** Everything else. */
  readonly settings: StreamSettings;
}

/** What one run of a sweep has come to. */
export interface SweepRow extends StreamFigures {
  /** The value of what is swept. */
  readonly value: number;
}

/**
 * Runs every way with every value, each on a machine of its own.
 *
 * @throws TypeError, RangeError  for settings that cannot be.
 */
export async function* sweepStream({ by, values, ways, settings }: Sweep): AsyncGenerator<SweepRow, void, void> {
  for (const value of values) {
    for (const way of ways) yield { value, ...figuresOf(await runStream({ ...settings, way, [by]: value })) };
  }
}
