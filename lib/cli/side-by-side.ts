import type { BothLogs } from "../linux/compare.ts";
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
  const compared = rows.filter(([, , real]) => real !== "").length;
  return `${[line(heading), ...rows.map(line)].join("\n")}\n\n${plural(compared, "call")}, ${plural(different, "difference")}\n`;
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
