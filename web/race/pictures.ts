import type { CaseName, Entry, Heat, Kind, KeyOrder, RaceResult, RaceRow } from "../../lib/race/types.ts";
import { CASES } from "../../lib/race/work.ts";
import type { Axis, Chart, Point } from "../charts/chart.ts";
import type { Interval } from "../charts/iop-intervals.ts";
import { familyOf } from "./settings.ts";
import { type Words, formatMark, formatNs, formatThroughput } from "./words.ts";

/** How the kinds of contenders are told apart: by colour and by shape. */
const MARKS: Readonly<Record<Kind, Interval["mark"]>> = {
  wasm: { colour: "var(--iop-eventpoll)", shape: "M-5 0a5 5 0 1 0 10 0a5 5 0 1 0-10 0z" },
  wasm2js: { colour: "var(--iop-socket)", shape: "M-1.5-5h3v3.500h3.500v3h-3.500v3.500h-3v-3.500h-3.500v-3h3.500z" },
  js: { colour: "var(--iop-file)", shape: "M-4.200-4.200h8.400v8.400h-8.400z" },
  library: { colour: "var(--iop-task)", shape: "M0-5.500 5 4h-10z" },
  native: { colour: "var(--iop-copy)", shape: "M0-6 5 0 0 6-5 0z" },
};

/** A range this wide has marks at powers of ten; a narrower one at powers of two. */
const WIDE = 40;

/** The heats of a result, in the order of the cases, then of sizes. */
export function heatsIn({ rows }: RaceResult): Heat[] {
  const found = new Map(
    rows.map(({ case: name, size, order }) => [`${name} ${size} ${order}`, { case: name, size, order }]),
  );
  return [...found.values()].toSorted((a, b) => CASES.indexOf(a.case) - CASES.indexOf(b.case) || a.size - b.size);
}

/** The heat of a result that is nearest to the one that somebody wants to look at; null: there is none. */
export function nearestHeat(result: RaceResult, wanted: Heat): Heat | null {
  const heats = heatsIn(result);
  const ofCase = heats.filter((heat) => heat.case === wanted.case);
  const ofOrder = ofCase.filter(({ order }) => order === wanted.order);
  const distance = ({ size }: Heat) => Math.abs(Math.log(size / Math.max(1, wanted.size)));
  const [first] = (ofOrder.length > 0 ? ofOrder : ofCase).toSorted((a, b) => distance(a) - distance(b));
  return first ?? heats[0] ?? null;
}

/** The rows of a heat. */
export function rowsOfHeat({ rows }: RaceResult, heat: Heat): RaceRow[] {
  return rows.filter(({ case: name, size, order }) => name === heat.case && size === heat.size && order === heat.order);
}

/** What the rows of a heat came to, the fastest first; those without a number at the end, with the reason. */
export function intervalsOf(words: Words, result: RaceResult, heat: Heat): Interval[] {
  const rows = rowsOfHeat(result, heat).toSorted(
    (a, b) => (a.median_ns ?? Infinity) - (b.median_ns ?? Infinity) || a.contender.localeCompare(b.contender),
  );
  const isRing = familyOf(heat.case) === "rings";
  return rows.map((row) => {
    const names = namesOf(words, row);
    if (row.median_ns === null) {
      const text = row.disqualified === null ? "–" : words.t("disqualified");
      return { ...names, value: null, low: null, high: null, text };
    }
    const { y: value, low = null, high = null } = isRing ? throughput(row) : time(row);
    return { ...names, value, low, high, text: isRing ? formatThroughput(value) : formatNs(value) };
  });
}

/** Name, note and sign of who takes part. */
function namesOf(words: Words, entry: Entry): Pick<Interval, "name" | "note" | "mark" | "current"> {
  const { kind, isSubject } = words.contender(entry.contender);
  return {
    name: words.title(entry.contender),
    note: words.mode(entry.mode),
    mark: MARKS[kind],
    current: isSubject,
  };
}

