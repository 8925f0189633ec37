import type { CheckedOptions, ExploreProgress } from "./options.ts";
import { type Fresh, Run, TIME, Thrown } from "./run.ts";
import { Slices } from "../slices.ts";
import { describe } from "../machine/call.ts";

/** What is to hold: true; or false, or what is wrong in words. `shared` is what setup() has returned. */
export type Property<K> = (kernel: K, shared: never) => boolean | string;

/** A way to go: the choices from the first to this one, from the last to the first. */
interface Way {
  readonly before: Way | null;
  readonly choice: number;
  readonly length: number;
}

/** Something to try: a way, and how many forced switches are on it. */
interface Attempt {
  readonly way: Way | null;
  readonly switches: number;
}

/** How far an attempt has come. */
interface Walk {
  way: Way | null;
  steps: number;
}

/** A way that breaks the property. */
export interface Found {
  readonly choices: readonly number[];
  readonly message: string;
  readonly switches: number;
  /** Number of steps. */
  readonly steps: number;
}

/** Thrown inside a run when the property does not hold. */
class Broken extends Error {}

/** The choices of a way, from the first on. */
function choicesOf(way: Way | null): number[] {
  const out = Array.from<number>({ length: way?.length ?? 0 });
  for (let at = way; at !== null; at = at.before) out[at.length - 1] = at.choice;
  return out;
}

/**
 * Searches all orders in which programs could go on, those with the fewest forced switches first: a task that could go
 * on has to stop for another. So what is found first needs the fewest.
 *
 * Each attempt runs the programs from the start by its list of choices, and then on without any forced switch, up to the
 * end. At every choice on the new part of the way the others become attempts of their own. A run that comes to a state
 * in which another one has been, with no more switches, is given up: what can come of it is known, or is going to be.
 */
export class Search<K> {
  readonly #fresh: () => Fresh<K>;
  readonly #setup: (kernel: K) => unknown;
  readonly #property: Property<K>;
  readonly #options: CheckedOptions;
  /** Attempts by their number of switches. */
  readonly #levels: Attempt[][] = [[{ way: null, switches: 0 }]];
  /** Least number of switches after which a state was found. */
  readonly #states = new Map<string, number>();
  /** States together with the task that would have to stop. */
  readonly #visited = new Set<string>();
  readonly #next = new Map<string, number>();
  #level = 0;
  #runs = 0;
  #pruned = 0;
  #isCut = false;

  constructor(fresh: () => Fresh<K>, setup: (kernel: K) => unknown, property: Property<K>, options: CheckedOptions) {
    this.#fresh = fresh;
    this.#setup = setup;
    this.#property = property;
    this.#options = options;
  }

  get progress(): ExploreProgress {
    return {
      runs: this.#runs,
      states: this.#states.size,
      pruned: this.#pruned,
      switches: this.#level,
      waiting: this.#levels.reduce((sum, attempts) => sum + attempts.length, 0),
    };
  }

  /** Whether all has been searched, so far as the search has gone: nothing was left out for a bound. */
  get isComplete(): boolean {
    return !this.#isCut && this.#levels.every((attempts) => attempts.length === 0);
  }

  /** Searches to the end. @returns what breaks the property; null: nothing that was tried does. */
  async search(): Promise<Found | null> {
    const { signal, onProgress } = this.#options;
    const slices = new Slices();
    for (let attempt = this.#take(); attempt !== null; attempt = this.#take()) {
      const found = this.#attempt(attempt);
      if (found) return found;
      if (!slices.isOver) continue;
      onProgress?.(this.progress);
      await slices.next(signal);
    }
    onProgress?.(this.progress);
    return null;
  }

  /** The next attempt, one with the fewest switches; null if there is none, or it is enough. */
  #take(): Attempt | null {
    const { maxRuns, maxSwitches } = this.#options;
    while (this.#level < this.#levels.length) {
      if (this.#level > maxSwitches || this.#runs >= maxRuns) return null;
      const attempt = this.#levels[this.#level]?.pop();
      if (attempt) return attempt;
      this.#level++;
    }
    return null;
  }

  #attempt(attempt: Attempt): Found | null {
    this.#runs++;
    const walk: Walk = { way: attempt.way, steps: 0 };
    try {
      this.#walk(attempt, walk);
      return null;
    } catch (error) {
      if (!(error instanceof Broken || error instanceof Thrown)) throw error;
      return { choices: choicesOf(walk.way), message: error.message, switches: attempt.switches, steps: walk.steps };
    }
  }

  #walk(attempt: Attempt, walk: Walk): void {
    const { early, always, maxInputs } = this.#options;
    const known = choicesOf(attempt.way);
    const run = new Run(this.#fresh(), this.#setup, early, this.#next);
    for (let made = 0; ;) {
      const { choices } = run;
      let choice: number | undefined;
      if (choices.length > 0) {
        choice = known[made];
        if (choice === undefined) {
          if (!this.#arrive(run, walk.way, choices, attempt.switches)) return;
          choice = choices[0]!;
          walk.way = { before: walk.way, choice, length: made + 1 };
        }
        made++;
      }
      walk.steps++;
      const result = choice === undefined ? run.step() : run.choose(choice);
      if (result === "end") return this.#judge(run);
      if (always && made >= known.length) this.#judge(run);
      if (run.machine.journal.length >= maxInputs) {
        this.#isCut = true;
        return;
      }
    }
  }

  /** A new choice has come up. @returns false if all that can come of it is known. */
  #arrive(run: Run<K>, way: Way | null, choices: readonly number[], switches: number): boolean {
    const { key, current } = run;
    const least = this.#states.get(key);
    const visit = `${key} ${current}`;
    if (this.#options.prune && least !== undefined && (least < switches || this.#visited.has(visit))) {
      this.#pruned++;
      return false;
    }
    if (least === undefined) this.#states.set(key, switches);
    this.#visited.add(visit);
    const length = (way?.length ?? 0) + 1;
    for (const choice of choices.slice(1).toReversed()) {
      const cost = switches + (current !== 0 || choice === TIME ? 1 : 0);
      (this.#levels[cost] ??= []).push({ way: { before: way, choice, length }, switches: cost });
    }
    return true;
  }

  #judge({ kernel, shared }: Run<K>): void {
    const verdict: unknown = this.#property(kernel, shared as never);
    if (verdict === true) return;
    if (verdict === false) throw new Broken("the property does not hold");
    if (typeof verdict === "string") throw new Broken(verdict);
    throw new TypeError(`a property returns true, false or what is wrong in words, not ${describe(verdict)}`);
  }
}
