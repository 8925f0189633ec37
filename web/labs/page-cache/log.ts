import type { Eviction, Refault } from "../../../lib/cache/evictions.ts";
import { identityOf, numberOf, ownerOf } from "../../../lib/cache/pages.ts";
import type { StreamRun } from "../../../lib/cache/stream.ts";
import type { Translate } from "../../i18n/catalogue.ts";
import type { TextKey } from "../../i18n/pages/page-cache.ts";

/** A line of the log: pages that went one after another in the same way, or one that came back. */
export interface LogLine {
  readonly tick: number;
  /** The page, or the first of them, by its number without marks. */
  readonly identity: number;
  readonly isHot: boolean;
  readonly what:
    | { readonly kind: "gone"; readonly first: Eviction; readonly last: number; readonly count: number }
    | { readonly kind: "back"; readonly refault: Refault };
}

/** Whether a page went just as the one before it, and is the next of the same file. */
function isNext(line: LogLine, { page, by, why, pid }: Eviction): boolean {
  if (line.what.kind !== "gone" || line.isHot || ownerOf(page) === "hot") return false;
  const { first, last } = line.what;
  if (ownerOf(first.page) !== ownerOf(page) || numberOf(page) !== last + 1) return false;
  return first.by === by && first.why === why && first.pid === pid;
}

/** The log of a run, by tick. */
export function logOf({ evictions, refaults }: StreamRun): LogLine[] {
  const lines: LogLine[] = [];
  for (const first of evictions) {
    const { page, tick } = first;
    const before = lines.at(-1);
    if (before?.what.kind === "gone" && isNext(before, first)) {
      const { what } = before;
      lines[lines.length - 1] = { ...before, what: { ...what, last: numberOf(page), count: what.count + 1 } };
    } else {
      const what = { kind: "gone", first, last: numberOf(page), count: 1 } as const;
      lines.push({ tick, identity: identityOf(page), isHot: ownerOf(page) === "hot", what });
    }
  }
  for (const refault of refaults) {
    const { page, tick } = refault;
    lines.push({ tick, identity: identityOf(page), isHot: ownerOf(page) === "hot", what: { kind: "back", refault } });
  }
  return lines.sort((a, b) => a.tick - b.tick);
}

/** The first sample of a run at or behind a tick. */
export function sampleAt({ samples }: StreamRun, tick: number): number {
  const found = samples.findIndex((sample) => sample.tick >= tick);
  return found < 0 ? samples.length - 1 : found;
}

type T = Translate<TextKey>;

/** What a page is called. */
export function pageText(page: number, t: T): string {
  return t(`cell_${ownerOf(page)}`, { number: numberOf(page) });
}

/** A line as a sentence. */
export function sentenceOf({ what }: LogLine, t: T): string {
  if (what.kind === "back") {
    const { page, distance, activated } = what.refault;
    return t(activated ? "refault_hot" : "refault_cold", { what: pageText(page, t), distance });
  }
  const { first, last, count } = what;
  const by = t(`by_${first.by}`, { pid: first.pid });
  const owner = ownerOf(first.page) === "written" ? "other" : (ownerOf(first.page) as "hot" | "stream" | "other");
  const key: TextKey = count > 1 ? `evicted_${owner}_many` : `evicted_${owner}`;
  return t(`why_${first.why}`, { what: t(key, { by, number: numberOf(first.page), last, count }) });
}
