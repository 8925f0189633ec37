import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { printArguments } from "../../../lib/trace/strace/print.ts";
import { parseStrace } from "../../../lib/trace/strace/strace.ts";
import type { StraceCall, StraceTrace } from "../../../lib/trace/strace/types.ts";

function recording(name: string): string {
  return readFileSync(new URL(`../../traces/${name}.strace`, import.meta.url), "utf8");
}

function countBy<T>(items: Iterable<T>, key: (item: T) => string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const item of items) counts[key(item)] = (counts[key(item)] ?? 0) + 1;
  return counts;
}

/** Counts what begins with a call's name, without the parser. */
function countNames(text: string): Record<string, number> {
  return countBy(text.matchAll(/^\d+ +[\d.]+ ([a-z]\w*)\(/gm), (match) => match[1] ?? "");
}

const names = ["node-http", "python-selectors", "python-selectors-abbreviated", "threads-and-signals"];

describe.each(names)("%s.strace", (name) => {
  const text = recording(name);
  const lines = text.split("\n");
  const trace = parseStrace(text, { name });

  test("has as many calls of every name as lines that begin with it", () => {
    expect(countBy(trace.calls, (call) => call.name)).toEqual(countNames(text));
  });

  test("has as many signals, stops and exits as lines between dashes and pluses", () => {
    expect(trace.lines).toBe(lines.length - 1);
    expect(trace.signals.length).toBe([...text.matchAll(/ --- SIG/g)].length);
    expect(trace.stops.length).toBe([...text.matchAll(/ --- stopped/g)].length);
    expect(trace.exits.length).toBe([...text.matchAll(/ \+\+\+ /g)].length);
  });

  test("prints the arguments of every call as they stand in its lines", () => {
    for (const call of trace.calls) {
      const printed = `${call.name}(${printArguments(call.args)})`;
      expect(joinLines(call, lines)).toContain(call.unfinished ? printed.slice(0, -1) : printed);
    }
  });

  test("gives every entry, completion, signal, stop and exit a position of its own, in the order of the lines", () => {
    const places: [sequence: number, line: number][] = [];
    for (const call of trace.calls) places.push([call.entrySequence, call.line], [call.exitSequence, call.endLine]);
    for (const { sequence, line } of [...trace.signals, ...trace.stops, ...trace.exits]) places.push([sequence, line]);
    places.sort(([a], [b]) => a - b);
    expect(places.map(([sequence]) => sequence)).toEqual(places.map((_, index) => index));
    for (const [index, [, line]] of places.entries()) expect(line).toBeGreaterThanOrEqual(places[index - 1]?.[1] ?? 1);
  });

  test("completes every call but the one in which its task ended", () => {
    const last = new Map(trace.calls.map((call) => [call.pid, call]));
    for (const call of trace.calls) {
      if (call.result.kind === "unknown") expect(last.get(call.pid)).toBe(call);
      else expect(call.duration).toBeGreaterThan(0);
    }
    expect(new Set(last.keys())).toEqual(new Set(trace.exits.map((exit) => exit.pid)));
    expect(trace.calls.some((call) => call.startMissing)).toBe(false);
  });

  test("knows the time of the first line and counts from there", () => {
    const [seconds = "", micros = ""] = lines[0]?.split(/ +/)[1]?.split(".") ?? [];
    expect(trace.clock).toBe("epoch");
    expect(trace.start).toBe(BigInt(seconds) * 1_000_000_000n + BigInt(micros) * 1000n);
    expect(trace.calls[0]?.time).toBe(0);
  });
});

/** The text of a call as it would stand on one line. */
function joinLines(call: StraceCall, lines: readonly string[]): string {
  const first = lines[call.line - 1] ?? "";
  if (call.line === call.endLine) return first;
  const head = first.replace(/ <unfinished \.\.\.>$/, "");
  const tail = (lines[call.endLine - 1] ?? "").replace(/^.*?<\.\.\. \w+ resumed>/, "");
  return head + tail;
}

test("only the abbreviated recording hides arrays, and the warning says how to record again", () => {
  const warnings = (trace: StraceTrace) => trace.warnings.map(({ kind, line, message }) => ({ kind, line, message }));
  expect(warnings(parseStrace(recording("python-selectors")))).toEqual([]);
  expect(warnings(parseStrace(recording("node-http")))).toEqual([]);
  expect(warnings(parseStrace(recording("threads-and-signals")))).toEqual([]);
  const abbreviated = parseStrace(recording("python-selectors-abbreviated"));
  expect(warnings(abbreviated)).toEqual([
    {
      kind: "abbreviated",
      line: 1295,
      message:
        'socketpair hides its array ("[...]"). Record again with: ' +
        "strace -f -ttt -T -yy -s 0 -e abbrev=execve,execveat -o FILE (and 807 more)",
    },
  ]);
});

test("a recording given as lines reads like one given as text", () => {
  const text = recording("threads-and-signals");
  expect(parseStrace(text.split("\n").slice(0, -1))).toEqual(parseStrace(text));
});

test("carriage returns, a byte order mark and empty lines change nothing but line numbers", () => {
  const text = recording("threads-and-signals");
  const expected = parseStrace(text);
  expect(parseStrace(`\ufeff${text.replaceAll("\n", "\r\n")}`)).toEqual(expected);
  const spread = parseStrace(text.replaceAll("\n", "\n\n"));
  expect(spread.lines).toBe(expected.lines * 2);
  expect(spread.calls.map((call) => call.args)).toEqual(expected.calls.map((call) => call.args));
});
