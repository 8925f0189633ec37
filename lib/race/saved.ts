import type { CaseName, KeyOrder, Machine, RaceResult, RaceRow } from "./types.ts";
import { CASES, MODES, ORDERS } from "./work.ts";
import { CONTENDERS } from "./contenders/all.ts";
import { InputError } from "../errors.ts";
import { verdictsOf } from "./verdict.ts";

/** More rows than any race has. */
const MOST_ROWS = 20_000;

/** Something that is not what it should be: where in the file, and what it should be. */
class Wrong extends Error {
  readonly expected: string;

  constructor(path: string, expected: string) {
    super(path);
    this.expected = expected;
  }
}

type Check<T> = (value: unknown, path: string) => T;

/**
 * Reads a race that was saved (`iopath race --raw FILE`, or the page's download). Verdicts are made anew from its rows.
 *
 * @param source  what the text is called, for the message.
 * @throws        InputError if it is none: the message says what is wrong, and where.
 */
export function readResult(text: string, source: string): RaceResult {
  const fail = (expected: string, found: string) => new InputError({ source, line: 1, column: 1, expected, found });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw fail("a race that was saved, in JSON", "something else");
  }
  try {
    return result(value);
  } catch (error) {
    if (!(error instanceof Wrong)) throw error;
    throw fail(`${error.expected} at ${error.message === "" ? "the top" : error.message}`, "something else");
  }
}

function result(value: unknown): RaceResult {
  const one = object(value, "");
  if (one["format"] !== "iopath-race") throw new Wrong("format", '"iopath-race", as a race that was saved has it');
  if (one["version"] !== 1) throw new Wrong("version", "1: the file is of another version of iopath");
  const rows = list(row, MOST_ROWS)(one["rows"], "rows");
  return {
    format: "iopath-race",
    version: 1,
    date: string(one["date"], "date"),
    machine: machine(one["machine"], "machine"),
    seed: number(one["seed"], "seed"),
    isComplete: one["isComplete"] === true,
    rows,
    verdicts: verdictsOf(rows, CONTENDERS),
    absent: list((item, path) => {
      const { contender, install } = object(item, path);
      return { contender: string(contender, `${path}.contender`), install: orNull(string)(install, `${path}.install`) };
    }, MOST_ROWS)(one["absent"], "absent"),
  };
}

function machine(value: unknown, path: string): Machine {
  const one = object(value, path);
  const at = <T>(check: Check<T>, name: keyof Machine) => check(one[name], `${path}.${name}`);
  return {
    processor: at(string, "processor"),
    cores: at(number, "cores"),
    memory: at(orNull(number), "memory"),
    system: at(string, "system"),
    runtime: at(string, "runtime"),
    clockResolution_ns: at(number, "clockResolution_ns"),
    versions: at(strings, "versions"),
    flags: at(strings, "flags"),
  };
}

function row(value: unknown, path: string): RaceRow {
  const one = object(value, path);
  const at = <T>(check: Check<T>, name: keyof RaceRow) => check(one[name], `${path}.${name}`);
  return {
    case: at(oneOf<CaseName>(CASES), "case"),
    size: at(number, "size"),
    order: at(oneOf<KeyOrder>(ORDERS), "order"),
    contender: at(string, "contender"),
    mode: at(oneOf(MODES), "mode"),
    median_ns: at(orNull(number), "median_ns"),
    low_ns: at(orNull(number), "low_ns"),
    high_ns: at(orNull(number), "high_ns"),
    samples: at(list(number, MOST_ROWS), "samples"),
    operations: at(number, "operations"),
    worst_ns: at(orNull(number), "worst_ns"),
    bytes: at(orNull(number), "bytes"),
    disqualified: at(orNull(string), "disqualified"),
  };
}

function object(value: unknown, path: string): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new Wrong(path, "an object");
  return value as Record<string, unknown>;
}

function string(value: unknown, path: string): string {
  if (typeof value !== "string") throw new Wrong(path, "a text");
  return value;
}

/** A time, a size, a count: nothing here is negative. */
function number(value: unknown, path: string): number {
  if (typeof value !== "number" || !Number.isFinite(value) || value < 0) throw new Wrong(path, "a number from 0 up");
  return value;
}

function strings(value: unknown, path: string): Record<string, string> {
  const entries = Object.entries(object(value, path));
  return Object.fromEntries(entries.map(([name, text]) => [name, string(text, `${path}.${name}`)]));
}

function orNull<T>(check: Check<T>): Check<T | null> {
  return (value, path) => (value === null ? null : check(value, path));
}

function oneOf<T extends string>(all: readonly T[]): Check<T> {
  return (value, path) => {
    const found = all.find((one) => one === value);
    if (found === undefined) throw new Wrong(path, `one of ${all.join(", ")}`);
    return found;
  };
}

function list<T>(check: Check<T>, most: number): Check<readonly T[]> {
  return (value, path) => {
    if (!Array.isArray(value) || value.length > most) throw new Wrong(path, `a list of at most ${most}`);
    return value.map((item, i) => check(item, `${path}[${i}]`));
  };
}
