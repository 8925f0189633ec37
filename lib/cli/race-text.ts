import type { Contender, Difference, RaceResult, RaceRow, Verdict } from "../race/index.ts";
import { CONFIDENCE, MODE_WORDS, heatWords, isSameHeat, median, ratioWords } from "../race/index.ts";
import { formatTable } from "./table.ts";
import colors from "picocolors";

/** Intervals that are wider, by their medians, come of a machine that has other things to do. */
const RESTLESS = 0.2;
/** So many of those that are slower than ours are named. */
const CLOSEST = 3;

const HEAD = [
  "contender",
  "mode",
  "ns",
  `${CONFIDENCE * 100} % interval`,
  "by fastest",
  "by ours",
  "worst ns",
  "bytes",
];

/** What people call a contender. */
function titleIn(contenders: readonly Contender[]): (id: string) => string {
  return (id) => contenders.find((one) => one.id === id)?.title ?? id;
}

/** A whole race: its tables, and then who has won, beginning with what has beaten us. */
export function raceText(result: RaceResult, contenders: readonly Contender[]): string {
  const parts = [
    machineText(result),
    ...heats(result.rows).map((rows) => heatText(rows, contenders)),
    legend(),
    verdictText(result, contenders),
    absentText(result),
    restlessText(result),
    result.isComplete ? "" : colors.yellow("The race was stopped: this is what had been measured."),
  ];
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

function machineText({ machine, seed }: RaceResult): string {
  const { processor, cores, system, runtime, clockResolution_ns, versions, flags } = machine;
  const words = (all: Readonly<Record<string, string>>) =>
    Object.entries(all)
      .map(([name, text]) => `${name} ${text}`)
      .join(", ");
  const lines = [
    `${processor}, ${cores} cores; ${system}; ${runtime}; seed ${seed}; the clock's step is ${clockResolution_ns} ns`,
    words(versions),
    words(flags),
  ];
  return lines.filter((line) => line !== "").join("\n");
}

/** Rows by heat, in the order in which they came. */
function heats(rows: readonly RaceRow[]): RaceRow[][] {
  const all: RaceRow[][] = [];
  for (const row of rows) {
    const heat = all.find(([first]) => isSameHeat(first!, row));
    if (heat === undefined) all.push([row]);
    else heat.push(row);
  }
  return all;
}

function heatText(rows: readonly RaceRow[], contenders: readonly Contender[]): string {
  const subjects = contenders.filter(({ isSubject }) => isSubject).map(({ id }) => id);
  const sorted = rows.toSorted((a, b) => (a.median_ns ?? Infinity) - (b.median_ns ?? Infinity));
  const titleOf = titleIn(contenders);
  const fastest = sorted[0]!.median_ns;
  const cells = sorted.map((row) => {
    const ours = rows.find(({ contender, mode }) => subjects.includes(contender) && mode === row.mode)?.median_ns;
    return [
      titleOf(row.contender),
      row.mode,
      ...timesOf(row),
      ratio(row.median_ns, fastest),
      ratio(row.median_ns, ours),
    ].concat([row.worst_ns === null ? "-" : shown(row.worst_ns), row.bytes === null ? "-" : row.bytes.toFixed(0)]);
  });
  const out = rows.filter(({ disqualified }) => disqualified !== null);
  const notes = out.map((row) => colors.red(`${titleOf(row.contender)} (${row.mode}) is out: ${row.disqualified}`));
  return [colors.bold(heatWords(rows[0]!, "en")), formatTable([HEAD, ...cells]), ...notes].join("\n");
}

function timesOf({ median_ns, low_ns, high_ns }: RaceRow): string[] {
  if (median_ns === null || low_ns === null || high_ns === null) return ["-", "-"];
  return [shown(median_ns), `${shown(low_ns)} .. ${shown(high_ns)}`];
}

function ratio(time: number | null, reference: number | null | undefined): string {
  return typeof reference !== "number" || time === null || reference === 0 ? "-" : ratioWords(time / reference);
}

/** A time with three digits. Unit: ns. */
function shown(ns: number): string {
  return ns < 99.95 ? ns.toPrecision(3) : Math.round(ns).toLocaleString("en");
}

function legend(): string {
  return `"ns" is the median time of an operation; "by fastest" and "by ours" are that by the fastest of the table, and by ours
in the same mode. "worst ns" is the worst single operation, clock and all; "bytes" the memory of an element.`;
}

/** A line for each table and mode of ours: who beats it, first of all; who is level; who comes next behind it. */
function verdictText({ verdicts }: RaceResult, contenders: readonly Contender[]): string {
  const titleOf = titleIn(contenders);
  const part = (title: string, kind: Verdict["kind"], told: (one: Verdict) => string) => {
    const groups = grouped(verdicts.filter((verdict) => verdict.kind === kind));
    const line = (group: readonly Verdict[]) =>
      `  ${subjectText(group[0]!, titleOf)}: ${some(group, kind).map(told).join(", ")}`;
    return groups.length === 0 ? [] : [title, ...groups.map(line)];
  };
  const named = ({ other, subject }: Verdict) =>
    `${titleOf(other.contender)}${other.mode === subject.mode ? "" : ` (${MODE_WORDS[other.mode].en})`}`;
  const times = (one: Verdict) => `${named(one)} ${ratioWords(one.ratio)}`;
  return [
    ...part(colors.yellow("Faster than ours, and how many times as fast:"), "beaten", times),
    ...part("As fast as ours, as far as can be told:", "level", named),
    ...part(colors.green("Slower than ours, the closest, and how many times as fast ours is:"), "ahead", times),
  ].join("\n");
}

/** Of those that are slower, the closest: the others stand in the table. */
function some(group: readonly Verdict[], kind: Verdict["kind"]): readonly Verdict[] {
  return kind === "ahead" ? group.slice(0, CLOSEST) : group;
}

function subjectText(verdict: Verdict, titleOf: (id: string) => string): string {
  return `${heatWords(verdict, "en")}, ${titleOf(verdict.subject.contender)} ${MODE_WORDS[verdict.subject.mode].en}`;
}

/** Verdicts of the same heat about the same subject in the same mode, in the order in which they came. */
function grouped(verdicts: readonly Verdict[]): Verdict[][] {
  const groups: Verdict[][] = [];
  for (const verdict of verdicts) {
    const { contender, mode } = verdict.subject;
    const isSame = ([one]: readonly Verdict[]) =>
      isSameHeat(one!, verdict) && one!.subject.contender === contender && one!.subject.mode === mode;
    const group = groups.find(isSame);
    if (group === undefined) groups.push([verdict]);
    else group.push(verdict);
  }
  return groups;
}

/** That the machine was not at rest, if it shows. */
function restlessText({ rows }: RaceResult): string {
  const widths = rows.flatMap(({ median_ns, low_ns, high_ns }) =>
    median_ns === null || low_ns === null || high_ns === null ? [] : (high_ns - low_ns) / median_ns,
  );
  if (widths.length === 0 || median(widths) < RESTLESS) return "";
  const width = Math.round(median(widths) * 100);
  return colors.yellow(
    `Half of the intervals are wider than ${width} % of their medians: on a computer at rest more could be told.`,
  );
}

function absentText({ absent }: RaceResult): string {
  if (absent.length === 0) return "";
  const lines = absent.map(({ contender, install }) => `  ${contender}${install === null ? "" : `: ${install}`}`);
  return ["Not there:", ...lines].join("\n");
}

/** Two races beside each other. */
export function differencesText(
  [before, after]: readonly [RaceResult, RaceResult],
  differences: readonly Difference[],
  contenders: readonly Contender[],
): string {
  const titleOf = titleIn(contenders);
  if (differences.length === 0) return "These races have nothing in common that was measured in both.\n";
  const cells = differences.map((one) => [
    heatWords(one, "en"),
    titleOf(one.contender),
    one.mode,
    shown(one.before),
    shown(one.after),
    one.kind === "level" ? "level" : `${ratioWords(one.ratio)} times ${one.kind}`,
  ]);
  const machines = [machineText(before), machineText(after)];
  const table = formatTable([["", "contender", "mode", "ns before", "ns after", ""], ...cells]);
  const where = machines[0] === machines[1] ? machines[0] : `before: ${machines[0]}\nafter:  ${machines[1]}`;
  return `${where}\n\n${table}\n`;
}
