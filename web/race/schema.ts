import * as v from "valibot";
import type { RaceResult } from "../../lib/race/types.ts";
import { CASES, ORDERS } from "../../lib/race/work.ts";

/** More rows than any race has; a file with more is none. */
const MOST_ROWS = 20_000;
const MOST_SAMPLES = 10_000;
const MOST_NAMES = 200;

/** What people read: no text of a race is longer. */
const text = v.pipe(v.string(), v.maxLength(500));
/** Name of a contender, as it stands in addresses. */
const id = v.pipe(v.string(), v.regex(/^[\w-]{1,60}$/, "expected the id of a contender"));
const whole = (most: number) => v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(most));
/** A time or a number of bytes: never below 0. */
const amount = v.pipe(v.number(), v.finite(), v.minValue(0));

const heat = {
  case: v.picklist(CASES),
  size: whole(1e9),
  order: v.picklist(ORDERS),
};

const entry = { contender: id, mode: v.picklist(["call", "batch", "inside"]) };

const row = v.object({
  ...heat,
  ...entry,
  median_ns: v.nullable(amount),
  low_ns: v.nullable(amount),
  high_ns: v.nullable(amount),
  samples: v.pipe(v.array(amount), v.maxLength(MOST_SAMPLES)),
  operations: whole(Number.MAX_SAFE_INTEGER),
  worst_ns: v.nullable(amount),
  bytes: v.nullable(amount),
  disqualified: v.nullable(text),
});

const verdict = v.object({
  ...heat,
  kind: v.picklist(["beaten", "level", "ahead"]),
  subject: v.object(entry),
  other: v.object(entry),
  ratio: v.pipe(v.number(), v.finite(), v.minValue(1)),
});

const names = v.pipe(
  v.record(text, text),
  v.check((all) => Object.keys(all).length <= MOST_NAMES, `expected at most ${MOST_NAMES} names`),
);

const machine = v.object({
  processor: text,
  cores: whole(1e6),
  memory: v.nullable(amount),
  system: text,
  runtime: text,
  clockResolution_ns: amount,
  versions: names,
  flags: names,
});

const result = v.object({
  format: v.literal("iopath-race"),
  version: v.literal(1),
  date: v.pipe(v.string(), v.isoTimestamp()),
  machine,
  seed: whole(Number.MAX_SAFE_INTEGER),
  isComplete: v.boolean(),
  rows: v.pipe(v.array(row), v.minLength(1), v.maxLength(MOST_ROWS)),
  verdicts: v.pipe(v.array(verdict), v.maxLength(MOST_ROWS)),
  absent: v.pipe(v.array(v.object({ contender: id, install: v.nullable(text) })), v.maxLength(MOST_NAMES)),
});

/** Whether a value is a result of a race, and if not, what its first fault is: as `rows.3.low_ns: ...`. */
export function checkResult(value: unknown): { readonly told: RaceResult } | { readonly fault: string } {
  const checked = v.safeParse(result, value, { abortEarly: true });
  if (checked.success) return { told: checked.output };
  const [issue] = checked.issues;
  const path = v.getDotPath(issue);
  return { fault: path === null ? issue.message : `${path}: ${issue.message}` };
}
