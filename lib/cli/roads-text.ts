import { formatTable, formatTime, wrapped } from "./table.ts";
import { ROADS } from "../roads/all.ts";
import type { RoadFigures } from "../roads/measure.ts";

/** Everything is told in relation to this road. */
export const REFERENCE = "read + write";
/** What model and measurement may differ by before it is said that the model is off. */
const TOLERANCE = 1.5;
/** Widest line of the legend. */
const WIDTH = 110;

/** A road as it was walked on the machine, and what it costs in relation to read + write. */
export interface RoadRow extends RoadFigures {
  /** CPU time of both ends by that of read + write, over loopback, on the simulated machine; null: not over loopback. */
  readonly model: number | null;
  /** The same, measured on the kernel of this computer; null where that was not possible. */
  readonly measured: number | null;
}

/** A road that could not be walked. */
export interface FailedRow extends Pick<RoadFigures, "road" | "size" | "cache"> {
  /** Why not. */
  readonly error: string;
}

const HEAD = ["road", "switches", "CPU copies", "DMA", "faults", "CPU time", "wall time", "model", "measured", ""];

/** All rows in tables, and what they mean. */
export function roadsText(rows: readonly (RoadRow | FailedRow)[], hasMeasured: boolean): string {
  const parts = new Map<string, (RoadRow | FailedRow)[]>();
  for (const row of rows) {
    const title = `${row.size.toLocaleString("en")} bytes, ${row.cache} cache`;
    parts.set(title, [...(parts.get(title) ?? []), row]);
  }
  const tables = [...parts].map(([title, part]) => `${title}\n${tableOf(part)}\n`);
  const last = hasMeasured
    ? `"off by" marks where they differ by more than a factor of ${TOLERANCE}.`
    : "Nothing was measured: that needs Linux and a C compiler.";
  return `${tables.join("\n")}
${legend()}
Counted on the simulated machine, from the first system call to the last byte's arrival at a client outside.
"switches" are crossings between user and kernel mode, two for a call; "CPU copies" and "DMA" say how often every
byte was moved. "model" and "measured" are the CPU time of both ends by that of ${REFERENCE} (0.50: half of it), over
the loopback device: what the simulated machine's costs come to, and what this computer's kernel takes. "-" is a
road that differs from another by a device alone, which loopback has not, or one that this kernel does not have.
${last}
`;
}

function tableOf(rows: readonly (RoadRow | FailedRow)[]): string {
  const walked = rows.filter((row) => "model" in row);
  const failed = rows.filter((row) => "error" in row);
  return [formatTable([HEAD, ...walked.map(cells)]), ...failed.map(({ error }) => `not walked: ${error}`)].join("\n");
}

/** What the roads are. */
function legend(): string {
  const name = Math.max(...ROADS.map((road) => road.name.length)) + 2;
  const lines = ROADS.flatMap((road) =>
    wrapped(road.about ?? "", WIDTH - name).map((line, i) => (i === 0 ? road.name : "").padEnd(name) + line),
  );
  return `${lines.join("\n")}\n`;
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
