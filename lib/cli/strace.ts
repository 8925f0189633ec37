import { type Command, type Invocation, EXIT_OK, UsageError, countOption } from "./command.ts";
import { concernsIo, countCalls } from "../trace/strace/classify.ts";
import { formatTable, plural } from "./table.ts";
import type { StraceCall, StraceTrace } from "../trace/strace/types.ts";
import { describeCall } from "./calls.ts";
import { explainCall } from "../trace/explain.ts";
import { parseStrace } from "../trace/strace/strace.ts";
import { readInput } from "./input.ts";
import { surveyTrace } from "../trace/replay/survey.ts";
import colors from "picocolors";

/** `iopath strace FILE`. */
export const straceCommand: Command = {
  name: "strace",
  usage: "strace FILE [--all] [--from LINE] [--limit N] [--json]",
  summary: "Explain a recording of strace: each call with a sentence.",
  positionals: 1,
  options: {
    all: { type: "boolean", help: "Show also the calls that do not concern input and output." },
    from: { type: "string", value: "LINE", help: "Begin at this line of the file (default 1)." },
    limit: { type: "string", value: "N", help: "Show at most N calls (default: all)." },
    json: { type: "boolean", help: "Print one JSON object for each call: line, pid, time (ns), call, sentence." },
  },
  details: `
Reads FILE, a recording of strace, and prints each call that concerns input and
output with one sentence that says what it did; at the end how many calls there
are of each group. FILE may be "-".

Exit code: 0, or 2 if FILE cannot be read.
`,
  run: explain,
};

async function explain({ positionals, options, terminal }: Invocation): Promise<number> {
  const file = positionals[0]!;
  const from = countOption(options["from"], "from", 1);
  const limit = countOption(options["limit"], "limit", Number.MAX_SAFE_INTEGER);
  const trace = parseStrace(await readInput(file), { name: file });
  const wanted = trace.calls.filter((call) => call.line >= from && (options["all"] === true || concernsIo(call.name)));
  if (wanted.length === 0 && trace.calls.length > 0 && from > trace.lines) {
    throw new UsageError(`${file} has ${plural(trace.lines, "line")}: --from ${from} is behind its end`);
  }
  const isJson = options["json"] === true;
  const width = Math.max(0, ...new Set(wanted.map(({ pid }) => String(pid).length)));
  const { subjects } = surveyTrace(trace);
  for (const call of wanted.slice(0, limit)) {
    if (terminal.signal.aborted) return EXIT_OK;
    const sentence = explainCall(
      call,
      subjects.get(call)?.reported.map(({ fd }) => fd),
    );
    terminal.out(`${isJson ? JSON.stringify(toJson(call, sentence)) : toText(call, sentence, width)}\n`);
  }
  if (!isJson) terminal.out(`\n${summary(trace)}\n`);
  return EXIT_OK;
}

function toJson(call: StraceCall, sentence: string): object {
  const { line, pid, time } = call;
  return { line, pid, time, call: describeCall(call), sentence };
}

function toText(call: StraceCall, sentence: string, width: number): string {
  const seconds = (call.time / 1e9).toFixed(6);
  const place = `${String(call.line).padStart(6)} ${String(call.pid).padStart(width)} +${seconds}`;
  return `${colors.dim(place)} ${describeCall(call)}\n${" ".repeat(8)}${sentence}.`;
}

function summary(trace: StraceTrace): string {
  const rows = [...countCalls(trace.calls)].map(([group, counts]) => {
    const all = [...counts.values()].reduce((a, b) => a + b, 0);
    const names = [...counts].sort(([, a], [, b]) => b - a).slice(0, 6);
    return { all, row: [group, String(all), names.map(([name, count]) => `${name} ${count}`).join(", ")] };
  });
  const table = formatGroups(rows.sort((a, b) => b.all - a.all).map(({ row }) => row));
  const notes = trace.warnings.map(
    ({ line, message }) => `${colors.yellow("note:")} ${trace.name}:${line}: ${message}`,
  );
  return [`${plural(trace.lines, "line")}, ${plural(trace.calls.length, "call")}`, table, ...notes].join("\n");
}

/** The last column is text: it stands to the left, behind the others. */
function formatGroups(rows: readonly (readonly string[])[]): string {
  const table = formatTable(rows.map((row) => row.slice(0, 2))).split("\n");
  return table.map((line, i) => `${line}  ${rows[i]?.[2] ?? ""}`).join("\n");
}
