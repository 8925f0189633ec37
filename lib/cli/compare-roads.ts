import {
  type Invocation,
  type Terminal,
  EXIT_DIFFERENT,
  EXIT_INTERRUPTED,
  EXIT_OK,
  UsageError,
  countOption,
} from "./command.ts";
import { type CacheState, type RoadFigures, walkRoad } from "../roads/measure.ts";
import { type FailedRow, REFERENCE, type RoadRow, roadsText } from "./roads-text.ts";
import { Progress } from "./progress.ts";
import { ROADS } from "../roads/all.ts";
import type { Road } from "../roads/road.ts";
import type { MeasuredRoad } from "../linux/roads.ts";

/** Lengths of the files that are sent. Unit: bytes. */
const SIZES = [4096, 65536, 1 << 20];
/** How often the real kernel walks each road. */
const RUNS = 9;

/** `iopath compare --roads`; `roads` are those to walk. */
export async function compareRoads({ options, terminal }: Invocation, roads: readonly Road[] = ROADS): Promise<number> {
  const sizes = sizesOption(options["sizes"]);
  const runs = countOption(options["runs"], "runs", RUNS);
  if (runs === 0) throw new UsageError("--runs wants at least 1");
  const { signal } = terminal;
  const measured = await measure(sizes, runs, terminal);
  const progress = new Progress(terminal, "walking");
  const rows: (RoadRow | FailedRow)[] = [];
  const walks = sizes.flatMap((size) => (["cold", "warm"] as const).map((cache) => ({ size, cache })));
  for (const [done, { size, cache }] of walks.entries()) {
    if (signal.aborted) break;
    progress.show(done / walks.length);
    rows.push(...(await walkAll(roads, size, cache, measured ?? [])));
  }
  progress.end();
  terminal.out(options["json"] === true ? `${JSON.stringify(rows)}\n` : roadsText(rows, measured !== null));
  if (signal.aborted) return EXIT_INTERRUPTED;
  return rows.some((row) => "error" in row) ? EXIT_DIFFERENT : EXIT_OK;
}

function sizesOption(text: string | boolean | undefined): readonly number[] {
  if (typeof text !== "string") return SIZES;
  return text.split(",").map((part) => {
    const size = Number(part);
    if (Number.isSafeInteger(size) && size > 0 && size <= 1 << 30) return size;
    throw new UsageError(`--sizes wants lengths of 1 to ${1 << 30} bytes with commas between them, not ${part}`);
  });
}

/** Walks the roads on the real kernel, those sizes that it can; null where that is not possible at all. */
async function measure(
  sizes: readonly number[],
  runs: number,
  terminal: Terminal,
): Promise<readonly MeasuredRoad[] | null> {
  if (process.platform !== "linux") return null;
  const { measureRoads } = await import("../linux/roads.ts");
  const { signal } = terminal;
  const all: MeasuredRoad[] = [];
  for (const size of sizes) {
    const measured = await measureRoads([size], runs, signal).catch((error: unknown) => {
      if (!signal.aborted) terminal.err(`${size} bytes could not be measured: ${(error as Error).message}\n`);
      return [];
    });
    if (measured === null) return null;
    all.push(...measured);
  }
  return all;
}

/** A road that was walked: its figures, and the CPU time of both ends over loopback, if it leads there. */
interface WalkedRoad {
  readonly figures: RoadFigures;
  readonly overLoopback: number | null;
}

/** All roads for a size and a state of the cache. */
async function walkAll(
  roads: readonly Road[],
  size: number,
  cache: CacheState,
  measured: readonly MeasuredRoad[],
): Promise<(RoadRow | FailedRow)[]> {
  const real = new Map<string, number | null>();
  for (const one of measured) if (one.size === size && one.cache === cache) real.set(one.road, one.cpuTime);
  const walked: (WalkedRoad | FailedRow)[] = [];
  for (const road of roads) {
    walked.push(
      await walk(road, size, cache).catch((error: unknown) => {
        return { road: road.name, size, cache, error: error instanceof Error ? error.message : String(error) };
      }),
    );
  }
  const reference = walked.find((one) => "figures" in one && one.figures.road === REFERENCE);
  const modelled = reference !== undefined && "figures" in reference ? reference.overLoopback : null;
  return walked.map((one) => {
    if ("error" in one) return one;
    const { figures, overLoopback } = one;
    const model = ratio(overLoopback, modelled);
    return { ...figures, model, measured: ratio(real.get(figures.road), real.get(REFERENCE)) };
  });
}

async function walk(road: Road, size: number, cache: CacheState): Promise<WalkedRoad> {
  const { figures } = await walkRoad(road, { size, cache });
  if (road.device) return { figures, overLoopback: null };
  const { cpuTime, receiverCpuTime } = (await walkRoad(road, { size, cache, over: "loopback" })).figures;
  return { figures, overLoopback: cpuTime + receiverCpuTime };
}

function ratio(time: number | null | undefined, reference: number | null | undefined): number | null {
  return typeof time === "number" && typeof reference === "number" && reference > 0 ? time / reference : null;
}
