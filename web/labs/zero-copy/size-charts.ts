import type { RoadFigures } from "../../../lib/index.ts";
import { ROADS } from "../../../lib/roads/all.ts";
import type { Bar } from "../../charts/iop-bars.ts";
import type { Chart } from "../../charts/chart.ts";
import type { Translate } from "../../i18n/catalogue.ts";
import type { ZeroCopyKey } from "../../i18n/pages/zero-copy.ts";
import { formatCount, formatSize, formatTime } from "../../model/format.ts";
import type { FigureName } from "./settings.ts";

/** How often each byte was copied by a CPU, with what was copied besides. */
function copiesPerByte({ cpuCopiedBytes, size }: RoadFigures): number {
  return cpuCopiedBytes / size;
}

/** A figure of a road, as it is drawn. */
function valueOf(figures: RoadFigures, name: FigureName): number {
  return name === "cpuCopies" ? copiesPerByte(figures) : figures[name];
}

/** A figure as it is written. */
function figureText(name: FigureName, value: number): string {
  if (name === "wallTime" || name === "cpuTime") return formatTime(value);
  return name === "cpuCopies" ? value.toFixed(2) : formatCount(Math.round(value));
}

/** A figure over the size of the file: a line for each road. */
export function sizeChart(rows: readonly RoadFigures[], name: FigureName, t: Translate<ZeroCopyKey>): Chart {
  return {
    title: t("chart_title", { figure: t(`figure_${name}`) }),
    x: { title: t("axis_size"), scale: "log", base: 2, format: formatSize },
    // What is not copied at all has no place on a logarithmic axis.
    y: {
      title: t(`axis_${name}`),
      scale: name === "cpuCopies" ? "linear" : "log",
      format: (value) => figureText(name, value),
    },
    series: ROADS.map((road) => ({
      name: road.name,
      points: rows
        .filter((row) => row.road === road.name)
        .map((row) => ({ x: row.size, y: valueOf(row, name) }))
        .toSorted((a, b) => a.x - b.x),
    })),
  };
}

/** The road whose bars would leave no room for the others': its CPU moves every word. */
export const SLOWEST = ROADS.find(({ device }) => device?.dma === false)!;

/** Whether a figure is shown without the slowest road. */
export function withoutSlowest(name: FigureName): boolean {
  return name === "wallTime" || name === "cpuTime";
}

/** A figure of the roads for one size, as bars. */
export function sizeBars(rows: readonly RoadFigures[], name: FigureName, size: number): Bar[] {
  return ROADS.flatMap((road) => {
    if (road === SLOWEST && withoutSlowest(name)) return [];
    const row = rows.find((one) => one.road === road.name && one.size === size);
    if (!row) return [];
    const value = valueOf(row, name);
    return [{ name: road.name, value, text: figureText(name, value) }];
  });
}
