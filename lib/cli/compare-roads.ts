import { type Invocation, EXIT_INTERRUPTED, EXIT_OK, UsageError, countOption } from "./command.ts";
import { type CacheState, type RoadFigures, walkRoad } from "../roads/measure.ts";
import { formatTable, formatTime } from "./table.ts";
import { Progress } from "./progress.ts";
import { ROADS } from "../roads/all.ts";
import type { MeasuredRoad } from "../linux/roads.ts";

/** Lengths of the files that are sent. Unit: bytes. */
const SIZES = [4096, 65536, 1 << 20];
/** How often the real kernel walks each road. */
const RUNS = 9;
/** Everything is told in relation to this road. */
const REFERENCE = "read + write";
/** What model and measurement may differ by before it is said that the model is off. */
const TOLERANCE = 1.5;

/** A road as it was walked on the machine, and what it costs in relation to read + write. */
interface RoadRow extends RoadFigures {
  /** CPU time of both ends by that of read + write, over loopback, on the simulated machine; null: not over loopback. */
  readonly model: number | null;
  /** The same, measured on the kernel of this computer; null where that was not possible. */
  readonly measured: number | null;
}

/** `iopath compare --roads`. */
export async function compareRoads({ options, terminal }: Invocation): Promise<number> {
  const sizes = sizesOption(options["sizes"]);
  const runs = countOption(options["runs"], "runs", RUNS);
  if (runs === 0) throw new UsageError("--runs wants at least 1");
  const { signal } = terminal;
  const measured = await measure(sizes, runs, signal);
  const progress = new Progress(terminal, "walking");
  const rows: RoadRow[] = [];
  const walks = sizes.flatMap((size) => (["cold", "warm"] as const).map((cache) => ({ size, cache })));
  for (const [done, { size, cache }] of walks.entries()) {
    if (signal.aborted) break;
    progress.show(done / walks.length);
    rows.push(...(await walkAll(size, cache, measured ?? [])));
  }
  progress.end();
  terminal.out(options["json"] === true ? `${JSON.stringify(rows)}\n` : roadsText(rows, measured !== null));
  return signal.aborted ? EXIT_INTERRUPTED : EXIT_OK;
}

function sizesOption(text: string | boolean | undefined): readonly number[] {
  if (typeof text !== "string") return SIZES;
  return text.split(",").map((part) => {
    const size = Number(part);
    if (Number.isSafeInteger(size) && size > 0 && size <= 1 << 30) return size;
    throw new UsageError(`--sizes wants lengths of 1 to ${1 << 30} bytes with commas between them, not ${part}`);
  });
}

/** Walks the roads on the real kernel; null where that is not possible. */
async function measure(
  sizes: readonly number[],
  runs: number,
  signal: AbortSignal,
): Promise<readonly MeasuredRoad[] | null> {
  if (process.platform !== "linux") return null;
  const { measureRoads } = await import("../linux/roads.ts");
  return measureRoads(sizes, runs, signal).catch((error: unknown) => {
    if (signal.aborted) return [];
    throw error;
  });
}

/** All roads for a size and a state of the cache. */
async function walkAll(size: number, cache: CacheState, measured: readonly MeasuredRoad[]): Promise<RoadRow[]> {
  const real = new Map<string, number | null>();
  for (const one of measured) if (one.size === size && one.cache === cache) real.set(one.road, one.cpuTime);
  const modelled = new Map<string, number>();
  const figures: RoadFigures[] = [];
  for (const road of ROADS) {
    figures.push((await walkRoad(road, { size, cache })).figures);
    if (road.device) continue;
    const { cpuTime, receiverCpuTime } = (await walkRoad(road, { size, cache, over: "loopback" })).figures;
    modelled.set(road.name, cpuTime + receiverCpuTime);
  }
  return figures.map((row) => ({
    ...row,
    model: ratio(modelled.get(row.road), modelled.get(REFERENCE)),
    measured: ratio(real.get(row.road), real.get(REFERENCE)),
  }));
}

function ratio(time: number | null | undefined, reference: number | null | undefined): number | null {
  return typeof time === "number" && typeof reference === "number" && reference > 0 ? time / reference : null;
}

function shown(value: number | null): string {
  return value === null ? "-" : value.toFixed(2);
}

/** Where the model differs from the measurement by more than is tolerated. */
function verdict({ model, measured }: RoadRow): string {
  if (model === null || measured === null) return "";
  const off = model / measured;
  return off > TOLERANCE || off < 1 / TOLERANCE ? `off by ${Math.max(off, 1 / off).toFixed(1)}` : "";
}

const HEAD = ["road", "switches", "CPU copies", "DMA", "faults", "CPU time", "wall time", "model", "measured", ""];

function roadsText(rows: readonly RoadRow[], hasMeasured: boolean): string {
  const parts = new Map<string, RoadRow[]>();
  for (const row of rows) {
    const title = `${row.size.toLocaleString("en")} bytes, ${row.cache} cache`;
    parts.set(title, [...(parts.get(title) ?? []), row]);
  }
  const tables = [...parts].map(([title, part]) => `${title}\n${formatTable([HEAD, ...part.map(cells)])}\n`);
  const last = hasMeasured
    ? `"off by" marks where they differ by more than a factor of ${TOLERANCE}.`
    : "Nothing was measured: that needs Linux and a C compiler.";
  return `${tables.join("\n")}
Counted on the simulated machine, from the first system call to the last byte's arrival at a client outside.
"CPU copies" and "DMA" say how often every byte was moved. "model" and "measured" are the CPU time of both ends by that
of ${REFERENCE}, over the loopback device, on the simulated machine and on this computer's kernel.
${last}
`;
}

function cells(row: RoadRow): string[] {
  return [
    row.road,
    String(row.modeSwitches),
    String(row.cpuCopies),
    String(row.dmaTransfers),
    String(row.faults),
    formatTime(row.cpuTime),
    formatTime(row.wallTime),
    shown(row.model),
    shown(row.measured),
    verdict(row),
  ];
}
