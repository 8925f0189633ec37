import { InputError, excerpt } from "../errors.ts";
import { type InputKindName, InputKind, Journal, MAX_PAYLOAD, payloadLength } from "./journal.ts";
import { type BootOptions, checkOptions } from "./options.ts";
import type { EngineOptions } from "./engine.ts";
import { layout } from "../layout.gen.ts";
import { syscallName, syscallNumber } from "./call.ts";

/** Version of the journal's text form. */
const VERSION = 1;
const SOURCE = "journal";
const KINDS = new Map<number, InputKindName>(
  Object.entries(InputKind).map(([name, value]) => [value, name as InputKindName]),
);

/** One line of a journal, but for the first. */
interface Line {
  input: InputKindName;
  pid?: number;
  call?: string;
  args?: (number | string)[];
  /** base64 */
  bytes?: string;
  byProgram?: true;
}

/** A journal that has been read. */
export interface ReadJournal {
  readonly options: EngineOptions;
  readonly journal: Journal;
}

/** Writes a journal as JSON lines: first what the machine was booted with, then one line for each input. */
export function writeJournal(journal: Journal, options: EngineOptions): string {
  const { costs, ...rest } = options;
  const lines = [JSON.stringify({ iopath: "journal", version: VERSION, layout: layout.hash, options: rest, costs })];
  for (let index = 0; index < journal.length; index++) {
    const { kind, pid, nr, args, bytes, byProgram } = journal.entry(index);
    const line: Line = { input: KINDS.get(kind)! };
    if (pid !== 0) line.pid = pid;
    if (kind === InputKind.SYSCALL || kind === InputKind.SUBMIT) line.call = syscallName(nr);
    const last = args.findLastIndex((value) => value !== 0n);
    if (last >= 0) line.args = args.slice(0, last + 1).map(writeInteger);
    if (bytes.length > 0) line.bytes = toBase64(bytes);
    if (byProgram) line.byProgram = true;
    lines.push(JSON.stringify(line));
  }
  return `${lines.join("\n")}\n`;
}

function writeInteger(value: bigint): number | string {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : String(value);
}

/**
 * Reads what writeJournal() has written.
 *
 * @throws InputError  for anything else, also for a journal of another version or of other struct layouts.
 */
export function readJournal(text: string): ReadJournal {
  const lines = text.split(/\r?\n/);
  while (lines.length > 1 && lines.at(-1) === "") lines.pop();
  const reader = new LineReader(lines);
  const options = reader.header();
  const journal = new Journal();
  for (let number = 2; number <= lines.length; number++) reader.input(number, journal);
  return { options, journal };
}

class LineReader {
  readonly #lines: readonly string[];

  constructor(lines: readonly string[]) {
    this.#lines = lines;
  }

  #fail(line: number, expected: string, found?: string): never {
    const text = this.#lines[line - 1] ?? "";
    throw new InputError({ source: SOURCE, line, column: 1, expected, found: found ?? excerpt(text, 0) });
  }

  #object(line: number): Record<string, unknown> {
    let value: unknown;
    try {
      value = JSON.parse(this.#lines[line - 1] ?? "");
    } catch {
      this.#fail(line, "a JSON object");
    }
    if (typeof value !== "object" || value === null || Array.isArray(value)) this.#fail(line, "a JSON object");
    return value as Record<string, unknown>;
  }

  header(): EngineOptions {
    const header = this.#object(1);
    if (header["iopath"] !== "journal") this.#fail(1, `the first line of a journal, {"iopath":"journal",...}`);
    const { version, layout: hash } = header;
    if (version !== VERSION) this.#fail(1, `a journal of version ${VERSION}`, `version ${JSON.stringify(version)}`);
    if (hash !== layout.hash) {
      this.#fail(1, `a journal of a machine with layout ${layout.hash}`, `layout ${JSON.stringify(hash)}`);
    }
    try {
      const options = checkOptions((header["options"] ?? {}) as BootOptions);
      return { ...options, costs: this.#costs(header["costs"]) };
    } catch (error) {
      if (error instanceof InputError) throw error;
      return this.#fail(1, "the options of a machine", (error as Error).message);
    }
  }

  #costs(costs: unknown): Record<string, number> {
    if (typeof costs !== "object" || costs === null) this.#fail(1, "an object of costs", JSON.stringify(costs));
    for (const [name, value] of Object.entries(costs)) {
      const good = Object.hasOwn(layout.structs.Costs.fields, name) && isWhole(value, 0xffff_ffff);
      if (!good) this.#fail(1, "costs by name, whole numbers of ns", `${name}: ${JSON.stringify(value)}`);
    }
    return costs as Record<string, number>;
  }

  input(number: number, journal: Journal): void {
    const line = this.#object(number);
    const { input, pid = 0, call, byProgram = false } = line;
    const kind = typeof input === "string" && Object.hasOwn(InputKind, input) ? InputKind[input as InputKindName] : 0;
    if (kind === 0) this.#fail(number, "the name of an input", JSON.stringify(input));
    if (!isWhole(pid, 0x7fff_ffff)) this.#fail(number, "the number of a task as pid", JSON.stringify(pid));
    if (typeof byProgram !== "boolean") this.#fail(number, "true or false as byProgram", JSON.stringify(byProgram));
    const calls = kind === InputKind.SYSCALL || kind === InputKind.SUBMIT;
    const nr = calls ? this.#call(number, call) : 0;
    const args = this.#args(number, line["args"] ?? []);
    const bytes = this.#bytes(number, line["bytes"] ?? "");
    const length = payloadLength(kind, args);
    if (bytes.length !== length) this.#fail(number, `${length} bytes with the input`, `${bytes.length} bytes`);
    journal.add(kind, byProgram, pid as number, nr, args, bytes);
    journal.close(0);
  }

  #call(line: number, call: unknown): number {
    if (typeof call !== "string") return this.#fail(line, "the name of a system call", JSON.stringify(call));
    if (/^-?\d{1,9}$/.test(call)) return Number(call);
    try {
      return syscallNumber(call);
    } catch {
      return this.#fail(line, "the name of a system call", JSON.stringify(call));
    }
  }

  #args(line: number, args: unknown): bigint[] {
    if (!Array.isArray(args) || args.length > 6) return this.#fail(line, "at most six args", JSON.stringify(args));
    const out = args.map((value: unknown) => {
      if (Number.isSafeInteger(value)) return BigInt(value as number);
      if (typeof value === "string" && /^-?\d{1,19}$/.test(value)) return BigInt.asIntN(64, BigInt(value));
      return this.#fail(line, "whole numbers as args", JSON.stringify(value));
    });
    while (out.length < 6) out.push(0n);
    return out;
  }

  #bytes(line: number, text: unknown): Uint8Array {
    const bytes = typeof text === "string" ? fromBase64(text) : null;
    if (bytes === null || bytes.length > MAX_PAYLOAD)
      return this.#fail(line, "bytes in base64", excerpt(String(text), 0));
    return bytes;
  }
}

function isWhole(value: unknown, most: number): boolean {
  return typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= most;
}

function toBase64(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}

function fromBase64(text: string): Uint8Array | null {
  try {
    return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  } catch {
    return null;
  }
}
