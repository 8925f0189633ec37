import { hitRates } from "../../../lib/cache/figures.ts";
import type { StreamRun, StreamSample } from "../../../lib/cache/stream.ts";
import type { SweepRow, SweptSetting } from "../../../lib/cache/sweep.ts";
import type { WriteRun, WriteSample } from "../../../lib/cache/write-back.ts";
import type { Chart, Point, Series } from "../../charts/chart.ts";
import type { Translate } from "../../i18n/catalogue.ts";
import type { TextKey } from "../../i18n/pages/page-cache.ts";

type T = Translate<TextKey>;

const NS_PER_MS = 1e6;
const NS_PER_S = 1e9;
/** Unit: s. */
const SOON = 1;
/** What is sooner has no place on a logarithmic axis that can be read. Unit: ns. */
const LEAST = 1_000_000;
/** How many requests a point of the hit rate tells of. */
export const READS = 60;
/** How many moments a chart over time has at most. */
const MOMENTS = 60;
/** How many moments a chart of counts has at most. */
const COUNTED = 40;

/** Names of the ways, as they are shown. */
const WAY_KEYS: Readonly<Record<string, TextKey>> = {
  read: "way_read",
  O_DIRECT: "way_direct",
  POSIX_FADV_DONTNEED: "way_dontneed",
  POSIX_FADV_NOREUSE: "way_noreuse",
  MADV_SEQUENTIAL: "way_mapped",
  sendfile: "way_sendfile",
};

/** What a way is called. */
export function wayText(way: string, t: T): string {
  const key = WAY_KEYS[way];
  return key === undefined ? way : t(key);
}

/** A share as it is written: `83.1 %`; null: nothing was counted. */
export function percent(share: number | null, t: T): string {
  if (share === null) return t("none");
  // Rounded down: nearly all is not all.
  return `${share === 1 ? "100" : (Math.floor(1000 * share) / 10).toFixed(1)} %`;
}

/** A run under the name that a chart gives it. */
export interface NamedRun {
  readonly name: string;
  readonly run: StreamRun;
}

/** How the hit rate went, run by run, at the same moments since the stream began. */
export function hitRateChart(runs: readonly NamedRun[], t: T): Chart {
  const rates = runs.map(({ run }) => hitRates(run, READS));
  const ends = rates.flatMap((points) => [points[0]?.time ?? 0, points.at(-1)?.time ?? 0]);
  const [from, to] = [Math.min(0, ...ends), Math.max(1, ...ends)];
  const interval = Math.max(...runs.map(({ run }) => run.interval), roundStep((to - from) / MOMENTS));
  return {
    title: t("chart_title"),
    x: { title: t("chart_time"), scale: "linear", format: (ns) => trim(ns / NS_PER_MS) },
    y: { title: t("chart_rate", { reads: READS }), scale: "linear", format: (share) => percent(share, t) },
    series: runs.map(({ name }, i): Series => ({ name, points: atMoments(rates[i]!, interval) })),
  };
}

/** The values that hold at whole multiples of an interval: each is that of the last sample until then. */
function atMoments(rates: readonly { readonly time: number; readonly rate: number }[], interval: number): Point[] {
  const points: Point[] = [];
  let i = 0;
  for (let x = Math.ceil((rates[0]?.time ?? 0) / interval) * interval; i < rates.length; x += interval) {
    while (i + 1 < rates.length && rates[i + 1]!.time <= x) i++;
    points.push({ x, y: rates[i]!.rate });
    if (i + 1 >= rates.length) break;
  }
  return points;
}

/** The round number that is not less: 1, 2 or 5 times a power of ten. */
function roundStep(wanted: number): number {
  const power = 10 ** Math.floor(Math.log10(wanted));
  return ([1, 2, 5, 10].find((times) => times * power >= wanted) ?? 10) * power;
}

/** A number with four digits that count at most. */
function trim(value: number): string {
  return String(Number(value.toPrecision(4)));
}

/** A count of each sample of a run. */
type Count = Exclude<keyof StreamSample, "tick" | "time">;

