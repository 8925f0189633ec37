import type { CacheState, RoadFigures } from "../../lib/roads/measure.ts";

/**
 * Long work, done piece by piece: each piece is told as it is there.
 *
 * @param tell  takes a piece, and how much of the work is done: 0 to 1.
 */
export type Job<P, Piece> = (parameters: P, tell: (piece: Piece, done: number) => void) => Promise<void>;

/** A road to be walked. */
export interface RoadToWalk {
  readonly road: string;
  /** Length of the file. Unit: bytes. */
  readonly size: number;
  readonly cache: CacheState;
}

/** What walking a road has come to; with `error`, why it could not be walked. */
export type WalkedRoad = RoadFigures | (RoadToWalk & { readonly error: string });

/** Walks roads one after another, each on a machine of its own. */
const roads: Job<readonly RoadToWalk[], WalkedRoad> = async (walks, tell) => {
  const [{ ROADS }, { walkRoad }] = await Promise.all([
    import("../../lib/roads/all.ts"),
    import("../../lib/roads/measure.ts"),
  ]);
  for (const [i, walk] of walks.entries()) {
    const { road: wanted, ...way } = walk;
    const road = ROADS.find(({ name }) => name === wanted);
    if (!road) throw new RangeError(`there is no road called ${wanted}`);
    const walked = await walkRoad(road, way).then(
      ({ figures }) => figures,
      (error: unknown) => ({ ...walk, error: error instanceof Error ? error.message : String(error) }),
    );
    tell(walked, (i + 1) / walks.length);
  }
};

/** What can be done in a thread of its own, by name. */
export const JOBS = { roads } as const;

/** Name of a job. */
export type JobName = keyof typeof JOBS;

/** What a job wants. */
export type ParametersOf<N extends JobName> = Parameters<(typeof JOBS)[N]>[0];

/** What a job tells. */
export type PieceOf<N extends JobName> = Parameters<Parameters<(typeof JOBS)[N]>[1]>[0];
