import type { CaseName, RaceResult, RaceRow } from "../../lib/race/types.ts";
import type { Axis } from "../charts/chart.ts";
import type { Interval } from "../charts/iop-intervals.ts";
import { logAxis, signOf } from "./pictures.ts";
import { type Words, formatNs, formatPerElement, formatTimes } from "./words.ts";

/** What the structures are compared by. */
export const MEASURES = ["find", "insert", "memory", "worst"] as const;
/** One of them. */
export type Measure = (typeof MEASURES)[number];

/** One measure of all structures. */
export interface WhyPanel {
  readonly measure: Measure;
  readonly axis: Axis;
  readonly rows: readonly Interval[];
  /** Who needs least, and how the red-black tree stands to it. */
  readonly sentence: string;
}

/** The structure that the kernel uses, and that the picture is about. */
const TREE = "red-black-tree";

/** Where a measure is taken from: of which case, and what of its rows. */
const SOURCES: Readonly<Record<Measure, { readonly from: CaseName; readonly of: (row: RaceRow) => number | null }>> = {
  find: { from: "find-hit", of: ({ median_ns }) => median_ns },
  insert: { from: "insert", of: ({ median_ns }) => median_ns },
  memory: { from: "insert", of: ({ bytes }) => bytes },
  worst: { from: "insert", of: ({ worst_ns }) => worst_ns },
};

/** The greatest size at which a result has several structures of this project, one call for each operation; null: none. */
export function sizeOfWhy(words: Words, { rows }: RaceResult): number | null {
  const sizes = new Map<number, number>();
  for (const row of rows)
    if (isOurs(words, row) && row.case === "insert") sizes.set(row.size, (sizes.get(row.size) ?? 0) + 1);
  const several = [...sizes].filter(([, count]) => count > 1).map(([size]) => size);
  return several.length === 0 ? null : Math.max(...several);
}

function isOurs(words: Words, { contender, mode, order }: RaceRow): boolean {
  return mode === "call" && order === "random" && words.contender(contender).kind === "wasm";
}

/** All measures of this project's structures at a size. */
export function panelsOf(words: Words, { rows }: RaceResult, size: number): WhyPanel[] {
  const own = rows.filter((row) => row.size === size && isOurs(words, row));
  return MEASURES.map((measure) => panel(words, measure, own));
}

function panel(words: Words, measure: Measure, own: readonly RaceRow[]): WhyPanel {
  const { from, of } = SOURCES[measure];
  const format = measure === "memory" ? formatPerElement : formatNs;
  const rows = own
    .filter((row) => row.case === from)
    .map((row): Interval => {
      const value = of(row);
      const isMedian = measure === "find" || measure === "insert";
      return {
        name: words.title(row.contender),
        note: "",
        value,
        low: isMedian ? row.low_ns : null,
        high: isMedian ? row.high_ns : null,
        text: value === null ? "–" : format(value),
        mark: signOf(row.contender === TREE ? "wasm" : "js"),
        current: row.contender === TREE,
      };
    })
    // The same order in all of them: the eye goes along a line.
    .toSorted((a, b) => Number(b.current ?? false) - Number(a.current ?? false) || a.name.localeCompare(b.name));
  const axis = logAxis(words.t(measure === "memory" ? "axis_memory" : "axis_time"), format, rows);
  return { measure, axis, rows, sentence: sentenceOf(words, measure, rows) };
}

function sentenceOf({ t }: Words, measure: Measure, rows: readonly Interval[]): string {
  const known = rows.filter(({ value }) => value !== null && value > 0).toSorted((a, b) => a.value! - b.value!);
  const tree = known.find(({ current }) => current);
  if (!tree) return "";
  const better = known.find((one) => isApart(one, tree));
  if (!better) return t(`why_${measure}_best`, { tree: tree.name });
  return t(`why_${measure}_other`, {
    name: better.name,
    times: formatTimes(tree.value! / better.value!),
    tree: tree.name,
  });
}

/** Whether one is less than another for sure: their intervals do not touch. */
function isApart(less: Interval, more: Interval): boolean {
  return (less.high ?? less.value!) < (more.low ?? more.value!);
}