/** The axis of a heat's numbers. */
export function axisOf(words: Words, { case: name }: Heat, rows: readonly Interval[]): Axis {
  const isRing = familyOf(name) === "rings";
  return logAxis(words.t(isRing ? "axis_throughput" : "axis_time"), isRing ? formatThroughput : formatNs, rows);
}

/** A logarithmic axis whose marks are as dense as the values want it. */
export function logAxis(title: string, format: (value: number) => string, rows: readonly Interval[]): Axis {
  const shown = rows.flatMap(({ value }) => (value !== null && value > 0 ? [value] : []));
  const isWide = Math.max(...shown) > WIDE * Math.min(...shown);
  return { title, scale: "log", format: formatMark(format), base: isWide ? 10 : 2 };
}

/** The sign of a kind of contenders, for a legend. */
export function signOf(kind: Kind): Interval["mark"] {
  return MARKS[kind];
}

/** A case over all sizes of a result: a line for each of the chosen entries; of rings, how much goes through. */
export function chartOf(
  words: Words,
  { rows }: RaceResult,
  { name, order }: { readonly name: CaseName; readonly order: KeyOrder },
  entries: readonly Entry[],
): Chart {
  const isRing = familyOf(name) === "rings";
  const own = rows.filter((row) => row.case === name && row.order === order && row.median_ns !== null);
  return {
    title: words.t(isRing ? "chart_ring" : "chart_case", { name: words.case(name) }),
    x: isRing ? words.messageAxis() : words.sizeAxis(),
    y: {
      title: words.t(isRing ? "axis_throughput" : "axis_time"),
      scale: "log",
      format: isRing ? formatThroughput : formatNs,
    },
    series: entries.map((entry) => ({
      name: words.entry(entry),
      points: own.filter((row) => isSame(row, entry)).map((row) => (isRing ? throughput(row) : time(row))),
    })),
  };
}

function isSame(one: Entry, other: Entry): boolean {
  return one.contender === other.contender && one.mode === other.mode;
}

function time({ size, median_ns, low_ns, high_ns }: RaceRow): Point {
  return { x: size, y: median_ns!, ...(low_ns !== null && high_ns !== null && { low: low_ns, high: high_ns }) };
}

/** How many bytes go through in a second: the longer it takes, the fewer. */
function throughput({ size, median_ns, low_ns, high_ns }: RaceRow): Point {
  const rate = (ns: number) => (size / ns) * 1e9;
  const ends = low_ns !== null && high_ns !== null && low_ns > 0 && { low: rate(high_ns), high: rate(low_ns) };
  return { x: size, y: rate(median_ns!), ...ends };
}

/** Everybody who has a number in a case, the fastest at its greatest size first. */
export function entriesOf({ rows }: RaceResult, name: CaseName, order: KeyOrder): Entry[] {
  const own = rows.filter((row) => row.case === name && row.order === order && row.median_ns !== null);
  const sorted = own.toSorted((a, b) => b.size - a.size || a.median_ns! - b.median_ns!);
  const found = new Map(sorted.map(({ contender, mode }) => [`${contender} ${mode}`, { contender, mode }]));
  return [...found.values()];
}

/** How many lines a chart begins with: those that the race is about, and the fastest of the others. */
const FIRST_LINES = 8;

/** The entries with which a chart begins: of each other contender the fastest mode. */
export function firstEntries(words: Words, entries: readonly Entry[]): Entry[] {
  const isSubject = ({ contender }: Entry) => words.contender(contender).isSubject;
  const fastest = entries.filter(
    (entry, i) => !isSubject(entry) && entries.findIndex(({ contender }) => contender === entry.contender) === i,
  );
  const chosen = new Set([...entries.filter(isSubject), ...fastest].slice(0, FIRST_LINES));
  return entries.filter((entry) => chosen.has(entry));
}
