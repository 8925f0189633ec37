import type { ReadStep } from "../../../lib/cache/read-ahead.ts";
import type { StreamRun } from "../../../lib/cache/stream.ts";
import type { StreamSettings } from "../../../lib/cache/settings.ts";
import type { Sweep, SweepRow } from "../../../lib/cache/sweep.ts";
import type { WriteRun } from "../../../lib/cache/write-back.ts";
import type { WriteSettings } from "../../../lib/cache/write-settings.ts";
import type { Job } from "../jobs.ts";

/** How often it is told how far a run has come. */
const STEPS = 10;

/** Runs of a server and a stream, one after another: each piece is a run, or null while one is under way. */
export const streams: Job<
  { readonly runs: readonly StreamSettings[]; readonly details: boolean },
  StreamRun | null
> = async ({ runs, details }, tell) => {
  const { runStream } = await import("../../../lib/cache/stream.ts");
  for (const [i, settings] of runs.entries()) {
    let told = 0;
    const onSample = (done: number, all: number) => {
      const part = Math.floor((STEPS * done) / all);
      if (part > told) tell(null, (i + (told = part) / STEPS) / runs.length);
    };
    tell(await runStream(settings, { details, onSample }), (i + 1) / runs.length);
  }
};

/** The same with different sizes of one thing. */
export const sweepStreams: Job<Sweep, SweepRow> = async (sweep, tell) => {
  const { sweepStream } = await import("../../../lib/cache/sweep.ts");
  const all = sweep.values.length * sweep.ways.length;
  let done = 0;
  for await (const row of sweepStream(sweep)) tell(row, ++done / all);
};

/** A program goes through a file. */
export const readAhead: Job<{ readonly pattern: string }, ReadStep[]> = async ({ pattern }, tell) => {
  const { runReadAhead } = await import("../../../lib/cache/read-ahead.ts");
  tell(await runReadAhead(pattern), 1);
};

/** A program writes a file. */
export const writeBack: Job<WriteSettings, WriteRun> = async (settings, tell) => {
  const { runWrite } = await import("../../../lib/cache/write-back.ts");
  tell(await runWrite(settings), 1);
};
