import type { CaseName, Contender, Loaded, Mode, Runner, Work } from "../types.ts";

/** How a structure does its work: a loop as who uses it would write it. */
export interface Steps<S> {
  /** Makes a structure that holds what the case wants it to begin with. */
  make(work: Work): S;
  /** Does the operations from one place up to another. Returns the chain that `sum` has become. */
  run(structure: S, work: Work, from: number, to: number, sum: number): number;
  /** Memory of the structure. Unit: bytes. Left out: the heap tells. */
  bytes?(structure: S): number | null;
  /** Gives it back. */
  end?(structure: S): void;
}

/** A link of a checksum that depends on the order of answers. */
export function chain(sum: number, answer: number): number {
  return (Math.imul(sum, 31) + answer) | 0;
}

/**
 * Does a case with a structure's loop.
 *
 * @param isLeftAsItWas  Whether one copy is enough: it is after a run as before.
 * @param hasSingles     Whether a single operation can be timed alone.
 */
export function stepsRunner<S>(steps: Steps<S>, isLeftAsItWas: boolean, hasSingles: boolean): Runner {
  let work!: Work;
  let made: S[] = [];
  return {
    prepare(given, copies) {
      work = given;
      made = Array.from({ length: isLeftAsItWas ? 1 : copies }, () => steps.make(work));
    },
    run: (copy) => steps.run(made[isLeftAsItWas ? 0 : copy]!, work, 0, work.operations, 0),
    end() {
      for (const structure of made) steps.end?.(structure);
      made = [];
    },
    ...(hasSingles && { one: (operation) => steps.run(made[0]!, work, operation, operation + 1, 0) }),
    ...(steps.bytes && { bytes: () => steps.bytes!(made[0]!) }),
  };
}

/** What makes the runners of a contender, by case and mode. */
export type Makers = Partial<Record<CaseName, Partial<Record<Mode, () => Runner>>>>;

/** What is said of a contender before it is loaded. */
export type Said = Pick<Contender, "id" | "title" | "about" | "kind" | "install" | "isSubject" | "cases" | "modes">;

/** A contender. @param load  null: it is not there. */
export function contender(
  said: Said,
  load: () => Promise<{ readonly makers: Makers; readonly version: string | null } | null>,
): Contender {
  return {
    ...said,
    async load(): Promise<Loaded | null> {
      const found = await load();
      return found && { version: found.version, runner: (name, mode) => found.makers[name]?.[mode]?.() ?? null };
    },
  };
}
