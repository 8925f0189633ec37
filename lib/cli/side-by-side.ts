import type { BothLogs } from "../linux/compare.ts";
import { O_DIRECT } from "../machine/constants.ts";
import { plural } from "./table.ts";

/** A column is no wider than this; longer calls push the answers to the right. */
const WIDEST = 70;

/** The calls of a program with both answers beside each other; ! marks what differs. */
export function formatComparison({ linux, simulated }: BothLogs, kernel: string): string {
  const tasks = [...new Set([...Object.keys(linux), ...Object.keys(simulated)])];
  const rows = tasks.flatMap((task) => rowsOf(task, linux[task] ?? [], simulated[task] ?? [], tasks.length > 1));
  const heading = ["", "", `Linux ${kernel}`, "simulated"] as const;
  const width = (column: 1 | 2) => Math.min(WIDEST, Math.max(...[heading, ...rows].map((row) => row[column].length)));
  const [calls, answers] = [width(1), width(2)];
  const line = ([mark, call, real, other]: Row | typeof heading) =>
    `${mark.padEnd(1)} ${call.padEnd(calls)}  ${real.padEnd(answers)}  ${other}`.trimEnd();
  const different = rows.filter(([mark]) => mark !== "").length;
  const compared = rows.filter(([, call, real]) => real !== "" && !isEnd(call)).length;
  const summary = `${plural(compared, "call")}, ${plural(different, "difference")}`;
  return `${[[line(heading), ...rows.map(line)].join("\n"), summary, ...notes(linux, different)].join("\n\n")}\n`;
}

/** Whether a line of a log says what has ended the task. */
export function isEnd(line: string): boolean {
  return line.startsWith("killed by ");
}

/** What is to be known of differences. */
function notes(linux: BothLogs["linux"], different: number): string[] {
  if (different === 0) return [];
  const parted = "Only the first difference is one for certain: those behind it may follow from it.";
  const direct = Object.values(linux)
    .flat()
    .map(inMemory)
    .find((path) => path !== null);
  const place = `${direct} was opened with O_DIRECT, and lies in memory (tmpfs) on Linux's side: call it /disk${direct} to have it on a disk.`;
  return [...(different > 1 ? [parted] : []), ...(direct === undefined ? [] : [place])];
}

/** The file that a call opens for direct I/O, if it lies in memory on Linux's side; null: it opens none. */
function inMemory(line: string): string | null {
  const [, path = "", flags] = /^open(?:at\([^,]*, |\()"([^"]*)", (\d+)/.exec(line) ?? [];
  const isDirect = (Number(flags) & O_DIRECT) !== 0;
  return isDirect && path.startsWith("/") && !path.startsWith("/disk/") ? path : null;
}

type Row = readonly [mark: string, call: string, linux: string, simulated: string];

function rowsOf(task: string, linux: readonly string[], simulated: readonly string[], named: boolean): Row[] {
  const rows: Row[] = named ? [["", `${task}:`, "", ""]] : [];
  for (let i = 0; i < Math.max(linux.length, simulated.length); i++) {
    const [call, real] = divided(linux[i]);
    const [otherCall, other] = divided(simulated[i]);
    if (call === otherCall || call === "" || otherCall === "") {
      rows.push([real === other ? "" : "!", call || otherCall, real || "(ends)", other || "(ends)"]);
    } else {
      rows.push(["!", call, real, "(another call)"], ["!", otherCall, "(another call)", other]);
    }
  }
  return rows;
}

/** A line of a log as the call and its answer. */
function divided(line = ""): [call: string, answer: string] {
  const [call = ""] = /^(?:"(?:[^"\\]|\\.)*"|[^"])*?\)(?= = )/.exec(line) ?? [];
  return call === "" ? [line, line && "-"] : [call, line.slice(call.length + 3)];
}
