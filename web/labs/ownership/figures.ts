import type { Totals } from "./view.ts";
import type { Views } from "./views.ts";

/** A figure of the lab. */
export type FigureName = keyof Totals | "leaked";

/** All figures, in the order of the table. */
export const FIGURES: readonly FigureName[] = [
  "allocations",
  "frees",
  "bytes",
  "kept",
  "touched",
  "lines",
  "countChanges",
  "atomicChanges",
  "leaked",
];

/** Figures by name. */
export type Figures = Readonly<Record<FigureName, number>>;

/** The figures of a moment; what leaks, nothing leads to any more. */
export function figuresAt(views: Views, at: number): Figures {
  const { totals, lost } = views.at(at);
  return { ...totals, leaked: lost.reduce((sum, { bytes }) => sum + bytes, 0) };
}

/** The figures of the whole run: sums, or the most at the end of any statement; what leaks, at its end. */
export function figuresOf(views: Views): Figures {
  const { moments } = views.ran;
  const most = { ...figuresAt(views, 0) };
  for (const [at, { kind }] of moments.entries()) {
    if (kind === "action") continue;
    const figures = figuresAt(views, at);
    for (const name of FIGURES) most[name] = name === "leaked" ? figures.leaked : Math.max(most[name], figures[name]);
  }
  return most;
}
