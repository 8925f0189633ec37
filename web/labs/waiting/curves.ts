import type { WaitingFigures } from "../../../lib/waiting/measure.ts";
import { WAYS_OF_WAITING } from "../../../lib/waiting/all.ts";
import type { Chart } from "../../charts/chart.ts";
import { formatCount, formatSize, formatTime } from "../../model/format.ts";
import type { Served } from "./jobs.ts";
import type { Curve, WaitingSettings } from "./settings.ts";
import { type T, formatRatio, wayName } from "./words.ts";

/** The numbers of connections at which there are points. */
export const CONNECTIONS = [10, 30, 100, 300, 1000, 3000, 10_000, 30_000, 100_000] as const;
/** All points have so many rounds: those with the most connections take long. */
export const ROUNDS = 3;

/** What a curve shows of figures. */
const VALUES: Readonly<Record<Curve, (figures: WaitingFigures) => number>> = {
  cpu: ({ cpuTime, messages }) => cpuTime / messages,
  calls: ({ syscalls, messages }) => syscalls / messages,
  latency: ({ latency }) => latency.median,
  p95: ({ latency }) => latency.p95,
  polls: ({ polls, messages }) => polls / messages,
  setup: ({ setUp }) => setUp.cpuTime,
  memory: ({ setUp }) => setUp.memory,
};

/** How many messages there are in a round of a point. */
function activeOf({ active }: WaitingSettings, connections: number): number {
  return Math.min(active, connections);
}

/** Everything that has to be computed, the least connections first; each way up to its greatest number. */
export function pointsToServe(settings: WaitingSettings): Served[] {
  const chosen = WAYS_OF_WAITING.filter(({ id }) => settings.ways.includes(id));
  return CONNECTIONS.flatMap((connections) =>
    chosen
      .filter(({ most }) => most === null || connections <= most)
      .map(({ id }) => ({
        way: id,
        load: {
          connections,
          active: activeOf(settings, connections),
          rounds: ROUNDS,
          works: settings.works,
        },
      })),
  );
}

/** How a value of a curve is written. */
function formatOf(curve: Curve): (value: number) => string {
  if (curve === "calls" || curve === "polls") return formatRatio;
  return curve === "memory" ? formatSize : formatTime;
}

/** The curves of the figures that are there, a line for each way. */
export function chartOf(t: T, curve: Curve, all: readonly WaitingFigures[]): Chart {
  const ways = WAYS_OF_WAITING.filter(({ id }) => all.some(({ way }) => way === id));
  const figure = t(`curve_${curve}`);
  return {
    title: t("curve_of", { figure }),
    x: { title: t("connections"), scale: "log", format: formatCount },
    y: { title: figure, scale: "log", format: formatOf(curve), ...(curve === "memory" ? { base: 2 } : {}) },
    series: ways.map(({ id }) => ({
      name: wayName(t, id),
      points: all
        .filter(({ way }) => way === id)
        .map((figures) => ({ x: figures.connections, y: VALUES[curve](figures) })),
    })),
  };
}

/** By how much a way's value has grown between its first and its last point. */
export interface Growth {
  readonly way: string;
  readonly from: number;
  readonly to: number;
  readonly factor: number;
}

/** How the curves have grown, the steepest first; of ways with two points or more. */
export function growthOf(curve: Curve, all: readonly WaitingFigures[]): Growth[] {
  return WAYS_OF_WAITING.flatMap(({ id }) => {
    const own = all.filter(({ way }) => way === id).toSorted((a, b) => a.connections - b.connections);
    const [first, last] = [own[0], own.at(-1)];
    if (!first || !last || first === last || VALUES[curve](first) <= 0) return [];
    const factor = VALUES[curve](last) / VALUES[curve](first);
    return [{ way: id, from: first.connections, to: last.connections, factor }];
  }).sort((a, b) => b.factor - a.factor);
}
