import type { RoadFigures, RoadProgress } from "../../../lib/index.ts";

/** A racer that has been on its road. */
export interface Racer {
  readonly figures: RoadFigures;
  readonly progress: readonly RoadProgress[];
}

/** What had arrived at a time: the last that was seen until then, and nothing between. Unit: bytes. */
export function arrivedAt({ progress }: Racer, time: number): number {
  let low = 0;
  let high = progress.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (progress[middle]!.time <= time) low = middle + 1;
    else high = middle;
  }
  return progress[low - 1]?.bytes ?? 0;
}

/** When it was first seen that a part of the file had arrived. @param part  0 to 1. Unit: ns. */
export function timeOf({ figures, progress }: Racer, part: number): number {
  return (progress.find(({ bytes }) => bytes >= part * figures.size) ?? progress.at(-1)!).time;
}

/** When the last racer is there. Unit: ns. */
export function endOf(racers: readonly Racer[]): number {
  return Math.max(0, ...racers.map(({ figures }) => figures.wallTime));
}

/** The places of the racers by when all of their file had arrived, from 1; as quick as another is the same place. */
export function placesOf(racers: readonly Racer[]): number[] {
  return racers.map(({ figures }) => 1 + racers.filter((one) => one.figures.wallTime < figures.wallTime).length);
}
