import type { Grain, Run } from "../model/run.ts";

/** Two runs at one time: the tick of each. */
export type Ticks = readonly [left: number, right: number];

/** A place on the common clock. */
export interface Position {
  /** Unit: ns since boot. */
  readonly time: number;
  readonly ticks: Ticks;
}

/** A run, as far as a clock needs it. */
export type Clocked = Pick<Run, "stops" | "timeAt" | "ticks">;

/**
 * The steps of two runs on one clock, in the order of their times; what happens in both at the same time is one step.
 * The first position is the beginning, the last one the end of both.
 */
export function positionsOf([left, right]: readonly [Clocked, Clocked], grain: Grain): Position[] {
  const stops = [stopsOf(left, grain), stopsOf(right, grain)] as const;
  const positions: Position[] = [{ time: 0, ticks: [0, 0] }];
  for (let i = 0, j = 0; i < stops[0].length || j < stops[1].length;) {
    const times = [timeAt(left, stops[0][i]), timeAt(right, stops[1][j])] as const;
    const time = Math.min(...times);
    if (times[0] === time) i++;
    if (times[1] === time) j++;
    positions.push({ time, ticks: [stops[0][i - 1] ?? 0, stops[1][j - 1] ?? 0] });
  }
  return positions;
}

/** Where the steps of a run end: its end is one, too. */
function stopsOf(run: Clocked, grain: Grain): readonly number[] {
  const stops = run.stops(grain);
  return stops.at(-1) === run.ticks || run.ticks === 0 ? stops : [...stops, run.ticks];
}

function timeAt(run: Clocked, tick: number | undefined): number {
  return tick === undefined ? Infinity : run.timeAt(tick);
}

/** Index of the last position that is not later than a time. */
export function indexAt(positions: readonly Position[], time: number): number {
  return Math.max(
    0,
    positions.findLastIndex((position) => position.time <= time),
  );
}

/** What a fork needs of a run. */
export type Told = Pick<Run, "ticks" | "eventAt" | "pidAt">;

/** The first tick at which two runs differ: something else happens, or it happens to another task; Infinity: never. */
export function forkOf(left: Told, right: Told): number {
  const most = Math.max(left.ticks, right.ticks);
  for (let tick = 1; tick <= most; tick++) {
    if (left.eventAt(tick) !== right.eventAt(tick) || left.pidAt(tick) !== right.pidAt(tick)) return tick;
  }
  return Infinity;
}
