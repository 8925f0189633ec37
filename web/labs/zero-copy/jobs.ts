import type {
  BootOptions,
  CacheState,
  Changed,
  ChangedRoad,
  Road,
  RoadFigures,
  RoadProgress,
} from "../../../lib/index.ts";
import type { Job } from "../jobs.ts";

/** A road to be walked. */
export interface RoadToWalk {
  readonly road: string;
  /** Length of the file. Unit: bytes. */
  readonly size: number;
  readonly cache: CacheState;
  /** How much a call moves at most. Unit: bytes. Default: all. */
  readonly chunk?: number;
  readonly boot?: BootOptions;
}

/** Why a road could not be walked. */
export interface FailedRoad extends RoadToWalk {
  readonly error: string;
}

/** What walking a road has come to. */
export type WalkedRoad = RoadFigures | FailedRoad;

/** What a racer has come to: how much had arrived when. */
export type RacedRoad = { readonly figures: RoadFigures; readonly progress: readonly RoadProgress[] } | FailedRoad;

/** What is to be changed while it is on a road. */
export interface RoadToChange {
  readonly road: string;
  readonly what: Changed;
  /** Length of the file. Unit: bytes. */
  readonly size: number;
  readonly boot?: BootOptions;
}

/** What a receiver has got, though it was changed on the way. */
export type ReceivedChange = Omit<ChangedRoad, "kernel"> & Pick<RoadToChange, "what">;

async function roadNamed(name: string): Promise<Road> {
  const { ROADS } = await import("../../../lib/roads/all.ts");
  const road = ROADS.find((one) => one.name === name);
  if (!road) throw new RangeError(`there is no road called ${name}`);
  return road;
}

/** Walks a road on a machine of its own. */
async function walked(walk: RoadToWalk): Promise<RacedRoad> {
  const { walkRoad } = await import("../../../lib/roads/measure.ts");
  const { road, ...way } = walk;
  return walkRoad(await roadNamed(road), way).then(
    ({ figures, progress }) => ({ figures, progress }),
    (error: unknown) => ({ ...walk, error: error instanceof Error ? error.message : String(error) }),
  );
}

/** Walks roads one after another: the figures of each. */
export const roads: Job<readonly RoadToWalk[], WalkedRoad> = async (walks, tell) => {
  for (const walk of walks) await roadNamed(walk.road);
  for (const [i, walk] of walks.entries()) {
    const result = await walked(walk);
    tell("error" in result ? result : result.figures, (i + 1) / walks.length);
  }
};

/** Walks roads one after another: how far each had come when. */
export const race: Job<readonly RoadToWalk[], RacedRoad> = async (walks, tell) => {
  for (const [i, walk] of walks.entries()) tell(await walked(walk), (i + 1) / walks.length);
};

/** Changes what is on its way, road after road. */
export const changes: Job<readonly RoadToChange[], ReceivedChange> = async (all, tell) => {
  const { changeInFlight } = await import("../../../lib/roads/in-flight.ts");
  for (const [i, { road, ...change }] of all.entries()) {
    const { kernel: _, ...received } = await changeInFlight(await roadNamed(road), change);
    tell({ ...received, what: change.what }, (i + 1) / all.length);
  }
};
