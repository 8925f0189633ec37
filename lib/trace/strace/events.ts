import type { Scanner } from "./scanner.ts";
import type { StraceExit, StraceStruct } from "./types.ts";
import { parseItem } from "./value.ts";

/** A line in which a signal reached a task: it was delivered, or it stopped the task. */
export interface SignalLine {
  stopped: boolean;
  signal: string;
  info?: StraceStruct;
}

/** Reads `--- SIGTERM {...} ---` or `--- stopped by SIGSTOP ---`. */
export function parseSignal(scanner: Scanner): SignalLine {
  scanner.expect("--- ");
  const stopped = scanner.take("stopped by ");
  const line: SignalLine = { stopped, signal: parseSignalName(scanner) };
  scanner.skipSpaces();
  if (!stopped) {
    const start = scanner.at;
    if (scanner.text[start] === "{") {
      const info = parseItem(scanner, 0);
      if (info.kind === "struct") line.info = info;
    } else if (scanner.take("(")) {
      // Before version 4.7: `--- SIGCHLD (Child exited) @ 0 (0) ---`.
      scanner.at = scanner.text.length - "---".length;
      if (scanner.at <= start) scanner.fail('"---"', scanner.text.length);
    }
    scanner.skipSpaces();
  }
  scanner.expect("---");
  expectEnd(scanner);
  return line;
}

/** Reads `+++ exited with 0 +++`, `+++ killed by SIGKILL +++`, `+++ superseded by execve in pid 12 +++`. */
export function parseExit(scanner: Scanner): StraceExit["end"] {
  scanner.expect("+++ ");
  const end = parseEnd(scanner);
  scanner.expect(" +++");
  expectEnd(scanner);
  return end;
}

function parseEnd(scanner: Scanner): StraceExit["end"] {
  if (scanner.take("exited with ")) return { kind: "exited", status: scanner.count("an exit status") };
  if (scanner.take("superseded by execve in pid ")) return { kind: "superseded", by: scanner.count("a process id") };
  if (!scanner.take("killed by ")) scanner.fail('"exited with", "killed by" or "superseded by"');
  const signal = parseSignalName(scanner);
  return { kind: "killed", signal, coreDumped: scanner.take(" (core dumped)") };
}

function parseSignalName(scanner: Scanner): string {
  const signal = scanner.name();
  if (signal === "") scanner.fail("the name of a signal");
  return signal;
}

function expectEnd(scanner: Scanner): void {
  scanner.skipSpaces();
  if (!scanner.done) scanner.fail("the end of the line");
}