/** Counts of a run over the time since the stream began. */
function countsChart(run: StreamRun, title: TextKey, counts: readonly (readonly [TextKey, Count])[], t: T): Chart {
  const first = run.samples[0]!;
  // What is counted since boot begins at nothing here.
  const since = (count: Count) => (TOTALS.includes(count) ? first[count] : 0);
  return {
    title: t(title),
    x: { title: t("chart_time"), scale: "linear", format: (ns) => trim(ns / NS_PER_MS) },
    y: { title: t("write_pages"), scale: "linear", format: (pages) => String(Math.round(pages)) },
    series: counts.map(([name, count]) => ({
      name: t(name),
      points: everyNth(run.samples, COUNTED).map((sample) => ({
        x: sample.time - run.begin,
        y: sample[count] - since(count),
      })),
    })),
  };
}

/** So many of a row at equal distances, or all if there are fewer; the last is among them. */
function everyNth<T>(row: readonly T[], most: number): T[] {
  const nth = Math.ceil(row.length / most);
  return row.filter((_, i) => (row.length - 1 - i) % nth === 0);
}

/** Counts that only grow. */
const TOTALS: readonly Count[] = ["kswapd", "direct", "refaults", "activated", "deactivated"];

/** How many pages of whom were on which list. */
export function listsChart(run: StreamRun, t: T): Chart {
  const counts = [
    ["count_hot_active", "hotActive"],
    ["count_hot_inactive", "hotInactive"],
    ["count_other_inactive", "otherInactive"],
    ["free", "free"],
  ] as const;
  return countsChart(run, "counts_lists", counts, t);
}

/** How many pages were taken away by whom, and how many came back. */
export function reclaimChart(run: StreamRun, t: T): Chart {
  const counts = [
    ["count_kswapd", "kswapd"],
    ["count_direct", "direct"],
    ["count_refaults", "refaults"],
    ["count_deactivated", "deactivated"],
  ] as const;
  return countsChart(run, "counts_reclaim", counts, t);
}

/** Hit rate by what a sweep changes, one line for each way. */
export function sweepChart(rows: readonly SweepRow[], by: SweptSetting, t: T): Chart {
  const ways = [...new Set(rows.map(({ way }) => way))];
  return {
    title: t("sweep_chart"),
    x: { title: t(`sweep_x_${by}`), scale: "log", base: 2, format: trim },
    y: { title: t("sweep_rate"), scale: "linear", format: (share) => percent(share, t) },
    series: ways.map((way) => ({
      name: wayText(way, t),
      points: rows.flatMap(({ way: other, value, during }) =>
        other === way && during !== null ? [{ x: value, y: during }] : [],
      ),
    })),
  };
}

/** Whether two samples differ in their time alone. */
function isSame(one: WriteSample, other: WriteSample): boolean {
  return (["dirty", "writeback", "background", "thresh"] as const).every((count) => one[count] === other[count]);
}

/** Dirty pages and those that are being written over time, with the thresholds. */
export function writeChart({ samples, settings }: WriteRun, t: T): Chart {
  // What is written sooner than that would be a line at the edge, beside 30 s of waiting.
  const scale = settings.size / settings.rate < SOON ? "log" : "linear";
  const shown = samples.filter((sample, i) => {
    const isEdge = i === 0 || i === samples.length - 1;
    // Where nothing changes, the ends say all.
    return sample.time >= LEAST && (isEdge || !isSame(sample, samples[i - 1]!) || !isSame(sample, samples[i + 1]!));
  });
  const series = (name: TextKey, value: "dirty" | "writeback" | "background" | "thresh"): Series => ({
    name: t(name),
    points: shown.map((sample) => ({ x: sample.time, y: sample[value] })),
  });
  return {
    title: t("write_chart"),
    x: { title: t("write_time"), scale, format: (ns) => trim(ns / NS_PER_S) },
    y: { title: t("write_pages"), scale: "linear", format: (pages) => String(Math.round(pages)) },
    series: [
      series("write_dirty", "dirty"),
      series("write_writeback", "writeback"),
      series("write_background", "background"),
      series("write_thresh", "thresh"),
    ],
  };
}
