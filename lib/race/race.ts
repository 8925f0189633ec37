import type { Absent, CaseName, Contender, Heat, RaceOptions, RaceResult, Surroundings } from "./types.ts";
import { CASES, hasOrder, isRing } from "./work.ts";
import { CONTENDERS } from "./contenders/all.ts";
import { HeatRun } from "./heat.ts";
import { verdictsOf } from "./verdict.ts";

/** Numbers of elements that can be raced with, and of bytes of a message. */
export const SIZES = { elements: [16, 1_000_000], message: [4, 1 << 20] } as const;

/** What a race is if nothing else is said. */
export const DEFAULTS: RaceOptions = {
  cases: CASES,
  sizes: null,
  orders: ["random"],
  seed: 1,
  samples: 15,
  budget: 5000,
  contenders: null,
};

/** The size of a case that was given none. */
function sizeOf(name: CaseName): number {
  return isRing(name) ? 4096 : 10_000;
}

/**
 * Races contenders: case by case, every contender in a fresh process or Worker of its own. Their samples are interleaved,
 * round by round, each round in another order, so that what disturbs the machine for a while disturbs all of them.
 *
 * When `signal` is set it ends at once, and gives what was measured up to then.
 */
export async function race(
  options: RaceOptions,
  surroundings: Surroundings,
  contenders: readonly Contender[] = CONTENDERS,
): Promise<RaceResult> {
  const { seed, signal } = options;
  const date = new Date().toISOString();
  const heats = heatsOf(options).filter((heat) => chosen(contenders, heat, options).length > 0);
  const runs: HeatRun[] = [];
  for (const [done, heat] of heats.entries()) {
    if (signal?.aborted) break;
    const run = new HeatRun(heat, options, surroundings, chosen(contenders, heat, options));
    runs.push(run);
    await run.run((part) =>
      options.onProgress?.({ part: (done + part) / heats.length, heat, done, total: heats.length }),
    );
    run.rows.forEach((row) => options.onRow?.(row));
  }
  const rows = runs.flatMap((run) => run.rows);
  return {
    format: "iopath-race",
    version: 1,
    date,
    machine: {
      ...surroundings.machine,
      clockResolution_ns: Math.max(0, ...runs.map((run) => run.resolution)),
      versions: Object.assign({}, surroundings.machine.versions, ...runs.map((run) => run.versions)) as Record<
        string,
        string
      >,
      flags: Object.assign({}, ...runs.map((run) => run.flags)) as Record<string, string>,
    },
    seed,
    isComplete: !signal?.aborted,
    rows,
    verdicts: verdictsOf(rows, contenders),
    absent: absentOf(runs),
  };
}

/** Every case with every size in every order that makes a difference to it. */
export function heatsOf({ cases, sizes, orders }: Pick<RaceOptions, "cases" | "sizes" | "orders">): Heat[] {
  return cases.flatMap((name) =>
    (sizes ?? [sizeOf(name)]).flatMap((size) =>
      (hasOrder(name) ? orders : (["random"] as const)).map((order) => ({ case: name, size, order })),
    ),
  );
}

function chosen(all: readonly Contender[], heat: Heat, { contenders }: RaceOptions): readonly Contender[] {
  return all.filter(({ id, cases }) => cases.includes(heat.case) && (contenders?.includes(id) ?? true));
}

function absentOf(runs: readonly HeatRun[]): Absent[] {
  const absent = new Map(runs.flatMap((run) => run.absent).map((one) => [one.contender, one]));
  return [...absent.values()];
}
