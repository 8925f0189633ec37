import type { CaseName, Contender, Entry, RaceResult, RaceRow, Verdict } from "../../lib/race/index.ts";
import { CASES, CASE_WORDS, MODE_WORDS, ratioWords } from "../../lib/race/index.ts";

/** What the README's part stands between. */
const [BEGIN, END] = ["<!-- made by npm run record:race -->", "<!-- end of the race -->"];

/** Of contenders with several modes that are not ours, the first one that they have of these is shown. */
const SHOWN = ["call", "inside", "batch"] as const;

/** Cases that have the same contenders, more or less: they are columns of one table. */
const TABLES: readonly (readonly CaseName[])[] = [
  ["insert", "find-hit", "find-miss", "delete", "iterate", "churn"],
  ["queue", "lru"],
  ["ring-bytes", "ring-records"],
  ["ring-threads"],
  ["crossing"],
];

/** Puts a text in the place that the README has for it. */
export function withRace(readme: string, text: string): string {
  const [begin, end] = [readme.indexOf(BEGIN), readme.indexOf(END)];
  if (begin < 0 || end < begin) throw new Error("the README has no place for it");
  return `${readme.slice(0, begin + BEGIN.length)}\n\n${text}\n\n${readme.slice(end)}`;
}

/** A race in tables, with its machine; all figures are of its rows. */
export function raceText(result: RaceResult, contenders: readonly Contender[]): string {
  const tables = TABLES.map((cases) => tableOf(result, contenders, cases)).filter((table) => table !== "");
  return [machineText(result), ...tables, beatenText(result, contenders)].join("\n\n");
}

function machineText({ machine, date, seed, rows }: RaceResult): string {
  const { processor, cores, system, runtime } = machine;
  const size = rows[0]!.size.toLocaleString("en");
  const compiler = [...new Set(Object.values(machine.flags))].map((flags) => `; native code with ${flags}`).join("");
  return `${date.slice(0, 10)}, ${processor}, ${cores} cores, ${system}, ${runtime}${compiler}; seed ${seed}. Median ns of an operation
with ${size} elements (or with messages of as many bytes) and ${rows[0]!.order} keys. **Bold**: ours.`;
}

function tableOf(result: RaceResult, contenders: readonly Contender[], cases: readonly CaseName[]): string {
  const columns = CASES.filter((name) => cases.includes(name) && result.rows.some((row) => row.case === name));
  const lines = contenders.flatMap((contender) =>
    modesShown(result, contender, columns).map((mode) => line(result, contender, mode, columns)),
  );
  if (lines.length === 0) return "";
  const head = ["", "", ...columns.map((name) => CASE_WORDS[name].en), "bytes"];
  // Memory is known of some cases only.
  if (lines.every((cells) => cells.at(-1) === "")) for (const cells of [head, ...lines]) cells.pop();
  return [head, head.map((_, i) => (i < 2 ? "---" : "--:")), ...lines]
    .map((cells) => `| ${cells.join(" | ")} |`)
    .join("\n");
}

function modesShown({ rows }: RaceResult, { id, isSubject }: Contender, columns: readonly CaseName[]): Entry["mode"][] {
  const there = SHOWN.filter((mode) =>
    rows.some((row) => row.contender === id && row.mode === mode && columns.includes(row.case)),
  );
  return isSubject ? there : there.slice(0, 1);
}

function line(result: RaceResult, contender: Contender, mode: Entry["mode"], columns: readonly CaseName[]): string[] {
  const rows = result.rows.filter((row) => row.contender === contender.id && row.mode === mode);
  const cells = columns.map((name) => timeText(rows.find((row) => row.case === name)));
  const bytes = rows.find((row) => columns.includes(row.case) && row.bytes !== null)?.bytes;
  const title = contender.isSubject ? `**${contender.title}**` : contender.title;
  return [title, MODE_WORDS[mode].en, ...cells, typeof bytes === "number" ? bytes.toFixed(0) : ""];
}

function timeText(row: RaceRow | undefined): string {
  if (row === undefined) return "";
  if (row.median_ns === null) return row.disqualified === null ? "" : "wrong";
  return row.median_ns < 99.95 ? row.median_ns.toPrecision(3) : Math.round(row.median_ns).toLocaleString("en");
}

/** Who is faster than ours, said for every case: calls against calls, and against who has nothing else. */
function beatenText({ verdicts, rows }: RaceResult, contenders: readonly Contender[]): string {
  const titleOf = (id: string) => contenders.find((one) => one.id === id)?.title ?? id;
  const lines = CASES.filter((name) => rows.some((row) => row.case === name)).map((name) => {
    const beaten = verdicts.filter(
      ({ case: of, kind, subject }) => of === name && kind === "beaten" && subject.mode === "call",
    );
    const nameOf = ({ contender, mode }: Verdict["other"]) =>
      `${titleOf(contender)}${mode === "call" ? "" : ` (${MODE_WORDS[mode].en})`}`;
    const who = beaten.map(({ other, ratio }) => `${nameOf(other)} ${ratioWords(ratio)}`).join(", ");
    return `- ${CASE_WORDS[name].en}: ${who === "" ? "nobody" : who}`;
  });
  const what =
    "Who was faster than ours per call in this run, and how many times as fast, where the intervals are apart:";
  return [what, "", ...lines].join("\n");
}
