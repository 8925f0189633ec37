import type { StreamRun, StreamSample } from "./stream.ts";
import { ownerOf } from "./pages.ts";

/** Hit rates and costs of a run, before, while and after the stream was read. */
export interface StreamFigures {
  /** How the stream was read. */
  readonly way: string;
  /** Share of the server's reads that found their page, 0 to 1; null: there was none. */
  readonly before: number | null;
  readonly during: number | null;
  readonly after: number | null;
  /** Reads of the server while the stream was read. */
  readonly requests: number;
  /** Pages of hot files in the page cache when the stream began, and when it had been read. */
  readonly cachedBefore: number;
  readonly cachedAfter: number;
  /** How long reading the stream took. Unit: ns. */
  readonly time: number;
  /** Pages taken away meanwhile by kswapd, and by others who wanted memory. */
  readonly kswapd: number;
  readonly direct: number;
  /** Pages that came back meanwhile after they had been taken away. */
  readonly refaults: number;
}

/** Share of the server's reads between two samples that found their page, 0 to 1; null: there was none. */
function hitRate(from: StreamSample, to: StreamSample): number | null {
  const hits = to.hits - from.hits;
  const all = hits + to.misses - from.misses;
  return all > 0 ? hits / all : null;
}

/** The sample with which the stream begins, and the first after its last byte was read. */
export function spanOf({ samples, begin, end }: StreamRun): readonly [first: number, last: number] {
  const at = (time: number) => {
    const found = samples.findIndex((sample) => sample.time >= time);
    return found < 0 ? samples.length - 1 : found;
  };
  return [at(begin), at(end)];
}

/** What a run has come to. */
export function figuresOf(run: StreamRun): StreamFigures {
  const { samples, settings, begin, end } = run;
  const [from, to] = spanOf(run).map((i) => samples[i]!) as [StreamSample, StreamSample];
  return {
    way: settings.way,
    before: hitRate(samples[0]!, from),
    during: hitRate(from, to),
    after: hitRate(to, samples.at(-1)!),
    requests: to.hits + to.misses - from.hits - from.misses,
    cachedBefore: from.hotActive + from.hotInactive,
    cachedAfter: to.hotActive + to.hotInactive,
    time: end - begin,
    kswapd: to.kswapd - from.kswapd,
    direct: to.direct - from.direct,
    refaults: to.refaults - from.refaults,
  };
}

/**
 * How the hit rate went: at each sample that of the last `reads` reads of the server or a few more.
 *
 * @returns  time since the stream began, ns, and share, 0 to 1; samples with fewer reads before them are left out.
 */
export function hitRates(
  { samples, begin }: StreamRun,
  reads = 60,
): { readonly time: number; readonly rate: number }[] {
  const count = ({ hits, misses }: StreamSample) => hits + misses;
  let from = 0;
  return samples.flatMap((sample) => {
    while (from + 1 < samples.length && count(sample) - count(samples[from + 1]!) >= reads) from++;
    if (count(sample) - count(samples[from]!) < reads) return [];
    return { time: sample.time - begin, rate: hitRate(samples[from]!, sample)! };
  });
}

/** How many pages of hot files a run has lost by each reason. */
export function hotLosses({ evictions }: StreamRun): ReadonlyMap<string, number> {
  const losses = new Map<string, number>();
  for (const { page, why } of evictions) {
    if (ownerOf(page) === "hot") losses.set(why, (losses.get(why) ?? 0) + 1);
  }
  return losses;
}
