import type { Entry, Heat, RaceResult, RaceRow, Verdict } from "../../lib/race/types.ts";
import { isSameHeat } from "../../lib/race/verdict.ts";
import { heatsIn } from "./pictures.ts";

/** What came out in one heat against one of our own entries. */
export interface VerdictLine {
  readonly subject: Entry;
  readonly verdicts: readonly Verdict[];
}

/** What came out in one heat. */
export interface VerdictGroup {
  readonly heat: Heat;
  readonly lines: readonly VerdictLine[];
}

/** The verdicts of a kind by heat and by whom they are about; in each, the greatest difference comes first. */
export function groupsOf(result: RaceResult, kind: Verdict["kind"]): VerdictGroup[] {
  const verdicts = result.verdicts.filter((verdict) => verdict.kind === kind);
  return heatsIn(result).flatMap((heat) => {
    const own = verdicts.filter((verdict) => isSameHeat(verdict, heat));
    return own.length === 0 ? [] : [{ heat, lines: linesOf(own) }];
  });
}

function linesOf(verdicts: readonly Verdict[]): VerdictLine[] {
  const lines = grouped(verdicts, ({ subject }) => `${subject.contender} ${subject.mode}`);
  return [...lines.values()].map((own) => ({
    subject: own[0]!.subject,
    verdicts: own.toSorted((a, b) => b.ratio - a.ratio),
  }));
}

/** Who is out of the race, and why, with all that they were out of. */
export interface Disqualified {
  readonly contender: string;
  readonly reason: string;
  readonly rows: readonly RaceRow[];
}

/** Everybody who is out, once for each reason. */
export function disqualifiedOf({ rows }: RaceResult): Disqualified[] {
  const out = rows.filter(({ disqualified }) => disqualified !== null);
  const groups = grouped(out, ({ contender, disqualified }) => `${contender} ${disqualified}`);
  return [...groups.values()].map((own) => ({
    contender: own[0]!.contender,
    reason: own[0]!.disqualified!,
    rows: own,
  }));
}

/** How many heats of a result somebody has won against us, of how many that have verdicts. */
export function lostHeats({ verdicts }: RaceResult): { readonly lost: number; readonly all: number } {
  const keyOf = ({ case: name, size, order }: Verdict) => `${name} ${size} ${order}`;
  const lost = new Set(verdicts.filter(({ kind }) => kind === "beaten").map(keyOf));
  return { lost: lost.size, all: new Set(verdicts.map(keyOf)).size };
}

/** Values by a key of theirs, in the order in which the keys come first. */
function grouped<T>(values: readonly T[], keyOf: (value: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const value of values) {
    const group = groups.get(keyOf(value));
    if (group) group.push(value);
    else groups.set(keyOf(value), [value]);
  }
  return groups;
}
