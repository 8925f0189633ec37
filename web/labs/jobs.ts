import { placing, waiting, watching } from "./waiting/jobs.ts";
import { changes, race, roads } from "./zero-copy/jobs.ts";
import { readAhead, streams, sweepStreams, writeBack } from "./page-cache/jobs.ts";

/**
 * Long work, done piece by piece: each piece is told as it is there.
 *
 * @param tell  takes a piece, and how much of the work is done: 0 to 1.
 */
export type Job<P, Piece> = (parameters: P, tell: (piece: Piece, done: number) => void) => Promise<void>;

/** What can be done in a thread of its own, by name. */
export const JOBS = {
  changes,
  placing,
  race,
  readAhead,
  roads,
  streams,
  sweepStreams,
  waiting,
  watching,
  writeBack,
} as const;

/** Name of a job. */
export type JobName = keyof typeof JOBS;

/** What a job wants. */
export type ParametersOf<N extends JobName> = Parameters<(typeof JOBS)[N]>[0];

/** What a job tells. */
export type PieceOf<N extends JobName> = Parameters<Parameters<(typeof JOBS)[N]>[1]>[0];
