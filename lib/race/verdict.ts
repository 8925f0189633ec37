import type { Contender, Heat, Mode, RaceRow, Verdict } from "./types.ts";
import { LEAST_SAMPLES, type Time, compareTimes, ratioOf } from "./statistics.ts";

/** The worst news first. */
const KINDS: readonly Verdict["kind"][] = ["beaten", "level", "ahead"];

/** A row whose times can be compared. */
type Timed = RaceRow & Time;

/**
 * How every contender compares with the subject of its case (`isSubject`: who the race is about), in each of the subject's
 * modes: with the other's same mode, or with its fastest if it has not that one. compareTimes() says who is faster. First
 * what beats the subject, by most first; then what is level; then what it beats, the closest first.
 */
export function verdictsOf(rows: readonly RaceRow[], contenders: readonly Contender[]): Verdict[] {
  const subjects = new Set(contenders.filter(({ isSubject }) => isSubject).map(({ id }) => id));
  const timed = rows.filter(isTimed);
  const verdicts = timed
    .filter(({ contender }) => subjects.has(contender))
    .flatMap((subject) => rivals(timed, subject).map((other) => verdictOf(subject, other)));
  return verdicts.sort(byNews);
}

function byNews(a: Verdict, b: Verdict): number {
  const kind = KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind);
  if (kind !== 0) return kind;
  return a.kind === "beaten" ? b.ratio - a.ratio : a.ratio - b.ratio;
}

/** Whether a row has a time, of samples enough. */
export function isTimed(row: RaceRow): row is Timed {
  return row.median_ns !== null && row.samples.length >= LEAST_SAMPLES;
}

/** Who the subject is compared with: one row of each other contender of its heat. */
function rivals(rows: readonly Timed[], subject: Timed): Timed[] {
  const best = new Map<string, Timed>();
  for (const row of rows) {
    if (row.contender === subject.contender || !isSameHeat(row, subject)) continue;
    const other = best.get(row.contender);
    if (other === undefined || isPreferred(row, other, subject.mode)) best.set(row.contender, row);
  }
  return [...best.values()];
}

function isPreferred(row: Timed, other: Timed, mode: Mode): boolean {
  if ((row.mode === mode) !== (other.mode === mode)) return row.mode === mode;
  return row.median_ns < other.median_ns;
}

function verdictOf(subject: Timed, other: Timed): Verdict {
  const { case: name, size, order } = subject;
  const faster = compareTimes(subject, other);
  return {
    case: name,
    size,
    order,
    kind: faster === 0 ? "level" : faster < 0 ? "ahead" : "beaten",
    subject: { contender: subject.contender, mode: subject.mode },
    other: { contender: other.contender, mode: other.mode },
    ratio: ratioOf(subject, other),
  };
}

/** Whether contenders of the two can be compared: same case, size and order. */
export function isSameHeat(a: Heat, b: Heat): boolean {
  return a.case === b.case && a.size === b.size && a.order === b.order;
}
