import { type Command, type Invocation, EXIT_DIFFERENT, EXIT_OK, countOption } from "./command.ts";
import type { ReplayReport, ReplayedCall, Tally } from "../trace/replay.ts";
import { formatTable, formatTime, percentages, plural, wrapped } from "./table.ts";
import { Progress } from "./progress.ts";
import { describeCall } from "./calls.ts";
import { readInput } from "./input.ts";
import { drivenCalls, replayStrace } from "../trace/replay.ts";
import colors from "picocolors";

const MOST_MISMATCHES = 10;

/** `iopath replay FILE`. */
export const replayCommand: Command = {
  name: "replay",
  usage: "replay FILE [--json] [--verbose] [--limit N]",
  summary: "Replay a recording of strace on the machine, and compare what both kernels answered.",
  positionals: 1,
  options: {
    json: { type: "boolean", help: "Print one JSON object instead of text." },
    verbose: { type: "boolean", help: "List also what was not simulated or is outside, with the reasons." },
    limit: { type: "string", value: "N", help: `Show at most N mismatches (default ${MOST_MISMATCHES}).` },
  },
  details: `
Reads FILE, made with

  strace -f -ttt -T -yy -s 0 -e abbrev=execve,execveat -o FILE PROGRAM ...

boots a machine, hands it every system call of the recording that concerns input
and output, and lets happen outside what the results imply: clients that connect,
bytes that arrive, connections that end. The results, the events in their order
and the descriptor numbers must be those of the recording. FILE may be "-".

Verdicts:
  matched        the machine answered as the recorded kernel did
  mismatched     it answered differently
  not simulated  the machine does not have the call, or what it is about, or replay
                 does not drive the call yet
  outside        it is about a device, a directory or something unknown
  unfinished     the recording does not tell what the call returned
  no I/O         it does not concern input and output on descriptors

It drives these calls:
${wrapped(drivenCalls().toSorted().join(" "), 84)
  .map((line) => `  ${line}`)
  .join("\n")}

The JSON object has: name, lines, tasks, calls (their number), io (matched +
mismatched + not simulated), tally (a number for each verdict), countOnly (matched
calls of which the recording hides the events), bySystemCall (a tally for each
name), firstMismatch, mismatches (at most N) and, with --verbose, others: each
with line, pid, call, verdict, and where they apply reason, what, expected, got,
resynchronized; outside (how often what had to happen), warnings (line, kind,
message), virtualTime (ns) and elapsed (ms).

Exit code: 0 nothing mismatched, 1 something mismatched, 2 FILE cannot be read.
`,
  run: replay,
};

async function replay({ positionals, options, terminal }: Invocation): Promise<number> {
  const file = positionals[0]!;
  const limit = countOption(options["limit"], "limit", MOST_MISMATCHES);
  const text = await readInput(file);
  const start = performance.now();
  const progress = new Progress(terminal, "replaying");
  const onProgress = (part: number) => progress.show(part);
  const report = await replayStrace(text, { name: file, onProgress, signal: terminal.signal }).finally(() =>
    progress.end(),
  );
  const elapsed = performance.now() - start;
  const isVerbose = options["verbose"] === true;
  if (options["json"] === true) terminal.out(`${JSON.stringify(toJson(report, limit, isVerbose, elapsed))}\n`);
  else terminal.out(toText(report, limit, isVerbose, elapsed));
  return report.tally.mismatched === 0 ? EXIT_OK : EXIT_DIFFERENT;
}

function mismatches(report: ReplayReport): ReplayedCall[] {
  return report.calls.filter(({ verdict }) => verdict === "mismatched");
}

function others(report: ReplayReport): ReplayedCall[] {
  return report.calls.filter(
    ({ verdict }) => verdict === "not simulated" || verdict === "outside" || verdict === "unfinished",
  );
}

function toJson(report: ReplayReport, limit: number, isVerbose: boolean, elapsed: number): object {
  return {
    name: report.name,
    lines: report.lines,
    tasks: report.tasks,
    calls: report.calls.length,
    io: report.io,
    tally: report.tally,
    countOnly: report.countOnly,
    bySystemCall: Object.fromEntries(report.bySystemCall),
    firstMismatch: report.firstMismatch && callToJson(report.firstMismatch),
    mismatches: mismatches(report).slice(0, limit).map(callToJson),
    ...(isVerbose ? { others: others(report).map(callToJson) } : {}),
    outside: report.outside,
    warnings: report.warnings,
    virtualTime: report.virtualTime,
    elapsed: Math.round(elapsed),
  };
}

function callToJson({ call, verdict, reason, difference, resynchronized }: ReplayedCall): object {
  const { line, pid } = call;
  return { line, pid, call: describeCall(call), verdict, reason, ...difference, resynchronized };
}

