import { InputError } from "../../lib/errors.ts";
import { readResult } from "../../lib/race/saved.ts";
import type { RaceResult, RaceRow } from "../../lib/race/types.ts";
import { PackError, pack, unpack } from "../share/packed.ts";
import { checkVerdicts } from "./schema.ts";

/** The largest file that is read. Unit: bytes. */
const LARGEST_FILE = 64 * 1024 * 1024;
/** What a packed result begins with: the version of its form. */
const PACKED = "1.";
/** The longest packed result that is looked at. Unit: letters. */
export const LONGEST = 200_000;
/** Digits of a number in a link that count. */
const DIGITS = 4;

/** Reads a file that somebody has dropped or chosen. @throws InputError for anything but a race's result. */
export async function readFile(file: File): Promise<RaceResult> {
  if (file.size > LARGEST_FILE) {
    const [expected, found] = [`at most ${LARGEST_FILE} bytes`, `${file.size}`];
    throw new InputError({ source: file.name, line: 1, column: 1, expected, found });
  }
  return readResult(await file.text(), file.name);
}

/** A result without its samples as letters for an address: medians, intervals, worst cases, memory, machine. */
export async function packResult(result: RaceResult): Promise<string> {
  const verdicts = result.verdicts.map((verdict) => ({ ...verdict, ratio: shortOf(verdict.ratio) }));
  return PACKED + (await pack(JSON.stringify({ ...result, rows: result.rows.map(shortened), verdicts })));
}

/** What packResult() has packed. @throws InputError for anything else. */
export async function unpackResult(letters: string): Promise<RaceResult> {
  const fail = (expected: string, found: string) =>
    new InputError({ source: "link", line: 1, column: 1, expected, found });
  if (letters.length > LONGEST) throw fail(`at most ${LONGEST} letters`, `${letters.length}`);
  if (!letters.startsWith(PACKED))
    throw fail(`a result that begins with ${PACKED}`, JSON.stringify(letters.slice(0, 20)));
  try {
    const text = await unpack(letters.slice(PACKED.length));
    const result = readResult(text, "link");
    // Verdicts are made of samples, and a link has none: so it says what they were.
    const told = checkVerdicts((JSON.parse(text) as Partial<RaceResult>).verdicts);
    if ("fault" in told) throw fail("verdicts of a race", told.fault);
    return { ...result, verdicts: told.verdicts };
  } catch (error) {
    throw error instanceof PackError ? fail("a race's result that was packed", error.message) : error;
  }
}

function shortened(row: RaceRow): RaceRow {
  const short = (value: number | null) => (value === null ? null : shortOf(value));
  return {
    ...row,
    median_ns: short(row.median_ns),
    low_ns: short(row.low_ns),
    high_ns: short(row.high_ns),
    worst_ns: short(row.worst_ns),
    bytes: short(row.bytes),
    samples: [],
  };
}

function shortOf(value: number): number {
  return Number(value.toPrecision(DIGITS));
}