function toText(report: ReplayReport, limit: number, isVerbose: boolean, elapsed: number): string {
  const parts = [
    headline(report, elapsed),
    verdictTable(report),
    callTable(report),
    outsideText(report),
    mismatchText(report, limit),
    notSimulatedText(report, isVerbose),
    isVerbose ? othersText(report) : "",
    ...report.warnings.map(({ line, message }) => `${colors.yellow("note:")} ${report.name}:${line}: ${message}`),
  ];
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

function headline(report: ReplayReport, elapsed: number): string {
  const { name, lines, calls, tasks, virtualTime } = report;
  const what = `${plural(lines, "line")}, ${plural(calls.length, "call")} of ${plural(tasks, "task")}`;
  const times = `${formatTime(virtualTime)} of virtual time, replayed in ${Math.round(elapsed)} ms`;
  return `${colors.bold(name)}: ${what}; ${times}\nThe recorded kernel's answers against a machine modelled on Linux 6.18.`;
}

function verdictTable({ tally, io, calls, countOnly }: ReplayReport): string {
  const row = (label: string, count: number, note: string) => [label, count.toLocaleString("en"), note];
  const [matched = "", mismatched = "", notSimulated = ""] = percentages([
    tally.matched,
    tally.mismatched,
    tally["not simulated"],
  ]);
  const rows = [
    row("I/O calls", io, ""),
    row("  matched", tally.matched, matched),
    row("  mismatched", tally.mismatched, mismatched),
    row("  not simulated", tally["not simulated"], notSimulated),
    row("outside the machine", tally.outside, ""),
    row("without a result", tally.unfinished, ""),
    row("not about I/O", tally["no I/O"], ""),
    row("all calls", calls.length, ""),
  ];
  const note =
    countOnly === 0
      ? ""
      : `\nOf the matched, ${countOnly.toLocaleString("en")} only by their number of events: which ones, the recording hides.`;
  return formatTable(rows) + note;
}

function callTable({ bySystemCall }: ReplayReport): string {
  const cell = (count: number) => (count === 0 ? "." : String(count));
  const row = (name: string, t: Tally) => [
    name,
    ...[t.matched, t.mismatched, t["not simulated"], t.outside, t.unfinished].map(cell),
  ];
  const concerned = [...bySystemCall].filter(([, t]) => sumWithoutOthers(t) > 0);
  const header = ["system call", "matched", "mismatched", "not simulated", "outside", "unfinished"];
  return formatTable([header, ...concerned.map(([name, tally]) => row(name, tally))]);
}

function sumWithoutOthers(tally: Tally): number {
  return Object.values(tally).reduce((a, b) => a + b, 0) - tally["no I/O"];
}

const OUTSIDE_WORDS: Readonly<Record<string, string>> = {
  connection: "client that connected",
  bytes: "arrival of bytes",
  end: "end of a connection",
  reset: "reset",
  server: "server outside",
  ready: "readiness of something not simulated",
  file: "file",
  signal: "signal",
};

function outsideText({ outside }: ReplayReport): string {
  const named = Object.entries(outside).filter(([, count]) => count > 0);
  if (named.length === 0) return "";
  return `Implied outside: ${named.map(([kind, count]) => countWords(count, OUTSIDE_WORDS[kind] ?? kind)).join(", ")}.`;
}

/** Counts a noun that may be followed by more words: `2 clients that connected`. */
function countWords(count: number, words: string): string {
  const [noun = "", ...rest] = words.split(" ");
  return [plural(count, noun, noun.endsWith("ss") ? "es" : "s"), ...rest].join(" ");
}

function mismatchText(report: ReplayReport, limit: number): string {
  const all = mismatches(report);
  if (all.length === 0) return colors.green("Every call that the machine made came out as recorded.");
  const shown = all.slice(0, limit).map((one) => describeMismatch(report.name, one));
  const more = all.length > limit ? [`... and ${(all.length - limit).toLocaleString("en")} more`] : [];
  return [...shown, ...more].join("\n");
}

function notSimulatedText({ tally }: ReplayReport, isVerbose: boolean): string {
  const count = tally["not simulated"];
  if (count === 0) return "";
  const said = `${plural(count, "call")} ${count === 1 ? "was" : "were"} not simulated`;
  return colors.yellow(isVerbose ? `${said}:` : `${said}: --verbose lists them.`);
}

function describeMismatch(name: string, { call, difference, resynchronized }: ReplayedCall): string {
  const place = `${name}:${call.line}: ${describeCall(call)}`;
  const what = `  ${difference!.what}: expected ${difference!.expected}, got ${difference!.got}`;
  return `${colors.red("mismatch")} ${place}\n${what}${resynchronized ? `\n  set right again: ${resynchronized}` : ""}`;
}

function othersText(report: ReplayReport): string {
  return others(report)
    .map(
      ({ call, verdict, reason }) =>
        `${verdict} ${report.name}:${call.line}: ${describeCall(call)}${reason ? `\n  ${reason}` : ""}`,
    )
    .join("\n");
}
